"""Names of folders as text and back, and when two are one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import naming

folders = (
    st.binary(min_size=1, max_size=12)
    .filter(lambda raw: b"\0" not in raw and b"/" not in raw)
    .map(os.fsdecode)
)
# Names that are made to be mistaken for the text of another.
close = st.lists(
    st.sampled_from(["=", "F6", "3D", "\udcf6", "\udcc3", "ö", "=F6", "=3D"]), min_size=1, max_size=6
).map("".join)


@given(st.one_of(folders, close.map(os.fsencode).map(os.fsdecode)))
def test_every_name_is_found_again_from_its_text(name: str) -> None:
    text = naming.as_text(name)
    assert text.encode().decode() == text
    assert naming.as_name(text) == name


@given(close, close)
def test_no_two_names_have_one_text(one: str, other: str) -> None:
    one, other = (os.fsdecode(os.fsencode(name)) for name in (one, other))
    assert (naming.as_text(one) == naming.as_text(other)) == (one == other)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ada", "ada"),
        ("Zoë", "Zoë"),
        ("=cmd|' calc'!A0", "=cmd|' calc'!A0"),
        ("J\udcf6rg", "J=F6rg"),
        ("J=F6rg", "J=3DF6rg"),
        ("\ud800", "=ED=A0=80"),
    ],
)
def test_a_name_that_is_text_is_its_own(name: str, text: str) -> None:
    assert naming.as_text(name) == text


def test_the_text_does_not_hang_on_what_python_takes_names_for() -> None:
    """In a shell without a language every letter outside ASCII is a stray byte."""
    program = (
        "import os; from autograder import naming; n = os.fsdecode(bytes.fromhex('c3ab20f6')); "
        "print(naming.as_text(n).encode('utf-8').hex(), naming.composed('Zo\\u00eb') == 'Zo\\u00eb', naming.as_name(naming.as_text(n)) == n)"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["ë =F6".encode().hex(), "True", "True"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoe\u0308", "Zo\u00eb"),
        ("Ada", "ada"),
        ("ada ", "ada"),
        ("ada  lovelace", "ada lovelace"),
        ("\u200bada\ufeff", "ada"),
        (os.fsdecode(b"J\xf6rg"), "Jörg"),  # Windows
        (os.fsdecode(b"J\x94rg"), "jörg"),  # DOS
        (os.fsdecode(b"J\x9arg"), "Jörg"),  # old Macs
    ],
)
def test_one_person_in_two_spellings(one: str, other: str) -> None:
    assert naming.readings(one) & naming.readings(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "adam"), ("J\udcf6rg", "Jorg"), ("a b", "ab")])
def test_two_persons(one: str, other: str) -> None:
    assert not naming.readings(one) & naming.readings(other)


def test_the_size_of_a_name_is_that_of_its_longest_form() -> None:
    assert naming.size("ë") == 2
    assert naming.size("\udcf6") == 3


def test_the_nearest_name_is_asked_for() -> None:
    assert naming.nearest("smith.jon", ["smith.john", "ada"]) == ["smith.john"]
    assert naming.nearest("xyz", ["smith.john", "ada"]) == []


def test_words_and_runs_of_a_name() -> None:
    assert naming.words("Self_Attention (1)") == ["self", "attention", "1"]
    assert naming.runs("a_b-c") == {"a", "ab", "abc", "b", "bc", "c"}
    assert len(naming.runs("a " * 200)) <= 40


@pytest.mark.parametrize(
    ("name", "is_one", "is_id"),
    [
        ("ada", True, True),
        ("d'angelo.10", True, True),
        ("Zoë van der Berg", True, True),
        ("-rf", True, True),
        (".ada", True, False),
        (" ada", True, False),
        ("ada\n", True, False),
        ("ada\x7f", True, False),
        ("", False, False),
        (".", False, False),
        ("..", False, False),
        ("/tmp", False, False),
        ("ada/../bo", False, False),
        ("ada\0", False, False),
    ],
)
def test_what_a_folder_can_be_called(name: str, is_one: bool, is_id: bool) -> None:
    assert (naming.is_one(name), naming.is_id(name)) == (is_one, is_id)
