"""Who is at risk, by rules that a person can follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autograder.pages.accounts import Account, Accounts
from autograder.pages.classroom import ClassSummary, summarise
from autograder.pages.overview import Overview, overview
from autograder.pages.people import NO_ROSTER
from autograder.records import Diagnosis, Function, FunctionReport, Report, Tolerance, Unit

NOW = datetime(2026, 12, 1, tzinfo=UTC)
TITLES = ("One", "Two", "Three")


def unit_of(
    title: str,
    scores: dict[str, float | None],
    found: dict[str, str] | None = None,
    *,
    due: datetime | None = None,
    excused: tuple[str, ...] = (),
) -> ClassSummary:
    """A unit of ten points; None for who handed in nothing."""
    unit = Unit(title.lower(), title, (Function("f", 10.0, Tolerance()),))
    reports = []
    for student, score in scores.items():
        if score is not None:
            id = (found or {}).get(student)
            diagnoses = (Diagnosis(id, "A title"),) if id else ()
            function = FunctionReport("f", score, 10.0, False, (), diagnoses)
            reports.append(Report(unit.name, title, student, "graded", score, 10.0, (function,)))
    missing = [student for student, score in scores.items() if score is None]
    counted = Accounts({student: Account(due=due, excused=True) for student in excused}, due)
    return summarise(unit, reports, missing, accounts=counted, now=NOW)


def course_of(*units: ClassSummary) -> Overview:
    return overview("A course", NO_ROSTER, units, NOW)


def reasons(course: Overview) -> dict[str, list[str]]:
    return {
        one.student: [f"{reason.kind}: {reason.words}" for reason in one.reasons] for one in course.at_risk
    }


FINE = {"ada": 9.0, "bo": 8.0, "cy": 9.0, "dee": 10.0}


def test_missing_is_the_last_unit_or_two() -> None:
    one = unit_of("One", FINE | {"gone": None, "once": None, "ill": None}, excused=("ill",))
    two = unit_of("Two", FINE | {"gone": None, "once": 9.0, "ill": None, "late": None}, excused=("ill",))
    assert reasons(course_of(one, two)) == {
        "gone": ["missing: nothing handed in for “One” and “Two”"],
        "late": ["missing: nothing handed in for “Two”"],
    }


def test_many_missing_units_are_counted() -> None:
    units = [unit_of(title, FINE | {"gone": None, "back": None}) for title in ("One", "Two", "Three", "Four")]
    units.append(unit_of("Five", FINE | {"gone": None, "back": 9.0}))
    assert reasons(course_of(*units)) == {
        "gone": ["missing: nothing handed in for 5 of 5 units, the last one among them"],
        "back": ["missing: nothing handed in for 4 of 5 units"],
    }


def test_a_unit_that_is_not_due_yet_counts_for_nothing() -> None:
    open_still = unit_of(
        "Two", {"ada": 9.0} | dict.fromkeys(("bo", "cy", "dee")), due=NOW + timedelta(days=1)
    )
    assert reasons(course_of(unit_of("One", FINE), open_still)) == {}
    few = unit_of("Two", {"ada": 9.0} | dict.fromkeys(("bo", "cy", "dee")))
    course = course_of(unit_of("One", FINE), few)
    assert (reasons(course), [trend.counts for trend in course.trends]) == ({}, [True, False])
    past = unit_of("Two", {"ada": 9.0} | dict.fromkeys(("bo", "cy", "dee")), due=NOW - timedelta(days=1))
    assert set(reasons(course_of(unit_of("One", FINE), past))) == {"bo", "cy", "dee"}


def test_falling_is_more_than_the_class() -> None:
    units = [
        unit_of("One", FINE | {"eve": 9.0}),
        unit_of("Two", FINE | {"eve": 10.0}),
        unit_of("Three", FINE | {"eve": 6.0}),
    ]
    assert reasons(course_of(*units)) == {
        "eve": [
            "falling: fell from 95 % to 60 % of the points in “Three”, where the class went from 91 % to 84 %"
        ]
    }
    together = unit_of("Three", {student: score - 3 for student, score in FINE.items()} | {"eve": 6.0})
    assert reasons(course_of(units[0], together)) == {}


def test_stuck_is_the_same_misconception_again() -> None:
    units = [
        unit_of("One", FINE, {"ada": "softmax.unstable", "bo": "softmax.unstable", "cy": "general.one-edit"}),
        unit_of("Two", FINE, {"ada": "multi_head.unstable", "cy": "general.one-edit"}),
    ]
    assert reasons(course_of(*units)) == {"ada": ["stuck: `unstable` in “One” and again in “Two”"]}


def test_low_is_less_than_half_among_the_lowest_tenth_and_most_reasons_come_first() -> None:
    fine = FINE | {f"s{number}": 9.0 for number in range(6)}
    units = [
        unit_of("One", fine | {"low": 3.0, "eve": 9.0}),
        unit_of("Two", fine | {"low": 4.0, "eve": None}),
    ]
    assert reasons(course_of(*units)) == {
        "low": ["low: 35 % of the points in what was handed in, among the lowest tenth of the class"],
        "eve": ["missing: nothing handed in for “Two”"],
    }
    worse = unit_of("Two", fine | {"low": None, "eve": None})
    assert list(reasons(course_of(units[0], worse))) == ["low", "eve"]
    assert reasons(course_of(unit_of("One", FINE | {"low": 3.0}))) == {}, "too few"
    assert reasons(course_of()) == {}
