"""What ended in an error and can be read off the line: a name that is unknown, a call that is not made, a value never given.

The message, which the student's code may have made up, only says what to look for: told is what stands in the code.
"""

from __future__ import annotations

import ast
import bisect
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from autograder.explaining import flow
from autograder.explaining.editable import MODULES
from autograder.explaining.general import GENERAL, Words
from autograder.explaining.mishaps import RAISED, STOPPED
from autograder.notebook.syntax import Written
from autograder.records import Raised
from autograder.words import agree, listed

How = Literal["unknown-name", "not-called", "gives-none", "without-value", "no-import"]


@dataclass(frozen=True)
class Stopped:
    """Why a line stops with an error."""

    how: How
    told: str  # in a sentence
    line: int  # to be looked at, within the cell


_UNKNOWN_NAME: Final = re.compile(
    r"(\w{1,40})?>?\(\) got an unexpected keyword argument '(\w{1,40})'|^'(\w{1,40})' is an invalid keyword"
)
_NO_VALUE: Final = re.compile(r"local variable '(\w{1,40})'")
# As Python and NumPy call what is no number, where it meets one.
_NOT_CALLED: Final = re.compile(
    r"\b(builtin_function_or_method|method|function|ufunc|_ArrayFunctionDispatcher)\b|enough dimensions \(has 0"
)
# Nothing else has these names, as a table has `index` and `values`.
_OF_TEXTS: Final = frozenset(
    {
        "capitalize", "casefold", "endswith", "isalnum", "isalpha", "isdigit", "islower", "isspace", "isupper", "join",
        "lower", "lstrip", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper",
    }
)  # fmt: skip
# As Python calls a function by its type.
_A_FUNCTION: Final = re.compile(r"'(builtin_function_or_method|method|function)'")
# As NumPy speaks of arrays that do not go together.
_OF_SHAPES: Final = re.compile(
    r"\b(shapes?|broadcast\w*|dimensions?|dimensional|axis|axes|core|boolean index)\b"
)
# What a message is about, whatever its class, by how Python and NumPy put it.
_ABOUT: Final = (
    ("truth", re.compile(r"^The truth value of an? ")),
    ("called", re.compile(r"' object is not callable$")),
    (
        "arguments",
        re.compile(
            r"\(\) (missing \d+ required|takes (no|\d+|from \d+ to \d+) (positional )?argument|got multiple values)"
        ),
    ),
)
_NO_NAME: Final = re.compile(r"^name '(\w{1,40})' is not defined")
# By the names that programs give them.
_LIBRARIES: Final = {
    "torch": "PyTorch", "nn": "a part of PyTorch", "F": "a part of PyTorch", "tf": "TensorFlow", "keras": "Keras",
    "K": "a part of Keras", "jax": "JAX", "jnp": "a part of JAX", "np": "NumPy", "numpy": "NumPy", "pd": "pandas",
    "pandas": "pandas", "scipy": "SciPy", "special": "a part of SciPy", "sklearn": "scikit-learn", "plt": "a part of Matplotlib",
    "sns": "seaborn", "math": "a module that comes with Python", "random": "a module that comes with Python",
    "itertools": "a module that comes with Python", "functools": "a module that comes with Python",
    "collections": "a module that comes with Python", "operator": "a module that comes with Python",
    "re": "a module that comes with Python", "statistics": "a module that comes with Python",
}  # fmt: skip
_CHANGE_NOTHING: Final = frozenset({"print", "len", "str", "int", "float", "abs", "round", "range"})
# Of NumPy's functions those that are met in loops, and change nothing that they are given.
_OF_NUMPY: Final = frozenset(
    {
        "abs", "arange", "argmax", "argmin", "array", "concatenate", "dot", "einsum", "empty", "exp", "log", "matmul",
        "max", "mean", "min", "ones", "power", "sqrt", "sum", "where", "zeros", "zeros_like",
    }
)  # fmt: skip
_PARTLY: Final = (ast.If, ast.For, ast.While, ast.Try, ast.Match)  # whose lines may be passed over


def cause(cell: ast.Module | None, raised: Raised) -> Stopped | None:
    """Why the line of an error stops with it; None where its text does not show it."""
    line = raised.line
    around = [
        node
        for node in (cell.body if cell is not None else ())
        if isinstance(node, Written) and line is not None and _holds(node, line)
    ]
    if not around or line is None:
        return None
    if raised.exception == "UnboundLocalError" and (named := _NO_VALUE.search(raised.message)):
        return _without_value(around[0], line, named[1])
    if raised.exception == "NameError" and (named := _NO_NAME.search(raised.message)):
        return _no_import(around[0], line, named[1])
    if raised.exception == "TypeError" and (named := _UNKNOWN_NAME.search(raised.message)):
        return _unknown_name(around[0], line, named[1] or "", named[2] or named[3])
    if raised.exception in ("TypeError", "ValueError", "AttributeError") and _NOT_CALLED.search(
        raised.message
    ):
        return _not_called(around[0], line)
    if raised.exception == "TypeError" and "NoneType" in raised.message and cell is not None:
        return _gives_none(cell, around[0], line)
    return None


