"""What is to be drawn, taken from whatever a student's function gave: a clean array, or the one line why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from autograder.words import agree, clipped, counted

Numbers = npt.NDArray[np.float64]

MOST: Final = 64  # rows or columns of a matrix, entries of a vector
MOST_TITLES: Final = 12  # matrices of one picture
MOST_TEXT: Final = 40  # characters of a label
MOST_TITLE: Final = 90


class UndrawableError(ValueError):
    """Why there is nothing to draw, in one line for students."""


def matrix(given: Any, what: str, *, masks: bool = False) -> Numbers:
    """A matrix of numbers; where `masks`, its entries may be infinite. Raises UndrawableError."""
    return _numbers(given, what, 2, masks=masks)


def vector(given: Any, what: str) -> Numbers:
    """A vector of numbers, infinite ones too. Raises UndrawableError."""
    return _numbers(given, what, 1, masks=True)


def either(given: Any, what: str) -> Numbers:
    """A matrix or a vector of numbers, infinite ones too. Raises UndrawableError."""
    return _numbers(given, what, 1 if _array(given, what).ndim == 1 else 2, masks=True)


def weights(given: Any, what: str) -> Numbers:
    """A matrix of attention weights, none of them below 0 or above 1. Raises UndrawableError."""
    array = _numbers(given, what, 2, masks=False)
    if np.any(array < -1e-9) or np.any(array > 1 + 1e-6):
        outside = array[(array < -1e-9) | (array > 1 + 1e-6)][0]
        raise UndrawableError(f"{what} should hold weights between 0 and 1, and holds {number(outside, 2)}")
    return np.clip(array, 0.0, 1.0)


def named(given: Any) -> list[tuple[str, Any]]:
    """Titles and what stands under them, of a dictionary. Raises UndrawableError."""
    if not isinstance(given, Mapping):
        raise UndrawableError(f"a dictionary from titles to arrays is drawn, and this is {_kind(given)}")
    if not given:
        raise UndrawableError("there is nothing in the dictionary to draw")
    if len(given) > MOST_TITLES:
        raise UndrawableError(f"{len(given)} arrays are too many for one picture: {MOST_TITLES} fit")
    return [(title(name), value) for name, value in given.items()]


def labels(given: Any, count: int, what: str) -> list[str]:
    """So many labels. Raises UndrawableError where there are more or fewer."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise UndrawableError(f"the labels of {what} should be a list of words, and are {_kind(given)}")
    found = [label(one) for one in islice(given, MOST + 1)]
    if len(found) != count:
        raise UndrawableError(
            f"{what} is {count}, and there {agree(len(found), 'is', 'are')} {counted(len(found), 'label')} for it"
        )
    return found


def label(given: object) -> str:
    """Any text as one line that can be read, cut where it is long."""
    return _line(given, MOST_TEXT)


def title(given: object) -> str:
    """The same for what stands above a picture."""
    return _line(given, MOST_TITLE)


def _line(given: object, most: int) -> str:
    try:
        text = " ".join(str(given).split())
    except Exception:  # an object of the student's own that has no text
        text = _kind(given)
    return clipped("".join(sign for sign in text if sign.isprintable()), most)


def place(given: object, tokens: list[str]) -> int:
    """Where a word or a row number stands among the tokens. Raises UndrawableError where it does not."""
    if isinstance(given, int | np.integer) and 0 <= given < len(tokens):
        return int(given)
    if isinstance(given, str) and label(given) in tokens:
        return tokens.index(label(given))
    raise UndrawableError(f"{label(given)!r} is none of the words that are drawn")


def number(value: float, digits: int) -> str:
    """A number as it is written in a picture."""
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def digits_of(array: Numbers) -> int:
    """How many decimals the numbers of an array are written with: two, or none where all are whole."""
    finite = array[np.isfinite(array)]
    return 0 if np.array_equal(finite, np.round(finite)) and np.all(np.abs(finite) < 1000) else 2


def _numbers(given: Any, what: str, dimensions: int, *, masks: bool) -> Numbers:
    array = _array(given, what)
    kind = {1: "a vector", 2: "a matrix"}[dimensions]
    if array.ndim != dimensions:
        raise UndrawableError(f"{what} should be {kind} of numbers, and has the shape {_shape(array)}")
    if array.size == 0:
        raise UndrawableError(f"{what} holds no numbers: its shape is {_shape(array)}")
    if max(array.shape) > MOST:
        raise UndrawableError(
            f"{what} is too large to be drawn: {_shape(array)}, and {MOST} fit along a side"
        )
    if np.isnan(array).any():
        spot = ", ".join(str(int(one)) for one in np.argwhere(np.isnan(array))[0])
        raise UndrawableError(f"{what} holds nan, which is no number, first at [{spot}]")
    if not masks and np.isinf(array).any():
        raise UndrawableError(f"{what} holds an infinite number")
    return array


def _array(given: Any, what: str) -> Numbers:
    """An array of floats of its own, whatever kind of numbers was given."""
    if given is None:
        raise UndrawableError(f"{what} is None: does the function return its result?")
    try:
        array = np.array(given)
        if array.dtype.kind not in "fiub":
            raise UndrawableError(f"{what} should be an array of numbers, and is {_kind(given)}")
        return np.array(array, dtype=float)
    except UndrawableError:
        raise
    except Exception:  # lists of unequal length, and objects that refuse in ways of their own
        raise UndrawableError(f"{what} should be an array of numbers, and is {_kind(given)}") from None


def _shape(array: Numbers) -> str:
    return str(tuple(int(size) for size in array.shape))


def _kind(given: object) -> str:
    name = type(given).__name__
    if name == "ndarray":
        return "an array of something else"
    return {"str": "a text", "NoneType": "None", "function": "a function"}.get(name, f"a {name}")
