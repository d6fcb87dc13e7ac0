"""pandas objects as tables, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.child import frames, packing, unpacking
from autograder.child.nodes import NoPlaceError
from autograder.data import Table

pd = pytest.importorskip("pandas")

FRAME = pd.DataFrame({"town": ["Ulm", "Bonn", None], "people": [126, 331, 0], "area": [118.7, np.nan, 1.0]})


@pytest.mark.parametrize(
    "value",
    [
        FRAME,
        FRAME.set_index("town"),
        FRAME.iloc[::-1],
        FRAME["area"],
        FRAME["town"].rename(None),
        FRAME.iloc[:0],
        FRAME[[]],
        pd.DataFrame(),
        pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]),
        pd.DataFrame({0: [True], (1, "b"): [1 + 2j]}),
        pd.DataFrame({"when": pd.to_datetime(["2026-01-02", None])}),
        pd.DataFrame({"kind": pd.Categorical(["x", "y", "x"])}),
        pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean")}),
        pd.DataFrame({"s": pd.array(["a", None], dtype="string")}),
        FRAME.groupby(["town", "people"]).sum(),
        pd.Series([1.0, 2.0], index=["a", "b"], name="s"),
        pd.Series([[1, 2], {"a": 1}], dtype=object),
        pd.Index(["a", "b"], name="letters"),
        pd.RangeIndex(3),
    ],
    ids=lambda value: f"{type(value).__name__} {str(value)[:20]!r}",
)
def test_a_pandas_object_survives(value: Any) -> None:
    table = frames.table(value)
    assert unpacking.unpack_value(packing.pack(table)) is not table
    back = unpacking.unpack(
        packing.pack(table), given=lambda one: frames.pandas_object(one) if isinstance(one, Table) else one
    )
    assert frames.is_pandas(back)
    same: Any = {"DataFrame": pd.testing.assert_frame_equal, "Series": pd.testing.assert_series_equal}.get(
        type(back).__name__, pd.testing.assert_index_equal
    )
    # A RangeIndex is told by its numbers alone, and of labels that are none there is no type.
    loose = {
        "DataFrame": {"check_index_type": False, "check_column_type": False},
        "Series": {"check_index_type": False},
    }
    same(back, value, **loose.get(table.kind, {"exact": False}))


@pytest.mark.parametrize(
    "value",
    [
        pd.DataFrame({"when": pd.to_datetime(["2026-01-02"]).tz_localize("UTC")}),
        pd.DataFrame({"span": pd.period_range("2026-01", periods=1, freq="M")}),
        pd.MultiIndex.from_tuples([(1, 2)]),
    ],
    ids=["zone", "period", "levels"],
)
def test_what_does_not_cross(value: Any) -> None:
    with pytest.raises(NoPlaceError):
        frames.table(value)


def test_other_things_are_no_tables() -> None:
    assert not frames.is_pandas({"a": [1]})
