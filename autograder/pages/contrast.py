"""A result beside the one that was due, where they are other values than arrays: each in the form people read it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from autograder.data import Table, Value
from autograder.pages import dataframes, pictures, scripts, textdiff, trees
from autograder.pages.literals import apart, kind_apart, written
from autograder.pages.pictures import Picture
from autograder.pages.tables import Tables, tables, writer
from autograder.pages.textdiff import Mark, Piece, Text
from autograder.pages.trees import Fold, Marks, Node, Side
from autograder.records import Explanation
from autograder.words import counted

ON_A_LINE: Final = 40  # characters of a value that stands by itself, in large letters
FEW: Final = 30  # entries of a tree that has to be small
MANY: Final = 200  # differences from which on there may be more than are told


@dataclass(frozen=True)
class Shown:
    """One value; exactly one of its forms is there."""

    size: str = ""  # what it is, and how large: "list, 3 entries", "5 characters"
    lone: tuple[Piece, ...] = ()  # a single value on a line
    text: Text | None = None
    tree: Node | None = None
    tables: Tables | None = None  # a pandas table, or an array beside another kind of value
    mark: Mark = ""  # of the value as a whole
    drawing: Mapping[str, Any] | None = None  # of a drawing the data, whose tree stands beside it

    @property
    def picture(self) -> Picture | None:
        """The drawing drawn again; None where there is none, or nothing to draw it with."""
        return None if self.drawing is None else pictures.picture(self.drawing)


@dataclass(frozen=True)
class Contrast:
    """The student's result beside the one that was due."""

    got: Shown | None  # None: nothing came, or nothing was due
    expected: Shown | None
    signs: tuple[Mark, ...]  # those that are used: differs, missing, extra
    note: str  # a sentence about what cannot be seen; empty where all can


def contrast(explanation: Explanation, *, lean: bool = False) -> Contrast | None:
    """Both values of an explanation that is not about arrays alone; None of one that is.

    With `lean` no more is shown than what differs and a little around it, and nothing is drawn.
    """
    beside = explanation.beside
    if beside is None:
        return None
    got, expected, differences = beside.got, beside.expected, beside.differences
    if isinstance(got, str) and isinstance(expected, str) and not beside.absent:
        return _texts(got, expected)
    labels = tuple[str, ...]()
    if scripts.is_script(explanation.inputs):
        labels = tuple(f"{step} →" for step in scripts.steps(explanation.inputs))
        got, expected, differences = (
            scripts.gave(got),
            scripts.gave(expected),
            tuple(scripts.differences(differences)),
        )
    marks = trees.marks_of(differences)
    if not differences and not beside.absent:
        marks.how = "differs"
    left = None if beside.absent == "got" else _shown(got, expected, marks, "got", labels, lean)
    right = None if beside.absent == "expected" else _shown(expected, got, marks, "expected", labels, lean)
    many = f"The first {MANY} differences are marked." if len(beside.differences) >= MANY else ""
    signs = tuple(_signs(left)) if left and right and not left.lone else ()
    return Contrast(left, right, signs, many)


def shown(value: Value) -> Shown:
    """A value by itself, with nothing marked in it."""
    return _shown(value, None, Marks(), "got")


def _texts(got: str, expected: str) -> Contrast:
    left, right, note = textdiff.texts(got, expected)
    signs = tuple(_in_order({line.mark for line in left.lines}))
    return Contrast(Shown(left.size, text=left), Shown(right.size, text=right), signs, note)


def _shown(
    value: Any, other: Any, marks: Marks, side: Side, labels: Sequence[str] = (), lean: bool = False
) -> Shown:
    whole: Mark = "" if not marks.how else "differs" if side == "got" else "due"
    if isinstance(value, Table):
        table = dataframes.tables_of(value, other, trees.cells_of_table(marks), side)
        return Shown(table.shape, tables=table)
    if isinstance(value, np.ndarray) and value.ndim:
        wrong, first = trees.cells(value, marks)
        grid = tables(value, write=writer(value), wrong=wrong, first=first)
        grid = replace(grid, shape=f"array, {grid.shape}")
        return Shown(grid.shape, tables=grid, mark=whole)
    if isinstance(value, bytes) and isinstance(other, bytes) and whole:
        return Shown(counted(len(value), "byte"), lone=textdiff.written_pieces(value, other), mark=whole)
    short = written(value, ON_A_LINE)
    if isinstance(value, str) and not (short.whole and "\n" not in value):
        lines = textdiff.text(value)
        return Shown(lines.size, text=lines, mark=whole)
    if trees.is_container(value) and (marks.inside or labels or not short.whole):
        tree = trees.tree(value, other, marks, side, labels, FEW if lean else trees.MOST_NODES)
        size = counted(len(value), "step") if labels else tree.kind
        if pictures.is_drawing(value):
            return Shown("drawing", tree=tree, mark=whole, drawing=None if lean else value)
        return Shown(size, tree=tree, mark=whole)
    text = apart(value, other, ON_A_LINE)[0] if whole else short.text
    return Shown(kind_apart(value, other) if whole else "", lone=(Piece(text),), mark=whole)


def _signs(value: Shown) -> Iterator[Mark]:
    found = {value.mark}
    if value.tree is not None:
        found |= set(_marks_in(value.tree))
    if value.tables is not None:
        found |= set(_marks_of(value.tables))
    yield from _in_order(found)


def _in_order(found: set[Mark]) -> Iterator[Mark]:
    order: tuple[Mark, ...] = ("differs", "missing", "extra")
    yield from (mark for mark in order if mark in found)


def _marks_in(node: Node | Fold) -> Iterator[Mark]:
    if isinstance(node, Fold):
        for one in node.nodes:
            yield from _marks_in(one)
        return
    yield node.mark
    if node.tables is not None:
        yield from _marks_of(node.tables)
    for inner in node.inside:
        yield from _marks_in(inner)


def _marks_of(shown: Tables) -> Iterator[Mark]:
    """What is marked in a table, in the words of a tree."""
    for table in shown.tables:
        labels = [*table.columns, *(row.label for row in table.rows if row.label is not None)]
        marks = {label.mark for label in labels} | {entry.mark for row in table.rows for entry in row.entries}
        yield from ("differs" if mark == "wrong" or mark == "first" else mark for mark in marks)
