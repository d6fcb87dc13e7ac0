"""Compares any two plain values, each kind by a ladder of its own, and says at which places they differ.

Numbers agree within a tolerance that goes by the largest of one array, of one column, or by the lone number itself,
and exactly where an integer is due. A bool is no number. Sequences agree by length and place, dictionaries by keys
and then values, sets as sets, text to the letter, tables by columns, row labels and cells. Where the tolerance is
`exact`, the types must be the same too.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.checking import numbers
from autograder.data import Column, Other, Table
from autograder.differences import Difference
from autograder.mismatch import Rung
from autograder.records import Tolerance
from autograder.words import a_type, counted

MOST: Final = 200  # differences that are told
_SIMPLE: Final = frozenset({int, bool, str, bytes})  # of which what is equal is equal
_SHOWN: Final = 40  # characters of a key in a sentence


@dataclass(frozen=True)
class Found:
    """How a value differs from the one that is due."""

    rung: Rung  # of the first difference
    message: str  # one sentence, which may name keys and places
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class _Step:
    """One difference as it is met."""

    rung: Rung
    message: str
    path: tuple[Any, ...]
    whole: bool = False  # the values as a whole differ, and not at a place in them
    extra: bool | None = None  # None: it is there, and another one

    @property
    def difference(self) -> Difference:
        """As it is told."""
        return Difference(
            self.path, "differs" if self.extra is None else "extra" if self.extra else "missing"
        )


def find(due: Any, got: Any, tolerance: Tolerance) -> Found | None:
    """How `got` differs from `due`; None where they are equal."""
    steps = list(itertools.islice(_walk(due, got, tolerance, ()), MOST))
    if not steps:
        return None
    first = steps[0]
    place = f"At `{path_in_words(first.path)}`: " if first.path and not first.whole else ""
    is_name = first.message.startswith("None ")  # which is written so wherever it stands
    message = (
        f"{place}{first.message[0].lower() if place and not is_name else first.message[0]}{first.message[1:]}"
    )
    if not place and first.rung == "type":
        message = f"It returned {first.message[0].lower()}{first.message[1:]}"
    return Found(first.rung, message, tuple(step.difference for step in steps if step.path))


def equal(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether two values are equal."""
    return next(_walk(due, got, tolerance, ()), None) is None


def path_in_words(path: Sequence[Any]) -> str:
    """A place as Python writes it: `['name'][2]`."""
    return "".join(f"[{_short(part)}]" for part in path)


def token(value: Any) -> Hashable:
    """By which keys and items are told apart: a bool is no number, NumPy's scalars are Python's."""
    if isinstance(value, np.generic):
        value = value.item() if value.dtype.kind not in "Mm" else value
    if isinstance(value, tuple):
        return ("tuple", tuple(map(token, value)))
    if isinstance(value, frozenset):
        return ("set", frozenset(map(token, value)))
    return (isinstance(value, bool), value)


def _short(part: Any) -> str:
    text = repr(part.item() if isinstance(part, np.generic) else part)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


# ------------------------------------------------------------------------------------------------- one value


def _walk(due: Any, got: Any, tolerance: Tolerance, path: tuple[Any, ...]) -> Iterator[_Step]:
    """The differences of two values, the first one first; an array without dimensions is what it holds."""
    if type(due) is type(got) and type(due) in _SIMPLE and due == got:
        return
    due, got = (
        value[()] if isinstance(value, np.ndarray) and not value.ndim else value for value in (due, got)
    )
    if _kind(due) != _kind(got) or (tolerance.exact and not _same_type(due, got)):
        yield _other_type(due, got, path)
        return
    if isinstance(due, Table):
        yield from _tables(due, got, tolerance, path)
    elif _kind(due) == "number":
        if not numbers.equal(due, got, tolerance):
            yield _Step("values", "The number is wrong.", path)
    elif isinstance(due, np.ndarray):
        yield from _arrays(due, got, tolerance, path)
    elif isinstance(due, list | tuple):
        yield from _sequences(due, got, tolerance, path)
    elif isinstance(due, dict):
        yield from _dictionaries(due, got, tolerance, path)
    elif isinstance(due, set | frozenset):
        yield from _sets(due, got, path)
    elif isinstance(due, str | bytes):
        yield from _texts(due, got, path)
    elif due is not None and (isinstance(due, Other) or bool(numbers.differing(got, due))):
        yield _Step("values", "The value is wrong.", path)


def _kind(value: Any) -> str:
    """What a value is compared as; two kinds are never equal."""
    if nested.is_number(value):
        return "number"
    if isinstance(value, Table):
        return value.kind
    if isinstance(value, np.ndarray) and value.ndim:
        return "array"
    if isinstance(value, np.ndarray | np.generic):
        return {"b": "bool", "U": "str", "S": "bytes"}.get(value.dtype.kind, value.dtype.kind)
    return "set" if isinstance(value, frozenset) else type(value).__name__


def _same_type(due: Any, got: Any) -> bool:
    if isinstance(due, np.ndarray) and isinstance(got, np.ndarray):
        return bool(due.dtype == got.dtype)
    return type(due) is type(got)


