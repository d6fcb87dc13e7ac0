"""What the trials of a function gave: the ordinary ones, the one to show, and the arrays that came and were due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder import nested
from autograder.checking import kinds
from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import are_arrays
from autograder.data import Array, Other, Value
from autograder.mismatch import Mismatch
from autograder.records import Case, Outcome, Raised, Returned, Tolerance


def ordinary(trials: Sequence[Trial]) -> Iterator[Trial]:
    """The trials on ordinary inputs."""
    return (trial for trial in trials if trial.case.kind == "ordinary")


def to_explain(attempt: Attempt) -> Trial | None:
    """The wrong explain case to show: the first, or what is made small of it where that goes wrong in the same way."""
    wrong = [trial for trial in attempt.explain if trial.mismatch is not None]
    place = place_to_show(
        [(trial.case, trial.outcome) for trial in wrong], lambda place: way_of(wrong[place].mismatch)
    )
    return None if place is None else wrong[place]


def place_to_show(wrong: Sequence[tuple[Case, Outcome]], way: Callable[[int], tuple[str, ...]]) -> int | None:
    """Which of these cases to show: the first, or what is made small of it, where the `way` in which both are wrong is the same.

    An ordinary case says more than a huge one, a matrix more than an exception.
    """
    first = min(
        range(len(wrong)),
        key=lambda place: (
            bool(wrong[place][0].of),
            wrong[place][0].kind != "ordinary",
            not arrays_came(wrong[place][1]),
        ),
        default=None,
    )
    if first is None:
        return None
    made = (place for place, (case, _) in enumerate(wrong) if case.of == wrong[first][0].name)
    return next((place for place in made if way(place) == way(first)), first)


def way_of(mismatch: Mismatch | None) -> tuple[str, ...]:
    """In which way a result is wrong: the rung at which it breaks, and the class of an exception."""
    if mismatch is None:
        return ()
    outcome = mismatch.outcome
    return mismatch.rung, outcome.exception if isinstance(outcome, Raised) else ""


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
    """Got and expected as one pair of all their numbers, where both have one structure and are the same but for these."""
    if isinstance(trial.outcome, Returned) and not trial.case.raises and not are_arrays(trial.expected):
        yield from _numbers_of(trial.outcome.value, trial.expected)
        return
    got, expected = list(returned_arrays(trial)), parts_of(trial.expected)
    if len(got) == len(expected) and all(
        one.shape == due.shape and one.dtype.kind != "c" for one, due in zip(got, expected, strict=True)
    ):
        flat = [np.concatenate([part.ravel() for part in parts]) for parts in (got, expected) if parts]
        if len(flat) == 2:
            yield flat[0], flat[1]


def _numbers_of(got: Value, due: Value) -> Iterator[tuple[Array, Array]]:
    """The decimals of two values that are otherwise the same, as one pair of arrays."""
    flat: list[tuple[Array, Array]] = []
    for one, other in nested.pairs(got, due) or ():
        decimals = [isinstance(leaf, float | np.ndarray | np.generic) for leaf in (one, other)]
        if all(decimals) and np.shape(one) == np.shape(other) and np.asarray(other).dtype.kind == "f":
            if np.asarray(one).dtype.kind not in "fiu":
                return
            flat.append((np.ravel(one), np.ravel(other)))
        elif not kinds.equal(other, one, Tolerance()):
            return
    if flat:
        yield (
            np.concatenate([one for one, _ in flat]).astype(float),
            np.concatenate([other for _, other in flat]),
        )


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
    if isinstance(leaf, int):  # which may be too large for any other number
        return 1
    return int(
        not isinstance(leaf, Other) and not (nested.is_number(leaf) and not np.isfinite(complex(leaf)))
    )
