"""Whether the right result stands in a variable, and another is returned.

It is seen in a trace, which comes from the child and could be forged: it tells a student where to look, and no more.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import same_value
from autograder.data import Array
from autograder.errors import SandboxError
from autograder.explaining import flow, trace
from autograder.explaining.general import Words, finding
from autograder.explaining.trials import ordinary, parts_of
from autograder.records import Case, Diagnosis, Returned, TracedValue
from autograder.words import listed

_Found = TypeVar("_Found", bound=tuple[object, ...])
_MOST_TRACED: Final = 3  # inputs on which a variable must hold the right result


@dataclass(frozen=True)
class Kept:
    """The variables that hold right results as the function returns others: one, or one for each of several."""

    places: tuple[tuple[str, int | None], ...]  # names, each with the line that made it, within the cell
    is_used: bool  # what is returned may be made of them
    returned: int | None = None  # the line of the `return`, where nothing of it comes back
    undone: int | None = None  # the line that changed it again, where a variable held it for a while

    @property
    def diagnosis(self) -> Diagnosis:
        """The finding."""
        if self.undone is not None:
            ((name, line),) = self.places
            return finding("right-not-returned", words=_undone_words(name, line), line=self.undone)
        told = "What comes back is made of it, and not right any more." if self.is_used else ""
        where = [f"`{name}`" if line is None else f"`{name}`, line {line}" for name, line in self.places]
        comma = "" if self.places[-1][1] is None else ","
        title = f"The right output is in {where[0]}{comma} and is not returned"
        if len(where) > 1:
            title = f"Right outputs are in {listed(where)}{comma} and are not returned"
        return finding(
            "right-not-returned", title=title, line=self.returned or self.places[0][1], detail=told
        )


def find(
    trace_of: Callable[[Case], Sequence[TracedValue]],
    attempt: Attempt,
    shown: Trial,
    traced: Sequence[TracedValue],
) -> Kept | None:
    """The variables that hold right results on all wrong inputs that are looked at, `shown` with its trace first."""
    node = attempt.definition.node
    if not isinstance(node, ast.FunctionDef) or shown.case.kind != "ordinary":
        return None
    used = flow.used(node)
    held, undone = _held(attempt, shown, traced), _undone(attempt, shown, traced)
    wrong = [trial for trial in ordinary(attempt.explain) if trial.mismatch is not None]
    for trial in [trial for trial in wrong if trial is not shown][: _MOST_TRACED - 1]:
        if (held or undone) and isinstance(trial.outcome, Returned):
            try:
                again = trace_of(trial.case)
            except SandboxError:
                return None
            held = _also(held, _held(attempt, trial, again))
            undone = _also(undone, _undone(attempt, trial, again))
    best: dict[int, tuple[str, int]] = {}
    # The last that was made, and rather one that nothing more is done with.
    for place, name, line in sorted(held, key=lambda one: (one[1] not in used, one[2])):
        best[place] = name, line
    if not best:
        return Kept((undone[0][1:3],), is_used=True, undone=undone[0][3]) if undone else None
    forgotten = {place: one for place, one in best.items() if one[0] not in used} or best
    rung = shown.mismatch.rung if shown.mismatch is not None else ""
    is_used = rung != "none" and any(name in used for name, _ in forgotten.values())
    if is_used and rung in ("type", "count"):
        return None  # it comes back, in a form that is not due
    places = dict.fromkeys(
        (name, line or flow.line_that_makes(node, name)) for _, (name, line) in sorted(forgotten.items())
    )
    return Kept(tuple(places), is_used, flow.return_line(node) if not is_used else None)


def _undone_words(name: str, line: int | None) -> Words:
    """The words where a variable held the right output for a while."""
    return Words(
        f"The right output was in `{name}`{'' if line is None else f', line {line}'}, and a later line changed it",
        "The function works the right output out, and goes on working on it. What comes back is made of it, and not right any more.",
        f"Print {name} before and after the line",
        question="What is there still to do, once the output is right?",
    )


def _also(found: Sequence[_Found], again: Sequence[_Found]) -> list[_Found]:
    """What was found, as far as the same variable holds the same result another time."""
    known = {one[:2] for one in again}
    return [one for one in found if one[:2] in known]


def _held(attempt: Attempt, trial: Trial, traced: Sequence[TracedValue]) -> list[tuple[int, str, int]]:
    """Which of the results each variable holds that is right and does not come back, and the line that made it."""
    return [
        (place, value.name, value.line)
        for value in traced
        if value.held
        for place in _results(attempt, trial, value)
    ]


def _undone(attempt: Attempt, trial: Trial, traced: Sequence[TracedValue]) -> list[tuple[int, str, int, int]]:
    """Which of the results each variable held for a while, the last line that made it, and the one that changed it."""
    made: dict[str, list[TracedValue]] = {}
    for value in traced:
        if not value.held and not value.name.startswith("return"):
            made.setdefault(value.name, []).append(value)
    return [
        (place, name, before.line, after.line)
        for name, values in made.items()
        for before, after in reversed([*pairwise(values)])
        for place in _results(attempt, trial, before)
    ]


def _results(attempt: Attempt, trial: Trial, value: TracedValue) -> list[int]:
    """The places of the results that a variable's value is, and of which none comes back."""
    if not isinstance(trial.outcome, Returned) or not trace.NAME.fullmatch(value.name):
        return []
    tolerance = attempt.function.tolerance

    def same(one: Array, other: Array) -> bool:
        return one.shape == other.shape and same_value(one, other, tolerance)

    returned = parts_of(trial.outcome.value)
    return [
        place
        for place, due in enumerate(parts_of(trial.expected))
        if due.size > 1 and same(value.value, due) and not any(same(due, part) for part in returned)
    ]
