"""Every kind of exercise through the real sandbox."""

from __future__ import annotations

from pathlib import Path

import exercises
import pytest
from exercises import ALL, Exercise

from autograder.grading.pipeline import Pipeline
from autograder.sandbox.children import Sandbox


@pytest.mark.parametrize("exercise", ALL, ids=lambda one: one.name)
def test_the_solution_earns_full_marks(exercise: Exercise, tmp_path: Path, shared_sandbox: Sandbox) -> None:
    loaded = exercises.course(tmp_path, exercise)
    pipeline = Pipeline.open(loaded, loaded.unit(exercise.unit), shared_sandbox.child, shared_sandbox.level)
    report = pipeline.grade(
        exercises.hand_in(tmp_path, loaded, exercise, exercises.notebook(loaded, exercise))
    )
    print(report)
    assert (report.status, report.score) == ("graded", 2.0), report