def _other_type(due: Any, got: Any, path: tuple[Any, ...]) -> _Step:
    if isinstance(due, np.ndarray) and isinstance(got, np.ndarray) and due.ndim and got.ndim:
        if due.shape != got.shape:
            return _Step("shape", f"Its shape is {got.shape}, and should be {due.shape}.", path)
        return _Step("dtype", f"Its dtype is {got.dtype}, and should be {due.dtype}.", path)
    if got is None and not path:
        return _Step("none", "It returned None: is the `return` missing?", path)
    stands = "where" if not path else "stands where"
    return _Step(
        "type", f"{a_type(nested.type_name(got))} {stands} {a_type(nested.type_name(due))} should be.", path
    )


def _arrays(due: Any, got: Any, tolerance: Tolerance, path: tuple[Any, ...]) -> Iterator[_Step]:
    if due.shape != got.shape:
        yield _Step("shape", f"Its shape is {got.shape}, and should be {due.shape}.", path)
    elif not _comparable(due, got):
        yield _Step("dtype", f"Its dtype is {got.dtype}, and should be {due.dtype}.", path)
    else:
        numeric = due.dtype.kind in "iufc"
        wrong = numbers.wrong_cells(got, due, tolerance) if numeric else numbers.differing(got, due)
        places = np.argwhere(wrong)[:MOST]
        for place in places:
            told = f"{counted(int(np.sum(wrong)), 'entry', 'entries')} of {due.size} {'is' if len(places) == 1 else 'are'} wrong."
            yield _Step("values", told, (*path, tuple(place.tolist())), whole=not path)


def _comparable(due: Any, got: Any) -> bool:
    """Whether two arrays hold the same kind of thing: numbers of any dtype, or both bools, texts, times."""
    numeric = "iufc"
    if due.dtype.kind in numeric:
        return got.dtype.kind in numeric + "b"
    return bool(due.dtype.kind == got.dtype.kind)


# ---------------------------------------------------------------------------------------------- containers


def _sequences(due: Any, got: Any, tolerance: Tolerance, path: tuple[Any, ...]) -> Iterator[_Step]:
    if len(due) != len(got):
        told = f"It has {counted(len(got), 'entry', 'entries')}, and should have {len(due)}."
        yield _Step("length", told, path, whole=not path)
    for place in _unequal(due, got, tolerance):
        yield from _walk(due[place], got[place], tolerance, (*path, place))
    for place in range(len(due), len(got)):
        yield _Step("length", "An entry is too many.", (*path, place), extra=True)
    for place in range(len(got), len(due)):
        yield _Step("length", "An entry is missing.", (*path, place), extra=False)


def _unequal(due: Any, got: Any, tolerance: Tolerance) -> Iterable[int]:
    """The places at which two sequences may differ; of plain numbers exactly those, without a look at each."""
    both = range(min(len(due), len(got)))
    if not both or {*map(type, due), *map(type, got)} != {float}:
        return both
    one, other = np.array(due[: len(both)]), np.array(got[: len(both)])
    return [int(place) for place in np.flatnonzero(numbers.wrong_lone(other, one, tolerance))]


def _dictionaries(due: Any, got: Any, tolerance: Tolerance, path: tuple[Any, ...]) -> Iterator[_Step]:
    there = {token(key): key for key in got}
    known = {token(key): key for key in due}
    missing = [key for name, key in known.items() if name not in there]
    extra = [key for name, key in there.items() if name not in known]
    if missing or extra:
        yield _Step("keys", _keys_in_words(missing, extra), path, whole=not path)
    for key in missing:
        yield _Step("keys", "This key is missing.", (*path, key), extra=False)
    for name, key in known.items():
        if name in there:
            yield from _walk(due[key], got[there[name]], tolerance, (*path, key))
    for key in extra:
        yield _Step("keys", "This key should not be there.", (*path, key), extra=True)


def _keys_in_words(missing: Sequence[Any], extra: Sequence[Any]) -> str:
    told = ((missing, "is missing", "are missing"), (extra, "should not be there", "should not be there"))
    said = "; ".join(_named(keys, one, many) for keys, one, many in told if keys)
    return f"{said[0].upper()}{said[1:]}."


def _named(keys: Sequence[Any], one: str, many: str) -> str:
    first = f"`{_short(keys[0])}`"
    return f"the key {first} {one}" if len(keys) == 1 else f"{len(keys)} keys {many}, such as {first}"


def _sets(due: Any, got: Any, path: tuple[Any, ...]) -> Iterator[_Step]:
    known, there = {token(item): item for item in due}, {token(item): item for item in got}
    missing = [item for name, item in known.items() if name not in there]
    extra = [item for name, item in there.items() if name not in known]
    if missing or extra:
        told = [f"{len(missing)} {'is' if len(missing) == 1 else 'are'} missing"] * bool(missing)
        told += [f"{len(extra)} should not be there"] * bool(extra)
        yield _Step("items", f"Of its items, {' and '.join(told)}.", path, whole=not path)
    for item in _in_order(missing):
        yield _Step("items", "This item is missing.", (*path, item), extra=False)
    for item in _in_order(extra):
        yield _Step("items", "This item should not be there.", (*path, item), extra=True)


