"""What an instructor says to a cluster, as a file of the course."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.gradebook import results, said
from autograder.gradebook.said import Sentence
from autograder.records import FunctionReport, Report


def keep(out: Path, student: str, cluster: str) -> None:
    functions = (
        FunctionReport("softmax", 0, 1, False, (), cluster=cluster),
        FunctionReport("attend", 1, 1, False, ()),
    )
    report = Report("u", "U", student, "graded", 1, 2, functions)
    results.write_all([(results.path(out, "u", student), results.encode(report))])


def test_a_sentence_is_kept_replaced_and_taken_back(tmp_path: Path) -> None:
    assert said.read(tmp_path, "u") == {}
    said.say(tmp_path, "u", "softmax-a", "First.")
    said.say(tmp_path, "u", "softmax-a", " Each row\n is one word's question. ")
    said.say(tmp_path, "v", "attend-b", 'It says "so".')
    assert said.read(tmp_path, "u") == {"softmax-a": "Each row is one word's question."}
    assert (tmp_path / "said.toml").read_text().splitlines()[1:] == [
        "", "[u]", 'softmax-a = "Each row is one word\'s question."', "", "[v]", 'attend-b = "It says \\"so\\"."',
    ]  # fmt: skip
    said.take_back(tmp_path, "u", "softmax-a")
    assert said.read(tmp_path, "u") == {}
    assert said.read(tmp_path, "v") == {"attend-b": 'It says "so".'}
    with pytest.raises(CourseError, match=r"^nothing is said to softmax-a: there is nothing to take back\Z"):
        said.take_back(tmp_path, "u", "softmax-a")


@pytest.mark.parametrize("sentence", ["", "  \n\t ", "x" * 1001])
def test_a_sentence_that_is_none(tmp_path: Path, sentence: str) -> None:
    with pytest.raises(
        CourseError, match=r"^the sentence (is empty: give one|has 1,001 characters, and 1,000 are)"
    ):
        said.say(tmp_path, "u", "softmax-a", sentence)
    assert not (tmp_path / "said.toml").exists()


@given(text=st.text(min_size=1), unit=st.text(min_size=1))
def test_whatever_is_said_is_toml(tmp_path: Path, text: str, unit: str) -> None:
    (tmp_path / "said.toml").unlink(missing_ok=True)
    try:
        said.say(tmp_path, "unit", "a-b", text)
    except CourseError:
        assert not text.split()
        return
    kept = said.read(tmp_path, "unit")["a-b"]
    assert kept.isprintable() or "\ufffd" in kept or not text.isprintable()
    assert tomllib.loads((tmp_path / "said.toml").read_text("utf-8")) == {"unit": {"a-b": kept}}


def test_bytes_that_are_no_text_are_no_trouble(tmp_path: Path) -> None:
    said.say(tmp_path, "u", "softmax-a", "so \udcff so")
    assert said.read(tmp_path, "u") == {"softmax-a": "so ? so"}


def test_it_is_said_to_those_in_the_cluster_alone(tmp_path: Path) -> None:
    for student, cluster in (("ada", "softmax-a"), ("bo", "softmax-b"), ("cy", ""), ("di", "softmax-a")):
        keep(tmp_path, student, cluster)
    assert said.to_students(tmp_path, tmp_path, "u") == {}
    said.say(tmp_path, "u", "softmax-a", "So.")
    so = (Sentence("softmax", "So."),)
    assert said.to_students(tmp_path, tmp_path, "u") == {"ada": so, "di": so}
    assert said.to_students(tmp_path, tmp_path, "u", ["bo", "di", "nobody"]) == {"di": so}
    assert said.to_students(tmp_path, tmp_path, "v") == {}
