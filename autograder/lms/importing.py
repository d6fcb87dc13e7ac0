"""Takes an LMS's downloads into `submitted/`: matched to the roster, the latest attempt in place, and nothing lost.

All is read and staged before anything is moved, so that what cannot be read changes nothing. What another attempt takes
the place of, and work of which it is not known whose it is, is kept in `imported/` (see `gradebook/imported.py`).
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.course import roster
from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.gradebook import arrangements, files, imported, receipts, results, settings, turns
from autograder.gradebook.arrangements import Arrangements
from autograder.gradebook.imported import Downloaded, Taken, Unmatched
from autograder.grading import groups, notices, releases
from autograder.lms import attempts, decisions, matches, staging, worksheets
from autograder.lms.attempts import Attempt, Clock, Contents, Source
from autograder.lms.decisions import Decision
from autograder.lms.downloads import CALLED, Kind
from autograder.lms.matches import Matches
from autograder.lms.staging import Staged
from autograder.naming import as_name, as_text
from autograder.notebook import bundles, collect, notebooks, places
from autograder.notebook.places import HandedIn
from autograder.records import Course, Unit
from autograder.words import agree, counted, few


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    kinds: tuple[Kind, ...]
    decisions: tuple[Decision, ...]  # by student
    unmatched: tuple[Unmatched, ...]  # of this download, with the reason
    without_work: tuple[str, ...]  # labels of what holds no notebook
    notes: tuple[str, ...]
    worksheets: tuple[str, ...]  # that are kept


def take_in(
    course: Course,
    unit: Unit,
    given: Sequence[Path],
    *,
    kind: Kind | None = None,
    submitted: Path | None = None,
    replace: bool = False,
    dry_run: bool = False,
    waiting: Callable[[], None] = lambda: None,
) -> Imported:
    """Takes what these zips, folders and worksheets hold into `submitted/`, and keeps what must not be lost.

    CourseError, with nothing changed, where one of them cannot be read, is of another unit or another course, or
    where it cannot be told which system it comes from. `dry_run` looks at all of it and changes nothing. Two at once
    take their turns; `waiting` is called where that takes a while.
    """
    target = submitted if submitted is not None else course.root / "submitted"
    config = course.root / settings.CONFIG
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(turns.changing(course.root, waiting))
        sources = [stack.enter_context(_opened(path)) for path in given]
        students = roster.read(course.roster) if course.roster is not None else None
        contents = attempts.read(
            sources,
            unit,
            course.units,
            Clock(settings.zone(course), config),
            kind=kind,
            students=[one.id for one in students or ()],
        )
        before = imported.read(course.root, unit.name)
        rough = stack.enter_context(_rough(course.root, unit, dry_run=dry_run))
        staged = _staged(contents, unit, rough)
        work = [one for one in staged if one.has_work]
        notes = [f"{one.attempt.label}: {note}" for one in staged for note in one.notes]
        notes += notices.columns(course.roster)
        notes += _of_other_units(course, unit, given, work)
        folders = os.listdir(target) if target.is_dir() else []
        known = {taken.label: as_name(student) for student, taken in before.students.items()}
        found = matches.match(work, students, folders, known, groups.of_unit(unit, students or ()).keys())
        _refuse_strangers(course, given, work, found)
        decided = tuple(
            decisions.decide(
                student,
                own,
                decisions.there(target / student / unit.name, taken, config),
                taken,
                replace=replace,
            )
            for student, own in sorted(found.by_folder.items())
            for taken in [before.students.get(as_text(student))]
        )
        done = Imported(
            contents.kinds,
            decided,
            tuple(_unmatched(one, why) for one, why in found.unmatched),
            tuple(one.attempt.label for one in staged if not one.has_work),
            (*contents.notes, *notes, *found.notes, *_on_times(contents, course, unit, decided)),
            tuple(contents.worksheets),
        )
        if not dry_run:
            try:
                _apply(course, unit, contents, found, done, before)
            except OSError as error:
                raise AutograderError(
                    f"{error.filename or target}: {error.strerror}: import again once it can be written"
                ) from None
    return done


@contextmanager
def _opened(path: Path) -> Iterator[Source]:
    try:
        if path.suffix.lower() == ".csv":
            yield Source(path, bundles.single(path))
        else:
            with bundles.opened(path) as bundle:
                yield Source(path, bundle)
    except UnreadableError as error:
        raise CourseError(f"{path}: {error}") from None


@contextmanager
def _rough(root: Path, unit: Unit, *, dry_run: bool) -> Iterator[Path]:
    """A folder to stage in, on the disk where all ends up, which goes with all that is left in it."""
    place = None if dry_run else imported.place(root, unit.name)
    try:
        if place is not None:
            place.mkdir(parents=True, exist_ok=True)
        rough = tempfile.mkdtemp(prefix=".import-", dir=place)
    except OSError as error:
        raise CourseError(f"{error.filename or place}: cannot be written ({error.strerror})") from None
    try:
        yield Path(rough)
    finally:
        shutil.rmtree(rough, ignore_errors=True)
        if place is not None:
            with suppress(OSError):  # where nothing is kept
                place.rmdir()
                place.parent.rmdir()


def _staged(contents: Contents, unit: Unit, rough: Path) -> list[Staged]:
    lost = [
        Attempt(contents.kinds[0], label, (), (((item.parts[-1],), item),), (0, "", 0))
        for label, item in contents.nobodys
    ]
    staged = []
    for number, attempt in enumerate((*contents.attempts, *lost)):
        folder = rough / str(number)
        folder.mkdir()
        staged.append(staging.stage(attempt, unit, folder))
    return staged


# ----------------------------------------------------------------------------------------- what is of somebody else


def _of_other_units(course: Course, unit: Unit, given: Sequence[Path], work: Sequence[Staged]) -> list[str]:
    """Whose notebook is another unit's, as a line each; CourseError where that is most of them."""
    ids = {one.name: _grade_ids(course, one) for one in course.units}
    others: dict[str, list[Staged]] = {}
    readable = 0
    for one in work:
        try:
            other = _other_unit(one, unit, course.units, ids)
        except UnreadableError:
            continue  # which its result says
        readable += 1
        if other is not None:
            others.setdefault(other.name, []).append(one)
    for name, own in others.items():
        if 2 * len(own) > readable:
            raise CourseError(
                f"{few(list(map(str, given)))}: {len(own)} of {counted(readable, 'notebook')} {agree(len(own), 'is', 'are')} of "
                f"{name}, and not of {unit.name}: nothing is taken; `autograder import {name}` takes them"
            )
    return [
        f"{one.attempt.label}: it holds the notebook of {name}: taken as it is, and its result says so"
        for name, own in others.items()
        for one in own
    ]


