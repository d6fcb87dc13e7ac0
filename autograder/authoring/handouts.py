"""The student version of an adopted assignment: the same that nbgrader's own `generate_assignment` makes, proven to hide what it should."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

from autograder.adopted import intake, serving
from autograder.adopted.papers import Assignment
from autograder.authoring.configured import OURS
from autograder.errors import CourseError
from autograder.records import Course, Unit

# What nbgrader makes or has made of it in the course's folder.
_NBGRADERS: Final = frozenset(
    {"autograded", "feedback", "gradebook.db", "nbgrader_config.py", "release", "submitted"}
)


def read(course: Course, unit: Unit) -> Assignment:
    """The assignment of an adopted unit; CourseError where its notebooks are not there or cannot be read."""
    return intake.read(course.source(unit), unit.name, unit.dialect)


def stage(assignment: Assignment, folder: Path) -> frozenset[str]:
    """Copies all that nbgrader may see of an assignment into a folder below `folder`; the names of the files."""
    place = folder / assignment.name
    names = {paper.path.name: paper.path for paper in assignment.papers}
    names |= {file.as_posix(): assignment.folder / file for file in assignment.files}
    for name, path in names.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place / name)
    return frozenset(names)


def surround(root: Path, folder: Path) -> None:
    """Links what lies in the course `root` into the `folder` in which nbgrader works on one assignment.

    A configuration of the instructor's own may name files from the course's folder on: a header for all notebooks, templates of tests.
    """
    for entry in root.iterdir():
        place = folder / entry.name
        if entry.name.startswith(".") or entry.name in _NBGRADERS or entry == folder:
            continue
        if not place.exists():
            place.symlink_to(entry.resolve())
        elif entry.is_dir():
            for file in (one for one in entry.iterdir() if one.is_file() and not (place / one.name).exists()):
                (place / file.name).symlink_to(file.resolve())


def without_ours(config: Any) -> None:
    """Takes out of nbgrader's configuration what the kit does with its own lessons: adopted ones are released as they are."""
    for key in ("exporter_class", "preprocessors"):
        if OURS in str(config.GenerateAssignment.get(key, "")):
            del config.GenerateAssignment[key]


def prove(unit: Unit, assignment: Assignment, folder: Path) -> None:
    """Students get of each cell what the kit takes for shown; CourseError names the first of which they get something else.

    What is hidden is told by the markers in course.toml, and nbgrader takes it out by those of its own configuration.
    """
    for paper in assignment.papers:
        document = json.loads((folder / paper.path.name).read_text("utf-8"))
        given = {
            cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"])
            for cell in document["cells"]
        }
        for cell in paper.cells:
            made = serving.foreseen(paper, cell) is not None  # by nbgrader, from a line
            if cell.kind in ("test", "locked") and not made and given.get(cell.grade_id) != cell.shown:
                raise CourseError(
                    f"unit {unit.name!r}: nbgrader gives students something else of the cell {assignment.named(paper, cell)!r} than "
                    f"course.toml says: run `autograder adopt {unit.adopted}` again after a change to nbgrader_config.py"
                )
