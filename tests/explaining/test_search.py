"""What counts as fitting, and what the search reads of a student's source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checking.attempt import Trial
from autograder.checking.compare import compare
from autograder.course import material
from autograder.course.steps import Misconception, Procedure, Step
from autograder.data import Array
from autograder.explaining.candidates import Candidates, Fit
from autograder.explaining.search import Search
from autograder.records import Case, Outcome, Raised, Returned, Tolerance

TOLERANCE = Tolerance()


def step(name: str, symbol: str, operands: tuple[str, ...], op: Any) -> Step:
    return Step(name, symbol, operands, op, "", "", "", lambda values, index: "")


DOUBLE_AND_ADD = Procedure(
    "f",
    ("x",),
    (step("double", "d", ("x",), lambda x: 2 * x), step("add", "r", ("d", "x"), np.add)),
    ("r",),
)


def mistake(name: str, symptom: Callable[..., Any], **fields: Any) -> Misconception:
    return Misconception(f"f.{name}", name, None, symptom, "why", "look", "read", **fields)


TRIPLE = mistake("triple", DOUBLE_AND_ADD.replacing("double", lambda x: 3 * x))
TAKE = mistake("take", DOUBLE_AND_ADD.replacing("add", np.subtract))
NO_NEGATIVE = mistake("no-negative", DOUBLE_AND_ADD.replacing("add", lambda d, x: np.where(x < -50, np.nan, d + x)), edge=True)  # fmt: skip
CASES = (
    Case("small", (np.array([1.0, 2.5, -3.25]),)),
    Case("table", (np.array([[1.5, 4.0], [0.25, 7.0]]),)),
    Case("far", (np.array([-100.0, 2.0]),), kind="huge"),
)


def searching(
    student: Callable[[Array], Any],
    *catalogue: Misconception,
    source: str = "",
    cases: Sequence[Case] = CASES,
) -> Search:
    known = Candidates(
        DOUBLE_AND_ADD,
        tuple(one for one in catalogue if not one.edge),
        tuple(one for one in catalogue if one.edge),
        (),
        lambda _: CASES,
    )
    return Search(known, [trial(student, case) for case in cases], TOLERANCE, lambda: source)


def trial(student: Callable[[Array], Any], case: Case) -> Trial:
    due = DOUBLE_AND_ADD(*case.args)
    outcome: Outcome = material.outcome(student, case)
    return Trial(case, due, outcome, compare(case, due, outcome, TOLERANCE), changed=False)


def ids(fit: Fit | None) -> list[str]:
    return [] if fit is None else [diagnosis.id for diagnosis in fit.diagnoses]


# ---------------------------------------------------------------------------------------------- single ones


def test_a_mistake_that_gives_every_result_is_named() -> None:
    assert ids(searching(lambda x: 4 * x, TAKE, TRIPLE).single()) == ["f.triple"]


def test_one_result_that_differs_is_enough_against_it() -> None:
    assert searching(lambda x: 4 * x if x.ndim == 1 else 4.001 * x, TRIPLE).single() is None


def test_results_that_came_out_right_count_too() -> None:
    right_on_tables = mistake("tables", lambda x: 3 * x if x.ndim == 2 else 9 * x)
    assert ids(searching(lambda x: 3 * x if x.ndim == 2 else 9 * x, right_on_tables).single()) == ["f.tables"]
    assert searching(lambda x: 9 * x, right_on_tables).single() is None


def test_an_exception_of_the_same_class_is_the_same_result() -> None:
    def raises(error: type[Exception]) -> Callable[[Array], Array]:
        def student(x: Array) -> Array:
            if x.ndim == 2:
                raise error("differently put")
            return 9 * x

        return student

    entry = mistake("square", raises(ValueError))
    assert ids(searching(raises(ValueError), entry).single()) == ["f.square"]
    assert searching(raises(IndexError), entry).single() is None


def test_what_only_the_source_can_tell_is_read_there() -> None:
    entry = replace(TRIPLE, telltale=r"\bthree\b")
    assert searching(lambda x: 4 * x, entry, source="three * x").single() is not None
    assert searching(lambda x: 4 * x, entry, source="3 * x").single() is None


def test_what_has_many_symptoms_is_known_by_what_it_does() -> None:
    entry = mistake(
        "any", np.sin, fits=lambda case, outcome, right: isinstance(outcome, Returned) and not right
    )
    found = searching(lambda x: x * 17, entry)
    fit = found.single()
    assert ids(fit) == ["f.any"]
    assert fit is not None
    assert fit.symptom is None
    assert found.in_steps(fit) == []


def test_without_an_ordinary_input_nothing_fits() -> None:
    assert searching(lambda x: 4 * x, TRIPLE, cases=CASES[2:]).single() is None


# ------------------------------------------------------------------------------------- pairs, rounding, variants


def test_two_mistakes_are_composed_the_earlier_step_first() -> None:
    assert ids(searching(lambda x: 2 * x, TAKE, TRIPLE).pair()) == ["f.triple", "f.take"]


def test_two_mistakes_need_the_source_to_speak_for_them_as_each_alone() -> None:
    told = replace(TAKE, telltale="minus")
    assert searching(lambda x: 2 * x, told, TRIPLE).pair() is None
    assert ids(searching(lambda x: 2 * x, told, TRIPLE, source="minus").pair()) == ["f.triple", "f.take"]


def test_a_mistake_and_rounding_are_both_named() -> None:
    found = searching(lambda x: np.round(4.123456 * x, 1), mistake("more", lambda x: 4.123456 * x))
    assert ids(found.rounded(1)) == ["f.more", "general.rounded"]


def test_of_two_mistakes_that_rounding_makes_alike_neither_is_named() -> None:
    close = [mistake(name, lambda x, by=by: by * x) for name, by in (("one", 4.1234), ("two", 4.1235))]
    assert searching(lambda x: np.round(4.1234 * x, 1), *close).rounded(1) is None


def test_one_changed_step_is_found_and_told() -> None:
    fit = searching(lambda x: -x, TRIPLE).variant()
    assert ids(fit) == ["general.changed-step"]
    assert fit is not None
    assert fit.diagnoses[0].step == "double"
    assert fit.diagnoses[0].title == "The result of the step “double” has the wrong sign"


def test_exceptions_and_nan_alone_bear_no_variant_out() -> None:
    def fails(x: Array) -> Array:
        raise ValueError

    for student in (fails, lambda x: x * np.nan):
        found = searching(student, mistake("other", DOUBLE_AND_ADD.replacing("double", fails)))
        assert found.variant() is None
        assert found.pair() is None


def test_a_mistake_that_is_no_changed_step_is_found_among_the_variants() -> None:
    entry = mistake("plain", lambda x: x)
    found = searching(lambda x: x, entry)
    fit = found.single()
    assert fit is not None
    assert fit.procedure is None
    assert next(procedure(np.array([2.0])).tolist() for procedure in found.in_steps(fit)) == [2.0]


# ------------------------------------------------------------------------------------------------ edge inputs


def lost(x: Array) -> Array:
    return np.where(x < -50, np.nan, 3 * x)


def test_what_shows_on_edge_inputs_alone_is_a_finding_of_its_own() -> None:
    fits, unexplained = searching(lost, NO_NEGATIVE, TRIPLE).edge(None)
    assert [ids(fit) for fit in fits] == [["f.no-negative"]]
    assert unexplained == []


def test_beside_a_first_mistake_both_are_composed() -> None:
    found = searching(lambda x: np.where(x < -50, np.nan, 4 * x), NO_NEGATIVE, TRIPLE)
    fit = found.single()
    fits, _ = found.edge(fit)
    assert [ids(one) for one in fits] == [["f.no-negative"]]
    assert searching(lambda x: 4 * x, NO_NEGATIVE, TRIPLE).edge(fit) == ([], [])


def test_an_edge_input_that_nothing_accounts_for_is_handed_back() -> None:
    def raises(x: Array) -> Array:
        if x.min() < -50:
            raise OSError
        return 3 * x

    fits, unexplained = searching(raises, NO_NEGATIVE).edge(None)
    assert fits == []
    assert [one.case.name for one in unexplained] == ["far"]
    assert isinstance(unexplained[0].outcome, Raised)


def test_the_right_way_knows_its_detours() -> None:
    assert searching(lost, NO_NEGATIVE, TRIPLE)._known.innocent == [NO_NEGATIVE.symptom]
