"""What an author's own code hands on, as the plain values that cross to a child: pandas objects as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograder.child import frames, packing, unpacking, values
from autograder.child.nodes import NoPlaceError, WireError
from autograder.data import Argument, Code, Other, Seeded, Value
from autograder.records import Raised, Returned

ALLOWED: Final = (
    "allowed are None, bool, int, float, complex, str, bytes, list, tuple, set, dict, NumPy arrays of numbers, text"
    " and times, and pandas tables"
)


_TIMES: Final = " (write np.datetime64 or np.timedelta64)"
_ONE_BY_ONE: Final = frozenset({"enumerate", "filter", "generator", "map", "reversed", "zip"})
_FEW: Final = 1000  # words of a list that crosses as it is, whatever its limits
_FEW_ARRAYS: Final = 100  # in a list or tuple, which may stand in another
_NUMBERS: Final = frozenset("?bBhHiIlLqQfdFD")  # the types of numbers whose arrays cross


def argument(value: Any) -> Argument:
    """An argument that crosses with its types as they are; NoPlaceError or TooLargeError where it cannot."""
    if isinstance(value, np.ndarray | Code | Seeded):
        packing.pack(value)
        return value
    return unpacking.unpack(packing.pack_with(value, _tables_alone), given=lambda one: one)  # type: ignore[no-any-return]


def refusal(error: WireError) -> str:
    """Why an argument does not cross, in words for its author."""
    if isinstance(error, NoPlaceError):
        near = _TIMES if str(error).startswith("datetime.") else ""
        return f"{error} has no place in it{near}: {ALLOWED}; functions as Code, generators as Seeded"
    return str(error)


def refused(foreign: Other) -> str:
    """Which type is no plain value, what would be, and what to do where that is near."""
    what_to_do = ": ask for a list of what it gives" if foreign.type_name in _ONE_BY_ONE else ""
    return f"{foreign.type_name}, and {ALLOWED}{what_to_do}"


def result(value: Any) -> Value:
    """What the course's own code returned, as a student's function hands it on; `Other` for what would not cross."""
    if type(value) is np.ndarray and value.dtype.kind in "biufc":  # as nearly always, and nothing to be done
        return value
    if type(value) is str and value.isascii():
        return value
    if (
        type(value) is list
        and len(value) <= _FEW
        and all(type(one) is str and one.isascii() for one in value)
    ):
        return list(value)
    if _of_arrays(value):
        return _as_it_is(value)
    return unpacking.unpack_value(values.value_data(value))


def _of_arrays(value: Any, deep: int = 2) -> bool:
    """Whether a list or tuple holds arrays of numbers alone, as the weights of several layers do."""
    return (
        type(value) in (list, tuple)
        and len(value) <= _FEW_ARRAYS
        and all(
            (type(one) is np.ndarray and one.dtype.isnative and one.dtype.char in _NUMBERS)
            or (deep > 1 and _of_arrays(one, deep - 1))
            for one in value
        )
    )


def _as_it_is(value: Any) -> Value:
    """The same arrays in lists and tuples of their own."""
    return type(value)(map(_as_it_is, value)) if type(value) in (list, tuple) else value  # type: ignore[no-any-return]


def _tables_alone(value: Any) -> Any:
    if frames.is_pandas(value):
        return frames.table(value)
    return packing.refuse(value)


def of_steps(made: Callable[[], Any]) -> Returned | Raised:
    """What steps give whose operands are known: nothing is asked of them, and nothing comes by chance."""
    try:
        with np.errstate(all="ignore"):
            return Returned(result(made()))
    except Exception as error:
        return Raised(type(error).__name__, str(error))
