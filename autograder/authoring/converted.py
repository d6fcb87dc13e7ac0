"""A lesson from a notebook with its solutions marked: in percent format, each function with its check and its sizes.

Sizes of arguments that no annotation says are read from the docstring, where it says `x: array of shape (n, d)`.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jupytext
import nbformat
from nbformat.warnings import MissingIDFieldWarning

from autograder.decoding import utf8
from autograder.errors import CourseError

_BEGINS, _ENDS = (f"### {edge} SOLUTION" for edge in ("BEGIN", "END"))
_HIDDEN: Final = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS.*?^[ \t]*### END HIDDEN TESTS[ \t]*\n?", re.MULTILINE | re.DOTALL
)
_ARRAYS: Final = re.compile(r"(?P<names>\w+(?:, *\w+)*): arrays? of shape \((?P<sizes>[^()]*)\)")
_POINTS: Final = 3
_IMPORT: Final = "from autograder import check"


def lesson(file: Path) -> tuple[str, list[str]]:
    """The text of a lesson in percent format, and the functions that it solves; CourseError where there is none."""
    notebook = _read(file)
    cells: list[Any] = []
    found: list[str] = []
    has_import = any(_IMPORT in cell.source for cell in notebook.cells if cell.cell_type == "code")
    for number, cell in enumerate(notebook.cells, 1):
        cell.metadata = {}
        if cell.cell_type != "code":
            cells.append(cell)
            continue
        cell.outputs, cell.execution_count = [], None
        cell.source = _HIDDEN.sub("", cell.source).strip("\n")
        name = _solved(file, number, cell.source)
        if name is None:
            if cell.source.strip() not in (f"check({one})" for one in found):
                cells.append(cell)
            continue
        if name in found:
            raise CourseError(
                f"{file}, cell {number}: {name!r} is solved in an earlier cell as well: take one away"
            )
        found.append(name)
        cell.source = _with_sizes(file, number, cell.source, name)
        cell.metadata = {"nbgrader": _metadata(name, solution=True)}
        check = nbformat.v4.new_code_cell(f"check({name})")
        check.metadata = {"nbgrader": {**_metadata(f"check-{name}", solution=False), "points": _POINTS}}
        cells += [cell, check]
    if not found:
        raise CourseError(
            f"{file}: no cell has a function between {_BEGINS} and {_ENDS}: mark the solution of each function so"
        )
    if not has_import:
        cells.insert(next(place for place, cell in enumerate(cells) if cell.cell_type == "code"), nbformat.v4.new_code_cell(_IMPORT))  # fmt: skip
    notebook.cells = cells
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return str(jupytext.writes(notebook, fmt="py:percent")), found


def _read(file: Path) -> Any:
    try:
        if file.suffix == ".py":
            return jupytext.reads(utf8(file.read_bytes()), fmt="py:percent")
        with warnings.catch_warnings():  # a notebook is none the worse without ids, which a lesson has not
            warnings.simplefilter("ignore", MissingIDFieldWarning)
            return nbformat.read(file, as_version=4)
    except OSError as error:
        raise CourseError(
            f"{file}: {error.strerror}: it should be a notebook with its solutions marked"
        ) from None
    except Exception as error:
        raise CourseError(
            f"{file} is no notebook that can be read ({type(error).__name__}): export it from Jupyter as .ipynb"
        ) from None


def _metadata(grade_id: str, *, solution: bool) -> Mapping[str, Any]:
    """What nbgrader knows of a cell that is solved, or that is graded."""
    return {
        "grade": not solution,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }


def _solved(file: Path, number: int, source: str) -> str | None:
    """The function that a cell solves; None where no solution is marked in it."""
    lines = [line.strip() for line in source.splitlines()]
    if _BEGINS not in lines:
        return None
    if _ENDS not in lines:
        raise CourseError(f"{file}, cell {number}: {_BEGINS} without {_ENDS} below it")
    functions = [
        node.name for node in _parsed(file, number, source).body if isinstance(node, ast.FunctionDef)
    ]
    if len(functions) != 1:
        raise CourseError(
            f"{file}, cell {number}: a cell with a solution should define one function, and this one defines"
            f" {len(functions)}: give each a cell of its own"
        )
    return functions[0]


def _parsed(file: Path, number: int, source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise CourseError(
            f"{file}, cell {number}, line {error.lineno}: this is no Python: {error.msg}"
        ) from None


def _with_sizes(file: Path, number: int, source: str, name: str) -> str:
    """The cell with the sizes of its docstring beside the arguments that have none."""
    tree = _parsed(file, number, source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    said = {
        one.strip(): " ".join(match["sizes"].replace(",", " ").split())
        for match in _ARRAYS.finditer(ast.get_docstring(function) or "")
        for one in match["names"].split(",")
    }
    lines = source.splitlines()
    for argument in reversed(function.args.args):
        if argument.annotation is not None and isinstance(argument.annotation, ast.Constant):
            continue
        sizes = said.get(argument.arg, "")
        if not re.fullmatch(r"(\w+)( \w+)*", sizes):
            raise CourseError(
                f"{file}, cell {number}: {name!r} says nothing of its argument {argument.arg!r}: write its sizes, as in"
                f' `def {name}({argument.arg}: "n d")`, or “{argument.arg}: array of shape (n, d)” in its docstring; beside what has none'
                f' stands "number" or "text", and for anything else begin with `autograder new UNIT {name}` and write its cases'
                f" in inputs.py, CASES[{name!r}]"
            )
        row, start, end = argument.lineno - 1, argument.col_offset, argument.end_col_offset
        line = lines[row].encode()
        written = f'{argument.arg}: "{sizes}"'.encode()
        lines[row] = (line[:start] + written + line[end:]).decode()
    return "\n".join(lines)
