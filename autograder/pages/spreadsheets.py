"""What the pages show as tables for a spreadsheet: everybody by their own name, also where pages hide names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.gradebook.sheets import Cell
from autograder.pages.accounts import Account
from autograder.pages.classroom import ClassSummary
from autograder.pages.overview import Overview
from autograder.pages.people import People

Rows = Iterator[Sequence[Cell]]


def students(summary: ClassSummary) -> Rows:
    """One row a student: what counts and where it comes from; those without work at the end."""
    people = summary.people
    yield [
        *_header(people),
        *("status", "points", "max_points", "by_machine", "by_hand", "extra", "penalty", "overrides"),
        *("waits_for", "due", "extension_hours", "late_hours", "excused"),
        *(function.name for function in summary.functions),
        "findings",
    ]
    for line in summary.students:
        own = line.account
        yield [
            *_person(people, line.student),
            line.status,
            line.total,
            summary.max_score,
            line.score,
            own.by_hand,
            own.extra or None,
            own.penalty or None,
            " ".join(one.cell for one in own.overrides),
            " ".join(own.waiting),
            *_times(own),
            *line.scores,
            " ".join(line.diagnoses),
        ]
    for student, own in summary.arranged.items():
        status = "not due" if student in summary.not_yet else "" if own.excused else "missing"
        yield [
            *_person(people, student),
            status,
            None,
            summary.max_score,
            *[None] * 6,
            *_times(own),
            *[None] * len(summary.functions),
            "",
        ]


def checks(summary: ClassSummary) -> Rows:
    """One row a check, as classical test theory sees it."""
    yield ["function", "check", "points", "taken", "passed", "difficulty", "discrimination", "remark"]
    for one in summary.checks:
        yield [
            *(one.function, one.name, one.points, one.taken, one.passed, one.share),
            one.discrimination,
            one.word,
        ]


def misconceptions(summary: ClassSummary) -> Rows:
    """One row for each diagnosis and student, most common diagnosis first."""
    people = summary.people
    yield ["function", "id", "title", "students", *_header(people)]
    for one in summary.misconceptions:
        for student in one.students:
            yield [one.function, one.id, one.title, one.count, *_person(people, student)]


def course_students(course: Overview) -> Rows:
    """One row a student, with points and state for each unit."""
    reasons = {one.student: " ".join(reason.kind for reason in one.reasons) for one in course.at_risk}
    columns = (name for trend in course.trends for name in (trend.unit, f"{trend.unit} state"))
    yield [*_header(course.people), *columns, "points", "max_points", "at_risk"]
    for line in course.lines:
        places = (cell for place in line.places for cell in (place.total, place.words))
        yield [
            *_person(course.people, line.student),
            *places,
            line.total if line.max_score else None,
            line.max_score or None,
            reasons.get(line.student, ""),
        ]


def course_units(course: Overview) -> Rows:
    """One row a unit; means and medians as shares of the points."""
    yield [
        *("unit", "title", "max_points", "counts", "handed_in", "missing", "excused", "late", "waiting"),
        *("mean", "median"),
    ]
    for one in course.trends:
        yield [
            *(one.unit, one.title, one.max_score, "yes" if one.counts else "no", one.handed_in, one.missing),
            *(one.excused, one.late, one.waiting, one.mean, one.median),
        ]


def at_risk(course: Overview) -> Rows:
    """One row for each reason of each student at risk."""
    yield [*_header(course.people), "why", "in_words"]
    for one in course.at_risk:
        for reason in one.reasons:
            yield [*_person(course.people, one.student), reason.kind, reason.words.replace("`", "")]


def course_misconceptions(course: Overview) -> Rows:
    """One row for each misconception that was seen in several units, and unit."""
    yield [
        "misconception",
        "title",
        "ids",
        "unit",
        "students",
        "share",
        "before",
        "again",
        "no_longer",
        "new",
    ]
    for one in course.progress:
        for seen in one.seen:
            yield [
                *(one.name, one.title, " ".join(one.ids), course.trends[seen.unit].unit, seen.count),
                *(seen.share, seen.before, seen.again, seen.free, seen.new),
            ]


def _header(people: People) -> list[str]:
    """The columns that say who it is."""
    return ["student_id", "name", "section", *(["shown_as"] if people.are_hidden else [])]


def _person(people: People, student: str) -> list[str]:
    one = people.known(student)
    return [
        one.id or one.name,
        one.name if one.id else "",
        one.section,
        *([people.alias(student)] if people.are_hidden else []),
    ]


def _times(own: Account) -> list[Cell]:
    """When it was due for the student, the extension, by how much it was late, and whether it is excused."""
    return [
        "" if own.due is None else own.due.isoformat(),
        None if own.extension is None else own.extension.total_seconds() / 3600,
        round(own.late.total_seconds() / 3600, 2) if own.is_late else None,
        "yes" if own.excused else "",
    ]
