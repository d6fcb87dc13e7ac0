"""What the cells of an instructor's notebook bind, read off their text: whose each name is."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.adopted import hidden
from autograder.adopted.papers import PaperCell
from autograder.child import cells as cells_text

# Statements that only print what they are given; a call of any other method may change it.
_READERS = frozenset({"print", "head", "tail", "info", "describe", "show"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_BINDING = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Imported:
    """One name, or all of a module's, that a cell imports."""

    name: str  # that it binds; "*"
    module: str  # of which, with all its parts
    source: str


@dataclass(frozen=True)
class Outline:
    """One cell."""

    binds: frozenset[str]  # names that it gives a value, or changes, other than by an import
    imports: tuple[Imported, ...]  # those inside of `try` and `if` too


def of(source: str) -> Outline:
    """What a cell binds and imports; nothing where it is no Python."""
    tree = _tree(source)
    if tree is None:
        return Outline(frozenset(), ())
    names = {name for statement in tree.body for name in _bound(statement)}
    imports = tuple(one for statement in _imports(tree.body) for one in _each(statement))
    return Outline(frozenset(names - {one.name for one in imports}), imports)


def _each(statement: ast.Import | ast.ImportFrom) -> Iterator[Imported]:
    for alias in statement.names:
        bound = alias.asname or (
            alias.name.partition(".")[0] if isinstance(statement, ast.Import) else alias.name
        )
        if isinstance(statement, ast.Import):
            yield Imported(bound, alias.name, ast.unparse(ast.Import([alias])))
        else:
            alone = ast.ImportFrom(statement.module, [alias], statement.level)
            yield Imported(bound, statement.module or "", ast.unparse(alone))


def read_inside(source: str) -> set[str]:
    """The names that the functions of a cell read, their own variables among them."""
    tree = _tree(source)
    inside = [node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)] if tree is not None else []
    return {name for function in inside for name in _names(function)}


def read_in_classes(tree: ast.AST) -> frozenset[str]:
    """The names that the bodies of classes read while these are made: Python looks them up in no mapping of ours."""
    bodies = [
        statement for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for statement in node.body
    ]
    return frozenset(name for statement in bodies for name in _read_at_once(statement))


def _read_at_once(node: ast.AST) -> Iterator[str]:
    """The names that are read outside of functions."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    later = node.body if isinstance(node, _FUNCTIONS) else []
    inside = later if isinstance(later, list) else [later]
    for child in ast.iter_child_nodes(node):
        if child not in inside:
            yield from _read_at_once(child)


@functools.lru_cache(maxsize=64)
def needed(cells: tuple[PaperCell, ...]) -> Mapping[str, str]:
    """Of each test cell, by its id, the statements of its visible text that cells of the student's or locked ones need.

    These are its imports, and what binds names that such a cell after it reads; what is not shown to students is none of it.
    """
    found: dict[str, str] = {}
    read: set[str] = set()
    for cell in reversed(cells):
        if not cell.is_code:
            continue
        if cell.kind != "test":
            read.update(_read(cell.source))
            continue
        tree = _tree(cell.shown)
        taken: list[ast.stmt] = []
        for statement in reversed(tree.body if tree is not None else []):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                taken.append(statement)
            elif isinstance(statement, _BINDING) and not read.isdisjoint(_bound(statement)):
                taken.append(statement)
                read.update(_names(statement))
        found[cell.grade_id] = "\n".join(map(ast.unparse, reversed(taken)))
    return found


def _read(source: str) -> set[str]:
    tree = _tree(source)
    return set() if tree is None else _names(tree)


def _names(tree: ast.AST) -> set[str]:
    return {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _tree(source: str) -> ast.Module | None:
    try:
        return hidden.parsed(cells_text.python(source))
    except Exception:  # IPython's parser has ways of its own to fail
        return None


def _imports(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
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
