"""What student code hands back: what crosses as data, and what is told by its name alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.child import values, wire


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("None", "NoneType"),
        ("[[1.0]]", "list"),
        ("['a']", "list"),
        ("{}", "dict"),
        ("np.array([None])", "array of object, shape (1,)"),
        ("np.broadcast_to(1.0, (10**6, 10**6))", "array of float64, shape (1000000, 1000000)"),
        ("[np.ones(1), 'x']", "list"),
        ("[np.ones(2_000_000)] * 16", "list of very large arrays"),
        ("type('x' * 900, (), {})()", "x"),
    ],
)
def test_what_is_no_array_is_told_by_its_name(talk: Any, expression: str, kind: str) -> None:
    value = talk("import numpy as np", f"def f(a): return {expression}").value(np.ones(1))
    if kind == "NoneType":
        assert value is None
    else:
        assert value.type_name.startswith(kind)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("np.float32(2)", np.float32(2)),
        ("np.ma.masked_array([1.0, 2.0], mask=[True, False])", np.array([1.0, 2.0])),
        ("np.matrix('1 2')", np.array([[1, 2]])),
        ("np.arange(3, dtype='>i2')", np.arange(3)),
        ("np.ones((2, 3), dtype=np.longdouble)", np.ones((2, 3))),
        ("type('Mine', (np.ndarray,), {'__eq__': lambda *_: True})(2)", None),
    ],
)
def test_kinds_of_arrays(talk: Any, expression: str, expected: Any) -> None:
    value = talk("import numpy as np", f"def f(a): return {expression}").value(np.ones(1))
    assert type(value) is np.ndarray
    if expected is not None:
        np.testing.assert_array_equal(value, expected)


def test_several_arrays(talk: Any) -> None:
    told = talk("def f(a): return a, [a][0] + 1")
    first, second = told.value(np.ones(2))
    np.testing.assert_array_equal(first, second - 1)


def test_arguments_come_back_as_they_are_after_the_call(talk: Any) -> None:
    told = talk("def f(a, words):\n    a[0] = 9\n    words.append('new')\n    return a")
    result = told.call(np.zeros(2), ["old"])
    first, second = (wire.unpack_after(data) for data in result.args_after)
    np.testing.assert_array_equal(first, [9, 0])
    assert second == ["old", "new"]


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("1.5", [1.5]),
        ("math.fsum([1, 2])", [3.0]),
        ("2", [2]),
        ("1j", [1j]),
        ("(1.5, 2)", [1.5, 2]),
        ("[1.5]", [1.5]),
        ("True", []),
        ("10**400", []),
        ("(1.0, 10**400)", []),
        ("(1.0, 'x')", []),
        ("()", []),
        ("[0.5] * 17", []),
    ],
)
def test_pythons_own_numbers_are_told_beside_their_type(
    talk: Any, expression: str, numbers: list[Any]
) -> None:
    value = talk("import math", f"def f(a): return {expression}").value(np.ones(1))
    assert [number.item() for number in value.numbers] == numbers


def test_numbers_among_arrays_are_parts() -> None:
    parts = values.value_data((np.ones(2), np.float64(2), 3.0))
    assert isinstance(parts, wire.PartsData)
    assert [part.shape for part in parts.parts] == [(2,), (), ()]


def test_what_an_exceptions_class_inherits_from_is_told(talk: Any) -> None:
    told = talk("class UnknownWord(ValueError): pass", "def f(a): raise UnknownWord('x')")
    failure = told.call(np.ones(1))
    assert (failure.exception, failure.ancestors[0]) == ("UnknownWord", "ValueError")
