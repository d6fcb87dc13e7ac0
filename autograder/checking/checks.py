"""What a hidden check is written with, and what it sees of a submission.

A grader file reads

    @check("softmax", "rows sum to one", points=0.5, kind="property")
    def test_softmax_rows_sum_to_one(attempt: Attempt) -> None:
        for case, result in attempt.arrays("softmax", "a table of scores"):
            if not np.allclose(result.sum(axis=-1), 1):
                fail("Some rows of the result do not sum to one.")

and knows nothing of how student code is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NoReturn, TypeAlias, TypeVar

import numpy as np

from autograder.checking.attempt import Attempt as FunctionAttempt
from autograder.checking.attempt import Trial
from autograder.data import Array
from autograder.errors import GraderError
from autograder.records import Case, Returned

MARK: Final = "check"
Kind: TypeAlias = Literal["values", "property"]
_Test = TypeVar("_Test", bound=Callable[..., None])


class CheckFailedError(AssertionError):
    """A check did not hold; the message is what the student reads."""


def check(
    function: str,
    name: str,
    *,
    points: float | None = None,
    weight: float | None = None,
    kind: Kind = "values",
) -> Callable[[_Test], _Test]:
    """Marks a test as the check `name` of `function`.

    It is worth `points`, and all checks of the function have some then; or it has a `weight` beside the kit's own
    checks, of which each ordinary case weighs 2 and each of the edges 1.
    """
    import pytest  # where a unit's checks are read, and not where its steps are alone

    mark: Callable[[_Test], _Test] = getattr(pytest.mark, MARK)(
        function=function, name=name, points=points, weight=weight, kind=kind
    )
    return mark


def fail(message: str) -> NoReturn:
    """Fails the check with a sentence for the student, which must not tell hidden numbers."""
    __tracebackhide__ = True
    raise CheckFailedError(message)


class Attempt:
    """What a grader sees of a submission: its functions' outcomes on the hidden inputs."""

    def __init__(self, functions: Sequence[FunctionAttempt]) -> None:
        self._functions = {attempt.function.name: attempt for attempt in functions}
        self.tried = False  # whether any call that was looked at has been made

    def agrees(self, function: str, *cases: str) -> None:
        """Fails at the first of these cases, all cases where none is named, that the reference disagrees with."""
        __tracebackhide__ = True
        for trial in self._trials(function, cases):
            if trial.mismatch is not None:
                fail(f"On “{trial.case.name}”: {trial.mismatch.message}")

    def arrays(self, function: str, *cases: str) -> Iterator[tuple[Case, Array]]:
        """Each case with the array that came back; fails where something else did."""
        __tracebackhide__ = True
        for trial in self._trials(function, cases):
            value = trial.outcome.value if isinstance(trial.outcome, Returned) else None
            if not isinstance(value, np.ndarray):
                message = "No array came back." if trial.mismatch is None else trial.mismatch.message
                fail(f"On “{trial.case.name}”: {message}")
            yield trial.case, value

    def trials(self, function: str, *cases: str) -> tuple[Trial, ...]:
        """Each case with what was due and what came."""
        return self._trials(function, cases)

    def leaves_inputs_alone(self, function: str) -> None:
        """Fails where a call changed its arguments or what an earlier one had given, or where no call returned at all."""
        __tracebackhide__ = True
        for trial in self._trials(function, ()):
            if trial.changed:
                fail(f"On “{trial.case.name}”: it changed its own inputs.")
        self.leaves_results_alone(function)

    def leaves_results_alone(self, function: str) -> None:
        """Fails where a call changed what an earlier one had given, or where no call returned at all."""
        __tracebackhide__ = True
        trials = self._trials(function, ())
        for trial in trials:
            if trial.overwritten:
                fail(f"On “{trial.case.name}”: a later call changed the result that it had returned.")
        if not any(isinstance(trial.outcome, Returned) for trial in trials):
            fail("It never returned, so there was nothing to look at.")

    def _trials(self, function: str, cases: tuple[str, ...]) -> tuple[Trial, ...]:
        if function not in self._functions:
            raise GraderError(f"a check asks for {function!r}, which this unit does not grade")
        trials = self._functions[function].hidden
        unknown = set(cases) - {trial.case.name for trial in trials}
        if unknown:
            raise GraderError(f"{function!r} has no case {sorted(unknown)[0]!r}")
        looked_at = tuple(trial for trial in trials if not cases or trial.case.name in cases)
        made = self._functions[function].called(trials)
        self.tried = self.tried or any(trial.case.name in made for trial in looked_at)
        return looked_at


# ------------------------------------------------------------------------------ the checks that most functions need


def agrees(
    function: str, name: str, *cases: str, points: float | None = None, weight: float | None = None
) -> Callable[[Attempt], None]:
    """The check that a function agrees with the reference on these cases, all where none is named.

    A grader file binds it to a name that starts with `test_`, as it does the two below.
    """

    def test(attempt: Attempt) -> None:
        __tracebackhide__ = True
        attempt.agrees(function, *cases)

    return check(function, name, points=points, weight=weight)(test)


def has_shape(
    function: str,
    name: str,
    *cases: str,
    points: float | None = None,
    weight: float | None = None,
    shape: Callable[..., tuple[int, ...]],
    otherwise: str,
) -> Callable[[Attempt], None]:
    """The check of a mere property: on these cases results have the `shape` that it gives for their arguments.

    `otherwise` is the sentence for the student where they have not.
    """

    def test(attempt: Attempt) -> None:
        __tracebackhide__ = True
        for case, result in attempt.arrays(function, *cases):
            if result.shape != shape(*case.args):
                fail(otherwise)

    return check(function, name, points=points, weight=weight, kind="property")(test)


def leaves_inputs_alone(
    function: str, *, points: float | None = None, weight: float | None = None
) -> Callable[[Attempt], None]:
    """The check of a mere property: no call changes its arguments."""

    def test(attempt: Attempt) -> None:
        __tracebackhide__ = True
        attempt.leaves_inputs_alone(function)

    return check(function, "leaves its inputs alone", points=points, weight=weight, kind="property")(test)
