"""Whether a test looks at what it has handed to a student's function, and the function has changed it."""

from __future__ import annotations

import ast

from autograder.adopted.papers import Asked
from autograder.checking import kinds
from autograder.data import Other
from autograder.records import Returned, Tolerance

_EXACT = Tolerance(0.0, 0.0)


def is_looked_at(asked: Asked, said: str) -> bool:
    """Whether `said`, at which the test looked, is an argument of that call or a part of one, and other than before the call."""
    if not isinstance(asked.outcome, Returned):
        return False
    looked_at, call = _first_name(said, asked.name), _parsed(asked.said)
    if not looked_at or not isinstance(call, ast.Call):
        return False
    for given, before, after in zip(call.args, asked.arguments, asked.outcome.args_after, strict=False):
        is_it = isinstance(given, ast.Name) and given.id == looked_at
        if is_it and after is not None and not isinstance(after, Other):
            return not kinds.equal(after, before, _EXACT)
    return False


def _first_name(said: str, function: str) -> str:
    """The variable of which a part is looked at: `df` of `df.columns[0]` and of `len(df)`; empty of the function's result."""
    node = _parsed(said)
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
                node = inner
            case ast.Call(func=ast.Name(id=name)) if name == function:
                return ""
            case ast.Call(func=ast.Attribute(value=inner)):
                node = inner
            case ast.Call(args=[inner, *_]):
                node = inner
            case _:
                return ""


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
