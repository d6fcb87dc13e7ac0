"""The notebooks that were released, by which cells are known and carry points."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
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
        found = tuple(kind for kind, holds in kinds if holds)
        return (*found, "SourceCell") if self.grade_id is not None and (found or self.locked) else ()

    @cached_property
    def function(self) -> str | None:
        """The function that the student writes in it."""
        found = DEFINITION.search(self.source) if self.solution and self.cell_type == "code" else None
        return found[1] if found else None


@dataclass(frozen=True)
class Release:
    """One released notebook of a unit.

    Of an assignment that nbgrader made it is made of its author's, whose hidden tests graders see.
    """

    path: Path
    cells: tuple[ReleasedCell, ...]
    metadata: Mapping[str, Any]
    digest: str = ""  # of the file's bytes
    tests: Mapping[str, str] | None = None  # of nbgrader's: what results call its test cells, by grade_id
    alone: bool = True  # the unit has no other

    @property
    def name(self) -> str:
        """What nbgrader calls the notebook: the name of its file."""
        return self.path.stem

    @property
    def adopted(self) -> bool:
        """Whether it is of an assignment that nbgrader made."""
        return self.tests is not None

    def check(self, function: str) -> ReleasedCell | None:
        """The cell that holds this function's points; None where none of this notebook does.

        It is `check-<function>`, with dashes or underscores, or the test cell that is called so.
        """
        if self.tests is not None:
            id = next((id for id, name in self.tests.items() if name == function), None)
            return next((cell for cell in self.cells if id is not None and cell.grade_id == id), None)
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
        """The cell in which students write this function; of a test cell it cannot be told."""
        if self.adopted:
            return None
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


def checksum(cell: ReleasedCell) -> str:
    """By which nbgrader sees whether a cell was changed, as its own `compute_checksum` has it."""
    parts = [cell.source, cell.cell_type, str(cell.grade), str(cell.solution), str(cell.locked)]
    parts += [cell.grade_id or "", *([str(cell.points)] if cell.grade else [])]
    text = "".join(parts).encode("utf-8", "replace")
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def check_of(releases: Sequence[Release], function: str) -> tuple[Release, ReleasedCell] | None:
    """The notebook and the cell in it that hold a function's points."""
    found = ((one, one.check(function)) for one in releases)
    return next(((one, cell) for one, cell in found if cell is not None), None)


def heading(releases: Sequence[Release], name: str) -> str:
    """The heading under which a cell stands, by its name among all of a unit; that name where there is none."""
    if len(releases) == 1:
        return releases[0].heading(name)
    notebook, _, grade_id = name.partition("/")
    found = next((one.heading(grade_id) for one in releases if one.name == notebook), name)
    return name if found == grade_id else found


def text_of(source: object) -> str:
    """A cell's source, which nbformat writes as a string or as a list of lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
