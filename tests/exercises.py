"""Small units of every kind of exercise, written into a course of their own: material, notebook and hidden checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from autograder.course import coursefile, solution
from autograder.notebook.places import HandedIn
from autograder.records import Course

_SOLUTION: Final = (
    '"grade": false, "grade_id": "{}", "locked": false, "schema_version": 3, "solution": true, "task": false'
)
_CHECK: Final = (
    '"grade": true, "grade_id": "check-{}", "locked": true, "points": 2, "schema_version": 3, "solution": false,'
    ' "task": false'
)


@dataclass(frozen=True)
class Exercise:
    """One unit with one exercise."""

    unit: str
    name: str  # of the function, the class or the variable
    reference: str  # reference.py, which defines PROCEDURES
    cases: str  # what inputs.py holds within its function `cases(rng)`
    solution: str  # the cell of the notebook
    imports: str = "import numpy as np"
    variable: bool = False
    misconceptions: str = ""


STACK: Final = Exercise(
    "stacks",
    "Stack",
    """
class Stack:
    def __init__(self, items=()):
        self._items = list(items)

    def push(self, item):
        self._items.append(item)

    def pop(self):
        return self._items.pop()

    def items(self):
        return self._items

    def __len__(self):
        return len(self._items)

PROCEDURES = {"Stack": plain(Stack)}
""",
    """
    some = [int(number) for number in rng.permutation(range(10, 99))[:3]]
    return (
        Case("pushed and popped", script(new(), call("push", some[0]), call("push", some[1]), call("pop")), asks="script"),
        Case("emptied", script(new(some), call("pop"), call("pop"), call("pop"), call("pop")), asks="script"),
        Case("looked at", script(new(some[:2]), call("items"), call("push", "x"), call("__len__")), asks="script"),
    )
""",
    """
class Stack:
    \"\"\"Last in, first out.\"\"\"

    ### BEGIN SOLUTION
    def __init__(self, items=()):
        self.held = list(items)

    def push(self, item):
        self.held.append(item)

    def pop(self):
        return self.held.pop()

    def items(self):
        return self.held

    def __len__(self):
        return len(self.held)
    ### END SOLUTION
""",
)

ANSWER: Final = Exercise(
    "answers",
    "answer",
    'PROCEDURES = {"answer": plain({"mean": 2.5, "words": ["a", "b"]})}',
    'return (Case("its value", (), asks="variable"),)',
    """
data = np.array([1.0, 2.0, 3.0, 4.0])
answer = ...
### BEGIN SOLUTION
answer = {"words": ["a", "b"], "mean": data.mean()}
### END SOLUTION
""",
    variable=True,
)

GREET: Final = Exercise(
    "greetings",
    "countdown",
    """
def countdown(start):
    for number in range(start, 0, -1):
        print(number)
    print("Go!")

PROCEDURES = {"countdown": plain(countdown)}
""",
    """
    starts = [int(start) for start in rng.permutation(range(4, 9))[:2]]
    return (
        *(Case(f"from {place}", (start,), asks="printed") for place, start in enumerate(starts)),
        Case("from zero", (0,), asks="printed", kind="one-token"),
    )
""",
    """
def countdown(start):
    \"\"\"Prints the numbers from start down to 1, and then Go!\"\"\"
    ### BEGIN SOLUTION
    while start > 0:
        print(start)
        start -= 1
    print("Go!")
    ### END SOLUTION
""",
)

APPLY: Final = Exercise(
    "functions",
    "apply_twice",
    """
def apply_twice(function, value):
    return function(function(value))

PROCEDURES = {"apply_twice": plain(apply_twice)}
""",
    """
    low = int(rng.integers(2, 9))
    return (
        Case("a square", (Code("lambda x: x**2"), low)),
        Case("words", (Code("def double(text):\\n    return text + text"), f"w{low}")),
        Case("the root of a table", (Code("lambda x: np.sqrt(x) + 0.25"), np.round(rng.uniform(1, 5, size=(2, 3)), 2))),
    )
""",
    """
def apply_twice(function, value):
    ### BEGIN SOLUTION
    return function(function(value))
    ### END SOLUTION
""",
)

DICE: Final = Exercise(
    "dice",
    "noisy",
    """
import random

def noisy(x, generator):
    return x + generator.normal(size=x.shape) + np.random.normal() + random.random()

