"""The notebook that was released, by which cells are known and carry points."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.errors import CourseError

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
DEFINITION = re.compile(r"\bdef\s+(\w+)\s*\(")


@dataclass(frozen=True)
class ReleasedCell:
    """One cell of the released notebook."""

    id: str  # Jupyter's, "" where it has none
    cell_type: str  # "code" or "markdown"
    source: str
    metadata: Mapping[str, Any]
    grade_id: str | None = None  # nbgrader's name for it
    grade: bool = False  # it has points
    solution: bool = False  # the student writes in it
    task: bool = False
    points: float = 0.0
    checksum: str | None = None

    @property
    def locked(self) -> bool:
        """Whether its source is the course's, whatever the student made of it."""
        return not self.solution and (self.grade or bool(self.metadata.get("nbgrader", {}).get("locked")))

    @property
    def by_hand(self) -> bool:
        """Whether it is a free-text answer or a task, which only a person can grade."""
        return self.task or (self.grade and self.solution)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of cells, by nbgrader's names, as which the gradebook has it."""
        kinds = (("GradeCell", self.grade), ("SolutionCell", self.solution), ("TaskCell", self.task))
        return (*(kind for kind, holds in kinds if holds), "SourceCell") if self.grade_id is not None else ()

    @cached_property
    def function(self) -> str | None:
        """The function that the student writes in it."""
        found = DEFINITION.search(self.source) if self.solution and self.cell_type == "code" else None
        return found[1] if found else None


@dataclass(frozen=True)
class Release:
    """The released notebook of one unit."""

    path: Path
    cells: tuple[ReleasedCell, ...]
    metadata: Mapping[str, Any]
    digest: str = ""  # of the file's bytes

    def check(self, function: str) -> ReleasedCell | None:
        """The cell that holds this function's points: `check-<function>`, with dashes or underscores."""
        names = {f"check-{function}", f"check-{function}".replace("_", "-")}
        return next((cell for cell in self.cells if cell.grade_id in names and not cell.solution), None)

    def heading(self, grade_id: str) -> str:
        """The heading under which a cell stands, its name where there is none."""
        heading = grade_id
        for cell in self.cells:
            if cell.grade_id == grade_id:
                break
            if cell.cell_type == "markdown":
                found = _HEADING.findall(cell.source)
                heading = found[-1] if found else heading
        return heading

    def answer(self, function: str) -> ReleasedCell | None:
        """The cell in which students write this function."""
        return next((cell for cell in self.cells if cell.function == function), None)


def read(path: Path) -> Release:
    """The released notebook at `path`; CourseError where there is none or it never went through nbgrader."""
    try:
        raw = path.read_bytes()
        document = json.loads(raw)
        cells = tuple(_released(cell) for cell in document["cells"])
    except OSError as error:
        raise CourseError(
            f"{path}: cannot be read ({error.strerror}): run `autograder release` first"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{path}: not a released notebook: run `autograder release` again") from None
    if not any(cell.grade for cell in cells):
        raise CourseError(f"{path}: no cell in it has points: run `autograder release` again")
    return Release(path, cells, document.get("metadata", {}), hashlib.sha256(raw).hexdigest())


def _released(cell: Mapping[str, Any]) -> ReleasedCell:
    nbgrader = cell["metadata"].get("nbgrader", {})
    return ReleasedCell(
        id=cell.get("id", ""),
        cell_type=cell["cell_type"],
        source=text_of(cell["source"]),
        metadata=cell["metadata"],
        grade_id=nbgrader.get("grade_id"),
        grade=bool(nbgrader.get("grade")),
        solution=bool(nbgrader.get("solution")),
        task=bool(nbgrader.get("task")),
        points=float(nbgrader.get("points", 0.0)),
        checksum=nbgrader.get("checksum"),
    )


def text_of(source: object) -> str:
    """A cell's source, which nbformat writes as a string or as a list of lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
