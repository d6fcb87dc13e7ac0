"""What machine-made code and values ask of whoever explains them: work and memory in step with their size, and no more."""

from __future__ import annotations

import ast
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import pytest

from autograder.data import Value
from autograder.explaining import editable, flow, leftover, likeness, nothing, sketch, stopped, trials
from autograder.explaining.editable import Editable
from autograder.explaining.edits import edits
from autograder.notebook import syntax
from autograder.records import Cell, Raised, Returned, Tolerance


def many(count: int, form: str = "a{}", sign: str = ", ") -> str:
    return sign.join(form.format(number) for number in range(count))


def error(source: str, exception: str = "TypeError", message: str = "") -> tuple[ast.Module, Raised]:
    """A cell whose last line stops with an error."""
    return ast.parse(source), Raised(exception, message, source.count("\n"))


def steps(monkeypatch: pytest.MonkeyPatch, run: Callable[[], object]) -> int:
    """How many parts of code are looked at."""
    walk, seen = ast.walk, 0

    def counting(node: ast.AST) -> Iterator[ast.AST]:
        nonlocal seen
        for one in walk(node):
            seen += 1
            yield one

    with monkeypatch.context() as patched:
        patched.setattr(ast, "walk", counting)
        run()
    return seen


SOURCES = {
    "names on the line of an error": lambda n: f"def f(x):\n [{many(n)}]\n None + 1, {many(n)}\n",
    "assignments before it": lambda n: f"def f(x):\n{many(n, ' a{} = x', chr(10))}\n x.max + 1, {many(n)}\n",
    "targets of one assignment": lambda n: f"def f(x):\n {many(n, sign=' = ')} = x\n None + 1, {many(n)}\n",
    "parameters, and calls of calls": lambda n: (
        f"def f({many(n, 'a{}=1')}):\n {'g()(); ' * n}0\n None + 1, {many(n)}\n"
    ),
    "variables beside it": lambda n: f"{many(n, 'a{} = 1', '; ')}\ndef f(x):\n None + 1, {many(n)}\n",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_line_of_an_error(monkeypatch: pytest.MonkeyPatch, source: Callable[[int], str]) -> None:
    def look(count: int) -> Callable[[], object]:
        cell, raised = error(source(count), message="unsupported operand: 'builtin_function_or_method'")
        return lambda: (nothing.origin(cell, raised), stopped.cause(cell, raised))

    once, twice = steps(monkeypatch, look(40)), steps(monkeypatch, look(80))
    assert 100 < once < twice < 2.2 * once


def test_what_a_class_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(count: int) -> Callable[[], object]:
        source = f"class C:\n def g(self):\n  {many(count, 'self.a{}', '; ')}\n"
        node = ast.parse(source).body[0]
        assert isinstance(node, ast.ClassDef)
        method = node.body[0]
        assert isinstance(method, ast.FunctionDef)
        return partial(nothing.kept, node, method)

    once, twice = steps(monkeypatch, look(40)), steps(monkeypatch, look(80))
    assert 100 < once < twice < 2.2 * once


def test_what_is_kept_from_call_to_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand parameters with a list each took twenty seconds."""

    def look(count: int) -> Callable[[], object]:
        source = f"def f({many(count, 'a{}=[]')}):\n {many(count, 'b = a{}', '; ')}\n return b\n"
        return partial(leftover.found, syntax.definition([Cell(0, source)], "f"))

    once, twice = steps(monkeypatch, look(40)), steps(monkeypatch, look(80))
    assert 100 < once < twice < 2.2 * once


def test_functions_inside_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    def nested(depth: int) -> ast.FunctionDef:
        source = "def f(x):\n" + "".join(f"{' ' * (at + 1)}def g():\n" for at in range(depth))
        node = ast.parse(f"{source}{' ' * (depth + 1)}{'x;' * 100}\n return 1\n").body[0]
        assert isinstance(node, ast.FunctionDef)
        return node

    assert flow.return_line(nested(40)) == 43
    assert steps(monkeypatch, lambda: flow.return_line(nested(40))) == 0  # what is inside is not gone into


# Each is small, and has millions of changes, or such as are megabytes long.
SWELLING = {
    "an einsum of ten thousand letters": "np.einsum('" + "abcdefghij" * 1000 + "->', x)",
    "a long text that begins a long sum": "'" + "A" * 60_000 + "'" + "+x" * 300,
    "a long text inside of calls": "f(" * 80 + "'" + "A" * 60_000 + "'" + ")" * 80,
    "variables that nothing reads, and formulas": f"g({many(200, 'lambda b{}: c')}); " + "c=a+b; " * 150,
    "statements on one line": "pass;" * 2_500,
    "loops inside one another": f"[0 for {many(200, 'a{}', ' in x for ')} in x if x{'[0]' * 20}]",
}


@pytest.mark.slow
@pytest.mark.parametrize("line", SWELLING.values(), ids=SWELLING)
def test_changes_of_a_line_that_swells(line: str) -> None:
    source = f"def f(x):\n    if 0:\n        {line}\n    return x\n"
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    owner = Editable("f", 0, node, source.encode())
    tracemalloc.start()
    try:
        edits([] if editable._is_long(owner) else [owner] * 7)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * 2**20


def test_a_number_of_thousands_of_digits_is_code_like_any_other() -> None:
    source = f"def f(x):\n    return x + 0x{'f' * 20_000} - -0x{'f' * 20_000}\n"
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert edits([Editable("f", 0, node, source.encode())])
    assert not syntax.spells_out(f"y = 1{'0' * 400}", 3)


def deep(depth: int) -> Value:
    """Dictionaries inside one another, and a text with both kinds of quotes in the innermost."""
    value: Value = "'\"\\"
    for _ in range(depth):
        value = {"a": value}
    return value


VALUES: dict[str, tuple[Value, Value]] = {
    "nested": ({"a": 1}, deep(45)),
    "nested in a list": ([{"a": 1}], [deep(44)]),
    "an array of millions": ({"a": 1}, {"a": np.zeros(2**22)}),
    "a large array of text": ({"a": 1}, {"a": np.full(2**22, b"ab")}),
    "a number of thousands of digits": ([2.5], [10**4000]),
    "an array of small numbers": (np.zeros(3), np.zeros(2**24, np.int8)),
}


@pytest.mark.parametrize(("due", "got"), VALUES.values(), ids=VALUES)
def test_a_value_that_swells_once_it_is_written_down(due: Value, got: Value) -> None:
    tracemalloc.start()
    try:
        _looked_at(due, got)
        _, peak = tracemalloc.get_traced_memory()
        sketch.of(Returned(got))
        _, written = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert max(peak, written) < 150 * 2**20


def _looked_at(due: Value, got: Value) -> Sequence[object]:
    return [
        *(is_like(due, got, Tolerance()) for is_like in likeness._LIKENESSES.values()),
        trials.finite_parts(got),
    ]


@pytest.mark.slow
def test_no_result_stays_in_memory_by_its_size() -> None:
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for size in range(2**18, 2**18 + 20):
            sketch.of(Returned(np.zeros(size)))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 2**20


def test_nested_values_are_still_alike() -> None:
    got: Value = {"a": {"b": ["X", "y"]}}
    assert likeness._other_case({"a": {"b": ["x", "Y"]}}, got, Tolerance())
    assert not likeness._other_case({"a": {"b": ["x", "z"]}}, got, Tolerance())
