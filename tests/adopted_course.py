"""A small course of nbgrader's, as an instructor has it who never heard of the kit, and what students make of it.

One assignment, `ps1`, of two notebooks: solutions, test cells with hidden regions and with partial credit, a free-text
answer, a task, locked cells, a class, a file and a module beside them.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

UNIT: Final = "ps1"
NOTEBOOKS: Final = ("algebra", "words")

# By the names that course.toml and results have for them.
POINTS: Final[Mapping[str, float]] = {
    "algebra/squares-test": 2.0,
    "algebra/squares-error": 1.0,
    "algebra/squares-hidden": 1.0,
    "algebra/mean-test": 2.0,
    "words/count-test": 2.0,
    "words/stack-test": 1.0,
}
BY_PERSON: Final[Mapping[str, float]] = {"algebra/why": 3.0, "words/essay": 4.0}

_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION$.*?^[ \t]*### END SOLUTION$", re.DOTALL | re.MULTILINE)
_HIDDEN = re.compile(
    r"\n?^[ \t]*### BEGIN HIDDEN TESTS$.*?^[ \t]*### END HIDDEN TESTS$", re.DOTALL | re.MULTILINE
)
_SCHEME = re.compile(r"\n?^=== BEGIN MARK SCHEME ===$.*?^=== END MARK SCHEME ===$", re.DOTALL | re.MULTILINE)

_COURSE = """\
format = 1
title = "Programming for everyone"
public_seed = 7

[[units]]
name = "ps1"
title = "Problem set 1"
adopted = "source/ps1"
functions = [
{functions}
]
"""

_CONFIG = """\
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "programming"
"""

SETUP: Final = """\
import math


def close(a, b):
    return abs(a - b) < 1e-9"""

SQUARES: Final = '''\
def squares(n):
    """The squares of 1 to n; ValueError for an n below 1."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i**2 for i in range(1, n + 1)]
    ### END SOLUTION'''

SQUARES_TEST: Final = """\
assert squares(1) == [1]
assert squares(4) == [1, 4, 9, 16]
### BEGIN HIDDEN TESTS
assert squares(7) == [1, 4, 9, 16, 25, 36, 49], "seven squares"
### END HIDDEN TESTS"""

SQUARES_ERROR: Final = """\
try:
    squares(0)
except ValueError:
    pass
else:
    raise AssertionError("squares(0) should raise a ValueError")"""

SQUARES_HIDDEN: Final = """\
### BEGIN HIDDEN TESTS
assert sum(squares(12)) == 650
### END HIDDEN TESTS"""

MEAN: Final = '''\
def mean(numbers):
    """The mean of a list of numbers."""
    ### BEGIN SOLUTION
    return math.fsum(numbers) / len(numbers)
    ### END SOLUTION'''

MEAN_TEST: Final = """\
points = 0.0
if close(mean([1, 2, 3]), 2):
    points += 1
if close(mean([0.5, 1]), 0.75):
    points += 1
points"""

COUNT: Final = '''\
def count(path):
    """How often each word stands in a file, by word."""
    ### BEGIN SOLUTION
    found = {}
    for word in clean(open(path).read()).split():
        found[word] = found.get(word, 0) + 1
    return found
    ### END SOLUTION'''

COUNT_TEST: Final = """\
assert count("words.txt") == {"to": 2, "be": 2, "or": 1, "not": 1}"""

STACK: Final = '''\
class Stack:
    """Last in, first out: `push`, `pop`, `len`."""
    ### BEGIN SOLUTION
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        return self._items.pop()

    def __len__(self):
        return len(self._items)
    ### END SOLUTION'''

STACK_TEST: Final = """\
stack = Stack()
stack.push(3)
stack.push(5)
assert len(stack) == 2
assert stack.pop() == 5
assert stack.pop() == 3"""

# Answers by notebook and cell. Where a student's are not among them, they have left what they were given.
WRONG: Final[Mapping[str, str]] = {
    "algebra/squares": "def squares(n):\n    return [i**2 for i in range(1, n)]",
    "algebra/mean": "def mean(numbers):\n    return sum(numbers) // len(numbers)",
    "algebra/why": "Because of *outliers*.",
    "words/count": "def count(path):\n    return len(open(path).read().split())",
}


def course(folder: Path) -> Path:
    """Writes the course into a folder, and returns it: source notebooks, course.toml, nbgrader_config.py, no work yet."""
    source = folder / "source" / UNIT
    source.mkdir(parents=True)
    for name, document in notebooks().items():
        (source / f"{name}.ipynb").write_text(json.dumps(document, indent=1), "utf-8")
    (source / "words.txt").write_text("To be, or not to be!\n", "utf-8")
    (source / "helpers.py").write_text(
        'def clean(text):\n    return text.lower().replace(",", " ").replace("!", " ")\n', "utf-8"
    )
    functions = "\n".join(f'    {{ name = "{name}", points = {points} }},' for name, points in POINTS.items())
    (folder / "course.toml").write_text(_COURSE.format(functions=functions), "utf-8")
    (folder / "nbgrader_config.py").write_text(_CONFIG, "utf-8")
    return folder


