"""Finds what reproduces a function's results: a catalogued mistake, two at once, or one step changed.

A candidate counts only where it gives the student's own result on every ordinary input, those that came out
right included; an exception of the same class is the same result. Each is tried first on the input that tells
most, and on the others only where it passes. What shows on edge inputs alone is a finding of its own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np

from autograder.checking.attempt import Examiner, Trial
from autograder.checking.compare import compare, same_outcome
from autograder.course import material as materials
from autograder.course.material import DrawCases
from autograder.course.steps import Misconception, Procedure
from autograder.explaining import sketch, trace, variants
from autograder.explaining.general import finding
from autograder.explaining.sketch import Sketch
from autograder.explaining.trace import Ways
from autograder.explaining.variants import Variant
from autograder.records import Case, Diagnosis, Outcome, Raised, Returned, Tolerance

_MOST_PAIRS: Final = 4000


@dataclass(frozen=True)
class Fit:
    """What accounts for every ordinary result."""

    diagnoses: tuple[Diagnosis, ...]
    symptom: Callable[..., Any] | Sketched | None  # None where it is recognised by its results, not computed
    procedure: Procedure | None = None  # the same as steps, where it is made of changed steps


@dataclass(frozen=True)
class Guess:
    """What is catalogued under no name of its own: two mistakes at once, in different steps, or one step changed."""

    symptom: Callable[..., Any] | Sketched
    diagnoses: tuple[Diagnosis, ...]
    told_by: tuple[Misconception, ...] = ()  # those of two mistakes that the source must speak for


@dataclass(frozen=True, eq=False)
class Sketched:
    """A symptom of which no more is known than what its results on known inputs look like."""

    results: Mapping[str, Sketch | None]  # by name of the case; None: as it should be


@dataclass(frozen=True)
class Candidates:
    """All that may account for the results of one function, made once a process."""

    reference: Procedure
    catalogue: tuple[Misconception, ...]  # that show on ordinary inputs
    edge: tuple[Misconception, ...]
    borrowed: tuple[Variant, ...]  # catalogued for other functions that share steps
    draw: DrawCases

    @cached_property
    def pairs(self) -> tuple[Guess, ...]:
        """Two catalogued mistakes at once, in different steps; the earlier step's comes first."""
        found = []
        for (one, first), (other, second) in itertools.combinations(self._single, 2):
            both = variants.composed(first, second, self.reference) if one.id != other.id else None
            if both is not None:
                in_order = self._place(first) <= self._place(second)
                diagnoses = (named(one), named(other)) if in_order else (named(other), named(one))
                found.append(Guess(both, diagnoses, tuple(entry for entry in (one, other) if entry.telltale)))
        return tuple(found[:_MOST_PAIRS])

    @cached_property
    def mixed_pairs(self) -> tuple[Guess, ...]:
        """A catalogued mistake beside one that is catalogued for another function."""
        composed = (
            (variants.composed(first, lent.procedure, self.reference), one, lent)
            for one, first in self._single
            for lent in self.borrowed
            if lent.of_a_part  # beside another, what a caller does with a function is far-fetched
        )
        pairs = (
            Guess(both, (named(one), changed_step(lent.step, lent.how)), (one,) if one.telltale else ())
            for both, one, lent in composed
            if both is not None
        )
        return tuple(itertools.islice(pairs, _MOST_PAIRS))

    @cached_property
    def _single(self) -> list[tuple[Misconception, Procedure]]:
        """The catalogued mistakes that are made of changed steps."""
        return [
            (misconception, misconception.symptom)
            for misconception in self.catalogue
            if isinstance(misconception.symptom, Procedure) and misconception.fits is None
        ]

    @cached_property
    def generated(self) -> tuple[Variant, ...]:
        """The reference with one step changed; none for a reference without steps."""
        if not self.reference.steps:
            return ()
        with np.errstate(all="ignore"):
            cases = self.draw(np.random.default_rng(0))
            return tuple(variants.variants(self.reference, cases, self.borrowed))

    @cached_property
    def changes(self) -> tuple[Guess, ...]:
        """The same as they are told."""
        return tuple(
            Guess(variant.procedure, (changed_step(variant.step, variant.how),)) for variant in self.generated
        )

    def ways(
        self, case: Case, fit: Fit | None, departed: Sequence[Procedure], tolerance: Tolerance
    ) -> Ways | None:
        """What a trace on `case` is held against, `departed` being `fit` in steps; None where nothing is known."""
        if not self.reference.steps:
            return None
        return trace.ways(case.args, self.reference, departed, self.innocent, tolerance)

    def both(self, fit: Fit, edge: Misconception) -> Callable[..., Any] | Sketched | None:
        """The symptom of a first finding and one of the edges together; None where they cannot be composed."""
        if fit.procedure is None or not isinstance(edge.symptom, Procedure):
            return None
        return variants.composed(fit.procedure, edge.symptom, self.reference)

    @property
    def innocent(self) -> list[Procedure]:
        """Other ways to the right result on ordinary inputs."""
        symptoms = (misconception.symptom for misconception in self.edge)
        return [symptom for symptom in symptoms if isinstance(symptom, Procedure)]

    def _place(self, procedure: Procedure) -> int:
        """Which step it changes first."""
        symbols = [step.symbol for step in self.reference.steps]
        return min(symbols.index(symbol) for symbol in variants.changed_steps(procedure, self.reference))


