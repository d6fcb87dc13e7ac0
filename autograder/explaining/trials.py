"""What the trials of a function gave: the ordinary ones, the one to show, and the arrays that came and were due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checking.attempt import Attempt, Trial
from autograder.records import Array, Other, Outcome, Returned


def ordinary(trials: Sequence[Trial]) -> Iterator[Trial]:
    """The trials on ordinary inputs."""
    return (trial for trial in trials if trial.case.kind == "ordinary")


def to_explain(attempt: Attempt) -> Trial | None:
    """The first wrong explain case; an ordinary one says more than a huge one, a matrix more than an exception."""
    wrong = [trial for trial in attempt.explain if trial.mismatch is not None]
    return min(
        wrong, key=lambda trial: (trial.case.kind != "ordinary", not arrays_came(trial.outcome)), default=None
    )


def arrays_came(outcome: Outcome) -> bool:
    """Whether there is something to be seen in an outcome."""
    return isinstance(outcome, Returned) and not isinstance(outcome.value, Other | None)


def numbers_came(trial: Trial) -> bool:
    """Whether finite arrays came back, as many as are due."""
    if trial.mismatch is not None and trial.mismatch.rung not in ("shape", "values"):
        return False
    return all(bool(np.all(np.isfinite(array))) for array in returned_arrays(trial))


def pairs_of(trial: Trial) -> Iterator[tuple[Array, Array]]:
    """Got and expected as one pair, where both are arrays, or as many, of the same shapes."""
    got, expected = list(returned_arrays(trial)), parts_of(trial.expected)
    if len(got) == len(expected) and all(
        one.shape == due.shape and one.dtype.kind != "c" for one, due in zip(got, expected, strict=True)
    ):
        flat = [np.concatenate([part.ravel() for part in parts]) for parts in (got, expected) if parts]
        if len(flat) == 2:
            yield flat[0], flat[1]


def returned_arrays(trial: Trial) -> Iterator[Array]:
    """The arrays that came back, one or several."""
    if isinstance(trial.outcome, Returned):
        yield from parts_of(trial.outcome.value)


def parts_of(value: Any) -> list[Array]:
    """The arrays of a result, of which there may be several."""
    parts = value if isinstance(value, tuple) else (value,)
    return [part for part in parts if isinstance(part, np.ndarray)]
