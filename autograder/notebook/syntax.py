"""The code that a student wrote, read as Python as far as it can be; nothing of it is run."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final, TypeAlias, TypeGuard

from autograder import celltext
from autograder.records import Cell, Definition

Written: TypeAlias = ast.FunctionDef | ast.ClassDef
_LARGEST_SIZE: Final = 10**9
_EXPRESSIONS_OF_THEIR_OWN = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def tree(source: str) -> ast.Module | None:
    """The syntax tree of a text, read as Jupyter reads it; None where it is no Python, or too long to be parsed here.

    Python's parser takes up to 1 KB and 2 µs for a character, outside of all limits that a child has.
    """
    if len(source) > celltext.MAX_PARSED:
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


def definition(cells: Iterable[Cell], name: str) -> Definition:
    """What of `cells` defines a name: the last `def` or `class`, whatever it is bound to after it; else what binds it.

    The cell is found by its text, which need not be Python.
    """
    cells = tuple(cells)
    pattern = re.compile(f"^[ \\t]*{written(name)}", re.MULTILINE)
    found = [cell for cell in cells if pattern.search(plain(cell))]
    if found:
        node = _last_written(found[-1], name)
        return Definition(found[-1], node, unwritten=node is not None and is_stub(node))
    found = [cell for cell in cells if _binds(cell, name)]
    return Definition(found[-1], unwritten=_is_unwritten(found[-1], name)) if found else Definition()


def written(name: str) -> str:
    """The regular expression of the beginning of a `def` or a `class` of this name."""
    name = re.escape(name)
    return rf"(?:(?:async[ \t]+)?def[ \t]+{name}[ \t]*[(\[]|class[ \t]+{name}[ \t]*[:(\[])"


def _last_written(cell: Cell, name: str) -> Written | None:
    """The last `def` or `class` of a name in a cell, the one that counts; None where there is none."""
    parsed = tree_of(cell)
    nodes = ast.walk(parsed) if parsed is not None else ()
    found = [node for node in nodes if isinstance(node, Written) and node.name == name]
    return found[-1] if found else None


def _binds(cell: Cell, name: str) -> bool:
    """Whether a cell gives a value to a name, as far as it can be read."""
    text = plain(cell)
    if not re.search(rf"\b{re.escape(name)}\b", text):
        return False
    parsed = tree_of(cell)
    if parsed is None:
        return re.search(rf"^{re.escape(name)}[ \t]*=[^=]", text, re.MULTILINE) is not None
    return any(how is None and bound_name == name for bound_name, how in bound(parsed))


def bound(parsed: ast.AST) -> Iterator[tuple[str, str | None]]:
    """The names that run code binds in the notebook, each with what is imported under it, "" for what it defines.

    None for one that is given a value, or taken away.
    """
    waiting: list[ast.AST] = [parsed]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, ""
                continue
            case ast.Import(names=names):
                for alias in names:
                    yield alias.asname or alias.name.partition(".")[0], f"import {alias.name}"
            case ast.ImportFrom(module=module, names=names):
                for alias in names:
                    yield alias.asname or alias.name, f"from {module} import {alias.name}"
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name, None
            case ast.ExceptHandler(name=str(name)):
                yield name, None
        if not isinstance(node, _EXPRESSIONS_OF_THEIR_OWN):
            waiting += ast.iter_child_nodes(node)


def values_of(parsed: ast.AST, name: str) -> list[ast.stmt]:
    """The statements of a cell itself that give a value to a variable, in order."""
    return [
        statement
        for statement in getattr(parsed, "body", ())
        if any(how is None and known == name for known, how in bound(statement))
    ]


def _is_unwritten(cell: Cell, name: str) -> bool:
    """Whether a cell gives a variable no other value than the one that it has before it is written."""
    parsed = tree_of(cell)
    found = values_of(parsed, name) if parsed is not None else []
    return bool(found) and holds_nothing(found[-1])


def holds_nothing(statement: ast.stmt) -> bool:
    """Whether a statement gives a variable the value `...` or None, as stubs do."""
    match statement:
        case ast.Assign(value=ast.Constant(value=value)) | ast.AnnAssign(value=ast.Constant(value=value)):
            return value is None or value is ...
    return False


def is_stub(written: Written) -> bool:
    """Whether nothing is written in a function: it holds a docstring, `pass` or a NotImplementedError at most.

    Nor in a class, all of whose methods are such.
    """
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or _not_implemented(statement)
        or (
            isinstance(written, ast.ClassDef)
            and isinstance(statement, ast.FunctionDef)
            and is_stub(statement)
        )
        for statement in written.body
    )


def left_over(function: Written | None) -> int | None:
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


def return_in_loop(function: Written | None) -> int | None:
    """The line of a `return` that ends a loop of a function in its first round, whatever happens there."""
    for loop in function.body if function is not None else ():
        for statement in loop.body if isinstance(loop, ast.For | ast.While) else ():
            if (line := _returns(statement)) is not None:
                return line
            if any(isinstance(one, ast.Continue | ast.Break) for one in ast.walk(statement)):
                break  # the round may end without it
    return None


def _returns(statement: ast.stmt) -> int | None:
    """The line of the last `return` of a statement that ends in one whatever is true; None of any other."""
    match statement:
        case ast.Return():
            return statement.lineno
        case ast.If(body=[*_, one], orelse=[*_, other]) if _returns(one) is not None:
            return _returns(other)
    return None


def line_that_reads(function: Written | None, names: Collection[str]) -> int | None:
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
        if isinstance(node, ast.Constant) and _may_be_size(node.value) and id(node) not in no_sizes
    ]
    return size > 1 and (
        size in listed
        or any(
            number == size - 1 if is_index else min(abs(number - size), abs(number - size**0.5)) < 1e-2
            for number, is_index in numbers
        )
    )


def _may_be_size(value: object) -> TypeGuard[int | float]:
    """Whether this is a number that may be meant for a size; one of hundreds of digits cannot even be compared with a root."""
    return isinstance(value, int | float) and abs(value) < _LARGEST_SIZE


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
