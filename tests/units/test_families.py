"""The inputs give every student the same test, whatever the seed: same cases, same shapes, same verdicts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from catalogue import COURSE, HOME, MATERIALS

from autograder import nested
from autograder.checking.compare import compare
from autograder.course import material
from autograder.course.secret import Family
from autograder.data import Array, Value
from autograder.records import Case, Returned, Tolerance

FUNCTIONS = list(HOME)
OF_SIZES = (
    "causal_mask",
    "positional_encoding",
)  # what they give is made of sizes, the same for all students
NUMERIC = [function for function in FUNCTIONS if function not in ("one_hot", *OF_SIZES)]
FAMILIES: tuple[Family, ...] = ("public", "hidden", "explain")
SEEDS = range(75)  # each of one family: those that leave the same rest, divided by 3


@cache
def drawn(function: str, seed: int) -> tuple[tuple[Case, Value | tuple[str, ...]], ...]:
    """The cases of one seed, each with what is due."""
    loaded = MATERIALS[HOME[function]]
    return tuple(
        (case, material.expected(loaded, function, case))
        for case in material.draw(loaded, function, FAMILIES[seed % 3], seed)
    )


def form(case: Case) -> tuple[Any, ...]:
    """All of a case that must not hang on the seed."""
    sizes = tuple(
        [a.shape for a in nested.arrays((a,))] or (0 if isinstance(a, int) else len(a)) for a in case.args
    )
    return case.name, case.kind, case.raises, sizes


def passes(case: Case, expected: Value | tuple[str, ...], value: Value) -> bool:
    return compare(case, expected, Returned(value), Tolerance()) is None


def each(change: Callable[[Array], Array], value: Any) -> Any:
    """`change` on every array of a result or of arguments."""
    return tuple(change(part) for part in value) if isinstance(value, tuple) else change(value)


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_seed_draws_the_same_cases_with_other_numbers(function: str) -> None:
    (first, *others) = [[form(case) for case, _ in drawn(function, seed) if case.ships] for seed in SEEDS]
    assert all(other == first for other in others)
    assert 6 <= len(first) <= 9
    graded = [
        [form(case) for case, _ in drawn(function, seed)] for seed in SEEDS if FAMILIES[seed % 3] != "public"
    ]
    assert all(one == graded[0] and len(one) > len(first) for one in graded)
    assert len({name for name, *_ in first}) == len(first)
    assert first[0][1] == "ordinary"
    for family, other_family in ((0, 1), (1, 2), (2, 0)):  # what is seen in one earns nothing in another
        others = {case.name: due for case, due in drawn(function, other_family)}
        same = [
            passes(case, due, others[case.name])
            for case, due in drawn(function, family)
            if case.kind == "ordinary"
        ]
        # Of few sizes, what is explained may have some that are shown too; what is hidden has none of them.
        if function in OF_SIZES and "hidden" not in (FAMILIES[family], FAMILIES[other_family]):
            assert not all(same)
        else:
            assert not any(same)


@pytest.mark.slow
@pytest.mark.parametrize("function", NUMERIC)
def test_two_students_have_other_numbers(function: str) -> None:
    for family in range(3):
        for (case, one), (_, other) in zip(drawn(function, family), drawn(function, family + 3), strict=True):
            assert not passes(case, one, other)


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_expected_results_hold_no_nan(function: str) -> None:
    known = np.isnan if function == "causal_mask" else lambda part: ~np.isfinite(part)
    for seed in SEEDS:
        for case, expected in drawn(function, seed):
            if not case.raises:
                each(lambda part: np.testing.assert_array_equal(known(part), False), expected)


@pytest.mark.parametrize("instead", [-10.0, -20.0, -25.0])
def test_a_number_that_is_only_small_is_no_minus_infinity(instead: float) -> None:
    softmax = MATERIALS["self-attention"].procedures["softmax"]
    for seed in SEEDS:
        (masked,) = ((case, due) for case, due in drawn("softmax", seed) if case.kind == "minus-inf")
        case, expected = masked
        (x,) = case.args
        assert not passes(case, expected, softmax(np.where(np.isinf(x), instead, x)))
        assert passes(case, expected, softmax(np.where(np.isinf(x), -1e9, x)))


@pytest.mark.parametrize("end", [6.0, 10.0, 100.0])
def test_a_relu_that_ends_somewhere_is_none(end: float) -> None:
    for seed in SEEDS:
        (large,) = ((case, due) for case, due in drawn("feed_forward", seed) if case.name == "large entries")
        case, expected = large
        x, W_1, b_1, W_2, b_2 = case.args
        assert not passes(case, expected, np.clip(x @ W_1 + b_1, 0, end) @ W_2 + b_2)


@pytest.mark.parametrize("function", OF_SIZES)
def test_what_is_made_of_sizes_is_graded_on_sizes_that_are_seen_nowhere_else(function: str) -> None:
    public, hidden, explain = (
        {case.args for case, _ in drawn(function, family) if case.kind == "ordinary"} for family in range(3)
    )
    assert not hidden & (public | explain)


@pytest.mark.parametrize("function", NUMERIC)
def test_single_precision_passes_everywhere(function: str) -> None:
    procedure = MATERIALS[HOME[function]].procedures[function]
    for seed in SEEDS:
        for case, expected in drawn(function, seed):
            got = procedure(*(nested.mapped(argument, np.float32) for argument in case.args))
            assert passes(case, expected, got), (seed, case.name)


# What lies between has decimals of the same grid as four, and is never nearer.
@pytest.mark.parametrize("decimals", [0, 4])
@pytest.mark.parametrize("function", NUMERIC)
def test_coarse_rounding_fails_every_ordinary_case(function: str, decimals: int) -> None:
    for seed in SEEDS:
        for case, expected in drawn(function, seed):
            if case.kind in ("ordinary", "one-token"):
                rounded = each(lambda part: np.round(part, decimals), expected)
                assert not passes(case, expected, rounded), (seed, case.name)


@pytest.mark.parametrize("function", NUMERIC)
def test_half_precision_fails_every_ordinary_case(function: str) -> None:
    for seed in SEEDS:
        for case, expected in drawn(function, seed):
            if case.kind == "ordinary":
                assert not passes(case, expected, each(lambda part: part.astype(np.float16), expected))


@pytest.mark.parametrize("function", NUMERIC)
def test_rounding_to_five_decimals_passes_every_ordinary_case(function: str) -> None:
    for seed in SEEDS:
        for case, expected in drawn(function, seed):
            if case.kind == "ordinary":
                assert passes(case, expected, each(lambda part: np.round(part, 5), expected))


@pytest.mark.parametrize("function", ["scaled_scores", "attend", "multi_head"])
def test_no_d_k_is_a_perfect_square(function: str) -> None:
    for case, _ in drawn(function, 0):
        d_k = np.shape(case.args[1])[-1]
        assert d_k > 1
        assert np.sqrt(d_k) % 1 > 0


def test_sizes_tell_one_axis_from_another() -> None:
    """In each function some ordinary case has no two sizes alike, and another has all alike."""
    for function in NUMERIC:
        sizes = [
            {size for array in nested.arrays(tuple(case.args)) for size in array.shape}
            for case, _ in drawn(function, 0)
            if case.kind == "ordinary"
        ]
        assert max(len(one) for one in sizes) >= (
            4
            if function in ("attend", "project_qkv", "multi_head", "block", "stack")
            else 2
            if function == "layer_norm"
            else 3
        )
        if function not in ("multi_head", "block", "stack"):  # h·d_v cannot equal d_v with several heads
            assert min(len(one) for one in sizes) == 1


def test_softmax_has_one_two_and_three_dimensions_and_entries_beyond_exp() -> None:
    for seed in SEEDS:
        by_name = {case.name: np.asarray(case.args[0]) for case, _ in drawn("softmax", seed)}
        assert {x.ndim for x in by_name.values()} == {1, 2, 3}
        assert by_name["huge entries"].max() > 709
        assert by_name["huge entries"].min() < -745
        assert np.all(by_name["all entries negative"] < 0)
        masked = np.isneginf(by_name["some entries minus infinity"])
        assert masked.any()
        assert not masked.all(axis=-1).any()


@pytest.mark.parametrize("function", ["attend", "multi_head"])
def test_huge_scores_overflow(function: str) -> None:
    procedure = MATERIALS[HOME[function]].procedures[function]
    for seed in SEEDS:
        (huge,) = [case for case, _ in drawn(function, seed) if case.kind == "huge"]
        assert procedure.values(*huge.args)["scores"].max() > 709


@pytest.mark.parametrize("seed", [202, 1218, 1350])  # which once drew two best keys
def test_each_query_has_one_best_key(seed: int) -> None:
    """All ways to choose it are then the same."""
    for case, _ in drawn("attend", seed):
        Query, Key, _ = case.args
        assert isinstance(Query, np.ndarray)
        assert isinstance(Key, np.ndarray)
        scores = np.sort(Query @ Key.T, axis=-1)
        assert np.all(np.diff(scores)[:, -1:] > 1e-6), case.name


def test_one_hot_words_repeat_are_absent_and_stand_in_no_order() -> None:
    for seed in SEEDS:
        by_name = {case.name: case.args for case, _ in drawn("one_hot", seed)}
        tokens, vocabulary = by_name["repeated words"]
        assert len(set(tokens)) < len(tokens)
        assert set(vocabulary) - set(tokens)
        assert all(list(words) != sorted(words) for _, words in list(by_name.values())[:5])
        tokens, vocabulary = by_name["an unknown word"]
        assert len(set(tokens) - set(vocabulary)) == 1
        assert all(len(set(words)) == len(words) for _, words in by_name.values())


def test_words_are_compared_in_one_case_alone() -> None:
    """A mistake in comparing words, by case or by part, must not hang on which words were drawn."""
    material.load(COURSE, COURSE.unit("embeddings"))  # another test may have loaded another course since
    from solutions.embeddings.inputs import WORDS

    assert len(set(WORDS)) == len(WORDS)
    assert all(word == word.lower() for word in WORDS)
    assert not [(one, other) for one in WORDS for other in WORDS if one != other and one in other]


def test_all_students_have_the_same_words() -> None:
    for family in range(3):
        found = [[case.args for case, _ in drawn("one_hot", seed)] for seed in SEEDS[family::3]]
        assert all(one == found[0] for one in found)


def test_what_goes_by_a_part_of_a_word_is_wrong_on_every_ordinary_sentence() -> None:
    for family in range(3):
        for case, _ in drawn("one_hot", family):
            tokens, vocabulary = case.args
            assert isinstance(vocabulary, list)
            if case.kind == "ordinary":
                for part in (lambda word: word[0], len):
                    place = {part(word): j for j, word in enumerate(vocabulary)}
                    assert any(vocabulary[place[part(token)]] != token for token in tokens), case.name


@pytest.mark.parametrize("function", NUMERIC)
def test_all_students_have_the_same_structure_of_numbers(function: str) -> None:
    """Signs, order and ties of all numbers of a case, across its arrays, and their whole parts."""

    def structure(case: Case) -> tuple[bytes, ...]:
        numbers = np.concatenate([np.ravel(array) for array in nested.arrays(tuple(case.args))])
        numbers[np.isinf(numbers)] = -1e9
        order = np.unique(numbers, return_inverse=True)[1]
        return order.tobytes(), np.sign(numbers).tobytes(), np.trunc(numbers).tobytes()

    for family in range(3):
        found = [[structure(case) for case, _ in drawn(function, seed)] for seed in SEEDS[family::3]]
        assert all(one == found[0] for one in found)


@pytest.mark.parametrize("function", NUMERIC)
def test_all_students_have_the_largest_entries_at_the_same_places(function: str) -> None:
    """In each row of each step, and those of all rows: code may branch on either."""
    procedure = MATERIALS[HOME[function]].procedures[function]

    def places(case: Case) -> list[Any]:
        with np.errstate(all="ignore"):
            values = procedure.values(*case.args)
        steps = [np.round(np.atleast_1d(np.asarray(values[step.symbol])), 9) for step in procedure.steps]
        return [
            (value.argmax(-1).tolist(), value.argmin(-1).tolist(), value.argmax(), value.min() < 0)
            for value in steps
        ]

    for family in range(3):
        # Those of the large cases, which are there for their sizes, have too many rows to stay where they are.
        found = [
            [places(case) for case, _ in drawn(function, seed) if case.kind != "large"]
            for seed in SEEDS[family::3]
        ]
        assert all(one == found[0] for one in found)
