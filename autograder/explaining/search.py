"""Finds what reproduces a function's results: a catalogued mistake, two at once, or one step changed.

A candidate counts only where it gives the student's own result on every ordinary input, those that came out
right included; an exception of the same class is the same result. Each is tried first on the input that tells
most, and on the others only where it passes. What shows on edge inputs alone is a finding of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

from autograder.checking.attempt import Trial
from autograder.checking.compare import compare
from autograder.course.steps import Misconception, Procedure
from autograder.explaining import changes
from autograder.explaining.candidates import Candidates, Fit, Guess, fit_of, is_changed_step
from autograder.explaining.general import finding
from autograder.explaining.lane import Lane, how_telling
from autograder.explaining.sketch import Sketched
from autograder.explaining.trace import Ways
from autograder.mismatch import Mismatch
from autograder.records import Case, Outcome, Raised, Returned, Tolerance


class Search:
    """The results of one function, against which candidates are held."""

    def __init__(
        self, known: Candidates, trials: Sequence[Trial], tolerance: Tolerance, read: Callable[[], str]
    ) -> None:
        """`read` gives the student's code without comments, for mistakes that results cannot tell apart."""
        self._known, self._tolerance, self._read = known, tolerance, read
        ordinary = sorted((trial for trial in trials if trial.case.kind == "ordinary"), key=how_telling)
        self._ordinary = [Lane(known.reference, trial, tolerance) for trial in ordinary]
        self._edge = [
            Lane(known.reference, trial, tolerance) for trial in trials if trial.case.kind != "ordinary"
        ]

    @cached_property
    def source(self) -> str:
        """The student's code without comments; most mistakes are told without it."""
        return self._read()

    def where_arrays_came(self) -> Search | None:
        """The same without the ordinary inputs on which it raised; None where it raised on none, or on most."""
        came = [lane.trial for lane in self._ordinary if not isinstance(lane.trial.outcome, Raised)]
        if not len(self._ordinary) / 2 <= len(came) < len(self._ordinary):
            return None
        edge = [lane.trial for lane in self._edge]
        return Search(self._known, [*came, *edge], self._tolerance, lambda: self.source)

    def single(self) -> Fit | None:
        """The catalogued mistake that accounts for every ordinary result."""
        for misconception in self._known.catalogue:
            if self._is_spoken_for(misconception.telltale) and self._borne_out(misconception):
                return fit_of(misconception)
        return None

    def leaves_out(self, fit: Fit) -> bool:
        """Whether it says that a step was not done."""
        wrong = next((lane.trial for lane in self._ordinary if lane.wrong), None)
        if fit.procedure is None or wrong is None:
            return False
        return changes.leaves_out(fit.procedure, self._known.reference, wrong.case.args)

    def rounded(self, digits: int) -> Fit | None:
        """The only catalogued mistake that accounts for every ordinary result, once rounded to `digits`."""
        near = Tolerance(0.51 * 10.0**-digits, self._tolerance.relative)
        found = [
            misconception
            for misconception in self._known.catalogue
            if misconception.fits is None
            and self._is_spoken_for(misconception.telltale)
            and self._reproduces(misconception.symptom, near)
        ]
        if len({misconception.id for misconception in found}) != 1:
            return None
        fit = fit_of(found[0])
        return Fit((*fit.diagnoses, finding("rounded")), fit.symptom, fit.procedure)

    def pair(self) -> Fit | None:
        """Two catalogued mistakes that together account for every ordinary result."""
        return self._first(self._known.pairs)

    def mixed_pair(self, right: Collection[str] = ()) -> Fit | None:
        """The same, where one of the two is catalogued for another function that shares the step."""
        return self._first(self._known.mixed_pairs, right)

    def variant(self, right: Collection[str] = ()) -> Fit | None:
        """The reference with one step changed that accounts for every ordinary result, none of those seen `right`."""
        return self._first(self._known.changes, right)

    def _first(self, guesses: Iterable[Guess], right: Collection[str] = ()) -> Fit | None:
        if not self._arrays_are_wrong:
            return None
        for guess in guesses:
            if any(is_changed_step(one) and one.step in right for one in guess.diagnoses):
                continue
            if all(map(self._is_spoken_for, guess.telltales)) and self._reproduces(
                guess.symptom, self._tolerance
            ):
                procedure = guess.symptom if isinstance(guess.symptom, Procedure) else None
                return Fit(guess.diagnoses, guess.symptom, procedure)
        return None

    def edge(self, fit: Fit | None) -> tuple[list[Fit], list[Trial]]:
        """What shows on edge inputs alone, beside `fit`, and the edge trials that nothing accounts for.

        Where the first finding can be computed, both are composed, and the student's results must be theirs.
        """
        open_lanes = [lane for lane in self._edge if lane.wrong and not self._accounts(fit, lane)]
        ranked = sorted(
            (one for one in self._known.edge if self._is_spoken_for(one.telltale)),
            key=lambda one: -sum(self._edge_holds(one, fit, lane) for lane in open_lanes),
        )
        found: list[Fit] = []
        for misconception in ranked:
            departs = [lane for lane in self._edge if self._departs(misconception, lane)]
            explained = [lane for lane in open_lanes if lane in departs]
            if misconception.fits is not None:
                explained = [lane for lane in open_lanes if self._concerns(misconception, lane)]
                departs = self._edge
            if explained and all(self._edge_holds(misconception, fit, lane) for lane in departs):
                found.append(fit_of(misconception))
                open_lanes = [lane for lane in open_lanes if lane not in explained]
        return found, [lane.trial for lane in open_lanes if fit is None or self._right_alone(fit, lane)]

    def edge_by_results(self) -> list[Fit]:
        """The edge findings that need no first one to be told: those recognised by their results alone."""
        return [
            fit_of(misconception)
            for misconception in self._known.edge
            if misconception.fits is not None
            and any(self._concerns(misconception, lane) and lane.wrong for lane in self._edge)
            and all(self._edge_holds(misconception, None, lane) for lane in self._edge)
        ]

    def ways(self, fit: Fit | None, case: Case) -> Ways | None:
        """What a trace on `case` is held against, as far as `fit` accounts for it; None where nothing is known."""
        departed = [] if fit is None else self.in_steps(fit)
        return self._known.ways(case, fit, departed, self._tolerance)

    def in_steps(self, fit: Fit) -> list[Procedure]:
        """The mistake as changed steps, with and without the harmless changes of other right ways.

        Where the symptom that fits is not made of steps, all generated variants that fit serve for it.
        """
        if fit.procedure is not None:
            found = [fit.procedure]
        elif fit.symptom is not None:
            others = (variant.procedure for variant in self._known.generated)
            found = [other for other in others if self._reproduces(other, self._tolerance)]
        else:
            found = []
        both = (
            changes.composed(one, other, self._known.reference)
            for one in found
            for other in self._known.innocent
        )
        return [*found, *(one for one in both if one is not None)]

    # ------------------------------------------------------------------------------- one candidate

    def _borne_out(self, misconception: Misconception) -> bool:
        if misconception.fits is None:
            return self._reproduces(misconception.symptom, self._tolerance)
        return bool(self._ordinary) and all(
            misconception.fits(lane.trial.case, lane.trial.outcome, not lane.wrong) for lane in self._ordinary
        )

    def _reproduces(self, symptom: Callable[..., Any] | Sketched, tolerance: Tolerance) -> bool:
        return bool(self._ordinary) and all(lane.came_of(symptom, tolerance) for lane in self._ordinary)

    def _is_spoken_for(self, telltale: str) -> bool:
        return not telltale or bool(re.search(telltale, self.source))

    @cached_property
    def _arrays_are_wrong(self) -> bool:
        """Whether numbers can bear a finding out: an exception or nan alone could come from anything."""
        return any(lane.wrong and lane.numbers for lane in self._ordinary)

    # ---------------------------------------------------------------------------------- edge inputs

    def _accounts(self, fit: Fit | None, lane: Lane) -> bool:
        """Whether the first finding says by itself what happens here."""
        return fit is not None and fit.symptom is not None and lane.came_of(fit.symptom, self._tolerance)

    def _right_alone(self, fit: Fit, lane: Lane) -> bool:
        """Whether this input would come out right, were the first finding all that is wrong."""
        if isinstance(fit.symptom, Sketched):
            return fit.symptom.results[lane.trial.case.name] is None
        return fit.symptom is not None and self._is_due(lane, lane.outcome(fit.symptom))

    def _departs(self, misconception: Misconception, lane: Lane) -> bool:
        return not self._is_due(lane, lane.outcome(misconception.symptom))

    def _concerns(self, misconception: Misconception, lane: Lane) -> bool:
        """Whether a result that is as it should be would speak against it."""
        assert misconception.fits is not None
        case, due = lane.trial.case, lane.trial.expected
        right: Outcome = Raised(case.raises[0]) if case.raises else Returned(due)
        return not misconception.fits(case, right, True)

    def _edge_holds(self, misconception: Misconception, fit: Fit | None, lane: Lane) -> bool:
        """Whether the student fails this input as the edge mistake does, beside the first finding."""
        if misconception.fits is not None:
            return misconception.fits(lane.trial.case, lane.trial.outcome, not lane.wrong)
        if not lane.wrong:
            return False
        if fit is not None and not self._is_lost_alike(misconception, lane):
            return False
        symptom = misconception.symptom if fit is None else self._known.both(fit, misconception)
        # Beside another mistake, nan throughout could come from anything.
        told = fit is None or lane.numbers > 0 or isinstance(lane.trial.outcome, Raised)
        return symptom is not None and told and lane.came_of(symptom, self._tolerance)

    def _is_lost_alike(self, misconception: Misconception, lane: Lane) -> bool:
        """Whether nan came here, where the edge mistake alone gives nan: else another has undone what is said of it."""
        alone = self._mismatch(lane, lane.outcome(misconception.symptom))
        here = lane.trial.mismatch
        return alone is None or alone.rung != "finite" or (here is not None and here.rung == "finite")

    def _is_due(self, lane: Lane, outcome: Outcome) -> bool:
        return self._mismatch(lane, outcome) is None

    def _mismatch(self, lane: Lane, outcome: Outcome) -> Mismatch | None:
        return compare(lane.trial.case, lane.trial.expected, outcome, self._tolerance)
