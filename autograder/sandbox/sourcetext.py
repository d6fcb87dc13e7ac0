"""The text of a function or a class out of the cells that define it, read and never run."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from autograder import celltext

_Defining: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign


def source_of(name: str, cells: Sequence[str]) -> str | None:
    """The text of the last function or class of this name that the cells define, decorators included; None where none does.

    Of `f = lambda …` it is that statement, as Python has it.

    A method is named with its class, as `Stack.push`. Cells that are no Python, or too long to be read, are passed over.
    """
    first, *inner = name.split(".")
    for cell in reversed(cells):
        if len(cell) > celltext.MAX_PARSED:
            continue
        text = celltext.plain(cell)
        try:
            found = _last(first, celltext.parse(text).body)
        except celltext.UNREADABLE:
            continue
        for part in inner:
            found = _last(part, found.body) if isinstance(found, ast.ClassDef) else None
        if found is not None:
            start = min([found.lineno, *(one.lineno for one in getattr(found, "decorator_list", ()))])
            lines = io.StringIO(text, newline=None).readlines()  # as Python counts them
            return "".join(lines[start - 1 : found.end_lineno]).rstrip("\n") + "\n"
    return None


def _last(name: str, body: Iterable[ast.stmt]) -> _Defining | None:
    """The last definition of this name, in blocks of these statements too."""
    found: _Defining | None = None
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found = node if node.name == name else found
            case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Lambda()) if bound == name:
                found = node
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                blocks = [*node.body, *getattr(node, "orelse", ()), *getattr(node, "finalbody", ())]
                found = _last(name, blocks) or found
    return found
