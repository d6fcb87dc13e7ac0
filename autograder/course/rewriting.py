"""Expressions of a solution written in other names, and made into functions of values."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Op:
    """What a step does; two are the same where their source is."""

    text: str
    function: Callable[..., Any] = field(compare=False, repr=False)

    def __call__(self, *args: Any) -> Any:
        """Its result."""
        return self.function(*args)


def compiled(node: ast.expr, parameters: Sequence[str], names: Mapping[str, Any]) -> Op:
    """The function that works out an expression from the values of these names."""
    arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    expression = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, copy.deepcopy(node))))
    function = eval(compile(expression, "<step>", "eval"), dict(names))
    return Op(f"lambda {', '.join(parameters)}: {ast.unparse(node)}", function)


def defined(body: Sequence[ast.stmt], parameters: Sequence[str], names: Mapping[str, Any]) -> Op:
    """The function with these statements, of these parameters."""
    arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    function = ast.FunctionDef("step", arguments, list(copy.deepcopy(body)), [], None)
    setattr(function, "type_params", [])  # noqa: B010 - which Python 3.12 asks for, and 3.11 does not know
    module = ast.fix_missing_locations(ast.Module([function], []))
    space = {**names, "_copied": copy.deepcopy}
    exec(compile(module, "<step>", "exec"), space)
    return Op(ast.unparse(module), space["step"])


def names_in(node: ast.AST) -> tuple[str, ...]:
    """The names that are read in an expression, in the order in which they stand."""
    found: dict[str, None] = {}

    class Reading(ast.NodeVisitor):
        def visit_Name(self, one: ast.Name) -> None:
            found[one.id] = None

    Reading().visit(node)
    return tuple(found)


def replaced(node: ast.expr, by: Mapping[str, ast.expr]) -> ast.expr | None:
    """The expression with others in the place of names; None where it binds one of these names anew."""
    for one in ast.walk(node):
        bound = one.arg if isinstance(one, ast.arg) else one.id if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) else ""  # fmt: skip
        if bound in by:
            return None

    class Swap(ast.NodeTransformer):
        def visit_Name(self, one: ast.Name) -> ast.AST:
            return copy.deepcopy(by[one.id]) if one.id in by else one

    return Swap().visit(copy.deepcopy(node))  # type: ignore[no-any-return]
