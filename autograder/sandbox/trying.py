"""Tries small edits of a notebook's code in one child: what each gives is data, and is judged by whoever asked.

Theory of operation: the child has run the notebook's cells as for any call. Each edit puts a few definitions of the
notebook, written otherwise, among its variables, is called, and is taken out again. So an edit is as locked in as the
student's own code. A child that dies under an edit answers for none that come after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from autograder.child import messages, packing, questions
from autograder.child.allowance import TooManyStepsError
from autograder.records import Case, Died, Outcome, Redefined, TracedValue
from autograder.sandbox.worker import ChildDiedError, Conversation, Request, Run, Start, outcome_of, traced_of

# Lines that one call may run: the first of these that the unedited code does not use up, times the next.
_LINES: Final = (500, 2_000, 8_000, 32_000)
_TIMES: Final = 4
_LARGER: Final = 16  # as many on other cases, which are larger
_MOST_LINES: Final = 128_000


class Trying:
    """A child that has run a notebook's cells and tries edits of them. A context manager."""

    def __init__(self, start: Start, request: Request, cpu_seconds: float) -> None:
        """`request` says which notebook and function; it has no batches. The child has so many seconds for all edits."""
        self._start, self._request, self._cpu_seconds = start, request, cpu_seconds
        self._begun = False
        self._lines: int | None = None  # that a call of an edit may run on the first case
        self.died: Died | None = None  # what ended the child; from then on nothing is tried

    def __enter__(self) -> Self:
        modules = self._request.modules
        self._child = self._start(modules) if modules else self._start()
        self._talk = Conversation(self._child, self._request, Run([], left_out=dict(self._request.left_out)))
        try:
            self._talk.run_cells()
            self._child.allow()
        except ChildDiedError as death:
            self.died = Died(death.reason, death.detail)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close()

    def traced(self, case: Case) -> list[TracedValue]:
        """The arrays that the lines of the unedited code make on a case; they may be forged."""
        if self.died is not None:
            return []
        (identity,) = messages.random_ids(1)
        arguments = [packing.pack(argument) for argument in case.args]
        try:
            self._child.send(
                messages.Calls([messages.Call(identity, questions.seed_of(case), arguments)], trace=True)
            )
            outcome_of(self._talk.receive(), identity)
            return traced_of(self._talk.receive(), identity)
        except ChildDiedError as death:
            self.died = Died(death.reason, death.detail)
            return []

    def outcomes(
        self, edits: Sequence[Sequence[Redefined]], cases: Sequence[Case], *, back: bool = True
    ) -> list[list[Outcome]]:
        """For each edit what it gives on each of the cases; fewer where the child died, which `died` tells.

        With `back` the arguments are asked back with each result.
        """
        if not self._begun:
            self._begun = True
            self._child.allow(self._cpu_seconds)
        if self._lines is None and len(edits) == 1:
            return self._outcomes(edits, cases, _MOST_LINES, back=back)
        if self._lines is None:
            self._lines = self._fair(cases[0])
            return self._outcomes(edits, cases, self._lines, back=back)
        return self._outcomes(edits, cases, min(self._lines * _LARGER, _MOST_LINES), back=back)

    def _fair(self, case: Case) -> int:
        """How many lines a call of an edit may run: in proportion to what the unedited code does."""
        for lines in _LINES:
            came = self._outcomes([()], [case], lines)
            if came and not (came[0] and getattr(came[0][0], "exception", "") == TooManyStepsError.__name__):
                return lines * _TIMES
        return _LINES[0]  # what does not end by itself: an edit that mends it does

    def _outcomes(
        self, edits: Sequence[Sequence[Redefined]], cases: Sequence[Case], lines: int, *, back: bool = True
    ) -> list[list[Outcome]]:
        """The same, with so many lines of Python for each call."""
        found: list[list[Outcome]] = []
        if self.died is not None or not edits:
            return found
        ids = messages.random_ids(len(edits) * len(cases))
        tried = [
            messages.Edit(
                ids[place * len(cases) : (place + 1) * len(cases)],
                [messages.Redefinition(one.name, one.cell, one.source) for one in edit],
            )
            for place, edit in enumerate(edits)
        ]
        asked = [
            messages.Call(0, questions.seed_of(case), [packing.pack(argument) for argument in case.args])
            for case in cases
        ]
        try:
            self._child.send(messages.Edits(tried, asked, lines, back))
            for edit in tried:
                found.append([])
                for identity in edit.ids:
                    found[-1].append(outcome_of(self._talk.receive(), identity))
        except ChildDiedError as death:
            self.died = Died(death.reason, death.detail)
        return found
