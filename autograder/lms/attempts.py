"""What downloads hold, put together: who handed in which files, when, and as which attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.decoding import UndecodedError, decoded
from autograder.errors import CourseError, UnreadableError
from autograder.lms import dates, downloads, owners, slips, worksheets
from autograder.lms.downloads import METADATA, Download, Kind, Who
from autograder.lms.slips import Slip
from autograder.lms.worksheets import Row, Worksheet
from autograder.naming import as_text, readings
from autograder.notebook import places
from autograder.notebook.bundles import Bundle, Item
from autograder.records import Unit
from autograder.words import counted, few


@dataclass(frozen=True)
class Source:
    """One zip, folder or worksheet that was given, opened."""

    path: Path
    bundle: Bundle


@dataclass(frozen=True)
class Clock:
    """What a time means that names no zone."""

    zone: tzinfo
    config: Path | None = None  # the course's nbgrader_config.py


@dataclass(frozen=True)
class Attempt:
    """What was handed in at once, by one person or several together."""

    kind: Kind
    label: str  # as the LMS calls it, by which feedback is given back
    people: tuple[Who, ...]
    files: tuple[
        tuple[tuple[str, ...], Item], ...
    ]  # each with the folders and the name it was handed in under
    order: tuple[
        int, str, int
    ]  # sorts the attempts of a person: source, stamp, number; those that are equal cannot be told
    at: datetime | None = None  # UTC, without a zone
    late: bool = False
    participant: str = ""  # Moodle's number of the one who handed it in; empty for a group's
    worksheet: str = ""  # the name of the worksheet that says who it is
    labels: tuple[str, ...] = ()  # of each file its own, where the LMS labels files


@dataclass(frozen=True)
class Contents:
    """All that some downloads hold."""

    kinds: tuple[Kind, ...]
    attempts: tuple[Attempt, ...]
    nobodys: tuple[tuple[str, Item], ...]  # work whose name says nobody in the way of its system
    worksheets: Mapping[str, bytes]  # Moodle's, by name
    notes: tuple[str, ...]


def read(
    sources: Sequence[Source],
    unit: Unit,
    units: Sequence[Unit],
    clock: Clock,
    *,
    kind: Kind | None = None,
    students: Sequence[str] = (),
) -> Contents:
    """What these downloads hold for a unit; `kind` is told by their names where it is not given.

    `students` are ids of the roster, by which a plain download's folders are known. CourseError where the kind cannot
    be told, or what must come with it is missing or of another course.
    """
    found = {source.path: _kind(source, kind) for source in sources}
    sheets = _sheets([source for source in sources if found[source.path] in ("moodle", None)])
    attempts: list[Attempt] = []
    nobodys: list[tuple[str, Item]] = []
    notes: list[str] = []
    for place, source in enumerate(sources):
        notes += [f"{source.path.name}: left out: {name}: {why}" for name, why in source.bundle.left_out]
        system = found[source.path]
        if system is None:
            continue
        items = [
            item for item in source.bundle.items if system != "moodle" or _sheet_name(item) not in sheets
        ]
        if system == "plain":
            items = _without_wrapping(items, students)
        if system == "ilias":
            items = _without_title(items)
        own, strange = _grouped(place, system, items, unit, units)
        attempts += _dated(source, system, items, own, clock)
        nobodys += strange
    if sheets:
        attempts, told = _looked_up(attempts, sheets, clock)
        notes += told
    return Contents(
        tuple(dict.fromkeys(system for system in found.values() if system is not None)),
        tuple(attempts),
        tuple(nobodys),
        {name: raw for name, (_, raw) in sheets.items()},
        tuple(notes),
    )


def _kind(source: Source, kind: Kind | None) -> Kind | None:
    """Which system a source comes from; None for a worksheet by itself."""
    if source.path.suffix.lower() == ".csv":
        return None
    found = kind or downloads.kind_of([item.parts for item in source.bundle.items])
    if found is None:
        raise CourseError(
            f"{source.path}: which system it comes from cannot be told by the names in it: say it with --from "
            f"({', '.join(downloads.KINDS)})"
        )
    return found


def _grouped(
    place: int, kind: Kind, items: Sequence[Item], unit: Unit, units: Sequence[Unit]
) -> tuple[list[Attempt], list[tuple[str, Item]]]:
    """The files by person and attempt, and the work whose name says nobody."""
    groups: dict[object, list[tuple[Download, Item]]] = {}
    nobodys = []
    for item in items:
        found = downloads.whose(kind, item.parts)
        if found is None and places.is_work(item.parts[-1]):
            nobodys.append((as_text("/".join(item.parts)), item))
        if found is not None and kind == "plain":
            found = _of_unit(found, unit, units)
        if found is not None:
            key = found.who if kind == "canvas" else (found.label, found.attempt)
            groups.setdefault(key, []).append((found, item))
    return [_attempt(place, kind, group) for group in groups.values()], nobodys


def _attempt(place: int, kind: Kind, group: Sequence[tuple[Download, Item]]) -> Attempt:
    # The file with the highest number came last: feedback goes back under its name, unless another is graded (`staging`).
    first = max((one for one, _ in group), key=lambda one: (places.is_readable(one.file[-1]), one.number))
    return Attempt(
        kind,
        first.label,
        (first.who,),
        tuple((one.file, item) for one, item in group if not one.is_slip),
        (place, first.attempt, first.number),
        late=any(one.late for one, _ in group),
        participant=first.who.participant,
        labels=tuple(one.label for one, _ in group if not one.is_slip),
    )


def _of_unit(found: Download, unit: Unit, units: Sequence[Unit]) -> Download | None:
    """The file without its unit's folder, as in `ada/self-attention/…`; None where it lies in another unit's."""
    meant = places.meant_units(found.file[0], units) if len(found.file) > 1 else []
    if meant == [unit]:
        return replace(found, file=found.file[1:])
    return None if meant else found


def _without_wrapping(items: Sequence[Item], students: Sequence[str]) -> list[Item]:
    """The files of a plain download without the folders that are around all of them and are no student's."""
    known = {reading for student in students for reading in readings(student)}
    while True:
        tops = {item.parts[0] for item in items}
        below = {item.parts[1] for item in items if len(item.parts) > 2}
        (top, *others) = tops
        if others or any(len(item.parts) < 2 for item in items) or readings(top) & known:
            return list(items)
        if not known and len(below) < 2:
            return list(items)  # it may be the one student
        items = [replace(item, parts=item.parts[1:]) for item in items]


