"""Which students show the same unexplained results: a name that they share, and nobody else.

Hidden and explain inputs differ from student to student, so what is compared is what comes of the *public* inputs,
where all have the same numbers; or, where a small edit of a step makes it right, which step and what kind of edit.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from autograder.checking.attempt import Attempt, Examiner, Trial
from autograder.explaining import sketch
from autograder.records import Diagnosis, Died, Outcome, Raised, Tolerance

# What came, without a reason; an edit says where and not why.
_UNEXPLAINED: Final = frozenset(
    f"general.{name}"
    for name in (
        "drawing-differs", "nan", "one-edit", "raises", "wrong-columns", "wrong-keys", "wrong-shape", "wrong-type",
        "wrong-value",
    )
)  # fmt: skip
_LETTERS: Final = 6  # of a name: a thousand million of them


def cluster(examiner: Examiner, attempt: Attempt, found: Sequence[Diagnosis]) -> str:
    """The name of those whose results agree with these; empty where a cause is named, or nothing came to be compared."""
    first = next(iter(found), None)
    if first is not None and first.id not in _UNEXPLAINED:
        return ""
    name = attempt.function.name
    edits = [(one.kind, one.step) for one in found if one.kind is not None and one.step is not None]
    if edits and len(edits) == sum(one.kind is not None for one in found):
        return _named(name, "edit", *map(repr, sorted(edits)))
    trials = examiner.public(attempt)
    if any(isinstance(trial.outcome, Died) for trial in trials):
        return ""
    with np.errstate(all="ignore"):  # students' numbers overflow where they like
        return _named(name, *(repr(_told(trial, attempt.function.tolerance)) for trial in trials))


def of_outcome(name: str, outcome: Outcome, found: Sequence[Diagnosis], *told: str) -> str:
    """The name of those of whom one and the same thing was asked, and the same came; empty where a cause is named.

    `told` is what else has to be the same, such as where it was asked.
    """
    first = next(iter(found), None)
    if (first is not None and first.id not in _UNEXPLAINED) or isinstance(outcome, Died):
        return ""
    said = outcome.message if isinstance(outcome, Raised) else ""
    with np.errstate(all="ignore"):
        key = sketch.of(outcome).key(Tolerance())
    return _named(name, *told, repr((*key, said)))


def _told(trial: Trial, tolerance: Tolerance) -> tuple[object, ...]:
    """An outcome as all have it who did the same, whatever the last digits of its numbers."""
    outcome = trial.outcome
    said = outcome.message if isinstance(outcome, Raised) else ""
    return (*sketch.of(outcome).key(tolerance), said)


def _named(function: str, *parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest()
    return f"{function}-{base64.b32encode(digest).decode()[:_LETTERS].lower()}"
