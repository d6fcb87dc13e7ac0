"""What is told of a plain value that is nearly the right one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from plain_values import plain_values

from autograder.author import call, new, script
from autograder.checking.attempt import Trial
from autograder.checking.compare import compare
from autograder.data import Column, Table, Value
from autograder.explaining import likeness
from autograder.records import Case, Diagnosis, Outcome, Raised, Returned, Tolerance


def trial(due: Any, got: Any) -> Trial:
    case = Case("a case", ())
    outcome: Outcome = got if isinstance(got, Raised) else Returned(got)
    return Trial(case, due, outcome, compare(case, due, outcome, Tolerance()), changed=False)


def table(labels: Any = None, **columns: Any) -> Table:
    index = () if labels is None else (Column(None, "int64", np.array(labels)),)
    return Table(
        "DataFrame", tuple(Column(name, "int64", np.array(cells)) for name, cells in columns.items()), index
    )


def told(*pairs: tuple[Any, Any]) -> list[str]:
    return [one.title for one in likeness.found([trial(due, got) for due, got in pairs], Tolerance())]


@pytest.mark.parametrize(
    ("due", "got", "title"),
    [
        (3, "3", "A text comes back where a number should"),
        ({"a": [1.5, "x"]}, {"a": ["1.5", "x"]}, "A text comes back where a number should"),
        ("3", 3, "A number comes back where a text should"),
        (True, "True", "A text comes back where True, False or None should"),
        ([None, True], ["None", "true"], "A text comes back where True, False or None should"),
        ("Ulm", "ULM", "Only capital and small letters differ"),
        ({"The": 1, "cat": 2}, {"the": 1, "cat": 2}, "Only capital and small letters differ"),
        (["a", "B"], ["A", "b"], "Only capital and small letters differ"),
        ("a\n", "a", "Only spaces and line breaks differ"),
        ("a b\n", "ab", "Only spaces and line breaks differ"),
        ({"cat": 1}, {"cat,": 1}, "Only punctuation and spaces differ"),
        ([1, 2], (1, 2), "The right entries come back in another kind of container"),
        ([1, 2], np.array([1, 2]), "The right entries come back in another kind of container"),
        ({"b", "a"}, ["a", "b"], "The right entries come back in another kind of container"),
        (
            3,
            (3,),
            "The right value comes back with a list or tuple around it, or without the one that it should have",
        ),
        (
            ["x"],
            "x",
            "The right value comes back with a list or tuple around it, or without the one that it should have",
        ),
        ([3, 1, 2], [1, 2, 3], "The right entries stand in another order"),
        (["a", "b"], ["a", "b", "a"], "Some entries come more than once"),
        ([1, 2, 3], [1, 2], "One entry is missing at an end"),
        ((1, 2, 3), (2, 3), "One entry is missing at an end"),
        ([1, 2], [0, 1, 2], "There is one entry too many at an end"),
        ((1.5, 2.5), (float("nan"), 2.5), "The result holds nan or infinity"),
        ({"a": 1.5}, {"a": float("inf")}, "The result holds nan or infinity"),
        ([1.5 + 1j], [np.complex128(complex("nan"))], "The result holds nan or infinity"),
        (True, False, "Every answer is the opposite of the right one"),
        ([True, False], [False, True], "The right entries stand in another order"),
        ([0, 1, 5], [1, 2, 6], "Every number is off by one"),
        ({"a": 1, "b": 2}, {"a": 0, "b": 1}, "Every number is off by one"),
        ({"a": 1}, {"b": 1}, "The dictionary has other keys than it should"),
        ({"a": 1}, {1: 1}, "The dictionary has other keys than it should"),
        (table(a=[1, 2]), table(b=[1, 2]), "The table has other columns than it should"),
        (
            replace(table(a=[1, 2]), kind="Series"),
            replace(table(b=[1, 2]), kind="Series"),
            "It has another name than it should",
        ),
        (table(a=[1, 2]), table(labels=[4, 7], a=[1, 2]), "Only the row labels (the index) differ"),
        (table(a=[1, 2], b=[3, 4]), table(a=[2, 1], b=[4, 3]), "The right entries stand in another order"),
        (table(a=[1, 2]), table(labels=[1, 0], a=[2, 1]), "The right entries stand in another order"),
        ({"axes": [{"title": "t"}]}, {"axes": [{}]}, "The drawing lacks a title"),
    ],
)
def test_the_plainest_likeness_is_told(due: Any, got: Any, title: str) -> None:
    assert told((due, got)) == [title]


@pytest.mark.parametrize(
    ("due", "got"),
    [
        (3, 5),
        ("abc", "abd"),
        ("*\n**\n", "**\n*\n"),  # nothing but spaces differs, and they are all there is
        ("*\n**\n***\n", "*\n**\n"),
        ("***", "###"),  # no letters that could be right
        ([1, 2], [1, 3]),
        ({"a": 1}, {"a": 3}),
        (3, "4"),
        ("Hello", ""),  # it returns an empty text
        (True, "False"),
        ([1, "a"], ["one", "A"]),
        (3, "x" * 100),
        ([1.5, float("inf")], [2.5, float("inf")]),
        ([3, 4], [10**400, 4]),
        ([True, 1], [False, 3]),
        ("x" * 30_000, "X" * 30_000),
        (np.ones((2, 2)), "arrays are due"),
        (3, Raised("ValueError")),
        (None, 0),
        (float("nan"), float("nan")),  # which has no letters, and is not itself
    ],
)
def test_where_nothing_is_alike_nothing_is_told(due: Any, got: Any) -> None:
    assert told((due, got)) == []


def test_every_wrong_result_must_bear_it_out() -> None:
    assert told(("Ulm", "ULM"), ("Bonn", "bonn"))
    assert not told(("Ulm", "ULM"), ("Bonn", "Berlin"))
    assert not told()


def test_the_keys_are_named_where_the_input_may_be_shown() -> None:
    (finding,) = likeness.found([trial({"a": 1}, {"b": 1})], Tolerance())
    assert finding.id == "general.wrong-keys"
    assert finding.why.endswith("On “a case”: The key `'a'` is missing; the key `'b'` should not be there.")


@given(plain_values(), plain_values())
def test_any_two_values_can_be_looked_at(due: Value, got: Value) -> None:
    told((due, got), (got, due))


def test_the_steps_of_a_script_are_looked_at_one_by_one() -> None:
    case = Case("asked", script(new(), call("pop"), call("pop"), call("items")), asks="script")

    def steps(*answers: Any) -> list[Any]:
        return [{"returned": answer} for answer in answers]

    def found(*came: Any) -> list[Diagnosis]:
        due, outcome = steps(1, 5, [3, 4]), Returned(steps(*came))
        one = Trial(case, due, outcome, compare(case, due, outcome, Tolerance()), changed=False)
        return likeness.found([one], Tolerance())

    def title(*came: Any) -> list[str]:
        return [one.title for one in found(*came)]

    assert title(5, 1, [3, 4]) == []  # steps in another order are no entries in another order
    assert title(1, 5, [4, 3]) == ["The right entries stand in another order"]
    for items in ([3], [3, 4, 5]):  # which no round of a loop need have made
        (one,) = found(1, 5, items)
        assert "All others are right" in one.why
        assert not any(
            word in f"{one.why} {one.look} {one.question}" for word in ("range", "round", "loop", "step")
        )
    assert title(2, 5, [3, 4]) == []  # as the length is of a stack from which too much was taken


def test_of_every_answer_nothing_is_said_where_some_are_right() -> None:
    (found,) = likeness.found([trial(3, 4)], Tolerance(), some_right=True)
    assert found.title == "Where it is wrong, it is off by one"
    assert likeness.found([trial(True, False)], Tolerance(), some_right=True) == []
