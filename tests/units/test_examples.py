"""The corpus of student code: right ones are right, and each mistake is what its heading says and nothing else.

Harmless examples run here in process; the others are for the worker.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
from catalogue import HOME, MATERIALS
from example_runs import ELSEWHERE, run

from autograder.checking.compare import changed_inputs, held_against, same_outcome
from autograder.course import material
from autograder.course.corpus import Example, examples
from autograder.course.secret import Family
from autograder.course.steps import Misconception
from autograder.explaining.general import GENERAL
from autograder.mismatch import Mismatch
from autograder.records import Case, Outcome, Tolerance

FUNCTIONS = list(HOME)
FAMILIES: tuple[Family, ...] = ("public", "hidden", "explain")
SEEDS = (1, 2)


def corpus(function: str) -> tuple[Example, ...]:
    return examples(MATERIALS[HOME[function]], function)


@cache
def drawn(function: str, seed: int) -> tuple[tuple[Case, Any], ...]:
    loaded = MATERIALS[HOME[function]]
    return tuple(
        (case, material.expected(loaded, function, case))
        for case in material.draw(loaded, function, FAMILIES[seed % 3], seed)
    )


@cache
def symptoms(function: str, seed: int) -> dict[int, tuple[Outcome, ...]]:
    return {
        place: tuple(
            held_against(case, due, material.outcome(entry.symptom, case), Tolerance())
            for case, due in drawn(function, seed)
        )
        for place, entry in enumerate(MATERIALS[HOME[function]].misconceptions[function])
    }


def borne_out(
    entry: Misconception,
    symptom: tuple[Outcome, ...],
    source: str,
    results: list[tuple[Case, Outcome, Mismatch | None]],
) -> bool:
    """Whether the results bear out a misconception on every input that it speaks of."""
    if entry.telltale and not re.search(entry.telltale, source):
        return False
    for (case, outcome, mismatch), due in zip(results, symptom, strict=True):
        if (case.kind == "ordinary") == entry.edge:
            continue
        if entry.fits is not None:
            if not entry.fits(case, outcome, mismatch is None):
                return False
        elif not same_outcome(due, outcome, Tolerance()):
            return False
    return True


def found(function: str, example: Example, seed: int) -> set[str]:
    """The ids of all catalogued misconceptions that account for what the example does."""
    results = run(function, example, drawn(function, seed))
    wrong = {case.kind == "ordinary" for case, _, mismatch in results if mismatch is not None}
    if not wrong:
        return set()
    return {
        entry.id
        for place, entry in enumerate(MATERIALS[HOME[function]].misconceptions[function])
        # Edge inputs have their own findings, which stand beside one on ordinary inputs.
        if entry.edge != (True in wrong)
        and borne_out(entry, symptoms(function, seed)[place], example.source, results)
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_mistake_is_written_in_two_ways_and_twelve_are_right(function: str) -> None:
    count = Counter(example.expect for example in corpus(function))
    assert count["right"] >= 12
    ids = {entry.id for entry in MATERIALS[HOME[function]].misconceptions[function]}
    assert {name: count[name] for name in ids if count[name] < 2} == {}
    known = {"right", *ids, *(f"general.{name}" for name in GENERAL)}
    assert set(count) <= known
    assert len({(example.expect, example.description) for example in corpus(function)}) == len(
        corpus(function)
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_example_defines_its_function_with_def(function: str) -> None:
    assert all(re.search(rf"^def {function}\(", example.source, re.MULTILINE) for example in corpus(function))


def amiss(function: str, example: Example) -> str:
    """What an example does that its heading does not say; empty where it is as it says."""
    due = {"right": (False, False), "general.mutates-input": (False, True)}.get(example.expect, (True, False))
    catalogued = not example.expect.startswith("general.") and example.expect != "right"
    for seed in SEEDS:
        results = run(function, example, drawn(function, seed))
        wrong = [(case.name, mismatch.message) for case, _, mismatch in results if mismatch is not None]
        changed = any(changed_inputs(case, outcome) for case, outcome, _ in results)
        if (bool(wrong), changed) != due:
            return f"wrong: {wrong}, inputs changed: {changed}"
        if example.expect == "general.right-not-returned":
            continue  # what comes back instead may have a name of its own
        ids = found(function, example, seed)
        if ids != ({example.expect} if catalogued else set()):
            return f"is {ids}"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_example_is_what_its_heading_says(function: str) -> None:
    harmless = [example for example in corpus(function) if example.expect not in ELSEWHERE]
    told = {f"{one.expect}: {one.description}": amiss(function, one) for one in harmless}
    assert {example: what for example, what in told.items() if what} == {}