def endless(function: Written | None) -> tuple[int, str] | None:
    """The line of the only `while` that nothing in it can end, and why in a sentence; None where its text does not show one."""
    loops = [one for one in ast.walk(function) if isinstance(one, ast.While)] if function is not None else []
    stuck = [(one, names) for one in loops if (names := _stays(one)) or _has_no_way_out(one)]
    if len(stuck) != 1:
        return None
    ((loop, names),) = stuck
    if not names:
        return loop.lineno, f"The loop on line {loop.lineno} goes on for ever: nothing in it breaks it off."
    told = listed([f"`{name}`" for name in names], "or")
    return (
        loop.lineno,
        f"Nothing in the loop on line {loop.lineno} changes {told}, so that its condition stays as it is.",
    )


def _stays(loop: ast.While) -> list[str]:
    """The variables on which the end of a loop hangs, where no line of it gives one anything, or hands one on; else none."""
    asked: list[ast.expr] = [loop.test]
    for node in (one for statement in loop.body for one in ast.walk(statement)):
        if _changes_nothing(node):
            continue
        if isinstance(
            node, ast.Call | ast.Attribute | ast.Yield | ast.YieldFrom | ast.Await | ast.Raise | ast.Try
        ):
            return []  # which may change what it is handed, or end it
        if isinstance(node, ast.If):
            asked.append(node.test)
        if isinstance(node, ast.Break | ast.Return) and node in loop.body:
            return []
    read = [one for test in asked for one in ast.walk(test)]
    if any(isinstance(one, ast.Call | ast.Attribute | ast.NamedExpr) and not _is_size(one) for one in read):
        return []
    changed = [node for statement in loop.body for node in ast.walk(statement) if _is_changed(node)]
    given = {
        one.id
        for node in changed
        for one in ast.walk(node.value if isinstance(node, ast.Subscript) else node)
        if isinstance(one, ast.Name)
    }
    names = dict.fromkeys(one.id for one in read if isinstance(one, ast.Name))
    called = {one.func for one in ast.walk(loop.test) if isinstance(one, ast.Call)}
    first = dict.fromkeys(
        one.id for one in ast.walk(loop.test) if isinstance(one, ast.Name) and one not in called
    )
    return [] if given & names.keys() or any(len(name) > 40 for name in first) else list(first)


def _has_no_way_out(loop: ast.While) -> bool:
    """Whether it is a `while True` without a line that could end it."""
    ends = ast.Break | ast.Return | ast.Raise | ast.Try | ast.Yield | ast.YieldFrom | ast.Await
    return (
        isinstance(loop.test, ast.Constant)
        and bool(loop.test.value)
        and not any(isinstance(node, ends) for statement in loop.body for node in ast.walk(statement))
    )


def _changes_nothing(node: ast.AST) -> bool:
    """Whether a call or an attribute leaves all variables as they are."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _CHANGE_NOTHING
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name), keywords=words):
            return name in _OF_NUMPY and not any(word.arg == "out" for word in words)
        case ast.Attribute(value=ast.Name(id="np" | "numpy")):
            return True
    return isinstance(node, ast.Attribute) and _is_size(node)


def _is_size(node: ast.AST) -> bool:
    """Whether it is the number of entries of something."""
    match node:
        case ast.Attribute(attr="shape" | "size" | "ndim", value=ast.Name()):
            return True
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name() | ast.Attribute()]):
            return True
    return False


def _is_changed(node: ast.AST) -> bool:
    """Whether a variable, or something in what it holds, is given anew or taken out."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def by_class(raised: Raised, cell: ast.Module | None = None) -> Words:
    """What to say of an error where its line does not show why: that it is the student's own, what it is about, or its class."""
    if raised.line is not None and cell is not None:
        if raised.line in [one.lineno for one in own(cell, raised.exception)]:
            return STOPPED["own-raise"]
        asserts = (one.lineno for one in ast.walk(cell) if isinstance(one, ast.Assert))
        if raised.exception == "AssertionError" and raised.line in asserts:
            return STOPPED["own-assert"]
    about = next((key for key, said in _ABOUT if said.search(raised.message)), None)
    if about is not None:
        return RAISED[about]
    if _OF_SHAPES.search(raised.message):
        return RAISED["shapes"]
    if raised.exception in ("TypeError", "AttributeError") and _A_FUNCTION.search(raised.message):
        return RAISED["function"]
    known = (one for one in (raised.exception, *raised.ancestors) if one in RAISED)
    return RAISED.get(next(known, ""), GENERAL["raises"])


