"""Arithmetic of another machine: what processors, libraries and versions get differently, a few last digits off.

Adding, multiplying and taking a root are the same everywhere, number by number. Sums and products of matrices are
not, because neither their order is nor the precision in between; nor are exponentials and their kin, which are
right to the last digit but one. Arrays of this kind do all of these another way at every call, and so does whatever
is made from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np

from autograder.child import packing
from autograder.course import drawing, plainly
from autograder.records import Case

_TRANSCENDENTAL = {
    np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.power, np.float_power, np.logaddexp,
    np.sin, np.cos, np.tan, np.tanh, np.sinh, np.cosh, np.cbrt, np.hypot,
}  # fmt: skip
_UNSTEADY = {(np.matmul, "__call__"), (np.add, "reduce"), *((one, "__call__") for one in _TRANSCENDENTAL)}
_PRODUCTS = {np.dot, np.vdot, np.inner, np.tensordot, np.linalg.norm}


class Unsteady(np.ndarray):
    """An array that adds up in another order, or more precisely, each time; and misses exponentials by a digit."""

    rng = np.random.default_rng(0)  # of the ways
    count = 0  # of the numbers that came out otherwise

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """What another machine makes of it."""
        inputs, out = tuple(map(_plain, inputs)), kwargs.pop("out", None) if kwargs else None
        kwargs = {name: _plain(value) for name, value in kwargs.items()} if kwargs else kwargs
        result = due = getattr(ufunc, method)(*inputs, **kwargs)
        if (ufunc, method) in _UNSTEADY and _is_double(due):
            if ufunc is np.matmul:
                result = self._either(ufunc, self._reordered_terms(*inputs), kwargs)
            elif ufunc is not np.add:
                result = self._missed(due)
            elif "where" not in kwargs:
                result = self._either(ufunc.reduce, (self._reordered(inputs[0], kwargs), *inputs[1:]), kwargs)
            result = np.where(np.isfinite(due), result, due)[()]  # what is too large is so everywhere
            Unsteady.count += int(np.sum((result != due) & ~np.isnan(due)))
        if out is not None:
            _plain(out[0])[...] = result
            return out[0]
        return tuple(map(_unsteady, result)) if isinstance(result, tuple) else _unsteady(result)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """The same for functions; most are made of ufuncs."""
        result = _plain(super().__array_function__(func, types, args, kwargs))
        if func in _PRODUCTS and _is_double(result):
            wide = _precisely(func, tuple(map(_plain, args)), kwargs)
            # More digits do not mean a wider range: squares that are too large or too small are so everywhere.
            result = np.where(np.isfinite(result) & (result != 0), wide, result)[()]
        return _unsteady(result)

    def _either(self, op: Callable[..., Any], inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return op(*inputs, **kwargs) if self.rng.integers(2) else _precisely(op, inputs, kwargs)

    def _reordered(self, array: Any, kwargs: dict[str, Any]) -> Any:
        """The array with the order of what is added up changed: for every sum alike, if it has an axis."""
        axis = kwargs.get("axis", 0)
        if axis is None:
            return self.rng.permutation(array.ravel()).reshape(array.shape)
        return self.rng.permutation(array, axis=axis) if isinstance(axis, int) else array

    def _reordered_terms(self, left: Any, right: Any) -> tuple[Any, Any]:
        order = self.rng.permutation(left.shape[-1])
        return left[..., order], right[order] if right.ndim == 1 else right[..., order, :]

    def _missed(self, due: Any) -> Any:
        """By one unit in the last place at most, and not where the result is a simple number such as exp(0)."""
        with np.errstate(all="ignore"):
            units = self.rng.integers(-1, 2, size=np.shape(due)) * (due != np.asarray(due, np.float32))
            return np.where(units == 0, due, np.nextafter(due, units * np.inf))[()]


class _Draws:
    """A generator of random numbers whose arrays are unsteady; the draws themselves are the same everywhere."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def __getattr__(self, name: str) -> Callable[..., Any]:
        drawing = getattr(self._rng, name)
        return lambda *args, **kwargs: _unsteady(drawing(*map(_plain, args), **kwargs))


@contextmanager
def another_machine(seed: int) -> Iterator[None]:
    """Within, whatever is drawn or follows from what is drawn comes out as on another machine."""
    default_rng = np.random.default_rng
    Unsteady.rng, Unsteady.count = default_rng(seed), 0
    put_in = drawing.put_in

    def put_in_unsteady(rng: Any, case: Case) -> Case:
        """A student's own numbers are put together from what is drawn, which may be plain by then."""
        made = put_in(rng, case)
        return replace(made, args=tuple(map(_unsteady, made.args)))

    refuse, result = packing.refuse, plainly.result
    with (
        # Only NumPy's own arrays cross.
        mock.patch.object(
            packing, "refuse", lambda one: _plain(one) if isinstance(one, Unsteady) else refuse(one)
        ),
        mock.patch.object(plainly, "result", lambda value: _each(_unsteady, result(_each(_plain, value)))),
        mock.patch.object(np.random, "default_rng", lambda *args: _Draws(default_rng(*args))),
        mock.patch.object(drawing, "put_in", put_in_unsteady),
    ):
        yield


def _precisely(op: Callable[..., Any], inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """With more digits in between, where the machine has them."""
    wide = [one.astype(np.longdouble) if isinstance(one, np.ndarray) else one for one in inputs]
    result = op(*wide, **kwargs)
    return result.astype(np.float64)


def _is_double(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.float64) and value.dtype == np.float64


def _each(change: Callable[[Any], Any], value: Any) -> Any:
    """An array changed, or each of several; strings and all else as they are."""
    if type(value) in (list, tuple):
        return type(value)(_each(change, one) for one in value)
    return change(value)


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Unsteady) else value


def _unsteady(value: Any) -> Any:
    """The array as an unsteady one; truth values, and what is counted or chosen by them, are the same everywhere."""
    return value.view(Unsteady) if isinstance(value, np.ndarray) and value.dtype.kind in "fiu" else value
