"""The definitions of a student's notebook that small edits are made in: the graded function and what it calls of their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from autograder.checking.attempt import Attempt
from autograder.notebook import syntax
from autograder.records import Cell

_MOST_LINES: Final = 200  # of one definition; a longer one is left alone
_MOST_HELPERS: Final = 6


@dataclass(frozen=True)
class Editable:
    """One definition, with its text, so that a change of a part is a change of a few characters."""

    name: str
    cell: int  # its number in the notebook
    node: ast.FunctionDef | ast.ClassDef
    text: bytes  # of its whole cell, as Python, in UTF-8: as the places in a syntax tree count
    helper: bool = False  # it is not the graded one
    elsewhere: bool = False  # its cell is not the graded one's

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts

    @cached_property
    def _first(self) -> int:
        """The line at which it begins, decorators included."""
        return min((one.lineno for one in self.node.decorator_list), default=self.node.lineno)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a part of it stands in the text."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def of(self, node: ast.expr | ast.stmt) -> str:
        """The text of a part."""
        start, end = self.span(node)
        return self.text[start:end].decode()

    def with_parts(self, parts: list[tuple[int, int, str]]) -> str:
        """The text of the definition with other text at these spans, of which none overlap."""
        start, end = self._starts[self._first - 1], self.span(self.node)[1]
        pieces, at = [b"if True:\n" if self.node.col_offset else b""], start
        for begin, stop, text in sorted(parts):
            pieces += [self.text[at:begin], text.encode()]
            at = stop
        return b"".join([*pieces, self.text[at:end]]).decode()


def editables(attempt: Attempt) -> list[Editable]:
    """What may be edited of a submission: the graded definition first; nothing where its code is not what ran."""
    cell, node = attempt.definition.cell, attempt.definition.node
    if cell is None or node is None or cell.index != attempt.run.cell:
        return []
    graded = _editable(cell, node.name, node.lineno)
    if graded is None:
        return []
    found = [graded]
    taken = {graded.name, *attempt.submission.definitions, *attempt.run.asked}
    own = {name: cell for cell in attempt.submission.cells for name in _defined(cell)}
    waiting = _reads(graded.node)
    while waiting and len(found) <= _MOST_HELPERS:
        name = waiting.pop(0)
        if name in taken or name not in own:
            continue
        taken.add(name)
        helper = _editable(own[name], name, None, graded=cell)
        if helper is not None:
            found.append(helper)
            waiting += _reads(helper.node)
    return found


def _defined(cell: Cell) -> Iterator[str]:
    parsed = syntax.tree_of(cell)
    for statement in parsed.body if parsed is not None else ():
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name


def _editable(cell: Cell, name: str, line: int | None, graded: Cell | None = None) -> Editable | None:
    """The definition of this name in a cell, at this line or the last; with a tree of its own, which may be changed."""
    parsed = syntax.tree_of(cell)
    if parsed is None:
        return None
    nodes = [
        node
        for node in ast.walk(parsed)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node.name == name
        and line in (None, node.lineno)
    ]
    if not nodes or (nodes[-1].end_lineno or 0) - nodes[-1].lineno >= _MOST_LINES:
        return None
    text = syntax.plain(cell).encode("utf-8", "replace")
    elsewhere = graded is not None and graded.index != cell.index
    return Editable(name, cell.index, nodes[-1], text, graded is not None, elsewhere)


def _reads(node: ast.AST) -> list[str]:
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    return list(dict.fromkeys(names))
