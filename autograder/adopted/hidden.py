"""Which lines of a test cell nothing is shown of: those that students do not get, and those that use what such a line has made."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from autograder.celltext import UNREADABLE


class Tainted:
    """The names that hidden lines bind, over the cells of a notebook in order, and what is made with them."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def lines(self, tree: ast.Module | None, hidden: frozenset[int]) -> frozenset[int]:
        """The lines of a cell at which nothing may be shown: those that are hidden, and those that use what they bind."""
        found = set(hidden)
        for statement in tree.body if tree is not None else ():
            own = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
            names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
            touched = not found.isdisjoint(own)
            if touched or any(name.id in self._names for name in names):
                self._names.update(_bound(statement))
            # Of a statement over several lines, such as a function or a loop, the lines that use it; of one in which a
            # line is hidden all, as its parts need each other.
            if touched:
                found.update(own)
            else:
                found.update(name.lineno for name in names if name.id in self._names)
        return frozenset(found)


def _bound(statement: ast.stmt) -> Iterable[str]:
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.alias(name=name, asname=alias):
                yield alias or name.partition(".")[0]


def parsed(python: str) -> ast.Module | None:
    """A cell's tree; None where it is no Python."""
    try:
        return ast.parse(python)
    except UNREADABLE:
        return None
