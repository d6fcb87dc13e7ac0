"""The pages and tables for instructors, of a real class: what is in them, and when they are written."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import standing
from nbgrader.api import Gradebook

from autograder.gradebook import arrangements, results
from autograder.gradebook.arrangements import Arrangement, Arrangements
from autograder.grading import planning, reporting
from autograder.grading.keeping import Outcome

Put = Callable[..., Path]
WRONG = {"one_hot": "# it was here yesterday"}
ROSTER = """id,first_name,last_name,section
ada,Ada,Lovelace,Monday
bo,Bo,Derek,Friday
cy,Cy,Twombly,Friday
dee,Dee,Dee,Friday
"""


def run(folder: Path, unit: str = "embeddings", **more: Any) -> Outcome:
    order = planning.open_order(folder, unit, None, None, **more)
    return standing.grade(order)


def tables(folder: Path, name: str) -> dict[str, dict[str, str]]:
    with open(folder / "report" / name, encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "report").iterdir()}


@pytest.fixture
def graded(course_folder: Path, put: Put) -> Path:
    """Two units, two sections, one who is missing, one who is excused, and work that came late."""
    text = (course_folder / "course.toml").read_text()
    text = text.replace('title = "Embeddings"', 'title = "Embeddings"\ndue = 2026-03-01T12:00:00Z', 1)
    (course_folder / "course.toml").write_text('roster = "roster.csv"\n' + text)
    (course_folder / "roster.csv").write_text(ROSTER)
    put("ada")
    late = put("bo", functions=WRONG)
    (late.parent / "timestamp.txt").write_text("2026-03-01 15:20:00.000000 UTC")
    arrangements.excuse(course_folder, "embeddings", ["dee"], "ill")
    assert run(course_folder).gradebook_error == ""
    put("ada", "multi-head")
    put("cy", "multi-head")
    assert run(course_folder, "multi-head").gradebook_error == ""
    return course_folder


@pytest.mark.slow
def test_who_has_a_mark_and_no_work_any_more_stands_on_the_pages_once(graded: Path) -> None:
    """As one of a group whose work lay in the folder of somebody who has left."""
    shutil.rmtree(graded / "submitted" / "ada" / "embeddings")
    run(graded)
    with open(graded / "report" / "embeddings.csv", encoding="utf-8", newline="") as file:
        rows = [(row["student_id"], row["status"]) for row in csv.DictReader(file)]
    assert sorted(rows) == [("ada", "graded"), ("bo", "graded"), ("cy", "missing"), ("dee", "")]


@pytest.mark.slow
def test_what_people_give_is_on_the_pages_after_a_run_in_which_nothing_is_graded(graded: Path) -> None:
    assert set(times(graded)) == {
        *(f"{unit}.{end}" for unit in ("embeddings", "multi-head") for end in reporting._OF_UNIT),
        *(f"course.{end}" for end in reporting._OF_COURSE),
    }
    page = (graded / "report" / "embeddings.html").read_text()
    for words in (
        "Lovelace, Ada",
        "Monday",
        "3 h 20 min",
        "2 submissions wait for a person",
        "1 student is excused",
    ):
        assert words in page
    assert "1 student handed in nothing" in page
    rows = tables(graded, "embeddings.csv")
    assert (rows["ada"]["points"], rows["ada"]["by_hand"], rows["ada"]["waits_for"]) == ("6", "", "why-dense")
    assert (rows["bo"]["late_hours"], rows["cy"]["status"], rows["dee"]["excused"]) == (
        "3.33",
        "missing",
        "yes",
    )
    course = tables(graded, "course.csv")
    assert [course[id]["embeddings state"] for id in ("ada", "bo", "cy", "dee")] == [
        "waiting",
        "late waiting",
        "missing",
        "excused",
    ]
    assert course["bo"]["multi-head state"] == "missing"
    assert course["bo"]["at_risk"] == "missing"
    run(graded)  # the gradebook has got another unit since
    before = times(graded)
    assert run(graded).tally.count == 0
    assert times(graded) == before, "nothing has changed, and nothing is written"

    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        grade = book.find_grade("why-dense", "embeddings", "embeddings", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.find_grade("check-one_hot", "embeddings", "embeddings", "bo").manual_score = 1.0
        book.db.commit()
    assert run(graded).tally.count == 0
    page = (graded / "report" / "embeddings.html").read_text()
    assert "1 submission waits for a person" in page
    assert "<code>one_hot</code> 0 → 1" in page
    rows = tables(graded, "embeddings.csv")
    assert [(rows[id]["points"], rows[id]["by_hand"]) for id in ("ada", "bo")] == [("7.5", "1.5"), ("4", "")]
    assert tables(graded, "course.csv")["ada"]["embeddings"] == "7.5"

    # A gradebook that cannot be read leaves the pages with what results say, and the tables as they were.
    (graded / "gradebook.db").rename(graded / "elsewhere.db")
    (graded / "gradebook.db").write_bytes(b"no database at all")
    assert run(graded).gradebook_error
    assert "waits for a person" not in (graded / "report" / "embeddings.html").read_text()
    assert tables(graded, "embeddings.csv") == rows
    (graded / "elsewhere.db").replace(graded / "gradebook.db")
    assert run(graded).gradebook_error == ""
    assert "1 submission waits for a person" in (graded / "report" / "embeddings.html").read_text()


@pytest.mark.slow
def test_where_names_are_hidden_pages_name_nobody_and_tables_say_who_is_who(graded: Path) -> None:
    text = (graded / "course.toml").read_text()
    (graded / "course.toml").write_text('names = "hidden"\n' + text)
    (graded / "submitted" / "ada" / "homework").mkdir()
    (graded / "submitted" / "eve").mkdir()
    (graded / "submitted" / "eve" / "homework.ipynb").write_text("{}")
    done = run(graded)
    assert [one.where for one in done.plan.unplaced] == ["eve/homework.ipynb"]
    rows = tables(graded, "embeddings.csv")
    assert rows["ada"]["name"] == "Lovelace, Ada"
    for name in ("embeddings.html", "course.html"):
        page = (graded / "report" / name).read_text()
        assert not re.findall(r"\b(Lovelace|ada|eve|Derek|feedback)\b", page, re.IGNORECASE)
        assert rows["ada"]["shown_as"] in page
    assert (
        "1 thing</b> in <code>submitted/</code> is in none of the numbers here"
        in (graded / "report" / "embeddings.html").read_text()
    )


def test_pages_are_old_where_a_source_is_newer_or_a_due_date_has_passed(tmp_path: Path) -> None:
    page, source = tmp_path / "page", tmp_path / "source"
    now = datetime(2026, 3, 10, tzinfo=UTC)

    def is_old(*days: int) -> bool:
        """With due dates so many days from now."""
        due, *others = [now + timedelta(days=one) for one in days] or [None]
        own = {str(place): Arrangement(date) for place, date in enumerate(others)}
        return reporting._is_old([page], [source, tmp_path / "none"], [Arrangements("u", due, own)], now)

    assert is_old()
    for place, day in ((page, 5), (source, 4)):
        place.touch()
        os.utime(place, (datetime(2026, 3, day, tzinfo=UTC).timestamp(),) * 2)
    assert not is_old()
    assert [is_old(day) for day in (-7, -1, 1)] == [False, True, False]
    assert is_old(-7, -1)
    os.utime(source)
    assert is_old()


def test_pages_of_students_that_are_left_of_a_larger_class_go(course_folder: Path) -> None:
    order = planning.open_order(course_folder, "embeddings", None, None)
    reporting._write_students(order, "embeddings", iter(("one", "two", "three")))
    for other in ("embeddings.html", "embeddings.students-x.html", "embeddings.students-.html"):
        (course_folder / "report" / other).write_text("another")
    reporting._write_students(order, "embeddings", iter(("four",)))
    left = {path.name: path.read_text() for path in (course_folder / "report").glob("*students-*")}
    assert left == {
        "embeddings.students-1.html": "four",
        "embeddings.students-x.html": "another",
        "embeddings.students-.html": "another",
    }


def test_reports_that_were_read_ahead_make_the_same_page(
    graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = planning.open_order(graded, "embeddings", None, None)
    ahead = reporting.read_ahead(order)
    assert ahead.keys() == set(results.students(graded, "embeddings")) != set()
    plan = standing.plan(order)
    pages = []
    for known in ({}, ahead):
        os.utime(graded / "report" / "embeddings.html", (0, 0))
        pages.append(re.sub(r"\d\d:\d\d", "", reporting.write_pages(order, plan, known).read_text()))
    assert pages[0] == pages[1]
    monkeypatch.setattr(reporting, "_MOST_AHEAD", 0)
    assert reporting.read_ahead(order) == {}, "a large class"
