"""Which lines of a function can be held against steps, and what its text tells of their variables."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.explaining import flow


@dataclass(frozen=True)
class Lines:
    """Which lines of a cell can be held against steps."""

    statement: dict[int, int]  # by line, the first line of its statement; without those in loops
    loops: tuple[int, ...]  # the lines at which loops begin
    first: int
    handed_on: frozenset[int] = frozenset()  # the lines that return a name, and make nothing
    used: frozenset[str] = frozenset()  # the names that may play a part in what is returned
    returned: tuple[str, ...] = ()  # the names that the last return hands on side by side
    rebound: frozenset[str] = frozenset()  # the names that more than one line binds
    containers: frozenset[tuple[int, str]] = frozenset()  # line and name of arrays that are made to be filled

    @classmethod
    def of(cls, found: ast.FunctionDef | None) -> Lines:
        """No line at all where the cell is no Python, or does not define the function with `def`."""
        if found is None:
            return cls({}, (), 0)
        lines = cls({}, (), found.lineno)
        loops: list[int] = []
        lines._add(found.body, loops)
        handed_on = frozenset(
            node.lineno
            for node in ast.walk(found)
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Name)
        )
        return cls(
            lines.statement,
            tuple(loops),
            lines.first,
            handed_on,
            flow.used(found),
            flow.returned_names(found),
            flow.rebound(found),
            frozenset(flow.containers(found)),
        )

    def _add(self, body: Sequence[ast.stmt], loops: list[int]) -> None:
        waiting = list(reversed(body))
        while waiting:  # and no recursion: a thousand times `elif` is a thousand levels
            statement = waiting.pop()
            inner = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
            inner += [handler.body for handler in getattr(statement, "handlers", [])]
            if isinstance(statement, ast.For | ast.AsyncFor | ast.While):
                loops.append(statement.lineno)
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            elif any(inner):
                waiting += reversed([child for part in inner for child in part])
            else:
                for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
                    self.statement.setdefault(line, statement.lineno)