def _without_title(items: list[Item]) -> list[Item]:
    """ILIAS's files without the folder of the assignment, where that is called as somebody's: `Blatt_1_Attention_7`.

    It is around the folders of several; what one person has handed in is not.
    """
    found = [downloads.whose("ilias", item.parts) for item in items]
    tops = {item.parts[0] for item in items}
    if len(tops) != 1 or {one and one.label for one in found} != tops:
        return items
    inner = [replace(item, parts=item.parts[1:]) for item in items]
    below = {one.label for item in inner if (one := downloads.whose("ilias", item.parts)) is not None}
    return inner if len(below) > 1 else items


# ------------------------------------------------------------------------------------------------- when, and who


def _dated(
    source: Source, kind: Kind, items: Sequence[Item], attempts: Sequence[Attempt], clock: Clock
) -> list[Attempt]:
    """The attempts with what the system lays beside them."""
    if kind == "gradescope":
        place = downloads.metadata([item.parts for item in items])
        if place is None:
            raise CourseError(
                f"{source.path}: there is no {METADATA} in it, which says whose the submissions are: download all of them again"
            )
        slip = slips.gradescope(_content(source, items[place]))
        return [_with_slip(attempt, slip.get(attempt.label), clock) for attempt in attempts]
    if kind == "blackboard":
        return [_with_slip(attempt, _blackboard(source, attempt, items), clock) for attempt in attempts]
    return list(attempts)


def _blackboard(source: Source, attempt: Attempt, items: Sequence[Item]) -> Slip | None:
    slip = next((item for item in items if item.parts[-1] == f"{attempt.label}.txt"), None)
    return None if slip is None else slips.blackboard(_content(source, slip))


def _content(source: Source, item: Item) -> bytes:
    try:
        return item.read()
    except UnreadableError as error:
        raise CourseError(f"{source.path}: {'/'.join(item.parts)}: {error}") from None


