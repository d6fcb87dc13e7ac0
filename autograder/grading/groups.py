"""Work that a group hands in together: one piece of it, and marks, page and gradebook entry for every member.

In a unit with `groups = true` whoever has the same `group` on the roster hands in once: in the folder of any of them,
or in one that is called like the group. Where several have handed in, the latest counts for all. Hidden inputs are
drawn for the folder that counts, and the work is graded once. Extensions and excuses stay each member's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import escape

from autograder.course.roster import Student
from autograder.errors import UnreadableError
from autograder.gradebook import receipts
from autograder.gradebook.safe_text import plain
from autograder.naming import as_text, readings
from autograder.notebook import collect, places
from autograder.notebook.collect import Collected
from autograder.notebook.places import HandedIn
from autograder.records import Report, Unit
from autograder.words import agree, counted, few, listed


def of_unit(unit: Unit, students: Sequence[Student]) -> dict[str, tuple[str, ...]]:
    """The members of each group by its name, in the roster's order; none where the unit has no groups."""
    found: dict[str, tuple[str, ...]] = {}
    for one in students:
        if unit.groups and one.group:
            found[one.group] = (*found.get(one.group, ()), one.id)
    return found


def expanded(groups: Mapping[str, Sequence[str]], names: Iterable[str]) -> tuple[str, ...]:
    """These names of folders, and beside any of a group all others where its work may lie."""
    found: dict[str, None] = dict.fromkeys(names)
    for group, members in groups.items():
        folders = (group, *members)
        if any(_is(name, folders) for name in list(found)):
            found |= dict.fromkeys(folders)
    return tuple(found)


def members(groups: Mapping[str, Sequence[str]], names: Iterable[str]) -> tuple[str, ...]:
    """These names, with the members of a group in the place of its name."""
    found: dict[str, None] = {}
    for name in names:
        of_group = next((there for group, there in groups.items() if _is(name, (group,))), (name,))
        found |= dict.fromkeys((name,) if name in of_group else of_group)
    return tuple(found)


def shared(
    groups: Mapping[str, Sequence[str]], collected: Collected, unit: Unit, config: Path | None = None
) -> Collected:
    """What is handed in, with the work that counts for a group as that of each of its members.

    `config` is the course's `nbgrader_config.py`, by whose time zone receipts are read.
    """
    handed_in = {one.student: one for one in collected.handed_in}
    in_groups = {student for there in groups.values() for student in there}
    for group, there in groups.items():
        found = [
            one
            for one in collected.handed_in
            if one.student in there or (one.student not in in_groups and _is(one.student, (group,)))
        ]
        if not found:
            continue
        chosen = max(found, key=lambda one: (_when(one, unit, config), one.student))
        other = [one for one in found if one is not chosen and _digest(one, unit) != _digest(chosen, unit)]
        for one in found:
            handed_in.pop(one.student)
        for student in there:
            handed_in[student] = replace(
                chosen, student=student, by=chosen.student, other=tuple(one.student for one in other)
            )
    return replace(
        collected,
        handed_in=tuple(handed_in[name] for name in sorted(handed_in)),
        without=tuple(name for name in collected.without if name not in handed_in),
    )


def report_of(report: Report, handed_in: HandedIn) -> Report:
    """The report on a group's work as one member gets it."""
    lines = [f"This is your group's work, handed in as “{_said(handed_in.by)}”: it counts for each of you."]
    flags = []
    if handed_in.other:
        others = listed([f"“{_said(name)}”" for name in handed_in.other])
        flags.append(
            f"Different work of the same group was handed in as {others}: the latest counts, that of “{_said(handed_in.by)}”."
        )
    return replace(
        report,
        student=handed_in.student,
        notes=(*lines, *flags, *report.notes),
        flags=(*flags, *report.flags),
    )


def called(file: Path, student: str, other: str | None = None) -> tuple[str, bool]:
    """A result or page of somebody in whose group a student is named, by name as text, with another name there.

    And whether the student is named in it. Of a file that is not there, the text is empty.
    """

    def spelt(name: str) -> str:
        if file.suffix == ".json":
            return json.dumps(plain(name), ensure_ascii=False)[1:-1]
        return str(escape(plain(name)))

    text = file.read_text("utf-8", "replace") if file.is_file() else ""
    before = f"“{spelt(student)}”"
    after = "“somebody who has left”" if other is None else f"“{spelt(other)}”"
    return text.replace(before, after), before in text


def notices(handed_in: Iterable[HandedIn]) -> tuple[str, ...]:
    """Says so where members of a group have handed in different work."""
    found = {
        one.by: f"{_said(one.by)} in place of {few([_said(name) for name in one.other])}"
        for one in handed_in
        if one.other
    }
    if not found:
        return ()
    count, have = counted(len(found), "group"), agree(len(found), "has", "have")
    return (
        f"{count} {have} handed in different work, of which the latest counts: {few(list(found.values()))}",
    )


def _is(name: str, folders: Iterable[str]) -> bool:
    """Whether a name is one of these, however it is spelt."""
    return any(name == folder or readings(name) & readings(folder) for folder in folders)


def _when(one: HandedIn, unit: Unit, config: Path | None) -> datetime:
    """When work was handed in: by its receipt, else by the file."""
    at = receipts.timestamp(one.folder, config)
    if at is not None:
        return at
    try:
        changed = max(path.stat().st_mtime for path in places.find_notebooks(one, unit).values())
    except (UnreadableError, OSError):
        return datetime.min
    return datetime.fromtimestamp(changed, UTC).replace(tzinfo=None)


def _digest(one: HandedIn, unit: Unit) -> str:
    try:
        return collect.digest(one, unit)
    except UnreadableError as error:
        return str(error)


def _said(name: str) -> str:
    return plain(as_text(name))
