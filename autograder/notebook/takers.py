"""Which names a later cell takes from a function: for a result of its own, as `softmax = softmax(scores)` does."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence

from autograder.notebook import syntax
from autograder.records import Cell, Definition

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def taken(cells: Sequence[Cell], definition: Definition, graded: Collection[str] = ()) -> dict[str, Cell]:
    """The names that a function's code uses and a later cell binds anew, each with the last cell that does.

    What its helpers use counts too; what is only imported once more does not, nor do `graded` functions, whose last
    `def` counts whatever comes later.
    """
    own, node = definition.cell, definition.node
    if own is None or node is None:
        return {}
    small = [cell for cell in cells if not cell.large]
    used = _used(node, small) - set(graded)
    before: dict[str, str | None] = dict.fromkeys(vars(builtins), "")
    found: dict[str, Cell] = {}
    for cell in small:
        for name, how in _bound(cell.source):
            if cell.index <= own.index:
                before[name] = how
            elif name in used and name in before and not (how and how == before[name]):
                found[name] = cell
    return found


def takes_its_name(cells: Sequence[Cell], definition: Definition) -> Cell | None:
    """The last cell, its own or a later one, that binds the name of a function to something else."""
    own, node = definition.cell, definition.node
    if own is None or node is None or definition.unwritten:
        return None
    found = None
    for cell in (cell for cell in cells if cell.index >= own.index and not cell.large):
        for line, names in _given_to_something_else(cell.source):
            if node.name in names and (cell.index > own.index or line > node.lineno):
                found = cell
    return found


@functools.lru_cache(maxsize=256)  # most cells are the handout's, and each is looked at for each function
def _given_to_something_else(source: str) -> tuple[tuple[int, frozenset[str]], ...]:
    """The statements of a cell but for its definitions, each with its line and the names that it binds."""
    return tuple(
        (statement.lineno, frozenset(dict(syntax.bound(statement))))
        for statement in _statements(syntax.tree(source))
        if not isinstance(statement, _SCOPES)
    )


def lines(
    cells: Sequence[Cell], definition: Definition, graded: Collection[str] = (), *, as_it_stood: bool
) -> tuple[str, ...]:
    """What a student is told where a cell took a name; `as_it_stood`: the names were graded as they stood before."""
    if definition.cell is None or definition.node is None:
        return ()
    function, own = definition.node.name, definition.cell.index + 1
    told = []
    if (taker := takes_its_name(cells, definition)) is not None:
        told.append(
            f"Cell {taker.index + 1}, counted from the top, gives the name `{function}` to something else:"
            f" its last `def`, in cell {own}, is the one that counts."
        )
    if as_it_stood:
        told += [
            f"Cell {cell.index + 1}, counted from the top, gives the name `{name}` to something else:"
            f" `{function}` was tried with what it stood for when cell {own} had run."
            for name, cell in taken(cells, definition, graded).items()
        ]
    return tuple(told)


@functools.lru_cache(maxsize=256)  # as above
def _bound(source: str) -> tuple[tuple[str, str | None], ...]:
    """The names that a cell binds, each with how; see `syntax.bound`."""
    tree = syntax.tree(source)
    return () if tree is None else tuple(syntax.bound(tree))


@functools.lru_cache(maxsize=256)
def _definitions(source: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The functions and classes of a cell, each with the global names that it reads."""
    return tuple(
        (node.name, frozenset(_read(node)))
        for node in _statements(syntax.tree(source))
        if isinstance(node, _SCOPES)
    )


def _used(function: syntax.Written, cells: Sequence[Cell]) -> set[str]:
    """The global names that a function reads, and the functions of the notebook that it calls."""
    helpers: dict[str, set[str]] = {}
    for cell in cells:
        for name, read in _definitions(cell.source):
            helpers.setdefault(name, set()).update(read)
    used, waiting = set[str](), [*_read(function)]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += helpers.get(name, ())
    return used - {function.name}


def _read(node: ast.AST) -> set[str]:
    """The names that a definition reads and does not bind itself."""
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    own = {one.id for one in names if not isinstance(one.ctx, ast.Load)}
    own |= {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    return {one.id for one in names} - own


def _statements(tree: ast.Module | None) -> Iterator[ast.stmt]:
    yield from tree.body if tree is not None else ()


def counting(definitions: Mapping[str, Definition]) -> dict[str, int]:
    """By function, the cell whose `def` counts; a stub counts for nothing."""
    return {
        name: known.cell.index
        for name, known in definitions.items()
        if known.cell is not None and known.node is not None and not known.unwritten
    }