def _in_order(items: list[Any]) -> list[Any]:
    """Items of a set in an order that is the same in every process."""
    return sorted(items, key=lambda item: (nested.type_name(item), nested.text(item)))


def _texts(due: Any, got: Any, path: tuple[Any, ...]) -> Iterator[_Step]:
    if due == got:
        return
    pairs = enumerate(zip(due, got, strict=False), start=1)
    place = next((place for place, (one, other) in pairs if one != other), min(len(due), len(got)) + 1)
    if not got:
        told = "The text is empty."
    elif len(got) < len(due) and place > len(got):
        told = f"The text ends after {counted(len(got), 'character')}, too early."
    elif place > len(due):
        told = f"The text goes on after its {counted(len(due), 'character')}."
    else:
        told = f"The text differs from its character {place} on."
    yield _Step("text", told, path)


# --------------------------------------------------------------------------------------------------- tables


def _tables(due: Table, got: Table, tolerance: Tolerance, path: tuple[Any, ...]) -> Iterator[_Step]:
    names, there = ([column.name for column in table.columns] for table in (due, got))
    if [*map(token, names)] != [*map(token, there)]:
        yield _Step("columns", _columns_in_words(names, there, due.kind), path, whole=not path)
        known, found = set(map(token, names)), set(map(token, there))
        for place, name in enumerate(names):
            if token(name) not in found:
                yield _Step("columns", "This column is missing.", (*path, place), extra=False)
        for place, name in enumerate(there):
            if token(name) not in known:
                yield _Step("columns", "This column should not be there.", (*path, place), extra=True)
        return
    rows, came = nested.rows(due), nested.rows(got)
    if rows != came:
        told = f"It has {counted(came, 'row')}, and should have {rows}."
        yield _Step("length", told, path, whole=not path)
        return
    if not _same_labels(due, got):
        yield _Step(
            "index", "Its row labels (the index) are not those that it should have.", path, whole=not path
        )
    for place, (one, other) in enumerate(zip(due.columns, got.columns, strict=True)):
        yield from _columns(one, other, tolerance, (*path, place))


def _columns_in_words(due: Sequence[Any], got: Sequence[Any], kind: str) -> str:
    if kind != "DataFrame":
        return f"Its name is `{_short(got[0])}`, and should be `{_short(due[0])}`."
    known, there = {*map(token, due)}, {*map(token, got)}
    missing = [name for name in due if token(name) not in there]
    extra = [name for name in got if token(name) not in known]
    if not missing and not extra:
        return "Its columns stand in another order than they should."
    told = [f"the column `{_short(name)}` is missing" for name in missing[:1]]
    told += [f"the column `{_short(name)}` should not be there" for name in extra[:1]]
    said = "; ".join(told)
    return f"{said[0].upper()}{said[1:]}."


def _same_labels(due: Table, got: Table) -> bool:
    """Whether the row labels are the same; numbers from 0 need not be spelt out."""
    levels = [nested.labels(table) for table in (due, got)]
    return len(levels[0]) == len(levels[1]) and all(
        token(one.name) == token(other.name)
        and list(map(token, nested.listed(one.cells))) == list(map(token, nested.listed(other.cells)))
        for one, other in zip(*levels, strict=True)
    )


def _columns(due: Column, got: Column, tolerance: Tolerance, path: tuple[Any, ...]) -> Iterator[_Step]:
    """The cells of two columns of one length; in a table what is missing equals what is missing."""
    named = f"The column `{_short(due.name)}`" if due.name is not None else "It"
    if tolerance.exact and due.dtype != got.dtype:
        yield _Step(
            "dtype", f"{named} is of dtype {got.dtype}, and should be of {due.dtype}.", path, whole=True
        )
        return
    if isinstance(due.cells, np.ndarray) and isinstance(got.cells, np.ndarray):
        if not _comparable(due.cells, got.cells) or (got.cells.dtype.kind == "b") != (
            due.cells.dtype.kind == "b"
        ):
            yield _Step(
                "dtype", f"{named} is of dtype {got.dtype}, and should be of {due.dtype}.", path, whole=True
            )
            return
        wrong = numbers.wrong_in_column(got.cells, due.cells, tolerance)
        places = np.flatnonzero(wrong).tolist()
    else:
        lists = zip(nested.listed(due.cells), nested.listed(got.cells), strict=True)
        places = [row for row, (one, other) in enumerate(lists) if not _same_cell(one, other, tolerance)]
    told = f"{named} is wrong in {counted(len(places), 'row')}."
    for row in places[:MOST]:
        yield _Step("values", told, (*path, row), whole=True)


def _same_cell(due: Any, got: Any, tolerance: Tolerance) -> bool:
    missing = [value is None or (isinstance(value, float) and value != value) for value in (due, got)]
    return all(missing) or (not any(missing) and equal(due, got, tolerance))
