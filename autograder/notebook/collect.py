"""Finds what was handed in for a unit, and reads it as data: links and odd names included."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from autograder.errors import CourseError, UnreadableError
from autograder.naming import as_text, composed, nearest, readings
from autograder.notebook import definitions, notebooks, places
from autograder.notebook.archives import is_notebook
from autograder.notebook.places import HandedIn, find_notebook
from autograder.records import Submission, Unit, Unplaced
from autograder.words import listed

_MOST_READ: Final = 5  # notebooks beside the graded one that are looked into


@dataclass(frozen=True)
class Collected:
    """What is in `submitted/` for one unit."""

    handed_in: tuple[HandedIn, ...]
    without: tuple[str, ...]  # students whose folder has no work for this unit
    passed_over: tuple[str, ...]  # names that start with a dot
    unplaced: tuple[Unplaced, ...] = ()  # work that is not graded, since whose or what it is cannot be told


def collect(
    submitted: Path,
    unit: Unit,
    units: Sequence[Unit] = (),
    *,
    known: Collection[str] = (),
    only: Collection[str] | None = None,
) -> Collected:
    """The submissions of one unit of a course with these units, by the names of students.

    `known` are students who need have no folder: the roster's. `only` are names of what lies in `submitted/`, where
    not all of it is to be looked at. Raises CourseError where the folder is missing.
    """
    try:
        entries = sorted(os.scandir(submitted), key=lambda entry: entry.name)
    except OSError as error:
        raise CourseError(
            f"{submitted}: {error.strerror}: it should hold a folder for each student, with {places.belongs_at(unit)} in it: "
            f"`autograder import {unit.name} DOWNLOAD` fills it from an LMS"
        ) from None
    shown = [entry for entry in entries if not entry.name.startswith(".")]
    folders = [entry.name for entry in shown if entry.is_dir()]
    flat = [entry.name for entry in shown if not entry.is_dir() and places.is_work(entry.name)]
    wanted = {*folders, *flat} if only is None else set(only)
    units = units or (unit,)
    students = {*folders, *known}
    owned, unplaced = places.owners(submitted, flat, unit, units, students)
    wanted |= {student for student, file in owned.items() if file.name in wanted}
    found = {name: places.find(submitted, name, unit, units, students) for name in folders if name in wanted}
    handed_in = {name: one.handed_in for name, one in found.items() if one.handed_in is not None}
    for student, file in owned.items():
        if student in handed_in:
            why = f"{as_text(student)} handed in for {unit.name} elsewhere"
            unplaced += (Unplaced(as_text(file.name), why, as_text(student)),)
        elif student in wanted:
            handed_in[student] = HandedIn(student, submitted.joinpath(student, unit.name), file)
    return Collected(
        handed_in=tuple(handed_in[name] for name in sorted(handed_in)),
        without=tuple(name for name in found if name not in handed_in),
        passed_over=tuple(entry.name for entry in entries if entry.name.startswith(".")),
        unplaced=(*(one for name in found for one in found[name].unplaced), *unplaced),
    )


@dataclass(frozen=True)
class Sheet:
    """One notebook of a submission, as its bytes."""

    name: str  # that the unit has for it
    path: Path | None = None  # None: it is not there
    raw: bytes = b""
    trouble: str = ""  # why it cannot be read


def sheets(handed_in: HandedIn, unit: Unit) -> tuple[Sheet, ...]:
    """All notebooks that a unit has, as they were handed in; UnreadableError where none of them can be opened.

    Where there are several, one that is not there or cannot be opened leaves the others as they are.
    """
    paths = places.find_notebooks(handed_in, unit)
    names, found = places.names_of(unit), []
    for name in names:
        path = paths.get(name)
        try:
            raw = (
                b"" if path is None else notebooks.read_bytes(path, f"{name}.ipynb", or_only=len(names) == 1)
            )
        except UnreadableError as error:
            if len(names) == 1:
                raise
            found.append(Sheet(name, path, trouble=str(error)))
        else:
            trouble = "the file is empty" if path is not None else "it is not there"
            found.append(Sheet(name, path, raw, "" if raw else trouble))
    if len(names) > 1 and not any(one.raw for one in found):
        raise UnreadableError("; ".join(f"{one.name}.ipynb: {one.trouble}" for one in found))
    return tuple(found)


def digest(handed_in: HandedIn, unit: Unit) -> str:
    """By which unchanged work is known; UnreadableError where it cannot be opened."""
    return digest_of(sheets(handed_in, unit))


def digest_of(sheets: Sequence[Sheet]) -> str:
    """The same, of notebooks that have been read."""
    if len(sheets) == 1:
        return notebooks.digest(sheets[0].raw)
    parts = (f"{one.name}\0{notebooks.digest(one.raw) if one.raw else one.trouble}\0" for one in sheets)
    return notebooks.digest("".join(parts).encode("utf-8", "replace"))


def choose(names: Sequence[str], students: Sequence[str], submitted: Path) -> tuple[str, ...]:
    """Those of `names` that these students are meant by; CourseError for one who is not there."""
    chosen = []
    for student in students:
        alike = [name for name in names if readings(name) & readings(student)]
        found = (
            [name for name in names if student in (name, as_text(name))]
            or [name for name in alike if composed(name) == composed(student)]
            or alike
        )
        if len(found) != 1:
            close = [as_text(name) for name in found] or nearest(student, names)
            hint = f" (did you mean {listed(list(map(repr, close)), 'or')}?)" if close else ""
            raise CourseError(f"no student {student!r} in {submitted}{hint}")
        chosen += found
    return tuple(chosen)


def read(handed_in: HandedIn, unit: Unit, units: Sequence[Unit] = ()) -> Submission:
    """The submission as data; UnreadableError gives the reason the student is told.

    `units` are those of the course, of which one may be the notebook's true one.
    """
    path = find_notebook(handed_in, unit)
    raw = notebooks.read_bytes(path, f"{unit.name}.ipynb")
    cells = notebooks.cells(raw)
    names = [*(function.name for function in unit.functions), *unit.brings]
    found = definitions.submission(
        unit.name, names, cells, student=handed_in.student, path=path, digest=notebooks.digest(raw)
    )
    other = definitions.another_unit(cells, unit, units)
    beside = (
        _copies(found, unit) if handed_in.file is None else ()
    )  # else there lies work of other units, or students
    return replace(found, other_unit=other.title if other is not None else "", copies=beside)


def _copies(graded: Submission, unit: Unit) -> tuple[str, ...]:
    """The notebooks beside this one in which functions are written, where in this one none is."""
    names = [function.name for function in unit.functions]
    if definitions.are_written(graded.definitions[name] for name in names):
        return ()
    found = []
    for name in beside(graded.path):
        with suppress(UnreadableError):
            cells = notebooks.cells(notebooks.read_bytes(graded.path.with_name(name)))
            if definitions.are_written(definitions.of(cells, names).values()):
                found.append(as_text(name))
    return tuple(found)


def beside(notebook: Path) -> list[str]:
    """The notebooks beside one, by the names of their files, as far as they are looked into."""
    names = sorted(name for name in os.listdir(notebook.parent) if is_notebook(name))
    return [name for name in names if not name.startswith(".") and name != notebook.name][:_MOST_READ]
