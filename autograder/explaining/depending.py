"""The line of a finding that has none, or another, where all that comes back depends on one line alone."""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence
from dataclasses import replace

from autograder.checking.attempt import Attempt
from autograder.explaining import flow
from autograder.notebook import syntax
from autograder.records import Diagnosis

# They say what the whole function does, or why there is nothing to look at; an error has a line of its own.
_OF_THE_WHOLE = (
    "general.raises",
    "general.returns-none",
    "general.random",
    "general.mutates-input",
    "general.uses-globals",
)


def on_only_line(found: Sequence[Diagnosis], attempt: Attempt) -> tuple[Diagnosis, ...]:
    """The findings, the first on the one line that makes what is returned, where it is one.

    One without a line stands at a `return` that leaves out what was made just before.
    """
    cell, node = attempt.definition.cell, attempt.definition.node
    if not found or found[0].id in _OF_THE_WHOLE or not isinstance(node, ast.FunctionDef):
        return tuple(found)
    if cell is None or cell.index != attempt.run.cell or node.decorator_list:
        return tuple(found)
    line = flow.only_line(node)
    if line is not None and not flow.used(node).isdisjoint(_written(attempt)):
        line = None
    if line is None and found[0].line is None:
        line = flow.unused_before_return(node)
    return (replace(found[0], line=line), *found[1:]) if line is not None else tuple(found)


def _written(attempt: Attempt) -> set[str]:
    """What the student wrote elsewhere that the function may depend on: all names that their cells bind, but for modules and what is graded."""
    bound = set[str]().union(*(_bound(cell.source) for cell in attempt.submission.cells if not cell.large))
    own = attempt.definition.node
    parameters = {one.arg for one in ast.walk(own) if isinstance(one, ast.arg)} if own is not None else set()
    return bound - parameters - {*attempt.submission.definitions}


@functools.lru_cache(maxsize=256)  # most cells are the handout's
def _bound(source: str) -> frozenset[str]:
    """The names that a cell binds, but for modules."""
    bound: set[str] = set()
    parsed = syntax.tree(source)
    for statement in parsed.body if parsed is not None else ():
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            bound.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With):
            names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            bound |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return frozenset(bound)
