"""How much code may do that runs where nothing else limits it: in calls, rounds and elements, the same on every machine.

Theory of operation. `metered.py` rewrites a function so that its calls, rounds, operators and look-ups go through one
Meter. Whatever runs in Python is counted as it goes: each call, each round of a loop, each item of an iterator. What one
step may do in C is bounded before it begins, by what goes in: a product of arrays has at most as many elements as the
product of their sizes, a list times a number that many, `np.zeros(shape)` those of its shape. What came of it is measured
too, so that nothing large goes into the next step. A limit that is reached ends the call with TooManyStepsError, which is no
Exception, and which proven code (`notebook/pure.py`), for which alone this is meant, has no way to catch.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np

from autograder.child.allowance import TooManyStepsError

STEPS: Final = 20_000  # calls and rounds of one call of the function
ELEMENTS: Final = 2**18  # of one value
DEEP: Final = 150  # calls within calls: each takes more of the machine's stack than plain ones, and a browser's is small
WORK: Final = 2**22  # elements that one step may touch
_GROWS: Final = WORK / ELEMENTS  # for what becomes a part of something, and is not measured again
_A_STEP: Final = 2**9  # elements that count as a step
_BITS: Final = 64  # of a whole number that count as one element
_POWER: Final = 2**16  # bits of a power
_FACTORIAL: Final = 2000

OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "MatMult": operator.matmul, "Div": operator.truediv,
    "FloorDiv": operator.floordiv, "Mod": operator.mod, "Pow": operator.pow, "LShift": operator.lshift,
    "RShift": operator.rshift, "BitAnd": operator.and_, "BitOr": operator.or_, "BitXor": operator.xor,
    "Eq": operator.eq, "NotEq": operator.ne, "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge,
}  # fmt: skip
# What makes as much as a number says, and from which of its arguments on numbers say so.
_SIZES_FROM: Final[dict[str, int]] = {
    **dict.fromkeys(["bytes", "center", "expandtabs", "eye", "full", "identity", "indices", "ljust", "mask_indices", "ones", "rjust", "tri", "zeros", "zfill"], 0),
    **dict.fromkeys(["diag_indices", "tril_indices", "triu_indices"], 0),
    **dict.fromkeys(["broadcast_to", "fromfunction", "histogram", "histogram2d", "pad", "repeat", "resize", "tile", "vander"], 1),
    **dict.fromkeys(["geomspace", "linspace", "logspace", "bincount"], 2),
}  # fmt: skip
_SQUARES: Final = frozenset(
    ["diag", "diagflat", "eye", "identity", "mask_indices", "tri", "tril_indices", "triu_indices", "vander"]
)
_COMBINES: Final = (itertools.product, itertools.permutations, itertools.combinations, itertools.combinations_with_replacement)  # fmt: skip
_CALLING: Final = (functools.reduce, map, itertools.accumulate, itertools.starmap)
_WIDE: Final = re.compile(r"\*|\d{4}")  # in a text that is formatted: how wide the value tells, or very wide


class Meter:
    """Counts what one call does; `steps` are left to it."""

    slice = slice

    def __init__(self, steps: int = STEPS) -> None:
        self.steps = steps
        self._deep = 0

    def step(self, count: int = 1) -> None:
        """Takes note that so many calls or rounds begin; TooManyStepsError where there are too many."""
        self.steps -= count
        if self.steps < 0:
            raise TooManyStepsError("runs too long")

    def rounds(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items of a loop, each of which is a round."""
        for item in items:
            self.step()
            yield item

    def all_of(self, items: Iterable[Any]) -> Iterable[Any]:
        """What is taken apart at once."""
        _bound(self._measure(items))
        return items

    def operation(self, name: str, left: Any, right: Any) -> Any:
        """An operator of two sides."""
        self.side(name, left, right)
        return self._bounded(OPERATORS[name](left, right))

    def side(self, name: str, left: Any, right: Any) -> Any:
        """The right side of an operator that changes its left side in place."""
        elements = self._most(name, left, right)
        self._work(elements if isinstance(left, np.ndarray) else elements * _GROWS)
        return right

    def shown(self, value: Any, form: str, conversion: int) -> str:
        """A value as the text that an f-string makes of it."""
        if _WIDE.search(form):
            raise TooManyStepsError("takes too much memory")
        for sign, convert in (("s", str), ("r", repr), ("a", ascii)):
            value = convert(value) if conversion == ord(sign) else value
        return format(value, form)

    def item(self, base: Any, index: Any) -> Any:
        """A look-up by an index, which may be an array or hold some."""
        parts = index if isinstance(index, tuple) else (index,)
        if isinstance(base, np.ndarray):
            self._work(self._measure(base) * self._product(parts))
        elif type(base).__module__.startswith("numpy"):  # np.r_ and its like
            _bound(math.prod(map(_long, parts)))
        return self._bounded(base[index])

    def call(self, function: Callable[..., Any], /, *args: Any, **words: Any) -> Any:
        """A call of anything; RecursionError where it is one too many within others."""
        if self._deep == DEEP:
            raise RecursionError("maximum recursion depth exceeded")
        self.step()
        if any(function is one for one in _CALLING):
            args = tuple(self._metered(one) if callable(one) else one for one in args)
            words = {word: self._metered(one) if callable(one) else one for word, one in words.items()}
        if function is functools.reduce:
            args = (args[0], self.rounds(args[1]), *args[2:])
        self._work(self._most_of_call(function, args, words))
        self._deep += 1
        try:
            made = function(*args, **words)
        finally:
            self._deep -= 1
        return self.rounds(made) if hasattr(made, "__next__") else self._bounded(made)

    def _metered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return functools.partial(self.call, function)

    def _work(self, elements: float) -> None:
        """Takes note that so many elements are about to be touched, within one step."""
        _bound(elements, WORK)
        self.step(int(elements) // _A_STEP)

    def _bounded(self, value: Any) -> Any:
        _bound(self._measure(value))
        return value

    def _measure(self, value: Any, within: tuple[int, ...] = ()) -> float:
        """How many elements a value holds, those within it included."""
        match value:
            case bool() | float() | complex() | None:
                return 1
            case int():
                return 1 + value.bit_length() // _BITS
            case str() | bytes() | range():
                return len(value)
            case np.ndarray() if value.dtype != object:
                return float(value.size)
            case np.ndarray():
                parts: Iterable[Any] = value.flat
            case dict():
                parts = itertools.chain(value.keys(), value.values())
            case list() | tuple() | set() | frozenset():
                parts = value
            case _:
                return 1
        if id(value) in within:
            return math.inf
        self.step(bool(within) + len(value) // 64)
        return 1 + sum(self._measure(one, (*within, id(value))) for one in parts)

    def _product(self, values: Iterable[Any]) -> float:
        return math.prod(max(1.0, self._measure(value)) for value in values if not isinstance(value, str))

    def _most(self, name: str, left: Any, right: Any) -> float:
        """How many elements an operator may touch at most."""
        if isinstance(left, str | bytes) and name == "Mod":
            return math.inf if _WIDE.search(str(left)) else self._measure(left) + self._measure(right)
        if isinstance(left, int) and isinstance(right, int):
            if name in ("Pow", "LShift"):
                return max(right, 0) * (left.bit_length() if name == "Pow" else 1) / _POWER * WORK
            return self._measure(left) * self._measure(right)
        for one, other in ((left, right), (right, left)):
            if name == "Mult" and isinstance(one, list | tuple | str | bytes) and isinstance(other, int):
                return self._measure(one) * max(other, 1)
        if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
            return self._product((left, right))
        return self._measure(left) + self._measure(right)

    def _most_of_call(self, function: Any, args: tuple[Any, ...], words: dict[str, Any]) -> float:
        """How many elements a call of something written in C may touch at most."""
        name = getattr(function, "__name__", "")
        own = getattr(function, "__self__", None)
        given = (*args, *words.values())
        of_array = isinstance(own, np.ndarray | np.generic | np.ufunc)
        of_numpy = of_array or isinstance(function, np.ufunc) or _module(function).startswith("numpy")
        if name in ("factorial", "comb", "perm"):
            return max(map(_size, given), default=1) / _FACTORIAL * WORK
        if function is pow and len(args) > 1:
            return self._most("Pow", args[0], args[1])
        if name == "format" and any(isinstance(one, str) and _WIDE.search(one) for one in (own, *given)):
            return math.inf
        if isinstance(own, str | bytes):
            most = math.prod(1 + self._measure(one) for one in (own, *given))
        elif of_numpy:
            most = self._product((own, *given) if of_array else given)
        elif name in ("extend", "extendleft", "update"):
            most = sum(map(self._measure, (own, *given))) * _GROWS
        else:
            most = sum(map(self._measure, given))
        return _sized(name, function, args, words, most, of_method=of_array)


def _sized(
    name: str, function: Any, args: tuple[Any, ...], words: dict[str, Any], most: float, *, of_method: bool
) -> float:
    """The amount with the numbers among the arguments that say how much is made."""
    if function in _COMBINES:
        return most ** math.prod(max(1.0, _size(one)) for one in (*args[1:], *words.values()))
    if name == "arange":
        start, stop, step = (*args, 1)[:3] if len(args) > 1 else (0, *args, 1)[:3]
        return (
            abs((stop - start) / step)
            if all(isinstance(one, int | float) for one in (start, stop, step)) and step
            else most
        )
    if name == "bincount" and args:
        most *= max(1.0, float(np.max(args[0], initial=1)))
    if name in _SIZES_FROM:
        sizes = args[0 if of_method else _SIZES_FROM[name] :]
        sizes = sizes[:1] if name == "full" else sizes
        most *= math.prod(max(1.0, _size(one)) for one in (*sizes, *words.values()))
    return most**2 if name in _SQUARES else most


def _bound(amount: float, most: int = ELEMENTS) -> None:
    if not amount <= most:
        raise TooManyStepsError("takes too much memory")


def _module(function: Any) -> str:
    return str(getattr(function, "__module__", "") or "")


def _size(value: Any) -> float:
    """How much a number asks for, as a length or a shape; of a shape the product."""
    match value:
        case bool() | None:
            return 1
        case int() | np.integer():
            return abs(float(value))
        case np.ndarray() if value.dtype.kind in "iu" and value.size <= ELEMENTS:
            return float(np.prod(np.maximum(np.abs(value.astype(float)), 1)))
        case list() | tuple():
            return math.prod(max(1.0, _size(one)) for one in value)
    return 1


def _long(part: Any) -> float:
    """How long a slice is that makes numbers."""
    if not isinstance(part, slice) or part.stop is None:
        return 1
    step = part.step or 1
    return abs(step) if isinstance(step, complex) else abs((part.stop - (part.start or 0)) / step)
