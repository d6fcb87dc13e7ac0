"""Other code in one cell of the solution, handed in as a student would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from autograder.authoring.rehearsal import Notebook, Rehearsal, Verdict
from autograder.errors import CourseError
from autograder.grading.pipeline import Pipeline
from autograder.records import Course

ZEROS = "def one_hot(tokens, vocabulary):\n    return np.zeros((len(tokens), len(vocabulary)))\n"


def test_a_notebook_without_the_function_is_refused(own_course: Course) -> None:
    solved = Notebook.solved(own_course, own_course.unit("embeddings"))
    with pytest.raises(CourseError, match="no cell of the solution notebook defines 'nothing'"):
        solved.source("nothing")


def test_other_code_stands_in_the_cell_of_its_function_alone(own_course: Course) -> None:
    solved = Notebook.solved(own_course, own_course.unit("embeddings"))
    before, after = solved.submission().cells, solved.with_function("one_hot", "def one_hot(): pass").cells
    (differs,) = (new for old, new in zip(before, after, strict=True) if old != new)
    assert differs == replace(differs, source="def one_hot(): pass")


def test_many_students_get_what_each_gets_alone(pipelines: Mapping[str, Pipeline]) -> None:
    unit = Rehearsal.of(pipelines["embeddings"]).elsewhere()
    function = unit.pipeline.unit.functions[1]
    source = "def project_qkv(E, A, B, C):\n    return E @ A, E @ B, E @ (C if len(E) < 5 else A)\n"
    together = unit.of_students(function, source, ["ada", "bo"])
    assert [one.attempt.submission.student for one in together] == ["ada", "bo"]
    assert (
        together[0].attempt.hidden[0].case.args[0].tolist()
        != together[1].attempt.hidden[0].case.args[0].tolist()
    )
    for student, judged in zip(("ada", "bo"), together, strict=True):
        assert unit.seen(judged) == unit.alone(function, source, student)
    assert unit.of_students(function, source, []) == []


def test_a_verdict_is_found_once(pipelines: Mapping[str, Pipeline]) -> None:
    unit = Rehearsal.of(pipelines["embeddings"])
    function = unit.pipeline.unit.functions[0]
    verdict = unit.verdict(function, ZEROS)
    assert verdict.score == 0
    assert unit.verdict(function, ZEROS) is verdict
    assert unit.elsewhere().verdict(function, ZEROS) == verdict
    assert str(Verdict(0.5, "right")) == "0.5 and right"
