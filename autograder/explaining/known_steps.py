"""The reference's step values on one input, so that a changed step costs that step and those after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from autograder.course import material as materials
from autograder.course import plainly
from autograder.course.rounding import elsewhere, nudged
from autograder.course.steps import Procedure
from autograder.records import Case, Raised, Returned


class KnownSteps:
    """One input with what the reference's steps make of it.

    `nearly`, as another machine might have it: the last digits of the input and of what a changed step gives are others.
    """

    def __init__(self, reference: Procedure, case: Case, *, nearly: bool = False) -> None:
        self._reference, self._nearly = reference, nearly
        self._case = replace(case, args=tuple(map(nudged, case.args))) if nearly else case

    def outcome(self, symptom: Callable[..., Any]) -> Returned | Raised:
        """What a mistake gives here: the reference with steps changed, or any other function."""
        if isinstance(symptom, Procedure) and self._values is not None:
            procedure = symptom
            found = plainly.of_steps(lambda: self._result(procedure))
            # A step that changes what it is given gets something of its own.
            if not (isinstance(found, Raised) and "read-only" in found.message):
                return found
        return materials.outcome(symptom, self._case)

    @cached_property
    def _values(self) -> Mapping[str, Any] | None:
        """The arguments and the reference's step values, arrays read-only here; None where it raises, or has no steps."""
        if not self._reference.steps:
            return None
        try:
            with np.errstate(all="ignore"):
                values = self._reference.values(*self._case.args)
        except Exception:
            return None
        return {symbol: _read_only(value) for symbol, value in values.items()}

    def _result(self, procedure: Procedure) -> Any:
        assert self._values is not None
        values, stale = dict(self._values), set[str]()
        for own, due in zip(procedure.steps, self._reference.steps, strict=True):
            if own is not due or not stale.isdisjoint(own.operands):
                made = own.op(*[values[symbol] for symbol in own.operands])
                values[own.symbol] = elsewhere(made) if self._nearly and own is not due else made
                stale.add(own.symbol)
        returned = tuple(values[symbol] for symbol in procedure.returns)
        return returned if len(returned) > 1 else returned[0]


def _read_only(value: Any) -> Any:
    """The same array, which nobody can change by this name."""
    if not isinstance(value, np.ndarray):
        return value
    array = value.view()
    array.setflags(write=False)
    return array
