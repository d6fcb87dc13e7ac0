"""`autograder adopt`, as people use it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import adopted_course
import pytest
from calling import call

from autograder.adopted import intake
from autograder.adopted.serving import CellServed
from autograder.authoring import adoption
from autograder.authoring.adoption import Adoption, ByPerson, Home
from autograder.course import coursefile


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the course lies in all these tests: nbgrader, which says what is configured there, need not start again."""
    return tmp_path_factory.mktemp("adopt") / "course"


@pytest.fixture
def course(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Made anew for each of them."""
    adopted_course.course(place)
    (place / "course.toml").unlink()
    monkeypatch.chdir(place)
    yield place
    monkeypatch.undo()
    shutil.rmtree(place)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Of the assignment these cells are found, and nothing is run."""

    def set_(*cells: CellServed) -> None:
        def adopted(_: Home, place: Path, name: str, *__: Any) -> Adoption:
            by_person = (ByPerson("algebra/why", 3.0),)
            return Adoption(name, place, intake.read(place), cells, by_person, ("a [note]",))

        monkeypatch.setattr(adoption, "adopted", adopted)

    return set_


SERVED = CellServed("algebra", "algebra/squares-test", "squares-test", 2.0, "served")
HANDLES = CellServed("words", "words/stack-test", "stack-test", 1.0, "handles")
UNSERVED = CellServed("algebra", "algebra/mean-test", "mean-test", 2.0, "not-served", "it [reads]", "do this")


@pytest.mark.slow
def test_an_assignment_is_taken_into_a_course_that_had_no_course_toml(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, "adopt", "source/ps1")
    assert (code, err) == (0, "")
    assert "6 of 6 test cells are served, 9 of 9 points; 1 of them with handles on objects\n" in out
    assert "a person grades, as under nbgrader: algebra/why (3 points), words/essay (4 points)\n" in out
    assert f"{course / 'course.toml'} lists 'ps1'\n" in out
    assert "--configure adds them" in out
    assert out.endswith("  grade what they hand in            autograder grade ps1\n")
    unit = coursefile.load(course / "course.toml").unit("ps1")
    assert {cell.name: cell.points for cell in unit.functions} == adopted_course.POINTS


@pytest.mark.slow
def test_what_is_not_served_is_told_with_what_to_change(
    course: Path, found: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    found(SERVED, HANDLES, UNSERVED)
    code, out, _ = call(capsys, "adopt", "source")
    assert code == 0
    table = " ".join(out.split())
    assert "algebra/mean-test 2 ✗ not served: it [reads] do this" in table
    assert "2 of 3 test cells are served, 3 of 5 points" in out
    assert "· a [note]" in out
    assert coursefile.load(course / "course.toml").unit("ps1").by_hand == ("algebra/mean-test",)


@pytest.mark.slow
def test_nothing_is_written_where_one_only_looks(
    course: Path, found: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    found(SERVED)
    code, out, _ = call(capsys, "adopt", "source", "--dry-run")
    assert code == 0
    assert out.endswith("nothing was written, as --dry-run says\n")
    assert not (course / "course.toml").exists()


def test_as_json(course: Path, found: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    found(SERVED, UNSERVED)
    code, out, _ = call(capsys, "adopt", "source", "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["unit"], told["by_person"]) == ("ps1", [{"name": "algebra/why", "points": 3.0}])
    assert told["cells"][1] == {
        "notebook": "algebra", "name": "algebra/mean-test", "grade_id": "mean-test", "points": 2.0,
        "served": "not-served", "fails": False, "why": "it [reads]", "change": "do this",
    }  # fmt: skip
    assert (course / "course.toml").exists()


@pytest.mark.parametrize("fails", [True, False])
def test_a_solution_that_fails_its_own_tests_and_nothing_that_is_served_end_with_1(
    course: Path, found: Callable[..., None], capsys: pytest.CaptureFixture[str], fails: bool
) -> None:
    lost = CellServed("algebra", "algebra/mean-test", "mean-test", 2.0, "not-served", "why", "do", fails)
    found(*([SERVED, lost] if fails else [lost]))
    code, out, _ = call(capsys, "adopt", "source/ps1")
    assert code == 1
    assert (course / "course.toml").exists() == fails
    assert ("lists 'ps1'" in out) == fails


def test_an_assignment_that_cannot_be_read_costs_the_others_nothing(
    course: Path, found: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    found(SERVED)
    (course / "source" / "a bad one").mkdir()
    (course / "source" / "a bad one" / "a.ipynb").write_text("{")
    code, out, err = call(capsys, "adopt", "source")
    assert code == 2
    assert err.startswith("autograder: ")
    assert "a.ipynb is no notebook that can be read" in err
    assert "lists 'ps1'" in out


def test_bad_usage_is_a_line(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for argument, told in (
        ("nowhere", "nowhere: there is no such folder or notebook"),
        ("submitted", "there is no such folder"),
    ):
        code, _, err = call(capsys, "adopt", argument)
        assert code == 2
        assert told in err
        assert err.count("\n") == 1
    (course / "source" / "ps1" / "words.ipynb").write_text("{")
    code, _, err = call(capsys, "adopt", "source/ps1")
    assert code == 2
    assert "words.ipynb is no notebook that can be read" in err


def test_what_is_not_listed_is_not_said_to_be_graded_next(
    course: Path, found: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each of the commands that were named ended with the word that there is no course.toml."""
    found(UNSERVED)
    code, said, _ = call(capsys, "adopt", "source/ps1")
    assert code == 1
    assert "does not list 'ps1'" in said
    assert "What to do next" not in said
    assert not (course / "course.toml").exists()
