"""Finds what was handed in: `submitted/<student>/<unit>/<unit>.ipynb`, links and odd names included."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from autograder.errors import CourseError, UnreadableError
from autograder.notebook import definitions, notebooks
from autograder.records import Cell, Submission, Unit
from autograder.words import composed

_DEEPEST: Final = 4  # folders inside folders that are looked into for a notebook
_MOST_ENTRIES: Final = 2000  # and how many files and folders
_MOST_READ: Final = 5  # notebooks beside the graded one that are looked into
_ARCHIVES: Final = (".zip", ".tar", ".tgz", ".tar.gz", ".7z", ".rar")


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
    loose: tuple[str, ...] = ()  # notebooks and archives that lie in no student's folder


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
    wanted, known = set(map(composed, students)), set(map(composed, names))
    for student in students:
        if composed(student) not in known:
            close = difflib.get_close_matches(student, names, n=1)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            raise CourseError(f"no student {student!r} in {submitted}{hint}")
    chosen = [name for name in names if not students or composed(name) in wanted]
    with_work = [name for name in chosen if os.path.lexists(submitted.joinpath(name, unit.name))]
    return Collected(
        handed_in=tuple(HandedIn(name, submitted.joinpath(name, unit.name)) for name in with_work),
        without=tuple(name for name in chosen if name not in with_work),
        passed_over=tuple(entry.name for entry in entries if entry.name.startswith(".")),
        loose=tuple(
            entry.name
            for entry in entries
            if not entry.name.startswith(".")
            and (is_notebook(entry.name) or entry.name.lower().endswith(_ARCHIVES))
            and not entry.is_dir()
        ),
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
        if name.casefold() == unit.name or (is_notebook(name) and name.casefold().startswith(unit.name))
    ]


def find_notebook(handed_in: HandedIn, unit: Unit) -> Path:
    """The notebook of a submission; UnreadableError says why there is none.

    It is the one with the unit's name. A renamed one is taken if it is the only one, also where a browser has put
    an ending of its own after the name, or a zip its folders around it.
    """
    _refuse_way_out(handed_in)
    folder = handed_in.folder
    named = folder / f"{unit.name}.ipynb"
    if os.path.lexists(named):
        return named
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError as error:
        raise UnreadableError(f"the submission cannot be opened ({error.strerror})") from None
    found = (
        [folder / name for name in names if name.endswith(".ipynb")]
        or [folder / name for name in names if is_notebook(name)]
        or list(_further_down(folder))
    )
    if len(found) > 1:
        found = [path for path in found if path.name == named.name] or found
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(shown(str(path.relative_to(folder))) for path in found[:5])
        raise UnreadableError(
            f"there are {len(found)} notebooks in it ({listed}): hand in one, named {named.name}"
        )
    there = f", and there is {', '.join(map(shown, names[:5]))}" if names else ""
    raise UnreadableError(f"there is no notebook in it: {named.name} was expected{there}")


def is_notebook(name: str) -> bool:
    """Whether a file is a notebook by its name; browsers add endings of what they take it for."""
    return name.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json"))


def _further_down(folder: Path) -> Iterator[Path]:
    """The notebooks in the folders inside this one, as zips make them, without links and what programs left there."""
    looked_at = 0
    for place, folders, names in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = [
            name for name in sorted(folders) if depth < _DEEPEST and not name.startswith((".", "__"))
        ]
        for name in sorted(names):
            if is_notebook(name) and not name.startswith("."):
                yield Path(place, name)
        looked_at += 1 + len(names)
        if looked_at > _MOST_ENTRIES:
            return


def read(handed_in: HandedIn, unit: Unit, units: Sequence[Unit] = ()) -> Submission:
    """The submission as data; UnreadableError gives the reason the student is told.

    `units` are those of the course, of which one may be the notebook's true one.
    """
    path = find_notebook(handed_in, unit)
    raw = notebooks.read_bytes(path)
    cells = notebooks.cells(raw)
    names = [*(function.name for function in unit.functions), *unit.brings]
    found = submission(
        unit.name, names, cells, student=handed_in.student, path=path, digest=notebooks.digest(raw)
    )
    other = definitions.another_unit(cells, unit, units)
    return replace(found, other_unit=other.title if other is not None else "", copies=_copies(found, unit))


def submission(
    unit: str,
    functions: Sequence[str],
    cells: tuple[Cell, ...],
    *,
    student: str = "",
    path: Path = Path(),
    digest: str = "",
) -> Submission:
    """Cells as a submission, with what defines each of `functions` looked up, once for all that comes after."""
    code = tuple(cell for cell in cells if cell.kind == "code")
    return Submission(unit, student, path, code, digest, definitions.of(cells, functions))


def _copies(graded: Submission, unit: Unit) -> tuple[str, ...]:
    """The notebooks beside this one in which functions are written, where in this one none is."""
    names = [function.name for function in unit.functions]
    if definitions.are_written(graded.definitions[name] for name in names):
        return ()
    beside = [
        name
        for name in sorted(os.listdir(graded.path.parent))
        if is_notebook(name) and not name.startswith(".") and name != graded.path.name
    ]
    found = []
    for name in beside[:_MOST_READ]:
        with suppress(UnreadableError):
            cells = notebooks.cells(notebooks.read_bytes(graded.path.with_name(name)))
            if definitions.are_written(definitions.of(cells, names).values()):
                found.append(shown(name))
    return tuple(found)


def shown(name: str) -> str:
    """A name as text: it need not be UTF-8."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _refuse_way_out(handed_in: HandedIn) -> None:
    """A folder that is a link could have another student's work, or the solutions, graded as one's own."""
    for folder in (handed_in.folder.parent, handed_in.folder):
        if folder.is_symlink():
            raise UnreadableError("the submission is a link to another folder, which is refused")
