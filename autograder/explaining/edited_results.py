"""Small changes of what becomes of a result: kept, returned, printed, or lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import MODULES, Editable
from autograder.explaining.edited_formulas import OPERATORS
from autograder.explaining.nothing import IN_PLACE, IN_PLACE_NUMPY
from autograder.explaining.sites import Site

_SHOWING: Final = frozenset(["print", "display"])
_MOST: Final = 6  # variables that may be returned where nothing is


def of_line(owner: Editable, statement: ast.stmt) -> Iterator[Change]:
    """A line that works something out and does nothing with it, or prints it: it is kept, or returned."""
    if not isinstance(statement, ast.Expr):
        return
    (start, end), subject = owner.span(statement), owner.name_on(statement.lineno)
    match statement.value:
        case ast.BinOp(left=target, op=op, right=value):
            if isinstance(target, ast.Name | ast.Subscript | ast.Attribute):
                text = f"{owner.of(target)} {OPERATORS[type(op)]}= {owner.of(value)}"
                yield Change(Rank.SYMBOL, "augmented", statement.lineno, subject, ((start, end, text),))
            text = _return(owner, statement.value)
            yield Change(Rank.SYMBOL, "return", statement.lineno, subject, ((start, end, text),))
        case ast.Call(func=ast.Name(id=called), args=[value]) if called in _SHOWING and not isinstance(
            value, ast.Starred
        ):
            text = _return(owner, value)
            yield Change(
                Rank.SYMBOL, "printed", statement.lineno, called, ((start, end, text),), like="printed"
            )
        case ast.Call() as call if (kept := _keeps(call)) is not None:
            text = f"{owner.of(kept)} = {owner.of(call)}"
            yield Change(Rank.SYMBOL, "unkept", statement.lineno, _name(call), ((start, end, text),))
            text = _return(owner, call)
            yield Change(Rank.SYMBOL, "return", statement.lineno, subject, ((start, end, text),))


def of_branch(owner: Editable, body: list[ast.stmt]) -> Iterator[Change]:
    """What the last line of a branch gives a variable, returned as other branches return theirs."""
    match body[-1]:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) as last if body is not _lines_of(
            owner
        ) and _falls_off(owner):
            start, end = owner.span(last)
            text = _return(owner, value)
            yield Change(Rank.SYMBOL, "no-return", last.lineno, name, ((start, end, text),), like="branch")


def at_the_end(owner: Editable) -> Iterator[Change]:
    """A return at the end of a function that has none there: of a variable, or of the other of True and False."""
    if not _falls_off(owner):
        return
    body = _lines_of(owner)
    nodes = list(ast.walk(owner.node))
    made = [one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
    given = [one.arg for one in nodes if isinstance(one, ast.arg)]
    texts = [*dict.fromkeys(made)][:_MOST] + [*dict.fromkeys(given)][:_MOST]
    for one in nodes:
        match one:
            case ast.Return(value=ast.Constant(value=bool(value))):
                texts.append(str(not value))
    _, end = owner.span(body[-1])
    line = body[-1].end_lineno or body[-1].lineno
    for text in dict.fromkeys(texts):
        parts = ((end, end, f"\n{owner.indent(body[0])}return {text}"),)
        yield Change(Rank.PLACE, "no-return", line, owner.name_on(line), parts)


def in_place(site: Site, node: ast.Call) -> Iterator[Change]:
    """What a call has changed, where the None that it returns is gone on with."""
    match node.func:
        case ast.Attribute(value=ast.Name() | ast.Attribute() | ast.Subscript() as changed, attr=called) if (
            called in IN_PLACE
            and not isinstance(site.parent, ast.Expr)
            and not (isinstance(changed, ast.Name) and changed.id in MODULES)
        ):
            text = f"({site.owner.of(node)} or {site.owner.of(changed)})"
            yield site.change(Rank.WORD, "in-place", text, f"in-place {called}", subject=called)


def _return(owner: Editable, value: ast.expr) -> str:
    """The line that returns a value, in parentheses where they have held it together over several lines."""
    text = owner.of(value)
    return f"return ({text})" if "\n" in text else f"return {text}"


def _lines_of(owner: Editable) -> list[ast.stmt]:
    return owner.node.body if isinstance(owner.node, ast.FunctionDef) else []


def _falls_off(owner: Editable) -> bool:
    """Whether a function may come to its end without a return."""
    body = _lines_of(owner)
    own_lines = bool(body) and body[0].lineno > owner.node.lineno
    return own_lines and not isinstance(body[-1], ast.Return | ast.Raise)


def _keeps(call: ast.Call) -> ast.expr | None:
    """The variable in which a call's result should be kept, where nothing keeps it; None where it changes its object."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr=called), args=[ast.Name() as first, *_]
        ) if name in MODULES:
            return None if called in IN_PLACE_NUMPY else first
        case ast.Call(
            func=ast.Attribute(value=ast.Name() | ast.Attribute() | ast.Subscript() as of, attr=called)
        ):
            return None if called in IN_PLACE or called == "pop" else of
        case ast.Call(func=ast.Name(id=called), args=[ast.Name() as first, *_]):
            return None if called in _SHOWING else first
    return None


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
