"""The results of a batch, looked at again after the last call."""

from __future__ import annotations

import numpy as np
import pandas as pd

from autograder.child.messages import MAX_CALLS
from autograder.child.nodes import OtherData, PlainData
from autograder.child.outlasting import Results
from autograder.child.values import handed_back, value_data
from autograder.data import Value


def held(*values: Value) -> Results:
    results = Results()
    for call, value in enumerate(values):
        results.add(call, value, value_data(value))
    return results


def test_what_is_written_over_is_told_and_what_stays_is_not() -> None:
    shared, own, listed = np.zeros(3), np.full(3, np.nan), [1, [2]]
    results = held(shared[:2], own, (own, shared), listed, own)
    assert results.changed() == []
    shared[0] = 1
    assert results.changed() == [0, 2]
    listed[1].append(3)  # type: ignore[attr-defined]
    assert results.changed() == [0, 2, 3]


def test_what_does_not_cross_is_not_held() -> None:
    results = held({1}, object())  # type: ignore[arg-type]
    assert [call for call, *_ in results._held] == [0]


def test_of_very_many_no_more_is_told_than_the_other_side_takes() -> None:
    shared: list[Value] = []
    results = held(*[shared] * (MAX_CALLS + 5))
    shared.append(1)
    assert len(results.changed()) == MAX_CALLS


def test_what_can_no_longer_be_read_is_told_and_ends_nothing() -> None:
    table = pd.DataFrame({"a": [1, 2]})
    results = held(table, [1])  # type: ignore[arg-type]
    table._mgr = None
    assert results.changed() == [0]
    assert handed_back([table, 1]) == [OtherData("what can no longer be read"), PlainData(1)]