def _other_unit(
    staged: Staged, unit: Unit, units: Sequence[Unit], ids: Mapping[str, frozenset[str]]
) -> Unit | None:
    """The unit whose notebook it is, by nbgrader's names of its cells, by its functions, or else by its own name."""
    handed_in = HandedIn("", staged.folder)
    raw = [sheet.raw for sheet in collect.sheets(handed_in, unit) if sheet.raw]
    own = {saved.grade_id for one in raw for saved in notebooks.saved(one)} - {None}
    shared = {one.name: len(own & ids[one.name]) for one in units}
    if shared[unit.name] and shared[unit.name] == max(shared.values()):
        return None  # whatever it brings along from another
    by_functions = collect.read(handed_in, unit, units).other_unit if unit.adopted is None else ""
    if by_functions:
        return next(one for one in units if one.title == by_functions)
    by_ids = [
        one for one in units if shared[one.name] and ids[unit.name]
    ]  # which share some, released or not
    if len(by_ids) == 1 and by_ids != [unit]:
        return by_ids[0]
    names = [item.parts[-1] for _, item in staged.attempt.files if places.is_readable(item.parts[-1])]
    meant = places.meant_units(names[0], units) if len(names) == 1 and not own else []
    return meant[0] if len(meant) == 1 and meant != [unit] else None


