"""What a notebook's text says of its functions."""

from __future__ import annotations

import sys

import pytest

from autograder.notebook import definitions, newer
from autograder.records import Cell, CellKind, Definition, Function, SetAside, Tolerance, Unit

STUB = 'def softmax(x):\n    """Along the rows."""\n    raise NotImplementedError("Not written yet")'
WRITTEN = "def softmax(x):\n    return x"


def notebook(*cells: str | tuple[CellKind, str]) -> list[Cell]:
    return [
        Cell(index, cell) if isinstance(cell, str) else Cell(index, cell[1], cell[0])
        for index, cell in enumerate(cells)
    ]


def softmax(*cells: str | tuple[CellKind, str]) -> Definition:
    return definitions.of(notebook(*cells), ["softmax", "attend"])["softmax"]


def test_earlier_definitions_are_known() -> None:
    known = softmax(
        "import numpy",
        WRITTEN,
        ("markdown", WRITTEN),
        "if True:\n    " + WRITTEN.replace("\n", "\n    "),
        WRITTEN,
    )
    assert known.cell is not None
    assert known.cell.index == 4
    assert [cell.index for cell in known.earlier] == [1, 3]
    assert softmax(WRITTEN).earlier == ()
    assert [cell.index for cell in softmax(WRITTEN, STUB).earlier] == [0]


@pytest.mark.parametrize(
    "other",
    [
        "class A:\n    def softmax(self):\n        pass",
        "def outer():\n    def softmax(x):\n        pass",
        "softmax(1)",
    ],
)
def test_methods_and_inner_functions_are_no_earlier_definitions(other: str) -> None:
    assert softmax(other, WRITTEN).earlier == ()


@pytest.mark.parametrize(
    ("cell", "how"),
    [
        (("markdown", "Mine:\n\n" + WRITTEN), "markdown"),
        (("raw", WRITTEN), "raw"),
        ("# def softmax(x):\n#     return x", "comment"),
        ("    ## def softmax(x):", "comment"),
    ],
)
@pytest.mark.parametrize("beside", ["import numpy", STUB])
def test_a_definition_that_is_no_code(cell: str | tuple[CellKind, str], how: str, beside: str) -> None:
    known = softmax(beside, cell)
    assert [(aside.cell.index, aside.how) for aside in known.set_aside] == [(1, how)]
    assert softmax(WRITTEN, cell).set_aside == (), "what is written is what counts"


def test_a_definition_in_a_cell_that_hands_it_on() -> None:
    cells = notebook("%%writefile softmax.py\n" + WRITTEN)
    known = definitions.of(cells, ["softmax"])["softmax"]
    assert known.set_aside == (SetAside(cells[0], "magic"),)


@pytest.mark.parametrize(
    ("code", "alike"),
    [
        ("def soft_max(x): ...", ("soft_max",)),
        ("Softmax = lambda x: x", ("Softmax",)),
        ("def my_softmax_function_for_rows(x): ...", ("my_softmax_function_for_rows",)),
        ("def softmx(x): ...\ndef softmaxx(x): ...", ("softmaxx", "softmx")),
        ("try:\n    def softmax2(x): ...\nexcept ValueError:\n    pass", ("softmax2",)),
        ("def helper(x): ...", ()),
        ("def attend(x): ...", ()),
        ("def " + "softmax" * 20 + "(x): ...", ()),
        ("def softmax2(x: ...", ()),
    ],
)
def test_a_function_of_a_similar_name(code: str, alike: tuple[str, ...]) -> None:
    assert softmax(code).alike == alike


def test_code_of_a_newer_python() -> None:
    text = "def softmax(x):\n    try:\n        return x\n    except ValueError, TypeError:\n        return 1"
    assert softmax(text).newer == newer.needed(text)
    assert (softmax(text).newer is None) == (sys.version_info >= (3, 14))
    assert softmax("def softmax(x").newer is None


# --------------------------------------------------------------------------------------------- another unit


def unit(name: str, *functions: str, brings: tuple[str, ...] = ()) -> Unit:
    return Unit(name, name.title(), tuple(Function(one, 1.0, Tolerance()) for one in functions), brings)


UNITS = (
    unit("embeddings", "one_hot", "project_qkv"),
    unit("self-attention", "scaled_scores", "softmax", "attend"),
    unit("multi-head", "multi_head", brings=("attend",)),
)


@pytest.mark.parametrize(
    ("functions", "mine", "true"),
    [
        (["one_hot", "project_qkv"], 1, "embeddings"),
        (["one_hot"], 1, "embeddings"),
        (["attend", "multi_head"], 1, "multi-head"),
        (["scaled_scores", "softmax", "attend"], 0, "self-attention"),
        (["one_hot", "softmax"], 1, None),  # one of its own is there
        (["scaled_scores", "softmax", "attend", "multi_head"], 1, None),
        (["helper"], 1, None),
        (["softmax"], 1, None),
    ],
)
def test_the_notebook_of_another_unit(functions: list[str], mine: int, true: str | None) -> None:
    cells = notebook(*(f"def {name}(x):\n    return x" for name in functions))
    found = definitions.another_unit(cells, UNITS[mine], UNITS)
    assert (found and found.name) == true


def test_a_unit_in_words_is_no_unit() -> None:
    assert definitions.another_unit(notebook(("markdown", "def one_hot(x):")), UNITS[1], UNITS) is None


CLASS_STUB = "class Stack:\n    def push(self, item):\n        raise NotImplementedError"
CLASS = "class Stack:\n    def push(self, item):\n        self.items.append(item)"


def test_a_class_is_looked_for_as_a_function_is() -> None:
    def stack(*cells: str | tuple[CellKind, str]) -> Definition:
        return definitions.of(notebook(*cells), ["Stack"])["Stack"]

    known = stack(CLASS_STUB, CLASS)
    assert [cell.index for cell in known.earlier] == [0]
    assert [aside.how for aside in stack(CLASS_STUB, ("markdown", CLASS)).set_aside] == ["markdown"]
    assert [aside.how for aside in stack("# class Stack:\n#     pass").set_aside] == ["comment"]
    assert stack("class stack:\n    pass").alike == ("stack",)


def test_what_is_written_of_a_class_or_a_variable() -> None:
    def written(cell: str, name: str) -> bool:
        return definitions.are_written(definitions.of(notebook(cell), [name]).values())

    assert written(CLASS, "Stack")
    assert not written(CLASS_STUB, "Stack")
    assert written("answer = 42", "answer")
    assert not written("answer = ...", "answer")
    assert not written("other = 3", "answer")
