"""Finds what was handed in: `submitted/<student>/<unit>/<unit>.ipynb`, links and odd names included."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError, UnreadableError
from autograder.notebook import notebooks, syntax
from autograder.records import Cell, Submission, Unit


@dataclass(frozen=True)
class HandedIn:
    """One student's folder for one unit, not read yet."""

    student: str  # the folder's name, unchanged
    folder: Path  # submitted/<student>/<unit>


@dataclass(frozen=True)
class Collected:
    """What is in `submitted/` for one unit."""

    handed_in: tuple[HandedIn, ...]
    without: tuple[str, ...]  # students whose folder has no work for this unit
    passed_over: tuple[str, ...]  # names that start with a dot
    misplaced: tuple[Path, ...] = ()  # what students without work for this unit may have meant by it


def collect(submitted: Path, unit: Unit, students: Sequence[str] = ()) -> Collected:
    """The submissions of one unit, of `students` alone where any are named.

    Raises CourseError where the folder is missing, and for a named student who is not there.
    """
    try:
        entries = sorted(os.scandir(submitted), key=lambda entry: entry.name)
    except OSError as error:
        raise CourseError(
            f"{submitted}: {error.strerror}: it should hold a folder for each student, with {unit.name}/{unit.name}.ipynb in it"
        ) from None
    names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    for student in students:
        if student not in names:
            close = difflib.get_close_matches(student, names, n=1)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            raise CourseError(f"no student {student!r} in {submitted}{hint}")
    chosen = [name for name in names if not students or name in students]
    with_work = [name for name in chosen if os.path.lexists(submitted.joinpath(name, unit.name))]
    return Collected(
        handed_in=tuple(HandedIn(name, submitted.joinpath(name, unit.name)) for name in with_work),
        without=tuple(name for name in chosen if name not in with_work),
        passed_over=tuple(entry.name for entry in entries if entry.name.startswith(".")),
        misplaced=tuple(
            path for name in chosen if name not in with_work for path in _misplaced(submitted / name, unit)
        ),
    )


def _misplaced(folder: Path, unit: Unit) -> list[Path]:
    """The unit's notebook right in the student's folder, or in a folder whose name differs in case alone."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [
        folder / name
        for name in names
        if name.casefold() == unit.name or (name.endswith(".ipynb") and name.casefold().startswith(unit.name))
    ]


def find_notebook(handed_in: HandedIn, unit: Unit) -> Path:
    """The notebook of a submission, a renamed one if it is the only one; UnreadableError says why there is none."""
    _refuse_way_out(handed_in)
    named = handed_in.folder / f"{unit.name}.ipynb"
    if os.path.lexists(named):
        return named
    try:
        found = sorted(
            entry.name
            for entry in os.scandir(handed_in.folder)
            if entry.name.endswith(".ipynb") and not entry.name.startswith(".")
        )
    except OSError as error:
        raise UnreadableError(f"the submission cannot be opened ({error.strerror})") from None
    if not found:
        raise UnreadableError(f"there is no notebook in it: {unit.name}.ipynb was expected")
    if len(found) > 1:
        raise UnreadableError(
            f"there are {len(found)} notebooks in it ({', '.join(map(_shown, found[:5]))}): hand in one, named {unit.name}.ipynb"
        )
    return handed_in.folder / found[0]


def read(handed_in: HandedIn, unit: Unit) -> Submission:
    """The submission as data; UnreadableError gives the reason the student is told."""
    path = find_notebook(handed_in, unit)
    raw = notebooks.read_bytes(path)
    names = [*(function.name for function in unit.functions), *unit.brings]
    cells = notebooks.code_cells(raw)
    return submission(
        unit.name, names, cells, student=handed_in.student, path=path, digest=notebooks.digest(raw)
    )


def submission(
    unit: str,
    functions: Iterable[str],
    cells: tuple[Cell, ...],
    *,
    student: str = "",
    path: Path = Path(),
    digest: str = "",
) -> Submission:
    """Cells as a submission, with what defines each of `functions` looked up, once for all that comes after."""
    definitions = {name: syntax.definition(cells, name) for name in functions}
    return Submission(unit, student, path, cells, digest, definitions)


def _shown(name: str) -> str:
    """A name as text: it need not be UTF-8."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _refuse_way_out(handed_in: HandedIn) -> None:
    """A folder that is a link could have another student's work, or the solutions, graded as one's own."""
    for folder in (handed_in.folder.parent, handed_in.folder):
        if folder.is_symlink():
            raise UnreadableError("the submission is a link to another folder, which is refused")
