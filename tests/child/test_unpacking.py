"""Values as they arrive: who may write to them, and what is sent to a child alone."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.child import given, nodes, packing, unpacking
from autograder.child.nodes import WireError
from autograder.data import Code, Seeded


def test_what_arrives_is_read_only_and_what_is_handed_to_students_is_not() -> None:
    for value in (np.ones(3), {"a": [np.ones(3)]}):
        data = packing.pack(value)
        back, argument = unpacking.unpack_value(data), given.unpacked(data)
        if isinstance(back, dict):
            back, argument = back["a"][0], argument["a"][0]
        assert isinstance(back, np.ndarray)
        with pytest.raises(ValueError, match="read-only"):
            back[0] = 2
        argument[0] = 2


@pytest.mark.parametrize("value", [Code("abs"), Seeded(1), [Code("abs")]], ids=str)
def test_functions_and_generators_never_come_back(value: object) -> None:
    data = packing.pack(value)  # type: ignore[arg-type]
    with pytest.raises(WireError, match="a child alone"):
        unpacking.unpack_value(data)


def test_arrays_of_empty_text() -> None:
    back = unpacking.unpack_array(nodes.ArrayData("<U0", (2,), b""))
    assert back.tolist() == ["", ""]


def test_a_table_that_pandas_makes_nothing_of() -> None:
    column = [
        nodes.ColumnData("Int64"),
        nodes.PlainData("x"),
        nodes.ManyData("tuple", 1),
        nodes.PlainData("one"),
    ]
    with pytest.raises(WireError, match="a table that is none"):
        unpacking.unpack(nodes.Tree([nodes.TableData("Series", 1, 0), *column]), held=lambda node: node)
