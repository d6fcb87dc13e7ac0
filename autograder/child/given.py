"""Arguments as what a function is called with: tables as pandas objects, generators, functions from their source."""

from __future__ import annotations

import ast
import copy
from typing import Any

import numpy as np

from autograder.child import frames, nodes, unpacking
from autograder.data import Argument, Code, Seeded, Table
from autograder.nested import CONTAINERS


def given(value: Any) -> Any:
    """What a table, a function's source or a seed stands for."""
    match value:
        case Table():
            return frames.pandas_object(value)
        case Seeded(seed=seed):
            return np.random.default_rng(seed)
        case Code(source=source):
            return function(source)
    return value


def unpacked(data: nodes.ValueData) -> Any:
    """An argument that was sent, in an object of its own that student code may change."""
    return unpacking.unpack(data, given=given)


def own(argument: Argument) -> Any:
    """An argument as an object of its own that may be changed, for a function of the course's own."""
    if isinstance(argument, np.ndarray):
        return argument.copy()
    if isinstance(argument, dict):
        return {key: own(value) for key, value in argument.items()}
    if isinstance(argument, list | tuple):
        return type(argument)(own(value) for value in argument)
    return copy.deepcopy(argument) if isinstance(argument, CONTAINERS) else given(argument)


def function(source: str) -> Any:
    """The function that a `lambda`, another expression or a `def` makes; NumPy is there as `np`.

    Raises whatever the source raises, SyntaxError first of all, and ValueError where it makes nothing that can be called.
    """
    namespace: dict[str, Any] = {"np": np, "__name__": "__main__"}
    tree = ast.parse(source.strip())
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        exec(compile(ast.Module(tree.body[:-1], []), "<argument>", "exec"), namespace)
        made = eval(compile(ast.Expression(last.value), "<argument>", "eval"), namespace)
    else:
        exec(compile(tree, "<argument>", "exec"), namespace)
        made = namespace.get(last.name) if isinstance(last, ast.FunctionDef | ast.ClassDef) else None
    if not callable(made):
        raise ValueError("its source makes no function: it should be a lambda, or end with a def")
    return made
