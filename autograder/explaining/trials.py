"""What the trials of a function gave: the ordinary ones, the one to show, and the arrays that came and were due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder import nested
from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import are_arrays
from autograder.data import Array, Other
from autograder.records import Outcome, Returned


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
    if not are_arrays(trial.expected):
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
    """The arrays of numbers of a result, of which there may be several; none where it is anything else."""
    parts = value if isinstance(value, tuple) else (value,)
    arrays = [part for part in parts if isinstance(part, np.ndarray) and part.dtype.kind in "biufc"]
    return arrays if len(arrays) == len(parts) else []


def finite_parts(value: Any) -> int:
    """How many finite numbers a result holds, and how many other values that are none; 0 where nothing came back."""
    if value is None or isinstance(value, Other):
        return 0
    return sum(_finite(leaf) for leaf in nested.leaves(value))


def _finite(leaf: Any) -> int:
    if isinstance(leaf, np.ndarray):
        return int(np.isfinite(leaf).sum()) if leaf.dtype.kind in "biufc" else leaf.size
    return int(
        not isinstance(leaf, Other) and not (nested.is_number(leaf) and not np.isfinite(complex(leaf)))
    )
