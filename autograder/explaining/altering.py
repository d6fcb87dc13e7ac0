"""Which line of a function changes what it was given, as far as its text shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from autograder.explaining.nothing import IN_PLACE_NUMPY

# Methods that change what they are called on.
_METHODS: Final = frozenset(
    {
        "add", "append", "clear", "discard", "extend", "fill", "insert", "itemset", "partition", "pop", "popitem",
        "remove", "resize", "reverse", "setdefault", "sort", "update",
    }
)  # fmt: skip


def line(function: ast.FunctionDef | ast.ClassDef | None) -> int | None:
    """The first line that changes a parameter in place; None where there is none, or the name holds something else by then."""
    if not isinstance(function, ast.FunctionDef):
        return None
    given = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)} - {"self"}
    nodes = [one for one in ast.walk(function) if isinstance(one, ast.stmt | ast.Call)]
    for node in sorted(nodes, key=lambda one: (one.lineno, one.col_offset)):
        if any(name in given for name in _changed(node)):
            return node.lineno
        others, anew = list(_other_names(node, given)), list(_given_anew(node, given))
        given.update(others)
        given.difference_update(anew)
    return None


def _changed(node: ast.stmt | ast.Call) -> Iterator[str]:
    """The names of what a statement or a call changes in place."""
    parts: list[ast.expr] = []
    match node:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            parts += (one for one in targets if isinstance(one, ast.Subscript))
        case ast.AugAssign(target=ast.Name() | ast.Subscript() as target):
            parts.append(target)
        case ast.Call(func=ast.Attribute(value=what, attr=called), args=args, keywords=words):
            parts += [what] if called in _METHODS else args[:1] if called in IN_PLACE_NUMPY else []
            parts += (word.value for word in words if word.arg == "out")
    return (name for part in parts if (name := _root(part)) is not None)


def _root(node: ast.expr) -> str | None:
    """The name of the variable of which this is a part or a view."""
    while isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr in ("T", "flat")):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _other_names(node: ast.stmt | ast.Call, given: set[str]) -> Iterator[str]:
    """Names for the same things: `y = x`, and a loop through what was given."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _root(value) in given:
            yield name
        case ast.For(target=ast.Name(id=name), iter=ast.Tuple(elts=parts) | ast.List(elts=parts)):
            if any(_root(part) in given for part in parts):
                yield name
        case ast.For(target=ast.Name(id=name), iter=value) if _root(value) in given:
            yield name


def _given_anew(node: ast.stmt | ast.Call, given: set[str]) -> Iterator[str]:
    """Names that hold something else from here on."""
    if isinstance(node, ast.Assign) and _root(node.value) not in given:
        stored = (one for target in node.targets for one in ast.walk(target))
        yield from (one.id for one in stored if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
