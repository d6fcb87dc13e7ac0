"""The line to run under "See it yourself", tried on the student's own function: it is told where it shows something.

Such a line calls the function on small inputs and looks at what comes back: `softmax(np.zeros(4)).sum()`. It is read
by a closed set of nodes and never evaluated by Python, as it comes from a file on a student's machine. Only the
calls go to the child; what is looked at in their results is worked out here. Lines in words stay as they are.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from autograder.checking.attempt import Attempt, Examiner
from autograder.checking.compare import same_outcome
from autograder.course import material
from autograder.errors import SandboxError
from autograder.records import Argument, Case, Diagnosis, Outcome, Returned, Tolerance

_MAKING: Final = {name: getattr(np, name) for name in ("array", "zeros", "ones", "eye", "arange", "full")}
_LOOKING: Final = frozenset(("sum", "mean", "max", "min", "reshape"))
_SEEN: Final = frozenset(("shape", "ndim", "T"))
_OPERATORS: Final[dict[type, Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}


class _NotReadError(Exception):
    """The line holds something that no experiment holds."""


@dataclass(frozen=True)
class Experiment:
    """One line that calls a function."""

    line: ast.expr
    calls: tuple[ast.Call, ...]
    arguments: tuple[tuple[Argument, ...], ...]  # of the calls

    def seen(self, outcomes: Sequence[Outcome]) -> Any:
        """What the line shows where the calls do this; the first outcome that is no value, where there is one."""
        values = {}
        for call, outcome in zip(self.calls, outcomes, strict=True):
            if not isinstance(outcome, Returned):
                return outcome
            values[id(call)] = outcome.value
        return _read(self.line, values, {})


def read(line: str, function: str) -> Experiment | None:
    """The experiment that a line is; None for one in words, or that calls nothing."""
    try:
        parsed = ast.parse(line, mode="eval").body
        calls = tuple(
            node
            for node in ast.walk(parsed)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function
        )
        arguments = tuple(tuple(map(_argument, _parts(call.args, {}, {}))) for call in calls)
    except Exception:  # words, or what NumPy makes of odd sizes
        return None
    return Experiment(parsed, calls, arguments) if calls else None


def borne_out(examiner: Examiner, attempt: Attempt, found: Sequence[Diagnosis]) -> tuple[Diagnosis, ...]:
    """The findings, without the lines to run that show nothing wrong on this student's function."""
    name, tolerance = attempt.function.name, attempt.function.tolerance
    experiments = {one.look: experiment for one in found if (experiment := read(one.look, name)) is not None}
    if not experiments:
        return tuple(found)
    arguments = [args for experiment in experiments.values() for args in experiment.arguments]
    try:
        outcomes = iter(examiner.called(attempt, arguments))
    except SandboxError:  # what decorates must not cost what is known without it
        return tuple(found)
    reference = examiner.procedures[name]
    in_vain = set()
    for look, experiment in experiments.items():
        own = [next(outcomes) for _ in experiment.calls]
        due = [material.outcome(reference, Case("", args)) for args in experiment.arguments]
        if _is_same(experiment, own, due, tolerance):
            in_vain.add(look)
    return tuple(replace(one, look="") if one.look in in_vain else one for one in found)


def _is_same(
    experiment: Experiment, own: Sequence[Outcome], due: Sequence[Outcome], tolerance: Tolerance
) -> bool:
    """Whether the line shows the same as it would for the right function."""
    try:
        seen, right = experiment.seen(own), experiment.seen(due)
    except Exception:  # an odd result has no such thing to look at
        return False
    return _alike(seen, right, tolerance)


def _alike(one: Any, other: Any, tolerance: Tolerance) -> bool:
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(
            _alike(mine, due, tolerance) for mine, due in zip(one, other, strict=True)
        )
    outcomes = [
        what if not isinstance(what, int | float | np.ndarray | np.generic) else Returned(np.asarray(what))
        for what in (one, other)
    ]
    if all(isinstance(outcome, Outcome) for outcome in outcomes):
        return same_outcome(outcomes[0], outcomes[1], tolerance)
    return False


def _argument(value: Any) -> Argument:
    if isinstance(value, np.ndarray) or (
        isinstance(value, list) and all(isinstance(word, str) for word in value)
    ):
        return value
    raise _NotReadError


def _parts(nodes: Sequence[ast.expr], values: Mapping[int, Any], names: Mapping[str, Any]) -> list[Any]:
    """What stands side by side, with lists behind stars laid out."""
    parts: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            parts += _read(node.value, values, names)
        else:
            parts.append(_read(node, values, names))
    return parts


def _read(node: ast.expr | None, values: Mapping[int, Any], names: Mapping[str, Any]) -> Any:
    """The value of a part of the line; `values` are those of the calls, by the identity of their nodes."""
    match node:
        case ast.Call() if id(node) in values:
            return values[id(node)]
        case None:
            return None
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.List(elts=parts):
            return _parts(parts, values, names)
        case ast.Tuple(elts=parts):
            return tuple(_parts(parts, values, names))
        case ast.ListComp(
            elt=each, generators=[ast.comprehension(target=ast.Name(id=name), iter=of, ifs=[])]
        ):
            return [_read(each, values, {**names, name: one}) for one in _read(of, values, names)]
        case ast.Call():
            return _called(node, values, names)
    return _worked_out(node, values, names)


def _worked_out(node: ast.expr, values: Mapping[int, Any], names: Mapping[str, Any]) -> Any:
    """What is calculated with values, or picked from them."""
    match node:
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_read(operand, values, names))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_read(left, values, names), _read(right, values, names))
        case ast.Slice(lower=lower, upper=upper, step=step):
            return slice(*(_read(part, values, names) for part in (lower, upper, step)))
        case ast.Subscript(value=of, slice=place):
            return _read(of, values, names)[_read(place, values, names)]
        case ast.Attribute(value=of, attr=name) if name in _SEEN:
            return getattr(_read(of, values, names), name)
    raise _NotReadError


def _called(node: ast.Call, values: Mapping[int, Any], names: Mapping[str, Any]) -> Any:
    """What a function of NumPy that makes an array gives, or a method that looks at one."""
    options = {keyword.arg: _read(keyword.value, values, names) for keyword in node.keywords if keyword.arg}
    match node.func:
        case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in _MAKING:
            return _MAKING[name](*_parts(node.args, values, names), **options)
        case ast.Attribute(value=of, attr=name) if name in _LOOKING:
            array = np.asarray(_read(of, values, names))
            return getattr(array, name)(*_parts(node.args, values, names), **options)
    raise _NotReadError
