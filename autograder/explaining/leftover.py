"""What a function or a class keeps from one call to the next: a list that is made once, and changed in every call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from autograder.notebook import syntax
from autograder.records import Definition

_MAKERS: Final = frozenset(
    {"list", "dict", "set", "deque", "defaultdict", "Counter", "OrderedDict", "bytearray"}
)
_CHANGES: Final = frozenset(
    {
        "add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem",
        "popleft", "push", "remove", "reverse", "setdefault", "sort", "update",
    }
)  # fmt: skip
_LONGEST: Final = 40


@dataclass(frozen=True)
class Kept:
    """What is made once, and where."""

    line: int
    told: str


def found(definition: Definition) -> Kept | None:
    """What the text shows to be made once and changed in place; None where it shows nothing of the kind."""
    node = definition.node
    if node is None or definition.cell is None:
        return None
    return next(_kept(node, definition.cell.source), None)


def drawn(definition: Definition) -> Kept | None:
    """Where something is drawn from a generator that all share, `np.random` or Python's own; None where the text shows none."""
    for one in ast.walk(definition.node) if definition.node is not None else ():
        match one:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name(), attr="random") | ast.Name(id="random") as source
                )
            ):
                name = ast.unparse(source)
                if len(name) <= _LONGEST:
                    told = f"Line {one.lineno} draws from `{name}`, where whoever calls has no say in what is drawn."
                    return Kept(one.lineno, told)
    return None


def _kept(node: ast.FunctionDef | ast.ClassDef, source: str) -> Iterator[Kept]:
    changed = set(_changed(node))
    for function in (one for one in ast.walk(node) if isinstance(one, ast.FunctionDef)):
        given = [(name, default) for name, default in _defaults(function) if _is_changeable(default)]
        # Gone through once, and not for each parameter: there may be thousands.
        anew, attributes = (_bound_anew(function), _attributes_given(function)) if given else (set(), {})
        for parameter, default in given:
            if parameter in anew or len(parameter) > _LONGEST:
                continue  # what is changed may be another thing
            if changed & {parameter, *attributes.get(parameter, ())}:
                told = f"What stands at `{parameter}=` on line {default.lineno} is made once, together with `{function.name}`"
                yield Kept(
                    default.lineno, f"{told}: every call that gives no `{parameter}` works with the same one."
                )
    if isinstance(node, ast.ClassDef):
        for name, line in _made(node.body):
            if f"self.{name}" in changed or f"{node.name}.{name}" in changed:
                told = f"`{name}` on line {line} is made once, for the class: all objects that have no `{name}` of their own share it."
                yield Kept(line, told)
        return
    parsed = syntax.tree(source)
    own = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
    own |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    for name, line in _made(parsed.body if parsed is not None else []):
        if name in changed - own:
            told = f"`{name}` on line {line} is made once, outside of the function: what a call puts into it is there in the next."
            yield Kept(line, told)


def _defaults(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The parameters that have a default, with it."""
    given = function.args
    places = [*given.posonlyargs, *given.args]
    for one, default in zip(places[len(places) - len(given.defaults) :], given.defaults, strict=True):
        yield one.arg, default
    for one, named in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if named is not None:
            yield one.arg, named


def _is_changeable(value: ast.expr) -> bool:
    match value:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
            return called in _MAKERS
    return False


def _made(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """The names that these statements give to something that can be changed."""
    for statement in body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if _is_changeable(value) and len(name) <= _LONGEST:
                yield name, statement.lineno


def _attributes_given(function: ast.FunctionDef) -> dict[str, list[str]]:
    """By parameter, or any other name, the attributes that are another name for what it holds: `self.items = items`."""
    found: dict[str, list[str]] = {}
    for one in ast.walk(function):
        match one:
            case ast.Assign(targets=[ast.Attribute() as target], value=ast.Name(id=name)):
                found.setdefault(name, []).append(ast.unparse(target))
    return found


def _bound_anew(function: ast.FunctionDef) -> set[str]:
    """The names that a function gives to something else; adding to a list with += does not."""
    added = {id(one.target) for one in ast.walk(function) if isinstance(one, ast.AugAssign)}
    names = (
        one for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    )
    return {one.id for one in names if id(one) not in added}


def _changed(node: ast.AST) -> Iterator[str]:
    """What is changed in place, as it is written."""
    for one in ast.walk(node):
        match one:
            case ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() as what, attr=called)) if (
                called in _CHANGES
            ):
                yield ast.unparse(what)
            case ast.Assign(targets=targets):
                yield from (
                    ast.unparse(target.value) for target in targets if isinstance(target, ast.Subscript)
                )
            case (
                ast.AugAssign(target=ast.Subscript(value=what))
                | ast.AugAssign(target=ast.Attribute() as what)
            ):
                yield ast.unparse(what)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.BitOr()):
                yield name
            case ast.Delete(targets=targets):
                yield from (
                    ast.unparse(target.value) for target in targets if isinstance(target, ast.Subscript)
                )
