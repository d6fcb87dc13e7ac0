"""All that a unit is written with: steps, inputs, misconceptions and hidden checks. Units import nothing else of the kit.

reference.py       Procedure, Step, and what writes out arithmetic: number, operand, row, total, dot; told, words for a
                   step of the solution; plain for what has no steps: a function, a class, the value of a variable
inputs.py          Case, and what draws numbers: again_until, normal, telling, thought_up; Code, a function to be called with,
                   Seeded, a generator, and what a script of method calls is made of: script, new, call, read
misconceptions.py  edit, a mistake as a changed line or step of the solution; Misconception, with a symptom of its own; and
                   what an outcome is: Returned, Raised, Died
full_marks.py      FullMarks, what full marks in a function earn, with a picture of what it gives: Shown
test_hidden.py     check and fail, what a check sees (Attempt), and the checks that most functions need:
                   agrees, has_shape, leaves_inputs_alone
"""

from autograder.checking.checks import Attempt, agrees, check, fail, has_shape, leaves_inputs_alone
from autograder.course.asking import call, new, read, script
from autograder.course.drawing import again_until, as_they_are, drawn, normal, telling
from autograder.course.overlaid import edit
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
from autograder.course.strategies import thought_up
from autograder.course.subject import plain
from autograder.course.told import told
from autograder.data import Array, Code, Seeded
from autograder.earned import FullMarks, Shown
from autograder.records import Asks, Case, CaseKind, Died, Outcome, Raised, Returned

__all__ = [
    "Array",
    "Asks",
    "Attempt",
    "Case",
    "CaseKind",
    "Code",
    "Died",
    "FullMarks",
    "Index",
    "Misconception",
    "Outcome",
    "Procedure",
    "Raised",
    "Returned",
    "Seeded",
    "Shown",
    "Step",
    "Values",
    "again_until",
    "agrees",
    "as_they_are",
    "call",
    "check",
    "dot",
    "drawn",
    "edit",
    "fail",
    "has_shape",
    "leaves_inputs_alone",
    "new",
    "normal",
    "number",
    "operand",
    "plain",
    "read",
    "row",
    "script",
    "telling",
    "thought_up",
    "told",
    "total",
]