def release(folder: Path) -> Path:
    """Writes what students get of the course in a folder, as nbgrader's `generate_assignment` would; where it lies."""
    place = folder / "release" / UNIT
    place.mkdir(parents=True, exist_ok=True)
    for name, document in notebooks().items():
        (place / f"{name}.ipynb").write_text(json.dumps(released(document), indent=1), "utf-8")
    for file in ("words.txt", "helpers.py"):
        (place / file).write_bytes((folder / "source" / UNIT / file).read_bytes())
    return place


def hand_in(folder: Path, student: str, answers: Mapping[str, str], without: tuple[str, ...] = ()) -> Path:
    """Writes a student's work, with these answers by notebook and cell, and without these notebooks; where it lies."""
    place = folder / "submitted" / student / UNIT
    place.mkdir(parents=True)
    for name in NOTEBOOKS:
        if name not in without:
            (place / f"{name}.ipynb").write_text(json.dumps(answered(name, answers), indent=1), "utf-8")
    return place


def answered(notebook: str, answers: Mapping[str, str]) -> dict[str, Any]:
    """The notebook that students get, with these answers by notebook and cell in it."""
    document = released(notebooks()[notebook])
    for cell in document["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(f"{notebook}/{grade_id}", cell["source"])
    return document


def solved() -> dict[str, str]:
    """The instructor's own answers, by notebook and cell."""
    return {
        f"{name}/{cell['metadata']['nbgrader']['grade_id']}": cell["source"]
        for name, document in notebooks().items()
        for cell in document["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def notebooks() -> dict[str, dict[str, Any]]:
    """The instructor's notebooks, by name."""
    return {
        "algebra": _notebook(
            _cell("# Algebra", "title", locked=True, kind="markdown"),
            _cell(SETUP, "setup", locked=True),
            _cell(SQUARES, "squares", solution=True),
            _cell(SQUARES_TEST, "squares-test", points=2.0),
            _cell(SQUARES_ERROR, "squares-error", points=1.0),
            _cell(SQUARES_HIDDEN, "squares-hidden", points=1.0),
            _plain("Now the mean.", "markdown"),
            _cell(MEAN, "mean", solution=True),
            _cell(MEAN_TEST, "mean-test", points=2.0),
            _plain("## Outliers\n\nWhy is the mean not always typical?", "markdown"),
            _cell("A few large numbers pull it up.", "why", points=3.0, solution=True, kind="markdown"),
        ),
        "words": _notebook(
            _cell("from helpers import clean", "setup", locked=True),
            _cell(COUNT, "count", solution=True),
            _cell(COUNT_TEST, "count-test", points=2.0),
            _cell(STACK, "stack", solution=True),
            _cell(STACK_TEST, "stack-test", points=1.0),
            _cell(
                "Write a short essay on words, in cells below.\n\n"
                "=== BEGIN MARK SCHEME ===\nTwo points for each idea.\n=== END MARK SCHEME ===",
                "essay",
                points=4.0,
                task=True,
                kind="markdown",
            ),
            _plain("", "markdown"),
        ),
    }


def released(document: Mapping[str, Any]) -> dict[str, Any]:
    """What students get of an instructor's notebook."""
    given = copy.deepcopy(dict(document))
    for cell in given["cells"]:
        own = cell["metadata"].get("nbgrader")
        if own is None:
            continue
        cell["source"] = (
            without_solution(cell["source"], cell["cell_type"]) if own["solution"] else cell["source"]
        )
        cell["source"] = _SCHEME.sub("", _HIDDEN.sub("", cell["source"]))
        cell["metadata"]["deletable"] = False
        if not own["solution"]:
            cell["metadata"]["editable"] = False
        own["checksum"] = checksum(cell)
    return given


def without_solution(source: str, kind: str = "code") -> str:
    """The text of a cell for answers as students get it."""
    stub = "# YOUR CODE HERE\n{0}raise NotImplementedError()" if kind == "code" else "YOUR ANSWER HERE"
    if not _SOLUTION.search(source):
        return stub.format("")
    return _SOLUTION.sub(lambda found: found[1] + stub.format(found[1]), source)


def checksum(cell: Mapping[str, Any]) -> str:
    """By which nbgrader sees whether a cell was changed."""
    own = cell["metadata"]["nbgrader"]
    locked = not own["solution"] and (own["grade"] or own["locked"])
    parts = [cell["source"], cell["cell_type"], str(own["grade"]), str(own["solution"]), str(locked)]
    parts += [own["grade_id"], *([str(float(own["points"]))] if own["grade"] else [])]
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(
    source: str,
    grade_id: str,
    *,
    points: float | None = None,
    solution: bool = False,
    locked: bool = False,
    task: bool = False,
    kind: str = "code",
) -> dict[str, Any]:
    own: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": points is not None and not task,
        "solution": solution,
        "locked": locked or (points is not None and not solution),
        "task": task,
    }
    if points is not None:
        own["points"] = points
    return {**_plain(source, kind), "metadata": {"nbgrader": own}}


def _plain(source: str, kind: str = "code") -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
