"""What can be said of two arrays that differ, where no misconception is claimed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from autograder import nested
from autograder.checking.numbers import wrong_cells
from autograder.course.steps import number
from autograder.data import Argument, Array
from autograder.records import Tolerance
from autograder.words import listed

_EXACT: Final = 1e-6  # a factor is told where numbers that differ by so much of the largest are the same
_MOST_PERMUTED: Final = 12  # rows or columns: whether they stand in another order is looked at up to so many
_Agrees = Callable[[Array, Array], bool]


def observations(
    got: Array | None, due: Array | None, args: Sequence[Argument], tolerance: Tolerance
) -> tuple[str, ...]:
    """Plain facts about `got` beside `due`; none is a guess at a cause."""
    if got is None or due is None or got.dtype.kind == "c" or got.size < 2 or due.size < 2:
        return ()
    got, due = got.astype(float), due.astype(float)

    def agrees(one: Array, other: Array) -> bool:
        return one.shape == other.shape and not wrong_cells(one, other, tolerance).any()

    if not np.all(np.isfinite(due)):
        return ()
    if not np.all(np.isfinite(got)):
        return tuple(_lost(got)) if got.shape == due.shape else ()
    if got.shape != due.shape:
        return tuple(_another_shape(got, due, args, agrees))
    wrong = wrong_cells(got, due, tolerance)
    if not wrong.any():
        return ()
    facts = _empty(got, due, wrong)
    facts = facts or list(itertools.islice(_whole(got, due, args, agrees), 1)) or _where(wrong)
    return tuple(facts + _sums(got, due))


# -------------------------------------------------------------------------------------- facts about the whole


def _whole(got: Array, due: Array, args: Sequence[Argument], agrees: _Agrees) -> Iterator[str]:
    """How all of `got` follows from `due`, the plainest first."""
    slack = _EXACT * float(np.max(np.abs(due)))
    ratio = _constant_ratio(got, due, slack)
    if ratio is not None:
        yield f"Every number is {number(ratio)} times the right one{_recognised(ratio, args)}."
    apart = got - due
    if agrees(apart, np.full_like(due, apart.flat[0])):
        yield f"Every number is off by the same amount, {number(float(apart.flat[0]))}."
    if got.ndim == 2 and got.shape[0] == got.shape[1] and agrees(got.T, due):
        yield "It is the right matrix with rows and columns exchanged."
    for axis, name in ((1, "row"), (0, "column")):
        ratios = _ratios(got, due, axis, slack) if got.ndim == 2 else []
        if len(set(ratios)) > 1 and None not in ratios:
            yield f"Each {name} is the right one times a number of its own."
    if agrees(np.abs(got), np.abs(due)):
        yield "The numbers are right but for some signs."
    for axis, name in ((0, "rows"), (-1, "columns")):
        if got.ndim == 2 and _reordered(got, due, axis, agrees):
            yield f"The right {name} are all there, in another order."
    if agrees(np.sort(got, axis=None), np.sort(due, axis=None)):
        yield "The right numbers are all there, in other places."


def _constant_ratio(got: Array, due: Array, slack: float) -> float | None:
    """The factor between the two, where there is one and it is not 1; `due` is known to within `slack`."""
    if np.sum(np.abs(due) > slack) < 2:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        ratio = float(np.vdot(due, got) / np.vdot(due, due))
        everywhere = np.all(np.abs(got - ratio * due) <= slack * abs(ratio))
    return ratio if ratio != 0 and abs(ratio - 1) >= _EXACT and everywhere else None


def _ratios(got: Array, due: Array, axis: int, slack: float) -> list[float | None]:
    """The factor of each row (axis 1) or column (axis 0); None for one that has none, 1 where it is right."""
    lines = zip(got, due, strict=True) if axis == 1 else zip(got.T, due.T, strict=True)
    found: list[float | None] = []
    for one, other in lines:
        right = bool(np.all(np.abs(one - other) <= slack))
        found.append(1.0 if right else _constant_ratio(one, other, slack))
    return found


def _recognised(ratio: float, args: Sequence[Argument]) -> str:
    """Which size of the inputs the ratio is made of, where it is one."""
    for size in sorted(_sizes(args)):
        for value, words in (
            (math.sqrt(size), f"√{size}"),
            (1 / math.sqrt(size), f"1/√{size}"),
            (float(size), f"{size}"),
            (1 / size, f"1/{size}"),
        ):
            if size > 1 and abs(ratio / value - 1) < 1e-6:
                told = "" if value == size else f" that is {words},"  # which was said a word before
                return f",{told} and {size} is one of the sizes of the inputs"
    return ", with the sign turned" if abs(ratio + 1) < 1e-6 else ""


def _reordered(got: Array, due: Array, axis: int, agrees: _Agrees) -> bool:
    """Whether rows (0) or columns (-1) stand in another order."""
    size = got.shape[axis]
    if not 1 < size <= _MOST_PERMUTED:
        return False
    lines, wanted = (got, due) if axis == 0 else (got.T, due.T)
    left = list(range(size))
    for line in lines:
        match = next((place for place in left if agrees(line, wanted[place])), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _another_shape(got: Array, due: Array, args: Sequence[Argument], agrees: _Agrees) -> Iterator[str]:
    """What is right in a result of another shape."""
    yield from itertools.islice(_rearranged(got, due, agrees), 1)
    if due.ndim >= 1 and got.ndim == due.ndim - 1:
        yield from _folded(got, due, agrees)
    strange = [size for size in got.shape if size not in _sizes(args) | {1}]
    if strange and got.ndim == due.ndim:
        yield f"No input has {strange[0]} as one of its sizes."


def _rearranged(got: Array, due: Array, agrees: _Agrees) -> Iterator[str]:
    """How the right numbers lie in `got`, or as many of them as there are, the plainest first."""
    if got.ndim == 2 and due.ndim == 2 and agrees(got.T, due):
        yield "It is the right matrix with rows and columns exchanged."
    if got.size == due.size and agrees(got.reshape(due.shape), due):
        yield "The numbers are right and in order; only the shape is not."
    if got.ndim == due.ndim == 2 and got.shape[0] == due.shape[0]:
        yield from _shared(got.T, due.T, "column", agrees)
    elif got.ndim == due.ndim == 2 and got.shape[1] == due.shape[1]:
        yield from _shared(got, due, "row", agrees)


def _shared(got: Array, due: Array, noun: str, agrees: _Agrees) -> Iterator[str]:
    """Where one of the two has more rows: whether those that both have are right."""
    shared = min(len(got), len(due))
    if agrees(got[:shared], due[:shared]):
        how = "it has more" if len(got) > shared else "the others are missing"
        yield f"{_first(shared, noun)} right; {how}."


def _folded(got: Array, due: Array, agrees: _Agrees) -> Iterator[str]:
    """Which rows or columns of the right result were made one, or picked, where a dimension is missing."""
    for axis, name in ((0, "rows"), (-1, "columns")):
        if agrees(got, due.sum(axis=axis)):
            yield f"It is the right result with its {name} added up."
        elif agrees(got, due.mean(axis=axis)):
            yield f"It is the right result with its {name} averaged."
    if due.ndim == 2 and agrees(got, np.diagonal(due)):
        yield "It is the diagonal of the right result."
    elif due.ndim == 2 and len(due) > 1:
        for row, name in ((0, "first"), (-1, "last")):
            if agrees(got, due[row]):
                yield f"It is the {name} row of the right result."


def _sizes(args: Sequence[Argument]) -> set[int]:
    """All sizes of the inputs, and the whole numbers among them, which may be meant as sizes."""
    named = {one for one in args if isinstance(one, int)}
    return named | {size for argument in args for size in nested.shape(argument)}


def _first(count: int, noun: str) -> str:
    return f"The first {noun} is" if count == 1 else f"The first {count} {noun}s are"


# ------------------------------------------------------------------------------------------ facts about places


def _lost(got: Array) -> list[str]:
    """Where nan or infinity stands."""
    lost = ~np.isfinite(got)
    what = (
        "nan" if np.isnan(got[lost]).all() else "infinity" if np.isinf(got[lost]).all() else "nan or infinity"
    )
    if lost.all():
        return [f"All of it is {what}."]
    first = tuple(int(place) for place in np.argwhere(lost)[0])
    if got.ndim == 2 and np.array_equal(lost, np.broadcast_to(lost.any(axis=1, keepdims=True), lost.shape)):
        rows = np.flatnonzero(lost.any(axis=1))
        return [f"{_counted(rows, 'Row')} {'is' if len(rows) == 1 else 'are'} {what} throughout."]
    if got.ndim == 2 and np.array_equal(lost, np.broadcast_to(lost.any(axis=0, keepdims=True), lost.shape)):
        columns = np.flatnonzero(lost.any(axis=0))
        return [f"{_counted(columns, 'Column')} {'is' if len(columns) == 1 else 'are'} {what} throughout."]
    return [f"The first {what} stands at [{', '.join(map(str, first))}]."]


def _counted(places: Array, noun: str) -> str:
    """ "Row 2", "Rows 0, 1 and 4"."""
    return f"{noun}{'' if len(places) == 1 else 's'} {listed([str(place) for place in places])}"


def _empty(got: Array, due: Array, wrong: Array) -> list[str]:
    """Which rows or columns are all zero and should not be; nothing else may be wrong."""
    if not got.any():
        return ["All of it is 0."]
    for noun, one, off in (("row", got, wrong), ("column", got.T, wrong.T)) if got.ndim == 2 else ():
        empty = np.flatnonzero(~one.any(axis=1) & off.any(axis=1))
        if len(empty) and not np.delete(off, empty, axis=0).any():
            names = {len(one) - 1: f"The last {noun}", 0: f"The first {noun}"}
            which = (names.get(int(empty[0])) if len(empty) == 1 else None) or _counted(
                empty, noun.capitalize()
            )
            others = "other is" if len(one) - len(empty) == 1 else "others are"
            return [f"{which} {'is' if len(empty) == 1 else 'are'} all zero; the {others} right."]
    return []


def _where(wrong: Array) -> list[str]:
    """Which rows or columns are wrong, where they are not all."""
    if wrong.ndim != 2 or not wrong.any():
        return []
    looks = (_one_line, _off_the_diagonal, _triangle, _from_a_line_on, _cross, _some_lines)
    return list(itertools.islice(itertools.chain.from_iterable(look(wrong) for look in looks), 1))


def _lines(wrong: Array) -> Iterator[tuple[str, Array, int]]:
    """For rows and for columns: the noun, the places of those that are wrong, and how many there are."""
    for axis, noun in ((0, "row"), (1, "column")):
        yield noun, np.flatnonzero(wrong.any(axis=1 - axis)), wrong.shape[axis]


def _one_line(wrong: Array) -> Iterator[str]:
    for noun, places, count in _lines(wrong):
        if len(places) == 1 and count > 2:
            yield f"Only {noun} {places[0]} is wrong."


def _off_the_diagonal(wrong: Array) -> Iterator[str]:
    if wrong.shape[0] != wrong.shape[1]:
        return
    diagonal = np.eye(len(wrong), dtype=bool)
    if not (wrong & ~diagonal).any():
        yield "Only the diagonal is wrong."
    elif not wrong[diagonal].any() and wrong[~diagonal].all() and len(wrong) > 2:
        yield "Only the diagonal is right."


def _triangle(wrong: Array) -> Iterator[str]:
    if np.sum(wrong.any(axis=1)) < 2:
        return
    if not np.tril(wrong).any():
        yield "It is right on and below the diagonal, and wrong above it."
    elif not np.triu(wrong).any():
        yield "It is right on and above the diagonal, and wrong below it."


def _from_a_line_on(wrong: Array) -> Iterator[str]:
    for noun, places, count in reversed(list(_lines(wrong))):
        if len(places) < count and np.array_equal(places, np.arange(places[0], count)):
            upto = f"It is right up to {noun} {places[0] - 1} and wrong from {noun} {places[0]} on."
            yield upto if places[0] > 1 else f"Only {noun} 0 is right."


def _cross(wrong: Array) -> Iterator[str]:
    """One row and one column that cross, as where both loops start late or end early."""
    for row, column in itertools.product((0, -1), repeat=2):
        cross = np.zeros_like(wrong)
        cross[row, :] = cross[:, column] = True
        if min(wrong.shape) > 2 and np.array_equal(wrong, cross):
            words = [
                f"the {'first' if place == 0 else 'last'} {noun}"
                for place, noun in ((row, "row"), (column, "column"))
            ]
            yield f"Only {listed(words)} are wrong."


def _some_lines(wrong: Array) -> Iterator[str]:
    for noun, places, count in _lines(wrong):
        right = np.setdiff1d(np.arange(count), places)
        if len(right) == 1:
            yield f"Only {noun} {right[0]} is right."
        elif 0 < len(right) < len(places):  # the fewer are told
            yield f"{_counted(right, noun.capitalize())} are right, the others wrong."
        elif len(right):
            be = "is" if len(places) == 1 else "are"
            yield f"{_counted(places, noun.capitalize())} {be} wrong, the others right."


def _sums(got: Array, due: Array) -> list[str]:
    """Whether rows, columns or everything sums to one where rows should, and whether rows do where they should not."""
    if not np.allclose(due.sum(axis=-1), 1):
        shares = got.ndim == 2 and got.shape[-1] > 1 and bool(np.all(got > 0))
        if shares and np.allclose(got.sum(axis=-1), 1):
            return ["Each of its rows sums to one, and those of the right result do not."]
        return []
    if np.allclose(got.sum(axis=-1), 1):
        return ["Its rows sum to one, as they should."]
    if got.ndim > 1 and np.allclose(got.sum(axis=-2), 1):
        return ["Its columns sum to one; its rows should."]
    if np.isclose(got.sum(), 1):
        return ["All its numbers together sum to one; each row should."]
    return ["Its rows do not sum to one."]