def _grade_ids(course: Course, unit: Unit) -> frozenset[str]:
    try:
        cells = [cell for release in releases.read(course, unit) for cell in release.cells]
    except CourseError:  # not released: known by its functions alone
        return frozenset()
    return frozenset(cell.grade_id for cell in cells if cell.grade_id is not None)


def _refuse_strangers(course: Course, given: Sequence[Path], work: Sequence[Staged], found: Matches) -> None:
    if course.roster is not None and len(work) > 1 and not (found.by_folder or found.in_doubt):
        raise CourseError(
            f"{few(list(map(str, given)))}: none of {counted(len(work), 'submission')} is known to be of anybody in "
            f"{course.roster.name}: is it of another course? The first: {found.unmatched[0][0].attempt.label}: "
            f"{found.unmatched[0][1]}"
        )


# ------------------------------------------------------------------------------------------------------- times


def _on_times(contents: Contents, course: Course, unit: Unit, decided: Sequence[Decision]) -> tuple[str, ...]:
    """What is not known of times, in a line each."""
    put = [one for one in decided if one.outcome in decisions.PUT]
    undated = [one for one in decided if one.latest.attempt.at is None and (one in put or one.receipt)]
    late = [as_text(one.student) for one in undated if one.latest.attempt.late]
    forgiven = [as_text(one.student) for one in undated if one.receipt and not one.latest.attempt.late]
    untold = [one for one in put if one.latest.attempt.at is None and not one.latest.attempt.late]
    notes = []
    if late:
        system = CALLED[next(one.latest.attempt.kind for one in undated if one.latest.attempt.late)]
        arranged = arrangements.read(course.root, course.root, unit)
        how = "the unit has no due date here"
        if arranged.due is not None:
            how = "noted as the first second after it was due"
            extended = [name for name in late if arranged.of(name).extension is not None]
            how += f", after the extension for {few(extended)}" if extended else ""
            how += ", which grace_minutes forgives" if course.late and course.late.grace_minutes else ""
        notes.append(
            f"late by {system}, which does not say how late: {few(late)}: {how}; write timestamp.txt beside the work where "
            "you know better"
        )
    if forgiven:
        notes.append(f"late before, and by this download not any more: {few(forgiven)}: counts as in time")
    if untold and "moodle" in contents.kinds:
        notes.append(
            f"when {counted(len(untold), 'submission')} came is not known, and counts as in time: Moodle says it in the "
            "grading worksheet: import it together with the zip"
        )
    return tuple(notes)


def _noted(arranged: Arrangements, student: str, attempt: Attempt) -> datetime | None:
    """When an attempt came, for its receipt; where it is only known to be late, the first second after it was due."""
    if attempt.at is not None or not attempt.late:
        return attempt.at
    due = arranged.of(student).due
    return None if due is None else due.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=1)


def _receipt(at: datetime | None) -> bytes | None:
    """nbgrader's receipt for a time."""
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S.%f} UTC".encode()


# ------------------------------------------------------------------------------------------------------- moves


