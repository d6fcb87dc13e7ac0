"""A student's notebook that nbgrader made, checked by the test cells in it, with nothing of the course at hand."""

from __future__ import annotations

import json
from pathlib import Path

import adopted_course
import pytest

from autograder.errors import CourseError, UnreadableError
from autograder.selfcheck import checkfile, saved, terminal, testcells


def put(folder: Path, notebook: str, answers: dict[str, str] | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{notebook}.ipynb"
    path.write_text(json.dumps(adopted_course.answered(notebook, answers or {})))
    return path


def test_each_test_cell_that_shows_anything_is_run_and_what_fails_is_explained(tmp_path: Path) -> None:
    path = put(
        tmp_path, "algebra", adopted_course.solved() | {"algebra/mean": "def mean(numbers):\n    return 2"}
    )
    found = saved.check_notebook(path)
    assert {one.name: one.passed for one in found.functions} == {
        "squares-test": True,
        "squares-error": True,
        "mean-test": False,
    }
    assert not found.passed
    assert found.functions[2].diagnoses[0].id == "general.partly-right"
    assert str(terminal._total(2, 3, adopted=True)).endswith("2 of 3 test cells pass")


@pytest.mark.slow
def test_a_folder_is_checked_notebook_by_notebook_with_what_lies_beside(tmp_path: Path) -> None:
    home = adopted_course.course(tmp_path / "course")
    folder = adopted_course.release(home)
    put(folder, "words", adopted_course.solved())
    (folder / "draft.ipynb").write_text('{"nbformat": 4, "cells": []}')
    algebra, words = saved.check_all(folder)
    assert (algebra.title, algebra.passed, algebra.adopted) == ("algebra", False, True)
    assert all(one.unwritten for one in algebra.functions)
    assert (words.title, words.passed) == ("words", True)


def test_what_cannot_be_checked_says_why(tmp_path: Path) -> None:
    put(tmp_path, "algebra")
    with pytest.raises(
        CourseError, match=r"algebra\.ipynb is an assignment of nbgrader's .*`autograder check alg"
    ):
        checkfile.read(tmp_path / checkfile.FILE_NAME)
    empty = tmp_path / "empty.ipynb"
    empty.write_text('{"nbformat": 4, "cells": []}')
    with pytest.raises(CourseError, match=r"empty\.ipynb has no test cells of nbgrader's"):
        testcells.check_notebook(empty)
    empty.write_text("{")
    with pytest.raises(UnreadableError, match="it is not JSON"):
        testcells.check_notebook(empty)
    assert not testcells.has_any(empty)
