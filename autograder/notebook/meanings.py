"""What an expression is by what stands in it alone: a module's member, a constant, a function, what is gone through.

For `pure`, which says what that is for. Nothing here proves anything of what the expression holds; see `expressions`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias

from autograder.notebook import harmless
from autograder.notebook.scopes import Meaning, Scope, UnprovenError, bound, is_known, refuse

# What a call gives: a plain value, something that may only be gone through, or something that may only be called.
Made: TypeAlias = Literal["plain", "iterator", "function"]

_MOST_VALUES: Final = 20  # of one variable that are looked at


def resolved(node: ast.expr, scope: Scope) -> Meaning | None:
    """The module or member of one that a dotted name stands for; None where it is none, UnprovenError where not known."""
    match node:
        case ast.Name():
            meaning = scope.look_up(node) if scope.home(node.id) is not None else None
            return meaning if meaning is not None and meaning.kind in ("module", "member") else None
        case ast.Attribute(value=base, attr=name):
            above = resolved(base, scope)
            if above is None or above.kind == "member":
                return None
            if (above.module, name) in harmless.SUBMODULES:
                return Meaning("module", harmless.SUBMODULES[above.module, name])
            if not is_known(above.module, name):
                refuse(node, f"uses {ast.unparse(node)}")
            return Meaning("member", above.module, name)
    return None


def is_builtin(node: ast.expr, names: Iterable[str], scope: Scope) -> bool:
    """Whether an expression is one of these names of Python's own, which nothing binds otherwise."""
    return isinstance(node, ast.Name) and node.id in names and scope.home(node.id) is None


