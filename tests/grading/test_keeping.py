"""What people gave by hand, through changes to the lesson and whatever befalls the gradebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import standing
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.authoring import release
from autograder.cli import app
from autograder.course import coursefile
from autograder.errors import AutograderError
from autograder.gradebook import bookkeeping, copies, handwork
from autograder.grading import keeping, planning
from autograder.grading.keeping import Outcome

Put = Callable[..., Path]
QUESTION = """
# %% [markdown] nbgrader={"grade": true, "grade_id": "why-rows", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# Because every token has a row.

"""
ABOVE = '# %% nbgrader={"grade": false, "grade_id": "project_qkv"'


def run(folder: Path, **more: Any) -> Outcome:
    order = planning.open_order(folder, "embeddings", None, None, **more)
    outcome = standing.grade(order)
    assert outcome.gradebook_error == ""
    return outcome


def rewrite(folder: Path, change: Callable[[str], str]) -> None:
    """Changes the lesson, in a course that knows no misconceptions: to work out checks from them takes seconds."""
    place = folder / "solutions" / "embeddings" / "embeddings.py"
    place.write_text(change(place.read_text()))
    place.with_name("misconceptions.py").unlink()


def give(folder: Path, student: str, cell: str, score: float) -> None:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        grade = book.find_grade(cell, "embeddings", "embeddings", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


@pytest.fixture
def marked(course_folder: Path, put: Put) -> Path:
    """A course in which three have handed in, and a person has marked the free text of two and written to one."""
    for student in ("ada", "bo", "cy"):
        put(student)
    run(course_folder)
    give(course_folder, "ada", "why-dense", 1.5)
    give(course_folder, "bo", "why-dense", 2.0)
    with Gradebook(f"sqlite:///{course_folder / 'gradebook.db'}") as book:
        book.find_comment("why-dense", "embeddings", "embeddings", "ada").manual_comment = "Say more."
        book.db.commit()
    return course_folder


def waiting(folder: Path) -> dict[str, bool]:
    """Who is listed in formgrader as waiting for a person, by its own interface."""
    formgrader = NbGraderAPI(CourseDirectory(root=str(folder)))
    return {row["student"]: row["needs_manual_grade"] for row in formgrader.get_submissions("embeddings")}


@pytest.mark.slow
def test_a_question_added_in_the_middle_of_the_term_enters_and_every_mark_stays(
    marked: Path, put: Put, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = handwork.read(marked / "gradebook.db")
    assert handwork.said(before or ()) == "2 marks, 1 comment and 0 extensions"
    assert waiting(marked) == {"ada": False, "bo": False, "cy": True}
    rewrite(marked, lambda text: text.replace(ABOVE, QUESTION + ABOVE, 1))
    monkeypatch.chdir(marked)
    with pytest.raises(SystemExit) as ended:
        app.main(["release", "embeddings"])
    assert not ended.value.code
    told = (
        "embeddings: why-rows (3 points) enters the gradebook for the 3 students in it, who wait for a mark from a "
        "person; what was given stays"
    )
    said = capsys.readouterr().out
    assert f"the next `autograder grade embeddings` will do this:\n  {told}\n" in said
    assert told in run(marked, dry_run=True).plan.notices
    assert "why-rows" not in (marked / "autograded" / "cy" / "embeddings" / "embeddings.ipynb").read_text()

    put("dee")
    done = run(marked)
    assert told in done.plan.notices
    assert handwork.read(marked / "gradebook.db") == before
    assert waiting(marked) == {"ada": True, "bo": True, "cy": True, "dee": True}
    with Gradebook(f"sqlite:///{marked / 'gradebook.db'}") as book:
        (old, new) = (
            book.find_grade(name, "embeddings", "embeddings", "ada") for name in ("why-dense", "why-rows")
        )
        assert (old.manual_score, old.needs_manual_grade) == (1.5, False), "nobody has to look at it again"
        assert (new.score, new.needs_manual_grade) == (0.0, True)
        assert book.find_submission("embeddings", "ada").max_score == 11.0
    for student in ("ada", "bo", "cy", "dee"):
        seen = json.loads((marked / "autograded" / student / "embeddings" / "embeddings.ipynb").read_text())[
            "cells"
        ]
        assert "why-rows" in [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in seen], student
    last = run(marked)
    assert (last.plan.notices, last.tally.count) == ((), 0), "the change is made, once"
    give(marked, "ada", "why-rows", 2.5)
    assert (
        "2.5 of 3 points"
        not in (page := marked / "feedback" / "ada" / "embeddings" / "embeddings.html").read_text()
    )
    run(marked)
    assert "2.5 of 3 points" in page.read_text()


@pytest.mark.slow
def test_a_question_that_goes_takes_its_marks_to_a_copy_that_stays(marked: Path, put: Put) -> None:
    (marked / "course.toml").write_text("backups = 0\n" + (marked / "course.toml").read_text())
    before = handwork.read(marked / "gradebook.db")

    def without(text: str) -> str:
        (start,) = [
            place for place, line in enumerate(text.splitlines()) if '"grade_id": "why-dense"' in line
        ]
        kept = text.splitlines()[:start]
        rest = text.splitlines()[start + 1 :]
        after = next((place for place, line in enumerate(rest) if line.startswith("# %%")), len(rest))
        return "\n".join([*kept, *rest[after:]]) + "\n"

    rewrite(marked, without)
    course = coursefile.load(marked / "course.toml")
    release.release(course, [course.unit("embeddings")])
    told, older = run(marked).plan.notices
    assert older.endswith("written again: ada, bo")
    assert told.startswith(
        "embeddings: why-dense leaves the gradebook for the 3 students in it, and 2 marks, 1 comm"
    )
    assert handwork.read(marked / "gradebook.db") == {}
    (copy,) = copies.every(marked / "gradebook.db")
    assert handwork.read(copy) == before


def test_pages_older_than_what_people_gave_are_told_and_written_again(marked: Path) -> None:
    page = marked / "feedback" / "ada" / "embeddings" / "embeddings.html"
    assert "Say more." not in page.read_text()
    told = (
        "2 feedback pages are older than what people gave, said and arranged, and are written again: ada, bo"
    )
    assert run(marked, dry_run=True).plan.notices == (told,)
    assert "Say more." not in page.read_text()
    done = run(marked)
    assert (done.plan.notices, done.tally.count) == ((told,), 0)
    assert "1.5 of 2 points<br>Say more." in page.read_text()
    assert run(marked).plan.notices == ()


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the gradebook takes what is entered next, and what after that; it takes all where nothing is said."""
    monkeypatch.setattr(keeping, "BATCH", 1)
    honest, refusals = bookkeeping.write, []

    def write(*given: Any, **named: Any) -> Any:
        if refusals and refusals.pop(0):
            raise AutograderError("the gradebook is locked by another program")
        return honest(*given, **named)

    monkeypatch.setattr(bookkeeping, "write", write)
    return refusals


def journal(folder: Path) -> set[str]:
    """Who is still to be entered."""
    place = folder / "results" / "embeddings" / ".being-written"
    return set(json.loads(place.read_bytes())) if place.exists() else set()


def test_who_could_not_be_entered_stays_to_be_entered(
    course_folder: Path, put: Put, refusing: list[bool]
) -> None:
    for student in ("ada", "bo", "cy"):
        put(student)
    order = planning.open_order(course_folder, "embeddings", None, None)
    refusing += [True, False, True]
    assert standing.grade(order).gradebook_error
    assert len(journal(course_folder)) == 2, "those of an earlier batch too"
    run(course_folder)
    assert journal(course_folder) == set()
    # What only the list knows of: their marks are the same.
    place = course_folder / "results" / "embeddings" / ".being-written"
    place.write_text(json.dumps(["ada", "bo", "cy"]))
    refusing += [False, True, False]
    assert standing.grade(order).gradebook_error
    assert "bo" in journal(course_folder)
    run(course_folder)
    assert journal(course_folder) == set()
