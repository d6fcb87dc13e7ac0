"""Right functions in the place of a student's own: what is asked of the trusted side, and what its answer becomes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from talking import Conversation

from autograder.child import wire

ONE = [wire.pack_array(np.arange(3.0))]


def answered(told: Conversation, *args: Any) -> tuple[wire.Ask, Any]:
    """One call whose single upcall is answered with an array of sevens."""
    told.child.send(wire.Calls([wire.Call(1, 2, [wire.pack_argument(argument) for argument in args])]))
    ask = told.child.receive()
    assert isinstance(ask, wire.Ask)
    told.child.send(wire.Answer(wire.pack_array(np.full(2, 7.0))))
    return ask, told.child.receive()


def asked(ask: wire.Ask) -> list[Any]:
    return [wire.unpack_after(data) for data in ask.args]


def test_a_stand_in_takes_arguments_by_the_students_own_signature(talk: Any) -> None:
    told = talk(
        "def softmax(logits, axis=-1): return 'wrong'",
        "def f(a): return softmax(axis=1, logits=a + 1)",
        replaced=["softmax"],
    )
    ask, result = answered(told, np.zeros(2))
    assert ask.name == "softmax"
    np.testing.assert_array_equal(asked(ask)[0], [1, 1])
    np.testing.assert_array_equal(asked(ask)[1], 1)
    np.testing.assert_array_equal(wire.unpack_value(result.value), [7, 7])


def test_a_stand_in_for_a_missing_function(talk: Any) -> None:
    told = talk("def f(a): return softmax(a)", replaced=["softmax"])
    ask, _ = answered(told, np.ones(2))
    np.testing.assert_array_equal(asked(ask)[0], [1, 1])


@pytest.mark.parametrize(
    ("definition", "call"),
    [
        ("def softmax(*args): pass", "softmax(a, a)"),
        ("def softmax(x, **more): pass", "softmax(a, y=a)"),
        ("softmax = lambda x, y: None", "softmax(y=a, x=a)"),
        ("class softmax:\n    def __init__(self, x, y): pass", "softmax(a, a)"),
        ("softmax = 3", "softmax(a, y=a)"),
    ],
)
def test_signatures(talk: Any, definition: str, call: str) -> None:
    told = talk(definition, f"def f(a): return {call}", replaced=["softmax"])
    ask, _ = answered(told, np.ones(2))
    assert len(asked(ask)) == 2


def test_a_call_that_does_not_fit_the_students_own_signature_raises(talk: Any) -> None:
    told = talk("def softmax(x): pass", "def f(a): return softmax(a, a, a)", replaced=["softmax"])
    assert told.call(np.ones(1)).exception == "TypeError"


def test_nested_lists_are_numbers_and_words_are_words(talk: Any) -> None:
    told = talk("def f(a): return g([[1, 2]], ['x', 'y'])", replaced=["g"])
    ask, _ = answered(told, np.ones(2))
    first, second = asked(ask)
    np.testing.assert_array_equal(first, [[1, 2]])
    assert second == ["x", "y"]


def test_the_definition_that_counts_is_the_stand_in_in_later_cells_too(talk: Any) -> None:
    told = talk(
        "def g(x): return 0",
        "def f(a): return g(a)",
        "def g(x): return 'defined again'",
        replaced=["g"],
    )
    answered(told, np.ones(2))


def test_an_exception_that_is_due(talk: Any) -> None:
    told = talk("def f(a):\n    try: return g(a)\n    except KeyError: return a", replaced=["g"])
    told.child.send(wire.Calls([wire.Call(1, 2, ONE)]))
    told.child.receive()
    told.child.send(wire.Answer(None, "KeyError"))
    assert isinstance(told.child.receive(), wire.Result)


def test_several_arrays_as_an_answer(talk: Any) -> None:
    told = talk("def f(a):\n    q, k = g(a)\n    return q - k", replaced=["g"])
    told.child.send(wire.Calls([wire.Call(1, 2, ONE)]))
    told.child.receive()
    one = wire.pack_array(np.ones(2))
    told.child.send(wire.Answer(wire.PartsData([one, one])))
    result = told.child.receive()
    assert isinstance(result, wire.Result)
    np.testing.assert_array_equal(wire.unpack_value(result.value), [0, 0])  # type: ignore[arg-type]
