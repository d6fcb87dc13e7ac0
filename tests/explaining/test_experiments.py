"""The lines to run: read without Python, and told where they show something on the student's own function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from reports import COURSE, HOME

from autograder.course import material
from autograder.errors import SandboxError
from autograder.explaining import experiments
from autograder.records import Array, Case, Diagnosis, Function, Other, Outcome, Raised, Returned, Tolerance

MATERIALS = {unit.name: material.load(COURSE, unit) for unit in COURSE.units}
LOOKS = sorted(
    {
        (function, misconception.look)
        for function, unit in HOME.items()
        for misconception in MATERIALS[unit.name].misconceptions[function]
    }
)


@pytest.mark.parametrize(("function", "line"), LOOKS)
def test_every_line_of_the_catalogue_is_read_as_python_would(function: str, line: str) -> None:
    reference = MATERIALS[HOME[function].name].procedures[function]
    experiment = experiments.read(line, function)
    assert experiment is not None
    outcomes = [material.outcome(reference, Case("", args)) for args in experiment.arguments]
    names = {"np": np, function: reference}
    raised = [outcome for outcome in outcomes if isinstance(outcome, Raised)]
    if raised:
        with pytest.raises(ValueError):
            eval(line, names)
        assert experiment.seen(outcomes) == raised[0]
    else:
        np.testing.assert_equal(experiment.seen(outcomes), eval(line, names))


@pytest.mark.parametrize(
    "line",
    [
        "Look for round in the function",
        "print(type(softmax(...)))",
        "softmax(open('/etc/passwd'))",
        "softmax(np.load('x'))",
        "softmax(x)",
        "softmax(np.zeros((2, 'a')))",
        "softmax(3)",
        "np.zeros(3)",
        "softmax(",
    ],
)
def test_what_is_no_experiment_is_not_read(line: str) -> None:
    assert experiments.read(line, "softmax") is None


def test_what_is_looked_at_holds_nothing_else() -> None:
    experiment = experiments.read("softmax(np.zeros(3)).tofile('x')", "softmax")
    assert experiment is not None
    with pytest.raises(experiments._NotReadError):
        experiment.seen([Returned(np.zeros(3))])
    experiment = experiments.read("softmax(np.zeros(3)).__class__", "softmax")
    assert experiment is not None
    with pytest.raises(experiments._NotReadError):
        experiment.seen([Returned(np.zeros(3))])


# ------------------------------------------------------------------------------------------------- borne out


@dataclass
class Table:
    """An examiner of a function that doubles, and a student whose function gives what it is told to."""

    outcome: Outcome | Exception
    procedures: dict[str, Any] = field(default_factory=lambda: {"f": lambda x: 2 * x})

    def called(self, attempt: Any, arguments: Sequence[Sequence[Any]]) -> list[Outcome]:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return [self.outcome] * len(arguments)


ATTEMPT: Any = SimpleNamespace(function=Function("f", 1.0, Tolerance()))


def told(outcome: Outcome | Exception, *looks: str) -> list[str]:
    examiner: Any = Table(outcome)
    found = experiments.borne_out(examiner, ATTEMPT, [Diagnosis("f.x", "wrong", look=look) for look in looks])
    return [one.look for one in found]


ONES: Array = np.ones(3)


@pytest.mark.parametrize(
    ("outcome", "look", "shows"),
    [
        (Returned(2 * ONES), "f(np.ones(3))", False),
        (Returned(3 * ONES), "f(np.ones(3))", True),
        (Returned(2 * ONES + 1e-9), "f(np.ones(3)).sum()", False),
        (Returned(np.array([1.0, 2.0, 3.0])), "f(np.ones(3)).sum()  # six", False),
        (Returned(np.array([1.0, 2.0, 3.0])), "f(np.ones(3)), f(np.ones(3)).sum()", True),
        (Returned(7 * ONES), "f(np.ones(3)).shape", False),
        (Returned(np.ones((3, 1))), "f(np.ones(3)).shape", True),
        (Returned(np.array([2.0, 0.0])), "f(np.ones(3))[0]", False),
        (Returned(np.zeros(0)), "f(np.ones(3))[0]", True),
        (Returned(None), "f(np.ones(3)).sum()", True),
        (Returned(Other("dict")), "f(np.ones(3))", True),
        (Raised("ValueError"), "f(np.ones(3))", True),
        (Returned((2 * ONES, ONES)), "f(np.ones(3))", True),
        (Returned(2 * ONES), "Print it", True),
    ],
)
def test_a_line_is_told_where_it_shows_something(outcome: Outcome, look: str, shows: bool) -> None:
    assert told(outcome, look) == [look if shows else ""]


def test_each_finding_has_its_own() -> None:
    looks = ["f(np.ones(3))", "f(np.ones(3)).max()", "f(np.ones(3)).shape"]
    assert told(Returned(np.array([2.0, 0.0, 0.0])), *looks) == [looks[0], "", ""]


def test_what_cannot_be_tried_stays() -> None:
    assert told(SandboxError("no child"), "f(np.ones(3))") == ["f(np.ones(3))"]
