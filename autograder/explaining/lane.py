"""One input of a function, against which many candidates are held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from autograder.checking.attempt import Trial
from autograder.checking.compare import held_against, same_outcome
from autograder.course import material as materials
from autograder.course import plainly
from autograder.course.steps import Procedure
from autograder.explaining import sketch
from autograder.explaining.sketch import Sketch, Sketched
from autograder.explaining.trials import finite_parts
from autograder.records import Outcome, Returned, Tolerance


class Lane:
    """One input with the reference's step values, so that a changed step costs that step and those after it."""

    def __init__(self, reference: Procedure, trial: Trial, tolerance: Tolerance) -> None:
        self.trial, self._reference, self._tolerance = trial, reference, tolerance
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
        if isinstance(symptom, Procedure) and self._values is not None:
            procedure = symptom
            outcome = plainly.of_steps(lambda: self._result(procedure))
        else:
            outcome = materials.outcome(symptom, self.trial.case)
        return held_against(self.trial.case, self.trial.expected, outcome, self._tolerance)

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


def how_telling(trial: Trial) -> tuple[bool, bool, int]:
    """Wrong arrays first, small ones first of all: they reject most at least cost."""
    returned = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    size = returned.size if isinstance(returned, np.ndarray) else 0
    return trial.mismatch is None, not size, size
