"""Small changes in the methods of a class: what the object keeps, and what is a variable of one call alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.sites import Site

_MOST: Final = 8  # attributes that are taken for each other


class Attributes:
    """What the methods of a class keep in their object, and the variables of each of them."""

    def __init__(self, node: ast.AST) -> None:
        self._node = node if isinstance(node, ast.ClassDef) else None

    @cached_property
    def _methods(self) -> dict[ast.AST, tuple[ast.FunctionDef, str]]:
        """By each part of a method, the method and what it calls its object."""
        found: dict[ast.AST, tuple[ast.FunctionDef, str]] = {}
        for method in self._node.body if self._node is not None else ():
            if isinstance(method, ast.FunctionDef) and method.args.args:
                found |= dict.fromkeys(ast.walk(method), (method, method.args.args[0].arg))
        return found

    @cached_property
    def _kept(self) -> dict[str, None]:
        """The names of what the object keeps: those that a method reads or gives a value, but for methods."""
        methods = {method.name for method, _ in self._methods.values()}
        found = {
            one.attr: None
            for one, (_, own) in self._methods.items()
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == own
        }
        return {name: None for name in found if name not in methods}

    @cached_property
    def _local(self) -> dict[ast.FunctionDef, set[str]]:
        """The parameters of each method, and its variables."""
        found: dict[ast.FunctionDef, set[str]] = {}
        for one, (method, own) in self._methods.items():
            if isinstance(one, ast.arg) and one.arg != own:
                found.setdefault(method, set()).add(one.arg)
            elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                found.setdefault(method, set()).add(one.id)
        return found

    def of_name(self, site: Site, node: ast.Name) -> Iterator[Change]:
        """What the object keeps under the name of a variable."""
        method, own = self._methods.get(node, (None, ""))
        if method is None or node.id not in self._kept or _is_parameter(method, node.id):
            return
        # A variable of one method is another one than that of the same name in the next.
        yield site.change(Rank.WORD, "attribute", f"{own}.{node.id}", f"attribute {method.name} {node.id}")

    def of_attribute(self, site: Site, node: ast.Attribute) -> Iterator[Change]:
        """The variable of the name of what the object keeps, and what else it keeps."""
        method, own = self._methods.get(node, (None, ""))
        if method is None or not isinstance(node.value, ast.Name) or node.value.id != own:
            return
        if node.attr in self._local.get(method, ()):
            like = f"attribute {method.name} {own}.{node.attr}"
            yield site.change(Rank.WORD, "attribute", node.attr, like, subject=node.attr)
        for name in list(self._kept)[:_MOST] if node.attr in self._kept else ():
            if name != node.attr:
                yield site.change(Rank.SYMBOL, "name", f"{own}.{name}", subject=f"{own}.{node.attr}")


def _is_parameter(method: ast.FunctionDef, name: str) -> bool:
    return any(one.arg == name for one in ast.walk(method.args) if isinstance(one, ast.arg))
