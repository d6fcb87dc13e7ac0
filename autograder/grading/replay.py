"""A result worked out again from the same file, for an appeal: nothing is written, and what differs is told with why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from autograder.course import secret
from autograder.errors import AutograderError, UnreadableError
from autograder.gradebook import imported, results
from autograder.gradebook.results import CheckFile, FunctionFile, ResultFile
from autograder.grading import attendance, planning
from autograder.grading.planning import Order
from autograder.grading.pool import Pool
from autograder.grading.processes import Processes
from autograder.naming import as_text
from autograder.notebook import collect, places
from autograder.notebook.places import HandedIn
from autograder.version import __version__, code
from autograder.words import in_short


@dataclass(frozen=True)
class Replayed:
    """What was worked out again, beside what is kept."""

    before: ResultFile
    after: ResultFile
    file: Path | None  # that was graded now; None where there is none
    same_file: bool  # whether it is the one that was graded then
    made_by: tuple[
        tuple[str, bool | None, str], ...
    ]  # what else decides a result, whether it is the same as far as that is known, and more of it
    lines: tuple[str, ...]  # what differs, none where the result is the same


def replay(order: Order, student: str) -> Replayed:
    """Grades the file again that a student's result was made from, as far as it is still there.

    `order` is one of a dry run. AutograderError where there is no result, or none could be worked out; CourseError where
    this machine cannot lock student code in.
    """
    kept = results.read(results.path(order.out, order.unit.name, student))
    if kept is None:
        raise AutograderError(
            f"{as_text(student)} has no result in {order.unit.name}: run `autograder grade {order.unit.name}` first"
        )
    place = Processes(order.course, order.unit, 1)
    with Pool(place) as pool:
        place.begin()
        handed_in, file, same = _the_file(order, student, kept)
        planning.level(replace(order, ground=place))
        pool.add([handed_in])
        (graded,) = pool.graded()
    after = msgspec.json.decode(graded.result, type=ResultFile)
    if after.score is None:
        raise AutograderError(f"{as_text(student)}: it could not be graded again: {after.reason}")
    return Replayed(kept, after, file, same, _made_by(order, kept, after), tuple(_differences(kept, after)))


def _the_file(order: Order, student: str, kept: ResultFile) -> tuple[HandedIn, Path | None, bool]:
    """What to grade: the very file that was graded, wherever it lies now, else what is handed in."""
    found = {one.student: one for one in attendance.collect(order).handed_in}
    now = found.get(student) or HandedIn(student, order.submitted / student / order.unit.name)
    older = imported.attempts(order.course.root, order.unit.name, student)
    candidates = [now]
    candidates += [
        HandedIn(student, path.parent, path, now.by)
        for path in sorted(older.rglob("*"))
        if path.is_file() and places.is_readable(path.name)
    ]
    first: Path | None = None
    for one in candidates:
        try:
            file = next(iter(places.find_notebooks(one, order.unit).values()))
            digest = collect.digest(one, order.unit)
        except UnreadableError:
            continue
        first = first or (file if one is now else None)
        if digest == kept.submission:
            return one, file, True
    return now, first, not kept.submission and first is None


def _made_by(order: Order, before: ResultFile, after: ResultFile) -> tuple[tuple[str, bool | None, str], ...]:
    """What decides a result beside the file: kit, secret and course; of the course it is known where all else is the same."""
    same_kit = before.kit == after.kit and before.code in ("", after.code)  # which was not kept once
    kit = __version__ if before.kit == after.kit else f"{before.kit} then, {after.kit} now"
    same_secret = before.secret == after.secret
    place = secret.path(order.course)
    same_course: bool | None = before.course == after.course
    if not same_course and not (same_kit and same_secret):
        same_course = None
    course = "graders, inputs, points and limits of the unit"
    return (
        ("kit", same_kit, f"{kit}, code {code()[:12]}"),
        ("secret", same_secret, f"{place}, from which hidden inputs are drawn"),
        ("course", same_course, course),
    )


def _differences(before: ResultFile, after: ResultFile) -> Iterator[str]:
    if before.status != after.status or before.reason != after.reason:
        yield f"{_status(before)} → {_status(after)}"
    known = {one.name: one for one in before.functions}
    for now in after.functions:
        then = known.pop(now.name, None)
        if then is None:
            yield f"{now.name}: was not there → {in_short(now.score)} of {in_short(now.max_score)}"
        else:
            lines = [*_of_checks(then, now), *_of_findings(then, now)]
            if lines or (then.score, then.max_score) != (now.score, now.max_score):
                yield f"{now.name}: {in_short(then.score)} of {in_short(then.max_score)} → {in_short(now.score)} of {in_short(now.max_score)}"
                yield from (f"  {line}" for line in lines)
    for gone in known.values():
        yield f"{gone.name}: {in_short(gone.score)} of {in_short(gone.max_score)} → is not there"


def _status(result: ResultFile) -> str:
    return f"{result.status}: {result.reason}" if result.reason else result.status


def _of_checks(then: FunctionFile, now: FunctionFile) -> Iterator[str]:
    known = {check.name: check for check in then.checks}
    for check in now.checks:
        before = known.pop(check.name, None)
        if before is None or (before.passed, before.points) != (check.passed, check.points):
            yield f"{check.name}: {'was not there' if before is None else _check(before)} → {_check(check)}"
    yield from (f"{name}: {_check(check)} → is not there" for name, check in known.items())


def _check(check: CheckFile) -> str:
    return f"{'✓' if check.passed else '✗'} {in_short(check.points)}"


def _of_findings(then: FunctionFile, now: FunctionFile) -> Iterator[str]:
    before, after = ([one.id for one in function.diagnoses] for function in (then, now))
    if before != after:
        yield f"found: {', '.join(before) or 'nothing'} → {', '.join(after) or 'nothing'}"
