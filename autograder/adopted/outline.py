"""What the cells of an instructor's notebook bind, read off their text: whose each name is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.adopted import hidden
from autograder.child import cells

# Statements that only print what they are given; a call of any other method may change it.
_READERS = frozenset({"print", "head", "tail", "info", "describe", "show"})


@dataclass(frozen=True)
class Outline:
    """One cell."""

    binds: frozenset[str]  # names that it gives a value, or changes, other than by an import
    imports: tuple[ast.stmt, ...]  # its import statements, those inside of `try` and `if` too


def of(source: str) -> Outline:
    """What a cell binds and imports; nothing where it is no Python."""
    try:
        tree = hidden.parsed(cells.python(source))
    except Exception:  # IPython's parser has ways of its own to fail
        tree = None
    if tree is None:
        return Outline(frozenset(), ())
    imports = tuple(_imports(tree.body))
    names = {name for statement in tree.body for name in _bound(statement)}
    return Outline(frozenset(names), imports)


def imported(outline: Outline) -> frozenset[str]:
    """The names that its imports bind, as far as they say."""
    return frozenset(
        alias.asname or alias.name.partition(".")[0]
        for statement in outline.imports
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for alias in statement.names
    )


def text(outline: Outline) -> str:
    """Its imports as source, each for itself: one that fails keeps none of the others."""
    return "\n".join(
        f"try:\n    {ast.unparse(statement)}\nexcept ImportError:\n    pass"
        if not _is_star(statement)
        else ast.unparse(statement)
        for statement in outline.imports
    )


def _is_star(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"


def _imports(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        elif isinstance(statement, ast.Try | ast.If | ast.With):
            yield from _imports(statement.body)
            yield from _imports(getattr(statement, "orelse", []))
            for handler in getattr(statement, "handlers", []):
                yield from _imports(handler.body)


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a statement binds in the notebook, or changes: not those inside of functions and classes."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            yield from _declared_global(node)
            return
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield from (one.target.id for one in ast.walk(node) if isinstance(one, ast.NamedExpr))
            return
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
            yield from _root(node)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attribute) as function)):
            if attribute not in _READERS:
                yield from _root(function)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def _root(node: ast.AST) -> Iterator[str]:
    """The variable that an attribute or an item is of."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _declared_global(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Global):
            yield from one.names
