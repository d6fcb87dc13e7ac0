"""Functions written as text, tried on the hidden inputs in this process: for right and wrong ones of our own alone."""

from __future__ import annotations

import runpy
from typing import Any

import numpy as np
from catalogue import HOME, MATERIALS
from repository import REPOSITORY

from autograder.checking.compare import changed_inputs, compare, held_against
from autograder.child import given
from autograder.child.outlasting import Results
from autograder.child.values import value_data
from autograder.course import material, plainly
from autograder.records import Outcome, Raised, Returned, Tolerance

MODEL = runpy.run_path(str(REPOSITORY / "solutions" / "layers" / "model.py"))
PRELUDE = """
import numpy as np
def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
def scaled_scores(Query, Key):
    return Query @ Key.T / np.sqrt(Key.shape[-1])
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)) @ Value
"""


def outcomes(function: str, source: str) -> tuple[list[tuple[str, bool]], bool]:
    """Of each hidden case, its kind and whether it comes out right, called one after the other; whether all is left alone.

    All: the inputs, and what earlier calls have given.
    """
    loaded = MATERIALS[HOME[function]]
    names: dict[str, Any] = {"one_block": MODEL["block"], **MODEL}
    found, results, alone = [], Results(), True
    with np.errstate(all="ignore"):
        exec(PRELUDE + source, names)
        for number, case in enumerate(material.draw(loaded, function, "hidden", 0)):
            args = [given.own(argument) for argument in case.args]
            outcome: Outcome
            try:
                value = names[function](*args)
                results.add(number, value, value_data(value))
                outcome = Returned(plainly.result(value), _plain(args))
            except Exception as error:
                name, *ancestors = [kind.__name__ for kind in type(error).__mro__]
                outcome = Raised(name, ancestors=tuple(ancestors), args_after=_plain(args))
            due = material.expected(loaded, function, case)
            alone = alone and not changed_inputs(case, outcome)
            outcome = held_against(case, due, outcome, Tolerance())
            found.append((case.kind, compare(case, due, outcome, Tolerance()) is None))
    return found, alone and not results.changed()


def _plain(args: list[Any]) -> tuple[Any, ...]:
    return tuple(map(plainly.result, args))


def has_full_marks(function: str, source: str) -> bool:
    """Whether each hidden case comes out right, and all is left alone."""
    found, alone = outcomes(function, source)
    return alone and all(right for _, right in found)
