"""The smallest edit of the student's own code that makes every ordinary input right: where it is, and of what kind.

Theory of operation. Candidates (`edits.py`) go to one child, rank by rank, on the smallest wrong explain input; what
passes there is tried on the other explain inputs in the same child. The first rank with an edit that passes
ends the search. Such an edit is confirmed on all inputs, hidden ones included, of which nothing but yes or no
is used: in a fresh child. Where none passes, two are tried at once, of which one alone has made it better.

An edit makes every ordinary input right, and nothing wrong that came out right of an edge: what keeps a row of equal
numbers from 0/0 is not in the way of ordinary ones. What else is wrong with an edge may be another mistake.

All is counted in candidates and in lines that run, never in seconds, so that the result is the same under any load.
Where the child's limit of CPU time strikes all the same, nothing is said.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import changed_inputs, compare, held_against
from autograder.checking.numbers import wrong_cells
from autograder.explaining.editable import editables
from autograder.explaining.edits import Edit, both, edits
from autograder.explaining.placed import Kind, Placed
from autograder.explaining.trials import ordinary, parts_of
from autograder.explaining.workbench import UndecidedError, Workbench
from autograder.mismatch import Mismatch, Rung
from autograder.records import Outcome, Redefined, Returned

_MOST_CONFIRMED: Final = 3  # edits of one place
_MOST_GUIDES: Final = 3  # edits that made it better, each of which is tried with all others
_MOST_PAIRS: Final = 300


_Definitions = tuple[Redefined, ...]


@dataclass(frozen=True)
class Found:
    """What the search has found."""

    # Places at each of which an edit of the same rank makes it right; more than one where they disagree.
    single: tuple[Placed, ...] = ()
    double: tuple[Placed, ...] = ()  # two places that together do, where none does alone
    none: bool = False  # all were tried, and none does

    @property
    def single_place(self) -> bool:
        """Whether one edit alone makes it right, at a place that nothing speaks against."""
        return len(self.single) == 1

    def places(self, believed: Collection[int] = ()) -> tuple[Placed, ...]:
        """What can be told: where places disagree, the one on a line that is `believed` for other reasons."""
        if len(self.single) > 1:
            borne_out = [one for one in self.single if not {one.line, *one.also}.isdisjoint(believed)]
            return tuple(borne_out) if len(borne_out) == 1 else ()
        return self.single or self.double


def find(bench: Workbench, without: Collection[Kind] = ()) -> Found:
    """The smallest edit that makes every ordinary input right, none of the kinds `without`."""
    attempt = bench.attempt
    explain = sorted(ordinary(attempt.explain), key=_size)
    wrong = [trial for trial in explain if trial.mismatch is not None]
    tried = edits(editables(attempt), without) if wrong else []
    if not tried:
        return Found()
    first = wrong[0]
    edges = [trial for trial in attempt.explain if trial.case.kind != "ordinary"]
    filter_ = _Filter(bench, first, [*(one for one in explain if one is not first), *edges])
    try:
        fits = filter_.first_that_fit(tried)
        if fits:
            single = [edit for same in _by_place(fits) if (edit := _confirmed(bench, same))]
            return Found(tuple(edit.placed for edit in single))
        if filter_.near:
            return Found()
        for pair in filter_.two_that_fit(tried):
            if _holds(bench, pair.definitions):
                return Found((), (pair.one.placed, pair.other.placed))
        return Found(none=True)
    except UndecidedError:
        return Found()
    finally:
        bench.close()


@dataclass(frozen=True)
class _Pair:
    """Two edits at once."""

    one: Edit
    other: Edit
    definitions: _Definitions


@dataclass
class _Filter:
    """Tries edits on explain inputs, first of all on one."""

    bench: Workbench
    first: Trial
    others: Sequence[Trial]
    near: bool = False  # whether an edit has made all ordinary ones right, and has broken an edge
    _seen: set[_Definitions] = field(default_factory=set)
    _better: list[tuple[tuple[int, float], Edit]] = field(default_factory=list)

    def first_that_fit(self, tried: Sequence[Edit]) -> list[Edit]:
        """The edits of the first rank of which any makes these inputs right."""
        before = _progress(self.first.mismatch)
        for _, group in itertools.groupby(tried, key=lambda edit: edit.rank):
            new = [edit for edit in group if self._is_new(edit.definitions)]
            passing = []
            for number, came in self._on_first([edit.definitions for edit in new]):
                mismatch = _judged(self.bench.attempt, self.first, came)
                if mismatch is None:
                    passing.append(new[number])
                elif _progress(mismatch) > before:
                    self._better.append((_progress(mismatch), new[number]))
            right = self._right_elsewhere([edit.definitions for edit in passing])
            if right:
                return [passing[number] for number in right]
        return []

    def two_that_fit(self, tried: Sequence[Edit]) -> list[_Pair]:
        """Two edits that together make these inputs right; one of them alone has made the first better."""
        guides = sorted(self._better, key=lambda one: one[0], reverse=True)  # stable: the plainest first
        pairs: list[_Pair] = []
        for _, guide in guides[:_MOST_GUIDES]:
            for edit in tried:
                if edit.rank <= guide.rank + 2 and (definitions := both(guide, edit)) is not None:
                    pairs.append(_Pair(guide, edit, definitions))
        pairs.sort(key=lambda pair: pair.one.rank + pair.other.rank)
        pairs = [pair for pair in pairs[:_MOST_PAIRS] if self._is_new(pair.definitions)]
        passing = [
            pairs[number]
            for number, came in self._on_first([pair.definitions for pair in pairs])
            if _judged(self.bench.attempt, self.first, came) is None
        ]
        right = self._right_elsewhere([pair.definitions for pair in passing])
        return [passing[number] for number in right[:1]]

    def _on_first(self, tried: Sequence[_Definitions]) -> Iterator[tuple[int, Outcome]]:
        """What each of these edits gives on the first input; whether it changed that is seen on others."""
        back = not self.others
        return ((number, came) for number, (came,) in self.bench.outcomes(tried, [self.first], back=back))

    def _right_elsewhere(self, tried: Sequence[_Definitions]) -> list[int]:
        """Which of these edits make the other inputs right too, and break no edge."""
        if not self.others or not tried:
            return list(range(len(tried)))
        attempt, found = self.bench.attempt, []
        for number, came in self.bench.outcomes(tried, self.others):
            if _are_right(attempt, self.others, came):
                if _keep_edges(attempt, self.others, came):
                    found.append(number)
                else:
                    self.near = True
        return found

    def _is_new(self, definitions: _Definitions) -> bool:
        """Whether this is the first edit that makes this text."""
        new = definitions not in self._seen
        self._seen.add(definitions)
        return new


def _by_place(fits: Sequence[Edit]) -> list[list[Edit]]:
    places: dict[tuple[str | None, int], list[Edit]] = {}
    for edit in fits:
        places.setdefault((edit.placed.function, edit.placed.line), []).append(edit)
    return list(places.values())


def _confirmed(bench: Workbench, same: Sequence[Edit]) -> Edit | None:
    """The first of the edits of one place that holds on every ordinary input."""
    tried = same[:_MOST_CONFIRMED]
    return next((edit for edit in tried if _holds(bench, edit.definitions)), None)


def _holds(bench: Workbench, definitions: _Definitions) -> bool:
    """Whether an edit makes every ordinary input right and breaks no edge, where nothing that came before can help."""
    attempt = bench.attempt
    trials = [*attempt.explain, *attempt.hidden]
    with bench.afresh() as fresh:
        return any(
            _are_right(attempt, trials, came) and _keep_edges(attempt, trials, came)
            for _, came in fresh.outcomes([definitions], trials)
        )


def _are_right(attempt: Attempt, trials: Sequence[Trial], outcomes: Sequence[Outcome]) -> bool:
    """Whether the ordinary ones among these came out right."""
    return all(
        _judged(attempt, trial, outcome) is None
        for trial, outcome in zip(trials, outcomes, strict=True)
        if trial.case.kind == "ordinary"
    )


def _keep_edges(attempt: Attempt, trials: Sequence[Trial], outcomes: Sequence[Outcome]) -> bool:
    """Whether all is right still that came out right of the others: a whole result, or single numbers of it.

    An error that is due tells nothing of code that ends in one whatever it is given.
    """
    returns = any(isinstance(trial.outcome, Returned) for trial in ordinary(trials))
    for trial, outcome in zip(trials, outcomes, strict=True):
        if trial.case.kind == "ordinary" or _judged(attempt, trial, outcome) is None:
            continue
        if trial.mismatch is None and (returns or not trial.case.raises):
            return False
        if _right(attempt, trial, trial.outcome) - _right(attempt, trial, outcome):
            return False
    return True


def _right(attempt: Attempt, trial: Trial, outcome: Outcome) -> set[tuple[int, int]]:
    """Which numbers of an outcome are right, where arrays are due: the part, and the place in it."""
    due = parts_of(trial.expected)
    got = parts_of(outcome.value) if isinstance(outcome, Returned) else []
    return {
        (part, int(place))
        for part, (one, other) in enumerate(zip(got, due, strict=False))
        if one.shape == other.shape
        for place in np.flatnonzero(~wrong_cells(one, other, attempt.function.tolerance))
    }


def _judged(attempt: Attempt, trial: Trial, outcome: Outcome) -> Mismatch | None:
    """How an outcome departs from what is due on a trial."""
    tolerance = attempt.function.tolerance
    after = changed_inputs(trial.case, outcome)
    outcome = held_against(trial.case, trial.expected, outcome, tolerance)
    mismatch = compare(trial.case, trial.expected, outcome, tolerance)
    if mismatch is None and after and not trial.changed:  # no edit writes over what is handed in
        return Mismatch(trial.case, trial.expected, outcome, "type", "It changed its inputs.")
    return mismatch


_RUNGS: Final[tuple[Rung, ...]] = ("died", "raises", "none", "type", "count", "shape", "finite")


def _progress(mismatch: Mismatch | None) -> tuple[int, float]:
    """How far a wrong result has come: the rung that it broke at, and what part of its numbers is right."""
    if mismatch is None:
        return len(_RUNGS) + 1, 1.0
    rung = _RUNGS.index(mismatch.rung) if mismatch.rung in _RUNGS else len(_RUNGS)
    return rung, float(1 - mismatch.wrong.mean()) if mismatch.wrong is not None else 0.0


def _size(trial: Trial) -> int:
    return sum(getattr(argument, "size", 1) for argument in trial.case.args)
