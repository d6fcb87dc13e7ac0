"""Values on a line, as Python writes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.data import Code, Other, Seeded, Table
from autograder.pages.literals import (
    Words,
    apart,
    in_order,
    kind_apart,
    line,
    printable,
    size_in_words,
    type_name,
    written,
)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -7,
        1.5,
        2 + 1j,
        "it's",
        b"\x00a",
        [],
        [1, [2, (3,)]],
        (),
        {"a": {1: None}},
        {},
        {1, 2},
        frozenset({"x"}),
        [float("1e300"), -0.0],
    ],
)
def test_what_fits_is_written_as_python_does_and_can_be_read_back(value: object) -> None:
    said = written(value)
    assert said.whole
    assert said.text == repr(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (set(), "set()"),
        (frozenset(), "frozenset()"),
        ({3, 1, 2}, "{1, 2, 3}"),
        ({"b", "a"}, "{'a', 'b'}"),
        (0.1 + 0.2, "0.3"),
        (2.9999999999999996, "3.0"),
        (float("nan"), "nan"),
        (np.float32(0.1), "0.1"),
        (np.float64(1 / 3), "0.3333333333"),
        (np.int8(3), "3"),
        (np.bool_(True), "True"),
        (np.str_("a"), "'a'"),
        (np.bytes_(b"a"), "b'a'"),
        (np.datetime64("2024-01-01"), "2024-01-01"),
        (np.complex64(1), "(1+0j)"),
        (np.array(5), "5"),
        (np.array([[1, 2], [3, 4]]), "array([[1, 2], [3, 4]])"),
        (np.zeros((0, 3)), "array of shape (0, 3)"),
        (Seeded(7), "np.random.default_rng(7)"),
        (Code("lambda x: x"), "lambda x: x"),
        (Code("def f(x):\n    return x"), "def f(x): …"),
        (Other("generator"), "an object of type generator"),
        (Table("Series", ()), "Series"),
        (1 / 3 + 1j / 3, "(0.333333+0.333333j)"),
    ],
)
def test_what_python_writes_at_length_is_written_for_people(value: object, said: str) -> None:
    assert line(value) == said


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10**6,
        b"x" * 10**6,
        list(range(10**6)),
        tuple("ab" * 1000),
        dict.fromkeys(range(1000), "y" * 1000),
        set(range(100_000)),
        10**5000,
        -(10**5000),
        1 << 10**7,
        np.zeros((1000, 1000)),
        np.array(["z" * 1000] * 1000),
        Other("w" * 10_000),
        Code("lambda: " + "v" * 10_000),
        [[[["u" * 500] * 500] * 500] * 500],
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_long_is_cut_and_says_so(value: object) -> None:
    said = written(value, 60)
    assert not said.whole
    assert len(said.text) <= 90
    assert "…" in said.text or "digits" in said.text


def test_values_within_one_another_however_deep_are_bounded() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    assert len(line(deep)) <= 70


def test_the_first_and_last_digits_of_long_integers_tell_them_apart() -> None:
    assert apart(10**5000 + 1, 10**5000) == (
        "10000000…00000001 (5,001 digits or so)",
        "10000000…00000000 (5,001 digits or so)",
    )


def test_numbers_that_differ_look_different() -> None:
    assert apart(2.9999999999999996, 3.0) == ("2.9999999999999996", "3.0")
    assert apart(3.25, 3.0) == ("3.25", "3.0")


def test_nothing_reaches_a_terminal_that_would_command_it() -> None:
    for value in ("\x1b[2J", ["\x1b"], {"\x07": "\u202e"}, Other("\x1b"), Code("\x1b"), "\ud800"):
        assert line(value).isprintable()
    assert printable("a\x1b\x7f\u202eb\U000e0001") == "a␛␡\\u202eb\\U000e0001"
    assert printable("Zoë 李") == "Zoë 李"


def test_the_items_of_a_set_come_in_one_order() -> None:
    assert in_order({3, 1, 2.5}) == [1, 2.5, 3]
    mixed = {"a", 1, None, (2, "b"), frozenset({1}), True + 1}
    assert in_order(mixed) == in_order(list(mixed)[::-1])


@pytest.mark.parametrize(
    ("value", "other", "said"),
    [
        ("3", 3, "str"),
        (3, "3", "int"),
        (True, 1, "bool"),
        (4.0, np.float64(2.5), ""),  # the numbers themselves tell
        (4, 2.5, ""),
        (1, 1.0, "int"),  # where the type counts
        (np.float64(1), 1.0, "float64"),
        (None, 3, ""),
        (3, None, "int"),
        (Other("generator"), 3, ""),
        (3, Words("raises ValueError"), ""),
        ([1], (1,), "list"),
    ],
)
def test_the_type_is_told_where_the_value_does_not_tell(value: object, other: object, said: str) -> None:
    assert kind_apart(value, other) == said


def test_types_and_sizes_in_words() -> None:
    named = {None: "NoneType", 1: "int", Other("Foo"): "Foo", Code("x"): "function", Seeded(1): "Generator"}
    assert {value: type_name(value) for value in named} == named
    assert type_name(Table("DataFrame", ())) == "DataFrame"
    assert type_name(np.float64(1)) == "float64"
    assert size_in_words([1]) == "list, 1 entry"
    assert size_in_words({"a": 1, "b": 2}) == "dict, 2 keys"
    assert size_in_words({1}) == "set, 1 item"
