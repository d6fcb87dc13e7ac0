"""A unit as nbgrader's assignment: its notebooks and cells, those of the release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import database, duedates, released, seen
from autograder.gradebook.copies import FOLDER
from autograder.gradebook.migration import COMMENTED, GRADED
from autograder.gradebook.released import Release, ReleasedCell
from autograder.records import Unit
from autograder.words import agree, in_full

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Notebook:
    """Keys of the rows of one notebook; cells by nbgrader's name."""

    id: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]


@dataclass(frozen=True)
class Assignment:
    """Keys of the assignment's rows; notebooks by nbgrader's name."""

    id: str
    due: datetime | None  # UTC without a zone, as nbgrader keeps it
    notebooks: Mapping[str, Notebook]

    @property
    def graded(self) -> list[str]:
        """The keys of all cells that marks are given for."""
        return [key for notebook in self.notebooks.values() for key in notebook.graded.values()]

    @property
    def commented(self) -> list[str]:
        """The keys of all cells that comments stand beside."""
        return [key for notebook in self.notebooks.values() for key in notebook.commented.values()]


def refuse_other_points(releases: Sequence[Release], unit: Unit) -> None:
    """The points of every function must be those that the released notebooks were made with."""
    renew = f"autograder release {unit.name}" if unit.adopted is None else f"autograder adopt {unit.adopted}"
    for function in unit.functions:
        found = released.check_of(releases, function.name)
        if found is None:
            wanted = function.name if unit.adopted is not None else f"check-{function.name}"
            raise CourseError(f"{releases[0].path}: no cell {wanted}: run `{renew}`")
        release, cell = found
        if cell.points != function.points:
            raise CourseError(
                f"{release.path}: {cell.grade_id} has {in_full(cell.points)} {agree(cell.points, 'point', 'points')}, "
                f"course.toml gives {function.name} {in_full(function.points)}: make the two agree and run `{renew}`"
            )


def enter(connection: Connection, releases: Sequence[Release], unit: Unit, course_id: str) -> Assignment:
    """The unit as nbgrader's assignment, made or renewed from the release where the gradebook lacks it."""
    from sqlalchemy import select

    from autograder.gradebook import schema

    schema.make_ours(connection)
    id, due = _assignment(connection, unit, course_id)
    of_assignment = schema.notebook.c.assignment_id == id
    notebooks = dict(
        database.rows(connection, select(schema.notebook.c.name, schema.notebook.c.id).where(of_assignment))
    )
    others = sorted(notebooks.keys() - {release.name for release in releases})
    if others and unit.adopted is None:
        raise _other_course(connection, unit, f"holds the notebooks {', '.join(others)}")
    for release in releases:
        if release.name not in notebooks:
            kernel = json.dumps(release.metadata.get("kernelspec", {}))
            row = {"id": uuid4().hex, "name": release.name, "assignment_id": id, "kernelspec": kernel}
            database.insert(connection, schema.notebook, [row])
            notebooks[release.name] = row["id"]
        _renew_cells(connection, release, unit, notebooks[release.name])
    return Assignment(
        id, due, {release.name: _notebook(connection, notebooks[release.name]) for release in releases}
    )


def _notebook(connection: Connection, id: str) -> Notebook:
    cells = _cells(connection, id)
    return Notebook(
        id,
        graded={name: key for (kind, name), key in cells.items() if kind in GRADED},
        commented={name: key for (kind, name), key in cells.items() if kind in COMMENTED},
    )


def _assignment(connection: Connection, unit: Unit, course_id: str) -> tuple[str, datetime | None]:
    """The assignment's key and due date."""
    from sqlalchemy import select

    from autograder.gradebook.schema import assignment, course

    named = select(assignment.c.id, assignment.c.duedate).where(assignment.c.name == unit.name)
    found = connection.execute(named).one_or_none()
    if found is not None:
        return found.id, duedates.enter(connection, found.id, unit, found.duedate)
    if connection.execute(select(course.c.id).where(course.c.id == course_id)).one_or_none() is None:
        database.insert(connection, course, [{"id": course_id}])
    id = uuid4().hex
    database.insert(connection, assignment, [{"id": id, "name": unit.name, "course_id": course_id}])
    return id, duedates.enter(connection, id, unit, None)


