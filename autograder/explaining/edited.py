"""The smallest edit of the student's own code that makes every ordinary input right: where it is, and of what kind.

Theory of operation. Candidates (`edits.py`) go to one child in order of their rank, on the smallest wrong explain
input; what passes there is tried on the other ordinary explain inputs in the same child. The first rank with an edit
that passes ends the search. Such an edit is confirmed in a fresh child on all ordinary inputs, hidden ones included,
of which nothing but yes or no comes back. Where those that fit disagree on the place, nothing is said.

All is counted in candidates and lines that run, never in seconds, so that the result is the same under any load. Where
the child's limit of CPU time strikes all the same, nothing is said.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import compare, held_against
from autograder.explaining.editable import editables
from autograder.explaining.edits import Edit, edits
from autograder.explaining.placed import Placed
from autograder.explaining.trials import ordinary
from autograder.records import Case, Died, Outcome, Redefined

_MOST_DEATHS: Final = 3  # children that may die under an edit, other than for want of time
_MOST_CONFIRMED: Final = 3  # edits of one place


class Runner(Protocol):
    """Runs edits of one notebook's code, one after the other; what they give is judged outside."""

    died: Died | None  # what ended it; from then on nothing is run

    def outcomes(self, edits: Sequence[Sequence[Redefined]], cases: Sequence[Case]) -> list[list[Outcome]]:
        """For each edit what it gives on each of the cases; fewer where it died."""


# A fresh one for an attempt.
Open = Callable[[Attempt], AbstractContextManager[Runner]]


class _UndecidedError(Exception):
    """A limit struck that is not the same on every machine: nothing is said."""


def find(start: Open, attempt: Attempt) -> tuple[Placed, ...]:
    """The place of the smallest edit that makes every ordinary input right; nothing where none does, or they disagree."""
    explain = sorted(ordinary(attempt.explain), key=_size)
    wrong = [trial for trial in explain if trial.mismatch is not None]
    if not wrong:
        return ()
    tried = edits(editables(attempt))
    try:
        fits = _first_that_fit(
            start, attempt, tried, wrong[0], [one for one in explain if one is not wrong[0]]
        )
        return _agreed(start, attempt, fits)
    except _UndecidedError:
        return ()


def _first_that_fit(
    start: Open, attempt: Attempt, tried: Sequence[Edit], first: Trial, others: Sequence[Trial]
) -> list[Edit]:
    """The edits of the first rank of which any makes these inputs right."""
    search = _Filter(start, attempt)
    try:
        for _, group in itertools.groupby(tried, key=lambda edit: edit.rank):
            passing = search.right(list(group), [first])
            passing = search.right(passing, others)
            if passing:
                return passing
    finally:
        search.close()
    return []


class _Filter:
    """Runs edits in as few children as can be: a new one only where an edit has ended the last."""

    def __init__(self, start: Open, attempt: Attempt) -> None:
        self._start, self._attempt = start, attempt
        self._open: AbstractContextManager[Runner] | None = None
        self._deaths = 0

    def right(self, tried: Sequence[Edit], trials: Sequence[Trial]) -> list[Edit]:
        """Those of the edits with which all of these trials come out right."""
        found, waiting = [], list(tried)
        while waiting and trials:
            outcomes = self._outcomes(waiting, trials)
            found += [
                edit
                for edit, came in zip(waiting, outcomes, strict=False)
                if len(came) == len(trials) and are_right(self._attempt, trials, came)
            ]
            waiting = waiting[len(outcomes) :]
        return found if trials else waiting

    def _outcomes(self, tried: Sequence[Edit], trials: Sequence[Trial]) -> list[list[Outcome]]:
        if self._open is None:
            self._open = self._start(self._attempt)
            self._runner = self._open.__enter__()
        outcomes = self._runner.outcomes(
            [edit.definitions for edit in tried], [trial.case for trial in trials]
        )
        if self._runner.died is not None:
            self._deaths += 1
            if self._runner.died.reason == "timeout" or self._deaths > _MOST_DEATHS or not outcomes:
                raise _UndecidedError
            self.close()
        return outcomes

    def close(self) -> None:
        """Ends the child."""
        if self._open is not None:
            self._open.__exit__(None, None, None)
            self._open = None


def _agreed(start: Open, attempt: Attempt, fits: Sequence[Edit]) -> tuple[Placed, ...]:
    """The place of the edits that hold on every ordinary input, where it is one."""
    trials = list(ordinary((*attempt.explain, *attempt.hidden)))
    places: dict[tuple[str | None, int], list[Edit]] = {}
    for edit in fits:
        places.setdefault((edit.placed.function, edit.placed.line), []).append(edit)
    found: list[Placed] = []
    for same in places.values():
        for edit in itertools.islice(same, _MOST_CONFIRMED):
            fresh = _Filter(start, attempt)
            try:
                if fresh.right([edit], trials):
                    found.append(edit.placed)
                    break
            finally:
                fresh.close()
    return tuple(found) if len(found) == 1 else ()


def are_right(attempt: Attempt, trials: Iterable[Trial], outcomes: Iterable[Outcome]) -> bool:
    """Whether these outcomes are what is due on these trials."""
    tolerance = attempt.function.tolerance
    return all(
        compare(
            trial.case,
            trial.expected,
            held_against(trial.case, trial.expected, outcome, tolerance),
            tolerance,
        )
        is None
        for trial, outcome in zip(trials, outcomes, strict=False)
    )


def _size(trial: Trial) -> int:
    return sum(getattr(argument, "size", 1) for argument in trial.case.args)
