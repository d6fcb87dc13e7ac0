"""Wrong versions of a solution, made by machine: what a student might hand in who is nearly right."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import Final

from autograder.authoring.mutants import Mutant, mutants

_LOOKED_AT: Final = 40  # changes of one function: the first ones that are made


def altered(source: str) -> str:
    """The code of a solution cell with one small mistake in each function, class and variable; as it is where it has none.

    What a function returns is changed rather than how it gets there, so that it comes to an end as the solution does.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):  # with magics, or no Python at all
        return source
    for name in dict.fromkeys(_names(tree)):
        source = _changed(source, name)
    return source


def _names(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def _changed(source: str, name: str) -> str:
    found = list(itertools.islice(mutants(source, name), _LOOKED_AT))
    return min(found, key=_order).source if found else source


def _order(mutant: Mutant) -> int:
    if mutant.change.endswith("→ pass"):  # a statement is gone
        return 3
    if mutant.statement.startswith("return "):
        return 0
    return 2 if mutant.statement.startswith(("while ", "for ", "if ")) else 1
