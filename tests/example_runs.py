"""Harmless examples of the corpus, run in this process: a child of its own for each takes a hundred times as long."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from catalogue import HOME, MATERIALS

from autograder.checking.compare import compare, held_against
from autograder.course import material
from autograder.course.corpus import Example
from autograder.mismatch import Mismatch
from autograder.records import Case, Outcome, Tolerance

# Not in this process; and what comes out at random has no fixed verdict.
ELSEWHERE = ("general.timeout", "general.out-of-memory", "general.crashed", "general.random")


def run(
    function: str, example: Example, drawn: Sequence[tuple[Case, Any]]
) -> list[tuple[Case, Outcome, Mismatch | None]]:
    """What an example gives for each case, held against what is due; functions of other cells are the right ones."""
    names: dict[str, Any] = {"np": np}
    names |= {name: MATERIALS[HOME[name]].procedures[name] for name in HOME if name != function}
    names |= {name: one for name, one in MATERIALS[HOME[function]].procedures.items() if name != function}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(example.source, names)
        outcomes = [
            held_against(case, due, material.outcome(names[function], case), Tolerance())
            for case, due in drawn
        ]
    return [
        (case, outcome, compare(case, expected, outcome, Tolerance()))
        for (case, expected), outcome in zip(drawn, outcomes, strict=True)
    ]