PROCEDURES = {"noisy": plain(noisy)}
""",
    """
    return (
        Case("a row", (np.round(rng.uniform(1, 5, size=3), 2), Seeded(7))),
        Case("a table", (np.round(rng.uniform(1, 5, size=(2, 3)), 2), Seeded(8))),
    )
""",
    """
def noisy(x, generator):
    ### BEGIN SOLUTION
    noise = generator.normal(size=x.shape)
    return x + noise + np.random.normal() + random.random()
    ### END SOLUTION
""",
    imports="import random\n\nimport numpy as np",
)

PLOT: Final = Exercise(
    "drawings",
    "plot_powers",
    """
import matplotlib.pyplot as plt

def plot_powers(x):
    _, axes = plt.subplots()
    axes.plot(x, x, label="line")
    axes.plot(x, x**2, label="parabola")
    axes.scatter(x, x**3)
    axes.set_xlabel("x")
    axes.legend()

PROCEDURES = {"plot_powers": plain(plot_powers)}
""",
    """
    return tuple(
        Case(f"{size} numbers", (np.round(np.cumsum(rng.uniform(0.5, 1.5, size=size)), 2),), asks="drawing")
        for size in (4, 7)
    )
""",
    """
def plot_powers(x):
    ### BEGIN SOLUTION
    plt.plot(x, x**2, label="parabola")
    plt.plot(x, x, label="line")
    plt.plot(x, x**3, "o")
    plt.xlabel("x")
    plt.legend()
    ### END SOLUTION
""",
    imports="import matplotlib.pyplot as plt\nimport numpy as np",
)

ALL: Final = (STACK, ANSWER, GREET, APPLY, DICE, PLOT)


def course(root: Path, *exercises: Exercise) -> Course:
    """A course with these units, in a folder of its own."""
    lines = ["format = 1", 'title = "Kinds"', "public_seed = 4"]
    lines += [
        "[limits]",
        "edit_seconds = 0.1",
    ]  # what is said of them does not hang on edits that make them right
    for one in exercises:
        lines += [
            "[[units]]",
            f'name = "{one.unit}"',
            f'functions = [{{ name = "{one.name}", points = 2.0 }}]',
        ]
        _write(root / "solutions" / one.unit, one)
    root.joinpath("course.toml").write_text("\n".join(lines), encoding="utf-8")
    return coursefile.load(root / "course.toml")


def _write(folder: Path, one: Exercise) -> None:
    folder.mkdir(parents=True)
    author = "from autograder.author import *\nimport numpy as np\n"
    checked = f'check("{one.name}")' if one.variable else f"check({one.name})"
    files = {
        "reference.py": f"{author}{one.reference}",
        "inputs.py": f"{author}def cases(rng):\n    {one.cases.strip()}\nCASES = {{'{one.name}': cases}}\n",
        "test_hidden.py": f"{author}test_it = agrees('{one.name}', 'agrees', points=2.0)\n",
        f"{one.unit}.py": f"# %%\n{one.imports}\n\nfrom autograder import check\n\n"
        f"# %% nbgrader={{{_SOLUTION.format(one.name)}}}\n{one.solution.strip()}\n\n"
        f"# %% nbgrader={{{_CHECK.format(one.name)}}}\n{checked}\n",
    }
    if one.misconceptions:
        files["misconceptions.py"] = f"{author}{one.misconceptions}"
    for name, text in files.items():
        folder.joinpath(name).write_text(text, encoding="utf-8")


def notebook(loaded: Course, exercise: Exercise, source: str | None = None, *more: str) -> dict[str, Any]:
    """The solved notebook of a unit, with other code in the cell of its exercise, and cells after it."""
    document: dict[str, Any] = solution.solved(loaded, loaded.unit(exercise.unit))
    if source is not None:
        solution.rewrite(document, exercise.name, source)
    cells = [
        {**document["cells"][0], "id": f"more-{place}", "source": text} for place, text in enumerate(more)
    ]
    document["cells"] += cells
    return document


def hand_in(root: Path, loaded: Course, exercise: Exercise, document: Mapping[str, Any]) -> HandedIn:
    """Writes it where students' work lies."""
    folder = root / "submitted" / "ada" / exercise.unit
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath(f"{exercise.unit}.ipynb").write_text(json.dumps(document), encoding="utf-8")
    return HandedIn("ada", folder)
