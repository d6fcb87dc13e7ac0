"""The examples of a docstring are held against the solution."""

from __future__ import annotations

from pathlib import Path

import least_form
import pytest

from autograder.authoring import documented
from autograder.authoring.rehearsal import Rehearsal
from autograder.grading.pipeline import Pipeline
from autograder.sandbox.children import Sandbox


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Twice x.", ""),
        (">>> f(np.array([[1.0, 2.0]]))\n    array([[2.,   4.]])", ""),
        (
            ">>> f(np.array([[1.0]]))\n    array([[1.]])",
            "`f(np.array([[1.0]]))` gives array([[2.]]), and the docstring says array([[1.]])",
        ),
        (">>> f(None)\n    Traceback (most recent call last):\n    TypeError: ...", ""),
        (">>> f(np.zeros(2) + [1])\n    array([2., 2.])\n    >>> 1 / 0", "`1 / 0` raises ZeroDivisionError: division by zero"),
        (">>> f(nobody)\n    3", ""),  # what the solutions do not need is not known here
        (">>>f(2)", "line 4 of the docstring for f lacks blank after >>>: '>>>f(2)'"),
    ],
)  # fmt: skip
def test_what_a_docstring_promises_comes_out(
    tmp_path: Path, shared_sandbox: Sandbox, said: str, told: str
) -> None:
    source = f'def f(x: "n d"):\n    """Doc.\n\n    {said}\n    """\n    return np.multiply(2, x)\n'
    course = least_form.course(tmp_path, source)
    pipeline = Pipeline.open(course, course.units[0], shared_sandbox.child, shared_sandbox.level)
    made = documented.proof(Rehearsal.of(pipeline), pipeline.unit.functions[0])
    assert (made.holds, made.detail) == (not told, told)
