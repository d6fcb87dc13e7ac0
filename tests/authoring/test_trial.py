"""Notebooks of an adopted assignment, tried in the kit's own sandbox and exam room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import adopted_course

from autograder.adopted import intake
from autograder.authoring import trial
from autograder.course import coursefile


def test_the_solution_earns_full_marks_and_another_language_is_left_out(tmp_path: Path) -> None:
    adopted_course.course(tmp_path)
    course = coursefile.load(tmp_path / "course.toml")
    assignment = intake.read(tmp_path / "source" / "ps1")
    algebra, words = assignment.papers
    assignment = replace(assignment, papers=(replace(algebra, language="r"), words))
    told: list[None] = []
    works = {"solution": trial.solution(assignment), "stub": {"words": adopted_course.answered("words", {})}}
    sat = trial.sittings(course, assignment, works, lambda: told.append(None))
    assert [(one.grade_id, one.score) for one in sat["solution"]["words"].verdicts] == [
        ("count-test", 2.0),
        ("stack-test", 1.0),
    ]
    assert [one.score for one in sat["stub"]["words"].verdicts] == [0.0, 0.0]
    assert sat["solution"].keys() == {"words"}
    assert len(told) == 2
