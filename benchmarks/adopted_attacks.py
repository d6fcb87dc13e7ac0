"""Hands in attacks on ordinary test cells, and says what each earns under plain nbgrader and under the kit.

    python benchmarks/adopted_attacks.py [--only NAME] [--write]

The assignment is one as instructors write them: asserts, hidden regions, a helper, points as a last value. No function
that is handed in is right, so whatever is earned is unearned. All happens in a temporary folder; no attack looks or
writes outside of it. With `--write` the table goes into `docs/adopted.md`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import handins
import tables
from adopted import PAGE
from handins import Notebook

UNIT: Final = "attacked"
POINTS: Final = 8.0

_SETUP: Final = """\
import numpy as np


def close(a, b):
    return abs(a - b) < 1e-9"""
_SOLUTIONS: Final = {
    "mean": "def mean(numbers):\n    return sum(numbers) / len(numbers)",
    "scaled": "def scaled(x):\n    return x / x.max()",
    "words": "def words(text):\n    return sorted(text.split())",
}
_TESTS: Final = {
    "mean-test": (
        "mean",
        3,
        "points = 0\nif close(mean([1, 2, 3]), 2):\n    points += 1\n"
        "### BEGIN HIDDEN TESTS\nif close(mean([0.5, 2]), 1.25):\n    points += 2\n### END HIDDEN TESTS\npoints",
    ),
    "scaled-test": (
        "scaled",
        3,
        "np.testing.assert_allclose(scaled(np.array([1.0, 2.0, 4.0])), [0.25, 0.5, 1.0])\n"
        "### BEGIN HIDDEN TESTS\nassert np.allclose(scaled(np.array([5.0, 1.0])), [1.0, 0.2])\n### END HIDDEN TESTS",
    ),
    "words-test": (
        "words",
        2,
        'assert words("b a") == ["a", "b"]\n'
        '### BEGIN HIDDEN TESTS\nassert words("to be or not") == ["be", "not", "or", "to"]\n### END HIDDEN TESTS',
    ),
}
_NOTHING: Final = {name: f"def {name}(*inputs):\n    return 0" for name in _SOLUTIONS}


@dataclass(frozen=True)
class Attack:
    """What a student hands in: a cell of their own, and functions none of which is right."""

    name: str
    what: str
    code: str
    functions: Mapping[str, str]


def _all(source: str) -> dict[str, str]:
    return {name: source.format(name=name) for name in _SOLUTIONS}


_ANYTHING: Final = """\
import numpy as np
class Anything(np.ndarray):
    def __array_ufunc__(self, *_, **__): return anything
    def __array_function__(self, *_, **__): return anything
    def all(self, *_, **__): return np.True_
    def __eq__(self, _): return self
    def __lt__(self, _): return True
    def __sub__(self, _): return self
    def __abs__(self): return self
    __hash__ = None
anything = np.ones(()).view(Anything)"""
_READ: Final = """\
import ast
def due(name):
    "What the running test cell compares the next call with."
    seen[name] = seen.get(name, 0) + 1
    found = []
    for node in ast.walk(ast.parse(get_ipython().history_manager.input_hist_raw[-1])):
        if isinstance(node, ast.Compare) or isinstance(node, ast.Call) and len(node.args) == 2:
            sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else node.args
            if name + "(" in ast.unparse(sides[0]) and isinstance(sides[1], (ast.List, ast.Constant)):
                found.append((node.lineno, ast.literal_eval(sides[1])))
    return sorted(found, key=lambda one: one[0])[seen[name] - 1][1]
seen = {}"""
_REWRITE: Final = '''\
import glob, subprocess, sys
program = f"""
import sqlite3, time
for _ in range(60):
    time.sleep(0.5)
    for path in {glob.glob(ROOT + '/**/gradebook.db', recursive=True)!r}:
        try:
            with sqlite3.connect(path, timeout=1) as book:
                book.execute("UPDATE grade SET auto_score = (SELECT max_score FROM grade_cells WHERE id = cell_id) "
                    "WHERE notebook_id IN (SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
                    "WHERE a.student_id = 'rewrite-results')")
        except sqlite3.Error:
            pass
