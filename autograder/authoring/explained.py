"""How much students are told of mistakes that nobody listed: made by machine in a unit's right programs, then diagnosed.

What is measured is a unit's own: the words of its catalogue, the form of its solution and its inputs decide how many
mistakes have a name, or a line at least.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from autograder.authoring import mutants
from autograder.authoring.mutants import Mutant
from autograder.authoring.rehearsal import Rehearsal
from autograder.records import Function

MISTAKES: Final = 20  # in each function
# Of these findings what came out is told, and not why.
SYMPTOMS: Final = tuple(
    f"general.{name}"
    for name in (
        "raises",
        "wrong-shape",
        "wrong-type",
        "nan",
        "timeout",
        "out-of-memory",
        "crashed",
        "random",
    )
)
_DRAWN: Final = 4  # times as many are looked at, since some change no ordinary result


@dataclass(frozen=True)
class Explained:
    """One mistake, and what is found first."""

    function: str
    statement: str  # in which it is made
    change: str
    due: int  # the line on which it stands, in its cell, from 1
    found: str  # the id of the first finding, or `nothing`
    line: int | None  # that it marks

    @property
    def named(self) -> bool:
        """Whether a cause is named, and not only what came out."""
        return self.found not in (*SYMPTOMS, "nothing")

    @property
    def placed(self) -> bool:
        """Whether its own line is marked."""
        return self.line == self.due


def mistakes(unit: Rehearsal, function: Function, many: int) -> Iterator[Explained]:
    """As many machine-made mistakes of one function, each told: the same ones on every machine and in every run.

    Fewer where there are no more. Those that no ordinary input shows are none.
    """
    told = 0
    for mutant, due in _drawn(unit, function, many):
        if told == many:
            return
        judged = unit.judged(function, mutant.source)
        ordinary = (trial for trial in judged.attempt.hidden if trial.case.kind == "ordinary")
        if judged.full_marks or all(trial.mismatch is None for trial in ordinary):
            continue
        told += 1
        first = next(iter(unit.findings(judged).diagnoses), None)
        found, line = (first.id, first.line) if first is not None else ("nothing", None)
        yield Explained(function.name, mutant.statement, mutant.change, due, found, line)


def _drawn(unit: Rehearsal, function: Function, many: int) -> Iterator[tuple[Mutant, int]]:
    """Mutants of the unit's right programs at random, each with the line of its change."""
    rng = random.Random(f"mistakes {unit.pipeline.unit.name} {function.name}")
    right = [unit.notebook.source(function.name)]
    right += [example.source for example in unit.examples(function) if example.expect == "right"]
    rng.shuffle(right)
    made: dict[str, list[Mutant]] = {}
    for number in range(_DRAWN * many):
        source = right[number % len(right)]
        if source not in made:
            made[source] = list(mutants.mutants(source, function.name))
            rng.shuffle(made[source])
        if made[source]:
            mutant = made[source].pop()
            yield mutant, _line(source, mutant)


def _line(source: str, mutant: Mutant) -> int:
    """The first line of a mutant that is not its program's, written as mutants are."""
    before = ast.unparse(ast.parse(source)).splitlines()
    return 1 + next(
        (
            n
            for n, pair in enumerate(zip(before, mutant.source.splitlines(), strict=False))
            if pair[0] != pair[1]
        ),
        len(before) - 1,
    )


def told(found: Sequence[Explained]) -> dict[str, int]:
    """How many were tried, named, placed, and either, by these words."""
    return {
        "tried": len(found),
        "named": sum(one.named for one in found),
        "placed": sum(one.placed for one in found),
        "either": sum(one.named or one.placed for one in found),
    }
