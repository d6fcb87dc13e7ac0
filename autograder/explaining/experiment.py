"""`See it yourself`: a line to run is advised only where it shows the mistake on the student's own code."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checking.attempt import Attempt, Examiner
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


def borne_out(
    examiner: Examiner,
    attempt: Attempt,
    diagnoses: Sequence[Diagnosis],
    due: Callable[[str], Outcome | None],
) -> tuple[Diagnosis, ...]:
    """The diagnoses, those without their line whose line gives with the student's function what is `due`."""
    tried = [(diagnosis, right) for diagnosis in diagnoses if (right := due(diagnosis.look)) is not None]
    if not tried:
        return tuple(diagnoses)
    try:
        outcomes = examiner.experiments(attempt, [diagnosis.look for diagnosis, _ in tried])
    except SandboxError:  # what is not known to show anything is not advised
        outcomes = [Died("crashed")] * len(tried)
    in_vain = {
        diagnosis.id
        for (diagnosis, right), outcome in zip(tried, outcomes, strict=True)
        if not _shows(right, outcome, attempt)
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