"""
subprocess.Popen([sys.executable, "-c", program], start_new_session=True, stdout=-3, stderr=-3)'''

ATTACKS: Final = (
    Attack(
        "patch-comparisons",
        "Patches `np.testing.assert_allclose`, `np.allclose` and the helper `close`",
        "import numpy as np\nnp.testing.assert_allclose = lambda *_, **__: None\n"
        "np.allclose = lambda *_, **__: True\nclose = lambda *_: True",
        _NOTHING,
    ),
    Attack(
        "equal-to-everything",
        "Returns an object that is equal to everything",
        _ANYTHING,
        _all("def {name}(*inputs):\n    return anything"),
    ),
    Attack(
        "drop-asserts",
        "Has IPython take every `assert` and every `if` out of later cells",
        "import ast\n"
        "class Dropped(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "    def visit_If(self, node): return node.body\n"
        "    def visit_Expr(self, node): return ast.Pass() if 'assert' in ast.unparse(node) else node\n"
        "get_ipython().ast_transformers.append(Dropped())",
        _NOTHING,
    ),
    Attack(
        "empty-cells",
        "Has IPython read every later cell as an empty one",
        "get_ipython().input_transformers_cleanup.append(lambda lines: [])",
        _NOTHING,
    ),
    Attack(
        "read-tests",
        "Reads the hidden tests of the running cell, and returns what they expect",
        _READ,
        _all("def {name}(*inputs):\n    return due({name!r})"),
    ),
    Attack(
        "no-exceptions",
        "Has IPython keep silent about exceptions",
        "shell = get_ipython()\n"
        "kept = type(shell).run_cell_async\n"
        "async def run_cell_async(self, *words, **more):\n"
        "    result = await kept(self, *words, **more)\n"
        "    result.error_in_exec = result.error_before_exec = None\n"
        "    return result\n"
        "type(shell).run_cell_async = run_cell_async\n"
        "type(shell).showtraceback = lambda *_, **__: None",
        _NOTHING,
    ),
    Attack(
        "rewrite-results",
        "Leaves a process that rewrites its marks in the gradebook",
        _REWRITE,
        _NOTHING,
    ),
)


def assignment(functions: Mapping[str, str] = _SOLUTIONS) -> Notebook:
    """The instructor's notebook, or with other functions a student's."""
    cells = [_cell("setup", _SETUP, {"grade": False, "solution": False, "locked": True})]
    for name, (function, points, test) in _TESTS.items():
        solution = functions[function]
        cells += [
            _cell(function, solution, {"grade": False, "solution": True, "locked": False}),
            _cell(name, test, {"grade": True, "solution": False, "locked": True, "points": points}),
        ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


def _cell(name: str, source: str, marks: dict[str, Any] | None) -> dict[str, Any]:
    nbgrader = (
        {} if marks is None else {"nbgrader": {"grade_id": name, "schema_version": 3, "task": False, **marks}}
    )
    return {
        "cell_type": "code", "id": name, "metadata": nbgrader, "source": source, "outputs": [], "execution_count": None,
    }  # fmt: skip


def handed_in(attack: Attack, root: Path) -> Notebook:
    """A student's notebook with this attack."""
    made = assignment(attack.functions)
    made["cells"].insert(1, _cell("own", f"ROOT = {str(root)!r}\n{attack.code}", None))
    return made


def main() -> None:
    """Tries all, prints, and writes where asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", help="this attack alone, and write nothing")
    parser.add_argument("--write", action="store_true", help="write the table in the docs")
    asked = parser.parse_args()
    chosen = [attack for attack in ATTACKS if asked.only in (None, attack.name)]
    with tempfile.TemporaryDirectory(prefix="autograder-attacks-") as folder:
        earned = tried(Path(folder), chosen)
    text = table(chosen, earned, f"{datetime.now(UTC):%Y-%m-%d}")
    if asked.write and asked.only is None:
        tables.rewrite(PAGE, "measured attacks", text)
    print(text)


def tried(
    root: Path, attacks: Iterator[Attack] | list[Attack]
) -> dict[str, tuple[float | None, float | None]]:
    """The points that each attack earns, under nbgrader and under the kit; None: not graded."""
    source = root / "instructor"
    source.mkdir()
    (source / "lesson.ipynb").write_text(json.dumps(assignment()))
    plain, kit = (handins.course(root / name, source, UNIT) for name in ("nbgrader", "kit"))
    names = [attack.name for attack in attacks]
    for made in (plain, kit):
        for attack in attacks:
            made.hand_in(attack.name, {"lesson": handed_in(attack, root)})
    handins.released(plain)
    plain.nbgrader("autograde", UNIT, check=False)
    kit.autograder("adopt", f"source/{UNIT}")
    kit.autograder("grade", UNIT, check=False)
    theirs, ours = handins.by_nbgrader(plain, names), handins.by_kit(kit, names)
    return {name: (_sum(theirs[name]), _sum(ours[name])) for name in names}


def _sum(marks: Mapping[str, handins.Mark]) -> float | None:
    known = [mark.points for mark in marks.values() if mark.points is not None]
    return sum(known) if known else None


def table(attacks: list[Attack], earned: Mapping[str, tuple[float | None, float | None]], date: str) -> str:
    """What each attack earns, as Markdown."""
    lines = [
        f"Measured on {date}.",
        "",
        "| what is handed in, with no function right | nbgrader | this kit |",
        "|---|---:|---:|",
    ]
    for attack in attacks:
        cells = (
            "not graded" if score is None else f"{score:g} of {POINTS:g}" for score in earned[attack.name]
        )
        lines.append(f"| {attack.what} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
