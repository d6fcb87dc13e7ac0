"""What students get of an adopted assignment is what nbgrader gives them, and hides what it should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import adopted_course
import pytest

from autograder.authoring import handouts
from autograder.authoring.release import release, untold
from autograder.course import coursefile
from autograder.errors import CourseError
from autograder.records import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    adopted_course.course(tmp_path)
    (tmp_path / "source" / "ps1" / "__pycache__").mkdir()
    (tmp_path / "source" / "ps1" / "__pycache__" / "helpers.pyc").touch()
    return coursefile.load(tmp_path / "course.toml")


def text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_the_student_version_is_nbgraders_own(course: Course) -> None:
    # What the kit does with its own lessons is left out.
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.GenerateAssignment.exporter_class = "autograder.nbgrader_bridge.LessonExporter"\n')
    assert release(course, course.units) == [course.root / "release" / "ps1"]
    made = course.root / "release" / "ps1"
    files = ["algebra.ipynb", "helpers.py", "words.ipynb", "words.txt"]
    assert sorted(path.name for path in made.iterdir()) == files
    for name in adopted_course.NOTEBOOKS:
        cells = json.loads((made / f"{name}.ipynb").read_text())["cells"]
        due = adopted_course.answered(name, {})["cells"]
        assert [text(cell).strip() for cell in cells] == [text(cell).strip() for cell in due]
        assert [cell["metadata"].get("nbgrader", {}).get("checksum") is None for cell in cells] == [
            "nbgrader" not in cell["metadata"] for cell in due
        ]
    assert untold(course, course.units) == []


def test_a_header_for_all_notebooks_is_found_where_the_configuration_names_it(course: Course) -> None:
    header = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": "# Honour code", "id": "x"}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (course.root / "source" / "header.ipynb").write_text(json.dumps(header))
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.IncludeHeaderFooter.header = "source/header.ipynb"\n')
    release(course, course.units)
    made = json.loads((course.root / "release" / "ps1" / "words.ipynb").read_text())
    assert text(made["cells"][0]) == "# Honour code"
    release(course, course.units)  # in its own place


def test_markers_that_nbgrader_does_not_know_any_more_are_noticed(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.ClearHiddenTests.begin_test_delimeter = "BEGIN SECRET"\n')
        config.write('c.ClearHiddenTests.end_test_delimeter = "END SECRET"\n')
    with pytest.raises(CourseError, match="something else of the cell 'algebra/squares-test'"):
        release(course, course.units)
    assert not (course.root / "release").exists()


def test_an_assignment_that_is_gone_is_told(course: Course) -> None:
    (course.root / "source").rename(course.root / "elsewhere")
    with pytest.raises(CourseError, match="ps1: there is no such folder"):
        handouts.read(course, course.units[0])
