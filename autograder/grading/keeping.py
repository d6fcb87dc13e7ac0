"""What stays of a run: results and pages, and the gradebook in line with them.

The order in which things are written is what makes a run safe to stop anywhere: first a list of the students
whose results are about to change, then pages and results, each whole, then the gradebook in one transaction and
what students get back, then they go from the list. Whoever is on that list at a later start is entered again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from autograder import interrupts
from autograder.errors import AutograderError, UnreadableError
from autograder.gradebook import looking, results
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.released import Release
from autograder.grading import attendance, releases
from autograder.grading.planning import Order, Plan, work_of
from autograder.grading.station import Graded
from autograder.grading.tally import Tally
from autograder.naming import as_name, as_text
from autograder.notebook import places
from autograder.notebook.places import HandedIn

if TYPE_CHECKING:
    from autograder.gradebook.bookkeeping import Known

BATCH: Final = 100  # results per gradebook transaction
_JOURNAL: Final = ".being-written"  # and, of a part of the class, with its number after a dash


@dataclass
class Outcome:
    """What a run did."""

    plan: Plan
    tally: Tally = field(default_factory=Tally)  # of what was graded
    changed: list[tuple[str, float | None, float | None]] = field(default_factory=list)  # student, old, new
    class_page: Path | None = None
    gradebook_error: str = ""  # the results are safe; the gradebook has to be brought in line later
    counter: int | None = (
        None  # of the gradebook's changes, as far as they are known here; None once others changed it
    )
    known: Known | None = None  # what the gradebook has of the unit


def get_ready() -> None:
    """Imports what is needed once something is graded, while the processes that grade it are starting."""
    from autograder.gradebook import bookkeeping, schema
    from autograder.pages import classroom, feedback, overview, rendering, spreadsheets

    del bookkeeping, schema, classroom, feedback, overview, spreadsheets
    rendering.get_ready("base", "class", "course", "lists", "macros", "sections")


def keep(order: Order, batch: list[Graded], outcome: Outcome) -> None:
    """Writes a batch: journal, pages and results, gradebook, in this order; empties it."""
    if batch and not order.dry_run:
        from autograder.pages import feedback, stamps

        unit = order.unit.name
        students = [graded.student for graded in batch]
        journal = _journal(order)
        # Whoever is on it from before stays until entered: of a part, by a run without parts.
        _list(journal, {*map(as_text, students), *_listed(journal)})
        # A result that is there is not made again, so its page must be there before it.
        write(
            [(feedback.kept(order.out, unit, graded.student), graded.page) for graded in batch]
            + [(results.path(order.out, unit, graded.student), graded.result) for graded in batch]
        )
        fresh = {graded.student: graded for graded in batch}
        if order.shard is None and _enter(order, students, outcome, fresh):
            _list(journal, _listed(journal).difference(map(as_text, students)))
        if outcome.gradebook_error:  # students get their pages all the same, hand-given marks a run later
            write([(stamps.place(order.out, unit, graded.student), graded.page) for graded in batch])
    batch.clear()


def write(files: Sequence[tuple[Path, bytes]]) -> None:
    """Writes files, each whole or not at all; AutograderError says what to do where they cannot be."""
    try:
        results.write_all(files)
    except OSError as error:
        raise AutograderError(
            f"{error.filename or files[0][0].parent}: {error.strerror}: {len(files)} files could not be written; "
            "make room and run the same command again, nothing that was written is lost"
        ) from None


def _journal(order: Order) -> Path:
    """The list of students whose results have changed and are not in the gradebook yet."""
    name = _JOURNAL if order.shard is None else f"{_JOURNAL}-{order.shard.number}-of-{order.shard.of}"
    return order.out / "results" / order.unit.name / name


def _listed(journal: Path) -> set[str]:
    """Who is on such a list."""
    try:
        return msgspec.json.decode(journal.read_bytes(), type=set[str])
    except (OSError, msgspec.MsgspecError):
        return set()


def _list(journal: Path, students: set[str]) -> None:
    """Leaves such a list of these students, none where there are none."""
    if students:
        write([(journal, msgspec.json.encode(sorted(students)))])
    else:
        journal.unlink(missing_ok=True)


def catch_up(order: Order, outcome: Outcome) -> None:
    """Copies the gradebook before it changes, then brings it in line with the release and the results."""
    from autograder.gradebook import backups, drift, enrolment, terms
    from autograder.pages import stamps

    outcome.counter = looking.counter(order.out / FILE_NAME)
    names = outcome.plan.looked_at if outcome.counter == outcome.plan.counter else None
    try:
        if names is None:
            _migrate(order, outcome)
    except AutograderError as error:
        outcome.gradebook_error = str(error)
        return
    own = _journal(order)
    journals = [own, *sorted(own.parent.glob(f"{_JOURNAL}-*"))]
    journal = {student for path in journals for student in _listed(path)}
    if names is not None:
        names = names.union(map(as_name, journal))
    kept = dict(results.every(order.out, order.unit.name, names))
    if names is not None and not (kept or journal or outcome.plan.to_grade):
        return
    folders = {student: where.folder for student, where in outcome.plan.where.items() if student in kept}
    others = {
        *drift.behind(order.out, order.unit, kept, folders, order.config, order.course.late),
        *stamps.outdated(
            order.course.root,
            order.out,
            order.unit.name,
            terms.read(order.course, order.out, order.unit),
            list(kept),
        ),
    }
    behind = [student for student in kept if student in others or as_text(student) in journal]
    on_roster = attendance.on_roster(order)
    enrolled = enrolment.has_enrolled(order.out, on_roster)
    try:
        if outcome.plan.to_grade or behind or not enrolled or backups.is_behind(order.out):
            backups.backup(order.out, keep=order.course.backups)
        if not enrolled:
            with _counting(order, outcome):
                enrolment.enrol(order.out, on_roster)
    except AutograderError as error:
        outcome.gradebook_error = str(error)
    for start in range(0, len(behind), BATCH):
        interrupts.wanted()
        _enter(order, behind[start : start + BATCH], outcome)
    if not outcome.gradebook_error:
        for journal_of_part in journals:
            journal_of_part.unlink(missing_ok=True)


@contextlib.contextmanager
def _counting(order: Order, outcome: Outcome) -> Iterator[None]:
    """Follows the gradebook's count of its changes through one transaction: what else it has counted, others have done."""
    place = order.out / FILE_NAME
    if looking.counter(place) != outcome.counter:
        outcome.counter = None
    yield
    before, after = outcome.counter, looking.counter(place)
    outcome.counter = after if before == 0 or looking.is_one(before, after) else None


