"""A released notebook as nbgrader makes it, small, for the tests of what is done with one."""

from __future__ import annotations

import copy
from typing import Any

UNIT_NAME = "self-attention"
STUB = 'raise NotImplementedError("Not written yet: write this function, then run its cell again.")'


def released() -> dict[str, Any]:
    """The notebook that students get: two functions with their check cells, and one free-text question."""
    cells = [_cell("markdown", "# Self-attention\n\nTwo functions and a question.", "intro")]
    for function in ("scaled_scores", "softmax"):
        cells += [
            _cell("code", f"def {function}(*arrays):\n    {STUB}", function, solution=True),
            _cell("code", f"check({function})", f"check-{function}", grade=True, points=3, locked=True),
        ]
    cells.append(_cell("markdown", "*Your answer.*", "why-sqrt-d_k", grade=True, solution=True, points=2))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def answered(answer: str) -> dict[str, Any]:
    """The same with both functions written and the question answered."""
    notebook = copy.deepcopy(released())
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace(STUB, "return 42")
    notebook["cells"][-1]["source"] = answer
    return notebook


def _cell(cell_type: str, source: str, id: str, **nbgrader: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": cell_type, "id": id, "metadata": {}, "source": source}
    if nbgrader:
        defaults = {"grade": False, "solution": False, "task": False, "locked": False, "schema_version": 3}
        cell["metadata"] = {"nbgrader": {**defaults, "grade_id": id, "cell_type": cell_type, **nbgrader}}
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
