"""What a step may do instead of its own operation, or on top of it, each with the words for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.course.rounding import rounded
from autograder.data import Array
from autograder.explaining.changes import Op
from autograder.words import counted

SIBLINGS: tuple[tuple[Op, str], ...] = (
    (np.add, "adds"),
    (np.subtract, "subtracts"),
    (np.multiply, "multiplies entry by entry"),
    (np.divide, "divides"),
    (np.floor_divide, "divides and drops the decimals"),
    (np.power, "takes a power"),
)
FOLDS: tuple[tuple[Op, str], ...] = (
    (np.sum, "adds up"),
    (np.mean, "takes the mean"),
    (np.max, "takes the largest"),
    (np.min, "takes the smallest"),
    (np.median, "takes the median"),
    (np.prod, "multiplies all"),
    (np.linalg.norm, "takes the length"),
    (np.std, "takes the standard deviation"),
)
OF_ONE: tuple[tuple[Op, str], ...] = (
    (np.exp2, "a power of 2"),
    (np.expm1, "the exponential less 1"),
    (np.exp, "the exponential"),
    (np.log1p, "a logarithm"),
    (np.square, "the square"),
    (np.tanh, "the hyperbolic tangent"),
    (np.abs, "the absolute value"),
)


def times(factor: float) -> Op:
    """A factor on a result."""
    return lambda result: result * factor


def _plus(term: float) -> Op:
    return lambda result: result + term


def _settled(result: Array) -> Array:
    """A result without its last digits, which decide on which side of a step a number lies that is on its edge."""
    return rounded(result, 1e-9 * float(np.max(np.abs(result), initial=0.0, where=np.isfinite(result))))


def _rounded(decimals: int) -> Op:
    return lambda result: np.round(_settled(result), decimals)


FACTORS: tuple[tuple[float, str], ...] = (
    (-1, "has the wrong sign"),  # a whole number stays one
    (2.0, "is doubled"),
    (0.5, "is halved"),
    (10.0, "is 10 times too large"),
    (0.1, "is 10 times too small"),
    (100.0, "is 100 times too large"),
    (0.01, "is 100 times too small"),
)
_OF_ANY: tuple[tuple[Op, str], ...] = (
    (_plus(1.0), "is 1 too large"),
    (_plus(-1.0), "is 1 too small"),
    *(
        (_rounded(decimals), f"is rounded to {counted(decimals, 'decimal place')}")
        for decimals in (4, 3, 2, 1)
    ),
    (_rounded(0), "is rounded to whole numbers"),
    (lambda result: np.trunc(_settled(result)), "has lost its decimals"),
    (lambda result: np.floor(_settled(result)), "is rounded down"),
    (lambda result: np.asarray(result, np.float16).astype(float), "has only half precision"),
    (np.abs, "has lost its signs"),
    (lambda result: np.maximum(result, 0), "has its negative numbers replaced by 0"),
    (lambda result: np.clip(result, 0, 1), "is cut to the range from 0 to 1"),
    (np.square, "is squared"),
    (np.sqrt, "has its square root taken"),
    (np.exp, "has its exponential taken"),
    (np.log, "has its logarithm taken"),
    (_plus(1e-8), "has a small number added"),
    (_plus(1e-6), "has a small number added"),
    (_plus(1e-3), "has a small number added"),
)
LIST_ADJUSTMENTS: tuple[tuple[Op, str], ...] = (
    *_OF_ANY,
    (lambda result: result[::-1], "is in reverse order"),
    (np.sort, "is sorted"),
    (np.cumsum, "is added up as it goes"),
)
ADJUSTMENTS: tuple[tuple[Op, str], ...] = (
    *_OF_ANY,
    (lambda result: result[..., ::-1], "has its columns in reverse order"),
    (lambda result: result[::-1], "has its rows in reverse order"),
    (lambda result: np.sort(result, axis=-1), "has each row sorted"),
    (lambda result: np.cumsum(result, axis=-1), "is added up along each row as it goes"),
    (lambda result: _triangle(np.tril, result), "has all above its diagonal set to 0"),
    (lambda result: _triangle(np.triu, result), "has all below its diagonal set to 0"),
    (lambda result: result - result.mean(axis=-1, keepdims=True), "has the mean of each row taken away"),
    (
        lambda result: result / np.linalg.norm(result, axis=-1, keepdims=True),
        "has each row divided by its length",
    ),
    (lambda result: result / result.sum(axis=-1, keepdims=True), "has each row divided by its sum"),
)
TERMS: tuple[tuple[slice, str], ...] = (
    (slice(1, None), "the first column of {} plays no part"),
    (slice(None, -1), "the last column of {} plays no part"),
    (slice(-1, None), "only the last column of {} counts: the products before it are lost, not added up"),
    (slice(None, 1), "only the first column of {} counts: the products after it are not added"),
)
BY_SIZE: tuple[tuple[Callable[[int], float], str], ...] = (
    (lambda size: size**-0.5, "divided by the square root of"),
    (lambda size: size**0.5, "multiplied by the square root of"),
    (lambda size: 1.0 / size, "divided by"),
    (float, "multiplied by"),
    (lambda size: float(np.cbrt(1.0 / size)), "divided by the third root of"),
    (lambda size: size**-2.0, "divided by the square of"),
    (lambda size: 1.0 / np.log(size), "divided by the logarithm of"),
    (lambda size: 1.0 / np.log2(size), "divided by the logarithm to base 2 of"),
    (lambda size: 1.0 / (size + 1), "divided by 1 more than"),
    (lambda size: 1.0 / (size - 1), "divided by 1 less than"),
    (lambda size: (size + 1) ** -0.5, "divided by the square root of 1 more than"),
    (lambda size: (size - 1) ** -0.5, "divided by the square root of 1 less than"),
)


def unchanged(value: Any) -> Any:
    """The operand itself: the step is left out."""
    return value


def flipped(value: Array) -> Array:
    """Rows and columns exchanged."""
    return np.swapaxes(value, -1, -2)


def _triangle(part: Op, value: Array) -> Any:
    """A triangle of a table; NumPy would make a table of a list."""
    return part(value) if np.ndim(value) > 1 else value


def flat(value: Array) -> Array:
    """What a fold gives without `keepdims`."""
    return value[..., 0]


def then(op: Op, after: Op) -> Op:
    """`after` on the result of `op`."""
    return lambda *args: after(op(*args))


def with_flipped(op: Op, places: Sequence[int]) -> Op:
    """`op` with the operands at these places flipped."""
    return lambda *args: op(*(flipped(arg) if place in places else arg for place, arg in enumerate(args)))


def with_reshaped(op: Op, place: int) -> Op:
    """What comes of a reshape to the flipped shape, which keeps the numbers in their order."""

    def changed(*args: Array) -> Any:
        matrix = args[place]
        flipped_shape = (*matrix.shape[:-2], matrix.shape[-1], matrix.shape[-2])
        return op(*args[:place], flipped(matrix.reshape(flipped_shape)), *args[place + 1 :])

    return changed


def followed(op: Op, count: int, after: Op) -> Op:
    """`op` on the first `count` arguments, and `after` on its result and the others."""
    return lambda *args: after(op(*args[:count]), *args[count:])


def with_terms(op: Op, kept: slice) -> Op:
    """A product in which some columns of the first operand count as 0."""

    def changed(first: Array, *rest: Array) -> Any:
        terms = np.zeros_like(first)
        terms[..., kept] = first[..., kept]
        return op(terms, *rest)

    return changed


def done_twice(op: Op) -> Op:
    """`op` on its own result once more."""
    return lambda first, *rest: op(op(first, *rest), *rest)


def along(op: Op, axis: int) -> Op:
    """A fold of NumPy along an axis that stays, with length 1."""
    return lambda value: op(value, axis=axis, keepdims=True)


def moved_axis(op: Op, axis: int | None) -> Op:
    """`op`, which folds the last axis, along another one; None: over all numbers."""

    def moved(value: Array) -> Array:
        if axis is None:
            return np.reshape(op(value.reshape(1, -1)), (1,) * value.ndim)
        return np.swapaxes(op(np.swapaxes(value, -1, axis)), -1, axis)

    return moved


def times_size(op: Op, axis: int, factor: Callable[[int], float]) -> Op:
    """The result of `op` times what `factor` makes of a size of the last argument."""
    return lambda *args: op(*args[:-1]) * factor(np.shape(args[-1])[axis])
