"""`See it yourself`: a line to run is advised only where it shows the mistake on the student's own code."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.checking.attempt import Attempt
from autograder.checking.compare import same_outcome
from autograder.course.steps import Procedure
from autograder.data import Value
from autograder.errors import SandboxError
from autograder.notebook import syntax
from autograder.records import Diagnosis, Died, Outcome, Raised, Returned


def due(procedure: Procedure, line: str) -> Outcome | None:
    """What a line of the course's own gives with the right function; None where it is none to be tried.

    To be tried is an expression that calls the function, and gives numbers or an exception.
    """
    if not _calls(line, procedure.function):
        return None
    try:
        # What the line prints is for students, and not for whoever releases the unit.
        with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
            value = _value(eval(line, {"np": np, procedure.function: procedure}))
    except Exception as error:  # that it stops with one may be what the line shows
        return Raised(type(error).__name__)
    return None if value is None else Returned(value)


@dataclass
class Experiments:
    """What lines to run give with the student's function, each run once."""

    run: Callable[[Sequence[str]], list[Outcome]]
    # What a line gives with the right function; None where it is not to be tried.
    due: Callable[[str], Outcome | None]
    _right: dict[str, Outcome | None] = field(default_factory=dict)
    _came: dict[str, Outcome] = field(default_factory=dict)

    def make(self, lines: Sequence[str]) -> None:
        """Runs those of these lines that are to be tried and have not been."""
        self._right |= {line: self.due(line) for line in lines if line not in self._right}
        new = [line for line, right in self._right.items() if right is not None and line not in self._came]
        if not new:
            return
        try:
            outcomes = self.run(new)
        except SandboxError:  # what is not known to show anything is not advised
            outcomes = [Died("crashed")] * len(new)
        self._came.update(zip(new, outcomes, strict=True))

    def both(self, line: str) -> tuple[Outcome, Outcome] | None:
        """What is due of a line and what came; None where it was not to be tried."""
        right = self._right[line]
        return None if right is None else (right, self._came[line])


def borne_out(
    experiments: Experiments, attempt: Attempt, diagnoses: Sequence[Diagnosis]
) -> tuple[Diagnosis, ...]:
    """The diagnoses, those without their line whose line gives with the student's function what is due."""
    experiments.make([diagnosis.look for diagnosis in diagnoses])
    in_vain = {
        diagnosis.id
        for diagnosis in diagnoses
        if (both := experiments.both(diagnosis.look)) is not None and not _shows(*both, attempt)
    }
    return tuple(replace(one, look="") if one.id in in_vain else one for one in diagnoses)


def _shows(right: Outcome, outcome: Outcome, attempt: Attempt) -> bool:
    if isinstance(outcome, Died):  # nobody is told to run what hangs
        return False
    if isinstance(outcome, Raised) and (isinstance(right, Raised) or outcome.exception == "NameError"):
        return False  # as it should, or for want of a name that the line takes for granted
    return not same_outcome(right, outcome, attempt.function.tolerance)


def _calls(line: str, function: str) -> bool:
    """Whether the line is an expression that calls the function on inputs of its own."""
    parsed = syntax.tree(line)
    if parsed is None or len(parsed.body) != 1 or not isinstance(parsed.body[0], ast.Expr):
        return False
    nodes = list(ast.walk(parsed))
    called = any(isinstance(node, ast.Call) and _is_name(node.func, function) for node in nodes)
    return called and not any(isinstance(node, ast.Constant) and node.value is ... for node in nodes)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _value(shown: Any) -> Value:
    """What is shown, as numbers; None where it is something else."""
    if isinstance(shown, tuple) and all(isinstance(part, np.ndarray) for part in shown):
        return shown
    array = np.asarray(shown)
    return array if array.dtype.kind in "biuf" else None
