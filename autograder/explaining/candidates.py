"""All that may account for the results of one function: catalogued mistakes, two at once, or one step changed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np

from autograder.checking.attempt import Examiner
from autograder.course.least import DrawCases
from autograder.course.steps import Misconception, Procedure
from autograder.explaining import changes, experiment, trace
from autograder.explaining.borrowed import lent_to
from autograder.explaining.changes import Variant
from autograder.explaining.general import finding
from autograder.explaining.sketch import Sketched
from autograder.explaining.trace import Ways
from autograder.explaining.variants import variants
from autograder.records import Case, Diagnosis, Outcome, Tolerance

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
    telltales: tuple[str, ...] = ()  # regular expressions that the student's source must hold, all of them


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
            both = changes.composed(first, second, self.reference) if one.id != other.id else None
            if both is not None:
                in_order = self._place(first) <= self._place(second)
                diagnoses = (named(one), named(other)) if in_order else (named(other), named(one))
                found.append(Guess(both, diagnoses, _telltales(one.telltale, other.telltale)))
        return tuple(found[:_MOST_PAIRS])

    @cached_property
    def mixed_pairs(self) -> tuple[Guess, ...]:
        """A catalogued mistake beside one that is catalogued for another function."""
        composed = (
            (changes.composed(first, lent.procedure, self.reference), one, lent)
            for one, first in self._single
            for lent in self.borrowed
            if lent.of_a_part  # beside another, what a caller does with a function is far-fetched
        )
        pairs = (
            Guess(
                both,
                (named(one), changed_step(lent.step, lent.how)),
                _telltales(one.telltale, lent.telltale),
            )
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
            return tuple(variants(self.reference, cases, self.borrowed))

    @cached_property
    def changes(self) -> tuple[Guess, ...]:
        """The same as they are told."""
        return tuple(
            Guess(
                variant.procedure,
                (changed_step(variant.step, variant.how),),
                _telltales(variant.telltale),
            )
            for variant in self.generated
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
        return changes.composed(fit.procedure, edge.symptom, self.reference)

    def due(self, line: str) -> Outcome | None:
        """What a line of the course's own gives with the right function; None where it is none to be tried."""
        return experiment.due(self.reference, line)

    @property
    def innocent(self) -> list[Procedure]:
        """Other ways to the right result on ordinary inputs."""
        symptoms = (misconception.symptom for misconception in self.edge)
        return [symptom for symptom in symptoms if isinstance(symptom, Procedure)]

    def _place(self, procedure: Procedure) -> int:
        """Which step it changes first."""
        symbols = [step.symbol for step in self.reference.steps]
        return min(symbols.index(symbol) for symbol in changes.changed_steps(procedure, self.reference))


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
        borrowed=tuple(lent_to(procedure, {other.function: (other, listed) for other, listed in others})),
        draw=draw,
    )


def _telltales(*patterns: str) -> tuple[str, ...]:
    return tuple(filter(None, patterns))


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
        off=misconception.off,
        question=misconception.question,
    )


def changed_step(step: str, how: str) -> Diagnosis:
    """A generated variant as a finding that says which step differs and how."""
    return finding("changed-step", title=how.removesuffix("."), step=step)


def is_changed_step(diagnosis: Diagnosis) -> bool:
    """Whether a finding is a generated variant."""
    return diagnosis.id == "general.changed-step"


def fit_of(misconception: Misconception) -> Fit:
    """A catalogued mistake as what accounts for the results."""
    symptom = misconception.symptom if misconception.fits is None else None
    return Fit((named(misconception),), symptom, symptom if isinstance(symptom, Procedure) else None)
