"""Small changes where one array or list has several names, is looped over while it changes, or is made once for all calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import Editable

_LONGER_OR_SHORTER: Final = frozenset(
    ["append", "extend", "insert", "remove", "pop", "popitem", "clear", "add", "discard", "update"]
)
_MADE_ONCE: Final = frozenset(["list", "dict", "set"])


def copied(owner: Editable, statement: ast.stmt) -> Iterator[Change]:
    """An array of its own, where one that is there gets another name or another place."""
    match statement:
        case ast.Assign(targets=[ast.Name() | ast.Subscript()], value=ast.Name() as shared):
            pass
        case ast.Assign(targets=[ast.Name()], value=ast.Call(keywords=given) as shared) if any(
            one.arg == "out" for one in given
        ):
            pass
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append"), args=[ast.Name() as shared])):
            pass
        case ast.Assign(targets=[ast.Name(), ast.Name(), *_] as targets, value=ast.Call() as made):
            start, end = owner.span(statement)
            text = "; ".join(f"{owner.of(target)} = ({owner.of(made)})" for target in targets)
            yield Change(Rank.WORD, "copy", statement.lineno, owner.of(targets[0]), ((start, end, text),))
            return
        case _:
            return
    start, end = owner.span(shared)
    subject = shared.id if isinstance(shared, ast.Name) else owner.name_on(statement.lineno)
    text = f"({owner.of(shared)}).copy()"
    yield Change(Rank.WORD, "copy", statement.lineno, subject, ((start, end, text),))


def looped(owner: Editable, statement: ast.stmt) -> Iterator[Change]:
    """A loop through a copy, or from the end on, where it makes longer or shorter what it goes through."""
    match statement:
        case ast.For(iter=ast.Name(id=name) as through):
            text = f"list({name})"
        case ast.For(
            iter=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="keys" | "items" | "values")
            ) as through
        ):
            text = f"list({owner.of(through)})"
        case ast.For(
            iter=ast.Call(func=ast.Name(id="range"), args=[*_, ast.Call(args=[ast.Name(id=name)])]) as through
        ):
            text = f"reversed({owner.of(through)})"
        case _:
            return
    if name in _resized(statement):
        start, end = owner.span(through)
        yield Change(Rank.WORD, "looped", statement.lineno, name, ((start, end, text),))


def _resized(loop: ast.For) -> set[str]:
    """The variables that a loop makes longer or shorter."""
    found: set[str] = set()
    for node in (one for statement in loop.body for one in ast.walk(statement)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=called)) if (
                called in _LONGER_OR_SHORTER
            ):
                found.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Del()):
                found.add(name)
            case ast.AugAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def made_once(owner: Editable) -> Iterator[Change]:
    """A list, a dictionary or a set of its own for each call, where a default value is one for all."""
    for function in ast.walk(owner.node):
        if isinstance(function, ast.FunctionDef):
            for parameter, default in _defaults(function.args):
                if _is_shared(default) and function.body[0].lineno > function.lineno:
                    start, _ = owner.span(function.body[0])
                    text = f"{parameter} = type({parameter})({parameter})\n{owner.indent(function.body[0])}"
                    yield Change(Rank.WORD, "default", default.lineno, parameter, ((start, start, text),))


def _defaults(given: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    ordered = [*given.posonlyargs, *given.args]
    yield from zip(
        [one.arg for one in ordered[len(ordered) - len(given.defaults) :]], given.defaults, strict=True
    )
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if default is not None:
            yield one.arg, default


def _is_shared(default: ast.expr) -> bool:
    match default:
        case ast.List() | ast.Dict() | ast.Set():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _MADE_ONCE
    return False