def candidates(examiner: Examiner, function: str) -> Candidates:
    """The candidates for one function of a unit."""
    material = examiner.material
    procedure = material.procedures[function]
    catalogue = material.misconceptions[function]
    others = tuple(
        (other, tuple(examiner.misconceptions.get(name, ()))) for name, other in examiner.procedures.items()
    )
    return known(procedure, catalogue, others, material.cases[function])


@lru_cache(maxsize=64)
def known(
    procedure: Procedure,
    catalogue: tuple[Misconception, ...],
    others: tuple[tuple[Procedure, tuple[Misconception, ...]], ...],
    draw: DrawCases,
) -> Candidates:
    """The candidates for a function that these steps and this catalogue make, and what is `others`'."""
    return Candidates(
        reference=procedure,
        catalogue=tuple(misconception for misconception in catalogue if not misconception.edge),
        edge=tuple(misconception for misconception in catalogue if misconception.edge),
        borrowed=tuple(
            variants.borrowed(procedure, {other.function: (other, listed) for other, listed in others})
        ),
        draw=draw,
    )


class Search:
    """The results of one function, against which candidates are held."""

    def __init__(self, known: Candidates, trials: Sequence[Trial], tolerance: Tolerance, source: str) -> None:
        """`source` is the student's code without comments, for mistakes that results cannot tell apart."""
        self._known, self._tolerance, self.source = known, tolerance, source
        ordinary = sorted((trial for trial in trials if trial.case.kind == "ordinary"), key=_how_telling)
        self._ordinary = [_Lane(known.reference, trial) for trial in ordinary]
        self._edge = [_Lane(known.reference, trial) for trial in trials if trial.case.kind != "ordinary"]

    def single(self) -> Fit | None:
        """The catalogued mistake that accounts for every ordinary result."""
        for misconception in self._known.catalogue:
            if self._told_by_source(misconception) and self._borne_out(misconception):
                return _fit(misconception)
        return None

    def rounded(self, digits: int) -> Fit | None:
        """The only catalogued mistake that accounts for every ordinary result, once rounded to `digits`."""
        near = Tolerance(0.51 * 10.0**-digits, self._tolerance.relative)
        found = [
            misconception
            for misconception in self._known.catalogue
            if misconception.fits is None
            and self._told_by_source(misconception)
            and self._reproduces(misconception.symptom, near)
        ]
        if len({misconception.id for misconception in found}) != 1:
            return None
        fit = _fit(found[0])
        return Fit((*fit.diagnoses, finding("rounded")), fit.symptom, fit.procedure)

    def pair(self) -> Fit | None:
        """Two catalogued mistakes that together account for every ordinary result."""
        return self._first(self._known.pairs) if self._arrays_are_wrong else None

    def mixed_pair(self) -> Fit | None:
        """The same, where one of the two is catalogued for another function that shares the step."""
        return self._first(self._known.mixed_pairs) if self._arrays_are_wrong else None

    def variant(self) -> Fit | None:
        """The reference with one step changed that accounts for every ordinary result."""
        return self._first(self._known.changes) if self._arrays_are_wrong else None

    def _first(self, guesses: Iterable[Guess]) -> Fit | None:
        for guess in guesses:
            if all(map(self._told_by_source, guess.told_by)) and self._reproduces(
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
            (misconception for misconception in self._known.edge if self._told_by_source(misconception)),
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
                found.append(_fit(misconception))
                open_lanes = [lane for lane in open_lanes if lane not in explained]
        return found, [lane.trial for lane in open_lanes if fit is None or self._right_alone(fit, lane)]

    def edge_by_results(self) -> list[Fit]:
        """The edge findings that need no first one to be told: those recognised by their results alone."""
        return [
            _fit(misconception)
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
            variants.composed(one, other, self._known.reference)
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

    def _told_by_source(self, misconception: Misconception) -> bool:
        return not misconception.telltale or bool(re.search(misconception.telltale, self.source))

    @cached_property
    def _arrays_are_wrong(self) -> bool:
        """Whether numbers can bear a finding out: an exception or nan alone could come from anything."""
        return any(lane.wrong and lane.numbers for lane in self._ordinary)

    # ---------------------------------------------------------------------------------- edge inputs

    def _accounts(self, fit: Fit | None, lane: _Lane) -> bool:
        """Whether the first finding says by itself what happens here."""
        return fit is not None and fit.symptom is not None and lane.came_of(fit.symptom, self._tolerance)

    def _right_alone(self, fit: Fit, lane: _Lane) -> bool:
        """Whether this input would come out right, were the first finding all that is wrong."""
        if isinstance(fit.symptom, Sketched):
            return fit.symptom.results[lane.trial.case.name] is None
        return fit.symptom is not None and self._is_due(lane, lane.outcome(fit.symptom))

    def _departs(self, misconception: Misconception, lane: _Lane) -> bool:
        return not self._is_due(lane, lane.outcome(misconception.symptom))

    def _concerns(self, misconception: Misconception, lane: _Lane) -> bool:
        """Whether a result that is as it should be would speak against it."""
        assert misconception.fits is not None
        case, due = lane.trial.case, lane.trial.expected
        right: Outcome = Raised(case.raises[0]) if case.raises else Returned(due)  # type: ignore[arg-type]
        return not misconception.fits(case, right, True)

    def _edge_holds(self, misconception: Misconception, fit: Fit | None, lane: _Lane) -> bool:
        """Whether the student fails this input as the edge mistake does, beside the first finding."""
        if misconception.fits is not None:
            return misconception.fits(lane.trial.case, lane.trial.outcome, not lane.wrong)
        if not lane.wrong:
            return False
        symptom = misconception.symptom if fit is None else self._known.both(fit, misconception)
        # Beside another mistake, nan throughout could come from anything.
        told = fit is None or lane.numbers > 0 or isinstance(lane.trial.outcome, Raised)
        return symptom is not None and told and lane.came_of(symptom, self._tolerance)

    def _is_due(self, lane: _Lane, outcome: Outcome) -> bool:
        return compare(lane.trial.case, lane.trial.expected, outcome, self._tolerance) is None


class _Lane:
    """One input with the reference's step values, so that a changed step costs that step and those after it."""

    def __init__(self, reference: Procedure, trial: Trial) -> None:
        self.trial, self._reference = trial, reference
        self.wrong = trial.mismatch is not None
        value = trial.outcome.value if isinstance(trial.outcome, Returned) else None
        parts = value if isinstance(value, tuple) else (value,)
        self.numbers = sum(
            int(np.isfinite(part).sum()) for part in parts if isinstance(part, np.ndarray)
        )  # that came back

    def came_of(self, symptom: Callable[..., Any] | Sketched, tolerance: Tolerance) -> bool:
        """Whether a candidate gives what came here."""
        if self._is_sequence:
            return False
        if isinstance(symptom, Sketched):
            known = symptom.results[self.trial.case.name]
            return not self.wrong if known is None else self._sketch.near(known, tolerance)
        return same_outcome(self.outcome(symptom), self.trial.outcome, tolerance)

    @property
    def _is_sequence(self) -> bool:
        """Whether several arrays came where one is due: they are not the array that could be made of them."""
        return (
            isinstance(self.trial.expected, np.ndarray)
            and isinstance(self.trial.outcome, Returned)
            and isinstance(self.trial.outcome.value, tuple)
        )

    @cached_property
    def _sketch(self) -> Sketch:
        return sketch.of(self.trial.outcome)

    def outcome(self, symptom: Callable[..., Any]) -> Outcome:
        """What a candidate gives here."""
        if isinstance(symptom, Procedure) and self._values is not None:
            procedure = symptom
            return materials.outcome(lambda *_: self._result(procedure), self.trial.case)
        return materials.outcome(symptom, self.trial.case)

    @cached_property
    def _values(self) -> Mapping[str, Any] | None:
        """The reference's step values; None where it raises, or has no steps."""
        if not self._reference.steps:
            return None
        try:
            with np.errstate(all="ignore"):
                return self._reference.values(*self.trial.case.args)
        except Exception:
            return None

    def _result(self, procedure: Procedure) -> Any:
        assert self._values is not None
        values, stale = dict(self._values), set[str]()
        for own, due in zip(procedure.steps, self._reference.steps, strict=True):
            if own is not due or not stale.isdisjoint(own.operands):
                values[own.symbol] = own.op(*(values[symbol] for symbol in own.operands))
                stale.add(own.symbol)
        returned = tuple(values[symbol] for symbol in procedure.returns)
        return returned if len(returned) > 1 else returned[0]


def _how_telling(trial: Trial) -> tuple[bool, bool, int]:
    """Wrong arrays first, small ones first of all: they reject most at least cost."""
    returned = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    size = returned.size if isinstance(returned, np.ndarray) else 0
    return trial.mismatch is None, not size, size


# ------------------------------------------------------------------------------------------------- in words


def named(misconception: Misconception) -> Diagnosis:
    """A catalogued mistake as a finding."""
    return Diagnosis(
        misconception.id,
        misconception.title,
        misconception.step,
        None,
        misconception.why,
        misconception.look,
        misconception.read,
    )


def changed_step(step: str, how: str) -> Diagnosis:
    """A generated variant as a finding that says which step differs and how."""
    return finding("changed-step", title=how.removesuffix("."), step=step)


def _fit(misconception: Misconception) -> Fit:
    symptom = misconception.symptom if misconception.fits is None else None
    return Fit((named(misconception),), symptom, symptom if isinstance(symptom, Procedure) else None)
