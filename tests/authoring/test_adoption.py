"""Assignments are found, tried and listed; nbgrader itself and the kit's sandbox are the tests of `adopt` and `verify`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import adopted_course
import pytest

from autograder.adopted import intake
from autograder.adopted.serving import CellServed
from autograder.authoring import adoption, configured
from autograder.authoring.adoption import Adoption, Home
from autograder.authoring.configured import Configured
from autograder.course import coursefile
from autograder.dialect import Dialect
from autograder.errors import CourseError


@pytest.fixture(autouse=True)
def unconfigured(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader need not be started to say what it says."""
    monkeypatch.setattr(configured, "read", lambda root: Configured(str(root), course_id="programming"))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return adopted_course.course(tmp_path / "course").resolve()


def standing(place: Path, *, served: bool = True) -> Adoption:
    assignment = intake.read(place)
    cells = (
        CellServed("algebra", "algebra/squares-test", "squares-test", 2.0, "served"),
        CellServed("algebra", "algebra/mean-test", "mean-test", 2.0, "not-served", "why", "change"),
    )
    return Adoption("ps1", place, assignment, cells if served else cells[1:], ())


def test_a_folder_a_folder_of_folders_and_a_notebook_name_assignments(course: Path) -> None:
    source = course / "source"
    lone = source / "ps2" / "only.ipynb"
    lone.parent.mkdir()
    lone.write_text("{}")
    assert adoption.places([source]) == (source / "ps1", source / "ps2")
    assert adoption.places([source / "ps1", source]) == (source / "ps1", source / "ps2")
    assert adoption.places([lone]) == (source / "ps2",)
    assert adoption.places([source / "ps1" / "words.ipynb"]) == (source / "ps1" / "words.ipynb",)


def test_where_there_is_nothing_to_adopt(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"nowhere: there is no such folder or notebook"):
        adoption.places([tmp_path / "nowhere"])
    with pytest.raises(CourseError, match="holds no notebook, nor a folder with one"):
        adoption.places([tmp_path])


def test_the_course_around_an_assignment_is_found_or_begun(course: Path, tmp_path: Path) -> None:
    place = course / "source" / "ps1"
    assert adoption.home(place, tmp_path).course.title == "Programming for everyone"
    (course / "course.toml").unlink()
    begun = adoption.home(place, tmp_path)
    assert (begun.root, begun.course.title) == (course, "Programming")
    (course / "nbgrader_config.py").unlink()
    assert adoption.home(place, tmp_path).root == course  # the folder above source/
    # One that lies nowhere goes into the course from which it is adopted, or begins one there.
    lost = tmp_path / "lost"
    place.rename(lost)
    assert adoption.home(lost, course).root == course
    (course / "course.toml").write_text('format = 1\ntitle = "Mine"\npublic_seed = 1\n')
    assert adoption.home(lost, course / "source").course.title == "Mine"


def home(course: Path) -> Home:
    return adoption.home(course / "source" / "ps1", course)


def test_a_unit_is_called_as_before_or_like_its_folder(course: Path) -> None:
    place = course / "source" / "ps1"
    assert adoption.unit_name(home(course), place) == "ps1"
    text = (course / "course.toml").read_text()
    (course / "course.toml").write_text(text.replace('name = "ps1"', 'name = "first"'))
    assert adoption.unit_name(home(course), place) == "first"
    assert adoption.unit_name(home(course), course / "Problem set 2 (a)") == "Problem-set-2-a"
    assert adoption.unit_name(home(course), course / "hw.1.ipynb") == "hw-1"


