"""What a student's code is tried in to explain it: one child for its trace and for small edits of it, and for nothing hidden.

Theory of operation. The trace is taken first, as the only thing of it that people may see; where the code is proven to
keep nothing, the child has answered for the explain inputs before. Edits follow, each taken out again. A child that dies under one of them is replaced. Hidden inputs go to another child, of which nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from autograder.checking.attempt import Attempt, Trial
from autograder.closing import Closing
from autograder.records import Case, Died, Outcome, Redefined, TracedValue

_MOST_DEATHS: Final = 3  # children that may die under an edit, other than for want of time


class UndecidedError(Exception):
    """A limit struck that is not the same on every machine: nothing is said."""


class Runner(Protocol):
    """Runs edits of one notebook's code, one after the other; what they give is judged outside."""

    died: Died | None  # what ended it; from then on nothing is run

    def outcomes(
        self, edits: Sequence[Sequence[Redefined]], cases: Sequence[Case], *, back: bool = True
    ) -> list[list[Outcome]]:
        """For each edit what it gives on each of the cases, which takes no more than is fair; fewer where it died.

        With `back` the arguments are asked back with each result.
        """


class Held(Protocol):
    """A child that was open before."""

    def close(self) -> object:
        """Ends it, if it has not been handed over."""


# One for an attempt.
Open = Callable[[Attempt], AbstractContextManager[Runner]]


@dataclass
class Workbench(Closing):
    """Runs edits in as few children as can be. A context manager, of which a child is opened when it is needed."""

    start: Open
    attempt: Attempt
    held: Held | None = None  # what `start` may go on with, ended with this
    _open: AbstractContextManager[Runner] | None = None
    _runner: Runner | None = None
    _deaths: int = 0

    def outcomes(
        self, tried: Sequence[tuple[Redefined, ...]], trials: Sequence[Trial], *, back: bool = True
    ) -> Iterator[tuple[int, list[Outcome]]]:
        """By number of the edit, what it gives on these trials; nothing of those that ended a child.

        UndecidedError where a child ran out of time, or too many ended.
        """
        at = 0
        while at < len(tried):
            runner = self._ready()
            came = runner.outcomes(tried[at:], [trial.case for trial in trials], back=back)
            yield from ((at + n, one) for n, one in enumerate(came) if len(one) == len(trials))
            if runner.died is not None:
                self._deaths += 1
                if runner.died.reason == "timeout" or self._deaths > _MOST_DEATHS or not came:
                    raise UndecidedError
                self.close()
            at += len(came)

    def traced(self, case: Case) -> list[TracedValue]:
        """The arrays that the lines of the unedited code make on a case; none where nothing here can tell."""
        trace: Callable[[Case], list[TracedValue]] | None = getattr(self._ready(), "traced", None)
        return trace(case) if trace is not None else []

    def going(self) -> Runner | None:
        """What has tried edits and could try more, if there is any; one that died is closed."""
        if self._runner is not None and self._runner.died is not None:
            self.close()
        return self._runner

    def afresh(self) -> Workbench:
        """Another one, with a child that has seen nothing; the child of this one is ended."""
        self.close()
        return Workbench(self.start, self.attempt)

    def _ready(self) -> Runner:
        if self.going() is None:
            self._open = self.start(self.attempt)
            self._runner = self._open.__enter__()
        assert self._runner is not None
        return self._runner

    def close(self) -> None:
        """Ends the child, if there is one: no other child can be had beside it."""
        if self._open is not None:
            self._open.__exit__(None, None, None)
        if self.held is not None:
            self.held.close()
        self._open = self._runner = None
