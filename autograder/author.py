"""All that a unit is written with: steps, inputs, misconceptions and hidden checks. Units import nothing else of the kit.

reference.py       Procedure, Step, and what writes out arithmetic: number, operand, row, total, dot
inputs.py          Case, what draws numbers: again_until, normal, telling; a function as its source: Code;
                   a seeded random generator: Seeded
misconceptions.py  Misconception, and what an outcome is: Returned, Raised, Died
test_hidden.py     check and fail, what a check sees (Attempt), and the checks that most functions need:
                   agrees, has_shape, leaves_inputs_alone
"""

from autograder.checking.checks import Attempt, agrees, check, fail, has_shape, leaves_inputs_alone
from autograder.course.drawing import again_until, as_they_are, drawn, normal, telling
from autograder.course.steps import (
    Index,
    Misconception,
    Procedure,
    Step,
    Values,
    dot,
    number,
    operand,
    row,
    total,
)
from autograder.data import Array, Code, Seeded
from autograder.records import Case, CaseKind, Died, Outcome, Raised, Returned

__all__ = [
    "Array",
    "Attempt",
    "Case",
    "CaseKind",
    "Code",
    "Died",
    "Index",
    "Misconception",
    "Outcome",
    "Procedure",
    "Raised",
    "Returned",
    "Seeded",
    "Step",
    "Values",
    "again_until",
    "agrees",
    "as_they_are",
    "check",
    "dot",
    "drawn",
    "fail",
    "has_shape",
    "leaves_inputs_alone",
    "normal",
    "number",
    "operand",
    "row",
    "telling",
    "total",
]
