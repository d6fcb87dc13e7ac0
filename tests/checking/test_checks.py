"""The checks that most functions need, bound to a name in a grader file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import compare
from autograder.checking.graders import Graders
from autograder.notebook import definitions
from autograder.records import Case, Function, Outcome, Raised, Returned, Tolerance, Unit
from autograder.sandbox.worker import Run

FUNCTION = Function("double", 3.0, Tolerance())
GRADER = """
from autograder.author import agrees, has_shape, leaves_inputs_alone

test_all = agrees("double", "everything", points=1)
test_one = agrees("double", "one case", "small", points=1)
test_shape = has_shape(
    "double", "the shape", "large", points=0.5, shape=lambda x: x.shape, otherwise="It has another shape."
)
test_inputs = leaves_inputs_alone("double", points=0.5)
"""


def verdicts(folder: Path, *outcomes: Outcome, changed: bool = False) -> dict[str, str | None]:
    """What each check says, None where it holds; the first outcome is of `small`, the second of `large`."""
    path = folder / "test_hidden.py"
    path.write_text(GRADER)
    trials = []
    for name, size, outcome in zip(("small", "large"), (2, 5), outcomes, strict=True):
        case = Case(name, (np.ones(size),))
        mismatch = compare(case, 2 * np.ones(size), outcome, FUNCTION.tolerance)
        trials.append(Trial(case, 2 * np.ones(size), outcome, mismatch, changed))
    run = Run([list(outcomes)], defined=True)
    attempt = Attempt(definitions.submission("unit", (), ()), FUNCTION, tuple(trials), (), (), run)
    checks = Graders(path, Unit("unit", "Unit", (FUNCTION,))).check(attempt)
    assert [(check.name, check.points) for check in checks] == [
        ("everything", 1.0),
        ("one case", 1.0),
        ("the shape", 0.5),
        ("leaves its inputs alone", 0.5),
    ]
    return {check.name: None if check.passed else check.message for check in checks}


def test_a_right_function_passes_them(tmp_path: Path) -> None:
    said = verdicts(tmp_path, Returned(2 * np.ones(2)), Returned(2 * np.ones(5)))
    assert set(said.values()) == {None}


def test_each_says_what_is_wrong(tmp_path: Path) -> None:
    said = verdicts(tmp_path, Returned(2 * np.ones(2)), Returned(2 * np.ones(4)), changed=True)
    assert said == {
        "everything": "On “large”: Its shape is (4,), and should be (5,).",
        "one case": None,
        "the shape": "It has another shape.",
        "leaves its inputs alone": "On “small”: it changed its own inputs.",
    }


def test_a_result_that_a_later_call_changed_is_not_left_alone(tmp_path: Path) -> None:
    said = verdicts(tmp_path, Returned(2 * np.ones(2), overwritten=True), Returned(2 * np.ones(5)))
    assert said.pop("leaves its inputs alone") == (
        "On “small”: a later call changed the result that it had returned."
    )
    assert set(said.values()) == {None}


def test_no_array_has_no_shape(tmp_path: Path) -> None:
    said = verdicts(tmp_path, Raised("ValueError"), Raised("ValueError"))
    assert said["the shape"] == "On “large”: It raised ValueError."
    assert said["leaves its inputs alone"] == "It never returned, so there was nothing to look at."
