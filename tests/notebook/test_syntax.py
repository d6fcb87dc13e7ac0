"""What is read from the code that a student wrote."""

from __future__ import annotations

import ast

import pytest

from autograder.notebook import syntax
from autograder.records import Cell, Definition


def test_the_definition_that_counts_is_the_last() -> None:
    twice = "def f(x):\n    for r in x:\n        return d_k\ndef f(x):\n    return x"
    found = node(twice, "f")
    assert found is not None
    assert found.lineno == 4
    assert syntax.return_in_loop(found) is None
    assert syntax.line_that_reads(found, ["d_k"]) is None
    assert node(twice, "g") is None
    assert node("def f(x:", "f") is None


def node(source: str, function: str) -> ast.FunctionDef | None:
    return syntax.definition([Cell(0, source)], function).node


def test_the_last_cell_that_defines_counts_also_where_it_is_no_python() -> None:
    cells = [
        Cell(0, "def softmax(x): ..."),
        Cell(3, "%%time\ndef softmax(x):\n    ..."),
        Cell(4, "softmax(x) == 1"),
        Cell(5, "softmax = softmax(x)"),
    ]
    found = syntax.definition(cells, "softmax")
    assert (found.cell, found.node and found.node.lineno) == (cells[1], 2)
    broken = [Cell(0, "def softmax(x): ..."), Cell(3, "def softmax(x:\n    ...")]
    assert syntax.definition(broken, "softmax") == Definition(broken[1], None)
    pasted = [Cell(0, "def softmax(x): ..."), Cell(3, ">>> def softmax(x):\n...     return x")]
    assert syntax.definition(pasted, "softmax").cell == pasted[1]
    bound = Cell(0, "softmax = lambda x: x")
    assert syntax.definition([bound], "softmax") == Definition(bound, None)
    assert syntax.definition([bound], "softmax").source == bound.source
    assert syntax.definition([Cell(0, "def softmax2(x): ...")], "softmax") == Definition()
    assert Definition().source is None


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("    for r in x:\n        y = r\n        return y", 4),
        ("    while True:\n        return x", 3),
        ("    for r in x:\n        if r:\n            return 1\n        else:\n            return 2", 6),
        ("    for r in x:\n        if r:\n            return 1\n        elif x:\n            y = 2", None),
        ("    for r in x:\n        if r:\n            continue\n        return r", None),
        ("    for r in x:\n        if r:\n            return r\n    return x", None),
        ("    def g(x):\n        for r in x:\n            return r\n    return g(x)", None),
        ("    return [r for r in x]", None),
        ("    return (", None),
    ],
)
def test_a_return_that_ends_a_loop_in_its_first_round(body: str, line: int | None) -> None:
    assert syntax.return_in_loop(node(f"def f(x):\n{body}", "f")) == line


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("    y = 1\n    z = np.sqrt(d_k)\n    return z + d_k", 3),
        ("    for i in range(d_k):\n        y = d_k", 2),
        ("    d_k = 1", None),
        ("    return helper(x)", None),
        ("    return (", None),
    ],
)
def test_the_first_line_that_reads_a_variable(body: str, line: int | None) -> None:
    assert syntax.line_that_reads(node(f"def f(x):\n{body}", "f"), ["d_k"]) == line
    assert syntax.line_that_reads(node(f"def f(x):\n{body}", "g"), ["d_k"]) is None


@pytest.mark.parametrize(
    ("source", "spelled"),
    [
        ("y = x / np.sqrt(6)", True),
        ("y = x / 6 ** 0.5", True),
        ("y = x / 2.449", True),
        ("y = [x[0], x[5]]", True),
        ("for i in (0, 1, 2, 3, 4, 5): pass", True),
        ("y = [f(i) for i in [0, 1, 2, 3, 4, 5]]", True),
        ("y = x ** 6", False),
        ("y = x.sum(axis=6)", False),
        ("y = x.shape[5]", False),
        ("y = x[6]", False),
        ("y = '6'", False),
        ("no Python, 6", False),
        ("y = x" + ".T" * 900 + ".shape[5]", False),
        ("y = x" + "[0]" * 900 + "[5]", True),
    ],
)
def test_whether_code_spells_out_a_size(source: str, spelled: bool) -> None:
    assert syntax.spells_out(source, 6) is spelled


def source(*cells: str, function: str = "f") -> str:
    return syntax.code_of([Cell(index, text) for index, text in enumerate(cells)], function)


def test_comments_and_docstrings_are_left_out() -> None:
    text = source('def f(x):\n    """Uses sqrt."""\n    # and mean\n    return x  # log')
    assert text == "def f(x):\n    return x"


