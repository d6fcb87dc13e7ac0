"""How the inputs of a unit are drawn: numbers that can be read on a page, and that tell mistakes apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from autograder.records import Array

_Drawn = TypeVar("_Drawn")


def again_until(good: Callable[[_Drawn], bool], draw: Callable[[], _Drawn]) -> _Drawn:
    """The first of the draws that is good; RuntimeError after ten thousand, where the condition must be wrong."""
    for _ in range(10_000):
        drawn = draw()
        if good(drawn):
            return drawn
    raise RuntimeError("ten thousand draws and none was good")


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
        # Fewer decimals are never nearer than four: theirs is a part of the same grid.
        careless = (np.round(part, 4), part.astype(np.float16))
        nearest = min(np.abs(rough - part).max() for rough in careless)
        if not (largest >= 0.55 and nearest > 2e-5 * largest + 1e-8):
            return False
    return True