def _cells(connection: Connection, notebook: str) -> dict[tuple[str, str], str]:
    """The keys of a notebook's cells by nbgrader's kind and name."""
    from sqlalchemy import select

    from autograder.gradebook.schema import base_cell, source_cell

    base = select(base_cell.c.type, base_cell.c.name, base_cell.c.id)
    source = select(source_cell.c.name, source_cell.c.id)
    of_base = database.rows(connection, base.where(base_cell.c.notebook_id == notebook))
    of_source = database.rows(connection, source.where(source_cell.c.notebook_id == notebook))
    return {
        **{(kind, name): id for kind, name, id in of_base},
        **{("SourceCell", name): id for name, id in of_source},
    }


def _renew_cells(connection: Connection, release: Release, unit: Unit, notebook: str) -> None:
    """Makes the notebook's cells those of the release, as nbgrader's generate_assignment does.

    Where work has been handed in, what was given for cells that stay stays with them, and everyone has to be entered
    again: their rows for the new cells, and the notebooks that graders see.
    """
    from sqlalchemy import select

    from autograder.gradebook.schema import OF_KIND, base_cell, submitted_notebook

    wanted, known = _wanted_cells(release), _cells(connection, notebook)
    if known.keys() != wanted.keys():
        of_notebook = submitted_notebook.c.notebook_id == notebook
        handed_in = database.rows(connection, select(submitted_notebook.c.id).where(of_notebook))
        if (
            handed_in
            and not release.adopted
            and not {name for _, name in known} & {name for _, name in wanted}
        ):
            raise _other_course(connection, unit, f"has no cell of {release.path}")
        seen.forget(connection, [id for (id,) in handed_in])
    for (kind, name), fields in wanted.items():
        id = known.get((kind, name))
        if id is not None:
            if fields and kind != "SourceCell":
                # nbgrader keeps the source from before it took hidden tests out
                database.update(connection, OF_KIND[kind], [{"id": id, **fields}])
        elif kind == "SourceCell":
            row = {"id": uuid4().hex, "name": name, "notebook_id": notebook, **fields}
            database.insert(connection, OF_KIND[kind], [row])
        else:
            id = uuid4().hex
            row = {"id": id, "name": name, "notebook_id": notebook, "type": kind}
            database.insert(connection, base_cell, [row])
            database.insert(connection, OF_KIND[kind], [{"id": id, **fields}])
    for (kind, name), id in known.items():
        if (kind, name) not in wanted:
            _take_out(connection, notebook, kind, name, id)
    _put_in_order(connection, notebook, [name for kind, name in wanted if kind == "SourceCell"])


def _take_out(connection: Connection, notebook: str, kind: str, name: str, id: str) -> None:
    """Removes a cell; what was given for it goes to the cell of the same name that is of another kind now, if any."""
    from autograder.gradebook import schema

    cells = _cells(connection, notebook)
    for given, kinds in ((schema.grade, GRADED), (schema.comment, COMMENTED)):
        if kind in kinds:
            heirs = [cells[other, name] for other in kinds if other != kind and (other, name) in cells]
            of_cell = given.c.cell_id == id
            connection.execute(
                given.update().where(of_cell).values(cell_id=heirs[0])
                if heirs
                else given.delete().where(of_cell)
            )
    own = schema.OF_KIND[kind]
    connection.execute(own.delete().where(own.c.id == id))
    connection.execute(schema.base_cell.delete().where(schema.base_cell.c.id == id))


def _put_in_order(connection: Connection, notebook: str, names: Sequence[str]) -> None:
    """Gives the rows of source cells the notebook's order, which is how marks are listed."""
    from sqlalchemy import select

    from autograder.gradebook import schema

    table = schema.source_cell
    of_notebook = table.c.notebook_id == notebook
    query = select(table).where(of_notebook).order_by(schema.row_order(connection))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if [row["name"] for row in rows] != list(names):
        connection.execute(table.delete().where(of_notebook))
        database.insert(connection, table, sorted(rows, key=lambda row: names.index(row["name"])))


def _wanted_cells(release: Release) -> dict[tuple[str, str], dict[str, Any]]:
    """The fields of nbgrader's cells by their kind and name, as the release has them."""

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
        (kind, cell.grade_id): fields(cell)[kind]
        for cell in release.cells
        if cell.grade_id is not None
        for kind in cell.kinds
    }


def _other_course(connection: Connection, unit: Unit, how: str) -> AutograderError:
    return AutograderError(
        f"{connection.engine.url.database}: the assignment {unit.name} {how}: a gradebook of another course; move it and "
        f"{FOLDER}/ away to start a new one, it is made from the results"
    )
