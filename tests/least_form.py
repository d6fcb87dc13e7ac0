"""Units in least form, written into a course of their own: a lesson with solutions, and nothing beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from autograder.course import coursefile
from autograder.course.lesson import Lesson
from autograder.records import Course

_SOLUTION: Final = (
    '"grade": false, "grade_id": "{}", "locked": false, "schema_version": 3, "solution": true, "task": false'
)
_CHECK: Final = (
    '"grade": true, "grade_id": "check-{}", "locked": true, "points": 3, "schema_version": 3, "solution": false,'
    ' "task": false'
)

SCORES: Final = '''\
def scaled_scores(Query: "n_q d_k", Key: "n_k d_k"):
    """How well each query matches each key: a table of shape (n_q, n_k)."""
    d_k = Key.shape[-1]
    return Query @ Key.T / np.sqrt(d_k)  # scale: Divide by the square root of the length of a key.
'''
SOFTMAX: Final = '''\
def softmax(x: "... n, huge"):
    """Weights along the last axis."""
    shifted = x - np.max(x, axis=-1, keepdims=True)  # shift: Subtract it from its row, so that none can overflow.
    e = np.exp(shifted)
    sums = e.sum(axis=-1, keepdims=True)  # row sum: Add up each row.
    return e / sums
'''
ATTEND: Final = '''\
def attend(Query: "n_q d_k", Key: "n_k d_k", Value: "n_k d_v"):
    """For every query, the weighted sum of all values."""
    weights = softmax(scaled_scores(Query, Key))
    return weights @ Value
'''
HEADS: Final = '''\
def heads(x: "n d", W: "h d k, h >= 2"):
    """What each head makes of x, side by side."""
    made = []
    for i in range(len(W)):
        made.append(np.tanh(x @ W[i]))
    return np.concatenate(made, axis=-1)
'''


def lesson(*functions: str, file: Path = Path("lesson.py"), names: tuple[str, ...] = ()) -> Lesson:
    """A lesson with these functions, all of them asked for where no `names` are given."""
    text = "import numpy as np\n\n" + "\n\n".join(functions)
    return Lesson.of(file, text, names or tuple(_names(functions)))


def _names(functions: tuple[str, ...]) -> list[str]:
    return [match[1] for one in functions if (match := re.search(r"^(?:def|class) (\w+)", one, re.MULTILINE))]


def course(
    root: Path, *functions: str, unit: str = "least", files: Mapping[str, str] | None = None
) -> Course:
    """A course with one unit: these functions, 3 points each, and these files beside the lesson."""
    folder = root / "solutions" / unit
    folder.mkdir(parents=True)
    cells = ["# %%\nimport numpy as np\n\nfrom autograder import check\n"]
    for name, source in zip(_names(functions), functions, strict=True):
        cells.append(f"# %% nbgrader={{{_SOLUTION.format(name)}}}\n{_marked(source)}\n")
        cells.append(f"# %% nbgrader={{{_CHECK.format(name)}}}\ncheck({name})\n")
    folder.joinpath(f"{unit}.py").write_text("\n".join(cells), encoding="utf-8")
    for file, text in (files or {}).items():
        folder.joinpath(file).write_text(
            f"from autograder.author import *\nimport numpy as np\n{text}", encoding="utf-8"
        )
    listed = "".join(f'  {{ name = "{name}", points = 3.0 }},\n' for name in _names(functions))
    root.joinpath("course.toml").write_text(
        f'format = 1\ntitle = "Least"\npublic_seed = 4\n\n[[units]]\nname = "{unit}"\nfunctions = [\n{listed}]\n',
        encoding="utf-8",
    )
    return coursefile.load(root / "course.toml")


def _marked(source: str) -> str:
    """A function with its solution marked, docstring aside."""
    head, *body = source.rstrip("\n").split("\n")
    begins = 1 if body and body[0].lstrip().startswith('"""') else 0
    return "\n".join([head, *body[:begins], "    ### BEGIN SOLUTION", *body[begins:], "    ### END SOLUTION"])
