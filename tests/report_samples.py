"""Reports of submissions, written by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from function_samples import (
    attend_carried,
    explanation,
    multi_head_mixed,
    one_hot_missing,
    project_unexplained,
    queries_and_keys,
    rng,
    softmax,
    softmax_three_d,
    softmax_wrong_axis,
    unscaled_scores,
)

from autograder.records import Check, Diagnosis, FunctionReport, Report, Status


def self_attention(student: str = "ada") -> Report:
    functions = (unscaled_scores(), softmax_wrong_axis(), attend_carried())
    return Report("self-attention", "Self-attention", student, "graded", 5.5, 10.0, functions)


def all_right(student: str = "grace") -> Report:
    functions = tuple(
        replace(
            function,
            score=function.max_score,
            carried_forward=False,
            carried_from=(),
            diagnoses=(),
            explanation=None,
            checks=tuple(replace(check, passed=True, message="") for check in function.checks),
        )
        for function in (unscaled_scores(), softmax_wrong_axis(), attend_carried())
    )
    return Report("self-attention", "Self-attention", student, "graded", 10.0, 10.0, functions)


def embeddings_unit() -> Report:
    return Report(
        "embeddings",
        "Embeddings",
        "Zoë O'Neil",
        "graded",
        1.0,
        6.0,
        (one_hot_missing(), project_unexplained()),
        notes=(
            "The cell that starts with `while True:` ran too long. It was left out, and the rest run again.",
        ),
    )


def multi_head_unit() -> Report:
    functions = (multi_head_mixed(), softmax_three_d())
    return Report("multi-head", "Multi-head attention", "李 明", "graded", 2.5, 9.0, functions)


def adopted_unit(student: str = "bo") -> Report:
    """Test cells of nbgrader's: one that passes, one that fails, a hidden one, and one whose notebook is missing."""

    def cell(name: str, score: float, said: str = "", *, hidden: bool = False, **more: Any) -> FunctionReport:
        check = Check("test cell", score == 2.0, 2.0, said, hidden, more.pop("tried", True))
        return FunctionReport(f"Problem 1/{name}", score, 2.0, False, (check,), **more)

    code = "def squares(n):\n    return [i**2 for i in range(1, n)]"
    functions = (
        cell("mean-test", 2.0),
        cell(
            "squares-test",
            0.0,
            "`squares(1)` gives [], and should give [1].",
            diagnoses=(Diagnosis("general.missing-item", "One entry is missing at an end"),),
            source=code,
            test="assert squares(1) == [1]",
        ),
        cell(
            "squares-hidden",
            1.0,
            "`squares` gives a wrong number for an input that is not shown.",
            hidden=True,
            diagnoses=(
                Diagnosis(
                    "general.wrong-value", "`squares` gives a wrong number for an input that is not shown"
                ),
            ),
            source=code,
        ),
        cell("stack-test", 0.0, tried=False, note="words.ipynb: it is not there."),
    )
    return Report("ps1", "Problem set 1", student, "graded", 3.0, 8.0, functions, adopted=True)


def large_arrays() -> Report:
    x = rng().normal(size=(60, 80))
    got = softmax(x)
    got[41, 66] += 0.25
    function = replace(
        softmax_wrong_axis(),
        explanation=explanation("a long text", {"x": x}, softmax(x), got, "One cell is wrong.", labels=None),
    )
    return Report("self-attention", "Self-attention", "ada", "graded", 1.0, 3.0, (function,))


def wrong_shape() -> Report:
    Query, Key = queries_and_keys()
    expected = Query @ Key.T / np.sqrt(3)
    function = replace(
        unscaled_scores(),
        diagnoses=(Diagnosis("scaled_scores.transposed", "Rows and columns are swapped", "dot products", 4),),
        explanation=explanation(
            "more queries than keys",
            {"Query": Query, "Key": Key},
            expected,
            expected.T,
            "Your result has shape 4 × 5, and should have 5 × 4.",
        ),
    )
    return Report("self-attention", "Self-attention", "ada", "graded", 0.5, 3.0, (function,))


REASONS: dict[Status, str] = {
    "unreadable": "The file is not JSON: it starts with `<!DOCTYPE html>`.",
    "timeout": "Cell 7 was still running after 2 seconds of computing.",
    "out-of-memory": "Cell 4 asked for more than 512 MiB.",
    "crashed": "The process ended in cell 3 with exit status 1.",
    "not-graded": "The sandbox could not be started.",
}


def failed(status: Status, student: str = "ada") -> Report:
    score = None if status == "not-graded" else 0.0
    return Report("self-attention", "Self-attention", student, status, score, 10.0, (), REASONS[status])
