"""Hands in the same work for one of nbgrader's assignments in two courses, graded by plain nbgrader and by the kit.

Both run in this Python, so that both have the same packages. Each course is a folder of its own.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import measure
from measure import CommandFailedError, Cost
from nbgrader.api import Gradebook

from autograder.authoring import altered
from autograder.gradebook import results

Notebook: TypeAlias = dict[str, Any]  # as JSON
SECONDS: Final = 30  # of a cell under nbgrader: its own default
_CONFIG: Final = f"""\
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "plain"
c.Execute.timeout = {SECONDS}
"""


class Mark(NamedTuple):
    """What a test cell earned."""

    points: float | None  # None: not graded
    passed: bool  # it ran to its end: of a cell of no points all there is to see


NO_MARK: Final = Mark(None, False)
_AUTOGRADER: Final = (sys.executable, "-c", "from autograder.cli import main; main()")
_NBGRADER: Final = (sys.executable, "-m", "nbgrader")


@dataclass(frozen=True)
class Course:
    """A folder with one assignment, for one of the two graders."""

    folder: Path
    unit: str

    @property
    def source(self) -> Path:
        """Where the instructor's notebooks lie."""
        return self.folder / "source" / self.unit

    def nbgrader(self, *words: str, check: bool = True) -> None:
        """Runs one of nbgrader's commands here; CommandFailedError where it exits with an error."""
        self._run([*_NBGRADER, *words], check)

    def autograder(self, *words: str, check: bool = True) -> str:
        """Runs one of the kit's commands here; what it printed."""
        return self._run([*_AUTOGRADER, *words], check)

    def cost(self, program: Literal["nbgrader", "autograder"], *words: str) -> Cost:
        """What a command of either costs here."""
        command = [*(_NBGRADER if program == "nbgrader" else _AUTOGRADER), *words]
        log = self.folder / f"{words[0]}.log"
        return measure.run(command, folder=self.folder, log=log, environment=self._environment(), check=False)

    def _run(self, command: Sequence[str], check: bool) -> str:
        environment = {**os.environ, **self._environment()}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise CommandFailedError(done.stderr.strip() or done.stdout.strip() or f"exit {done.returncode}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """nbgrader looks for alembic on the path, and for a notebook's kernel by its name."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "JUPYTER_PATH": str(self.folder / "jupyter")}

    def hand_in(self, student: str, notebooks: Mapping[str, Notebook]) -> None:
        """What a student hands in: notebooks by name, and beside them what is handed out."""
        place = self.folder / "submitted" / student / self.unit
        shutil.copytree(self.source, place, ignore=shutil.ignore_patterns("*.ipynb"), dirs_exist_ok=True)
        for name, notebook in notebooks.items():
            (place / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")


def course(folder: Path, assignment: Path, unit: str) -> Course:
    """A new course with this one assignment."""
    made = Course(folder, unit)
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    shutil.copytree(assignment, made.source, ignore=ignored)
    (folder / "nbgrader_config.py").write_text(_CONFIG)
    for notebook in notebooks(assignment).values():
        _kernel(folder / "jupyter", str(notebook["metadata"].get("kernelspec", {}).get("name", "python3")))
    return made


def released(made: Course) -> dict[str, Notebook]:
    """What nbgrader makes of the assignment for students; an old layout of its cells is brought up to date before."""
    made.nbgrader("update", "source", check=False)
    made.nbgrader("generate_assignment", made.unit)
    return notebooks(made.folder / "release" / made.unit)


def _kernel(folder: Path, name: str) -> None:
    """This Python as the kernel that a notebook names: other machines' names for a Python are many."""
    place = folder / "kernels" / name
    place.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    described = {"argv": command, "display_name": name, "language": "python"}
    (place / "kernel.json").write_text(json.dumps(described))


def notebooks(folder: Path) -> dict[str, Notebook]:
    """All notebooks of a folder, by name."""
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(folder.glob("*.ipynb"))}


def tests(source: Mapping[str, Notebook]) -> dict[str, float]:
    """The points of an assignment's test cells, by their names in results."""
    return {
        _name(source, name, grade_id): float(cell["metadata"]["nbgrader"].get("points", 0))
        for name, notebook in source.items()
        for cell in notebook["cells"]
        if (grade_id := _grade_id(cell, "test"))
    }


def _name(source: Mapping[str, Notebook], notebook: str, grade_id: str) -> str:
    return grade_id if len(source) == 1 else f"{notebook}/{grade_id}"


def by_nbgrader(made: Course, students: Sequence[str]) -> dict[str, dict[str, Mark]]:
    """The marks that nbgrader's own autograde entered, by student and test cell."""
    source = notebooks(made.source)
    names = tests(source)
    found: dict[str, dict[str, Mark]] = {}
    with Gradebook(f"sqlite:///{made.folder / 'gradebook.db'}") as book:
        for student in students:
            place = made.folder / "autograded" / student / made.unit
            marks = dict.fromkeys(names, NO_MARK)
            # A submission that failed is entered, and has nothing in autograded/.
            entered = book.find_submission(made.unit, student).notebooks if place.is_dir() else ()
            for notebook in entered:
                ended = _ran_to_its_end(place / f"{notebook.name}.ipynb")
                for grade in notebook.grades:
                    name = _name(source, notebook.name, grade.name)
                    if name in names:
                        marks[name] = Mark(grade.auto_score, grade.name in ended)
            found[student] = marks
    return found


def _ran_to_its_end(path: Path) -> set[str]:
    """The test cells of a notebook that ran, and neither raised nor wrote to the error output: nbgrader's own rule."""
    notebook = json.loads(path.read_bytes())
    return {
        grade_id
        for cell in notebook["cells"]
        if (grade_id := _grade_id(cell, "test"))
        and not any(one["output_type"] == "error" or one.get("name") == "stderr" for one in cell["outputs"])
    }


def by_kit(made: Course, students: Sequence[str]) -> dict[str, dict[str, Mark]]:
    """The marks in the kit's results, by student and served test cell; of work that is not graded none."""
    found: dict[str, dict[str, Mark]] = {}
    for student in students:
        result = results.read(results.path(made.folder, made.unit, student))
        reports = () if result is None else result.functions
        found[student] = {
            one.name: Mark(one.score, all(check.passed for check in one.checks)) for one in reports
        }
    return found


def signed(source: Mapping[str, Notebook], student: str) -> dict[str, Notebook]:
    """The same work, with the student's name in a comment of each cell that students write."""
    made = copy.deepcopy(dict(source))
    for cell in _cells(made, "solution"):
        cell["source"] = f"{_text(cell)}\n# {student}"
    return made


def wronged(source: Mapping[str, Notebook]) -> dict[str, Notebook]:
    """The instructor's work, with a small mistake in every second cell that students write."""
    made = copy.deepcopy(dict(source))
    for number, cell in enumerate(_cells(made, "solution")):
        if number % 2 == 0:
            cell["source"] = altered.altered(_text(cell))
    return made


def _cells(source: Mapping[str, Notebook], kind: str) -> Iterator[dict[str, Any]]:
    for notebook in source.values():
        yield from (cell for cell in notebook["cells"] if _grade_id(cell, kind))


def _grade_id(cell: Mapping[str, Any], kind: str) -> str:
    """The name of a code cell of nbgrader's of this kind; else empty."""
    marks = cell.get("metadata", {}).get("nbgrader", {})
    is_of = (
        bool(marks.get("solution"))
        if kind == "solution"
        else marks.get("grade") and not marks.get("solution")
    )
    return str(marks["grade_id"]) if is_of and cell["cell_type"] == "code" else ""


def _text(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])
