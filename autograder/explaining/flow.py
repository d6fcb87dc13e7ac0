"""Which variables of a function play a part in what it returns, read from its text; nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

_CONTAINERS: Final = {
    f"{kind}{like}" for kind in ("zeros", "ones", "empty", "full") for like in ("", "_like")
}
_Names: TypeAlias = frozenset[str]
_SHOWING: Final = {"print", "display"}  # calls that change nothing


def used(function: ast.FunctionDef) -> frozenset[str]:
    """The names whose values may reach what a function returns, directly or by way of others.

    Names that are tested in a condition count as well. Where in doubt, a name is used.
    """
    sources: dict[str, list[_Names]] = {}
    wanted: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.Return(value=value) | ast.Yield(value=value) if value is not None:
                wanted |= set(_names([value]))
            case ast.If(test=test) | ast.While(test=test):
                wanted |= set(_names([test]))
        for made, of in _makes(node):
            for name in made:
                sources.setdefault(name, []).append(of)
    found, followed = (
        set[str](),
        set[int](),
    )  # names made together share their sources, which are followed once
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            for of in sources.get(name, ()):
                if id(of) not in followed:
                    followed.add(id(of))
                    wanted |= of
    return frozenset(found)


def return_line(function: ast.FunctionDef) -> int | None:
    """The line of the only `return` with a value; None where there is none, or several."""
    returns = [
        node.lineno
        for node in own(function)
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None
    ]
    return returns[0] if len(returns) == 1 else None


def own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The parts of a function that are not those of a function or a class inside it."""
    waiting: list[ast.AST] = [*ast.iter_child_nodes(function)]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield node
            waiting += ast.iter_child_nodes(node)


def only_line(function: ast.FunctionDef) -> int | None:
    """The one line on which all that a function returns depends, but for what is written elsewhere; None where it is more.

    Whatever is wrong with the result, it is wrong there.
    """
    line = return_line(function)
    names = used(function)
    made = {name for node in ast.walk(function) for names, _ in _makes(node) for name in names}
    inner = {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return None if names & (made | (inner - {function.name})) else line


def unused_before_return(function: ast.FunctionDef) -> int | None:
    """The line of a `return` that leaves out what the statement before it makes; None where it leaves out nothing."""
    match function.body:
        case [*_, ast.Assign() | ast.AugAssign() | ast.For() as before, ast.Return() as last]:
            line = return_line(function)
            made = {name for node in ast.walk(before) for names, _ in _makes(node) for name in names}
            made -= {name for node in ast.walk(before) for name in _counted(node)}
            return line if line == last.lineno and made and not made & used(function) else None
    return None


def _counted(node: ast.AST) -> Iterator[str]:
    return _bound(node.target) if isinstance(node, ast.For | ast.comprehension) else iter(())


def returned_names(function: ast.FunctionDef) -> tuple[str, ...]:
    """The variables that the last `return` hands on side by side, empty for anything that is no variable."""
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
    match max(returns, key=lambda node: node.lineno, default=None):
        case ast.Return(value=ast.Tuple(elts=parts) | ast.List(elts=parts)):
            return tuple(part.id if isinstance(part, ast.Name) else "" for part in parts)
        case ast.Return(value=ast.Name(id=name)):
            return (name,)
    return ()


def rebound(function: ast.FunctionDef) -> frozenset[str]:
    """The variables that more than one line binds; what only goes on in an array of theirs does not count."""
    lines: dict[str, set[int]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            lines.setdefault(node.id, set()).add(node.lineno)
    return frozenset(name for name, found in lines.items() if len(found) > 1)


def containers(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Line and name of each variable that is made an array of zeros or the like, to be filled."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)),
            ) if called in _CONTAINERS:
                yield node.lineno, name


def line_that_makes(function: ast.FunctionDef, name: str) -> int | None:
    """The last line that gives a variable a value."""
    lines = [
        getattr(node, "lineno", 0)
        for node in ast.walk(function)
        if any(name in made for made, _ in _makes(node))
    ]
    return max(lines, default=None)


def _makes(node: ast.AST) -> Iterator[tuple[_Names, _Names]]:
    """The names that a part of a program gives a value, with the names that this value is made of."""
    targets: Iterable[ast.expr]
    parts: list[ast.expr]
    match node:
        case ast.Assign(targets=targets, value=value):
            parts = [value]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            targets, parts = [target], [value]
        case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            targets, parts = [target], [value]
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            targets, parts = [target], [value]
        case ast.comprehension(target=target, iter=value):
            targets, parts = [target], [value]
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            targets, parts = [target], [value]
        case ast.Expr(value=ast.Call(func=function) as call) if not (
            isinstance(function, ast.Name) and function.id in _SHOWING
        ):
            # It may change whatever it is handed, as `rows.append(row)` and `np.copyto(to, what)` do.
            names = frozenset(_names([call]))
            yield names, names
            return
        case ast.Call(args=args, keywords=keywords) if any(keyword.arg == "out" for keyword in keywords):
            targets = [keyword.value for keyword in keywords if keyword.arg == "out"]
            parts = list(args)
        case _:
            return
    made_of = frozenset(_names(parts))  # shared, as there may be thousands of targets
    for target in targets:
        made = frozenset(_bound(target))
        yield made, made_of
        yield made, frozenset(_names([target]))


def _bound(target: ast.expr) -> Iterator[str]:
    """The names that an assignment to a target changes: `out` for `out[i]`."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _bound(part)
        case ast.Starred(value=value) | ast.Subscript(value=value) | ast.Attribute(value=value):
            yield from _bound(value)


def _names(parts: Iterable[ast.expr]) -> Iterator[str]:
    return (node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name))
