"""Makes the examiner of a unit from the course: material, secret and the released notebook. Self-checks have none of these."""

from __future__ import annotations

import hashlib

from autograder.checking.attempt import Examiner
from autograder.course import coursefile, material, secret
from autograder.course.material import Material
from autograder.course.steps import Misconception, Procedure
from autograder.errors import UnreadableError
from autograder.notebook import notebooks
from autograder.records import Course, Function, Submission, Unit
from autograder.sandbox.worker import Start
from autograder.version import code


def examiner(course: Course, unit: Unit, start: Start) -> Examiner:
    """The examiner of one unit; CourseError where the course's material does not hold together."""
    procedures: dict[str, Procedure] = {}
    misconceptions: dict[str, tuple[Misconception, ...]] = {}
    homes: dict[str, Material] = {}
    taught = material.taught(course, unit)
    for loaded in taught:
        procedures |= loaded.procedures
        misconceptions |= loaded.misconceptions
        homes |= dict.fromkeys(loaded.procedures, loaded)
    return Examiner(
        course=course,
        unit=unit,
        material=taught[-1],
        secret=secret.load(course),
        start=start,
        procedures=procedures,
        handout=_handout(course, unit),
        homes=homes,
        misconceptions=misconceptions,
        tries_edits=True,
    )


def version(examiner: Examiner) -> str:
    """The kit's code, unit, secret material and secret in one word: by it a result that still holds is known."""
    parts = (
        code(),
        repr(
            (
                examiner.unit.functions,
                examiner.unit.brings,
                examiner.course.limits,
                examiner.course.public_seed,
                examiner.course.hints,
            )
        ),
        examiner.material.digest,
        secret.fingerprint(examiner.secret),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def replaceable(examiner: Examiner, submission: Submission, function: Function) -> list[str]:
    """The functions taught before `function` that the notebook mentions."""
    return [
        name
        for name in coursefile.earlier_functions(examiner.course, function.name)
        if any(name in cell.source for cell in submission.cells)
        and material.asks(examiner.homes[name], name) == "result"
    ]


def _handout(course: Course, unit: Unit) -> frozenset[str]:
    """Without a released notebook every cell counts as the student's own, which costs time and nothing else."""
    path = course.root / "assignments" / unit.name / f"{unit.name}.ipynb"
    try:
        cells = notebooks.code_cells(notebooks.read_bytes(path))
    except UnreadableError:
        return frozenset()
    return frozenset(cell.source.strip() for cell in cells)