def test_what_it_calls_is_part_of_it_and_what_it_does_not_is_not() -> None:
    text = source(
        "def helper(x):\n    return x ** 0.5", "def f(x):\n    return helper(x)", "def other(): return 7"
    )
    assert "** 0.5" in text
    assert "7" not in text


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("f = lambda x: x",), "f = lambda x: x"),
        (("def f(x): return 1", "def f(x): return 2"), "def f(x):\n    return 2"),
        (("%magic\ndef f(x): return 1  # one",), "def f(x):\n    return 1"),
        (("x = (\ndef f(x): return 1  # one",), "x = (\ndef f(x): return 1  "),
        (("def g(): pass",), ""),
        ((), ""),
        (("def f():\n    'only a docstring'",), "def f():\n    pass"),
        (("async def f(): return 1",), "async def f():\n    return 1"),
        (("f = " + "-" * 100_000 + "1",), "f = " + "-" * 100_000 + "1"),
        (("def f(x): return x" + " + 1" * 900 + "  # one",), "def f(x): return x" + " + 1" * 900),
    ],
)
def test_odd_sources(cells: tuple[str, ...], expected: str) -> None:
    assert source(*cells) == expected


@pytest.mark.parametrize(
    ("body", "stub", "line"),
    [
        ('"""What it does."""\n    raise NotImplementedError("Not written yet")', True, 3),
        ("raise NotImplementedError", True, 2),
        ("pass", True, None),
        ("...", True, None),
        ("y = x\n    raise NotImplementedError()", False, 3),
        ("raise NotImplementedError()\n    return x", False, 2),
        ("if x:\n        raise NotImplementedError\n    raise NotImplementedError", False, 3),
        ("raise ValueError", False, None),
        ("return x", False, None),
    ],
)
def test_a_stub_and_the_line_of_one_that_was_left(body: str, stub: bool, line: int | None) -> None:
    found = node(f"def f(x):\n    {body}", "f")
    assert found is not None
    assert syntax.is_stub(found) == stub
    assert syntax.left_over(found) == line
    assert syntax.left_over(None) is None


STACK = "class Stack:\n    def push(self, item):\n        self.items.append(item)"


def test_a_class_is_found_as_a_function_is() -> None:
    cells = [
        Cell(0, "class Stack:\n    pass"),
        Cell(1, STACK),
        Cell(2, "Stack = Stack()"),
        Cell(3, "class Stacks: ..."),
    ]
    found = syntax.definition(cells, "Stack")
    assert found.cell == cells[1]
    assert isinstance(found.node, ast.ClassDef)
    assert not found.unwritten
    for begins in ("class Stack(list):", "class Stack[T]:", "class Stack :"):
        cell = Cell(0, f"{begins}\n    size = 3")
        assert syntax.definition([cell], "Stack").cell == cell


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        ("pass", True),
        ('"""A stack."""', True),
        ("def push(self, item):\n        raise NotImplementedError\n    def pop(self): ...", True),
        (
            "def push(self, item):\n        raise NotImplementedError\n    def pop(self):\n        return 1",
            False,
        ),
        ("size = 3", False),
    ],
)
def test_a_class_all_of_whose_methods_are_stubs_is_one(body: str, stub: bool) -> None:
    assert syntax.definition([Cell(0, f"class Stack:\n    {body}")], "Stack").unwritten == stub


@pytest.mark.parametrize(
    "source",
    [
        "answer = 42",
        "answer: int = 42",
        "if True:\n    answer = 42",
        "rest, answer = 1, 42",
        "answer += 1",
        "for answer in range(3):\n    pass",
        "with open('f') as answer:\n    pass",
        "answer = (42",
    ],
)
def test_a_variable_is_where_it_last_gets_a_value(source: str) -> None:
    cells = [Cell(0, "answer = 1"), Cell(1, source), Cell(2, "print(answer == 42)\nanswers = 3")]
    assert syntax.definition(cells, "answer") == Definition(cells[1])


@pytest.mark.parametrize(
    "source",
    ["def f():\n    answer = 42", "f(answer=42)", "import answer", "# answer = 42", "[answer for answer in x]", "answer == 42", "x.answer = 3"],
)  # fmt: skip
def test_what_gives_a_variable_no_value(source: str) -> None:
    assert syntax.definition([Cell(0, source)], "answer") == Definition()


@pytest.mark.parametrize(
    ("source", "unwritten"),
    [
        ("answer = ...", True),
        ("answer: int = ...", True),
        ("# Here:\nanswer = None\nraise NotImplementedError", True),
        ("answer = ...\nanswer = 42", False),
        ("answer = 42\nanswer = ...", True),
        ("answer = 0", False),
        ("answer, rest = None, 3", False),
    ],
)
def test_a_variable_without_a_value_is_a_stub(source: str, unwritten: bool) -> None:
    assert syntax.definition([Cell(0, source)], "answer").unwritten == unwritten


def test_the_statements_that_give_a_variable_its_value() -> None:
    parsed = syntax.tree("answer = 1\nother = 2\nif other:\n    answer += 3\ndef f():\n    answer = 4")
    assert parsed is not None
    assert [statement.lineno for statement in syntax.values_of(parsed, "answer")] == [1, 3]
