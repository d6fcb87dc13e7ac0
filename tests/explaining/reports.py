"""What a student's function gets to read, through the real worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from repository import REPOSITORY

from autograder.authoring.rehearsal import Notebook
from autograder.budget import Budget
from autograder.course import coursefile
from autograder.grading.pipeline import Pipeline
from autograder.records import FunctionReport

COURSE = coursefile.load(REPOSITORY / "course.toml")
HOME = {function.name: unit for unit in COURSE.units for function in unit.functions}
Explained = Callable[..., FunctionReport]


@pytest.fixture(scope="session")
def explained(pipelines: Mapping[str, Pipeline]) -> Explained:
    """The report on one function written in another way, which alone is graded; functions brought along may be given too."""
    solved = {unit.name: Notebook.solved(COURSE, unit) for unit in COURSE.units}

    def report(function: str, source: str) -> FunctionReport:
        unit = HOME[function]
        submission = solved[unit.name].with_function(function, source)
        pipeline = pipelines[unit.name]
        alone = replace(unit, functions=tuple(one for one in unit.functions if one.name == function))
        pipeline = replace(pipeline, examiner=replace(pipeline.examiner, unit=alone))
        (graded,) = pipeline.report(submission, Budget(60.0)).functions
        return graded

    return report


def ids(report: FunctionReport) -> list[str]:
    assert "fault of ours" not in report.note, report.note
    return [diagnosis.id for diagnosis in report.diagnoses]