def own(tree: ast.AST, exception: str) -> list[ast.Raise]:
    """Where an exception of this class is raised by the text itself."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and isinstance(made := node.exc.func if isinstance(node.exc, ast.Call) else node.exc, ast.Name)
        and made.id == exception
    ]


def _holds(node: ast.AST, line: int) -> bool:
    """Whether a line is one of those of a part of a program."""
    first = getattr(node, "lineno", line + 1)
    return first <= line <= (getattr(node, "end_lineno", first) or first)


def _at(function: ast.stmt, line: int) -> Iterator[ast.AST]:
    """The parts of a function that a line belongs to."""
    return (node for node in ast.walk(function) if _holds(node, line))


def _unknown_name(function: ast.stmt, line: int, who: str, name: str) -> Stopped | None:
    """Where one call alone can be meant: `who` is what Python calls it by, as `_amax` for `max`."""
    calls = [
        node
        for node in _at(function, line)
        if isinstance(node, ast.Call) and any(given.arg == name for given in node.keywords)
    ]
    called = [_last(node.func) or "" for node in calls]
    if len(calls) > 1:
        called = [one for one in called if one and who.endswith(one)]
    if len(called) != 1:
        return None
    whom = f"`{called[0]}`" if called[0] else "what it calls"
    return Stopped(
        "unknown-name",
        f"Line {line} hands {whom} something as `{name}`, which takes nothing of that name.",
        line,
    )


def _no_import(function: ast.stmt, line: int, name: str) -> Stopped | None:
    """Where something is taken of a library, by the name that programs give it."""
    uses = (node for node in _at(function, line) if isinstance(node, ast.Attribute))
    if name not in _LIBRARIES or not any(_last(node.value) == name for node in uses):
        return None
    told = f"`{name}` on line {line} is how programs call {_LIBRARIES[name]}, and nothing has given it that name here."
    return Stopped("no-import", told, line)


def _without_value(function: ast.stmt, line: int, name: str) -> Stopped | None:
    """Where each line before this one that gives the variable a value may be passed over on the way here."""
    lines = {
        node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name
    }
    before = sorted(one for one in lines if one < line)
    partly = [node for node in ast.walk(function) if isinstance(node, _PARTLY) and not _holds(node, line)]
    parts = sorted((node.lineno, node.end_lineno or node.lineno) for node in partly)
    starts, ends = [start for start, _ in parts], [0, *itertools.accumulate((end for _, end in parts), max)]
    if not before or not all(ends[bisect.bisect_right(starts, one)] >= one for one in before):
        return None
    verb = agree(len(before), "does", "do")
    told = f"On the way to line {line} nothing has given `{name}` a value: line{agree(len(before), '', 's')} "
    told += f"{listed([str(one) for one in before])} {verb}, and {agree(len(before), 'is', 'are')} not run on every way."
    return Stopped("without-value", told, line)


def _not_called(function: ast.stmt, line: int) -> Stopped | None:
    """Where one function of an object's or of NumPy's alone is used on a line and not called, there or where it was named."""
    parts = list(_at(function, line))
    called = {id(node.func) for node in parts if isinstance(node, ast.Call)}
    used = [node for node in parts if id(node) not in called]
    before = _last_made(function, line)
    made = [before.get(node.id) for node in used if isinstance(node, ast.Name)]
    found = {
        (node.lineno, node.attr)
        for node in (*used, *made)
        if isinstance(node, ast.Attribute) and _is_function(node)
    }
    if len(found) != 1:
        return None
    ((where, name),) = found
    told = f"Line {where} does not call `{name}`: without parentheses it is the function itself, and not what it gives."
    return Stopped("not-called", told, where)


def _gives_none(cell: ast.Module, function: ast.stmt, line: int) -> Stopped | None:
    """Where a line uses what a function of the cell gives that never returns anything; the function itself, too."""
    silent = {one.name for one in cell.body if isinstance(one, ast.FunctionDef) and _is_silent(one)}
    called = {
        node.func.id
        for node in _at(function, line)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in silent
    }
    if len(called) != 1:
        return None
    (name,) = called
    if len(name) > 40:
        return None
    told = (
        f"Nowhere in `{name}` stands a `return` with a value, so that what it gives to line {line} is None."
    )
    return Stopped("gives-none", told, line)


def _is_silent(function: ast.FunctionDef) -> bool:
    """Whether nothing but None ever comes back from a function."""
    own = list(flow.own(function))
    gives = any(isinstance(one, ast.Return) and one.value is not None for one in own)
    return (
        not gives
        and not function.decorator_list
        and not any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own)
    )


def _last_made(function: ast.stmt, line: int) -> dict[str, ast.expr]:
    """By variable, what the last plain assignment on a line before has given to it."""
    last: dict[str, ast.Assign] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and node.lineno < line:
            for name in filter(None, map(_last, node.targets)):
                if name not in last or last[name].lineno < node.lineno:
                    last[name] = node
    return {name: node.value for name, node in last.items()}


def _is_function(node: ast.Attribute) -> bool:
    """Whether this is a function of NumPy's, an array's or a text's, such as `np.max`, `x.max` and `x.upper`."""
    if isinstance(node.value, ast.Name) and node.value.id in MODULES:
        known = vars(np).get(node.attr)
        return callable(known) and not isinstance(known, type)
    return callable(getattr(np.ndarray, node.attr, None)) or node.attr in _OF_TEXTS


def _last(node: ast.AST) -> str | None:
    """The name of a variable, or of what is taken of something."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name if len(name) <= 40 else None
    return None
