"""What a right function answers where a student's own calls it, whatever it is called with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.course import material
from autograder.course.material import Material
from autograder.course.steps import Procedure
from autograder.data import Argument, Value
from autograder.records import Case, Returned

_FEW: Final = 1024  # a whole number up to which a right function is called, where its own cases have none


@dataclass(frozen=True)
class Answers:
    """Answers in the place of right functions; see `sandbox/upcalls.Answerer`."""

    procedures: Mapping[str, Procedure]  # by name, of all functions that may be asked for
    homes: Mapping[str, Material]  # by function, the material of its own unit
    material: Material  # of all others

    def __call__(self, name: str, args: Sequence[Argument]) -> Value | Exception:
        """What the right function returns, for a student's function that calls it."""
        procedure = self.procedures[name]
        if len(args) != len(procedure.parameters):
            return TypeError(name)
        asked = Case("", tuple(self._as_due(name, args)))
        if any(self._is_beyond(name, leaf) for leaf in nested.leaves(asked.args)):
            return OverflowError(name)
        result = material.outcome(procedure, asked)
        if isinstance(result, Returned):
            return result.value
        # Whatever NumPy says to a student's odd arguments.
        return KeyError(name) if result.exception == "KeyError" else ValueError(name)

    def _as_due(self, name: str, args: Sequence[Argument]) -> Iterator[Argument]:
        """The arguments, those that are arrays in the function's own cases as such: a student may hand on a list."""
        cases = self._known_cases(name)
        for place, argument in enumerate(args):
            due = [case.args[place] for case in cases if place < len(case.args)]
            if due and all(isinstance(one, np.ndarray) for one in due) and nested.holds_numbers(argument):
                with contextlib.suppress(ValueError):
                    argument = np.asarray(argument)
            yield argument

    def _is_beyond(self, name: str, leaf: Any) -> bool:
        """Whether a whole number is larger than any in the function's own cases: what is counted up to it never ends."""
        if isinstance(leaf, bool) or not isinstance(leaf, int | np.integer):
            return False
        leaves = (one for case in self._known_cases(name) for one in nested.leaves(case.args))
        return abs(int(leaf)) > max((abs(one) for one in leaves if type(one) is int), default=_FEW)

    def _known_cases(self, name: str) -> tuple[Case, ...]:
        home = self.homes.get(name, self.material)
        return material.structures(home, name, "hidden")
