"""The definitions of a student's notebook that small edits are made in: the graded function and what it calls of their own."""

from __future__ import annotations

import ast
import bisect
import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias

from autograder.checking.attempt import Attempt
from autograder.notebook import syntax
from autograder.records import Cell

MODULES: Final = frozenset({"np", "numpy", "math", "pd", "pandas"})
_MOST_LINES: Final = 200  # of one definition; a longer one is left alone
_MOST_BYTES: Final = 20_000  # of its text, of which a line may hold any number
_MOST_PARTS: Final = 3000  # of its syntax tree, as well
_MOST_HELPERS: Final = 6
_DEFINED: Final = re.compile(
    r"^(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=[ \t]*(?:lambda|(?:functools\.)?partial|np\.vectorize)\b",
    re.MULTILINE,
)
Written: TypeAlias = (
    ast.FunctionDef | ast.ClassDef | ast.Assign
)  # a function with a name of its own, also by lambda


@dataclass(frozen=True)
class Editable:
    """One definition, with its text, so that a change of a part is a change of a few characters."""

    name: str
    cell: int  # its number in the notebook
    node: Written
    text: bytes  # of its whole cell, as Python, in UTF-8: as the places in a syntax tree count
    helper: bool = False  # it is not the graded one
    elsewhere: bool = False  # its cell is not the graded one's
    decorated: Editable | None = (
        None  # the graded one, where this one is its decorator: it is made again then
    )

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts

    @cached_property
    def _first(self) -> int:
        """The line at which it begins, decorators included."""
        return min((one.lineno for one in _decorators(self.node)), default=self.node.lineno)

    @cached_property
    def _names(self) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = {}
        for one in ast.walk(self.node):
            if isinstance(one, ast.Name) and one.id not in MODULES:
                found.setdefault(one.lineno, []).append((one.col_offset, one.id))
        return {line: sorted(names) for line, names in found.items()}

    def name_on(self, line: int, column: int = 0) -> str:
        """The first name that stands on a line from a column on, else the last one before it; empty where there is none."""
        names = self._names.get(line, [])
        place = bisect.bisect_left(names, (column, ""))
        return names[min(place, len(names) - 1)][1] if names else ""

    def stands_before(self, name: str, line: int) -> bool:
        """Whether a name stands on a line before this one."""
        return any(name == one for at, names in self._names.items() if at < line for _, one in names)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a part of it stands in the text."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def indent(self, statement: ast.stmt) -> str:
        """What stands before a statement that begins its line."""
        start = self._starts[statement.lineno - 1]
        return self.text[start : start + statement.col_offset].decode()

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
    graded = Editable(node.name, cell.index, node, _text(cell))
    if _is_long(graded):
        return []
    found = [graded]
    taken = {graded.name, *attempt.submission.definitions, *attempt.run.asked}
    own = {
        found[1] or found[2]: cell
        for cell in attempt.submission.cells
        for found in _DEFINED.finditer(syntax.plain(cell))
    }
    decorators = {name for one in _decorators(graded.node) for name in _reads(one)}
    waiting = _reads(graded.node)
    while waiting and len(found) <= _MOST_HELPERS:
        name = waiting.pop(0)
        if name in taken or name not in own:
            continue
        taken.add(name)
        helper = _helper(own[name], name, cell)
        if helper is not None:
            found.append(replace(helper, decorated=graded) if name in decorators else helper)
            waiting += _reads(helper.node)
    return found


def _helper(cell: Cell, name: str, graded: Cell) -> Editable | None:
    """The last definition of this name in a cell."""
    parsed = syntax.tree_of(cell)
    nodes = [
        node
        for node in (parsed.body if parsed is not None else ())
        if isinstance(node, Written) and _named(node) == name
    ]
    if not nodes:
        return None
    elsewhere = cell.index != graded.index
    found = Editable(name, cell.index, nodes[-1], _text(cell), helper=True, elsewhere=elsewhere)
    return None if _is_long(found) else found


def _named(node: Written) -> str | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() | ast.Call()):
            return name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
    return None


def _decorators(node: Written) -> list[ast.expr]:
    return [] if isinstance(node, ast.Assign) else node.decorator_list


def _is_long(found: Editable) -> bool:
    """Whether it is more than is gone through: by its lines, by the statements that may share one, or by what is in them."""
    node = found.node
    start, end = found.span(node)
    if (node.end_lineno or 0) - node.lineno >= _MOST_LINES or end - start > _MOST_BYTES:
        return True
    parts = list(itertools.islice(ast.walk(node), _MOST_PARTS + 1))
    return len(parts) > _MOST_PARTS or sum(isinstance(one, ast.stmt) for one in parts) > _MOST_LINES


def _text(cell: Cell) -> bytes:
    return syntax.plain(cell).encode("utf-8", "replace")


def _reads(node: ast.AST) -> list[str]:
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    return list(dict.fromkeys(names))
