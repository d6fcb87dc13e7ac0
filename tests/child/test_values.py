"""What student code hands back: what crosses as data, and what is told by its name alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from plain_values import same
from talking import Conversation

from autograder.child import unpacking
from autograder.data import Other
from autograder.records import Limits
from autograder.sandbox.children import Sandbox


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("np.array([None])", "array of object, shape (1,)"),
        (
            "np.broadcast_to(1.0, (10**6, 10**6))",
            "array of float64, shape (1000000, 1000000) that is too large",
        ),
        ("[np.ones(2_000_000)] * 16", "list that is too large"),
        ("[0] * 10**6", "list that is too large"),
        ("16**200_000", "int that is too large"),
        ("(lambda endless: endless.append(endless) or endless)([])", "list that is too large"),
        ("type('x' * 900, (), {})()", "x"),
        ("iter([1])", "list_iterator"),
        ("{object(): 1}", "dict"),
        ("{1, print}", "set"),
        ("len", "builtin_function_or_method"),
    ],
)
def test_what_does_not_cross_is_told_by_its_name(talk: Any, expression: str, kind: str) -> None:
    value = talk("import numpy as np", f"def f(a): return {expression}").value(np.ones(1))
    assert isinstance(value, Other)
    assert value.type_name.startswith(kind)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("None", None),
        ("True", True),
        ("10**400", 10**400),
        ("(1.0, float('inf'), 1j, b'x', 'é')", (1.0, float("inf"), 1j, b"x", "é")),
        ("{'a': [1, {2}], None: frozenset({3})}", {"a": [1, {2}], None: frozenset({3})}),
        ("collections.Counter('aab')", {"a": 2, "b": 1}),
        ("collections.OrderedDict(a=1)", {"a": 1}),
        ("collections.namedtuple('pair', 'a b')(1, 2)", (1, 2)),
        ("type('Word', (str,), {'__len__': lambda _: 0, '__str__': lambda _: 'lie'})('true')", "true"),
        ("type('Many', (list,), {'__iter__': lambda _: iter('lie')})([1])", [1]),
        ("type('Many', (dict,), {'items': lambda _: {'lie': 1}.items()})(a=1)", {"a": 1}),
        ("enum.IntEnum('E', 'a')(1)", 1),
        ("[object()]", [Other("object")]),
        ("{'a': object()}", {"a": Other("object")}),
        ("[np.array([None])]", [Other("array of object, shape (1,)")]),
    ],
)
def test_plain_values_and_what_inherits_from_them(talk: Any, expression: str, expected: Any) -> None:
    value = talk("import collections, enum, numpy as np", f"def f(a): return {expression}").value(np.ones(1))
    assert same(value, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
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
    first, second = (unpacking.unpack_value(data) for data in result.args_after)
    np.testing.assert_array_equal(first, [9, 0])
    assert second == ["old", "new"]


def test_a_numpy_scalar_stays_one(talk: Any) -> None:
    value = talk(
        "import numpy as np", "def f(): return [np.float32(2), np.str_('a'), np.bool_(True)]"
    ).value()
    assert same(value, [np.float32(2), np.str_("a"), np.bool_(True)])


def test_a_table_crosses_as_its_columns() -> None:
    pytest.importorskip("pandas")
    source = "def f(): return {'t': pandas.DataFrame({'a': [1.5, 2.5]})}"
    # Where pandas has never been compiled, to import it takes longer than what other children have.
    with Sandbox(Limits(cpu_seconds=60.0, memory_mib=2048)) as sandbox:
        told = Conversation(sandbox, ["import pandas", source])
        value = told.value()
        told.child.close()
    (column,) = value["t"].columns
    assert (column.name, column.dtype, column.cells.tolist()) == ("a", "float64", [1.5, 2.5])


def test_what_an_exceptions_class_inherits_from_is_told(talk: Any) -> None:
    told = talk("class UnknownWord(ValueError): pass", "def f(a): raise UnknownWord('x')")
    failure = told.call(np.ones(1))
    assert (failure.exception, failure.ancestors[0]) == ("UnknownWord", "ValueError")
