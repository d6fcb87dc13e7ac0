"""What names stand for once all cells have run: the last `def` counts, and other names can be had as they stood."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

F = "def f(a): return a + 1"


@pytest.mark.parametrize(
    "later",
    [
        "f = f(np.ones(3))",
        "f = 3",
        "f = np.vectorize(len)",
        "from no_such_lib import f",
        "del f",
        "for f in range(3): pass",
        "def g(): pass\nf, g = g, f",
        "class f: pass",
    ],
)
def test_the_last_def_counts_whatever_comes_later(talk: Any, later: str) -> None:
    told = talk("import numpy as np", F, later, definitions={"f": 1})
    assert told.ready.defined
    assert told.ready.cell == 1
    np.testing.assert_array_equal(told.value(np.zeros(2)), [1, 1])


@pytest.mark.parametrize(
    "cell",
    [
        f"{F}\nf = f(np.ones(3))",
        "import functools\n@functools.cache\ndef f(a=0): return a + 1\nf = f()",
        f"{F}\nf(np.ones(3), 1)\nf = 3",
        f"if True:\n    {F}\nf = None",
    ],
)
def test_a_name_that_its_own_cell_takes(talk: Any, cell: str) -> None:
    told = talk("import numpy as np", cell, "shown = f", definitions={"f": 1})
    assert told.ready.defined
    assert told.ready.cell == 1


def test_what_is_made_of_a_function_in_its_own_cell_counts(talk: Any) -> None:
    told = talk("import numpy as np", f"{F}\nf = np.vectorize(f)", definitions={"f": 1})
    np.testing.assert_array_equal(told.value(np.zeros(2)), [1, 1])
    assert told.ready.cell is None


def test_later_cells_work_with_what_the_name_is_then(talk: Any) -> None:
    told = talk("import numpy as np", F, "f = f(np.ones(2))", "seen = f + 1", definitions={"f": 1})
    assert not told.failed


def test_another_graded_function_is_there_too(talk: Any) -> None:
    told = talk(
        "def g(a): return a * 2",
        "def f(a): return g(a)",
        "g = g(1)",
        definitions={"g": 0, "f": 1},
    )
    np.testing.assert_array_equal(told.value(np.ones(1)), [2])


def test_a_cell_without_a_def_counts_for_nothing(talk: Any) -> None:
    told = talk("x = 1", "f = lambda a: a", definitions={"f": 0})
    assert told.ready.defined


TAKEN = {
    "a builtin": ("def f(a): return a * sum([1, 2])", "sum = 0"),
    "a library": ("import numpy as np\ndef f(a): return np.abs(a) * 3", "np = 5"),
    "a helper": ("def g(a): return a * 3\ndef f(a): return g(a)", "def g(x, y): pass"),
    "a setting": ("scale = 3\ndef f(a): return a * scale", "scale = 'large'"),
    "one that was deleted": ("import math\ndef f(a): return a * math.floor(3.1)", "del math"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_names_as_they_stood_when_the_functions_cell_had_run(talk: Any, kind: str) -> None:
    own, later = TAKEN[kind]
    left = talk(own, later, definitions={"f": 0})
    assert not hasattr(left.call(np.ones(1)), "value")
    left.child.close()
    stood = talk(own, later, definitions={"f": 0}, as_it_stood=True)
    np.testing.assert_array_equal(stood.value(np.ones(1)), [3])


def test_helpers_of_later_cells_are_there_all_the_same(talk: Any) -> None:
    told = talk(
        "def f(a): return helper(a) * sum([1, 2])",
        "sum = 0",
        "def helper(a): return a + 1",
        definitions={"f": 0},
        as_it_stood=True,
    )
    np.testing.assert_array_equal(told.value(np.zeros(1)), [3])


def test_stand_ins_stay(talk: Any) -> None:
    told = talk(
        "def g(a): return 0",
        "def f(a): return g(a)",
        "g = 3",
        replaced=["g"],
        definitions={"g": 0, "f": 1},
        as_it_stood=True,
    )
    assert told.call(np.ones(1)).name == "g"


@pytest.mark.parametrize("between", [None, "\n"])
def test_the_last_class_counts_whatever_comes_later(talk: Any, between: str | None) -> None:
    stack = "class Stack:\n    def __init__(self, a): self.a = a\n    def add(self, b): return self.a + b"
    cells = [stack, "Stack = Stack(1)"]
    cells = cells if between is None else [between.join(cells)]
    told = talk(*cells, function="Stack", definitions={"Stack": 0}, asks="script")
    assert told.ready.defined
    assert told.ready.cell == 0
    assert told.value((1,), ("add", (2,))) == [{"returned": 3}]