def is_array_type(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is `np.ndarray`."""
    return (found := resolved(node, scope)) is not None and found.member == ("numpy", "ndarray")


def fill(scope: Scope, body: list[Any]) -> None:
    """Takes note of all names that a scope's code binds, and of what kind they are."""
    for name, meaning in bound(body):
        scope.bind(name, meaning)
    for name, meanings in scope.names.items():
        scope.become(
            name, [replace(one, kind=kind(one.value, scope)) if one.value else one for one in meanings]
        )


def kind(given: ast.expr, scope: Scope) -> Any:
    """What kind of thing is assigned, as far as it is not a plain value."""
    if isinstance(given, ast.Lambda):
        return "function"
    if isinstance(given, ast.GeneratorExp):
        return "iterator"
    try:
        if scope.outer is None and immutable(given, scope):
            return "constant"
        if isinstance(given, ast.Attribute):
            return "iterator" if given.attr == "flat" else "plain"
        if isinstance(given, ast.Call):
            made = made_by(given, scope)
            # Of one that is kept for good, nobody knows what it keeps.
            return "plain" if made == "function" and scope.outer is None else made
    except UnprovenError:
        pass  # where it stands, it is refused again
    return "plain"


def immutable(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression gives something that cannot be changed, and that is the same each time."""
    match node:
        case ast.Constant():
            return True
        case ast.Tuple(elts=parts):
            return all(immutable(part, scope) for part in parts)
        case ast.UnaryOp(operand=part):
            return immutable(part, scope)
        case ast.BinOp(left=left, right=right):
            return immutable(left, scope) and immutable(right, scope)
        case ast.Name(id=name):
            known = scope.names.get(name) if scope.outer is None else None
            return name in harmless.TYPES if known is None else all(one.kind == "constant" for one in known)
        case ast.Call(func=func, args=parts, keywords=[]):
            member = resolved(func, scope)
            pure = member is not None and (member.module == "math" or member.name in harmless.UFUNCS)
            return (pure or is_builtin(func, {"float", "int"}, scope)) and all(map(_is_number, parts))
        case ast.Attribute():
            found = resolved(node, scope)
            return found is not None and found.name in harmless.VALUES.get(found.module, ())
    return False


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.Constant(value=str(text)):
            return text.strip("+- ").lower() in ("inf", "infinity", "nan")
        case ast.UnaryOp(operand=part):
            return _is_number(part)
        case ast.BinOp(left=left, right=right):
            return _is_number(left) and _is_number(right)
    return False


def made_by(node: ast.Call, scope: Scope) -> Made:
    """What a call makes, by what is called alone."""
    func = node.func
    meaning = resolved(func, scope)
    if meaning is not None:
        if meaning.member in harmless.MAKERS:
            return "function"
        goes = meaning.name in harmless.MADE_TO_GO_THROUGH.get(meaning.module, ())
        return "iterator" if goes else "plain"
    if isinstance(func, ast.Attribute):
        return "iterator" if func.attr in harmless.ITERATED else "plain"
    if isinstance(func, ast.Name):
        if scope.home(func.id) is None:
            return "iterator" if func.id in harmless.ITERATORS else "plain"
        known = scope.look_up(func)
        return "iterator" if known is not None and known.kind == "generator" else "plain"
    return "plain"


def pad(node: ast.Call) -> None:
    """Proves that `np.pad` pads in one of the ways that write what they add."""
    modes = [*node.args[2:3], *(word.value for word in node.keywords if word.arg == "mode")]
    spread = any(isinstance(argument, ast.Starred) for argument in node.args)
    if spread or not all(isinstance(one, ast.Constant) and one.value in harmless.PADDING for one in modes):
        refuse(node, "pads in a way that is not written out, or with memory nobody wrote")


def where(node: ast.Call, scope: Scope) -> None:
    """What `where` leaves out keeps what was there: something that the program wrote itself, or the sum of nothing."""
    func = node.func
    meaning = resolved(func, scope)
    if meaning is not None and meaning.module == "numpy" and meaning.name in harmless.WHERE | {"copyto"}:
        return
    if meaning is None and isinstance(func, ast.Attribute) and func.attr in harmless.WHERE:
        meaning = resolved(func.value, scope)
        if meaning is None:
            return
        refuse(node, "leaves with where= what was in memory")
    outs = [word.value for word in node.keywords if word.arg == "out"]
    is_ufunc = meaning is not None and meaning.module == "numpy" and meaning.name in harmless.UFUNCS
    if not is_ufunc or len(outs) != 1 or not _is_written(outs[0], scope):
        refuse(node, "leaves with where= what was in memory")


def _is_written(node: ast.expr | None, scope: Scope) -> bool:
    """Whether an expression is an array that something was written into."""
    if isinstance(node, ast.Name):
        values = scope.values(node.id)
        return len(values) <= _MOST_VALUES and all(
            not isinstance(one, ast.Name) and _is_written(one, scope) for one in values
        )
    if not isinstance(node, ast.Call):
        return False
    meaning = resolved(node.func, scope)
    return meaning is not None and meaning.module == "numpy" and meaning.name in harmless.WRITTEN


def reads_attributes(text: str) -> bool:
    """Whether a field of a text that is formatted holds a dot or a bracket where its name stands, or may hold one."""
    depth, name = 0, False
    for sign in text:
        if sign == "{":
            depth, name = depth + 1, True
        elif sign == "}":
            depth, name = depth - 1, False
        elif sign in ":!":
            name = False
        elif name and sign in ".[":
            return True
    return depth != 0


def asked_after(node: ast.expr, scope: Scope) -> None:
    """Proves the types that `isinstance` asks after: they are named, and not made."""
    match node:
        case ast.Tuple(elts=parts):
            for part in parts:
                asked_after(part, scope)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            asked_after(left, scope)
            asked_after(right, scope)
        case ast.Constant(value=None):
            pass
        case ast.Call(func=func, args=[ast.Constant(value=None)]) if is_builtin(func, {"type"}, scope):
            pass
        case _:
            found = resolved(node, scope)
            of_a_module = found is not None and (
                found.name == "ndarray" or found.name in harmless.VALUES.get(found.module, ())
            )
            of_python = is_builtin(node, harmless.TYPES | harmless.ASKED_AFTER, scope)
            if not (of_a_module or of_python or is_annotating(node, scope)):
                refuse(node, f"asks after {ast.unparse(node)}")


def is_annotating(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is a name of `typing` or of its like, or stands within one of these modules."""
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name) or (home := scope.home(node.id)) is None:
        return False
    return {one.kind for one in home.names[node.id]} == {"annotation"}
