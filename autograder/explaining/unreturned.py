"""Whether the right result stands in a variable, and another is returned.

It is seen in a trace, which comes from the child and could be forged: it tells a student where to look, and no more.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import same_value
from autograder.data import Array
from autograder.errors import SandboxError
from autograder.explaining import flow, trace
from autograder.explaining.general import finding
from autograder.explaining.trials import ordinary, parts_of
from autograder.records import Case, Diagnosis, Returned, TracedValue
from autograder.words import listed

_MOST_TRACED: Final = 3  # inputs on which a variable must hold the right result


@dataclass(frozen=True)
class Kept:
    """The variables that hold right results as the function returns others: one, or one for each of several."""

    places: tuple[tuple[str, int | None], ...]  # names, each with the line that made it, within the cell
    is_used: bool  # what is returned may be made of them
    returned: int | None = None  # the line of the `return`, where nothing of it comes back

    @property
    def diagnosis(self) -> Diagnosis:
        """The finding."""
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
    held = _held(attempt, shown, traced)
    wrong = [trial for trial in ordinary(attempt.explain) if trial.mismatch is not None]
    for trial in [trial for trial in wrong if trial is not shown][: _MOST_TRACED - 1]:
        if held and isinstance(trial.outcome, Returned):
            try:
                again = _held(attempt, trial, trace_of(trial.case))
            except SandboxError:
                return None
            held = [
                (place, name, line)
                for place, name, line in held
                if (place, name) in {one[:2] for one in again}
            ]
    best: dict[int, tuple[str, int]] = {}
    # The last that was made, and rather one that nothing more is done with.
    for place, name, line in sorted(held, key=lambda one: (one[1] not in used, one[2])):
        best[place] = name, line
    if not best:
        return None
    forgotten = {place: one for place, one in best.items() if one[0] not in used} or best
    rung = shown.mismatch.rung if shown.mismatch is not None else ""
    is_used = rung != "none" and any(name in used for name, _ in forgotten.values())
    if is_used and rung in ("type", "count"):
        return None  # it comes back, in a form that is not due
    places = dict.fromkeys(
        (name, line or flow.line_that_makes(node, name)) for _, (name, line) in sorted(forgotten.items())
    )
    return Kept(tuple(places), is_used, flow.return_line(node) if not is_used else None)


def _held(attempt: Attempt, trial: Trial, traced: Sequence[TracedValue]) -> list[tuple[int, str, int]]:
    """Which of the results each variable holds that is right and does not come back, and the line that made it."""
    if not isinstance(trial.outcome, Returned):
        return []
    returned = parts_of(trial.outcome.value)
    tolerance = attempt.function.tolerance

    def same(one: Array, other: Array) -> bool:
        return one.shape == other.shape and same_value(one, other, tolerance)

    missing = [
        (place, due)
        for place, due in enumerate(parts_of(trial.expected))
        if due.size > 1 and not any(same(due, part) for part in returned)
    ]
    return [
        (place, value.name, value.line)
        for value in traced
        if value.held and trace.NAME.fullmatch(value.name)
        for place, due in missing
        if same(value.value, due)
    ]