def _apply(
    course: Course, unit: Unit, contents: Contents, found: Matches, done: Imported, before: Downloaded
) -> None:
    """Moves each attempt to its place, a whole folder at a time, and notes what the LMS called it."""
    students = dict(before.students)
    arranged = arrangements.read(course.root, course.root, unit)
    sheets = {
        name: _place_of_sheet(course.root, unit, name, raw) for name, raw in contents.worksheets.items()
    }
    results.write_all([(sheets[name], raw) for name, raw in contents.worksheets.items()])
    names = {name: place.name for name, place in sheets.items()}
    for decision in done.decisions:
        aside = imported.attempts(course.root, unit.name, decision.student)
        for earlier in decision.earlier:
            _keep(earlier, aside)
        name, attempt = as_text(decision.student), decision.latest.attempt
        at = _noted(arranged, decision.student, attempt)
        _put(decision, aside, _receipt(at))
        if decision.outcome not in ("older", "unclear"):
            noted = before.students[name].noted if name in before.students else ""
            if decision.receipt or decision.outcome in decisions.PUT:
                noted = at.isoformat() if at is not None and attempt.at is None else ""
            students[name] = _taken(decision.latest, names, noted)
    nobodys = imported.unmatched(course.root, unit.name)
    kept = {one.folder: one for one in before.unmatched if (nobodys / one.folder).is_dir()}
    for (staged, _), told in zip(found.unmatched, done.unmatched, strict=True):
        if not (nobodys / told.folder).exists():
            staging.move(staged.folder, nobodys / told.folder)
        kept[told.folder] = told
    for own in found.by_folder.values():  # what is known by now
        for folder in {_unmatched(one, "").folder for one in own} & kept.keys():
            shutil.rmtree(nobodys / folder)
            del kept[folder]
    imported.write(course.root, unit.name, Downloaded(students, tuple(kept[name] for name in sorted(kept))))


def _put(decision: Decision, aside: Path, receipt: bytes | None) -> None:
    latest, place = decision.latest, decision.there.folder
    if decision.outcome == "older" or decision.outcome == "unclear":
        _keep(latest, aside)
    elif decision.receipt and receipt is not None:
        files.replace(place / receipts.TIMESTAMP, receipt)
    elif decision.receipt:
        (place / receipts.TIMESTAMP).unlink(missing_ok=True)
    elif decision.outcome in decisions.PUT:
        staged = _own_copy(latest)
        if receipt is not None:
            (staged / receipts.TIMESTAMP).write_bytes(receipt)
        if place.is_symlink() or place.exists():
            before = decision.there
            name = staging.folder_name(before.at.isoformat() if before.at else "", before.digest)
            if before.digest and not (aside / name).exists():
                staging.move(place, aside / name)
            elif place.is_symlink():
                place.unlink()
            else:
                shutil.rmtree(place)
        staging.move(staged, place)


def _own_copy(staged: Staged) -> Path:
    """A copy of what is staged, for one of those who handed it in together."""
    folder = Path(tempfile.mkdtemp(prefix=f"{staged.folder.name}-", dir=staged.folder.parent)) / "own"
    shutil.copytree(staged.folder, folder)
    return folder


def _keep(staged: Staged, aside: Path) -> None:
    at = staged.attempt.at
    place = aside / staging.folder_name(at.isoformat() if at else "", staged.digest)
    if place.exists():
        return
    own = _own_copy(staged)
    if at is not None:
        (own / receipts.TIMESTAMP).write_bytes(_receipt(at) or b"")
    staging.move(own, place)


def _place_of_sheet(root: Path, unit: Unit, name: str, raw: bytes) -> Path:
    """Where a worksheet is kept: in the place of an older one of the same people, and beside those of others.

    Moodle's numbers are of one assignment alone, and browsers give a name of its own to what is downloaded twice.
    """
    own = worksheets.numbers(raw)
    for kept in imported.worksheets(root, unit.name):
        if worksheets.numbers(kept.read_bytes()) <= own:
            return kept
    stem = staging.safe(name).removesuffix(".csv")
    names = itertools.chain([f"{stem}.csv"], (f"{stem} ({count}).csv" for count in itertools.count(2)))
    free = (imported.worksheet(root, unit.name, name) for name in names)
    return next(place for place in free if not place.exists())


def _taken(staged: Staged, sheets: Mapping[str, str], noted: str) -> Taken:
    attempt = staged.attempt
    return Taken(
        attempt.kind,
        attempt.label,
        staged.digest,
        attempt.participant,
        sheets.get(attempt.worksheet, ""),
        attempt.at.isoformat() if attempt.at is not None else "",
        attempt.late,
        attempt.order[2],
        noted,
    )


def _unmatched(staged: Staged, why: str) -> Unmatched:
    label = as_text(staged.attempt.label)
    return Unmatched(label, why, f"{staging.safe(label, 200)}-{staged.digest[:8]}")
