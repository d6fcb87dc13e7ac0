"""Self-checks as records: right, wrong, unwritten and waiting."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.records import Check, Diagnosis, Explanation, WorkedStep
from autograder.selfcheck.checked import FunctionCheck, Inputs, NotebookCheck

HOSTILE = "<script>alert(1)</script>"
STEPS = (
    WorkedStep("product", "Multiply.", r"P = Q K^{\top}", "P = Q · Kᵀ", "1·2 = 2"),
    WorkedStep("scale", "Divide.", r"S = P / \sqrt{d_k}", "S = P / √d_k", "2 / √4 = 1"),
    WorkedStep("after", "Nothing.", "S", "S", "1"),
)
UNSCALED = Diagnosis(
    "scaled_scores.unscaled",
    "The scores were not divided by √d_k",
    "scale",
    line=3,
    why="The dot products are right, but `they` were handed on as they are.",
    look="scaled_scores(Q, K)",
    read="Scaled scores",
)


def explanation(got: np.ndarray | None, expected: np.ndarray | None, **given: object) -> Explanation:
    wrong = None
    if got is not None and expected is not None and got.shape == expected.shape:
        wrong = ~np.isclose(got, expected)
    first = None if wrong is None or not wrong.any() else tuple(int(i) for i in np.argwhere(wrong)[0])
    fields: dict[str, object] = {
        "case": "a short sentence",
        "inputs": (),
        "expected": expected,
        "got": got,
        "wrong": wrong,
        "first": first,
        "part": None,
        "summary": "2 of 4 numbers are wrong.",
        "worked": STEPS,
        "observations": ("Every number is 2 times the right one.",),
    }
    return Explanation(**(fields | given))  # type: ignore[arg-type]


def wrong(**given: object) -> FunctionCheck:
    fields: dict[str, object] = {
        "name": "scaled_scores",
        "checks": (
            Check("a short sentence", False, 0.0, "2 of 4 numbers are wrong.", hidden=False),
            Check("one token", True, 0.0, hidden=False),
        ),
        "diagnoses": (UNSCALED,),
        "explanation": explanation(np.array([[2.0, 3], [8, 5]]), np.array([[2.0, 3], [4, 2.5]])),
        "steps": (("product", np.array([[2.0, 3], [8, 5]])),),
        "inputs": Inputs("a short sentence", (("Query", np.eye(2)), ("Key", np.array([[2.0, 8], [3, 5]])))),
    }
    return FunctionCheck(**(fields | given))  # type: ignore[arg-type]


RIGHT = FunctionCheck("softmax", (Check("one token", True, 0.0, hidden=False),))
STUB = FunctionCheck(
    "attend",
    (Check("one token", False, 0.0, hidden=False),),
    (Diagnosis("general.not-implemented", "This function is still the stub", why="Nothing is wrong yet."),),
    explanation(None, np.ones((2, 2))),
)
WAITING = FunctionCheck(
    "attend",
    (Check("one token", False, 0.0, hidden=False),),
    (),
    explanation(np.zeros((2, 2)), np.ones((2, 2))),
    ("scaled_scores", "softmax"),
)


MISSING = FunctionCheck(
    "attend",
    tuple(Check(name, False, 0.0, hidden=False, tried=False) for name in ("one token", "two tokens")),
    (Diagnosis("general.missing", "Python cannot read its cell", line=1),),
    explanation(None, np.ones((2, 2)), summary="It raised NameError."),
)


def of(*functions: FunctionCheck, notes: tuple[str, ...] = ()) -> NotebookCheck:
    return NotebookCheck(Path("self-attention.ipynb"), "Self-attention", functions, notes)


def thirteen(states: str) -> FunctionCheck:
    """A wrong result of thirteen steps, each of which agrees (✓), departs (✗) or is not known (·)."""
    steps = tuple(WorkedStep(f"step {place}", "Do.", "x", "x", "1") for place in range(len(states)))
    agrees = tuple(step.name for step, state in zip(steps, states, strict=True) if state == "✓")
    departs = next((step.name for step, state in zip(steps, states, strict=True) if state == "✗"), None)
    return wrong(
        diagnoses=(Diagnosis("multi_head.heads-averaged", "The heads were averaged", departs),),
        explanation=explanation(np.zeros((1, 1)), np.ones((1, 1)), worked=steps, agrees=agrees),
    )


def ids(found: FunctionCheck) -> list[str]:
    """The diagnoses' ids, the best first."""
    return [diagnosis.id for diagnosis in found.diagnoses]
