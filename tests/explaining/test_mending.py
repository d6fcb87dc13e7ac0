"""Why code on plain values is wrong: mistakes that nobody listed, each found in the real child with its line and cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import exercises
import pytest
from exercises import Exercise

from autograder.authoring.rehearsal import Notebook
from autograder.budget import Budget
from autograder.course import coursefile
from autograder.grading.pipeline import Pipeline
from autograder.records import FunctionReport
from autograder.sandbox.children import Sandbox

Told = Callable[[str, str], FunctionReport]


def exercise(name: str, reference: str, cases: str) -> Exercise:
    head, body = reference.strip().split("\n", 1)
    solution = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION\n"
    procedures = f'{reference}\nPROCEDURES = {{"{name}": plain({name})}}\n'
    return Exercise(name.lower(), name, procedures, cases, solution)


TAGGED: Final = exercise(
    "tagged",
    "def tagged(names, least):\n    found = []\n    for name in names:\n        if len(name) >= least:\n"
    '            found.append(f"{name}-{len(name)}")\n        else:\n            found.append("short")\n    return found\n',
    "return tuple(Case(f'{n} names', (['abcdefgh'[:int(k)] for k in rng.permutation(range(1, 8))[:n]], 4)) for n in (7, 6, 5))",
)
KEPT: Final = exercise(
    "kept",
    "def kept(numbers):\n    return [number for number in numbers if number % 2]\n",
    "return tuple(Case(f'case {n}', ([2 * int(a), 2 * int(b), 2 * int(c) + 1, 2 * int(d) + 1],))"
    " for n, (a, b, c, d) in enumerate(rng.integers(3, 40, size=(3, 4))))",
)
SHARE: Final = exercise(
    "share",
    "def share(whole, percent):\n    part = whole * percent / 100\n    return part + 3\n",
    "return tuple(Case(f'case {n}', (round(float(w), 2), int(p)))"
    " for n, (w, p) in enumerate(zip(rng.uniform(20, 90, 3), rng.integers(5, 45, 3))))",
)
FIRST: Final = exercise(
    "first_large",
    "def first_large(numbers, least):\n    for number in numbers:\n        if number > least:\n            return number\n    return least\n",
    "return tuple(Case(f'case {n}', ([int(k) for k in rng.permutation(range(10, 40))[:4]], least))"
    " for n, least in enumerate((20, 90, 25, 80)))",
)
TANK: Final = Exercise(
    "tanks",
    "Tank",
    "class Tank:\n    def __init__(self, level):\n        self.level = level\n        self.most = 90\n"
    "    def fill(self, more):\n        self.level = min(self.level + more, self.most)\n        return self.level\n"
    "    def left(self):\n        return self.most - self.level\nPROCEDURES = {'Tank': plain(Tank)}\n",
    "some = [int(k) for k in rng.integers(20, 40, size=3)]\n"
    "    return tuple(Case(f'case {n}', script(new(k), call('fill', 7), call('fill', 11), call('left')), asks='script')"
    " for n, k in enumerate(some))",
    "class Tank:\n    ### BEGIN SOLUTION\n    def __init__(self, level):\n        self.level, self.most = level, 90\n\n"
    "    def fill(self, more):\n        self.level = min(self.level + more, self.most)\n        return self.level\n\n"
    "    def left(self):\n        return self.most - self.level\n    ### END SOLUTION\n",
)
ALL: Final = (TAGGED, KEPT, SHARE, FIRST, TANK)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The report on an exercise that is solved in another way."""
    root = tmp_path_factory.mktemp("plain")
    exercises.course(root, *ALL)
    file = root / "course.toml"
    file.write_text(file.read_text().replace("edit_seconds = 0.1", "edit_seconds = 20"))
    course = coursefile.load(file)
    with Sandbox(course.limits) as sandbox:
        opened: dict[str, Pipeline] = {}

        def report(name: str, source: str) -> FunctionReport:
            unit = course.unit(name.lower() if name != "Tank" else "tanks")
            if name not in opened:
                opened[name] = Pipeline.open(course, unit, sandbox.child, sandbox.level)
            submission = Notebook.solved(course, unit).with_function(name, source)
            (graded,) = opened[name].report(submission, Budget(60.0)).functions
            assert "fault of ours" not in graded.note, graded.note
            return graded

        yield report


@dataclass(frozen=True)
class Wrong:
    """Code with one mistake, and what should be told of it."""

    name: str
    lines: str  # after the first
    line: int
    kind: str
    also: str = ""  # the finding that comes before it

    @property
    def source(self) -> str:
        heads = {
            "tagged": "names, least",
            "kept": "numbers",
            "share": "whole, percent",
            "first_large": "numbers, least",
        }
        if self.name == "Tank":
            return f"class Tank:\n    def __init__(self, level):\n        self.level, self.most = level, 90\n{self.lines}"
        return f"def {self.name}({heads[self.name]}):\n{self.lines}"


_LOOP: Final = "    found = []\n    for name in names:\n        if len(name) >= least:\n"
_LEFT: Final = "    def left(self):\n        return self.most - self.level\n"


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(
            "tagged",
            f'{_LOOP}            found.append("{{name}}-{{len(name)}}")\n        else:\n            found.append("short")\n    return found\n',
            5,
            "braces",
        ),
        Wrong(
            "tagged",
            f'{_LOOP}            found.append("short")\n        else:\n            found.append(f"{{name}}-{{len(name)}}")\n    return found\n',
            4,
            "turned",
        ),
        Wrong(
            "tagged",
            f'{_LOOP}            found.append(f"{{len(name)}}-{{name}}")\n        else:\n            found.append("short")\n    return found\n',
            5,
            "text",
        ),
        Wrong(
            "kept",
            "    left = list(numbers)\n    for number in left:\n        if number % 2 == 0:\n            left.remove(number)\n    return left\n",
            3,
            "looped",
        ),
        Wrong("share", "    part = whole * percent\n    return part + 3\n", 2, "unit"),
        Wrong(
            "first_large",
            "    for number in numbers:\n        if number > least:\n            return number\n",
            4,
            "no-return",
            "general.returns-none",
        ),
        Wrong(
            "first_large",
            "    large = [number for number in numbers if number > least]\n    large.append(least)\n    print(large[0])\n",
            4,
            "printed",
            "general.returns-none",
        ),
        Wrong(
            "Tank",
            f"    def fill(self, more):\n        level = min(self.level + more, self.most)\n        return level\n{_LEFT}",
            5,
            "attribute",
        ),
        Wrong(
            "Tank",
            f"    def fill(self, more):\n        self.level = min(self.level + more, self.most)\n        return self.most\n{_LEFT}",
            6,
            "name",
        ),
    ],
    ids=lambda wrong: f"{wrong.name}-{wrong.kind}",
)
def test_the_line_and_the_cause_are_told(told: Told, wrong: Wrong) -> None:
    found = told(wrong.name, wrong.source).diagnoses
    edits = [(one.line, one.kind) for one in found if one.id == "general.one-edit"]
    assert edits == [(wrong.line, wrong.kind)]
    assert found[0].id == (wrong.also or "general.one-edit") or found[0].line == wrong.line


def test_a_way_without_a_return_is_not_said_to_be_the_line_of_another_return(told: Told) -> None:
    lines = "    if max(numbers) > least:\n        return next(number for number in numbers if number > least)\n    least + 0\n"
    found = told("first_large", f"def first_large(numbers, least):\n{lines}").diagnoses
    assert found[0].id == "general.returns-none"
    assert found[0].line != 3
