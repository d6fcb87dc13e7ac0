"""Students whose unexplained results agree share a name, whatever their code and their own inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from autograder.course.rounding import nudged
from autograder.explaining import alike
from autograder.grading.pipeline import Pipeline
from autograder.records import Diagnosis, FunctionReport, Outcome, Report, Returned

Grade = Callable[..., Report]

# Three ways to the same unexplained result, which no edit or two make right: distances in the place of products.
ALIKE = (
    "def scaled_scores(Query, Key):\n    return (np.abs(Query[:, None] - Key[None]) ** 3).sum(axis=-1) / 7",
    "def scaled_scores(q, k):\n    out = np.zeros((len(q), len(k)))\n    for i in range(len(q)):\n"
    "        for j in range(len(k)):\n            out[i, j] = sum(abs(a - b) ** 3 for a, b in zip(q[i], k[j]))\n"
    "    return out / 7",
    "def scaled_scores(Q, K):\n    apart = np.abs(K[:, :, None] - Q.T[None])\n"
    "    return np.einsum('jdi,jdi,jdi->ij', apart, apart, apart) * (1 / 7)",
)
OTHER = ALIKE[0].replace("/ 7", "/ 9")


def of(report: Report, name: str = "scaled_scores") -> FunctionReport:
    return next(function for function in report.functions if function.name == name)


@pytest.fixture
def cluster(grade: Grade) -> Callable[[str, str], str]:
    def graded(student: str, source: str, name: str = "scaled_scores") -> str:
        return of(grade("self-attention", {name: source}, student=student), name).cluster

    return graded


@pytest.mark.slow
def test_the_same_unexplained_results_have_one_name(cluster: Callable[..., str]) -> None:
    names = {cluster(f"student-{number}", source) for number, source in enumerate(ALIKE)}
    (name,) = names
    assert name.startswith("scaled_scores-")
    assert cluster("other", OTHER) not in {name, ""}


def test_a_cause_that_is_named_makes_no_cluster(cluster: Callable[..., str]) -> None:
    assert cluster("ada", "def scaled_scores(Query, Key):\n    return Query @ Key.T") == ""
    assert cluster("bo", "def scaled_scores(Query, Key):\n    pass") == ""
    assert (
        cluster("cy", "def scaled_scores(Query, Key):\n    return Query @ Key.T / np.sqrt(Key.shape[-1])")
        == ""
    )


def test_errors_are_alike_by_what_they_say(cluster: Callable[..., str]) -> None:
    one = cluster("ada", "def softmax(x):\n    return np.exp(x) @ np.ones((9, 9, 9))[0, :5]", "softmax")
    two = cluster("bo", "def softmax(z):\n    z = np.exp(z)\n    return z @ np.ones((5, 9))", "softmax")
    other = cluster("cy", "def softmax(z):\n    return z.nothing_of_the_kind()", "softmax")
    assert one == two != ""
    assert other not in {one, ""}


def test_what_hangs_on_public_inputs_is_like_nothing(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told apart by no digest: what it would have given is not known."""
    pipeline = pipelines["self-attention"]
    hangs = "def softmax(x):\n    if x.ndim == 3:\n        while True:\n            pass\n    return x + 1"
    report = pipeline.grade(hand_in("self-attention", {"softmax": hangs}))
    assert of(report, "softmax").cluster == ""


def test_the_last_digits_of_another_machine_change_no_name(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = pipelines["self-attention"]
    before = of(pipeline.grade(hand_in("self-attention", {"scaled_scores": ALIKE[0]}))).cluster
    told = alike.sketch.of

    def elsewhere(outcome: Outcome) -> object:
        return told(
            replace(outcome, value=nudged(outcome.value)) if isinstance(outcome, Returned) else outcome
        )

    monkeypatch.setattr(alike.sketch, "of", elsewhere)
    handed_in = hand_in("self-attention", {"scaled_scores": ALIKE[1]}, student="bo")
    assert of(pipeline.grade(handed_in)).cluster == before != ""


def test_the_same_edit_of_the_same_step_has_one_name_whatever_comes_of_it(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., Any]
) -> None:
    examiner = pipelines["self-attention"].examiner
    (judged, *_) = pipelines["self-attention"].judge(alike_submission(hand_in, pipelines["self-attention"]))
    edit = Diagnosis("general.one-edit", "Line 4: look at the axis", "row sum", 4, kind="axis")
    name = alike.cluster(examiner, judged.attempt, [edit])
    assert name == alike.cluster(
        examiner, judged.attempt, [replace(edit, line=9, title="Line 9: look at the axis")]
    )
    assert name != alike.cluster(examiner, judged.attempt, [replace(edit, kind="index")])
    assert name != alike.cluster(examiner, judged.attempt, [replace(edit, step="divide")])
    both = [edit, replace(edit, kind="index", step="divide")]
    assert alike.cluster(examiner, judged.attempt, both) == alike.cluster(
        examiner, judged.attempt, both[::-1]
    )
    assert alike.cluster(examiner, judged.attempt, both) != name
    # Without a step, what comes of the public inputs decides.
    assert alike.cluster(examiner, judged.attempt, [replace(edit, step=None)]) == alike.cluster(
        examiner, judged.attempt, []
    )


def alike_submission(hand_in: Callable[..., Any], pipeline: Pipeline) -> Any:
    from autograder.notebook import collect

    return collect.read(hand_in("self-attention", {"scaled_scores": ALIKE[0]}), pipeline.unit)
