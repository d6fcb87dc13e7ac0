"""Proven code is judged in one process as it is apart; what hangs is waited for once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from autograder.checking import together
from autograder.checking.together import Together
from autograder.course import secret
from autograder.gradebook import results
from autograder.grading.pipeline import Pipeline
from autograder.notebook.places import HandedIn
from autograder.pages.student import student_page
from autograder.records import Report
from autograder.sandbox import worker
from autograder.sandbox.worker import Child, Request, Run


@pytest.fixture
def judged(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Report, int]]:
    """Grades, in one process where that may be or apart, and counts the processes."""
    monkeypatch.setattr(secret, "_AUDITED", 2**64)  # none by chance
    monkeypatch.setattr(worker, "_QUICK", float("inf"))  # however busy the machine is

    def run(unit: str, functions: Mapping[str, str], *, apart: bool, student: str) -> tuple[Report, int]:
        count = 0

        def start(*modules: Any) -> Child:
            nonlocal count
            count += 1
            return pipelines[unit].examiner.start(*modules)

        counting = replace(pipelines[unit], examiner=replace(pipelines[unit].examiner, start=start))
        with monkeypatch.context() as patch:
            if apart:
                patch.setattr(together, "_is_proven", lambda *_: False)
            handed_in = hand_in(unit, functions, student=student)
            # Inputs are drawn for the name.
            return counting.grade(replace(handed_in, student="ada")), count

    return run


HANGS = "    while True: pass"


@pytest.mark.parametrize(
    ("unit", "functions", "children"),
    [
        ("self-attention", {}, (1, 3)),
        (
            "self-attention",
            {"softmax": "def softmax(x):\n    return np.exp(x) / np.exp(x).sum(axis=0)"},
            (2, 8),
        ),
        ("self-attention", {"attend": "def attend(Q, K, V):\n    return softmax(Q @ K.T) @ V"}, (2, 7)),
        ("self-attention", {"scaled_scores": f"def scaled_scores(Q, K):\n{HANGS}"}, (2, 3)),
        ("multi-head", {"attend": "def attend(Query, Key, Value):\n    return Value"}, (1, 3)),
        ("multi-head", {"attend": f"def attend(Query, Key, Value):\n{HANGS}"}, (2, 2)),
        ("embeddings", {"one_hot": "# nothing"}, (1, 2)),
    ],
    ids=[
        "right",
        "carried forward",
        "wrong itself",
        "hanging",
        "brought along",
        "brought and hanging",
        "missing",
    ],
)
def test_marks_findings_and_pages_are_the_same_in_one_process_and_apart(
    judged: Callable[..., tuple[Report, int]],
    unit: str,
    functions: dict[str, str],
    children: tuple[int, int],
) -> None:
    one, few = judged(unit, functions, apart=False, student="one")
    other, many = judged(unit, functions, apart=True, student="other")
    assert json.loads(results.encode(one)) == json.loads(results.encode(other))
    assert student_page(one) == student_page(other)
    assert (few, many) == children


def test_an_audit_that_differs_is_told_to_who_looks_at_the_class_and_not_to_the_student(
    grade: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Together.run

    def differing(self: Together, request: Request) -> Run:
        return replace(honest(self, request), differs=request.function == "softmax")

    monkeypatch.setattr(Together, "run", differing)
    report = grade("self-attention")
    (flag,) = report.flags
    assert "`softmax` gave other results in one process with the other functions" in flag
    assert flag not in report.notes
    assert report.score == report.max_score


def test_one_submission_in_a_hundred_is_audited_and_which_hangs_on_the_secret() -> None:
    names = [f"{number}" for number in range(4_000)]
    audited = {name for name in names if secret.is_audited(b"secret", "unit", name, "digest")}
    assert 15 < len(audited) < 75
    assert audited != {name for name in names if secret.is_audited(b"other", "unit", name, "digest")}
    assert audited != {name for name in names if secret.is_audited(b"secret", "unit", name, "other")}
