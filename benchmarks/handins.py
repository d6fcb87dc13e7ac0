"""Hands in the same work for one of nbgrader's assignments in two courses, graded by plain nbgrader and by the kit.

Both run in this Python, so that both have the same packages. Each course is a folder of its own.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import measure
from measure import Cost
from nbgrader.api import Gradebook

from autograder.gradebook import results

Notebook: TypeAlias = dict[str, Any]  # as JSON
Points: TypeAlias = Mapping[str, float | None]  # by test cell as results name it; None: not graded
SECONDS: Final = 30  # of a cell under nbgrader: its own default
_CONFIG: Final = f"""\
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "plain"
c.Execute.timeout = {SECONDS}
"""
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

    def nbgrader(self, *words: str, check: bool = True) -> Cost:
        """What one of nbgrader's commands costs here."""
        return self._run(_NBGRADER, words, check)

    def autograder(self, *words: str, check: bool = True) -> Cost:
        """What one of the kit's commands costs here; what it printed is in `<command>.log`."""
        return self._run(_AUTOGRADER, words, check)

    def _run(self, program: Sequence[str], words: Sequence[str], check: bool) -> Cost:
        # nbgrader looks for alembic on the path, and for a notebook's kernel by its name.
        around = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "JUPYTER_PATH": str(self.folder / "jupyter"),
        }
        log = self.folder / f"{words[0]}.log"
        return measure.run([*program, *words], folder=self.folder, log=log, environment=around, check=check)

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


def by_nbgrader(made: Course, students: Sequence[str]) -> dict[str, dict[str, float | None]]:
    """The points that nbgrader's own autograde entered, by student and test cell."""
    source = notebooks(made.source)
    names = tests(source)
    found: dict[str, dict[str, float | None]] = {}
    with Gradebook(f"sqlite:///{made.folder / 'gradebook.db'}") as book:
        for student in students:
            cells: dict[str, float | None] = dict.fromkeys(names)
            # A submission that failed is entered, and has nothing in autograded/.
            if (made.folder / "autograded" / student / made.unit).is_dir():
                for notebook in book.find_submission(made.unit, student).notebooks:
                    entered = {
                        _name(source, notebook.name, grade.name): grade.auto_score
                        for grade in notebook.grades
                    }
                    cells |= {name: entered[name] for name in names.keys() & entered.keys()}
            found[student] = cells
    return found


def by_kit(made: Course, students: Sequence[str]) -> dict[str, dict[str, float | None]]:
    """The points in the kit's results, by student and served test cell; of work that is not graded none."""
    found: dict[str, dict[str, float | None]] = {}
    for student in students:
        result = results.read(results.path(made.folder, made.unit, student))
        reports = () if result is None else result.functions
        found[student] = {report.name: report.score for report in reports}
    return found


def signed(source: Mapping[str, Notebook], student: str) -> dict[str, Notebook]:
    """The same work, with the student's name in a comment of each cell that students write."""
    made = copy.deepcopy(dict(source))
    for cell in _cells(made, "solution"):
        cell["source"] = f"{_text(cell)}\n# {student}"
    return made


def wronged(source: Mapping[str, Notebook]) -> dict[str, Notebook]:
    """The instructor's work, wrong in every second cell that students write: what is returned or bound there is another."""
    made = copy.deepcopy(dict(source))
    for number, cell in enumerate(_cells(made, "solution")):
        if number % 2 == 0:
            cell["source"] = _wrong(_text(cell))
    return made


def _wrong(text: str) -> str:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return "None"
    return ast.unparse(ast.fix_missing_locations(_Wrong().visit(tree)))


class _Wrong(ast.NodeTransformer):
    """Another number, sign or text in what is returned, or in what a cell binds; nothing that could loop."""

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        return ast.Return(_another(node.value)) if node.value is not None else node

    def visit_Module(self, node: ast.Module) -> ast.Module:
        for statement in node.body:
            if isinstance(statement, ast.Assign):
                statement.value = _another(statement.value)
        self.generic_visit(node)
        return node

    def visit_While(self, node: ast.While) -> ast.stmt:
        return node


_EXCHANGED: Final[Mapping[type[ast.operator], ast.operator]] = {
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.Mult: ast.Add(),
    ast.Div: ast.Mult(),
}


def _another(value: ast.expr) -> ast.expr:
    """An expression for another value, near the one that is there."""
    match value:
        case ast.BinOp(left, operator, right) if type(operator) in _EXCHANGED:
            return ast.BinOp(left, _EXCHANGED[type(operator)], right)
        case ast.Constant(bool() as truth):
            return ast.Constant(not truth)
        case ast.Constant(int() | float() | str() as plain):
            return ast.Constant(plain + 1 if not isinstance(plain, str) else f"{plain}?")
        case ast.List(elements) | ast.Tuple(elements) if elements:
            return type(value)(elements[:-1], ast.Load())
        case ast.Compare():
            return ast.UnaryOp(ast.Not(), value)
    return ast.Constant(None)


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
