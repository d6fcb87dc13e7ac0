"""Whether chance is in a right answer, so that it is another one where the global generators are set to something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.child import questions
from autograder.course import material
from autograder.course.material import Material
from autograder.course.subject import Plain
from autograder.records import Case, Raised, Returned


def by_chance(unit: Material, function: str, case: Case) -> bool:
    """Whether the right answer to a case is another one at another time."""
    reference = unit.procedures[function]
    if not isinstance(reference, Plain):
        return reference.by_chance
    key = id(reference), id(case)
    if (known := unit.chance.get(key)) is not None:
        return known[-1]
    # What is due is known already: a drawing takes as long as all else that is done with a case.
    first = (
        _told(material.outcome(reference, case)) if case.raises else material.expected(unit, function, case)
    )
    second = _told(material.outcome(reference, replace(case, name=f"{case.name} again")))
    differ = b"".join(questions.canonical(first)) != b"".join(questions.canonical(second))
    unit.chance[key] = reference, case, differ
    return differ


def _told(result: Returned | Raised) -> Any:
    """What an outcome says, without what was made of the arguments."""
    return result.value if isinstance(result, Returned) else result.exception
