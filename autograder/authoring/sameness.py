"""The same code earns the same marks and the same first finding, whatever numbers a student has: tried and proven.

Tried are the corpus of student code and mistakes that a machine makes: random edits of all its right programs, which
nobody had in mind when the inputs were written. Each is handed in by many students, and run once for all of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from autograder.authoring import mutants
from autograder.authoring.proofs import Proof
from autograder.authoring.rehearsal import Rehearsal, Verdict
from autograder.records import Function
from autograder.words import counted

STUDENTS: Final = 20
EDITS: Final = 12  # machine-made mistakes in each function
_DIAGNOSED: Final = 5  # one of as many students, others for each program, is also told what is wrong
# What hangs or is killed costs seconds each time, and what comes out at random may differ.
_NOT_AGAIN: Final = ("general.timeout", "general.out-of-memory", "general.crashed", "general.random")


@dataclass(frozen=True)
class Program:
    """Code that many students hand in."""

    what: str
    source: str


def programs(unit: Rehearsal, function: Function, edits: int) -> list[Program]:
    """The corpus of one function, and as many random edits of its right programs."""
    examples = unit.examples(function)
    found = [Program(f"{example.expect}: {example.description}", example.source) for example in examples]
    right = [unit.notebook.source(function.name)]
    right += [example.source for example in examples if example.expect == "right"]
    # The same edits on every machine and in every run.
    rng = random.Random(f"{unit.pipeline.unit.name} {function.name}")
    for edit in mutants.random_edits(right, function.name, edits, rng):
        found.append(Program(f"an edit, in “{edit.statement}”: {edit.change}", edit.source))
    return found


def proof(
    unit: Rehearsal, function: Function, program: Program, place: int, students: Sequence[str]
) -> Proof:
    """Whether all of these students get for a program what another one got; `place` is its number among all."""
    what = f"{program.what}: the same marks and first finding for {counted(len(students), 'student')}"
    before = unit.verdict(function, program.source)
    if before.found in _NOT_AGAIN:
        return Proof("student", function.name, what, True, f"not tried again: {before.found}")
    other = unit.elsewhere()
    apart: Counter[Verdict] = Counter()
    for number, judged in enumerate(other.of_students(function, program.source, students)):
        diagnosed = (number + place) % _DIAGNOSED == 0
        same_marks = judged.score == before.score
        if same_marks and (not diagnosed or other.seen(judged) == before):
            continue
        # What remembers its earlier calls, or is slow, is another program when it is run for many.
        alone = other.alone(function, program.source, students[number])
        if alone != before:
            apart[alone] += 1
    detail = "; ".join(
        f"{counted(many, 'student')} {verdict}, the others {before}" for verdict, many in apart.items()
    )
    return Proof("student", function.name, what, not apart, detail)
