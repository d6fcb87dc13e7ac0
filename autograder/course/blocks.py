"""Statements that are one step together: a loop, a condition, a change of some cells."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course.rewriting import Op, defined

_ENDS = (
    ast.Return,
    ast.Yield,
    ast.YieldFrom,
    ast.Await,
    ast.Global,
    ast.Nonlocal,
    ast.While,
    ast.Try,
    ast.With,
)


@dataclass(frozen=True)
class Block:
    """A statement that makes, or changes, one value."""

    statement: ast.stmt
    key: str  # "loop", "choice", "set", or "kept" where it only refuses inputs
    makes: str  # the name whose value it makes
    reads: tuple[str, ...]  # the names that it takes from before

    def op(self, needed: Mapping[str, ast.expr], symbols: Sequence[str], names: Mapping[str, Any]) -> Op:
        """It as a function of values: `needed` says what its names are in terms of these symbols."""
        own = {symbol: f"_{place}" for place, symbol in enumerate(symbols)}
        body: list[ast.stmt] = []
        for name, node in needed.items():
            value = _Renamed(own).visit(_copy(node))
            if name == self.makes and self.key != "kept":  # what is changed in place is another's
                value = ast.Call(ast.Name("_copied", ast.Load()), [value], [])
            body.append(ast.Assign([ast.Name(name, ast.Store())], value))
        body += [self.statement, ast.Return(ast.Name(self.makes, ast.Load()))]
        return defined(body, [own[symbol] for symbol in symbols], names)


def block_of(statement: ast.stmt, rest: Sequence[ast.stmt], known: Collection[str]) -> Block | None:
    """A statement as one step, `rest` being those after it; None where it makes none or several values."""
    if any(isinstance(node, _ENDS) for node in ast.walk(statement)):
        return None
    reads = tuple(
        dict.fromkeys(
            node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id in known
        )
    )
    later = {node.id for one in rest for node in ast.walk(one) if isinstance(node, ast.Name)}
    makes = [name for name in _made(statement) if name in later]
    match statement, makes:
        case (ast.For(), [name]):
            key = "loop"
        case (ast.If(), [name]):
            key = "choice"
        case (ast.Assign() | ast.AugAssign() | ast.Expr(), [name]):
            key = "set"
        case (ast.If() | ast.Assert(), []) if reads and _refuses(statement):
            name, key = reads[0], "kept"
        case _:
            return None
    if key == "set" and name not in known:
        return None
    return Block(statement, key, name, reads)


def _made(statement: ast.stmt) -> list[str]:
    """The names that a statement binds, or whose value it changes in place."""
    found: dict[str, None] = {}
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found[name] = None
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                found |= dict.fromkeys(_base(node))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=args)):
                # `heads.append(…)`, and `np.fill_diagonal(mask, …)`.
                found[name] = None
                found |= dict.fromkeys(one.id for one in args[:1] if isinstance(one, ast.Name))
    return list(found)


def _base(node: ast.expr) -> list[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return [node.id] if isinstance(node, ast.Name) else []


def _refuses(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assert():
            return True
        case ast.If(body=[ast.Raise()], orelse=[]):
            return True
    return False


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


def _copy(node: ast.expr) -> ast.expr:
    copied = ast.parse(ast.unparse(node), mode="eval").body
    assert isinstance(copied, ast.expr)
    return copied
