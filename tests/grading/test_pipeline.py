"""The whole way of one submission, through the real worker and the real graders."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from repository import REPOSITORY, cell

from autograder import budget
from autograder.checking import examining
from autograder.course import coursefile, secret
from autograder.errors import GraderError, SandboxError
from autograder.grading import pipeline, remarks
from autograder.grading.pipeline import Pipeline
from autograder.notebook.places import HandedIn
from autograder.pages.student import student_page
from autograder.records import Course, FunctionReport, Report, Submission
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Child

Grade = Callable[..., Report]


def of(report: Report, name: str) -> FunctionReport:
    return next(function for function in report.functions if function.name == name)


def first(report: Report, name: str) -> str | None:
    diagnoses = of(report, name).diagnoses
    return diagnoses[0].id if diagnoses else None


@pytest.mark.parametrize("unit", ["embeddings", "self-attention", "multi-head", "layers"])
def test_the_solution_earns_full_marks_and_no_diagnosis(grade: Grade, unit: str) -> None:
    report = grade(unit)
    assert (report.status, report.score) == ("graded", report.max_score)
    for function in report.functions:
        assert function.diagnoses == ()
        assert function.explanation is None
        assert not function.carried_forward
        assert function.earned is not None, "the author says what full marks earn"
        drawn = unit != "layers" or function.name == "positional_encoding"
        assert (function.earned.picture is not None) == drawn, (
            "and the student's own function gives the picture"
        )
        assert all(check.passed for check in function.checks)


@pytest.mark.parametrize("unit", ["embeddings", "self-attention", "multi-head", "layers"])
def test_the_released_stub_earns_nothing(
    pipelines: Mapping[str, Pipeline], tmp_path: Path, unit: str
) -> None:
    folder = tmp_path / "ada" / unit
    folder.mkdir(parents=True)
    released = REPOSITORY / "assignments" / unit / f"{unit}.ipynb"
    (folder / f"{unit}.ipynb").write_bytes(released.read_bytes())
    report = pipelines[unit].grade(HandedIn("ada", folder))
    assert report.score == 0
    for function in report.functions:
        assert [diagnosis.id for diagnosis in function.diagnoses] == ["general.not-implemented"]


# --------------------------------------------------------------------------------- error carried forward


def test_a_wrong_softmax_costs_attend_nothing(grade: Grade) -> None:
    report = grade("self-attention", {"softmax": "def softmax(x):\n    return x / np.sum(x)"})
    assert of(report, "softmax").score == 0
    attend = of(report, "attend")
    assert attend.score == attend.max_score
    assert attend.carried_forward
    assert attend.carried_from == ("softmax",)
    assert attend.diagnoses == ()


def test_a_missing_softmax_costs_attend_nothing(grade: Grade) -> None:
    report = grade("self-attention", {"softmax": "# to be done"})
    assert first(report, "softmax") == "general.missing"
    assert of(report, "attend").carried_from == ("softmax",)


def test_an_attend_that_is_wrong_itself_is_judged_beside_right_functions(grade: Grade) -> None:
    report = grade(
        "self-attention",
        {
            "scaled_scores": "def scaled_scores(Query, Key):\n    return Query @ Key.T",
            "attend": "def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key)).T @ Value",
        },
    )
    attend = of(report, "attend")
    assert not attend.carried_forward
    assert attend.score < attend.max_score
    assert first(report, "attend") == "attend.weights-transposed"


def test_the_attend_that_was_brought_along_costs_multi_head_nothing(grade: Grade) -> None:
    report = grade("multi-head", {"attend": "def attend(Query, Key, Value):\n    return Value"})
    assert report.score == report.max_score
    assert of(report, "multi_head").carried_from == ("attend",)


@pytest.mark.parametrize("mask", ["", ", mask"], ids=["not taken", "not used"])
def test_a_multi_head_without_a_mask_costs_a_block_and_a_stack_nothing(grade: Grade, mask: str) -> None:
    """It was right where it was written, and takes one thing more in this unit."""
    source = (
        f"def multi_head(embeddings, W_Q, W_K, W_V, W_O{mask}):\n"
        "    Q, K, V = embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V\n"
        "    weights = softmax(Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[-1]))\n"
        "    return np.concatenate(weights @ V, axis=-1) @ W_O"
    )
    report = grade("layers", {"multi_head": source})
    assert report.score == report.max_score
    assert of(report, "block").carried_from == of(report, "stack").carried_from == ("multi_head",)


def test_a_stand_in_takes_arguments_by_the_students_own_signature(grade: Grade) -> None:
    report = grade(
        "self-attention",
        {
            "softmax": "def softmax(scores, axis=-1, stable=True):\n    return scores * 0",
            "attend": "def attend(Query, Key, Value):\n"
            "    return softmax(stable=False, scores=scaled_scores(Key=Key, Query=Query), axis=-1) @ Value",
        },
    )
    assert of(report, "attend").score == of(report, "attend").max_score


SOFTMAX = """def softmax(x, axis=-1, temperature=1):
    x = np.asarray(x) / temperature
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)"""
UNSTABLE = SOFTMAX.replace(" - x.max(axis=axis, keepdims=True)", "")
SCORES = """def scaled_scores(Query, Key, scale=True):
    return Query @ Key.T / (np.sqrt(Query.shape[-1]) if scale else 1)"""
DOUBLED = SCORES.replace("Query @ Key.T", "2 * Query @ Key.T")


@pytest.mark.parametrize("softmax", [SOFTMAX, UNSTABLE], ids=["right", "unstable"])
@pytest.mark.parametrize(
    "weights",
    [
        "softmax(scaled_scores(Query, Key), axis=0)",
        "softmax(scaled_scores(Query, Key), 0)",
        "softmax(scaled_scores(Query, Key), temperature=2)",
        "softmax(scaled_scores(Query, Key, scale=False))",
        "softmax(scaled_scores(Query, Key, False))",
    ],
)
def test_what_a_function_is_called_with_is_the_callers_own_affair(
    grade: Grade, softmax: str, weights: str
) -> None:
    attend = f"def attend(Query, Key, Value):\n    return {weights} @ Value"
    report = grade("self-attention", {"scaled_scores": SCORES, "softmax": softmax, "attend": attend})
    assert of(report, "attend").score < of(report, "attend").max_score
    assert of(report, "scaled_scores").score == 3
    if softmax == SOFTMAX:
        assert of(report, "softmax").score == 3
        assert not of(report, "attend").carried_from


@pytest.mark.parametrize("scores", [SCORES, DOUBLED], ids=["right", "doubled"])
@pytest.mark.parametrize("softmax", [SOFTMAX, UNSTABLE], ids=["right", "unstable"])
@pytest.mark.parametrize(
    "weights",
    [
        "softmax(scaled_scores(Query, Key), axis=1)",
        "softmax(scaled_scores(Query, Key), -1)",
        "softmax(scaled_scores(Query, Key), temperature=1)",
        "softmax(scaled_scores(Query, Key, scale=True), axis=-1, temperature=1.0)",
    ],
)
def test_what_changes_nothing_costs_nothing(grade: Grade, scores: str, softmax: str, weights: str) -> None:
    attend = f"def attend(Query, Key, Value):\n    return {weights} @ Value"
    report = grade("self-attention", {"scaled_scores": scores, "softmax": softmax, "attend": attend})
    assert of(report, "attend").score == 4


@pytest.mark.parametrize("softmax", [SOFTMAX, UNSTABLE], ids=["right", "unstable"])
def test_scaling_by_hand_after_scores_without_scale_is_right(grade: Grade, softmax: str) -> None:
    attend = "def attend(Query, Key, Value):\n    scores = scaled_scores(Query, Key, scale=False) / np.sqrt(Key.shape[-1])\n    return softmax(scores) @ Value"
    report = grade("self-attention", {"scaled_scores": SCORES, "softmax": softmax, "attend": attend})
    assert of(report, "attend").score == 4


CAUSAL = """def attend(Query, Key, Value, causal=False):
    scores = Query @ Key.T / np.sqrt(Key.shape[-1])
    if causal:
        scores = np.where(np.tri(*scores.shape, dtype=bool), scores, -1e9)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ Value"""
HEADS = """def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ q, embeddings @ k, embeddings @ v{}) for q, k, v in zip(W_Q, W_K, W_V)]
    return np.concatenate(heads, axis=-1) @ W_O"""


@pytest.mark.parametrize(("more", "right"), [("", True), (", causal=False", True), (", causal=True", False)])
def test_a_right_function_that_was_brought_along_is_used_as_it_is(
    grade: Grade, more: str, right: bool
) -> None:
    report = grade("multi-head", {"attend": CAUSAL, "multi_head": HEADS.format(more)})
    assert (report.score == report.max_score) == right
    assert not of(report, "multi_head").carried_from


def test_a_right_function_that_others_steer_by_a_variable_is_used_as_it_is(grade: Grade) -> None:
    attend = "def attend(Query, Key, Value):\n    softmax.axis = 0\n    try:\n        return softmax(scaled_scores(Query, Key)) @ Value\n    finally:\n        softmax.axis = -1"
    steered = SOFTMAX.replace("    x = ", "    axis = getattr(softmax, 'axis', axis)\n    x = ")
    report = grade("self-attention", {"softmax": steered, "attend": attend})
    assert of(report, "softmax").score == 3
    assert of(report, "attend").score < 4


def test_right_answers_are_never_to_be_had_for_the_function_itself(grade: Grade) -> None:
    # attend calls softmax, so softmax may be answered while attend is graded; not while softmax is.
    cheat = "def softmax(x):\n    return attend(x, np.eye(x.shape[-1]) * np.sqrt(x.shape[-1]), np.eye(x.shape[-1]))"
    assert of(grade("self-attention", {"softmax": cheat}), "softmax").score == 0


def test_a_right_function_that_hands_on_what_others_cannot_use_costs_them_nothing(grade: Grade) -> None:
    matrix = "def scaled_scores(Query, Key):\n    return np.matrix(Query) * np.matrix(Key).T / np.sqrt(Query.shape[-1])"
    report = grade("self-attention", {"scaled_scores": matrix})
    assert of(report, "scaled_scores").score == 3
    assert of(report, "attend").score == 4
    assert of(report, "attend").carried_from == ("scaled_scores", "softmax")


def test_what_one_function_leaves_no_other_sees(grade: Grade) -> None:
    report = grade(
        "self-attention",
        {
            "scaled_scores": "def scaled_scores(Query, Key):\n    import builtins\n    builtins.left = True\n"
            "    return Query @ Key.T / np.sqrt(Query.shape[-1])",
            "softmax": "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True)) * left\n"
            "    return e / e.sum(axis=-1, keepdims=True)",
        },
    )
    assert of(report, "scaled_scores").score == 3
    assert of(report, "softmax").score == 0


@pytest.mark.parametrize("line", ["return head @ W_O", "out = out * head"])
def test_errors_alone_are_no_evidence_where_the_code_says_otherwise(grade: Grade, line: str) -> None:
    # attend, which is called, does sum: that says nothing about how the heads are joined.
    source = (
        "def multi_head(embeddings, W_Q, W_K, W_V, W_O):\n    out = 1\n    for i in range(len(W_Q)):\n"
        f"        head = attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])\n        {line}\n"
        "    return out @ W_O"
    )
    claimed = [
        diagnosis.id for diagnosis in of(grade("multi-head", {"multi_head": source}), "multi_head").diagnoses
    ]
    assert not any(name.startswith("multi_head.") for name in claimed), claimed


# ---------------------------------------------------------------------------------------- partial credit


def test_an_unstable_softmax_keeps_what_is_right(grade: Grade) -> None:
    report = grade(
        "self-attention",
        {"softmax": "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=-1, keepdims=True)"},
    )
    softmax = of(report, "softmax")
    assert 0 < softmax.score < softmax.max_score
    assert first(report, "softmax") == "softmax.unstable"


def test_properties_alone_earn_nothing(grade: Grade) -> None:
    uniform = "def softmax(x):\n    return np.ones_like(x) / np.shape(x)[-1]"
    softmax = of(grade("self-attention", {"softmax": uniform}), "softmax")
    assert any(check.passed for check in softmax.checks)
    assert softmax.score == 0
    assert softmax.note


def test_a_hard_coded_answer_earns_nothing(grade: Grade) -> None:
    report = grade(
        "embeddings", {"one_hot": "def one_hot(tokens, vocabulary):\n    return np.eye(5)[[0, 2, 1]]"}
    )
    assert of(report, "one_hot").score == 0
    assert first(report, "one_hot") == "general.hardcoded-answer"


# ----------------------------------------------------------------------------- odd notebooks, none the worse


def strip(document: dict[str, Any]) -> dict[str, Any]:
    for part in document["cells"]:
        part["metadata"] = {}
        part.pop("id", None)
    return {"cells": document["cells"], "nbformat": 4, "nbformat_minor": 4, "metadata": {}}


def same_ids(document: dict[str, Any]) -> None:
    for part in document["cells"]:
        part["id"] = "same"


def text_alone_deleted(document: dict[str, Any]) -> None:
    document["cells"] = [part for part in document["cells"] if part["cell_type"] == "code"]


def with_cells(*sources: str, at: int = 0) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["cells"][at:at] = [cell(source) for source in sources]

    return change


@pytest.mark.parametrize(
    "change",
    [
        strip,
        same_ids,
        text_alone_deleted,
        with_cells("print('this never closes'"),
        with_cells("import warnings, sys\nwarnings.warn('harmless')\nprint('careful', file=sys.stderr)"),
        with_cells("raise SystemExit(3)"),
        with_cells("%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n!ls"),
        with_cells("import torch, seaborn.objects as so\nso.Plot([1]).show()"),
        with_cells("import os\nos._exit(0)", at=4),
        with_cells("x = await __import__('asyncio').sleep(0, 3)"),
    ],
    ids=lambda change: getattr(change, "__name__", "change"),
)
@pytest.mark.parametrize("unit", ["embeddings", "self-attention"])
def test_what_costs_nothing(grade: Grade, unit: str, change: Callable[..., Any]) -> None:
    report = grade(unit, change=change)
    assert (report.status, report.score) == ("graded", report.max_score), report


@pytest.fixture
def children(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Report, int]]:
    """Grades, and counts the children that it took."""

    monkeypatch.setattr(secret, "_AUDITED", 2**64)  # none by chance
    monkeypatch.setattr(worker, "_QUICK", float("inf"))  # however busy the machine is

    def run(unit: str, functions: Mapping[str, str] | None = None, **more: Any) -> tuple[Report, int]:
        pipeline, count = pipelines[unit], 0

        def start() -> Child:
            nonlocal count
            count += 1
            return pipeline.examiner.start()

        counting = replace(pipeline, examiner=replace(pipeline.examiner, start=start))
        return counting.grade(hand_in(unit, functions, **more)), count

    return run


def test_a_cell_that_hangs_is_left_out_and_said_and_uses_up_its_time_once(
    children: Callable[..., tuple[Report, int]],
) -> None:
    report, count = children("self-attention", change=with_cells("while True:\n    pass", at=2))
    # One child hangs in the cell; it is known then, and the three functions have one together.
    assert (report.score, count) == (report.max_score, 2)
    assert any("The cell “while True:” was left out" in note for note in report.notes)
    assert set(report.left_out) <= set(report.notes)
    assert len(report.left_out) == 1


@pytest.mark.parametrize(
    ("change", "count"), [(None, 2), (with_cells("import os"), 3)], ids=["proven", "unproven"]
)
def test_a_function_that_hangs_uses_up_its_time_once(
    children: Callable[..., tuple[Report, int]], change: Any, count: int
) -> None:
    report, came = children(
        "self-attention", {"softmax": "def softmax(x):\n    while True: pass"}, change=change
    )
    assert report.status == "graded"
    assert [function.score for function in report.functions] == [3.0, 0.0, 4.0]
    assert first(report, "softmax") == "general.timeout"
    assert of(report, "attend").carried_from == ("softmax",)
    # `attend` is tried with a right `softmax` alone.
    assert came == count


def test_magics_that_run_their_cell_still_do(grade: Grade) -> None:
    source = "%%time\ndef softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)"
    report = grade("self-attention", {"softmax": source})
    assert report.score == report.max_score


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", "general.missing"),
        ("def softmax(x: return", "general.missing"),
        ("def softmax(x):\n    pass", "general.returns-none"),
        ("def softmax(x):\n    return [[1.0]]", "general.wrong-type"),
        ("def softmax(x):\n    return np.array(['a'], dtype=object)", "general.wrong-type"),
        ("def softmax(x):\n    return np.ones((2, 2, 2, 2))", "general.hardcoded-answer"),
        ("def softmax(x):\n    return x[..., :-1]", "general.wrong-shape"),
        ("def softmax(x):\n    return x * np.nan", "general.nan"),
        ("def softmax(x):\n    return x.no_such_thing", "general.raises"),
        ("def softmax(x):\n    raise NotImplementedError('later')", "general.not-implemented"),
        ("def softmax(x):\n    import os; os._exit(0)", "general.crashed"),
        ("def softmax(x):\n    return bytearray(10**12)", "general.out-of-memory"),
        ("def softmax(x):\n    return x + np.random.rand(*x.shape)", "general.random"),
        (
            "class Equal:\n    def __eq__(self, other): return True\ndef softmax(x):\n    return Equal()",
            "general.wrong-type",
        ),
        ("softmax = 3", "general.missing"),
    ],
)
def test_what_ends_in_a_general_finding_leaves_the_others_graded(
    grade: Grade, source: str, expected: str
) -> None:
    report = grade("self-attention", {"softmax": source})
    assert report.status == "graded"
    assert first(report, "softmax") == expected
    assert of(report, "softmax").score == 0
    assert of(report, "scaled_scores").score == of(report, "scaled_scores").max_score
    assert of(report, "attend").score == of(report, "attend").max_score


@pytest.mark.parametrize(
    ("source", "title", "line", "why"),
    [
        ("def softmax(x):\n    e = np.exp(x\n    return e", "Python cannot read its cell", 2,
         "cannot be read: SyntaxError"),
        ("import numpy as np\ndef softmax(x):\nreturn x", "Python cannot read its cell", 3,
         "cannot be read: IndentationError"),
        ("def softmax(x, axis=lenght):\n    return x", "The cell that defines it stops with an error", None,
         "does not run: NameError: name 'lenght' is not defined"),
        ("def fail():\n    error = SyntaxError('odd')\n    error.lineno = 999\n    raise error\ndef softmax(x, axis=fail()):\n    return x",
         "The cell that defines it stops with an error", None, "does not run: SyntaxError: odd"),
        ("softmax = 3", "The function is not there", None, "no function of this name was there"),
    ],
)  # fmt: skip
def test_why_a_function_is_not_there(
    grade: Grade, source: str, title: str, line: int | None, why: str
) -> None:
    report = grade("self-attention", {"softmax": source})
    found = of(report, "softmax").diagnoses[0]
    assert (found.id, found.title, found.line) == ("general.missing", title, line)
    assert why in found.why
    page = student_page(report)
    assert "still to be written" not in page
    if line:
        assert f"</a>, line {line} of its cell." in page


def test_a_line_and_a_message_for_an_exception_on_inputs_that_may_be_shown(grade: Grade) -> None:
    report = grade(
        "self-attention",
        {"scaled_scores": "def scaled_scores(Query, Key):\n    raw = Query @ Key.transposed\n    return raw"},
    )
    function = of(report, "scaled_scores")
    assert function.diagnoses[0].id == "general.raises"
    assert function.diagnoses[0].line == 2
    assert function.explanation is not None
    assert "transposed" in function.explanation.summary


def test_hidden_checks_repeat_no_word_of_the_students(grade: Grade) -> None:
    source = "def softmax(x):\n    raise type('Leak' + str(x.shape[-1]), (ValueError,), {})(repr(x))"
    report = grade("self-attention", {"softmax": source})
    for check in of(report, "softmax").checks:
        assert "Leak" not in check.message
        assert "array" not in check.message


def test_a_submission_none_of_whose_functions_can_be_run(grade: Grade) -> None:
    # Each cell ends Python, in more cells than are left out one by one.
    report = grade("embeddings", change=with_cells(*["import os\nos._exit(1)"] * 12))
    assert (report.status, report.score) == ("crashed", 0)
    assert report.reason


def test_what_cannot_be_read_scores_zero_and_says_why(
    pipelines: Mapping[str, Pipeline], tmp_path: Path
) -> None:
    folder = tmp_path / "ada" / "embeddings"
    folder.mkdir(parents=True)
    (folder / "embeddings.ipynb").write_text("{")
    report = pipelines["embeddings"].grade(HandedIn("ada", folder))
    assert (report.status, report.score) == ("unreadable", 0)
    assert "not JSON" in report.reason


# ------------------------------------------------------------------------------------------- our own failures


@pytest.mark.parametrize("error", [SandboxError("no child"), GraderError("broke"), RuntimeError("a bug")])
def test_our_own_failure_is_never_a_zero(
    pipelines: Mapping[str, Pipeline],
    hand_in: Callable[..., HandedIn],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    def broken(*_: object) -> None:
        raise error

    handed_in = hand_in("embeddings")
    with monkeypatch.context() as patch:
        patch.setattr(Pipeline, "judge", broken)
        unjudged = pipelines["embeddings"].grade(handed_in)
    unread = replace(pipelines["embeddings"], read=broken).grade(handed_in)
    for report in (unjudged, unread):
        assert (report.status, report.score) == ("not-graded", None)
        assert str(error) in report.reason


def test_a_failure_that_passes_is_tried_again(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Pipeline.judge
    failures = [SandboxError("once")]

    def once_broken(self: Pipeline, *arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return right(self, *arguments)

    monkeypatch.setattr(Pipeline, "judge", once_broken)
    assert pipelines["embeddings"].grade(hand_in("embeddings")).score == 6


def test_an_explanation_that_fails_costs_no_mark(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("odd numbers")

    monkeypatch.setattr(pipeline.diagnose, "diagnose", broken)
    report = grade("embeddings", {"one_hot": "def one_hot(tokens, vocabulary):\n    return np.eye(2)"})
    assert (report.status, report.score) == ("graded", 3)
    assert "a fault of ours (ValueError: odd numbers)" in of(report, "one_hot").note


@pytest.mark.parametrize(
    "source",
    [
        "def one_hot(tokens, vocabulary):\n    return np.zeros(9)" + " + 0" * 900,
        "def one_hot(tokens, vocabulary):\n    if not tokens:\n        pass\n"
        + "    elif tokens == 1:\n        pass\n" * 1100
        + "    return np.zeros(9)",
    ],
    ids=["operators", "branches"],
)
def test_code_that_is_hundreds_of_levels_deep_is_explained(grade: Grade, source: str) -> None:
    report = grade("embeddings", {"one_hot": source})
    assert "fault of ours" not in of(report, "one_hot").note
    assert first(report, "one_hot") == "general.hardcoded-answer"


# ------------------------------------------------------------------------------------- fairness and plain pytest


def test_two_students_see_different_numbers_and_the_same_verdict(grade: Grade) -> None:
    """Of a mistake that shows with one token alone: what is made small is the same for all."""
    source = {
        "scaled_scores": "def scaled_scores(Query, Key):\n    return np.squeeze(Query @ Key.T / np.sqrt(Query.shape[1]))"
    }
    ada, bob = (grade("self-attention", source, student=student) for student in ("ada", "bob"))
    assert ada.score == bob.score
    one, other = of(ada, "scaled_scores").explanation, of(bob, "scaled_scores").explanation
    assert one is not None
    assert other is not None
    assert one.got is not None
    assert other.got is not None
    assert (one.got != other.got).any()
    assert first(ada, "scaled_scores") == first(bob, "scaled_scores") == "general.wrong-shape"


@pytest.mark.parametrize(
    ("function", "source", "shapes"),
    [
        ("scaled_scores", "def scaled_scores(Query, Key):\n    return Query @ Key.T", [(2, 3), (2, 3)]),
        # no small change makes it right, and it goes wrong on every table
        ("softmax", "def softmax(x):\n    return np.cos(x) + x.mean()", [(2, 3)]),
    ],
)
def test_the_numbers_that_are_shown_can_be_worked_out_on_paper(
    grade: Grade, function: str, source: str, shapes: list[tuple[int, ...]]
) -> None:
    shown = of(grade("self-attention", {function: source}), function).explanation
    assert shown is not None
    assert shown.case.endswith(", made small")
    arrays = [argument for _, argument in shown.inputs if isinstance(argument, np.ndarray)]
    assert [array.shape for array in arrays] == shapes
    assert all(np.array_equal(array, np.round(array)) for array in arrays)
    assert shown.worked


def test_a_mistake_that_no_small_input_shows_is_shown_as_it_is(grade: Grade) -> None:
    source = "def softmax(x):\n    e = np.exp(x)\n    s = e / e.sum(axis=-1, keepdims=True)\n    return s if len(x) < 4 else e"
    shown = of(grade("self-attention", {"softmax": source}), "softmax").explanation
    assert shown is not None
    assert "made small" not in shown.case


def test_an_input_that_is_made_small_decides_nothing(grade: Grade) -> None:
    """Right on all other inputs, it is right, and what ends it on a small one is no finding."""
    right = "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)"
    source = f"def softmax(x):\n    if x.shape == (2, 3):\n        import os; os._exit(1)\n{right}"
    assert of(grade("self-attention", {"softmax": source}), "softmax").score == 3
    report = of(grade("self-attention", {"softmax": f"{source} * 2"}, student="bob"), "softmax")
    assert report.explanation is not None
    assert report.diagnoses[0].id != "general.crashed"
    assert report.explanation.case == "a table of scores"


GRADER = """from autograder.author import agrees, leaves_inputs_alone
test_scores = agrees("scaled_scores", "all of it", points=3)
test_tables = agrees("softmax", "tables", "a table of scores", "a stack of tables", points=1.5)
test_huge = agrees("softmax", "huge entries", "huge entries", points=1)
test_inputs = leaves_inputs_alone("softmax", points=0.5)
test_attend = agrees("attend", "all of it", points=4)
"""


@pytest.mark.slow
def test_plain_pytest_gives_the_same_verdicts(
    course_folder: Path, shared_sandbox: Sandbox, hand_in: Callable[..., HandedIn]
) -> None:
    grader = course_folder / "solutions" / "self-attention" / "test_hidden.py"
    grader.write_text(GRADER, encoding="utf-8")
    course = coursefile.load(course_folder / "course.toml")
    pipeline = Pipeline.open(
        course, course.unit("self-attention"), shared_sandbox.child, shared_sandbox.level
    )
    handed_in = hand_in(
        "self-attention",
        {
            "softmax": "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=-1, keepdims=True)",
            "scaled_scores": "def scaled_scores(Query, Key):\n    return Query @ Key.T",
        },
    )
    report = pipeline.grade(handed_in)
    failing = sum(not check.passed for function in report.functions for check in function.checks)
    passing = sum(check.passed for function in report.functions for check in function.checks)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short"]
    notebook = handed_in.folder / "self-attention.ipynb"
    done = subprocess.run(
        [*command, str(grader), "--submission", str(notebook)],
        capture_output=True,
        text=True,
        cwd=handed_in.folder,
        check=False,
    )
    assert re.search(rf"{failing} failed, {passing} passed", done.stdout), done.stdout + done.stderr
    assert "On “huge entries”" in done.stdout


@pytest.mark.slow
def test_plain_pytest_without_a_notebook_says_what_it_needs(tmp_path: Path) -> None:
    grader = tmp_path / "test_hidden.py"
    grader.write_text('from autograder.author import agrees\ntest_it = agrees("one_hot", "it", points=1.0)\n')
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", str(grader)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "--submission NOTEBOOK" in done.stdout


def test_the_version_changes_with_all_that_decides_a_result(
    pipelines: Mapping[str, Pipeline], own_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {pipelines[unit.name].version for unit in own_course.units}
    assert len(versions) == len(own_course.units)
    monkeypatch.setattr(examining, "code", lambda: "another state of the kit")
    assert pipelines["embeddings"].version not in versions


# ----------------------------------------------------------------------- right work that Jupyter showed to be right

STABLE = "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)"
WITH_SUM = (
    "def softmax(x):\n    x = np.asarray(x)\n    rows = x.reshape(-1, x.shape[-1])\n    out = np.zeros(rows.shape)\n"
    "    for i, row in {}(enumerate(rows)):\n        e = [np.exp(v - max(row)) for v in row]\n"
    "        out[i] = np.array(e) / sum(e)\n    return out.reshape(x.shape)"
)
AT_THE_END = 1000


@pytest.mark.parametrize(
    ("softmax", "later", "note"),
    [
        (STABLE, ["softmax = softmax(np.eye(2))", "softmax[0]"], "gives the name `softmax` to something else"),
        (f"{STABLE}\nsoftmax = softmax(np.eye(2))", [], "gives the name `softmax` to something else"),
        (STABLE, ["np = 3"], "`softmax` was tried with what"),
        (WITH_SUM.format("list"), ["sum = 0"], "gives the name `sum` to something else"),
        (f"def helper(x):\n    return np.exp(x)\n{STABLE.replace('np.exp', 'helper')}", ["def helper(): pass"], "`helper`"),
        (f"import cupy_like\n{STABLE}", [], "cupy_like"),
        (f"try:\n    import cupy_like as np\nexcept ImportError:\n    import numpy as np\n{STABLE}", [], ""),
        (f"try:\n    import no_such_torch\n    GPU = True\nexcept Exception:\n    GPU = False\n{STABLE.replace('x):', 'x):' + chr(10) + '    if GPU: x = no_such_torch.cuda(x)', 1)}", [], ""),
        (f"who = input('name')\nimport math\n{STABLE}", [], "stopped with EOFError"),
        (f"import logging\nlogging.basicConfig(filename='log')\n{STABLE}", [], "stopped with"),
        (f"from no_such_tqdm import tqdm as list\n{STABLE}", [], "no_such_tqdm"),
        (f"from tqdm.notebook import tqdm\n{WITH_SUM.format('tqdm')}", [], "tqdm"),
        (f"import numba\n@numba.njit(cache=True)\n{STABLE}", [], "numba"),
        (f"from numba import njit\n@njit\n{STABLE}", [], "numba"),
        ("\n".join(f"{'...' if number else '>>>'} {line}" for number, line in enumerate(STABLE.splitlines())), [], ""),
        ("\n".join(f"{'   ...:' if number else 'In [1]:'} {line}" for number, line in enumerate(STABLE.splitlines())), [], ""),
        ("\n".join(f"    {line}" for line in STABLE.splitlines()), [], ""),
        (f"\n\n%%time\n{STABLE}", [], ""),
        (f"%pylab inline\n{STABLE.replace('np.', '')}", [], ""),
        (f"!pip install numpy\nnp?\n{STABLE}", [], ""),
    ],
)  # fmt: skip
def test_right_work_is_right_whatever_stands_around_it(
    grade: Grade, softmax: str, later: list[str], note: str
) -> None:
    report = grade("self-attention", {"softmax": softmax}, change=with_cells(*later, at=AT_THE_END))
    assert report.score == report.max_score, report
    assert any(note in line for line in report.notes) if note else not report.notes


def test_a_word_that_is_not_there_may_raise_an_exception_of_ones_own(grade: Grade) -> None:
    source = (
        "class UnknownWord(ValueError):\n    pass\ndef one_hot(tokens, vocabulary):\n"
        "    if set(tokens) - set(vocabulary): raise UnknownWord('which one?')\n"
        "    return np.array([[t == w for w in vocabulary] for t in tokens], float).reshape(len(tokens), len(vocabulary))"
    )
    report = grade("embeddings", {"one_hot": source})
    assert report.score == report.max_score


@pytest.mark.parametrize(
    ("softmax", "module", "line"),
    [
        ("from helpers import softmax", "helpers", None),  # no cell defines it
        ("from no_such_lib.special import softmax as sp\ndef softmax(x):\n    return sp(x, axis=-1)", "no_such_lib", 1),
        ("def softmax(x):\n    import no_such_torch as torch\n    return torch.softmax(torch.tensor(x), -1).numpy()", "no_such_torch", 2),
        ("from helpers import *\ndef softmax(x):\n    return safe_softmax(x)", "helpers", 1),
        ("from helpers import EPSILON\ndef softmax(x):\n    return np.exp(x) / (np.exp(x).sum(-1, keepdims=True) + EPSILON)", "helpers", 1),
    ],
)  # fmt: skip
def test_a_function_that_needs_a_missing_module_is_told_which(
    grade: Grade, softmax: str, module: str, line: int | None
) -> None:
    report = grade("self-attention", {"softmax": softmax})
    found = of(report, "softmax")
    assert found.score == 0
    assert found.diagnoses[0].id == "general.missing-module"
    assert f"`{module}`" in found.diagnoses[0].title
    assert found.diagnoses[0].line == line
    assert found.explanation is not None
    assert "another type" not in found.explanation.summary
    assert of(report, "attend").score == of(report, "attend").max_score


def test_a_mistake_is_named_before_a_module_that_only_speeds_it_up(grade: Grade) -> None:
    source = f"from numba import njit\n@njit\n{STABLE.replace('axis=-1', 'axis=0')}"
    assert first(grade("self-attention", {"softmax": source}), "softmax") == "softmax.wrong-axis"


def test_names_that_nothing_was_lost_by_are_not_tried_again(
    children: Callable[..., tuple[Report, int]],
) -> None:
    _, count = children("self-attention", change=with_cells("np = 3", at=0))
    assert count == 3


# ------------------------------------------------------------------------------------ the time of a whole submission


def hurried(pipeline: Pipeline, seconds: float) -> Pipeline:
    """The pipeline of a course whose submissions may take so long."""
    course = pipeline.examiner.course
    limits = replace(course.limits, submission_seconds=seconds)
    return replace(pipeline, examiner=replace(pipeline.examiner, course=replace(course, limits=limits)))


def test_a_submission_that_sleeps_everywhere_is_ended_as_a_whole(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn]
) -> None:
    """None of its cells and calls takes longer than it may; together they would hold a process for minutes."""
    sleeps = "import time\ndef one_hot(tokens, vocabulary):\n    for _ in range(20): time.sleep(0.05)\n    return None"
    handed_in = hand_in("embeddings", {"one_hot": sleeps})
    report = hurried(pipelines["embeddings"], 1.5).grade(handed_in)
    told = "The whole submission may take 1.5 s, sleeping and waiting included, and has used them up"
    assert report.status == "graded", report.reason
    assert any(note.startswith(told) for note in report.notes)
    assert any(flag.startswith(told) for flag in report.flags)
    assert "for want of time" in of(report, "one_hot").note
    assert of(report, "one_hot").diagnoses == ()
    assert report.score == 0  # what comes after it is not tried
    assert report.left_out == ()
    after = pipelines["embeddings"].grade(hand_in("embeddings", student="next"))
    assert after.score == after.max_score


def test_a_notebook_that_never_gets_to_its_functions_is_a_timeout(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn]
) -> None:
    def sleep(document: dict[str, Any]) -> None:
        document["cells"].append(cell("import time\nfor _ in range(40): time.sleep(0.1)"))

    report = hurried(pipelines["embeddings"], 0.5).grade(hand_in("embeddings", change=sleep))
    assert (report.status, report.score) == ("timeout", 0)
    assert report.reason == "The notebook used up the 0.5 s that a whole submission may take."


def test_this_sides_time_is_up_for_that_student_alone(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn]
) -> None:
    """Here a notebook of many cells in less time than it takes to read them."""

    def long(document: dict[str, Any]) -> None:
        document["cells"].extend(cell("x = 1\n" * 300) for _ in range(1500))

    handed_in = hand_in("embeddings", change=long)
    report = hurried(pipelines["embeddings"], 0.02).grade(handed_in)
    assert (report.status, report.score) == ("timeout", 0)
    assert "more than the 0.02 s that a whole submission may take" in report.reason
    assert report.submission  # so that it is not tried again at every run
    after = pipelines["embeddings"].grade(hand_in("embeddings", student="next"))
    assert after.score == after.max_score


def test_how_a_course_gives_hints_goes_with_the_report_and_makes_results_anew(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn]
) -> None:
    plain = pipelines["embeddings"]
    course = replace(plain.examiner.course, hints="ladder")
    ladder = replace(plain, examiner=replace(plain.examiner, course=course))
    assert ladder.version != plain.version
    wrong = "def one_hot(tokens, vocabulary):\n    return np.eye(len(vocabulary))[[vocabulary.index(t) for t in tokens]].T"
    report = ladder.grade(hand_in("embeddings", {"one_hot": wrong}))
    assert report.hints == "ladder"
    assert first(report, "one_hot") == "one_hot.transposed"  # reports hold all
    assert '<details class="rung"><summary><span>Hint 2</span> The cause</summary>' in student_page(report)


def test_marks_that_are_settled_do_not_hang_on_when_time_is_up(
    pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where that is neither while it is judged nor while it is explained."""
    honest = remarks.flags

    def late(submission: Submission) -> tuple[str, ...]:
        own = budget.current()
        assert own is not None
        while not own.is_over:
            pass
        return honest(submission)

    monkeypatch.setattr(remarks, "flags", late)
    report = hurried(pipelines["embeddings"], 1.0).grade(hand_in("embeddings"))
    assert (report.status, report.score) == ("graded", report.max_score)
    assert any("has used them up" in note for note in report.notes)
