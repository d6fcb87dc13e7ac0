from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import adopted_course
import pytest

from autograder.adopted import intake, merging
from autograder.adopted.papers import Paper, Step
from autograder.notebook import notebooks


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    adopted_course.course(tmp_path)
    return intake.read(tmp_path / "source" / "ps1").papers[0]


@pytest.fixture
def handed() -> dict[str, Any]:
    """What a student has who has changed nothing."""
    return adopted_course.answered("algebra", {})


def steps(paper: Paper, document: dict[str, Any]) -> tuple[Step, ...]:
    return merging.steps(paper, notebooks.saved(json.dumps(document).encode()))


def ids(found: tuple[Step, ...]) -> list[str]:
    return [step.grade_id for step in found]


ORDER = ["setup", "squares", "squares-test", "squares-error", "squares-hidden", "mean", "mean-test"]


def without(document: dict[str, Any], *gone: str) -> dict[str, Any]:
    kept = [
        cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") not in gone
    ]
    return document | {"cells": kept}


def cell(document: dict[str, Any], grade_id: str) -> dict[str, Any]:
    (found,) = (
        one for one in document["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
    return found


def test_a_test_cell_runs_with_its_hidden_tests_whatever_the_student_made_of_it(
    paper: Paper, handed: dict[str, Any]
) -> None:
    cell(handed, "squares-test")["source"] = "pass"
    cell(handed, "setup")["source"] = "close = print"
    cell(handed, "squares")["source"] = "squares = 7"
    found = steps(paper, handed)
    assert ids(found) == ORDER
    assert [step.index for step in found] == list(range(7))
    by = {step.grade_id: step for step in found}
    assert by["squares-test"].source == adopted_course.SQUARES_TEST
    assert by["setup"].source == adopted_course.SETUP
    assert (by["squares-test"].own, by["setup"].own, by["squares"].own) == (False, False, True)
    assert by["squares"].source == "squares = 7"


def test_cells_of_the_students_own_run_where_they_stand(paper: Paper, handed: dict[str, Any]) -> None:
    own = {
        "cell_type": "code",
        "metadata": {},
        "source": "helper = 1",
        "execution_count": None,
        "outputs": [],
    }
    handed["cells"].insert(2, own)
    handed["cells"].insert(3, own | {"metadata": {"nbgrader": {"grade_id": "of-another-course"}}})
    found = steps(paper, handed)
    assert ids(found) == [ORDER[0], "", "", *ORDER[1:]]
    assert [(step.kind, step.own) for step in found[1:3]] == [("free", True)] * 2


def test_of_cells_with_the_same_id_the_last_counts(paper: Paper, handed: dict[str, Any]) -> None:
    copied = dict(cell(handed, "mean"), source="def mean(numbers): return 0")
    handed["cells"].append(copied)
    found = steps(paper, handed)
    assert ids(found) == [*ORDER[:5], "", "mean-test", "mean"]
    assert found[-1].source == "def mean(numbers): return 0"


def test_a_cell_that_was_made_another_kind_is_its_own_again(paper: Paper, handed: dict[str, Any]) -> None:
    cell(handed, "squares-test")["cell_type"] = "markdown"
    cell(handed, "mean")["cell_type"] = "markdown"
    cell(handed, "why")["cell_type"] = "code"
    assert ids(steps(paper, handed)) == ORDER


@pytest.mark.parametrize(
    "gone",
    [("squares-test",), ("setup",), ("squares-error", "squares-hidden"), ("title", "setup"), ORDER[2:5]],
)
def test_what_is_gone_of_the_authors_is_put_back_at_its_place(
    paper: Paper, handed: dict[str, Any], gone: tuple[str, ...]
) -> None:
    found = steps(paper, without(handed, *gone))
    assert ids(found) == ORDER
    assert {step.source for step in found if step.grade_id in gone}


def test_tests_of_a_cell_that_is_gone_run_behind_all_else(paper: Paper, handed: dict[str, Any]) -> None:
    handed = without(handed, "squares", "squares-test")
    handed["cells"][-1:] = [dict(cell(handed, "mean"), metadata={}, source="def squares(n): return []")]
    assert ids(steps(paper, handed)) == ["setup", *ORDER[3:], "", "squares-test"]


def test_where_a_program_has_lost_the_ids_cells_are_known_by_their_text(
    paper: Paper, handed: dict[str, Any]
) -> None:
    cell(handed, "squares")["source"] = "def squares(n): return []"
    for one in handed["cells"]:
        one["metadata"] = {}
    found = steps(paper, handed)
    # What the student wrote is no cell of nbgrader's any more, and the hidden cell has no text to be known by.
    assert ids(found) == ["setup", "", *ORDER[2:5], "", "mean", "mean-test"]
    assert found[2].source == adopted_course.SQUARES_TEST
