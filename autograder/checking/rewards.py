"""What full marks earn: the author's words, and a picture of what the student's own function gave."""

from __future__ import annotations

import numpy as np

from autograder.checking.attempt import Attempt
from autograder.checking.compare import compare
from autograder.course import material as secret_material
from autograder.course.material import Material
from autograder.data import Value
from autograder.earned import CASE, Earned, earned
from autograder.records import Case, Outcome, Returned


def as_it_came(material: Material, attempt: Attempt) -> Earned | None:
    """What a function earns on a student's own machine, its picture as it came; None where the author says nothing."""
    full = material.full_marks.get(attempt.function.name)
    return None if full is None else earned(full, _value(_outcome(material, attempt)))


def as_it_should_be(material: Material, attempt: Attempt) -> Earned | None:
    """The same where it is graded: the child has seen hidden inputs, so nothing that it made may be shown.

    The picture is of the right result, and only there where the student's function has given the same.
    """
    name = attempt.function.name
    full = material.full_marks.get(name)
    if full is None or full.shown is None:
        return None if full is None else earned(full, None)
    case, came = Case(CASE, full.shown.args), _outcome(material, attempt)
    with np.errstate(all="ignore"):
        expected = secret_material.expected(material, name, case)
        same = came is not None and compare(case, expected, came, attempt.function.tolerance) is None
    return earned(full, expected if same else None)


def _outcome(material: Material, attempt: Attempt) -> Outcome | None:
    """What came on the inputs of the picture, which are those of the last call."""
    called = attempt.run.outcomes[0] if attempt.run.outcomes else []
    return called[-1] if called and material.shown(attempt.function.name) else None


def _value(outcome: Outcome | None) -> Value:
    return outcome.value if isinstance(outcome, Returned) else None
