"""A check that lets everything through is told, and no other."""

from __future__ import annotations

from pathlib import Path

import least_form
import pytest

from autograder.authoring import nonsense
from autograder.authoring.proofs import Proof
from autograder.authoring.rehearsal import Rehearsal
from autograder.grading.pipeline import Pipeline
from autograder.sandbox.children import Sandbox

TESTS = """from autograder.author import agrees, check, fail, has_shape, leaves_inputs_alone

test_agrees = agrees("f", "agrees", points=2.0)
test_shape = has_shape("f", "its shape", points=0.25, shape=lambda x: x.shape, otherwise="It has another shape.")
test_inputs = leaves_inputs_alone("f", points=0.25)


@check("f", "is finite", points=0.5, kind=KIND)
def test_finite(attempt):
    BODY
"""


def proof(root: Path, sandbox: Sandbox, kind: str, body: str) -> Proof:
    course = least_form.course(root, 'def f(x: "n d"):\n    return 2 * x\n')
    text = TESTS.replace("KIND", repr(kind)).replace("BODY", body)
    (root / "solutions" / "least" / "test_hidden.py").write_text(text)
    pipeline = Pipeline.open(course, course.units[0], sandbox.child, sandbox.level)
    return nonsense.proof(Rehearsal.of(pipeline), pipeline.unit.functions[0])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["values", "property"])
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("pass", "nothing fails “is finite”: look at what came with `attempt.trials`, and call `fail`"),
        ("attempt.trials('f')", "nothing fails “is finite”: look at what came with `attempt.trials`, and call `fail`"),
        ("list(attempt.arrays('f'))", ""),
        ("attempt.agrees('f')", ""),
    ],
)  # fmt: skip
def test_a_check_that_nothing_fails_is_told(
    tmp_path: Path, shared_sandbox: Sandbox, kind: str, body: str, told: str
) -> None:
    made = proof(tmp_path, shared_sandbox, kind, body)
    assert (made.holds, made.detail) == (not told, told)
