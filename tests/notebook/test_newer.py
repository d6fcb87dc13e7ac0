"""Text that only a newer Python reads."""

from __future__ import annotations

import ast
import sys

import pytest

from autograder.notebook import newer

NEEDS: dict[str, newer.Version] = {
    'd = {"a": 1}\nprint(f"{d["a"]}")': (3, 12),
    "print(f\"{'\\n'.join(x)}\")": (3, 12),
    'print(f"""{\n    x  # a comment\n}""")': (3, 12),
    'print(f"{f"{f"{1}"}"}")': (3, 12),
    'print(f"{x!r:>{w["n"]}} {y["b"]:.2f} {{}} {z["c"]=}")': (3, 12),
    '%matplotlib inline\nprint(rf"\\d{d["a"]}")': (3, 12),
    "type Matrix = list[list[float]]": (3, 12),
    "type Pair[T] = tuple[T, T]": (3, 12),
    "def first[T](x: list[T]) -> T:\n    return x[0]": (3, 12),
    "async def first[T: (int, str), *Ts](x):\n    pass": (3, 12),
    "class Stack[T](list):\n    pass": (3, 12),
    "class Stack[T = int]:\n    pass": (3, 13),
    "type Pair[T = int] = tuple[T, T]": (3, 13),
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass": (3, 14),
    'x = t"{name}"': (3, 14),
    'type X = int\ntry:\n    pass\nexcept A, B:\n    print(f"{d["a"]}")': (3, 14),
}


@pytest.mark.parametrize("text", NEEDS)
def test_the_python_that_reads_it_is_named(text: str) -> None:
    here = sys.version_info[:2]
    assert newer.needed(text) == (NEEDS[text] if NEEDS[text] > here else None)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        'print(f"{x}")',
        "def f(x:\n    return x",
        "def softmax(x)\n    return x",
        'print(f"{d["a"}")',
        'print(f"{d["a"]")',
        'print(f"{}{d["a"]}")',
        'print(f"{d["a"] +}")',
        'print(f"{d["a"]!}',
        'print("a',
        "print 'hello'",
        "type X == int y",
        "try:\n    pass\nexcept A, B as error:\n    pass",
        'f"' + '{f"' * 30,
        'f"{' * 5000,
        "x\0",
        "(" * 1000,
        "x = 1 +\n" * 60_000,
    ],
)
def test_what_no_python_reads_needs_none(text: str) -> None:
    assert newer.needed(text) is None


def test_what_is_said_is_true_of_this_python() -> None:
    """Where this Python is new enough for one of them, it reads it."""
    for text, version in NEEDS.items():
        if version <= sys.version_info[:2] and "%matplotlib" not in text:
            ast.parse(text)
