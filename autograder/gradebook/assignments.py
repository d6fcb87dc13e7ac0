"""A unit as nbgrader's assignment: its notebook and cells, those of the release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autograder.errors import AutograderError, CourseError
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.released import Release
from autograder.records import Unit
from autograder.words import counted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Assignment:
    """Keys of the assignment's rows; cells by nbgrader's name."""

    id: str
    notebook: str
    due: datetime | None  # UTC without a zone, as nbgrader keeps it
    graded: Mapping[str, str]
    commented: Mapping[str, str]


def refuse_other_points(release: Release, unit: Unit) -> None:
    """The points of every function must be those that the released notebook was made with."""
    for function in unit.functions:
        cell = release.check(function.name)
        if cell is None:
            raise CourseError(
                f"{release.path}: no cell check-{function.name}: run `autograder release {unit.name}`"
            )
        if cell.points != function.points:
            raise CourseError(
                f"{release.path}: {cell.grade_id} has {counted(cell.points, 'point')}, course.toml gives {function.name} "
                f"{function.points:g}: make the two agree and run `autograder release {unit.name}`"
            )


def enter(session: Session, release: Release, unit: Unit, course_id: str) -> Assignment:
    """The unit as nbgrader's assignment, made or renewed from the release where the gradebook lacks it."""
    from nbgrader import api

    assignment = session.query(api.Assignment).filter_by(name=unit.name).one_or_none()
    if assignment is None:
        if session.get(api.Course, course_id) is None:
            session.add(api.Course(id=course_id))
        assignment = api.Assignment(name=unit.name, course_id=course_id)
        session.add(assignment)
    if unit.due is not None:
        assignment.duedate = unit.due.astimezone(UTC).replace(tzinfo=None)
    others = [notebook.name for notebook in assignment.notebooks if notebook.name != unit.name]
    if others:
        raise _other_course(session, unit, f"holds the notebooks {', '.join(others)}")
    if not assignment.notebooks:
        kernel = json.dumps(release.metadata.get("kernelspec", {}))
        assignment.notebooks.append(api.Notebook(name=unit.name, kernelspec=kernel))
    notebook = assignment.notebooks[0]
    session.flush()
    _renew_cells(session, release, unit, notebook)
    session.flush()
    session.refresh(notebook)
    return Assignment(
        assignment.id,
        notebook.id,
        assignment.duedate,
        graded={cell.name: cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)},
        commented={cell.name: cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)},
    )


def _renew_cells(session: Session, release: Release, unit: Unit, notebook: Any) -> None:
    """Makes the notebook's cells those of the release, as nbgrader's generate_assignment does."""
    from nbgrader import api

    wanted = _wanted_cells(release)
    cells = (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells, *notebook.source_cells)
    known = {(type(cell), cell.name): cell for cell in cells}
    if notebook.submissions and known.keys() != wanted.keys():
        names = sorted({name for _, name in known.keys() ^ wanted.keys()})
        raise _other_course(session, unit, f"differs from {release.path} in the cells {', '.join(names)}")
    for key, cell in known.items():
        if key not in wanted:
            session.delete(cell)
    for (kind, name), fields in wanted.items():
        if (kind, name) not in known:
            session.add(kind(name=name, notebook_id=notebook.id, **fields))
        elif kind is not api.SourceCell:  # nbgrader keeps the source from before it took hidden tests out
            for field, value in fields.items():
                setattr(known[kind, name], field, value)


def _wanted_cells(release: Release) -> dict[tuple[type[Any], str], dict[str, Any]]:
    """The fields of nbgrader's cells by their kind and name, as the release has them."""
    from nbgrader import api

    wanted: dict[tuple[type[Any], str], dict[str, Any]] = {}
    for cell in release.cells:
        if cell.grade_id is None:
            continue
        name = cell.grade_id
        graded = {"max_score": cell.points, "cell_type": cell.cell_type}
        if cell.grade:
            wanted[api.GradeCell, name] = graded
        if cell.solution:
            wanted[api.SolutionCell, name] = {}
        if cell.task:
            wanted[api.TaskCell, name] = graded
        wanted[api.SourceCell, name] = {
            "cell_type": cell.cell_type,
            "locked": cell.locked,
            "source": cell.source,
            "checksum": cell.checksum,
        }
    return wanted


def _other_course(session: Session, unit: Unit, how: str) -> AutograderError:
    from sqlalchemy import Engine

    bind = session.get_bind()
    where = bind.url.database if isinstance(bind, Engine) else FILE_NAME
    return AutograderError(
        f"{where}: the assignment {unit.name} {how}: a gradebook of another course, or of before a change to the "
        "notebook; move it away to start a new one, it is made from the results"
    )
