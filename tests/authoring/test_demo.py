"""The demo class: every student is there for a reason, and gets what the story says."""

from __future__ import annotations

from pathlib import Path

import pytest
from repository import clone, hurry, keep_units

from autograder.authoring import demo
from autograder.cli import app
from autograder.course import coursefile, roster
from autograder.errors import CourseError
from autograder.gradebook import results
from autograder.gradebook.results import FunctionFile, ResultFile
from autograder.records import Course

pytestmark = pytest.mark.slow

MISTAKEN = ("embeddings", "self-attention", "multi-head")  # the units in which somebody's story is


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo as the command makes it, one submission at a time: a second process would begin anew for every unit.

    In a unit without a story everybody is right, or as broken and hostile as in the others.
    """
    root = tmp_path_factory.mktemp("demo")
    folder = root / "demo"
    clone(root / "course")
    hurry(root / "course")
    keep_units(root / "course", *MISTAKEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root / "course")
        with pytest.raises(SystemExit) as ended:
            app.main(["demo", str(folder), "--jobs", "1"])
        assert ended.value.code in (0, None)
    return folder


def result(graded: Path, unit: str, student: str) -> ResultFile:
    kept = results.read(results.path(graded, unit, student))
    assert kept is not None
    return kept


def function(graded: Path, unit: str, student: str, name: str) -> FunctionFile:
    return next(one for one in result(graded, unit, student).functions if one.name == name)


def test_two_dozen_hand_in_and_everyone_is_graded(graded: Path) -> None:
    assert len(demo.CLASS) >= 24
    for unit in MISTAKEN:
        kept = dict(results.every(graded, unit))
        assert set(kept) == {persona.name for persona in demo.CLASS}
        assert "not-graded" not in {one.status for one in kept.values()}


def test_each_catalogued_mistake_is_named_first(graded: Path, own_course: Course) -> None:
    units = {one.name: unit.name for unit in own_course.units for one in unit.functions}
    for persona in demo.CLASS:
        for name, example in persona.mistakes.items():
            found = function(graded, units[name], persona.name, name)
            if example.startswith("right"):
                assert found.score == found.max_score, (persona.name, name)
            elif example == "stub":
                assert found.diagnoses[0].id == "general.not-implemented"
            else:
                assert [one.id for one in found.diagnoses][:1] == [example], (persona.name, name)


@pytest.mark.parametrize("student", ["ada", "fatima", "gio", 'o\'neil "zoë"', "petra", "quinn", "rosa"])
def test_who_is_right_has_full_marks(graded: Path, student: str) -> None:
    for unit in MISTAKEN:
        kept = result(graded, unit, student)
        assert kept.score == kept.max_score


@pytest.mark.parametrize("student", ["uma", "vlad", "wren", "xander"])
def test_who_handed_in_nothing_of_use_has_none(graded: Path, student: str) -> None:
    kept = result(graded, "self-attention", student)
    assert kept.score == 0
    assert kept.status == ("unreadable" if student in ("vlad", "wren") else "graded")


def test_a_wrong_softmax_is_not_paid_twice(graded: Path) -> None:
    softmax = function(graded, "self-attention", "chidi", "softmax")
    assert softmax.score < softmax.max_score
    attend = function(graded, "self-attention", "chidi", "attend")
    assert (attend.score, attend.carried_forward) == (4.0, True)


def test_the_spy_learned_and_changed_nothing(graded: Path) -> None:
    kept = result(graded, "self-attention", "tariq")
    assert kept.score == 7.0
    assert function(graded, "self-attention", "tariq", "softmax").diagnoses[0].id == "softmax.sigmoid"


def test_all_the_places_it_names_exist(graded: Path) -> None:
    for place in demo.places(coursefile.load(graded / "course.toml")):
        assert place.where.exists(), place


def test_the_numbers_it_names_are_those_of_roster_and_class(graded: Path) -> None:
    said = demo.who(coursefile.load(graded / "course.toml"))
    listed = roster.read(graded / "roster.csv")
    assert said.startswith(f"{len(listed)} invented students: {len(demo.CLASS)} hand in")
    assert all(name in said for name in demo.ABSENT)


def test_a_folder_of_ones_own_is_not_overwritten(own_course: Course, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="is no earlier demo"):
        demo.make(own_course, tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_no_story_is_of_another_unit(own_course: Course) -> None:
    told = {name for persona in demo.CLASS for name in persona.mistakes}
    assert told <= {one.name for unit in MISTAKEN for one in own_course.unit(unit).functions}


def test_an_earlier_demo_is_made_anew(course_folder: Path, tmp_path: Path) -> None:
    keep_units(course_folder, "embeddings")
    course = coursefile.load(course_folder / "course.toml")
    demo.make(course, tmp_path / "demo")
    (tmp_path / "demo" / "old.txt").touch()
    demo.make(course, tmp_path / "demo")
    assert not (tmp_path / "demo" / "old.txt").exists()


def test_a_course_without_its_notebook(own_course: Course, course_folder: Path, tmp_path: Path) -> None:
    (course_folder / "solutions" / "multi-head" / "multi-head.py").unlink()
    with pytest.raises(CourseError, match=r"multi-head\.py"):
        demo.make(coursefile.load(course_folder / "course.toml"), tmp_path / "demo")
