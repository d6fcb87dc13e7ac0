"""Small inputs, on which a wrong number can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import nested
from autograder.course import material
from autograder.course.drawing import as_they_are, drawn, normal
from autograder.course.smallest import small, smaller
from autograder.course.subject import plain
from autograder.data import Column, Table
from autograder.records import Case, Course, Returned


def _scores(query: Any, key: Any) -> Any:
    return query @ key.T


def _made(reference: Any, *cases: Case) -> tuple[Case, ...]:
    def due(case: Case) -> Any:
        outcome = material.outcome(plain(reference), case)
        return (outcome.value, []) if isinstance(outcome, Returned) else None

    return small(cases, due)


def _drawn(*shapes: tuple[int, ...], name: str = "some") -> Case:
    rng = np.random.default_rng(3)
    return Case(name, tuple(normal(rng, *shape) for shape in shapes))


def test_two_tokens_with_three_features_in_whole_numbers() -> None:
    made = _made(_scores, _drawn((4, 5), (6, 5)))[0]
    query, key = made.args
    assert (made.name, made.of, made.kind) == ("some, made small", "some", "ordinary")
    assert (query.shape, key.shape) == ((2, 3), (2, 3))
    for array in made.args:
        assert np.array_equal(array, np.round(array))
        assert np.all(np.abs(array) >= 1)
        assert np.all(np.abs(array) <= 4)


def test_a_second_one_has_other_sizes() -> None:
    first, second = _made(_scores, _drawn((4, 5), (6, 5)))
    assert second.name == "some, made small otherwise"
    assert [array.shape for array in first.args] != [array.shape for array in second.args]


def test_the_same_ones_are_made_every_time() -> None:
    one, other = (_made(_scores, _drawn((4, 5), (6, 5)))[0] for _ in range(2))
    assert all(np.array_equal(left, right) for left, right in zip(one.args, other.args, strict=True))


def test_sizes_that_belong_together_are_found_by_the_reference() -> None:
    """Six columns, which are two heads of three: a reshape takes no others."""

    def heads(x: Any) -> Any:
        return x.reshape(len(x), 2, -1).sum(axis=1)

    made = [case.args[0].shape for case in _made(heads, _drawn((5, 6)))]
    assert made == [(3, 2), (2, 4)]


def test_rows_and_columns_stay_apart() -> None:
    for case in _made(lambda x: x / x.sum(axis=-1, keepdims=True), _drawn((4, 6))):
        assert case.args[0].shape[0] != case.args[0].shape[1]


def test_what_an_author_asks_of_it_holds() -> None:
    def holds(x: Any) -> bool:
        return bool(np.all(np.diff(x, axis=-1) > 0))

    rng = np.random.default_rng(5)
    case = drawn("rising", lambda: (np.sort(normal(rng, 4, 6), axis=-1),), holds)
    made = _made(lambda x: x * 2, case)
    assert made
    assert all(holds(*one.args) for one in made)
    assert not _made(lambda x: x * 2, replace(case, small=lambda x: False))
    assert not _made(lambda x: x * 2, replace(case, small=lambda x: x.no_such_thing))


def test_lists_are_cut_where_the_reference_takes_them() -> None:
    def places(tokens: list[str], vocabulary: list[str]) -> list[int]:
        return [vocabulary.index(token) for token in tokens]

    tokens, vocabulary = _made(places, Case("words", (list("cabfd"), list("abcdefg"))))[0].args
    assert (len(tokens), len(vocabulary)) == (2, 3)
    assert set(tokens) <= set(vocabulary)


def test_lists_of_decimals_become_whole_numbers() -> None:
    (numbers,) = _made(sum, Case("some", ([0.25, -1.5, 2.75, 0.3, 1.1],)))[0].args
    assert all(type(one) is float and one == round(one) for one in numbers)


def test_tables_lose_rows() -> None:
    pandas = pytest.importorskip("pandas")
    cells = np.array([0.5, 1.25, -2.5, 3.75])
    table = Table("DataFrame", (Column("a", "float64", cells), Column("b", "int64", np.arange(4))))
    (made,) = _made(lambda frame: frame["a"].sum(), Case("some", (table,)))[0].args
    assert pandas is not None
    assert nested.shape(made) == (2, 2)


@pytest.mark.parametrize(
    "case",
    [
        Case("none", ()),
        Case("a lone number", (0.5,)),
        Case("an edge", (np.array([[0.5, 1.5, 2.5]]),), kind="huge"),
        Case("an error is due", (np.array([[0.5, 1.5, 2.5]]),), raises=("ValueError",)),
        Case("a script", ((), ("push", (0.5,))), asks="script"),
        Case("as the author has it", (np.array([0.5, 1.5, 2.5]),), vary=as_they_are),
        Case("small as it is", (np.array([1.0, 2.0]),)),
    ],
    ids=lambda case: case.name,
)
def test_what_stays_as_it_is(case: Case) -> None:
    assert _made(lambda *args: args[0] if args else 1.0, case) == ()


def test_shares_are_no_whole_numbers() -> None:
    shares = np.array([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.2, 0.5, 0.2, 0.1]])
    made = _made(lambda x, p: p * x.sum(axis=-1, keepdims=True), Case("shares", (shares, shares)))[0]
    assert np.all(made.args[0] < 1)


def test_a_reference_that_takes_no_other_sizes() -> None:
    def only(x: Any) -> Any:
        if x.shape != (2, 3):
            raise ValueError
        return np.exp(x)

    (made,) = _made(only, _drawn((2, 3)))
    assert made.args[0].shape == (2, 3)
    assert np.array_equal(made.args[0], np.round(made.args[0]))


def test_of_square_ones_nothing_is_made_where_others_tell_more() -> None:
    square, oblong = _drawn((5, 5), (5, 5), name="square"), _drawn((4, 3), (4, 3), name="oblong")
    assert {case.of for case in _made(_scores, square, oblong)} == {"oblong"}


def test_a_unit_has_them_once_for_all_students(own_course: Course) -> None:
    known = material.load(own_course, own_course.unit("self-attention"))
    made = smaller(known, "softmax", "explain")
    assert made is smaller(known, "softmax", "explain")
    assert made[0].of == "a table of scores"
    assert made[0].args[0].shape == (2, 3)
    with pytest.raises(ValueError, match="read-only"):
        made[0].args[0][0, 0] = 1
    public = smaller(known, "softmax", "public")
    assert not np.array_equal(made[0].args[0], public[0].args[0])
