"""How inputs are drawn: their structure once for everyone, their numbers anew for each student.

What a sane program can branch on is the structure of an input: its sizes and signs, which entry is the largest, the
order of numbers, what repeats, and every letter of a text. An author's function draws it from a generator that is the same for all
students and all secrets, and differs between the public, the hidden and the explain family. The kit then puts other
numbers in the place of those that were drawn, a little further from zero, by one rising map for all arrays of the
case. Whatever is greater stays greater, what is equal stays equal, and no number crosses a multiple of the step in
which numbers were drawn. So the same code takes the same turns for every student, and earns the same marks.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np

from autograder import nested
from autograder.child import given
from autograder.course.steps import Procedure
from autograder.data import Argument, Array, Code, Seeded, Table
from autograder.records import Asks, Case, CaseKind, Vary
from autograder.words import counted

_Drawn = TypeVar("_Drawn")

_MOST: Final = 10_000  # draws
_STEPS: Final = 3  # by as many steps, at most, a number is moved
_DECIMAL: Final = 0.001  # the largest step; smaller where numbers lie closer than a hundredth
_BINARY: Final = 1 / 1024  # where all numbers are multiples of 1/64, which single precision holds exactly
_TRIED: Final = 20  # other numbers on which a structure must prove itself
_TOGETHER: Final = 200_000  # entries of steps that are looked at at once
_MOST_KNOWN: Final = 1_000  # structures of which is kept how their numbers are moved
_HOLDING: Final = 4  # of them, one of which must meet the condition; a student's are drawn until they do


def again_until(good: Callable[[_Drawn], bool], draw: Callable[[], _Drawn], most: int = _MOST) -> _Drawn:
    """The first of the draws that is good; RuntimeError after so many, where the condition must be wrong."""
    for _ in range(most):
        drawn = draw()
        if good(drawn):
            return drawn
    raise RuntimeError(f"{'ten thousand' if most == _MOST else most} draws and none was good")


def normal(rng: np.random.Generator, *shape: int, size: float = 1.0, decimals: int = 2) -> Array:
    """Normal numbers of standard deviation `size`, rounded so that they can be read on a page."""
    return np.round(size * rng.normal(size=shape), decimals)


def telling(result: Array | tuple[Array, ...]) -> bool:
    """Whether a result tells careless numbers from honest ones.

    Rounding to four decimals or fewer and half precision must be clearly outside the tolerance; rounding to
    five and single precision clearly within it.
    """
    parts = result if isinstance(result, tuple) else (result,)
    for part in parts:
        largest = np.abs(part).max()
        if not largest >= 0.55:  # as of most, which then need not be rounded
            return False
        # Fewer decimals are never nearer than four: theirs is a part of the same grid.
        clearly = 2e-5 * largest + 1e-8
        if not np.abs(np.round(part, 4) - part).max() > clearly:
            return False
        if not np.abs(part.astype(np.float16) - part).max() > clearly:
            return False
    return True


# ------------------------------------------------------------------------------------ one structure for all


def _anything(*args: Argument) -> bool:
    return True


def drawn(
    name: str,
    draw: Callable[[], tuple[Argument, ...]],
    holds: Callable[..., bool] = _anything,
    *,
    of: Procedure | None = None,
    kind: CaseKind = "ordinary",
    asks: Asks = "result",
    small: Callable[..., bool] | None = None,
    vary: Vary | None = None,
    most: int = _MOST,
    ships: bool = True,
) -> Case:
    """A case whose arguments come from `draw`, and of which `holds` is true with any student's numbers.

    With the reference in `of`, the largest and smallest entries of its steps keep their places and signs as well: it
    draws until they do so with any numbers, and `holds` with some. `vary` puts other numbers in where those of the kit
    will not do. RuntimeError after `most` draws, where that cannot be met. `small` is what must be true of its arguments
    where it is made small for a page, in other sizes and in whole numbers: without it, what `holds` says. What `ships` is
    among the visible checks too.
    """
    # Of numbers that the kit does not know how to put in, it knows no small ones either.
    small = small or (holds if vary is None or holds is not _anything else lambda *args: False)

    def steady(args: tuple[Argument, ...]) -> bool:
        moved = _moving(args) if vary is None else None

        def other(seed: int) -> tuple[Argument, ...]:
            if vary is not None:
                return vary(np.random.default_rng(seed), args)
            return moved.moved(_many_steps(seed, moved.sizes.size)) if moved is not None else args

        if not any(holds(*other(seed)) for seed in range(_HOLDING)):
            failed[f"what must hold{_line(holds)} did not"] += 1
            return False
        if of is None or not of.steps:
            return True
        moved_on = _moves_on(of, map(other, range(_TRIED)))
        if moved_on:
            failed[f"the step “{moved_on}” has other largest entries or signs for the next student"] += 1
        return not moved_on

    failed: Counter[str] = Counter()
    try:
        args = again_until(steady, draw, most)
    except RuntimeError as error:
        why = ", and ".join(f"{counted(times, 'time')} {trouble}" for trouble, times in failed.most_common(2))
        raise RuntimeError(f"“{name}”: {error}: {why}") from None
    if of is None:
        return Case(name, args, kind, asks=asks, holds=holds, vary=vary, small=small, ships=ships)
    kept = _places(of, (vary or other_numbers)(np.random.default_rng(0), args))
    return Case(
        name,
        args,
        kind,
        asks=asks,
        holds=lambda *other: holds(*other) and _places(of, other) == kept,
        vary=vary,
        small=small,
        ships=ships,
    )


def _line(condition: Callable[..., bool]) -> str:
    """Where a condition stands, as far as that is known."""
    code = getattr(condition, "__code__", None)
    return f" (line {code.co_firstlineno})" if code is not None else ""


# Where a step has its largest and smallest entries, in all and in each row, their signs and those of sums; by symbol.
_Places: TypeAlias = dict[str, tuple[bytes, bytes]]


def _places(reference: Procedure, args: Sequence[Any]) -> _Places:
    """Where each step has its places."""
    with np.errstate(all="ignore"):
        found = ((symbol, _places_in([table])[0]) for symbol, table in _tables(reference, args).items())
        return {symbol: places for symbol, places in found if places is not None}


def _moves_on(reference: Procedure, several: Iterator[Sequence[Any]]) -> str:
    """The first step whose places are others for one of these arguments than for the first ones; empty if none is.

    Most structures fall with the second ones; those that do not are looked at with more and more of them at once.
    """
    with np.errstate(all="ignore"):
        first = _tables(reference, next(several))
        most = max(1, _TOGETHER // max(1, sum(table.size for table in first.values())))
        together = 1
        while True:
            others, failure = _tables_of(reference, itertools.islice(several, together))
            departs: dict[int, str] = {}  # by the place of the arguments, their first such step
            for step in reference.steps:
                places, *found = _places_in([first[step.symbol], *(one[step.symbol] for one in others)])
                for place, one in enumerate(found):
                    if one != places:
                        departs.setdefault(place, step.name)
                if 0 in departs:
                    break
            if departs:
                return departs[min(departs)]
            if failure is not None:
                raise failure
            if not others:
                return ""
            together = min(4 * together, most)


def _tables_of(
    reference: Procedure, several: Iterable[Sequence[Any]]
) -> tuple[list[dict[str, Array]], Exception | None]:
    """What the steps give for each of these arguments, and how they failed, if so: what comes before that counts first."""
    found: list[dict[str, Array]] = []
    try:
        for args in several:
            found.append(_tables(reference, args))
    except Exception as error:
        return found, error
    return found, None


def _tables(reference: Procedure, args: Sequence[Any]) -> dict[str, Array]:
    """What each step gives, as numbers of its own."""
    values = reference.values(*args)
    return {step.symbol: np.array(values[step.symbol], dtype=float) for step in reference.steps}


def _places_in(several: Sequence[Array]) -> list[tuple[bytes, bytes] | None]:
    """The places in each of these tables; None where one has no entries. Those of one shape take little longer than one."""
    many = len(several)
    if any(table.shape != several[0].shape for table in several):
        return [places for table in several for places in _places_in([table])]
    tables = np.array(several)
    if not tables.size:
        return [None] * many
    entries = tables.reshape(many, -1)
    largest = np.abs(entries).max(axis=-1)
    if not np.isfinite(largest).all():
        finite = np.abs(np.where(np.isfinite(entries), entries, 0))
        largest = np.where(np.isfinite(largest), largest, finite.max(axis=-1))
    rows = (entries / np.where(largest == 0, 1, largest)[:, np.newaxis]).reshape(
        -1, tables.shape[-1] if tables.ndim > 1 else 1
    )
    # What differs by the order of a sum alone is the same.
    sums = np.rint(1e9 * rows.sum(axis=-1)) + 0.0  # no −0
    rows = np.rint(1e9 * rows) + 0.0
    highest, lowest = rows.argmax(axis=-1), rows.argmin(axis=-1)
    lines = np.arange(len(rows))
    tops, bottoms = rows[lines, highest].reshape(many, -1), rows[lines, lowest].reshape(many, -1)
    sums, first = sums.reshape(many, -1), rows[:: len(rows) // many, :1]
    ends = [tops.argmax(axis=-1), tops.argmin(axis=-1), bottoms.argmax(axis=-1), bottoms.argmin(axis=-1)]
    signs = np.sign(np.concatenate([first, sums, sums.sum(axis=-1, keepdims=True), tops, bottoms], axis=-1))
    places = np.concatenate(
        [highest.reshape(many, -1), lowest.reshape(many, -1), np.transpose(ends)], axis=-1
    )
    return [(one.tobytes(), other.tobytes()) for one, other in zip(places, signs, strict=True)]


# --------------------------------------------------------------------------------- other numbers for a student


@dataclass(frozen=True)
class _Moving:
    """How other numbers are put into arguments."""

    args: tuple[Argument, ...]  # held, as the leaves are known by their identity
    sizes: Array  # of the numbers, in rising order
    steps: Array  # in which each is moved
    # By leaf, which entries have sizes (None: all), their signs and places.
    kept: Mapping[int, tuple[Array | None, Array, Array]]

    def anew(self, rng: np.random.Generator) -> tuple[Argument, ...]:
        """The arguments with the numbers that a generator says."""
        return self.moved(_any_steps(rng, self.sizes.size))

    def moved(self, many: Array) -> tuple[Argument, ...]:
        """The arguments with each number moved by so many steps."""
        numbers = np.round(self.sizes + self.steps * many, 12)

        def other(leaf: Any) -> Any:
            if id(leaf) not in self.kept:
                return leaf
            known, signs, places = self.kept[id(leaf)]
            put = np.array(leaf)
            if known is None:  # as nearly always, and for a third of the time
                np.multiply(signs, numbers[places], out=put, casting="unsafe")
            else:
                put[known] = signs * numbers[places]
            return put if isinstance(leaf, np.ndarray) else type(leaf)(put[()])

        return tuple(nested.mapped(argument, other) for argument in self.args)


def put_in(rng: np.random.Generator, case: Case) -> Case:
    """The case with a student's own numbers; RuntimeError where what must hold of them never does."""

    def draw() -> tuple[Argument, ...]:
        if vary is as_they_are:
            return case.args
        if vary is not None:
            return vary(rng, _real(case.args))
        moved = _known_moving(case.args)
        return case.args if moved is None else moved.anew(rng)

    vary, holds = case.vary, case.holds
    args = again_until(lambda args: holds is None or holds(*_real(args)), draw)
    return replace(case, args=args)