def test_names_that_are_taken_or_none(course: Path, tmp_path: Path) -> None:
    for other in ("course", "--"):
        with pytest.raises(CourseError, match="no unit can be called"):
            adoption.unit_name(home(course), course / other)
    with pytest.raises(CourseError, match=r"has a unit 'ps1' already \(.*source/ps1\): rename one"):
        adoption.unit_name(home(course), tmp_path / "elsewhere" / "ps1")
    with pytest.raises(CourseError, match="two assignments would be called 'ps2'"):
        adoption.unit_name(home(course), course / "ps2", ["ps2"])
    # An assignment into which nbgrader has written tests is the same, and so is one that has moved.
    assert adoption.unit_name(home(course), course / "source_with_tests" / "ps1") == "ps1"
    here = home(course)
    (course / "source" / "ps1").rename(course / "ps1")
    assert adoption.unit_name(here, course / "ps1") == "ps1"


def test_an_assignment_without_tests_is_refused(course: Path) -> None:
    place = course / "source" / "ps1"
    for path in place.glob("*.ipynb"):
        path.write_text(json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}]}))
    with pytest.raises(
        CourseError, match="no cell of it is an autograder test, so there is nothing to grade"
    ):
        adoption.adopted(home(course), place, "ps1")


def test_what_is_found_is_listed(course: Path) -> None:
    place = course / "source" / "ps1"
    (course / "course.toml").unlink()
    here = replace(home(course), configured=Configured(str(course), release="handouts"))
    said = adoption.put(here, standing(place))
    unit = coursefile.load(course / "course.toml").unit("ps1")
    assert (unit.adopted, unit.release) == (Path("source/ps1"), Path("handouts"))
    assert [cell.name for cell in unit.functions] == ["algebra/squares-test"]
    assert (unit.by_hand, unit.unserved) == (("algebra/mean-test",), "by-hand")
    # nbgrader_config.py is there, and is the instructor's.
    assert "With these lines at the end of" in said[1]
    assert "GradeInWorker" in "\n".join(said)
    assert "GradeInWorker" not in (course / "nbgrader_config.py").read_text()
    assert adoption.put(here, standing(place), configure=True)[1].endswith("the same marks")
    compile((course / "nbgrader_config.py").read_text(), "nbgrader_config.py", "exec")
    delegated = replace(here, configured=replace_(here.configured))
    assert len(adoption.put(delegated, standing(place))) == 1


def replace_(known: Configured) -> Configured:
    return Configured(known.root, delegated=True)


def test_a_course_without_configuration_gets_one(course: Path) -> None:
    (course / "nbgrader_config.py").unlink()
    place = course / "master" / "ps1"
    (course / "source").rename(course / "master")
    said = adoption.put(home(course), standing(place))
    assert said[1].endswith("so that nbgrader's own commands give the same marks")
    text = (course / "nbgrader_config.py").read_text()
    compile(text, "nbgrader_config.py", "exec")
    assert 'source_directory = "master"' in text
    assert "GradeInWorker" in text


def test_where_nothing_is_served_nothing_is_listed(course: Path) -> None:
    before = (course / "course.toml").read_bytes()
    said = adoption.put(home(course), standing(course / "source" / "ps1", served=False))
    assert said == [f"{course / 'course.toml'} does not list 'ps1', as none of its test cells is served"]
    assert (course / "course.toml").read_bytes() == before


def test_a_course_toml_that_cannot_be_written(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = home(course)

    def refused(path: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(adoption.files, "replace", refused)
    with pytest.raises(CourseError, match=r"course\.toml: Permission denied: see to it that"):
        adoption.put(here, standing(course / "source" / "ps1"))


def test_an_assignment_elsewhere_and_patterns_that_are_of_use(course: Path, tmp_path: Path) -> None:
    dialect = Dialect(ignore=("*.pyc", "*.txt", "*.nothing"))
    here = replace(home(course), configured=Configured(str(course), dialect=dialect))
    place = tmp_path / "elsewhere"
    (course / "source" / "ps1").rename(place)
    entry = adoption.entry(here, standing(place))
    assert entry.adopted == place.as_posix()
    assert entry.dialect.ignore == ("*.pyc", "*.txt")
