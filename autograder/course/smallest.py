"""Inputs made small, for people who work a wrong number out on paper: two tokens, three features, whole numbers.

Theory of operation. What is shown of a mistake is shown on an explain or a public input. Of the first ordinary ones of
such a family a few small ones are made, once and for all students alike: lengths that are equal stay equal, different
sizes of one table stay different, entries are left out, and whole numbers that are not 0 take the place of decimals.
Of what comes first by size the first is taken that the reference accepts, that meets what the author asks of it, and in
whose arguments and steps nothing is 0, adds up to 0 or is the same by chance: what mistakes do there would hang on the last
digits. Where no whole numbers do, it keeps its decimals. All is counted and nothing timed, so that the same small inputs are made
everywhere. They stand beside those of the family as further evidence, and whoever shows a mistake takes the smallest
on which it shows in the same way.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np

from autograder import nested
from autograder.child import given, questions
from autograder.course import chances, patience
from autograder.course import material as materials
from autograder.course.material import Material
from autograder.course.secret import Family
from autograder.data import Argument, Array, Column, Other, Table, Value
from autograder.records import Case, Returned

_BASES: Final = 2  # of a family's ordinary inputs
_EACH: Final = 2  # small ones of each
_LEAST: Final = 2  # entries along an axis
_MOST_SIZES: Final = 4_000  # ways to choose lengths that are looked at
_MOST_ACCEPTED: Final = 4  # of them, which the reference takes
_MOST_ASKED: Final = 60  # times that the reference is asked which lengths it takes
_WHOLE: Final = 200  # choices of entries and whole numbers for the first input, of all lengths together
_AS_THEY_ARE: Final = 20  # choices of entries with the numbers that were drawn
_EACH_TRIED: Final = 20  # choices of whole numbers for one argument
_ON_PAPER: Final = 40  # entries; of more nobody works anything out by hand, whole or not
_NAMES: Final = ("{}, made small", "{}, made small otherwise")

# What is right for a case, and what the reference's steps make on the way; None where it has no answer.
Due: TypeAlias = Callable[[Case], tuple[Any, Sequence[Any]] | None]
_Kept: TypeAlias = Mapping[int, Sequence[int]]  # by length: which entries are kept


def smaller(material: Material, function: str, family: Family) -> tuple[Case, ...]:
    """Small inputs made of those of a family, their arrays read-only: the same for every student and every secret."""
    known = material.smaller.get((function, family))
    if known is None:

        def due(case: Case) -> tuple[Any, Sequence[Any]] | None:
            reference = material.procedures[function]
            result = materials.outcome(reference, case)
            value = result.value if isinstance(result, Returned) else None
            if value is None or any(isinstance(leaf, Other) for leaf in nested.leaves(value)):
                return None
            with np.errstate(all="ignore"):
                steps = reference.values(*case.args) if reference.steps else {}
            return value, [steps[step.symbol] for step in reference.steps]

        with patience.within(f"{material.folder}: the inputs of {function!r} are made small"):
            known = small(materials.structures(material, function, family), due)
        for array in nested.arrays(tuple(case.args for case in known)):
            array.setflags(write=False)
        material.smaller[function, family] = known
    return known


def small(cases: Sequence[Case], due: Due) -> tuple[Case, ...]:
    """Small inputs made of the first ordinary ones of a family, the smallest of each first; none where none can be."""
    bases = [case for case in cases if _may_be_made_small(case)]
    most = max((len(_lengths(case.args)) for case in bases), default=0)
    # With all sizes equal, a wrong axis does not show.
    telling = [case for case in bases if len(_lengths(case.args)) > 1 or most == 1]
    # What is explained is nearly always the first.
    tries = [_WHOLE, *[_WHOLE // 5] * _BASES]
    return tuple(
        made
        for base, tried in zip(telling[:_BASES], tries, strict=False)
        for made in _made_of(base, due, tried)
    )


def _may_be_made_small(case: Case) -> bool:
    """Whether it is an ordinary call of which it is known what must be true of its arguments."""
    fixed = case.vary is not None and case.small is None and case.holds is None
    return case.kind == "ordinary" and case.asks in ("result", "printed") and not case.raises and not fixed


def _made_of(base: Case, due: Due, whole: int) -> Iterator[Case]:
    """The small inputs of one, with so many tries to have them in whole numbers."""
    right = due(base)
    if right is None:
        return
    maker = _Maker(base, right[0], tuple(_chances(base.args, right)), due)
    sizes = list(itertools.islice(maker.accepted(), _MOST_ACCEPTED))
    found: list[tuple[Argument, ...]] = []
    for choose, most in ((maker.whole, whole), (maker.as_they_are, _AS_THEY_ARE)):
        for lengths in sizes:
            if choose == maker.whole and _count(_sizes(base.args), lengths) > _ON_PAPER:
                continue
            args, tried = choose(lengths, most)
            most -= tried
            if args is not None and _is_smaller(args, base.args):
                found.append(args)
                most = min(most, _AS_THEY_ARE)  # the second is seldom shown
            if len(found) == _EACH:
                break
        if found:  # whole numbers, larger or not, are more easily reckoned with
            break
    for name, args in zip(_NAMES, found, strict=False):
        yield replace(base, name=name.format(base.name), args=args, of=base.name, vary=None, holds=None)


@dataclass(frozen=True)
class _Maker:
    """Makes one input small."""

    base: Case
    right: Value  # what is due for it
    chances: Sequence[frozenset[str]]  # what there is by chance, in each of its arguments and of the steps
    due: Due

    def accepted(self) -> Iterator[dict[int, int]]:
        """Other lengths for those of the input that the reference takes, the smallest input first."""
        lengths = _lengths(self.base.args)
        choices = [range(min(_LEAST, length), length + 1) for length in lengths]
        # The least lengths first, also where there are too many to look at all.
        ways = itertools.islice(itertools.product(*choices), _MOST_SIZES)
        told = [dict(zip(lengths, way, strict=True)) for way in ways]
        pairs, sizes = _pairs(self.base.args), list(_sizes(self.base.args))
        told = [one for one in told if _keeps_apart(pairs, one)]
        told.sort(key=lambda one: _count(sizes, one))  # stable
        for one in told[:_MOST_ASKED]:
            if self._answers(tuple(_cut(argument, _firsts(one)) for argument in self.base.args)):
                yield one

    def whole(self, lengths: Mapping[int, int], most: int) -> tuple[tuple[Argument, ...] | None, int]:
        """Arguments of these lengths in whole numbers, and how many were tried; None where none of `most` will do."""
        places = range(len(self.base.args))
        return self._first(
            lengths, most, lambda kept, rng: [self._in_whole_numbers(n, kept, rng) for n in places]
        )

    def as_they_are(self, lengths: Mapping[int, int], most: int) -> tuple[tuple[Argument, ...] | None, int]:
        """The same with the numbers that were drawn."""
        return self._first(lengths, most, lambda kept, _: [_cut(one, kept) for one in self.base.args])

    @functools.cached_property
    def _wholes(self) -> Sequence[Callable[[np.random.Generator | None], Any]]:
        """What gives each argument in whole numbers."""
        return [_wholes(argument) for argument in self.base.args]

    def _first(
        self,
        lengths: Mapping[int, int],
        most: int,
        choose: Callable[[_Kept, np.random.Generator], list[Argument]],
    ) -> tuple[tuple[Argument, ...] | None, int]:
        """The first arguments that are chosen and will do, and how many were tried."""
        rng = np.random.default_rng(0)
        refused: set[bytes] = set()  # where few entries are to be had, the same come again and again
        for number in range(most):
            args = tuple(choose(self._entries(rng, lengths, number), rng))
            known = b"\0".join(questions.canonical(args))
            if known in refused:
                continue
            if self._will_do(args):
                return args, number + 1
            refused.add(known)
        return None, most

    def _in_whole_numbers(self, place: int, kept: _Kept, rng: np.random.Generator) -> Argument:
        """One argument in whole numbers, in which nothing is so by chance if that can be had."""
        whole = self._wholes[place]
        made: Argument = _cut(whole(None), kept)
        for _ in range(_EACH_TRIED):
            if chances.allows(self.chances[place], made):
                break
            made = _cut(whole(rng), kept)
        return made

    def _entries(self, rng: np.random.Generator, lengths: Mapping[int, int], number: int) -> _Kept:
        """Which entries are kept: the first ones, and then others at random, in their order."""
        if not number:
            return _firsts(lengths)
        return {
            length: sorted(rng.choice(length, size=kept, replace=False).tolist())
            for length, kept in lengths.items()
        }

    def _answers(self, args: tuple[Argument, ...]) -> bool:
        """Whether the reference gives a value of the same kind for these arguments."""
        due = self.due(replace(self.base, args=args))
        return due is not None and _form(due[0]) == _form(self.right)

    def _will_do(self, args: tuple[Argument, ...]) -> bool:
        # What can be said of the arguments themselves comes first: the reference may take long.
        if not all(map(chances.allows, self.chances, args)):
            return False
        if any(_differ(one) and not _differ(other) for one, other in zip(self.base.args, args, strict=True)):
            return False
        due, rule = self.due(replace(self.base, args=args)), self.base.small or self.base.holds
        if due is None or _form(due[0]) != _form(self.right) or not _tells(due[0]):
            return False
        if not all(map(chances.allows, self.chances, _all_of(args, due))):
            return False
        try:
            return rule is None or bool(rule(*map(given.own, args)))
        except Exception:  # an author's own rule, which may know the sizes of the case alone
            return False


# ------------------------------------------------------------------------------------------------ lengths


def _lengths(value: Any) -> list[int]:
    """The different lengths in arguments, but for 0 and 1, in the order in which they stand."""
    return list(dict.fromkeys(length for sizes in _sizes(value) for length in sizes if length > 1))


def _sizes(value: Any) -> Iterator[tuple[int, ...]]:
    """The sizes of all that may be cut: arrays, lists and the rows of tables, also in what holds them."""
    if isinstance(value, np.ndarray):
        yield value.shape
    elif isinstance(value, list):
        yield (len(value),)
        yield from (size for inner in value for size in _sizes(inner))
    elif isinstance(value, tuple):
        yield from (size for inner in value for size in _sizes(inner))
    elif isinstance(value, dict):
        yield from (size for inner in value.values() for size in _sizes(inner))
    elif isinstance(value, Table):
        yield nested.shape(value)[:1]


def _pairs(args: tuple[Argument, ...]) -> list[Sequence[int]]:
    """The lengths that are told apart: the rows and columns of a table, and those of lists."""
    lists = [len(argument) for argument in args if isinstance(argument, list)]
    return [*(size[-2:] for size in _sizes(args) if len(size) > 1), *itertools.combinations(lists, 2)]


def _keeps_apart(pairs: Sequence[Sequence[int]], lengths: Mapping[int, int]) -> bool:
    """Whether those of each pair stay different where they are."""
    return all(one == other or lengths.get(one, one) != lengths.get(other, other) for one, other in pairs)


def _count(sizes: Iterable[Sequence[int]], lengths: Mapping[int, int]) -> int:
    """How many entries there would be."""
    return sum(math.prod(lengths.get(length, length) for length in size) for size in sizes)


def _firsts(lengths: Mapping[int, int]) -> _Kept:
    return {length: range(kept) for length, kept in lengths.items()}


def _cut(value: Any, kept: _Kept) -> Any:
    """A value with those entries alone that are kept along each of its lengths."""
    if isinstance(value, np.ndarray):
        for axis, length in enumerate(value.shape):
            if length in kept:
                value = np.take(value, kept[length], axis=axis)
        return value
    if isinstance(value, list):
        left = [value[place] for place in kept[len(value)]] if len(value) in kept else value
        return [_cut(inner, kept) for inner in left]
    if isinstance(value, tuple):
        return tuple(_cut(inner, kept) for inner in value)
    if isinstance(value, dict):
        return {key: _cut(inner, kept) for key, inner in value.items()}
    if isinstance(value, Table):
        columns = tuple(_cut_column(column, kept) for column in value.columns)
        return replace(
            value, columns=columns, index=tuple(_cut_column(column, kept) for column in value.index)
        )
    return value


def _cut_column(column: Column, kept: _Kept) -> Column:
    cells = column.cells
    if len(cells) not in kept:
        return column
    rows = list(kept[len(cells)])
    left = cells[rows] if isinstance(cells, np.ndarray) else tuple(cells[row] for row in rows)
    return replace(column, cells=left)


# ------------------------------------------------------------------------------------------------ numbers


def _wholes(value: Any) -> Callable[[np.random.Generator | None], Any]:
    """What gives a value with whole numbers in the place of decimals, none of them 0; by a generator, some further off.

    A lone number stays, as do shares: numbers from 0 to 1 that make no sense beyond.
    """
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return _whole_numbers(value)
    if isinstance(value, list) and value and all(type(one) is float for one in value):
        numbers = _whole_numbers(np.array(value))
        return lambda rng: numbers(rng).tolist()
    if isinstance(value, list | tuple):
        inner = [_wholes(one) for one in value]
        return lambda rng: type(value)(whole(rng) for whole in inner)
    return lambda _: value


def _whole_numbers(value: Array) -> Callable[[np.random.Generator | None], Array]:
    """The same of an array of floating numbers: what is to be known of it is looked at once."""
    finite = np.isfinite(value)
    if not np.any(value[finite] != np.round(value[finite])) or _are_shares(value):
        return lambda _: value
    known = np.where(finite, value, 0.0)
    signs = np.sign(known)
    nearest = np.maximum(np.rint(np.abs(known)), np.abs(signs))
    least = np.sign(nearest)
    are_some = nearest > 0

    def whole(rng: np.random.Generator | None) -> Array:
        sizes = nearest
        if rng is not None:
            sizes = np.maximum(nearest + rng.integers(-1, 3, size=value.shape) * are_some, least)
        made: Array = np.where(finite, signs * sizes, value).astype(value.dtype)
        return made

    return whole


def _are_shares(value: Array) -> bool:
    return bool(np.all((value >= 0) & (value <= 1)))


# ------------------------------------------------------------------------------------------------ results


def _form(value: Any) -> Any:
    """Of what kind a value is, whatever its sizes."""
    if isinstance(value, np.ndarray):
        is_finite = bool(np.all(np.isfinite(value))) if value.dtype.kind == "f" else True
        return value.dtype.kind, value.ndim, is_finite
    if isinstance(value, tuple):
        return tuple(map(_form, value))
    return nested.type_name(value)


def _tells(value: Any) -> bool:
    """Whether rows and columns of a result can be told apart."""
    if isinstance(value, tuple):
        return all(map(_tells, value))
    if not isinstance(value, np.ndarray):
        return not isinstance(value, list | dict | str) or len(value) > 0
    if value.ndim < 2 or value.dtype.kind not in "biuf":
        return value.size > 0
    last = value.shape[-2:]
    tables = value.reshape(-1, *last)
    return value.size > 0 and not (
        (last[0] > 1 and all(bool(np.all(table == table[:1])) for table in tables))
        or (last[1] > 1 and all(bool(np.all(table == table[:, :1])) for table in tables))
        or (last[0] == last[1] > 1 and all(np.array_equal(table, table.T) for table in tables))
    )


def _differ(value: Any) -> bool:
    """Whether no two rows and no two columns of an array are the same."""
    if not isinstance(value, np.ndarray) or value.ndim < 2:
        return True
    tables = value.reshape(-1, *value.shape[-2:])
    return not any(
        np.array_equal(one, other)
        for table in tables
        for lines in (table, table.T)
        for one, other in itertools.combinations(lines, 2)
    )


def _chances(args: tuple[Argument, ...], due: tuple[Any, Sequence[Any]]) -> Iterator[frozenset[str]]:
    """Of each argument, each step and what is due: what there is that only chance may have made."""
    return (frozenset(chances.made(value)) for value in _all_of(args, due))


def _all_of(args: tuple[Argument, ...], due: tuple[Any, Sequence[Any]]) -> tuple[Any, ...]:
    """Each argument, each step and what is due."""
    value, steps = due
    return (*args, *steps, *(value if isinstance(value, tuple) else (value,)))


def _is_smaller(args: tuple[Argument, ...], base: tuple[Argument, ...]) -> bool:
    """Whether it has fewer entries, or as many and whole numbers."""
    return _count(_sizes(args), {}) < _count(_sizes(base), {}) or not _same_numbers(args, base)


def _same_numbers(one: Any, other: Any) -> bool:
    pairs = nested.pairs(one, other)
    return pairs is not None and all(
        np.array_equal(left, right) if isinstance(left, np.ndarray) else left == right
        for left, right in pairs
    )