def _real(args: tuple[Argument, ...]) -> tuple[Any, ...]:
    """The arguments as the author's own code has them, where they are kept in another form."""
    kept = any(isinstance(argument, Table | Code | Seeded) for argument in args)
    return tuple(map(given.own, args)) if kept else args


def as_they_are(rng: np.random.Generator, args: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The arguments themselves, for a case that is the same for every student."""
    return args


def other_numbers(rng: np.random.Generator, args: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The arguments with other numbers of the same structure, also of those that others hold.

    Arrays of whole numbers alone, such as counts, places and masks, stay as they are, and so do whole numbers, and
    texts, every letter of which may count.
    """
    moved = _moving(args)
    return args if moved is None else moved.anew(rng)


# By the identity of the arguments.
_MOVING: Final[dict[int, tuple[tuple[Argument, ...], _Moving | None]]] = {}


def _known_moving(args: tuple[Argument, ...]) -> _Moving | None:
    """The same as `_moving` for arguments that come again: the structures, for each student."""
    known = _MOVING.get(id(args))
    if known is None:
        if len(_MOVING) >= _MOST_KNOWN:
            _MOVING.clear()
        known = _MOVING[id(args)] = args, _moving(args)  # held, so that no others come to have their place
    return known[1]


def _moving(args: tuple[Argument, ...]) -> _Moving | None:
    """What gives the arguments other numbers, by a generator each time; None where there are none to move."""
    decimals = [leaf for leaf in nested.leaves(args) if _has_decimals(leaf)]
    if not decimals:
        return None
    entries = np.abs(np.concatenate([np.ravel(leaf) for leaf in decimals]))
    entries = np.sort(entries[np.isfinite(entries) & (entries > 0)])
    sizes = entries[np.append(True, entries[1:] != entries[:-1])]  # as np.unique, which loads all of numpy.ma
    steps, kept = _steps(sizes), {}
    for leaf in decimals:
        held = np.array(leaf)
        known = np.isfinite(held) & (held != 0)
        if known.all():
            kept[id(leaf)] = None, np.sign(held), np.searchsorted(sizes, np.abs(held))
        else:
            kept[id(leaf)] = known, np.sign(held[known]), np.searchsorted(sizes, np.abs(held[known]))
    return _Moving(args, sizes, steps, kept)


@functools.lru_cache(maxsize=1024)  # each draw is tried with the same few seeds
def _many_steps(seed: int, size: int) -> Array:
    """By how many steps each of so many numbers is moved, by a generator of this seed."""
    return _any_steps(np.random.default_rng(seed), size)


def _any_steps(rng: np.random.Generator, size: int) -> Array:
    return rng.integers(1, _STEPS, size=size, endpoint=True)


def _has_decimals(leaf: Any) -> bool:
    """Whether it is an array or a lone number with digits after the point."""
    if isinstance(leaf, float):
        return bool(np.isfinite(leaf)) and leaf != round(leaf)
    if not isinstance(leaf, np.ndarray | np.generic) or leaf.dtype.kind != "f":
        return False
    numbers = np.asarray(leaf)
    return bool(np.any((numbers != np.rint(numbers)) & np.isfinite(numbers)))


def _steps(sizes: Array) -> Array:
    """The steps in which numbers of these sizes, in rising order, may be moved without meeting the next."""
    if np.all(sizes == np.rint(sizes * 64) / 64):
        return np.full(sizes.shape, _BINARY)
    gaps = np.append(sizes[1:] - sizes[:-1], 1.0)
    # A tenth of the power of ten that fits into the gap; computed gaps may be a little short of it.
    fitting: Array = 10.0 ** (np.floor(np.log10(gaps) + 1e-6) - 1)
    return np.minimum(fitting, _DECIMAL)
