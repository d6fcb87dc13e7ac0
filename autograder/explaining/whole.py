"""What ended a function as a whole, before there were results to explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import exception_name, same_outcome
from autograder.explaining.general import finding
from autograder.explaining.trials import ordinary
from autograder.records import Diagnosis, Died, Outcome, Raised, Tolerance


def whole_function(attempt: Attempt, trials: Sequence[Trial]) -> Diagnosis | None:
    """What ended the function as a whole: never defined, left as a stub, hung, killed, no memory, luck."""
    run = attempt.run
    if run.ended is not None:
        return finding(run.ended.reason, detail=_sentence(run.ended.detail))
    if not run.defined:
        return _not_defined(attempt)
    outcomes = [trial.outcome for trial in ordinary(trials)]
    raised = {outcome.exception if isinstance(outcome, Raised) else None for outcome in outcomes}
    if raised == {"NotImplementedError"}:
        return finding("not-implemented")
    if (
        "MemoryError" in raised
    ):  # first: the time it takes to run out of memory, again and again, may run out too
        return finding("out-of-memory")
    for trial in trials:
        if isinstance(trial.outcome, Died):
            where = f"This was on “{trial.case.name}”."
            detail = f"{_sentence(trial.outcome.detail)} {where}".strip()
            return finding(trial.outcome.reason, detail=detail)
    if any(_differs(trial.outcome, again) for trial, again in attempt.again):
        return finding("random")
    return None


def _differs(one: Outcome, again: Outcome) -> bool:
    """Whether two calls with the same inputs gave different answers; a death is none, it may come late or early."""
    if isinstance(one, Died) or isinstance(again, Died):
        return False
    return not same_outcome(one, again, Tolerance())


_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
_UNREAD = re.compile(r", in line (\d{1,6})$")  # as the child ends the message of a syntax error


def _not_defined(attempt: Attempt) -> Diagnosis:
    """Why there is no such function: no cell defines it, or the one that does has failed."""
    run = attempt.run
    cell = attempt.definition.cell
    if cell is not None and cell.index in run.left_out:
        died = run.left_out[cell.index]
        return finding(died.reason, detail=f"The cell that defines the function {died.detail}.")
    failed = run.failed.get(cell.index) if cell is not None else None
    if cell is None or failed is None:
        return finding("missing")
    said = f"{exception_name(failed)}: {failed.message}" if failed.message else exception_name(failed)
    told = _UNREAD.search(failed.message) if failed.exception in _SYNTAX_ERRORS else None
    line = int(told[1]) if told and int(told[1]) <= cell.source.count("\n") + 1 else None
    title = "The cell that defines it stops with an error" if line is None else "Python cannot read its cell"
    does = "does not run" if line is None else "cannot be read"
    why = f"There is no function of this name, because the cell that defines it {does}: {said}."
    return replace(finding("missing", title=title, line=line), why=why)


def _sentence(detail: str) -> str:
    return f"It {detail}." if detail else ""
