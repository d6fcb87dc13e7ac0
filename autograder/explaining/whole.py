"""What ended a function as a whole, before there were results to explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder import nested
from autograder.checking.attempt import Attempt, Examiner, Trial
from autograder.checking.compare import same_outcome
from autograder.data import Other
from autograder.errors import SandboxError
from autograder.explaining import absent, leftover, stopped
from autograder.explaining.general import finding
from autograder.explaining.trials import arrays_came, ordinary
from autograder.records import Diagnosis, Died, Outcome, Raised, Returned, Tolerance


def whole_function(attempt: Attempt, trials: Sequence[Trial]) -> Diagnosis | None:
    """What ended the function as a whole: never defined, left as a stub, hung, killed, no memory, luck."""
    run, asks = attempt.run, trials[0].case.asks if trials else "result"
    if run.ended is not None:
        return finding(run.ended.reason, detail=_sentence(run.ended.detail))
    if (unwritten := absent.not_written(attempt, asks)) is not None:
        return unwritten
    if not run.defined:
        return absent.named(absent.not_defined(attempt), asks)
    outcomes = [trial.outcome for trial in ordinary(trials)]
    raised = {outcome.exception if isinstance(outcome, Raised) else None for outcome in outcomes}
    if raised == {"NotImplementedError"}:
        return absent.not_implemented(attempt.definition)
    if (
        "MemoryError" in raised
    ):  # first: the time it takes to run out of memory, again and again, may run out too
        return finding("out-of-memory")
    for trial in trials:
        if isinstance(trial.outcome, Died):
            where = f"This was on “{trial.case.name}”."
            detail = f"{_sentence(trial.outcome.detail)} {where}".strip()
            loop = stopped.endless(attempt.definition.node) if trial.outcome.reason == "timeout" else None
            if loop is not None:
                return finding("timeout", line=loop[0], detail=f"{detail} {loop[1]}")
            return finding(trial.outcome.reason, detail=detail)
    if attempt.run.lacking and not any(arrays_came(outcome) for outcome in outcomes):
        return absent.missing_module(attempt.run.lacking, attempt.definition.cell)
    if any(_differs(trial.outcome, again) for trial, again in attempt.again):
        return _another_answer(leftover.found(attempt.definition) or leftover.drawn(attempt.definition))
    return None


def left_over(examiner: Examiner, attempt: Attempt, shown: Trial | None) -> Diagnosis | None:
    """Whether it is an earlier call that makes the case to show wrong: asked alone, it gives another answer.

    A second call after all others need not show that. It is tried only where the text keeps something.
    """
    if shown is None or attempt.run.proven or (kept := leftover.found(attempt.definition)) is None:
        return None
    try:
        alone = examiner.alone(attempt, shown)
    except SandboxError:  # what decorates must not cost what is known without it
        return None
    return _another_answer(kept) if _differs(shown.outcome, alone) else None


def _another_answer(kept: leftover.Kept | None) -> Diagnosis:
    return finding("random") if kept is None else finding("random", line=kept.line, detail=kept.told)


def _differs(one: Outcome, again: Outcome) -> bool:
    """Whether two calls with the same inputs gave different answers; a death is none, it may come late or early."""
    if isinstance(one, Died) or isinstance(again, Died):
        return False
    if any(isinstance(leaf, Other) for leaf in nested.leaves(_answer(one))):
        return False  # an object of the student's own equals nothing here, itself neither
    return not same_outcome(one, again, Tolerance())


def _answer(outcome: Outcome) -> Any:
    return outcome.value if isinstance(outcome, Returned) else None


def _sentence(detail: str) -> str:
    return f"It {detail}." if detail else ""