def _with_slip(attempt: Attempt, slip: Slip | None, clock: Clock) -> Attempt:
    by_name = dates.of_stamp(attempt.order[1], clock.zone)
    if slip is None:
        people = () if attempt.kind == "gradescope" else attempt.people
        return replace(attempt, people=people, at=by_name)
    written = dates.of_text(slip.written, clock.zone, clock.config) if slip.written else None
    return replace(attempt, people=slip.people or attempt.people, at=slip.at or written or by_name)


# ---------------------------------------------------------------------------------------------------- worksheets


def _sheets(sources: Sequence[Source]) -> dict[str, tuple[Worksheet, bytes]]:
    """Moodle's worksheets among the files, by name; CourseError for a CSV file that was given and is none."""
    found: dict[str, tuple[Worksheet, bytes]] = {}
    for source in sources:
        for item in source.bundle.items:
            name = _sheet_name(item)
            if not name:
                continue
            raw = _content(source, item)
            sheet = worksheets.read(name, raw)
            if sheet is not None:
                found[name] = (sheet, raw)
            elif source.path.suffix.lower() == ".csv":
                try:
                    decoded(raw)
                except UndecodedError as error:
                    raise CourseError(f"{source.path}: {error}: save it as CSV UTF-8{error.hint}") from None
                raise CourseError(
                    f"{source.path}: no grading worksheet of Moodle: expected its column with participants' numbers and "
                    "those for grade and times, in a language that is known (English, German and some more)"
                )
    return found


def _sheet_name(item: Item) -> str:
    """The name of a file that may be a worksheet, outside of all submissions; empty where it cannot be one."""
    name = item.parts[-1]
    is_own = not any(downloads.whose("moodle", item.parts[:depth]) for depth in range(1, len(item.parts) + 1))
    return name if name.lower().endswith(".csv") and len(item.parts) < 3 and is_own else ""


def _looked_up(
    attempts: Sequence[Attempt], sheets: Mapping[str, tuple[Worksheet, bytes]], clock: Clock
) -> tuple[list[Attempt], list[str]]:
    """Moodle's attempts with what the worksheets say of their people; CourseError where they speak of others alone."""
    found: list[Attempt] = []
    lost: list[str] = []
    for attempt in attempts:
        told = _told(attempt, [sheet for sheet, _ in sheets.values()]) if attempt.kind == "moodle" else None
        if told is not None:
            name, rows = told
            came = [dates.of_text(row.said("at"), clock.zone, clock.config) for row in rows]
            at = next((time for time in came if time is not None), None)
            people = tuple(_person(attempt, row) for row in rows)
            number = (
                attempt.participant if attempt.participant == rows[0].number else ""
            )  # else it is a group's
            attempt = replace(attempt, people=people, at=at, participant=number, worksheet=name)
        elif attempt.kind == "moodle":
            lost.append(attempt.label)
        found.append(attempt)
    moodle = sum(attempt.kind == "moodle" for attempt in attempts)
    if lost and len(lost) == moodle:
        raise CourseError(
            f"{few(list(sheets))}: none of the {counted(moodle, 'submission')} in the download is in it: is it the worksheet "
            "of another course or assignment?"
        )
    return found, [f"not in the worksheet, so known by name alone: {few(lost)}"] if lost else []


def _told(attempt: Attempt, sheets: Sequence[Worksheet]) -> tuple[str, list[Row]] | None:
    """The worksheet that knows who handed an attempt in, and its rows: one, or those of a group."""
    (who,) = attempt.people
    for sheet in sheets:
        own = [row for row in sheet.rows if row.number == who.participant and _agree(who.name, row, sheet)]
        group = [row for row in sheet.rows if row.said("group").replace("_", " ") == who.name]
        if own or group:
            return sheet.name, own or group
    return None


def _agree(name: str, row: Row, sheet: Worksheet) -> bool:
    """Whether a folder's name is that of the row's person, a group's before it aside; where names are hidden, it is."""
    said, here = owners.plainly(row.said("name")), owners.plainly(name)
    return said in here or here in said or here == owners.plainly(sheet.word)


def _person(attempt: Attempt, row: Row) -> Who:
    name = row.said("name") or attempt.people[0].name
    return Who(name, row.said("id"), row.said("login"), row.said("email"), row.number)
