"""One child for all functions of a submission, where its code is proven to keep nothing from one call to the next.

Theory of operation. A child costs a fork, a lock-in and the cells, which is most of what a right submission takes. It is
needed for each function so that nothing remembered in one call helps in another. Code that `notebook/pure.py` proves
remembers nothing: what a function gives depends on its arguments alone, whichever calls came before. So all of its
functions are asked in one child, one after the other, whatever stands in for those that are wrong. A wrong value or an
exception is an answer there as anywhere, and so is a time that is up, as each function has its own. Whatever else ends a
child, and whatever tells how much memory or stack was left, is asked again in a child of the function's own, and nothing
more is shared after a death. Code that is not proven has a child for each function from the start.

One submission in a hundred is asked both ways, and where the answers differ those of the children apart count, and an
instructor is told. Which ones follows from the course's secret and the submission, so that nobody can hand in what they
know will be looked at less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from autograder.checking.compare import same_outcome, same_value
from autograder.closing import Closing
from autograder.notebook import pure
from autograder.records import Asks, Cell, Died, Outcome, Raised, Returned, Tolerance
from autograder.sandbox import worker
from autograder.sandbox.worker import Request, Run, Series, Start

_ASKED: Final[frozenset[Asks]] = frozenset({"result", "printed"})
_RAN_OUT: Final = frozenset({"MemoryError", "RecursionError"})


@dataclass
class Together(Closing):
    """Runs what is asked of one submission, in as few children as its code allows. A context manager."""

    start: Start
    series: Series | None  # None: each function has a child of its own
    is_audited: bool = False  # whether all is asked both ways

    def close(self) -> None:
        """Ends the child, if there is one: no other can be had beside it."""
        if self.series is not None:
            self.series.close()

    def run(self, request: Request) -> Run:
        """What comes of a request, as if it had a child of its own."""
        if self.series is None or request.as_it_stood or request.asks not in _ASKED:
            self.close()
            return worker.run(self.start, request)
        run = self.series.run(request)
        is_answered = _is_answered(run)
        if is_answered and not self.is_audited:
            return replace(run, proven=True)
        self.series.close()
        if run.ended is not None or _deaths(run):
            self.series = None
        apart = worker.run(self.start, replace(request, left_out=run.left_out))
        return apart if not is_answered or _are_same(run, apart) else replace(apart, differs=True)


def of(
    start: Start, cells: Sequence[tuple[Cell, bool]], functions: Sequence[str], *, is_audited: bool
) -> Together:
    """What runs these cells, each with whether it is the handout's own, to ask for any of these functions."""
    return Together(start, Series(start, functions) if _is_proven(cells, functions) else None, is_audited)


def proven(run: Run, asks: Asks, cells: Sequence[tuple[Cell, bool]], functions: Sequence[str]) -> Run:
    """The run of a child of its own, marked where all that came of it would have come of a shared one."""
    is_shared = asks in _ASKED and _is_answered(run) and _is_proven(cells, functions)
    return replace(run, proven=True) if is_shared else run


def _is_proven(cells: Sequence[tuple[Cell, bool]], functions: Iterable[str]) -> bool:
    if any(cell.large for cell, _ in cells):
        return False
    own, given = ([cell.source for cell, handout in cells if handout == kind] for kind in (False, True))
    return pure.why_not(own, functions, given) is None


def _is_answered(run: Run) -> bool:
    """Whether all that came is what would come of a child apart, too."""
    return run.ended is None and not _deaths(run) and not any(map(_ran_out, _outcomes(run)))


def _deaths(run: Run) -> list[Died]:
    """What ended a child, but for want of time."""
    return [one for one in _outcomes(run) if isinstance(one, Died) and one.reason != "timeout"]


def _ran_out(outcome: Outcome) -> bool:
    """Whether an exception says how much memory or stack was left, which depends on what came before."""
    return isinstance(outcome, Raised) and any(map(outcome.is_a, _RAN_OUT))


def _outcomes(run: Run) -> list[Outcome]:
    return [one for batch in run.outcomes for one in batch]


def _are_same(one: Run, other: Run) -> bool:
    """Whether two runs answer the same, but for last digits."""
    pairs = zip(_outcomes(one), _outcomes(other), strict=True)
    return one.defined == other.defined and all(
        same_outcome(left, right, Tolerance()) and _left_the_same(left, right) for left, right in pairs
    )


def _left_the_same(one: Outcome, other: Outcome) -> bool:
    """Whether two calls have made the same of their arguments."""
    after = [outcome.args_after if isinstance(outcome, Returned) else () for outcome in (one, other)]
    return len(after[0]) == len(after[1]) and all(
        same_value(left, right, Tolerance()) for left, right in zip(*after, strict=True)
    )
