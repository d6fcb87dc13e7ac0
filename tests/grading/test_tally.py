"""What came of a run, as numbers."""

from __future__ import annotations

from typing import Any

from autograder.gradebook.results import DiagnosisFile, FunctionFile, ResultFile
from autograder.grading.tally import Tally


def result(student: str, score: float | None, **more: Any) -> ResultFile:
    status = "not-graded" if score is None else "graded"
    functions = more.pop("functions", [])
    return ResultFile(1, "embeddings", student, score, 6.0, status, functions, **more)


def test_results_are_counted_and_not_kept() -> None:
    tally = Tally()
    wrong = [DiagnosisFile("one_hot.transposed", "…"), DiagnosisFile("general.wrong-shape", "…")]
    for one in (
        result("ada", 6.0, functions=[FunctionFile("one_hot", 3.0, 3.0, True, [], [])]),
        result(
            "bo", 3.0, functions=[FunctionFile("one_hot", 0.0, 3.0, False, [], wrong)], left_out=["a cell"]
        ),
        result("cy", None),
        result("dee", 0.0, level="reduced"),
    ):
        tally.add(one)
    assert (tally.count, tally.marked, tally.total, tally.full) == (4, 3, 9.0, 1)
    assert (tally.hung, tally.again) == (["bo"], {"cy", "dee"})
    (function,) = tally.functions.values()
    assert (function.total, function.full, function.carried) == (3.0, 1, 1)
    assert function.findings == {"one_hot.transposed": 1}, "the first alone"
