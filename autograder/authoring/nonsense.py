"""What is wrong in every way there is must fail every check: one that lets it through looks at nothing.

Small changes of a solution do not show that: they fail other checks of the function, and what each check alone is worth
nobody has seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from autograder.authoring.proofs import Proof
from autograder.authoring.rehearsal import Rehearsal
from autograder.checking.standard import ALONE
from autograder.data import Other
from autograder.records import Case, Function, Outcome, Raised, Returned
from autograder.words import listed


class _NonsenseError(Exception):
    """Which no course asks for."""


# It fails, it gives nothing back and spoils what it was given, and it gives back what is no value.
_ANSWERS: Final[tuple[Callable[[Case], Outcome], ...]] = (
    lambda case: Raised(_NonsenseError.__name__),
    lambda case: Returned(None, (None,) * len(case.args)),
    lambda case: Returned(Other("nonsense"), (None,) * len(case.args)),
)


def proof(unit: Rehearsal, function: Function) -> Proof:
    """Whether each check of a function fails for some nonsense."""
    passed: set[str] | None = None
    for answer in _ANSWERS:
        judged = unit.pipeline.check(unit.as_if(function, answer))
        names = {check.name for check in judged.checks if check.passed} - {*ALONE}  # the kit's own
        passed = names if passed is None else passed & names
    let_through = [f"“{name}”" for name in sorted(passed or ())]
    detail = (
        f"nothing fails {listed(let_through)}: look at what came with `attempt.trials`, and call `fail`"
        if let_through
        else ""
    )
    return Proof(
        "nonsense", function.name, "what is all wrong should fail every check", not let_through, detail
    )
