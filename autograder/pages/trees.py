"""Lists, dictionaries and what else holds values as trees: what differs is open and in view, what is long is folded.

A tree is data. Pages, terminal and notebook each draw it in their own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from autograder.data import Array, Table
from autograder.differences import Difference
from autograder.pages import dataframes
from autograder.pages.literals import apart, in_order, kind_apart, line, size_in_words, written
from autograder.pages.tables import Tables, tables, writer
from autograder.pages.textdiff import Mark, Piece, written_pieces
from autograder.words import counted

ON_A_LINE: Final = 56  # characters of a container that is written on one line
FEW: Final = 8  # entries that are never folded
MOST_MARKED: Final = 12  # entries that differ and stay open, of one container
MOST_FOLDED: Final = 40  # entries that can be unfolded at one place
MOST_NODES: Final = 150  # of a whole tree
DEEPEST: Final = 8

Side: TypeAlias = Literal["got", "expected"]
_BOOL: Final = object()
_CONTAINERS: Final = (list, tuple, set, frozenset, dict)


@dataclass(frozen=True)
class Node:
    """One entry: on a line, or with its own entries below it."""

    label: str  # how it is reached from the one above, such as "[2]" or "'name'"; empty for an item of a set
    said: tuple[Piece, ...]  # its value on a line; of one that is open, nothing
    kind: str = ""  # what it is, where that is worth saying: "list, 3 entries"
    mark: Mark = ""
    inside: tuple[Node | Fold, ...] = ()
    open: bool = False  # whether what is inside is in view
    tables: Tables | None = None  # of an array or a table


@dataclass(frozen=True)
class Fold:
    """Entries that follow one another and are folded."""

    said: str  # "12 more entries"
    nodes: tuple[Node, ...]  # those that can be unfolded
    left_out: int  # how many cannot


@dataclass
class Marks:
    """Where a value differs: here, or further inside."""

    how: str = ""
    inside: dict[Any, Marks] = field(default_factory=dict)


def is_container(value: object) -> bool:
    """Whether a value is shown as a tree."""
    return type(value) in _CONTAINERS


def tree(
    value: Any,
    other: Any = None,
    marks: Marks | None = None,
    side: Side = "got",
    labels: Sequence[str] = (),
    most: int = MOST_NODES,
) -> Node:
    """The whole value, its entries in view.

    `other` is the value beside it, `side` says whose this one is, `labels` call the entries of a list by their places,
    and `most` is the number of entries of all depths that are written.
    """
    return _Builder(side, labels, most).root(value, other, marks or Marks())


def marks_of(differences: Iterable[Difference]) -> Marks:
    """The places of the differences, as they lie in one another."""
    top = Marks()
    for difference in differences:
        here = top
        for step in difference.path:
            here = here.inside.setdefault(token(step), Marks())
        here.how = difference.how
    return top


def token(step: Any) -> Any:
    """By which a place is found again: as a key, a bool is another one than the number it equals."""
    return (_BOOL, step) if isinstance(step, bool | np.bool_) else step


def cells_of_table(marks: Marks) -> list[tuple[int, ...]]:
    """Which cells of a table are wrong (column, row), and which columns as a whole (column,)."""
    places = [(column,) for column, inner in marks.inside.items() if inner.how == "differs"]
    return places + [(column, row) for column, inner in marks.inside.items() for row in inner.inside]


def cells(array: Array, marks: Marks, first: bool = True) -> tuple[np.ndarray[Any, Any] | None, Any]:
    """Which cells of an array are wrong, and the first of them; None where none is known to be."""
    places = [place for place in marks.inside if isinstance(place, tuple) and len(place) == array.ndim]
    inside = [
        p
        for p in places
        if all(isinstance(i, int) and 0 <= i < n for i, n in zip(p, array.shape, strict=True))
    ]
    if not inside:
        return None, None
    wrong = np.zeros(array.shape, dtype=bool)
    for place in inside:
        wrong[place] = True
    return wrong, inside[0] if first else None


class _Builder:
    """Builds one side, within a number of nodes."""

    def __init__(self, side: Side, labels: Sequence[str], most: int) -> None:
        self._side, self._labels = side, labels
        self._here: Mark = "differs" if side == "got" else "due"  # for what differs further in
        self._left = most

    def root(self, value: Any, other: Any, marks: Marks) -> Node:
        """The whole, open."""
        if not is_container(value) or (not value and not marks.inside):
            return self._node("", value, other, marks, 0)
        inside = tuple(self._entries(value, other, marks, 0))
        return Node("", (), size_in_words(value), self._mark(marks), inside, open=True)

    def _mark(self, marks: Marks) -> Mark:
        if self._side == "expected":
            return "due" if marks.how in ("differs", "missing") else ""
        return marks.how if marks.how in ("differs", "extra") else ""  # type: ignore[return-value]

    def _node(self, label: str, value: Any, other: Any, marks: Marks, depth: int) -> Node:
        self._left -= 1
        mark = self._mark(marks)
        if isinstance(value, Table):
            return Node(
                label,
                (),
                "",
                mark,
                open=bool(mark or marks.inside),
                tables=dataframes.tables_of(value, other, cells_of_table(marks), self._side),
            )
        if isinstance(value, np.ndarray) and (
            marks.inside or value.ndim > 1 or not written(value, ON_A_LINE).whole
        ):
            return self._grid(label, value, other, marks, mark)
        if not is_container(value):
            return Node(label, self._leaf(value, other, mark), self._type(value, other, mark), mark)
        short = written(value, ON_A_LINE)
        if marks.inside and short.whole:
            on_a_line = self._on_a_line(value, other, marks)
            if on_a_line is not None:
                return Node(label, on_a_line, "", mark or self._here)
        if (short.whole or depth >= DEEPEST) and not marks.inside:
            return Node(label, (Piece(short.text, bool(mark)),), self._type(value, other, mark), mark)
        if depth >= DEEPEST:
            return Node(label, (Piece(short.text, marked=True),), size_in_words(value), mark or self._here)
        preview = () if marks.inside else (Piece(line(value, 40)),)
        inside = tuple(self._entries(value, other, marks, depth))
        return Node(label, preview, size_in_words(value), mark, inside, open=bool(marks.inside))

    def _leaf(self, value: Any, other: Any, mark: Mark) -> tuple[Piece, ...]:
        """A value without entries; where it differs from one of its kind, what differs of it."""
        if mark not in ("differs", "due"):
            return (Piece(line(value), marked=bool(mark)),)
        if (isinstance(value, str) and isinstance(other, str)) or (
            isinstance(value, bytes) and isinstance(other, bytes)
        ):
            return written_pieces(value, other)
        got, _ = apart(value, other)
        return (Piece(got, marked=True),)

    def _type(self, value: Any, other: Any, mark: Mark) -> str:
        """The type, where it is what differs."""
        known = mark in ("differs", "due") and not isinstance(other, _Nothing)
        return kind_apart(value, other) if known else ""

    def _grid(self, label: str, value: Array, other: Any, marks: Marks, mark: Mark) -> Node:
        wrong, first = cells(value, marks)
        shown = [value, other] if isinstance(other, np.ndarray) else [value]
        grid = tables(value, write=writer(*shown), wrong=wrong, first=first)
        self._left -= sum(len(table.rows) for table in grid.tables)
        return Node(label, (), f"array, {grid.shape}", mark, open=bool(mark or marks.inside), tables=grid)

    def _on_a_line(self, value: Any, other: Any, marks: Marks) -> tuple[Piece, ...] | None:
        """A short container with what differs in it marked; None where that cannot be seen on a line."""
        if not isinstance(value, list | tuple) or any(
            inner.inside or self._mark(inner) == "" for inner in marks.inside.values()
        ):
            return None
        first, last = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        found = [Piece(first)]
        for place, item in enumerate(value):
            if place:
                found.append(Piece(", "))
            facing = _at(value, other, place)
            text = apart(item, facing)[0] if place in marks.inside else line(item)
            found.append(Piece(text, place in marks.inside))
        return (*found, Piece(last))

    # -------------------------------------------------------------------------------------- entries

    def _entries(self, value: Any, other: Any, marks: Marks, depth: int) -> Iterator[Node | Fold]:
        """What is inside: entries that differ and a few around them, the others folded."""
        keys = _keys(value, other if self._side == "got" else None)
        start = 0
        for place in sorted(_in_view(keys, marks)):
            if self._left <= 0:
                break
            yield from self._fold(keys[start:place], value, other, marks, depth)
            yield self._entry(value, keys[place], other, marks, depth)
            start = place + 1
        yield from self._fold(keys[start:], value, other, marks, depth)
        if self._side == "got":
            yield from self._missing(value, marks, depth)

    def _entry(self, value: Any, key: Any, other: Any, marks: Marks, depth: int) -> Node:
        inner = marks.inside.get(token(key), _UNMARKED)
        facing = _NOTHING if inner.how in ("missing", "extra") else _at(value, other, key)
        if isinstance(value, set | frozenset):
            return self._node("", key, _NOTHING, inner, depth + 1)
        item = value[key]
        return self._node(self._label(value, key, depth), item, facing, inner, depth + 1)

    def _fold(
        self, keys: Sequence[Any], value: Any, other: Any, marks: Marks, depth: int
    ) -> Iterator[Node | Fold]:
        if len(keys) == 1 and self._left > 0:  # it takes no more room than what would be said of it
            yield self._entry(value, keys[0], other, marks, depth)
        elif keys:
            nodes = []
            for key in keys[:MOST_FOLDED]:
                if self._left > 0:
                    nodes.append(self._entry(value, key, other, _UNMARKED, depth))
            some = bool(_places(keys, marks))
            said = f"{counted(len(keys), 'more entry', 'more entries')}{', some of which differ' if some else ''}"
            yield Fold(said, tuple(nodes), len(keys) - len(nodes))

    def _missing(self, value: Any, marks: Marks, depth: int) -> Iterator[Node | Fold]:
        gone = [
            key[1] if type(key) is tuple and key[:1] == (_BOOL,) else key
            for key, inner in marks.inside.items()
            if inner.how == "missing"
        ]
        for key in gone[:MOST_MARKED]:
            self._left -= 1
            if isinstance(value, set | frozenset):
                yield Node("", (Piece(line(key)),), mark="missing")
            else:
                yield Node(self._label(value, key, depth).rstrip(" :→"), (), mark="missing")
        if len(gone) > MOST_MARKED:
            yield Fold(f"{counted(len(gone) - MOST_MARKED, 'more')} missing", (), 0)

    def _label(self, value: Any, key: Any, depth: int) -> str:
        if isinstance(value, dict):
            return f"{line(key, 40)}:"
        named = depth == 0 and isinstance(key, int) and 0 <= key < len(self._labels)
        return self._labels[key] if named else f"[{line(key)}]"


class _Nothing:
    """In place of a value that the other side has not."""


_NOTHING: Final = _Nothing()
_UNMARKED: Final = Marks()


def _keys(value: Any, other: Any) -> Sequence[Any]:
    """How the entries are reached; those of a dictionary in the order of the one that is due."""
    if isinstance(value, dict):
        own = {token(key): key for key in value}
        order = dict.fromkeys(map(token, other if isinstance(other, dict) else ()))
        return [
            *(own[name] for name in order if name in own),
            *(own[name] for name in own if name not in order),
        ]
    if isinstance(value, set | frozenset):
        return in_order(value)
    return range(len(value))


def _in_view(keys: Sequence[Any], marks: Marks) -> set[int]:
    """The places of entries in view: all of a few; else those that differ, with one before and one after each."""
    if len(keys) <= FEW:
        return set(range(len(keys)))
    if not marks.inside:
        return set(range(FEW - 2))
    differing = _places(keys, marks)[:MOST_MARKED]
    return {0} | {
        near for place in differing for near in range(place - 1, place + 2) if 0 <= near < len(keys)
    }


def _places(keys: Sequence[Any], marks: Marks) -> list[int]:
    """Where among the keys those stand at which something differs; of a list of a million, without a look at each."""
    if isinstance(keys, range):
        return sorted(keys.index(key) for key in marks.inside if type(key) is int and key in keys)
    return [place for place, key in enumerate(keys) if token(key) in marks.inside]


def _at(value: Any, other: Any, key: Any) -> Any:
    """The entry at the same place of the other side."""
    if isinstance(value, dict) and isinstance(other, dict):
        return other.get(key, _NOTHING)
    both = isinstance(value, list | tuple) and isinstance(other, list | tuple)
    return other[key] if both and key < len(other) else _NOTHING
