"""Reads an assignment of nbgrader's from the notebooks of its author, and changes nothing in them."""

from __future__ import annotations

import codecs
import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from autograder.adopted import marked
from autograder.adopted.papers import Assignment, Paper, PaperCell, PaperKind
from autograder.dialect import NBGRADERS, Dialect
from autograder.errors import CourseError

_SUFFIX: Final = ".ipynb"
_MAX_POINTS: Final = 1e6  # as course.toml takes them


class _Nbgrader(msgspec.Struct):
    """What nbgrader notes in a cell, in any of its versions; what is missing says no."""

    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    grade_id: str = ""
    points: float | str | None = None


class _CellMetadata(msgspec.Struct):
    nbgrader: _Nbgrader | None = None


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    metadata: _CellMetadata = msgspec.field(default_factory=_CellMetadata)

    @property
    def text(self) -> str:
        return self.source if isinstance(self.source, str) else "".join(self.source)


class _Kernel(msgspec.Struct):
    name: str = ""
    language: str = ""


class _Language(msgspec.Struct):
    name: str = ""


class _Metadata(msgspec.Struct):
    kernelspec: _Kernel = msgspec.field(default_factory=_Kernel)
    language_info: _Language = msgspec.field(default_factory=_Language)

    @property
    def language(self) -> str:
        """The language in small letters; Python where nothing is said, as nbgrader takes it."""
        return (self.kernelspec.language or self.language_info.name or "python").lower()


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


_notebook: Final = msgspec.json.Decoder(_Notebook)


def read(path: Path, name: str = "", dialect: Dialect = NBGRADERS) -> Assignment:
    """The assignment whose notebooks lie in the folder `path`, or of which `path` is the only one.

    It is called `name`, like the folder or the notebook where none is given. CourseError names the notebook and the cell
    that nbgrader would refuse or that cannot be read, and says what to do.
    """
    folder = path.parent if path.suffix == _SUFFIX and path.is_file() else path
    notebooks = [path] if folder != path else _notebooks(path)
    papers = tuple(paper(notebook, dialect) for notebook in notebooks)
    return Assignment(name or path.stem, folder, papers, tuple(_beside(folder, dialect.ignore)))


def _notebooks(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CourseError(f"{folder}: there is no such folder: name one that holds an assignment's notebooks")
    found = sorted(path for path in folder.glob(f"*{_SUFFIX}") if path.is_file())
    if not found:
        raise CourseError(f"{folder} holds no notebook: name a folder with an assignment's notebooks in it")
    return found


def _beside(folder: Path, ignore: Sequence[str]) -> Iterator[Path]:
    """The files that nbgrader hands out with the notebooks, and puts back before it grades; by name."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not _ignored(one, ignore))
        for name in sorted(names):
            if not _ignored(name, (*ignore, f"*{_SUFFIX}")):
                yield Path(place, name).relative_to(folder)


def _ignored(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


# ------------------------------------------------------------------------------------------- one notebook


def paper(path: Path, dialect: Dialect = NBGRADERS) -> Paper:
    """One notebook alone, whoever has it; CourseError as for all of an assignment."""
    try:
        raw = path.read_bytes()
        if raw.startswith(codecs.BOM_UTF8):
            raise CourseError(
                f"{path} begins with a byte-order mark, and neither Jupyter nor nbgrader reads it so: save it as UTF-8 without one"
            )
        notebook = _notebook.decode(raw)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror})") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CourseError(f"{path} is no notebook that can be read: {error}") from None
    if notebook.nbformat < 4:
        raise CourseError(
            f"{path} is of notebook format {notebook.nbformat}: open it in Jupyter and save it, as nbgrader needs format 4 too"
        )
    cells = tuple(_cell(path, index, cell, dialect) for index, cell in enumerate(notebook.cells))
    _refuse_twice(path, cells)
    return Paper(path.stem, cells, path, notebook.metadata.language)


def _cell(path: Path, index: int, cell: _Cell, dialect: Dialect) -> PaperCell:
    known = cell.metadata.nbgrader or _Nbgrader()
    kind = _kind(cell, known)
    where = f"{path}, cell {index + 1}" + (f" ({known.grade_id})" if known.grade_id else "")
    if kind != "free" and not known.grade_id:
        raise CourseError(f"{where}: nbgrader grades or locks it, and it has no id: give it one in Jupyter")
    if cell.cell_type != "code" and kind in ("test", "solution"):
        raise CourseError(
            f"{where}: a text cell cannot be a {'test' if kind == 'test' else 'solution without points'}: choose “Manually "
            "graded answer” for it in Jupyter, or make it a code cell"
        )
    try:
        shown, hidden = marked.shown(cell.text, kind, cell.cell_type == "code", dialect)
    except marked.MarkerError as error:
        raise CourseError(f"{where}, line {error.line}: {error}") from None
    return PaperCell(
        index,
        kind,
        cell.text,
        known.grade_id if kind != "free" else "",
        _points(where, known) if kind in ("test", "manual", "task") else 0.0,
        shown,
        cell.cell_type == "code",
        hidden,
    )


def _kind(cell: _Cell, known: _Nbgrader) -> PaperKind:
    """What nbgrader takes a cell for: its own order of questions."""
    if known.task:
        return "task"
    if known.grade:
        return "manual" if known.solution else "test"
    if known.solution:
        return "solution"
    return "locked" if known.locked else "free"


def _points(where: str, known: _Nbgrader) -> float:
    """Older versions of nbgrader leave an empty text or negative points, which count as none."""
    try:
        points = float(known.points or 0)
    except ValueError:
        raise CourseError(f"{where}: its points are {known.points!r}: give it a number in Jupyter") from None
    if not points <= _MAX_POINTS:
        raise CourseError(f"{where}: it has {points} points: give it {_MAX_POINTS:,.0f} at most")
    return max(points, 0.0)


def _refuse_twice(path: Path, cells: Sequence[PaperCell]) -> None:
    first: dict[str, int] = {}
    for cell in cells:
        if cell.grade_id and cell.grade_id in first:
            raise CourseError(
                f"{path}: cells {first[cell.grade_id] + 1} and {cell.index + 1} have the same id {cell.grade_id!r}: "
                "give one of them another in Jupyter, as nbgrader needs it too"
            )
        if cell.grade_id:
            first[cell.grade_id] = cell.index
