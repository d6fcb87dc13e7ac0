"""Right functions in the place of a student's own: what is asked of the trusted side, and what its answer becomes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from talking import Conversation

from autograder.child import messages, packing, standin, unpacking

ONE = [packing.pack(np.arange(3.0))]


def answered(told: Conversation, *args: Any) -> tuple[messages.Ask, Any]:
    """One call whose single upcall is answered with an array of sevens."""
    told.child.send(messages.Calls([messages.Call(1, 2, [packing.pack(argument) for argument in args])]))
    ask = told.child.receive()
    assert isinstance(ask, messages.Ask)
    told.child.send(messages.Answer(packing.pack(np.full(2, 7.0))))
    return ask, told.child.receive()


def asked(ask: messages.Ask) -> list[Any]:
    return [unpacking.unpack_value(data) for data in ask.args]


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
    np.testing.assert_array_equal(unpacking.unpack_value(result.value), [7, 7])


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


def test_a_call_that_fits_the_right_function_is_answered_where_the_students_own_takes_too_few(
    talk: Any,
) -> None:
    told = talk(
        "def attend(x): pass", "def f(a): return attend(a, mask=a)", replaced=["attend"], arity={"attend": 2}
    )
    ask, result = answered(told, np.zeros(2))
    assert len(asked(ask)) == 2
    np.testing.assert_array_equal(unpacking.unpack_value(result.value), [7, 7])


def test_arguments_are_asked_about_as_they_are(talk: Any) -> None:
    told = talk("def f(a): return g([[1, 2]], ['x', 'y'], {'k': (None, True)})", replaced=["g"])
    ask, _ = answered(told, np.ones(2))
    assert asked(ask) == [[[1, 2]], ["x", "y"], {"k": (None, True)}]


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
    told.child.send(messages.Calls([messages.Call(1, 2, ONE)]))
    told.child.receive()
    told.child.send(messages.Answer(None, "KeyError"))
    assert isinstance(told.child.receive(), messages.Result)


def test_several_arrays_as_an_answer(talk: Any) -> None:
    told = talk("def f(a):\n    q, k = g(a)\n    return q - k", replaced=["g"])
    told.child.send(messages.Calls([messages.Call(1, 2, ONE)]))
    told.child.receive()
    told.child.send(messages.Answer(packing.pack((np.ones(2), np.ones(2)))))
    result = told.child.receive()
    assert isinstance(result, messages.Result)
    np.testing.assert_array_equal(unpacking.unpack_value(result.value), [0, 0])


MORE = {"arity": {"softmax": 1}}
OWN = "def softmax(x, axis=-1): return x * (axis + 2)"


def test_more_arguments_than_are_answered_are_left_out_where_they_change_nothing(talk: Any) -> None:
    told = talk(OWN, "def f(a): return softmax(a, axis=-1)", replaced=["softmax"], **MORE)
    ask, result = answered(told, np.ones(2))
    assert len(asked(ask)) == 1
    np.testing.assert_array_equal(unpacking.unpack_value(result.value), [7, 7])


def test_where_they_change_something_the_students_own_function_answers(talk: Any) -> None:
    told = talk(OWN, "def f(a): return softmax(a, axis=0)", replaced=["softmax"], **MORE)
    np.testing.assert_array_equal(unpacking.unpack_value(told.call(np.ones(2)).value), [2, 2])


@pytest.mark.parametrize(
    "definition",
    [
        "def softmax(x, axis=-1):\n    raise ValueError",
        "def softmax(x, axis=-1):\n    return [x, ('word', None)]",
    ],
)
def test_what_a_function_does_wrong_either_way_changes_nothing(talk: Any, definition: str) -> None:
    told = talk(definition, "def f(a): return softmax(a, axis=-1)", replaced=["softmax"], **MORE)
    ask, _ = answered(told, np.ones(2))
    assert len(asked(ask)) == 1


def test_a_missing_function_takes_no_more_than_is_answered(talk: Any) -> None:
    told = talk("def f(a): return softmax(a, axis=-1)", replaced=["softmax"], **MORE)
    assert told.call(np.ones(2)).exception == "TypeError"


@pytest.mark.parametrize(
    ("own", "came"),
    [("np.matrix([7.0, 7.0]).A1", [7, 7]), ("[7.0, 7.0]", [7, 7]), ("x", [1, 1]), ("['a', 'b']", None)],
)
def test_a_right_function_is_answered_where_it_has_the_same_value(talk: Any, own: str, came: Any) -> None:
    told = talk(
        "import numpy as np",
        f"def softmax(x): return {own}",
        "def f(a): return softmax(a)",
        replaced=["softmax"],
        right=["softmax"],
    )
    _, result = answered(told, np.ones(2))
    value = unpacking.unpack_value(result.value)
    if came is not None:
        np.testing.assert_array_equal(value, came)


def test_parts_are_compared_one_by_one() -> None:
    two = (np.ones(2), np.zeros(2))
    assert standin._same_values([np.ones(2), [0, 0]], two)
    assert not standin._same_values([np.ones(2)], two)
    assert not standin._same_values(None, two)
