"""The worked answer: one wrong cell on inputs that may be shown, calculated step by step."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import are_arrays, same_outcome, told_of_hidden
from autograder.course import asking
from autograder.course.material import Material
from autograder.course.steps import Procedure
from autograder.data import Array, Other, Value
from autograder.differences import Beside
from autograder.explaining import observe
from autograder.mismatch import Mismatch
from autograder.records import Case, Explanation, Raised, Returned, Tolerance, WorkedStep


def explanation(material: Material, attempt: Attempt, trial: Trial) -> Explanation:
    """What a trial shows: both results, the first wrong number worked out, and what is known beside."""
    mismatch, case = trial.mismatch, trial.case
    assert mismatch is not None
    if case.asks == "variable":  # it has one right value, which is the one that is graded
        summary = told_of_hidden(mismatch).message
        return Explanation(case.name, (), None, None, None, None, None, summary, ())
    procedure = material.procedures[attempt.function.name]
    beside = _beside(trial, mismatch)
    expected, got = (None, None) if beside is not None else _shown(trial, mismatch)
    part = None if mismatch.part is None else procedure.returns[mismatch.part]
    first = mismatch.first
    if first is None and expected is not None and expected.size:
        first = (0,) * expected.ndim
    worked: tuple[WorkedStep, ...] = ()
    if first is not None and not case.raises:
        index = (
            first if mismatch.part is None and len(procedure.returns) == 1 else (mismatch.part or 0, *first)
        )
        worked = procedure.worked(case.args, index)
    return Explanation(
        case=case.name,
        inputs=asking.named(procedure.parameters, case),
        expected=expected,
        got=got,
        wrong=mismatch.wrong,
        first=first,
        part=part,
        summary=_OF_A_MODULE if _is_of_a_module(attempt, trial) else _summary(trial, mismatch),
        worked=worked,
        # The first of several arrays is shown, but is no result of its own where one is due.
        observations=()
        if mismatch.rung in ("type", "count")
        else observe.observations(got, expected, case.args, attempt.function.tolerance),
        labels=_labels(case),
        agrees=_right_results(procedure, trial, attempt.function.tolerance),
        beside=beside,
    )


def _beside(trial: Trial, mismatch: Mismatch) -> Beside | None:
    """A value beside the one that was due; None where arrays are due, or are all that there is to see."""
    came = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    if trial.case.raises:
        plain = came is not None and not are_arrays(came) and not isinstance(came, Other)
        return Beside(came, None, (), absent="expected") if plain else None
    due: Value = trial.expected
    if are_arrays(due):
        return None
    absent: Literal["", "got"] = "" if isinstance(trial.outcome, Returned) else "got"
    return Beside(came, due, mismatch.differences, absent)


def _right_results(procedure: Procedure, trial: Trial, tolerance: Tolerance) -> tuple[str, ...]:
    """Of several results, the names of the steps behind those that are right."""
    due, got = trial.expected, trial.outcome.value if isinstance(trial.outcome, Returned) else None
    if (
        not are_arrays(due)
        or not isinstance(due, tuple)
        or not isinstance(got, tuple)
        or len(got) != len(due)
    ):
        return ()
    steps = {step.symbol: step.name for step in procedure.steps}
    return tuple(
        steps[symbol]
        for symbol, one, other in zip(procedure.returns, got, due, strict=True)
        if symbol in steps and same_outcome(Returned(other), Returned(one), tolerance)
    )


def _summary(trial: Trial, mismatch: Mismatch) -> str:
    """The mismatch in one sentence; the exception's own message may be shown on explain inputs."""
    if isinstance(trial.outcome, Raised) and trial.outcome.message:
        return f"{mismatch.message} It says: {trial.outcome.message}"
    return mismatch.message


_OF_A_MODULE: Final = "What comes back is made of a module that is not there."


def _is_of_a_module(attempt: Attempt, trial: Trial) -> bool:
    """Whether what came is what stands in the place of a module that is not there."""
    came = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    return bool(attempt.run.lacking) and isinstance(came, Other)


def _shown(trial: Trial, mismatch: Mismatch) -> tuple[Array | None, Array | None]:
    """The arrays to put side by side; of several results the one that is wrong first."""
    expected: Any = trial.expected
    got: Any = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    if trial.case.raises or not are_arrays(expected):
        expected = None
    elif isinstance(expected, tuple):
        part = mismatch.part or 0
        expected = expected[part]
        if isinstance(got, tuple):
            got = got[part] if part < len(got) else None
        elif isinstance(got, np.ndarray) and mismatch.part is not None:
            got = got[part]
    elif isinstance(got, tuple):
        got = got[0]
    return expected, got if isinstance(got, np.ndarray) else None


def _labels(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Words that name rows and columns, where the function was given words."""
    words = [
        tuple(argument)
        for argument in case.args
        if isinstance(argument, list) and all(isinstance(word, str) for word in argument)
    ]
    return (words[0], words[1]) if len(words) == 2 else None
