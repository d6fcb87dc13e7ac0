"""A reference with steps changed: which they are, and two changes at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.course.steps import Procedure, Step

Op = Callable[..., Any]


@dataclass(frozen=True)
class Variant:
    """The reference with one step changed, or with a group of steps changed alike."""

    procedure: Procedure
    step: str  # name of the first changed step
    how: str  # one plain sentence
    telltale: str = ""  # a regular expression that the student's source must hold for this one to be told
    of_a_part: bool = True  # False: listed for a longer function, of which this one is a part


def changed_steps(procedure: Procedure, reference: Procedure) -> tuple[str, ...]:
    """The symbols of the steps in which a procedure differs from the reference it was made from."""
    return tuple(
        own.symbol
        for own, due in zip(procedure.steps, reference.steps, strict=True)
        if own is not due and own != due
    )


def leaves_out(procedure: Procedure, reference: Procedure, args: Sequence[Any]) -> bool:
    """Whether a changed step gives back one of its operands as it is: it was not done, says the mistake."""
    changed = changed_steps(procedure, reference)
    with np.errstate(all="ignore"):
        values = procedure.values(*args)
    return any(
        np.array_equal(values[step.symbol], values[operand])
        for step in procedure.steps
        if step.symbol in changed
        for operand in step.operands
    )


def composed(one: Procedure, other: Procedure, reference: Procedure) -> Procedure | None:
    """Both changes at once; None where they change the same step."""
    theirs = set(changed_steps(other, reference))
    if not theirs or theirs.intersection(changed_steps(one, reference)):
        return None
    steps = zip(one.steps, other.steps, strict=True)
    return replace(one, steps=tuple(right if right.symbol in theirs else left for left, right in steps))


def known_before(procedure: Procedure, step: Step) -> list[str]:
    """The symbols that are known when a step begins."""
    known = list(procedure.parameters)
    for earlier in procedure.steps:
        if earlier.symbol == step.symbol:
            return known
        known.append(earlier.symbol)
    return known
