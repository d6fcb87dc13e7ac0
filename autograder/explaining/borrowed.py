"""Mistakes that are listed for another function, in the steps that this one shares with it.

Attention scales as the scores do: what goes wrong there goes wrong here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder.course.rewriting import Op as Derived
from autograder.course.steps import Misconception, Procedure, Step
from autograder.explaining.changes import Op, Variant, changed_steps, known_before

_FLIPPED: Final = re.compile(r"np\.swapaxes\((_\d+), -1, -2\)")  # a stack of matrices, each transposed


def lent_to(
    procedure: Procedure, others: Mapping[str, tuple[Procedure, Sequence[Misconception]]]
) -> list[Variant]:
    """The mistakes catalogued for other functions, in the steps that this one shares with them."""
    found = []
    for other, misconceptions in others.values():
        if other.function == procedure.function:
            continue
        ours = _counterparts(other, procedure)
        for misconception in misconceptions:
            if misconception.edge or misconception.elsewhere is None:
                continue
            if not isinstance(misconception.symptom, Procedure):
                continue
            moved = _moved(misconception.symptom, other, procedure, ours)
            if moved is not None:
                first, changed = moved
                shared = {step.name for step in procedure.steps if step.symbol in ours.values()}
                found.append(
                    Variant(
                        changed,
                        misconception.step if misconception.step in shared else first,
                        f"{misconception.elsewhere or misconception.title}.",
                        misconception.telltale,
                        of_a_part=len(other.steps) <= len(procedure.steps),
                    )
                )
    return found


def _counterparts(other: Procedure, procedure: Procedure) -> dict[str, str]:
    """Which of our symbols plays the part of each of theirs: parameters by name, steps by name and operation."""
    ours = {name: name for name in other.parameters if name in procedure.parameters}
    mine = {step.name: step for step in procedure.steps}
    for theirs in other.steps:
        own = mine.get(theirs.name)
        if own is not None and (_same_operation(own.op, theirs.op) or _is_of_stacks(own.op, theirs.op)):
            ours[theirs.symbol] = own.symbol
            ours |= dict(zip(theirs.operands, own.operands, strict=True))
    return ours


def _same_operation(one: Op, other: Op) -> bool:
    """Whether two operations are one and the same; each unit's material has functions of its own."""
    if one is other or (isinstance(one, Derived) and one == other):
        return True
    names = [
        (getattr(op, "__module__", None), getattr(op, "__qualname__", "<unnamed>")) for op in (one, other)
    ]
    return names[0] == names[1] and "<" not in names[0][1]


def _is_of_stacks(own: Op, other: Op) -> bool:
    """Whether the first does to each matrix of a stack, such as that of all heads, what the other does to one."""
    if not (isinstance(own, Derived) and isinstance(other, Derived)) or own == other:
        return False
    return _FLIPPED.sub(r"\1.T", own.text) == other.text


@dataclass(frozen=True)
class _OnStacks:
    """An operation on matrices, done to each of a stack."""

    op: Op

    def __call__(self, *values: Any) -> Any:
        """The results, stacked."""
        count = max(len(value) for value in values if np.ndim(value) > 2)
        return np.stack(
            [
                self.op(*(value[one] if np.ndim(value) > 2 else value for value in values))
                for one in range(count)
            ]
        )


def _moved(
    symptom: Procedure, other: Procedure, procedure: Procedure, ours: Mapping[str, str]
) -> tuple[str, Procedure] | None:
    """A change of another function's steps made in ours; None where a step or operand has no counterpart."""
    changed = procedure
    names = changed_steps(symptom, other)
    for step in symptom.steps:
        if step.symbol not in names:
            continue
        if step.symbol not in ours or any(symbol not in ours for symbol in step.operands):
            return None
        own = next((one for one in procedure.steps if one.symbol == ours[step.symbol]), None)
        # What they make in a step may be handed to us.
        if own is None:
            return None
        operands = tuple(ours[symbol] for symbol in step.operands)
        if not _are_known(procedure, own, operands):
            return None
        op = _OnStacks(step.op) if _is_of_stacks(own.op, other.step(step.name).op) else step.op
        changed = changed.replacing(own.name, op, operands=operands)
    first = next((step.name for step in symptom.steps if step.symbol in names), None)
    return None if first is None else (first, changed)


def _are_known(procedure: Procedure, step: Step, operands: Iterable[str]) -> bool:
    return set(operands) <= set(known_before(procedure, step))
