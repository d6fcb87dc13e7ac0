"""Machine-made values of the closed union, for tests that hold of any."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.child import nodes

texts = st.text(st.characters(codec="utf-8"), max_size=8)
arrays = st.one_of(
    st.sampled_from(sorted(nodes.DTYPES)).map(np.dtype),
    npst.unicode_string_dtypes(endianness="<", max_len=4),
    npst.byte_string_dtypes(max_len=4),
    npst.datetime64_dtypes(endianness="<"),
    npst.timedelta64_dtypes(endianness="<"),
).flatmap(lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)))
keys = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.binary(max_size=5),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=3,
)


def plain_values(arrays: st.SearchStrategy[Any] = arrays) -> st.SearchStrategy[Any]:
    """Values of every kind but tables, with these arrays in them."""
    scalars = (
        arrays.filter(lambda array: array.size)
        .map(lambda array: array.flat[0])
        .filter(lambda scalar: isinstance(scalar, np.generic))
    )
    leaves = st.one_of(
        keys, st.floats(), st.complex_numbers(), st.integers(-(2**200), 2**200), arrays, scalars
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.lists(inner, max_size=4).map(tuple),
            st.dictionaries(keys, inner, max_size=4),
            st.sets(keys, max_size=4),
        ),
        max_leaves=8,
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to the last bit, and of the same types all through."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return len(one) == len(other) and all(
            same(key, known) and same(value, there)
            for (key, value), (known, there) in zip(one.items(), other.items(), strict=True)
        )
    if isinstance(one, set | frozenset):
        return len(one) == len(other) and all(any(same(item, there) for there in other) for item in one)
    return repr(one) == repr(other)  # nan too, and the sign of zero
