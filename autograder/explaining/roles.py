"""Which variables of a function hold whole numbers, sizes and counters, as far as its text tells."""

from __future__ import annotations

import ast
from typing import Final

_SIZES: Final = frozenset(["shape", "size", "ndim"])
_FOUND: Final = frozenset(["index", "count", "find", "rindex"])
_COUNTED: Final = frozenset(["len", "int", "range", "enumerate"])


def whole_numbers(function: ast.AST) -> frozenset[str]:
    """The variables that hold whole numbers alone, wherever they get a value."""
    whole: set[str] = set()
    other: set[str] = {one.arg for one in ast.walk(function) if isinstance(one, ast.arg)}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[target], value=value):
                _sort(target, _is_whole(value, whole), whole, other)
            case ast.For(target=target, iter=iterated) | ast.comprehension(target=target, iter=iterated):
                _sort_of_loop(target, iterated, whole, other)
    return frozenset(whole - other)


def _sort(target: ast.expr, is_whole: bool, whole: set[str], other: set[str]) -> None:
    for one in ast.walk(target):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            (whole if is_whole else other).add(one.id)


def _sort_of_loop(target: ast.expr, iterated: ast.expr, whole: set[str], other: set[str]) -> None:
    match target, iterated:
        case _, ast.Call(func=ast.Name(id="range")):
            _sort(target, True, whole, other)
        case ast.Tuple(elts=[number, item]), ast.Call(func=ast.Name(id="enumerate")):
            _sort(number, True, whole, other)
            _sort(item, False, whole, other)
        case _:
            _sort(target, False, whole, other)


def _is_whole(value: ast.expr, whole: set[str]) -> bool:
    match value:
        case ast.Constant(value=constant):
            return isinstance(constant, int)
        case ast.Name(id=name):
            return name in whole
        case ast.Attribute(attr=name):
            return name in _SIZES
        case ast.Subscript(value=ast.Attribute(attr="shape")):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _COUNTED
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _FOUND
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv(), right=right):
            return _is_whole(left, whole) and _is_whole(right, whole)
        case ast.Tuple(elts=parts):
            return all(_is_whole(part, whole) for part in parts)
    return False
