"""A unit as nbgrader's assignment: its notebook and cells, those of the release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import database, seen
from autograder.gradebook.copies import FOLDER
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.migration import COMMENTED, GRADED
from autograder.gradebook.released import Release, ReleasedCell
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
    """Makes the notebook's cells those of the release, as nbgrader's generate_assignment does.

    Where work has been handed in, what was given for cells that stay stays with them, and everyone has to be entered
    again: their rows for the new cells, and the notebooks that graders see.
    """
    from nbgrader import api

    wanted = _wanted_cells(release)
    cells = (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells, *notebook.source_cells)
    known = {(type(cell), cell.name): cell for cell in cells}
    if known.keys() != wanted.keys() and notebook.submissions:
        if not {name for _, name in known} & {name for _, name in wanted}:
            raise _other_course(session, unit, f"has no cell of {release.path}")
        seen.forget(session, [submitted.id for submitted in notebook.submissions])
    for (kind, name), fields in wanted.items():
        if (kind, name) not in known:
            session.add(kind(name=name, notebook_id=notebook.id, **fields))
        elif kind is not api.SourceCell:  # nbgrader keeps the source from before it took hidden tests out
            for field, value in fields.items():
                setattr(known[kind, name], field, value)
    session.flush()
    for (kind, name), cell in known.items():
        if (kind, name) not in wanted:
            _take_out(session, cell)
    _put_in_order(session, notebook, [name for kind, name in wanted if kind is api.SourceCell])


def _take_out(session: Session, cell: Any) -> None:
    """Removes a cell; what was given for it goes to the cell of the same name that is of another kind now, if any."""
    from nbgrader import api
    from sqlalchemy import delete, select, update

    for given, kinds in ((api.Grade, GRADED), (api.Comment, COMMENTED)):
        if type(cell).__name__ in kinds:
            heirs = select(api.BaseCell.id).where(
                api.BaseCell.notebook_id == cell.notebook_id,
                api.BaseCell.name == cell.name,
                api.BaseCell.id != cell.id,
                api.BaseCell.type.in_(kinds),
            )
            heir = session.scalars(heirs).one_or_none()
            of_cell = given.cell_id == cell.id
            session.execute(
                delete(given).where(of_cell)
                if heir is None
                else update(given).where(of_cell).values(cell_id=heir)
            )
    session.delete(cell)
    session.flush()


def _put_in_order(session: Session, notebook: Any, names: Sequence[str]) -> None:
    """Gives the rows of source cells the notebook's order, which is how marks are listed."""
    from nbgrader.api import SourceCell
    from sqlalchemy import delete, insert, select, text

    columns = SourceCell.__table__.columns
    of_notebook = SourceCell.notebook_id == notebook.id
    rows = [
        dict(row)
        for row in session.execute(select(columns).where(of_notebook).order_by(text("rowid"))).mappings()
    ]
    if [row["name"] for row in rows] != list(names):
        session.execute(delete(SourceCell).where(of_notebook))
        database.bulk(session, insert(SourceCell), sorted(rows, key=lambda row: names.index(row["name"])))


def _wanted_cells(release: Release) -> dict[tuple[type[Any], str], dict[str, Any]]:
    """The fields of nbgrader's cells by their kind and name, as the release has them."""
    from nbgrader import api

    def fields(cell: ReleasedCell) -> dict[str, dict[str, Any]]:
        graded = {"max_score": cell.points, "cell_type": cell.cell_type}
        source = {
            "cell_type": cell.cell_type,
            "locked": cell.locked,
            "source": cell.source,
            "checksum": cell.checksum,
        }
        return {"GradeCell": graded, "SolutionCell": {}, "TaskCell": graded, "SourceCell": source}

    return {
        (getattr(api, kind), cell.grade_id): fields(cell)[kind]
        for cell in release.cells
        if cell.grade_id is not None
        for kind in cell.kinds
    }


def _other_course(session: Session, unit: Unit, how: str) -> AutograderError:
    from sqlalchemy import Engine

    bind = session.get_bind()
    where = bind.url.database if isinstance(bind, Engine) else FILE_NAME
    return AutograderError(
        f"{where}: the assignment {unit.name} {how}: a gradebook of another course; move it and {FOLDER}/ away to "
        "start a new one, it is made from the results"
    )
