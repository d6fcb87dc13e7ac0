"""The notebooks of a unit as students got them, by whose cells marks are given.

Those of a lesson of ours are read as they were released. Those of an assignment that nbgrader made are worked out from its
author's, as its gradebook has them: without solutions, and with the hidden tests, which graders see.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import CourseError
from autograder.gradebook import assignments, released
from autograder.gradebook.released import Release, ReleasedCell
from autograder.records import Course, Unit

if TYPE_CHECKING:
    from autograder.adopted.papers import Assignment, Paper, PaperCell


def read(course: Course, unit: Unit) -> tuple[Release, ...]:
    """All notebooks of a unit, in nbgrader's order; CourseError where one cannot be read."""
    if unit.adopted is None:
        return (released.read(course.released(unit.name)),)
    from autograder.adopted import intake

    return of(intake.read(course.source(unit), unit.name, unit.dialect), unit)


def refuse_other_points(course: Course, unit: Unit) -> None:
    """CourseError where course.toml gives other points than students' notebooks were made with: pages and gradebook would disagree.

    Of an assignment that nbgrader made, its pipeline says so; of a release that is not there, whoever enters marks.
    """
    if unit.adopted is not None:
        return
    try:
        found = read(course, unit)
    except CourseError:
        return
    assignments.refuse_other_points(found, unit)


def of(assignment: Assignment, unit: Unit) -> tuple[Release, ...]:
    """The same, of an assignment that has been read."""
    wanted = {function.name for function in unit.functions}
    return tuple(_release(assignment, paper, wanted) for paper in assignment.papers)


def _release(assignment: Assignment, paper: Paper, wanted: set[str]) -> Release:
    cells = tuple(map(_released, paper.cells))
    named = {cell.grade_id: assignment.named(paper, cell) for cell in paper.cells if cell.kind == "test"}
    told = repr((paper.name, [(cell.cell_type, cell.source, cell.checksum, cell.points) for cell in cells]))
    return Release(
        path=paper.path,
        cells=cells,
        metadata=_metadata(paper.path),
        digest=hashlib.sha256(told.encode("utf-8", "replace")).hexdigest(),
        tests={id: name for id, name in named.items() if name in wanted},
        alone=len(assignment.papers) == 1,
    )


def _released(cell: PaperCell) -> ReleasedCell:
    """A cell as nbgrader keeps it: what students write in, as they get it; all else as its author wrote it."""
    solution = cell.kind in ("solution", "manual")
    own: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": cell.grade_id,
        "grade": cell.kind in ("test", "manual"),
        "solution": solution,
        "locked": cell.kind in ("test", "locked", "task"),
        "task": cell.kind == "task",
        "cell_type": "code" if cell.is_code else "markdown",
    }
    if cell.kind in ("test", "manual", "task"):
        own["points"] = cell.points
    found = ReleasedCell(
        id="",
        cell_type="code" if cell.is_code else "markdown",
        source=cell.shown if solution else cell.source,
        metadata={} if cell.kind == "free" else {"nbgrader": own},
        grade_id=cell.grade_id or None,
        grade=own["grade"],
        solution=solution,
        task=own["task"],
        points=cell.points,
    )
    if found.grade_id is None:
        return found
    own["checksum"] = released.checksum(found)
    # As nbgrader locks them, for who opens the notebook in Jupyter.
    locks = {"deletable": False} if solution else {"deletable": False, "editable": False}
    return ReleasedCell(
        **{**vars(found), "metadata": {**locks, "nbgrader": own}, "checksum": own["checksum"]}
    )


def _metadata(path: Path) -> dict[str, Any]:
    """The notebook's own, such as its kernel's; CourseError where it cannot be read any more."""
    try:
        found = json.loads(path.read_bytes()).get("metadata", {})
    except (OSError, ValueError, AttributeError):
        raise CourseError(f"{path}: not a notebook that can be read") from None
    return {key: found[key] for key in ("kernelspec", "language_info") if key in found}
