"""The way of a submission of an assignment that nbgrader made, from its notebooks to its report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import adopted_course
import made_once
import pytest
from adopted_course import POINTS, UNIT

from autograder import budget
from autograder.course import coursefile
from autograder.errors import CourseError, SandboxError, UnreadableError
from autograder.grading import adopted, opening
from autograder.grading.opening import Grader, Reading
from autograder.notebook import collect
from autograder.notebook.places import HandedIn
from autograder.records import Course, Report, Unit


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once.once_in(tmp_path_factory, "adopted-course", adopted_course.course)


@pytest.fixture(scope="module")
def course(home: Path) -> Course:
    return coursefile.load(home / "course.toml")


@pytest.fixture(scope="module")
def unit(course: Course) -> Unit:
    return course.unit(UNIT)


@pytest.fixture(scope="module")
def grader(course: Course, unit: Unit) -> Iterator[Grader]:
    with opening.opened(course, unit) as opened:
        yield opened


def scores(report: Report) -> dict[str, float]:
    return {one.name: one.score for one in report.functions}


def test_the_solution_earns_full_marks_and_a_report_as_ours(grader: Grader, tmp_path: Path) -> None:
    folder = adopted_course.hand_in(tmp_path, "ada", adopted_course.solved())
    report = grader.grade(HandedIn("ada", folder))
    assert scores(report) == POINTS
    assert (report.status, report.score, report.max_score, report.notes) == ("graded", 9.0, 9.0, ())
    assert (report.course, report.level, report.secret) == (grader.version, grader.level, "")
    assert {one.name: one.checks[0].hidden for one in report.functions if one.checks[0].hidden} == {
        "algebra/squares-hidden": True
    }


def test_what_is_wrong_is_explained_and_hidden_tests_stay_hidden(grader: Grader, tmp_path: Path) -> None:
    folder = adopted_course.hand_in(tmp_path, "bo", adopted_course.WRONG)
    report = grader.grade(HandedIn("bo", folder))
    assert scores(report) == {**dict.fromkeys(POINTS, 0.0), "algebra/mean-test": 1.0}
    found = {one.name: one for one in report.functions}
    assert "`squares(1)` gives `[]`" in found["algebra/squares-test"].checks[0].message
    assert found["algebra/squares-test"].source == adopted_course.WRONG["algebra/squares"]
    said = found["algebra/squares-hidden"]
    told = repr((said.checks, said.diagnoses, said.explanation, said.note))
    assert "650" not in told
    assert "12" not in told
    assert all(one.diagnoses for one in report.functions)


@pytest.mark.parametrize(
    ("gone", "error", "note"),
    [
        ("explained", RuntimeError("no"), "could not be explained, by a fault of ours (RuntimeError: no)"),
        ("needs_shown", RuntimeError("no"), "could not be explained, by a fault of ours (RuntimeError: no)"),
        ("explained", budget.SpentError(), "It is not explained, for want of time."),
    ],
)
def test_marks_do_not_hang_on_whether_they_can_be_explained(
    gone: str, error: Exception, note: str, grader: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(adopted.explained, gone, fails)
    report = grader.grade(HandedIn("bo", adopted_course.hand_in(tmp_path, "bo", adopted_course.WRONG)))
    assert scores(report) == {**dict.fromkeys(POINTS, 0.0), "algebra/mean-test": 1.0}
    assert all(note in one.note for one in report.functions)


def test_a_notebook_that_is_missing_or_broken_costs_its_own_points(grader: Grader, tmp_path: Path) -> None:
    folder = adopted_course.hand_in(tmp_path, "cy", adopted_course.solved(), without=("words",))
    of_algebra = {name: points if "algebra" in name else 0.0 for name, points in POINTS.items()}
    missing = grader.grade(HandedIn("cy", folder))
    assert (scores(missing), missing.status) == (of_algebra, "graded")
    assert missing.flags == ("words.ipynb: it earns nothing: it is not there.",)
    assert missing.functions[-1].note == "words.ipynb: it is not there."
    (folder / "words.ipynb").write_text("{")
    broken = grader.grade(HandedIn("cy", folder))
    assert scores(broken) == of_algebra
    assert "it is not JSON" in broken.flags[0]
    assert broken.submission != missing.submission
    for name in adopted_course.NOTEBOOKS:
        (folder / f"{name}.ipynb").unlink()
    nothing = grader.grade(HandedIn("cy", folder))
    assert (nothing.status, nothing.score, nothing.functions) == ("unreadable", 0.0, ())


def test_cells_that_raise_or_end_python_are_told_of_and_the_rest_is_graded(
    grader: Grader, tmp_path: Path
) -> None:
    answers = adopted_course.solved() | {"words/count": "import os\nos._exit(3)", "algebra/mean": "1 / 0"}
    report = grader.grade(HandedIn("di", adopted_course.hand_in(tmp_path, "di", answers)))
    assert scores(report) == {**POINTS, "algebra/mean-test": 0.0, "words/count-test": 0.0}
    assert any(line.startswith("algebra.ipynb: The cell “1 / 0” stopped with") for line in report.notes)
    assert report.left_out == (
        "words.ipynb: The cell “import os” was left out: it ended itself with exit code 3.",
    )


def test_members_of_a_group_share_what_one_has_handed_in(grader: Grader, tmp_path: Path) -> None:
    folder = adopted_course.hand_in(tmp_path, "ada", adopted_course.solved())
    report = grader.grade(HandedIn("bo", folder, by="ada"))
    assert (report.student, report.score) == ("bo", 9.0)


@pytest.mark.slow
def test_our_own_failure_is_no_zero(course: Course, unit: Unit, tmp_path: Path) -> None:
    tried = []

    def sheets(handed_in: HandedIn, unit: Unit) -> tuple[collect.Sheet, ...]:
        tried.append(handed_in)
        raise SandboxError("no process")

    with opening.opened(course, unit, Reading(sheets=sheets)) as grader:
        report = grader.grade(HandedIn("ada", tmp_path))
    assert (report.status, report.score, report.reason) == ("not-graded", None, "SandboxError: no process")
    assert len(tried) == 2


def test_course_toml_must_fit_the_notebooks(course: Course, unit: Unit) -> None:
    first, *others = unit.functions
    for functions, told in (
        (
            (replace(first, name="algebra/gone"), *others),
            r"no test cell 'algebra/gone' in source/ps1: run `auto",
        ),
        (
            (replace(first, points=5.0), *others),
            r"'algebra/squares-test' has 5 points in course.toml and 2 in",
        ),
        (tuple(others), r"algebra/squares-test in source/ps1 not in course.toml: run `autograder adopt"),
    ):
        with pytest.raises(CourseError, match=told):
            adopted.read(course, replace(unit, functions=functions))
    left = replace(unit, functions=tuple(others), by_hand=(first.name,))
    with pytest.raises(
        CourseError, match=r"algebra/squares-test cannot be graded here .*unserved = \"by-hand\""
    ):
        adopted.read(course, left)
    assert adopted.read(course, replace(left, unserved="by-hand")).name == UNIT


def test_a_version_changes_with_what_decides_a_mark_and_with_nothing_else(tmp_path: Path) -> None:
    home = adopted_course.course(tmp_path)
    source = home / "source" / UNIT
    loaded = coursefile.load(home / "course.toml")
    seen = [adopted.version(loaded, loaded.unit(UNIT))]
    document = json.loads((source / "algebra.ipynb").read_text())
    document["metadata"]["title"] = "another"
    (source / "algebra.ipynb").write_text(json.dumps(document))
    assert adopted.version(loaded, loaded.unit(UNIT)) == seen[0]
    (source / "words.txt").write_text("To be.")
    seen.append(adopted.version(loaded, loaded.unit(UNIT)))
    document["cells"][3]["source"] += "\nassert True"
    (source / "algebra.ipynb").write_text(json.dumps(document))
    seen.append(adopted.version(loaded, loaded.unit(UNIT)))
    seen.append(adopted.version(loaded, replace(loaded.unit(UNIT), explain="steps")))
    assert len(set(seen)) == 4


def test_one_notebook_alone_that_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    home = adopted_course.course(tmp_path)
    (home / "source" / UNIT / "words.ipynb").unlink()
    text = (home / "course.toml").read_text()
    lines = [line for line in text.replace("algebra/", "").splitlines() if "words/" not in line]
    (home / "course.toml").write_text("\n".join(lines))
    loaded = coursefile.load(home / "course.toml")
    unit = loaded.unit(UNIT)
    assert unit.notebooks == ("algebra",)
    folder = adopted_course.hand_in(home, "ada", adopted_course.solved(), without=("words",))
    with opening.opened(loaded, unit) as grader:
        assert scores(grader.grade(HandedIn("ada", folder)))["squares-test"] == 2.0
        (folder / "algebra.ipynb").write_text("{")
        report = grader.grade(HandedIn("ada", folder))
    assert report.status == "unreadable"
    with pytest.raises(UnreadableError):
        collect.sheets(HandedIn("kim", tmp_path / "kim"), unit)
