"""What is said of a small edit."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from autograder import hints
from autograder.explaining import telling
from autograder.explaining.placed import Kind, Placed
from autograder.records import Diagnosis

KINDS: tuple[Kind, ...] = get_args(Kind)


def only(placed: Placed) -> Diagnosis:
    (one,) = telling.told([placed])
    return one


def test_every_kind_has_words_for_students_and_for_instructors() -> None:
    assert set(telling.LOOKS) == set(KINDS)
    assert len({hints.small_edit(kind, None) for kind in KINDS}) == len(KINDS)
    assert all("one place" not in hints.small_edit(kind, None) for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_begins_with_its_line_and_says_its_kind(kind: Kind) -> None:
    (one,) = telling.told([Placed(7, kind, subject="weights")])
    name = "rounded" if kind == "rounding" else "one-edit"
    assert (one.id, one.line, one.kind, one.step) == (f"general.{name}", 7, kind, None)
    assert re.match(r"Line 7(: (look at|is|does|which|in which|what|how often|the loop) | runs )", one.title)
    assert one.why.endswith("makes it right on every ordinary input.")
    assert not re.search(r"[{}]|  ", one.title + one.why)
    assert one.question.endswith("?")
    assert hints.lead(one).startswith("The result is not the expected one: look at line 7, and there at ")
    assert not hints.is_seen(one)


@pytest.mark.parametrize(
    ("placed", "title"),
    [
        (Placed(7, "index", subject="weights"), "Line 7: look at the index of `weights`"),
        (Placed(4, "into-loop", subject="total"), "Line 4 runs once; it belongs inside the loop"),
        (Placed(4, "into-loop", (5,)), "Lines 4 and 5 run once; they belong inside the loop"),
        (
            Placed(4, "out-of-loop", step="row sum"),
            "Line 4, at the step “row sum”, runs in every round; it belongs outside the loop",
        ),
        (Placed(3, "order"), "Line 3: look at what comes first"),
        (
            Placed(5, "axis", subject="np.sum", step="row sum"),
            "Line 5, at the step “row sum”: look at the axis at `np.sum`",
        ),
        (
            Placed(2, "sign", (9, 4), "x"),
            "Lines 2, 4 and 9: look at the sign of `x`",
        ),
        (
            Placed(2, "name", subject="k", function="scores_of"),
            "Line 2 of the cell that defines `scores_of`: is `k` the variable that is meant?",
        ),
    ],
)
def test_the_line_the_step_and_the_helper_are_named(placed: Placed, title: str) -> None:
    assert [one.title for one in telling.told([placed])] == [title]


def test_a_line_of_a_helper_is_no_line_of_the_functions_own_cell() -> None:
    assert only(Placed(2, "name", function="helper")).line is None


@pytest.mark.parametrize(
    "subject", ["", "x[0] + 1", "`", "a.b()", "<b>", "x" * 41, "a..b", "np.sum(x, axis=1)"]
)
def test_nothing_but_a_name_is_said_of_a_students_line(subject: str) -> None:
    for kind in KINDS:
        unnamed = only(Placed(3, kind, function="f")).title
        assert only(Placed(3, kind, subject=subject, function="f")).title == unnamed
    assert "another function" in only(Placed(3, "sign", function=subject or "?")).title


def test_two_places_of_which_the_same_is_said_are_told_once() -> None:
    twice = Placed(4, "call", subject="radians", step="wave")
    assert len(telling.told([twice, twice])) == 1


def test_what_takes_two_changes_says_so() -> None:
    one, other = telling.told([Placed(3, "index", subject="k"), Placed(5, "sign")])
    assert [one.line, other.line] == [3, 5]
    for told in (one, other):
        assert (
            "One small change at each of these places, with everything else as it stands, makes" in told.why
        )
