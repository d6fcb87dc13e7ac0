"""Which names a later cell takes from a function, as the text tells."""

from __future__ import annotations

import pytest

from autograder.notebook import syntax, takers
from autograder.records import Cell

SOFTMAX = "def softmax(x):\n    e = np.exp(x)\n    return e / sum(e)"


def cells(*sources: str) -> tuple[Cell, ...]:
    return tuple(Cell(index, source) for index, source in enumerate(sources))


def taken(*sources: str, function: str = "softmax") -> dict[str, int]:
    notebook = cells(*sources)
    found = takers.taken(notebook, syntax.definition(notebook, function))
    return {name: cell.index for name, cell in found.items()}


@pytest.mark.parametrize(
    ("later", "names"),
    [
        ("sum = 0", {"sum": 2}),
        ("np = 3", {"np": 2}),
        ("del np", {"np": 2}),
        ("for sum in range(3): pass", {"sum": 2}),
        ("with open('x') as np: pass", {"np": 2}),
        ("np, sum = 1, 2", {"np": 2, "sum": 2}),
        ("import torch as np", {"np": 2}),
        ("def sum(x): pass", {"sum": 2}),
        ("if True:\n    sum = 3", {"sum": 2}),
        (">>> sum = 3", {"sum": 2}),
        ("import numpy as np", {}),
        ("def other():\n    sum = 0\n    return sum", {}),
        ("shown = [sum for sum in range(3)]", {}),
        ("total = sum([1, 2])", {}),
        ("e = 3", {}),
        ("x = 3", {}),
        ("sum = (", {}),
    ],
)
def test_what_a_later_cell_takes(later: str, names: dict[str, int]) -> None:
    assert taken("import numpy as np", SOFTMAX, later) == names


def test_what_was_so_before_was_not_taken() -> None:
    assert taken("import numpy as np", "sum = 0", SOFTMAX) == {}


def test_the_last_cell_that_takes_a_name_is_named() -> None:
    assert taken("import numpy as np", SOFTMAX, "sum = 0", "sum = 1", "np = 2") == {"sum": 3, "np": 4}


def test_what_helpers_use_counts_and_what_they_are_first_defined_as_later_does_not() -> None:
    source = "def attend(q):\n    return softmax(q)"
    assert taken("import numpy as np", SOFTMAX, source, "sum = 0", function="attend") == {"sum": 3}
    assert taken("import numpy as np", source, SOFTMAX, function="attend") == {}
    assert taken(SOFTMAX, source, "softmax = softmax(3)", function="attend") == {"softmax": 2}


def test_a_name_taken_from_the_function_itself() -> None:
    for last in ("softmax = softmax(x)", "del softmax", "import softmax"):
        notebook = cells(SOFTMAX, "y = softmax(1)", last)
        definition = syntax.definition(notebook, "softmax")
        assert takers.takes_its_name(notebook, definition) == notebook[2]
        assert takers.lines(notebook, definition, as_it_stood=False) == (
            "Cell 3, counted from the top, gives the name `softmax` to something else: its last `def`, in cell 1, is the one that counts.",
        )
        assert takers.counting({"softmax": definition}) == {"softmax": 0}
    same = cells(f"{SOFTMAX}\nsoftmax = softmax(x)")
    assert takers.takes_its_name(same, syntax.definition(same, "softmax")) == same[0]


def test_a_stub_counts_for_nothing() -> None:
    notebook = cells("def softmax(x):\n    raise NotImplementedError", "softmax = lambda x: x")
    definition = syntax.definition(notebook, "softmax")
    assert takers.counting({"softmax": definition}) == {}
    assert takers.takes_its_name(notebook, definition) is None


def test_without_a_def_there_is_nothing_to_tell() -> None:
    notebook = cells("softmax = lambda x: x", "softmax = 3")
    definition = syntax.definition(notebook, "softmax")
    assert takers.taken(notebook, definition) == {}
    assert takers.lines(notebook, definition, as_it_stood=True) == ()


def test_a_graded_function_is_not_taken_for_its_last_def_counts() -> None:
    notebook = [
        Cell(0, "def softmax(x): ..."),
        Cell(1, "def attend(x):\n    return softmax(x)"),
        Cell(2, "def softmax(x): ..."),
    ]
    definition = syntax.definition(notebook, "attend")
    assert takers.taken(notebook, definition) == {"softmax": notebook[2]}
    assert takers.taken(notebook, definition, {"softmax"}) == {}
    assert takers.lines(notebook, definition, {"softmax"}, as_it_stood=True) == ()
