"""Plain nbgrader and Otter-Grader, each in an environment of its own, with the same lesson and ordinary hidden tests."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import measure
from classes import UNIT, Notebook, Student, source
from measure import Cost

SECONDS: Final = 2  # that a cell may take, as a function may in the kit
CACHE: Final = (
    Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "attention-autograder/benchmarks"
)
_CHECK: Final = re.compile(r"^check\((\w+)\)$")
# What lessons use of the kit besides.
_KIT: Final = re.compile(r"\b(autograder|draw|predict|waits_for)\b")

# What an instructor would write without the kit: the same functions once more, and some comparisons.
_REFERENCE: Final = """
import numpy as np

def _scores(Q, K):
    return Q @ K.T / np.sqrt(K.shape[-1])

def _weights(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

_rng = np.random.default_rng({seed})
"""
_TESTS: Final = {
    "scaled_scores": """
for n_q, n_k, d_k in ((4, 4, 3), (5, 3, 2), (3, 7, 5), (10, 10, 6), (1, 1, 6)):
    Q, K = _rng.normal(size=(n_q, d_k)), _rng.normal(size=(n_k, d_k))
    np.testing.assert_allclose(scaled_scores(Q, K), _scores(Q, K))
""",
    "softmax": """
for shape in ((4, 5), (6,), (2, 3, 4), (10, 10)):
    x = _rng.normal(size=shape)
    np.testing.assert_allclose(softmax(x), _weights(x))
    np.testing.assert_allclose(softmax(x).sum(axis=-1), 1)
x = np.array([[1000.0, 999.0], [-1000.0, 0.0]])
np.testing.assert_allclose(softmax(x), _weights(x))
""",
    "attend": """
for n_q, n_k, d_k, d_v in ((4, 4, 3, 3), (5, 3, 2, 4), (3, 7, 5, 2), (10, 10, 6, 4)):
    Q, K, V = _rng.normal(size=(n_q, d_k)), _rng.normal(size=(n_k, d_k)), _rng.normal(size=(n_k, d_v))
    np.testing.assert_allclose(attend(Q, K, V), _weights(_scores(Q, K)) @ V)
""",
}
_POINTS: Final = {"scaled_scores": 3, "softmax": 3, "attend": 4}


@dataclass(frozen=True)
class Peer:
    """One other grader, installed."""

    name: str
    version: str
    programs: Path  # the folder of its environment's programs

    def run(self, *words: str | Path, folder: Path, log: str, check: bool = True) -> Cost:
        """What one of its commands costs."""
        path = {"PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"}
        return measure.run(
            list(map(str, words)), folder=folder, log=folder / log, environment=path, check=check
        )


def install(name: str, *more: str) -> Peer:
    """An environment with one package from the package index, made once; the newest version there was then."""
    folder = CACHE / name
    programs = folder / "bin"
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run(
            [programs / "pip", "install", "--quiet", name, "numpy", "ipykernel", *more], check=True
        )
        (folder / ".complete").touch()
    asked = f"import importlib.metadata as m; print(m.version({name!r}))"
    version = subprocess.run([programs / "python", "-c", asked], check=True, capture_output=True, text=True)
    return Peer(name, version.stdout.strip(), programs)


def nbgrader(
    peer: Peer, folder: Path, release: Path, students: Sequence[Student], seconds: int = SECONDS
) -> Cost:
    """What `nbgrader autograde` and `generate_feedback` cost for a class, with its defaults but for a cell's time."""
    (folder / "source" / UNIT).mkdir(parents=True)
    (folder / "source" / UNIT / f"{UNIT}.ipynb").write_text(json.dumps(lesson(release)))
    config = f"c = get_config()\nc.CourseDirectory.course_id = 'plain'\nc.Execute.timeout = {seconds}\n"
    (folder / "nbgrader_config.py").write_text(config)
    peer.run("nbgrader", "generate_assignment", UNIT, folder=folder, log="make.log")
    for student in students:
        (folder / "submitted" / student.name / UNIT).mkdir(parents=True)
        path = folder / "submitted" / student.name / UNIT / f"{UNIT}.ipynb"
        path.write_bytes(_adapted(student.notebook))
    # It exits with an error where a submission could not be graded, which some here cannot.
    steps = [
        peer.run("nbgrader", step, UNIT, folder=folder, log=f"{step}.log", check=False)
        for step in ("autograde", "generate_feedback")
    ]
    return measure.together(steps)


def otter(peer: Peer, folder: Path, students: Sequence[Student], seconds: int | None = None) -> Cost:
    """What `otter run` costs for a class, one process after another; it makes no feedback page and no gradebook.

    A run that takes longer than `seconds` is ended: Otter has no limit of its own.
    """
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for function, test in _TESTS.items():
        body = "\n".join(f"    {line}" for line in (_REFERENCE.format(seed=1) + test).splitlines())
        (tests / f"{function}.py").write_text(
            f"from otter.test_files import test_case\n\nOK_FORMAT = False\nname = {function!r}\n"
            f"points = {_POINTS[function]}\n\n@test_case(hidden=True)\ndef test({function}):\n{body}\n"
        )
    (folder / "otter_config.json").write_text('{"zips": false}')
    kept = folder / "autograder.zip"
    peer.run(
        "otter",
        "generate",
        "-t",
        tests,
        "-o",
        kept,
        "--no-requirements",
        "--no-environment",
        folder=folder,
        log="make.log",
    )
    for student in students:
        work = folder / student.name
        work.mkdir()
        (work / f"{UNIT}.ipynb").write_bytes(_adapted(student.notebook))
    limit = () if seconds is None else ("timeout", "--kill-after=1", str(seconds))
    run = (*limit, "otter", "run", "-a", kept, "-o", ".", f"{UNIT}.ipynb")
    costs = [peer.run(*run, folder=folder / student.name, log="run.log", check=False) for student in students]
    return measure.together(costs)


def lesson(release: Path, student: Student | None = None) -> Notebook:
    """The lesson as an instructor without the kit would have it, with hidden tests in it; or a student's copy of it."""
    notebook: Notebook = json.loads(release.read_bytes() if student is None else student.notebook)
    reference = _REFERENCE.format(seed=1)
    for cell in notebook["cells"]:
        checked = _CHECK.match(source(cell).strip())
        if checked is not None:
            tests = f"{reference}{_TESTS[checked[1]]}"
            cell["source"] = f"### BEGIN HIDDEN TESTS\n{tests}\n### END HIDDEN TESTS"
        _without_kit(cell)
    return notebook


def _adapted(notebook: bytes) -> bytes:
    """A student's file in the plain course: without the kit's own check, which the peers do not have."""
    try:
        document: Notebook = json.loads(notebook)
    except ValueError:
        return notebook
    for cell in document["cells"]:
        if _CHECK.match(source(cell).strip()):
            cell["source"] = ""
        _without_kit(cell)
    return json.dumps(document).encode()


def _without_kit(cell: dict[str, Any]) -> None:
    """A cell as it is without the kit: what it draws, asks and waits for is left out, and the rest runs as it stands."""
    if cell["cell_type"] != "code" or not _KIT.search(source(cell)):
        return
    try:
        tree = ast.parse(source(cell))
    except SyntaxError:
        return
    cell["source"] = ast.unparse(ast.fix_missing_locations(_WithoutKit().visit(tree)))


class _WithoutKit(ast.NodeTransformer):
    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        return ast.Pass() if node.module == "autograder" else node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        return ast.Pass() if _of_kit(node.value) else node

    def visit_With(self, node: ast.With) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        return node.body if all(_of_kit(item.context_expr) for item in node.items) else node


def _of_kit(node: ast.expr) -> bool:
    """Whether this calls something of the kit."""
    return isinstance(node, ast.Call) and _KIT.match(ast.unparse(node.func)) is not None
