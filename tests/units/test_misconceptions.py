"""Each catalogued mistake is caught, and told from every other one, whatever the seed."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from catalogue import COURSE, HOME, MATERIALS

from autograder.checking.compare import compare, held_against, same_outcome
from autograder.course import material
from autograder.course.secret import Family
from autograder.course.steps import Misconception, Procedure
from autograder.records import Case, Outcome, Raised, Returned, Tolerance

FUNCTIONS = list(HOME)
FAMILIES: tuple[Family, ...] = ("public", "hidden", "explain")
SEEDS = range(18)  # each of one family: those that leave the same rest, divided by 3

PROMISED = {
    "one_hot": """own-vocabulary transposed off-by-one position-not-word bag-of-words integer-labels
        aliased-rows inverted part-of-a-word unknown-accepted""",
    "project_qkv": """swapped-outputs reused-weights chained transposed-weights transposed-output
        value-not-projected elementwise scaled-early""",
    "scaled_scores": """unscaled divided-by-d_k multiplied-by-sqrt scaled-by-n_tokens scaled-twice transposed
        self-product elementwise feature-product cosine softmaxed-early floor-division sqrt-of-everything negated""",
    "softmax": """wrong-axis global-normalise unstable shift-sign min-shift global-max shift-axis half-shifted shifted-late no-exp
        not-normalised log-softmax sigmoid hard-max wrong-base missing-keepdims two-d-only epsilon
        l2-normalised""",
    "attend": """unscaled unstable no-softmax wrong-axis weights-transposed key-for-value query-for-value
        returns-weights mean-pooled summed-over-tokens residual-added swapped-query-key softmax-twice
        causal-mask hard-max""",
    "multi_head": """heads-summed heads-averaged no-output-projection reshape-mixed interleaved
        one-head-repeated reversed-order concat-wrong-axis scaled-by-d_model unscaled unstable
        output-weights-transposed shared-weights softmax-over-heads""",
    "causal_mask": """transposed inverted zeros-and-ones diagonal-masked next-visible large-negative nan
        positive-infinity""",
    "positional_encoding": """swapped halves unpaired exponent-halved exponent-undivided wrong-base multiplied
        starts-at-one one-wave transposed""",
    "layer_norm": """wrong-axis global no-root no-epsilon one-less not-centred not-divided sum-of-squares
        missing-keepdims""",
    "feed_forward": """no-relu relu-at-the-end no-bias bias-after-relu other-activation negative-kept step-function
        residual-added returns-hidden transposed-weights""",
    "block": """no-residual norm-after no-norm norm-on-the-short-cut network-reads-the-input
        short-cut-from-the-start network-first no-mask no-network no-attention normed-at-the-end""",
    "stack": """not-chained one-layer-repeated first-layer-alone reversed no-positions
        positions-in-every-layer no-mask no-last-norm norm-after-every-layer layers-summed returns-all two-layers
        last-layer-left-out""",
}

# Pairs whose results are the same on any input; a telltale in the source decides between them.
IDENTICAL = [
    # √d_k · √d_k is d_k.
    {"scaled_scores.divided-by-d_k", "scaled_scores.scaled-twice"},
    # Whatever lies far below the maximum overflows alike.
    {"softmax.min-shift", "softmax.mean-shift"},
    # Single precision overflows far below, as double does where the maximum was added.
    {"softmax.unstable", "softmax.shift-sign"},
    # With several heads all three leave d_v columns, which W_O refuses; with one head all three are right.
    {"multi_head.heads-summed", "multi_head.heads-averaged"},
    {"multi_head.heads-summed", "multi_head.concat-wrong-axis"},
    {"multi_head.heads-averaged", "multi_head.concat-wrong-axis"},
]


def catalogue(function: str) -> tuple[Misconception, ...]:
    return MATERIALS[HOME[function]].misconceptions[function]


@cache
def drawn(function: str, seed: int) -> tuple[tuple[Case, Any], ...]:
    loaded = MATERIALS[HOME[function]]
    return tuple(
        (case, material.expected(loaded, function, case))
        for case in material.draw(loaded, function, FAMILIES[seed % 3], seed)
    )


@cache
def symptoms(function: str, seed: int) -> tuple[tuple[Outcome, ...], ...]:
    """What each misconception gives for each case."""
    return tuple(
        tuple(
            held_against(case, due, material.outcome(misconception.symptom, case), Tolerance())
            for case, due in drawn(function, seed)
        )
        for misconception in catalogue(function)
    )


def wrong(function: str, seed: int, tolerance: Tolerance) -> list[tuple[str, ...]]:
    """The names of the cases that each misconception gets wrong."""
    return [
        tuple(
            case.name
            for (case, expected), outcome in zip(drawn(function, seed), outcomes, strict=True)
            if compare(case, expected, outcome, tolerance) is not None
        )
        for outcomes in symptoms(function, seed)
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_promised_id_is_there(function: str) -> None:
    ids = {misconception.id for misconception in catalogue(function)}
    assert {f"{function}.{name}" for name in PROMISED[function].split()} <= ids


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_mistake_fails_the_same_cases_under_every_seed_and_by_a_margin(function: str) -> None:
    kinds = {case.name: case.kind for case, _ in drawn(function, 1)}
    always = wrong(function, 1, Tolerance())  # of all cases: of those that do not ship, too
    for misconception, failed in zip(catalogue(function), always, strict=True):
        ordinary = [name for name in failed if kinds[name] == "ordinary"]
        assert failed
        assert bool(ordinary) != misconception.edge, misconception.id
    for seed in SEEDS:
        known = {case.name for case, _ in drawn(function, seed)}
        due = [tuple(name for name in failed if name in known) for failed in always]
        assert wrong(function, seed, Tolerance()) == due, seed
        if seed % 8 == 0:
            assert wrong(function, seed, Tolerance(2e-8, 2e-5)) == due, seed
            assert wrong(function, seed, Tolerance(5e-9, 5e-6)) == due, seed


def rough(outcome: Outcome) -> object:
    """What two outcomes must share to be the same at all: quick to compare."""
    if isinstance(outcome, Returned) and isinstance(outcome.value, np.ndarray):
        return outcome.value.shape
    return outcome.exception if isinstance(outcome, Raised) else None


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_any_two_mistakes_are_told_apart_under_every_seed(function: str) -> None:
    entries = catalogue(function)
    kinds = [case.kind for case, _ in drawn(function, 0)]
    for seed in SEEDS:
        outcomes = symptoms(function, seed)
        keys = [[rough(outcome) for outcome in each] for each in outcomes]
        for one, other in itertools.combinations(range(len(entries)), 2):
            first, second = entries[one], entries[other]
            if first.id == second.id or {first.id, second.id} in IDENTICAL or first.edge != second.edge:
                continue
            assert any(
                keys[one][place] != keys[other][place]
                or not same_outcome(outcomes[one][place], outcomes[other][place], Tolerance())
                for place, kind in enumerate(kinds)
                if (kind == "ordinary") != first.edge
            ), (first.id, one, second.id, other, seed)


@pytest.mark.slow
def test_a_telltale_stands_where_results_cannot_decide_and_nowhere_else() -> None:
    for function in FUNCTIONS:
        entries = catalogue(function)
        tied = set()
        for one, other in itertools.combinations(range(len(entries)), 2):
            if entries[one].id != entries[other].id and all(
                same_outcome(left, right, Tolerance())
                for left, right in zip(symptoms(function, 0)[one], symptoms(function, 0)[other], strict=True)
            ):
                assert {entries[one].id, entries[other].id} in IDENTICAL
                tied |= {one, other}
        assert tied == {place for place, entry in enumerate(entries) if entry.telltale}


def test_no_telltale_is_found_in_the_name_of_the_function_itself() -> None:
    told = [
        (function, misconception.id, misconception.telltale)
        for material in MATERIALS.values()
        for function, catalogue in material.misconceptions.items()
        for misconception in catalogue
        if misconception.telltale
        and not re.search(misconception.telltale, "")  # it asks that something is there
    ]
    assert len(told) > 5
    assert [one for one in told if re.search(one[2], f"def {one[0]}(x):\n    return x")] == []


def test_of_queries_keys_and_values_those_are_named_that_are_wrong() -> None:
    due = {"Query": "W_Q", "Key": "W_K", "Value": "W_V"}
    for entry in catalogue("project_qkv"):
        if entry.id in ("project_qkv.swapped-outputs", "project_qkv.reused-weights"):
            assert isinstance(entry.symptom, Procedure)
            took = {step.symbol: step.operands[-1] for step in entry.symptom.steps}
            swapped = entry.id.endswith("swapped-outputs")
            wrong = [
                name
                for name, weights in took.items()
                if (weights != due[name] if swapped else list(took.values()).count(weights) > 1)
            ]
            assert entry.elsewhere is not None
            words = {"Query": "queries", "Key": "keys", "Value": "values"}
            assert [name for name in took if words[name] in entry.elsewhere.lower()] == wrong


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_mistake_is_known_by_its_exceptions_alone(function: str) -> None:
    """An exception on every ordinary input could come from anything."""
    for misconception, outcomes in zip(catalogue(function), symptoms(function, 0), strict=True):
        assert any(
            isinstance(outcome, Returned) and isinstance(outcome.value, np.ndarray | tuple)
            for (case, _), outcome in zip(drawn(function, 0), outcomes, strict=True)
            if case.kind == "ordinary"
        ), misconception.id


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_entry_is_there_twice(function: str) -> None:
    entries, outcomes = catalogue(function), symptoms(function, 0)
    for one, other in itertools.combinations(range(len(entries)), 2):
        if entries[one].id == entries[other].id:
            assert not all(
                same_outcome(left, right, Tolerance())
                for left, right in zip(outcomes[one], outcomes[other], strict=True)
            ), (entries[one].id, one, other)


# --------------------------------------------------------------------------------------------- what fits

SENTENCE = Case("c", (["b", "a", "b"], ["x", "b", "a", "y"]))


def fits(identifier: str, case: Case, outcome: Outcome, right: bool, *, place: int = 0) -> bool:
    entries = [entry for entry in catalogue(identifier.split(".")[0]) if entry.id == identifier]
    rule = [entry.fits for entry in entries if entry.fits is not None][place]
    return rule(case, outcome, right)


@pytest.mark.parametrize(
    ("rows", "borne_out"),
    [
        ([[1, 0], [0, 1], [1, 0]], True),
        ([[0, 1], [1, 0], [0, 1]], True),
        ([[1, 0], [0, 1], [0, 1]], False),
        ([[1, 0], [1, 0], [1, 0]], False),
        ([[1, 1], [0, 1], [1, 0]], False),
        ([[1, 0], [0, 2], [1, 0]], False),
        ([[0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]], False),
    ],
)
def test_an_own_vocabulary_may_have_any_order(rows: list[list[int]], borne_out: bool) -> None:
    assert fits("one_hot.own-vocabulary", SENTENCE, Returned(np.array(rows)), False) is borne_out


def test_an_own_vocabulary_is_a_table() -> None:
    assert not fits("one_hot.own-vocabulary", SENTENCE, Returned(None), False)
    assert not fits("one_hot.own-vocabulary", SENTENCE, Raised("ValueError"), False)


def test_whatever_is_returned_for_a_stranger_is_accepted() -> None:
    stranger = Case("c", (["z"], ["x"]), kind="unknown-word", raises=("ValueError",))
    assert fits("one_hot.unknown-accepted", stranger, Returned(None), False)
    assert not fits("one_hot.unknown-accepted", stranger, Raised("ValueError"), True)
    assert fits("one_hot.unknown-accepted", SENTENCE, Raised("IndexError"), False)


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_two_d_only_is_right_on_tables_and_wrong_elsewhere(dimensions: int) -> None:
    case = Case("c", (np.zeros((2,) * dimensions),))
    for right in (True, False):
        assert fits("softmax.two-d-only", case, Raised("AxisError"), right) is (right == (dimensions == 2))
        assert fits("softmax.two-d-only", case, Raised("AxisError"), right, place=1) is (
            right == (dimensions < 3)
        )


# ---------------------------------------------------------------------------------------- what students read


def headings(function: str) -> set[str]:
    """The headings of the lesson of this function, and of those before it."""
    found: set[str] = set()
    for unit in COURSE.units:
        text = (COURSE.root / "solutions" / unit.name / f"{unit.name}.py").read_text(encoding="utf-8")
        found |= set(re.findall(r"^# #{1,4} (.+)$", text, flags=re.MULTILINE))
        if unit.name == HOME[function]:
            break
    return found


def syllables(word: str) -> int:
    """Roughly: groups of vowels, without a silent e at the end."""
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^lae]e$|[^td]ed$", word):
        groups -= 1
    return max(groups, 1)


def reading_grade(text: str) -> float:
    """Flesch and Kincaid's grade level."""
    sentences = [part for part in re.split(r"[.!?:]\s", f"{text} ") if part.strip()]
    words = re.findall(r"[\w√·−\-']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def look(entry: Misconception, function: str, meant: Any) -> str:
    """What a student sees who runs the line, with `meant` in the place of the function."""
    names = {name: MATERIALS[HOME[name]].procedures[name] for name in FUNCTIONS}
    with np.errstate(all="ignore"):
        try:
            return repr(eval(entry.look, {"np": np, **names, function: meant}))
        except Exception as error:
            return type(error).__name__


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_line_to_run_shows_the_mistake(function: str) -> None:
    for entry in catalogue(function):
        assert "\n" not in entry.look, entry.id
        assert "  # " in entry.look, entry.id
        due = look(entry, function, MATERIALS[HOME[function]].procedures[function])
        assert due == "ValueError" or entry.id != "one_hot.unknown-accepted"
        assert not due.endswith("Error") or entry.id == "one_hot.unknown-accepted", entry.id
        assert look(entry, function, entry.symptom) != due, entry.id


@pytest.mark.parametrize("function", FUNCTIONS)
def test_texts_are_plain_and_give_no_code_away(function: str) -> None:
    known = headings(function)
    for entry in catalogue(function):
        assert len(entry.title) <= 80, entry.id
        assert not entry.title.endswith("."), entry.id
        assert 40 <= len(entry.why.split()) <= 90, entry.id
        assert reading_grade(entry.why) <= 9, entry.id
        told = f"{entry.title} {entry.why} {entry.read}"
        assert not re.search(r"np\.|@|\(|axis=|keepdims|\.T\b|\bdef\b|\breturn\b|[_a-z]\[", told), told
        for code in ("np.sqrt", "np.exp", "np.max", "np.concatenate", "keepdims", " @ ", "/ np", ".T"):
            assert code not in entry.look, entry.id
        assert entry.read in known, entry.id


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_step_that_departs_is_one_of_the_steps(function: str) -> None:
    names = {step.name for step in MATERIALS[HOME[function]].procedures[function].steps}
    assert {entry.step for entry in catalogue(function)} <= names | {None}
