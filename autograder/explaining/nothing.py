"""Where None comes from, where a function stops because a variable of it holds nothing."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Final

from autograder.notebook.syntax import Written
from autograder.records import Raised

SINCE: Final = "holds None since line"

# They change what they are called on and return None; so do these functions of NumPy with their first argument.
IN_PLACE: Final = frozenset(
    [
        "append",
        "extend",
        "insert",
        "remove",
        "sort",
        "reverse",
        "clear",
        "update",
        "add",
        "discard",
        "fill",
        "resize",
        "setflags",
        "itemset",
        "shuffle",
    ]
)
IN_PLACE_NUMPY: Final = frozenset(
    ["copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "shuffle"]
)

_TAKE_NONE: Final = frozenset(["slice", "filter", "print", "isinstance", "str", "repr", "bool"])


@dataclass(frozen=True)
class Nothing:
    """A variable that holds None."""

    name: str
    line: int  # that gave it None, within the cell
    made_by: str = ""  # what was called that returns None; empty where None is written there

    @property
    def told(self) -> str:
        """In a sentence."""
        why = f": `{self.made_by}` changes its object in place and returns None" if self.made_by else ""
        return f"`{self.name}` {SINCE} {self.line}{why}."


def origin(cell: ast.Module | None, raised: Raised) -> Nothing | None:
    """The last line before an error that gave None to a variable that the line of the error uses; None: no such."""
    line = raised.line
    function = _around(cell, line) if cell is not None and line is not None else None
    if function is None or line is None or cell is None:
        return None
    read = [
        name for node in ast.walk(function) if getattr(node, "lineno", 0) == line and (name := _read(node))
    ]
    asked, bound = _asked_for(function), _bindings(function)
    handed, beside = _handed(cell, function, line), _beside(cell)
    for name in dict.fromkeys(read):
        # What a line gives itself it has used by then, but for one round of a loop before.
        if name in asked:
            continue
        made = [one for one in bound.get(name, ()) if one.line < line or (one.line == line and one.is_none)]
        last = max(made, key=lambda one: one.line, default=None)
        if last is not None and last.is_none:
            return Nothing(name, last.line, last.made_by)
        if last is None and name in handed:
            return Nothing(name, handed[name])
        if last is None and name in beside:
            return beside[name]
    return None


def returned(function: Written | None) -> Nothing | None:
    """Where a variable of the last `return` got None, where one did."""
    if not isinstance(function, ast.FunctionDef) or not isinstance(function.body[-1], ast.Return):
        return None
    return origin(ast.Module([function], []), Raised("TypeError", line=function.body[-1].lineno))


def kept(node: ast.ClassDef, method: ast.FunctionDef) -> Nothing | None:
    """An attribute that a method reads and that the class gives what a call returns that changes its object in place."""
    read = {_name(one) for one in ast.walk(method) if isinstance(one, ast.Attribute)}
    bound = _bindings(node)
    found = [
        Nothing(name, one.line, one.made_by)
        for name in sorted(name for name in read if name is not None and name.startswith("self."))
        for one in bound.get(name, ())
        if one.is_none and one.made_by
    ]
    return min(found, key=lambda one: one.line, default=None)


def _beside(cell: ast.Module) -> dict[str, Nothing]:
    """Where variables beside the functions of a cell got None last, such as one that should be a function."""
    top = [statement for statement in cell.body if not isinstance(statement, Written)]
    known = {one.name for one in cell.body if isinstance(one, Written)}
    known |= {one.arg for one in ast.walk(cell) if isinstance(one, ast.arg)}
    last: dict[str, _Binding] = {}
    for statement in top:
        for name, made in _bindings(statement).items():
            last[name] = max([*([last[name]] if name in last else []), *made], key=lambda one: one.line)
    return {
        name: Nothing(name, one.line, one.made_by)
        for name, one in last.items()
        if one.is_none and name not in known
    }


def handed_on(function: Written | None) -> int | None:
    """The only line of a function that hands a None on that is written there, or what only changes its object; None: no such."""
    lines = {
        node.lineno
        for node in (ast.walk(function) if function is not None else ())
        if isinstance(node, ast.Call)
        and node.args
        and _binding(node.lineno, node.args[0]).is_none
        and (_name(node.func) or "").split(".")[-1] not in _TAKE_NONE
    }
    return next(iter(lines)) if len(lines) == 1 else None


def _asked_for(function: ast.stmt) -> set[str | None]:
    """The variables of which a function asks somewhere whether they are None: then that is no slip."""
    return {
        _name(node.left)
        for node in ast.walk(function)
        if isinstance(node, ast.Compare) and any(map(_is_none, node.comparators))
    }


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _around(cell: ast.Module, line: int) -> ast.stmt | None:
    """The function or class of a cell in which a line stands."""
    for node in cell.body:
        if isinstance(node, Written) and node.lineno <= line <= (node.end_lineno or node.lineno):
            return node
    return None


def _handed(cell: ast.Module, function: ast.stmt, line: int) -> dict[str, int]:
    """The first line that hands None on as a parameter of the function, or of the method, around a line, by parameter."""
    around = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    if not around:
        return {}
    made = around[-1].name == "__init__" or function is not around[-1]
    names = [one.arg for one in around[-1].args.args if not (made and one.arg == "self")]
    called = getattr(function, "name", "") if around[-1].name == "__init__" else around[-1].name
    found: dict[str, int] = {}
    for node in ast.walk(cell):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name == called:
                given = dict(zip(names, node.args, strict=False))
                given |= {one.arg: one.value for one in node.keywords if one.arg is not None}
                for parameter, value in given.items():
                    if _is_none(value):
                        found.setdefault(parameter, node.lineno)
    return found


@dataclass(frozen=True)
class _Binding:
    line: int
    is_none: bool
    made_by: str = ""


def _bindings(function: ast.stmt) -> dict[str, list[_Binding]]:
    """The lines that give a variable something, of what is read as written, by variable."""
    added = {id(node.target) for node in ast.walk(function) if isinstance(node, ast.AugAssign)}
    found: dict[str, list[_Binding]] = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                for name in dict.fromkeys(filter(None, map(_name, targets))):
                    found.setdefault(name, []).append(_binding(node.lineno, value))
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in added:
                found.setdefault(name, []).append(_Binding(node.lineno, is_none=False))
    return {name: _plainest(made) for name, made in found.items()}


def _plainest(made: list[_Binding]) -> list[_Binding]:
    """Those of one variable, without what only says again that a line gives it None."""
    plain = {one.line for one in made if one.is_none}
    return [one for one in made if one.is_none or one.line not in plain]


def _binding(line: int, value: ast.expr) -> _Binding:
    match value:
        case ast.Constant(value=None):
            return _Binding(line, is_none=True)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy" | "random"), attr=called)):
            return _Binding(line, called in IN_PLACE_NUMPY, called)
        case ast.Call(func=ast.Attribute(attr=called)):
            return _Binding(line, called in IN_PLACE, called)
        case ast.Call(func=ast.Name(id="print")):
            return _Binding(line, True, "print")
    return _Binding(line, is_none=False)


def _read(node: ast.AST) -> str | None:
    """The variable that a part of a line reads, also to add to it; None: it reads none."""
    match node:
        case ast.AugAssign(target=target):
            return _name(target)
        case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
            return _name(node)
    return None


def _name(node: ast.AST) -> str | None:
    """A variable, or an attribute of one; nothing else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{owner}.{name}"
    return None