def _migrate(order: Order, outcome: Outcome) -> None:
    """Brings the cells in the gradebook in line with those of the release, where the lesson has changed since."""
    from autograder.gradebook import backups, bookkeeping, migration

    release = _release(order)
    change = migration.foreseen(order.out / FILE_NAME, release, order.unit.name)
    if change is not None:
        backups.backup(order.out, keep=max(order.course.backups, 1 if change.lost else 0))
        with _counting(order, outcome):
            bookkeeping.write(order.out, order.unit, [], release, config=order.config, late=order.course.late)


def _release(order: Order) -> tuple[Release, ...]:
    return releases.read(order.course, order.unit)


def _enter(
    order: Order,
    students: Sequence[str],
    outcome: Outcome,
    fresh: Mapping[str, Graded] = MappingProxyType({}),
) -> bool:
    """Brings the gradebook in line with these students' results, and says whether that could be done.

    `fresh` is by student what has just been graded, and need not be read again.
    """
    from autograder.gradebook import bookkeeping, terms
    from autograder.gradebook.submissions import Entry
    from autograder.pages import feedback

    entries = []
    for student in students:
        result = results.read(results.path(order.out, order.unit.name, student))
        if result is None:
            continue
        # The file's name is the student's; inside the file, bytes that are no UTF-8 are lost.
        named = msgspec.structs.replace(result, student=student)
        report = results.report_of(named, order.unit.title)
        where = work_of(order, outcome.plan, student)
        notebooks = _notebooks(order, where)
        shared = where.by not in ("", student)
        prepared = fresh[student].prepared if student in fresh else ()
        folder, gone = where.folder if notebooks else None, student not in outcome.plan.where
        entries.append(Entry(report, notebooks, folder, shared, prepared, gone))
    try:
        release = _release(order)
        with _counting(order, outcome):
            outcome.known = bookkeeping.write(
                order.out,
                order.unit,
                entries,
                release,
                config=order.config,
                late=order.course.late,
                known=outcome.known,
            )
        holds = terms.read(order.course, order.out, order.unit)
        feedback.publish(order.course.root, order.out, order.unit, students, release, holds)
    except AutograderError as error:
        outcome.gradebook_error = str(error)
        return False
    return True


def _notebooks(order: Order, where: HandedIn) -> dict[str, Path]:
    try:
        return places.find_notebooks(where, order.unit)
    except UnreadableError:
        return {}
