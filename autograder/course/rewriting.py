"""Expressions of a solution written in other names, and made into functions of values."""

from __future__ import annotations

import ast
import copy
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Op:
    """What a step does; two are the same where their source is, whatever the names of what they read."""

    text: str
    make: Callable[[], Callable[..., Any]] = field(compare=False, repr=False)  # on the first call

    @functools.cached_property
    def function(self) -> Callable[..., Any]:
        """It, ready to be called."""
        return self.make()

    def __call__(self, *args: Any) -> Any:
        """Its result."""
        return self.function(*args)


def compiled(node: ast.expr | str, parameters: Sequence[str], names: Mapping[str, Any]) -> Op:
    """The function that works out an expression from the values of these names."""
    text = node if isinstance(node, str) else ast.unparse(node)
    source = f"lambda {', '.join(parameters)}: ({text})"

    def make() -> Callable[..., Any]:
        function: Callable[..., Any] = eval(compile(source, "<step>", "eval"), dict(names))
        return function

    return Op(_by_place(text, tuple(parameters)), make)


@functools.lru_cache(maxsize=4096)
def _by_place(text: str, parameters: tuple[str, ...]) -> str:
    """The source with `_0`, `_1` for its names, where it binds none of its own."""
    if not parameters or re.search(r"\b(lambda|for)\b", text):
        return f"{', '.join(parameters)}: {text}"
    places = {name: f"_{place}" for place, name in enumerate(parameters)}
    known = re.compile(rf"(?<![.\w])({'|'.join(map(re.escape, parameters))})(?!\w)")
    return known.sub(lambda match: places[match[1]], text)


def defined(body: Sequence[ast.stmt], parameters: Sequence[str], names: Mapping[str, Any]) -> Op:
    """The function with these statements, of these parameters."""
    arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    function = ast.FunctionDef("step", arguments, list(copy.deepcopy(body)), [], None)
    setattr(function, "type_params", [])  # noqa: B010 - which Python 3.12 asks for, and 3.11 does not know
    module = ast.fix_missing_locations(ast.Module([function], []))
    space = {**names, "_copied": copy.deepcopy}
    exec(compile(module, "<step>", "exec"), space)
    return Op(ast.unparse(module), lambda: space["step"])


def names_in(node: ast.AST) -> tuple[str, ...]:
    """The names that are read in an expression, in the order in which they stand."""
    if isinstance(node, ast.Name):
        return (node.id,)
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name):
            found[one.id] = None
        else:
            waiting.extend(reversed([*ast.iter_child_nodes(one)]))
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
