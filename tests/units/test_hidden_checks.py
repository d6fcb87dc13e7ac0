"""The course's own hidden checks: full marks for the reference, sensible parts for work that is partly right."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from catalogue import COURSE, HOME, MATERIALS

from autograder.checking import standard
from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import changed_inputs, compare
from autograder.checking.graders import Graders
from autograder.course import material
from autograder.data import Array
from autograder.notebook import definitions
from autograder.records import Check, Function, Outcome, Raised, Returned
from autograder.sandbox.worker import Run

FUNCTIONS = {function.name: function for unit in COURSE.units for function in unit.functions}

ODD_ARRAYS: dict[str, Array] = {
    "a single number": np.array(5.0),
    "nothing": np.zeros(0),
    "no rows": np.zeros((0, 3)),
    "a complex number": np.array(1 + 2j),
    "complex numbers": np.full(4, 1 + 2j),
    "booleans": np.ones((3, 4), bool),
    "nan": np.full((3, 4), np.nan),
    "infinity in half precision": np.full((3, 4), np.inf, np.float16),
    "four dimensions": np.ones((2, 2, 2, 2)),
    "bytes": np.arange(4, dtype=np.uint8),
    "as wide as a value": np.zeros((4, 2)),
}


@cache
def graders(unit: str) -> Graders:
    own = functools.partial(standard.checks, MATERIALS[unit])
    return Graders(MATERIALS[unit].graders, COURSE.unit(unit), own)


def verdicts(function: Function, answer: Callable[..., Outcome]) -> dict[str, Check]:
    """The checks of one function where each hidden case is answered by `answer(case)`."""
    loaded = MATERIALS[HOME[function.name]]
    trials = []
    for case in material.draw(loaded, function.name, "hidden", 3):
        due, outcome = material.expected(loaded, function.name, case), answer(case)
        mismatch = compare(case, due, outcome, function.tolerance)
        trials.append(Trial(case, due, outcome, mismatch, changed_inputs(case, outcome)))
    attempt = Attempt(
        definitions.submission("self-attention", (), ()), function, tuple(trials), (), (), Run(outcomes=[])
    )
    return {check.name: check for check in graders(HOME[function.name]).check(attempt)}


def lost(function: str, identifier: str) -> set[str]:
    """The checks that the first catalogued way to make this mistake fails."""
    entries = MATERIALS[HOME[function]].misconceptions[function]
    entry = next(entry for entry in entries if entry.id == f"{function}.{identifier}")
    checks = verdicts(FUNCTIONS[function], lambda case: material.outcome(entry.symptom, case))
    return {name for name, check in checks.items() if not check.passed}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_the_reference_earns_full_marks(function: Function) -> None:
    procedure = MATERIALS[HOME[function.name]].procedures[function.name]
    checks = verdicts(function, lambda case: material.outcome(procedure, case))
    assert all(check.passed for check in checks.values())
    assert sum(check.points for check in checks.values()) == function.points


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_a_stub_earns_nothing(function: Function) -> None:
    checks = verdicts(function, lambda case: Raised("NotImplementedError"))
    assert not any(check.passed for check in checks.values())


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_no_odd_array_breaks_a_check(function: Function) -> None:
    for name, odd in ODD_ARRAYS.items():
        checks = verdicts(function, lambda case, odd=odd: Returned(odd, case.args))
        passed = sum(check.points for check in checks.values() if check.passed)
        assert passed <= function.points / 3, name


def test_a_softmax_without_a_shift_loses_the_huge_entries_alone() -> None:
    assert lost("softmax", "unstable") == {"huge entries", "rows of very different size"}
    assert lost("softmax", "global-max") == {"rows of very different size"}
    assert lost("attend", "unstable") == {"huge scores"}


def test_a_softmax_for_tables_alone_keeps_the_tables() -> None:
    failed = lost("softmax", "two-d-only")
    assert failed == {"a single row", "a stack of tables", "each row adds up to 1"}


def test_accepting_unknown_words_costs_one_check() -> None:
    assert lost("one_hot", "unknown-accepted") <= {"an unknown word is an error", "no tokens"}


def test_heads_in_the_wrong_order_keep_the_single_head() -> None:
    failed = lost("multi_head", "reversed-order")
    assert {"two heads", "three heads", "heads that fill the model"} <= failed
    assert "one head" not in failed
