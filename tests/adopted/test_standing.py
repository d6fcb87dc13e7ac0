"""What an answer may be that a child gives for an object: what is none is refused on this side, whatever it says."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.adopted import handing, slips, standins
from autograder.adopted.link import BoundsError, Link
from autograder.child import nodes
from autograder.child.nodes import HandleData, PlainData
from autograder.child.spoken import Done


def link(*says: Any) -> Link:
    """One to a child that answers so; without an answer, with one object after another."""
    waiting, numbers = list(says), itertools.count(1)

    def receive() -> Any:
        return waiting.pop(0) if says else Done(0, HandleData(next(numbers), "object", "Thing"))

    return Link(lambda _: None, receive, {}, standins.stand_in, None, 100)


def stands(says: Any) -> Any:
    """What stands for an object of a child that answers so."""
    handle = HandleData(1, "object", "Thing", ("call", "length", "item", "iterate"))
    return link(Done(0, handle), Done(0, says)).ask("fetch", name="x")


@pytest.mark.parametrize(
    ("says", "look", "told"),
    [
        (PlainData(1), str, "a Thing object gave no text"),
        (PlainData("1"), int, "a Thing object gave no int"),
        (PlainData(1), float, "a Thing object gave no float"),
        (PlainData(-1), len, "a Thing object gave no int"),
        (PlainData(1), np.asarray, "a Thing object is no array"),
        (PlainData(1), pickle.dumps, "cannot be pickled"),
    ],
)
def test_what_an_object_gives_is_of_the_kind_that_python_insists_on(
    says: Any, look: Callable[[Any], Any], told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        look(stands(says))


def test_no_class_of_a_test_s_inherits_from_one_of_the_student_s() -> None:
    kind = stands(PlainData(1))
    with pytest.raises(TypeError, match="cannot be inherited from in a test"):

        class Own(kind):  # type: ignore[misc]
            pass


@pytest.mark.parametrize(
    "says", [nodes.CallableData(0), nodes.CodeData("abs"), nodes.Tree([nodes.ManyData("list", 9)])]
)
def test_an_answer_that_is_no_value(says: Any) -> None:
    with pytest.raises(BoundsError, match="gave a value that is none"):
        link(Done(0, says)).ask("fetch", name="x")


def test_who_asks_for_a_cell_in_the_place_of_an_answer_is_not_heard() -> None:
    with pytest.raises(EOFError, match="spoke out of turn: RunStep"):
        link(slips.RunStep(0, [])).ask("fetch", name="x")


# ------------------------------------------------------------------------------------------- what is handed over


class Nameless:
    def __reduce_ex__(self, protocol: Any) -> str:
        return "nameless"


class Chain:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __reduce__(self) -> Any:
        return Chain, (self.inner,)


def chained(depth: int) -> Any:
    made: Any = 1
    for _ in range(depth):
        made = Chain(made)
    return made


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Nameless(), "cannot be handed an object of class Nameless: it is no value"),
        (
            chained(30),
            "^your code cannot be handed an object of class Chain: objects that are nested so deeply$",
        ),
        (type("Lost", (), {}), "which it does not have"),
    ],
)
def test_what_cannot_be_handed_over(value: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        link().giving.data(value)


def test_what_is_data_there_is_not_made_again() -> None:
    says = [
        Done(0, HandleData(1, "object", "module")),
        Done(0, HandleData(2, "class", "C")),
        Done(0, PlainData(1)),
    ]
    with pytest.raises(TypeError, match="it is another value there"):
        link(*says).giving.data(Chain(1))


def test_what_stays_nowhere_has_no_handle() -> None:
    with pytest.raises(TypeError, match="it stays nowhere"):
        handing.number(1)
