from __future__ import annotations

import re
from typing import Any

import least_form
import numpy as np
import pytest

from autograder.course import declared, derived, drawing, shapes
from autograder.course.shapes import Shape
from autograder.course.steps import Procedure
from autograder.course.subject import plain
from autograder.records import Case


def made(source: str) -> tuple[tuple[Shape, ...], Procedure]:
    lesson = least_form.lesson(source)
    (name,) = lesson.exercises
    said = shapes.of_function(lesson, name)
    assert said is not None
    found = derived.derive(lesson, name, declared.samples(said), declared.axes(said))
    return said, plain(lesson.names[name]) if found is None else found


def cases(source: str, seed: int = 1) -> dict[str, Case]:
    said, reference = made(source)
    return {case.name: case for case in declared.cases(said, reference, np.random.default_rng(seed))}


def sizes(case: Case) -> list[tuple[int, ...]]:
    return [np.shape(one) for one in case.args]  # type: ignore[arg-type]


def test_sizes_differ_in_ordinary_cases_but_for_one_and_are_1_at_the_edges() -> None:
    found = cases(least_form.SCORES)
    assert list(found) == [
        "all sizes different",
        "other sizes",
        "all sizes equal",
        "n_q is 1",
        "d_k is 1",
        "n_k is 1",
    ]
    (n_q, d_k), (n_k, same) = sizes(found["all sizes different"])
    assert d_k == same
    assert len({n_q, n_k, d_k, 1}) == 4
    (other_q, _), (other_k, _) = sizes(found["other sizes"])
    assert (n_q < n_k) != (other_q < other_k)
    assert sizes(found["all sizes equal"]) == [(4, 4), (4, 4)]
    assert sizes(found["n_k is 1"])[1][0] == 1
    assert [case.kind for case in found.values()] == ["ordinary"] * 3 + ["one-token"] * 3


def test_any_number_of_axes_and_huge_entries() -> None:
    found = cases(least_form.SOFTMAX)
    assert [np.ndim(case.args[0]) for case in found.values()] == [2, 2, 2, 1, 3, 2, 2, 2]  # type: ignore[arg-type]
    huge = found["huge entries"]
    assert huge.kind == "huge"
    assert np.abs(np.asarray(huge.args[0])).min() > 900
    apart = np.asarray(found["rows of very different size"].args[0])
    assert np.ptp(apart, axis=-1).max() < 10 < 400 < np.ptp(apart)


def test_a_family_is_another_where_its_generator_is() -> None:
    one, other = cases(least_form.SCORES), cases(least_form.SCORES, 2)
    assert list(one) == list(other)
    assert not np.array_equal(
        np.ravel(one["all sizes equal"].args[0]), np.ravel(other["all sizes equal"].args[0])
    )  # type: ignore[arg-type]


def test_a_student_gets_other_numbers_that_tell_as_much() -> None:
    said, reference = made(least_form.SOFTMAX)
    case = declared.cases(said, reference, np.random.default_rng(3))[0]
    for seed in range(3):
        own = drawing.put_in(np.random.default_rng(seed), case)
        assert not np.array_equal(np.asarray(own.args[0]), np.asarray(case.args[0]))
        assert drawing.telling(reference(*own.args))


@pytest.mark.parametrize(
    ("annotation", "fits"),
    [
        ("n d, positive", lambda x: x.min() > 0),
        ("n, integer", lambda x: x.dtype.kind == "i"),
        ("n, bool", lambda x: x.dtype == bool),
        ("n, labels < 3", lambda x: set(x.tolist()) <= {0, 1, 2}),
        ("n 3, probabilities", lambda x: np.allclose(x.sum(axis=-1), 1) and x.min() > 0 and x.shape[1] == 3),
        ("n, words", lambda x: len(set(x)) == len(x) and all(isinstance(word, str) for word in x)),
        ("text", lambda x: isinstance(x, str) and " " in x),
        ("number", lambda x: type(x) is float),
        ("integer", lambda x: type(x) is int),
        ("n, n >= 5", lambda x: len(x) >= 5),
    ],
)  # fmt: skip
def test_kinds(annotation: str, fits: Any) -> None:
    found = cases(f'def f(x: "{annotation}"):\n    return [x, x]\n')
    assert len(found) >= 3
    for case in found.values():
        own = drawing.put_in(np.random.default_rng(1), case)
        assert fits(own.args[0]), own.args


def test_words_of_a_vocabulary_and_a_size_as_a_number() -> None:
    source = 'def f(tokens: "n, words of known", known: "v, words", k: "size v"):\n    return [known.index(t) for t in tokens], k\n'
    for case in cases(source).values():
        tokens, known, size = case.args
        assert isinstance(tokens, list)
        assert isinstance(known, list)
        assert set(tokens) <= set(known)
        assert size == len(known)


def test_a_product_of_sizes_is_one_axis() -> None:
    source = 'def f(x: "n h*d", W: "h d"):\n    return x * W.reshape(-1)\n'
    for case in cases(source).values():
        (_, wide), (h, d) = sizes(case)
        assert wide == h * d


def test_a_solution_that_takes_no_inputs_drawn_is_told_with_what_it_says() -> None:
    for body, trouble in (
        (
            "raise KeyError('no')",
            "no inputs for the case “all sizes different” that the solution takes without an error (KeyError: 'no')",
        ),
        (
            "return x / 0",
            "no inputs for the case “all sizes different” that the solution takes with a result of finite",
        ),
    ):
        with pytest.raises(RuntimeError, match=re.escape(trouble)):
            cases(f'def f(x: "n d"):\n    {body}\n')


def test_more_inputs_have_sizes_of_every_kind() -> None:
    said, _ = made(least_form.SCORES)
    found = {tuple(map(np.shape, args)) for args in declared.more(said, 3)}
    assert len(found) > 10
    assert all(query[1] == key[1] for query, key in found)


def test_results_may_be_infinite_in_part() -> None:
    found = cases('def f(x: "n n"):\n    return np.where(np.tri(len(x)) > 0, x, -np.inf)\n')
    assert len(found) == 4
    own = drawing.put_in(np.random.default_rng(1), found["a larger size"])
    assert np.shape(own.args[0]) == (9, 9)  # type: ignore[arg-type]
