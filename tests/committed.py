"""What ships, held against what was committed: to the byte, or to a step of its numbers."""

from __future__ import annotations

import msgspec
import numpy as np
from repository import REPOSITORY

from autograder.child.nodes import ArrayData
from autograder.child.unpacking import unpack_array
from autograder.data import Array
from autograder.selfcheck.checkfile import CheckFile, SketchesData


def is_fresh(unit: str, name: str, made: bytes) -> bool:
    """Whether a file is what was committed.

    Rounding makes the bytes the same but for one chance in many thousands, of a number in the middle of two steps.
    """
    committed = (REPOSITORY / "assignments" / unit / name).read_bytes()
    return made == committed or (name == "checks.json" and alike(read_checks(made), read_checks(committed)))


def read_checks(content: bytes) -> CheckFile:
    return msgspec.json.decode(content, type=CheckFile)


def alike(one: object, other: object) -> bool:
    """Whether two parsed files say the same, numbers to a step or two of those in which they are written."""
    match one, other:
        case SketchesData(), SketchesData():  # each row of sums has terms of a size of its own
            known = alike([one.forms, one.form], [other.forms, other.form])
            return known and same_numbers(unpack_array(one.sums), unpack_array(other.sums), axis=-1)
        case ArrayData(), ArrayData():
            return same_numbers(unpack_array(one), unpack_array(other))
        case msgspec.Struct(), msgspec.Struct():
            return type(one) is type(other) and all(
                alike(getattr(one, name), getattr(other, name)) for name in one.__struct_fields__
            )
        case list(), list():
            return len(one) == len(other) and all(map(alike, one, other))
        case dict(), dict():
            return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    return one == other


def same_numbers(one: Array, other: Array, axis: int | None = None) -> bool:
    """Whether two arrays differ by no more than a step, which goes by the largest number along the axis."""
    if one.shape != other.shape or not np.array_equal(np.isfinite(one), np.isfinite(other)):
        return False
    finite = np.isfinite(one)
    largest = np.max(np.abs(one.astype(float)), axis=axis, keepdims=True, initial=0.0, where=finite)
    near = np.abs(np.subtract(one, other, dtype=float, where=finite, out=np.zeros(one.shape)))
    same = np.array_equal(one[~finite], other[~finite], equal_nan=True)
    return same and bool(np.all(near <= 1e-10 + 1e-6 * largest))
