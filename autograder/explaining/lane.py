"""One input of a function, against which many candidates are held."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from autograder.checking.attempt import Trial
from autograder.checking.compare import held_against, same_outcome
from autograder.course.steps import Procedure
from autograder.explaining import sketch
from autograder.explaining.known_steps import KnownSteps
from autograder.explaining.sketch import Sketch, Sketched
from autograder.explaining.trials import finite_parts
from autograder.records import Outcome, Returned, Tolerance


class Lane:
    """One input, and what came of it."""

    def __init__(self, reference: Procedure, trial: Trial, tolerance: Tolerance) -> None:
        self.trial, self._tolerance = trial, tolerance
        self._steps = KnownSteps(reference, trial.case)
        self.wrong = trial.mismatch is not None
        # That came back, or of other values the parts: what bears a finding out.
        self.numbers = finite_parts(trial.outcome.value) if isinstance(trial.outcome, Returned) else 0

    def came_of(self, symptom: Callable[..., Any] | Sketched, tolerance: Tolerance) -> bool:
        """Whether a candidate gives what came here."""
        if self._is_sequence:
            return False
        if isinstance(symptom, Sketched):
            if self.trial.case.of:  # of what is made small no sketch is known: others have told
                return True
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
        did = self._steps.outcome(symptom)
        return held_against(self.trial.case, self.trial.expected, did, self._tolerance)


def how_telling(trial: Trial) -> tuple[bool, bool, int]:
    """Wrong arrays first, small ones first of all: they reject most at least cost."""
    returned = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    size = returned.size if isinstance(returned, np.ndarray) else 0
    return trial.mismatch is None, not size, size
