"""The code that a student wrote, read as Python as far as it can be; nothing of it is run."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Collection, Iterable, Iterator

from autograder import celltext
from autograder.notebook.notebooks import MAX_PARSED
from autograder.records import Cell, Definition


def tree(source: str) -> ast.Module | None:
    """The syntax tree of a text, read as Jupyter reads it; None where it is no Python, or too long to be parsed here.

    Python's parser takes up to 1 KB and 2 µs for a character, outside of all limits that a child has.
    """
    if len(source) > MAX_PARSED:
        return None
    try:
        return celltext.parse(_plain(source))
    except celltext.UNREADABLE:
        return None


def tree_of(cell: Cell) -> ast.Module | None:
    """The syntax tree of a cell; None where it is no Python, or too large for this side."""
    return None if cell.large else tree(cell.source)


def plain(cell: Cell) -> str:
    """A cell as Python, as far as it can be made so; one that is too large for this side as it stands."""
    return cell.source if cell.large else _plain(cell.source)


@functools.lru_cache(maxsize=64)  # for each function all cells are looked at several times
def _plain(source: str) -> str:
    return celltext.plain(source)


def definition(cells: Iterable[Cell], function: str) -> Definition:
    """What of `cells` defines a function: the last `def`, whatever its name is bound to after it; else what binds it.

    The cell is found by its text, which need not be Python.
    """
    texts = [(cell, plain(cell)) for cell in cells]
    for pattern in (rf"^[ \t]*(?:async[ \t]+)?def[ \t]+{function}[ \t]*\(", rf"^{function}[ \t]*=[^=]"):
        found = [cell for cell, text in texts if re.search(pattern, text, re.MULTILINE)]
        if found:
            return Definition(found[-1], _last_def(found[-1], function))
    return Definition()


def _last_def(cell: Cell, function: str) -> ast.FunctionDef | None:
    """The last `def` of a function in a cell, the one that counts; None where there is none."""
    parsed = tree_of(cell)
    nodes = ast.walk(parsed) if parsed is not None else ()
    found = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == function]
    return found[-1] if found else None


def is_stub(function: ast.FunctionDef) -> bool:
    """Whether nothing is written in a function: it holds a docstring, `pass` or a NotImplementedError at most."""
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or _not_implemented(statement)
        for statement in function.body
    )


def left_over(function: ast.FunctionDef | None) -> int | None:
    """The line of the first `raise NotImplementedError` in a function."""
    statements = ast.walk(function) if function is not None else ()
    return min(
        (one.lineno for one in statements if isinstance(one, ast.Raise) and _not_implemented(one)),
        default=None,
    )


def _not_implemented(statement: ast.AST) -> bool:
    match statement:
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name == "NotImplementedError"
    return False


def code_of(cells: Iterable[Cell], function: str, others: Collection[str] = ()) -> str:
    """The code of a function and of what it calls, without comments and docstrings, as Python writes it.

    `others` are functions of the course, whose code is an answer of its own and says nothing of this one. Where the
    cells are no Python, their text as it is.
    """
    definitions: dict[str, tuple[ast.stmt, str]] = {}
    texts = []
    for cell in cells:
        parsed = tree_of(cell)
        if parsed is None:
            texts += [] if cell.large else [cell.source]
            continue
        for statement in parsed.body:
            definitions |= dict.fromkeys(_names_bound(statement), (statement, cell.source))
    if function not in definitions:
        pattern = re.compile(rf"\b{re.escape(function)}\b")
        return "\n".join(re.sub(r"#.*", "", text) for text in texts if pattern.search(text))
    wanted, seen = [function], dict[str, tuple[ast.stmt, str]]()
    while wanted:
        name = wanted.pop()
        if name in definitions and name not in seen and (name == function or name not in others):
            seen[name] = definitions[name]
            wanted += [node.id for node in ast.walk(definitions[name][0]) if isinstance(node, ast.Name)]
    return "\n".join(_unparsed(statement, text) for statement, text in dict.fromkeys(seen.values()))


def return_in_loop(function: ast.FunctionDef | None) -> int | None:
    """The line of a `return` that ends a loop of a function in its first round, whatever happens there."""
    return next(
        (
            statement.lineno
            for loop in (function.body if function is not None else ())
            if isinstance(loop, ast.For | ast.While)
            for statement in loop.body
            if isinstance(statement, ast.Return)
        ),
        None,
    )


def line_that_reads(function: ast.FunctionDef | None, names: Collection[str]) -> int | None:
    """The first line of a function that reads a variable of one of these names."""
    lines = (
        node.lineno
        for statement in (function.body if function is not None else ())
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names
    )
    return min(lines, default=None)


def spells_out(source: str, size: int) -> bool:
    """Whether code holds a size above 1 as a number, its square root, or the last of so many indices, or lists so many."""
    parsed = tree(source)
    if parsed is None:
        return False
    indices, no_sizes = set[int](), set[int]()
    listed = list[int]()
    for node in ast.walk(parsed):
        match node:
            case ast.Subscript(value=value, slice=index):
                # `W_Q[1]` counts two heads; `x.shape[1]` counts nothing.
                (no_sizes if _is_shape(value) else indices).add(id(index))
            case ast.BinOp(op=ast.Pow(), right=exponent):
                no_sizes.add(id(exponent))
            case (
                ast.For(iter=ast.Tuple(elts) | ast.List(elts))
                | ast.comprehension(iter=ast.Tuple(elts) | ast.List(elts))
            ):
                listed.append(len(elts))
            case ast.keyword(arg="axis" | "ndmin" | "decimals", value=value):
                no_sizes.add(id(value))
    numbers = [
        (node.value, id(node) in indices)
        for node in ast.walk(parsed)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and id(node) not in no_sizes
    ]
    return size > 1 and (
        size in listed
        or any(
            number == size - 1 if is_index else min(abs(number - size), abs(number - size**0.5)) < 1e-2
            for number, is_index in numbers
        )
    )


def _is_shape(value: ast.expr) -> bool:
    match value:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name.endswith("shape")
    return False


def _names_bound(statement: ast.stmt) -> Iterator[str]:
    """The names of functions and classes that a statement defines, or that it binds to a lambda or the like."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() | ast.Call()):
            yield name


def _unparsed(statement: ast.stmt, text: str) -> str:
    try:
        copy = celltext.parse(ast.unparse(statement))
    except celltext.UNREADABLE:  # hundreds of operators in one expression
        return ast.get_source_segment(text, statement) or ""
    for node in ast.walk(copy):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(copy)
