"""The course over all its units."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import class_samples
import pytest
from page_samples import Page
from test_risk import FINE, NOW, course_of, unit_of

from autograder.pages import classroom
from autograder.pages import overview as overviews
from autograder.pages.accounts import Account
from autograder.pages.classroom import A_TABLE, summarise
from autograder.pages.overview import Place, course_page, overview


def test_how_each_unit_went() -> None:
    due = NOW - timedelta(days=3)
    course = course_of(
        unit_of("One", FINE | {"ill": None}, due=due, excused=("ill",)),
        unit_of("Two", {"ada": 5.0, "bo": 7.0}),
    )
    one, two = course.trends
    assert (one.handed_in, one.missing, one.excused, one.mean, one.median) == (4, 0, 1, 0.9, 0.9)
    assert one.bars == (0, 0, 0, 0, 0, 0, 0, 0, 1, 3)
    assert (two.median, two.counts) == (0.6, False)
    assert course.last("ada") == "two"
    assert course.last("ill") == ""


def test_totals_are_of_what_could_be_had() -> None:
    course = course_of(
        unit_of("One", {"ada": 9.0, "bo": 8.0, "cy": None}, excused=("ada",)),
        unit_of("Two", {"ada": 5.0, "bo": None, "cy": 10.0}),
    )
    lines = {line.student: line for line in course.lines}
    assert lines["ada"].places == (Place("excused"), Place("mark", 5.0, 10.0))
    assert (lines["ada"].total, lines["ada"].max_score, lines["ada"].share) == (5.0, 10.0, 0.5)
    assert lines["bo"].places[1] == Place("missing")
    assert (lines["bo"].total, lines["bo"].max_score) == (8.0, 20.0)
    assert [place.words for place in lines["cy"].places] == ["missing", ""]


def test_what_waits_for_a_person_is_not_held_against_anybody() -> None:
    unit = unit_of("One", {"ada": 9.0})
    (line,) = unit.students
    own = Account(total=9.0, max_score=12.0, waiting=("why",), unmarked=2.0)
    waiting = replace(unit, max_score=12.0, students=(replace(line, account=own),))
    course = course_of(waiting)
    assert (course.lines[0].total, course.lines[0].max_score, course.trends[0].mean) == (9.0, 10.0, 0.9)


def test_what_is_not_due_or_not_graded_counts_for_nothing() -> None:
    later = unit_of("One", {"ada": 9.0, "bo": None}, due=NOW + timedelta(days=1))
    (ada, bo) = course_of(later).lines
    assert (bo.places, bo.max_score, bo.share) == ((Place("later"),), 0, 0.0)
    assert (ada.total, ada.max_score) == (9.0, 10.0), "a mark that is there counts"
    nobody = summarise(class_samples.UNIT, (), ("ada",))
    assert course_of(nobody).units == ()


def test_the_page_says_it_in_words() -> None:
    page = Page(course_page(class_samples.overview_of(60)))
    assert page.faults == []
    assert "3 units graded" in page.text.replace("units graded3", "3 units graded")
    assert "1. Embeddings" in page.text
    assert "Students at risk" in page.text
    assert "Large entries overflow: no maximum is subtracted unstable" in page.text
    charts = [one for one in page.all("svg") if one.get("role") == "img"]
    assert all("aria-label" in one for one in charts)
    assert charts[0]["aria-label"].startswith("Embeddings, students by share of the points: 0 to 10 %: ")
    assert {"embeddings.html", "self-attention.html", "multi-head.html", "course.csv"} <= {
        one["href"] for one in page.all("a")
    }


def test_a_page_without_names_names_nobody() -> None:
    shown, hidden = (class_samples.overview_of(40, key) for key in (None, b"key"))
    html = course_page(hidden)
    for line in shown.lines:
        assert line.student not in html
        assert shown.people.shown(line.student).name not in html
    assert "feedback" not in html
    assert hidden.people.alias(shown.lines[0].student) in html


def test_a_handout_that_may_be_broken_is_told() -> None:
    unit = unit_of(
        "One", {f"s{i:02}": 0.0 for i in range(12)}, {f"s{i:02}": "general.missing" for i in range(12)}
    )
    text = Page(course_page(course_of(unit))).text
    assert (
        "One: all 12 failed f Is the handout broken? Nearly all have the same finding, general.missing."
        in text
    )


def test_a_large_course_stays_usable() -> None:
    course = class_samples.overview_of(2 * A_TABLE + 20)
    html = course_page(course)
    page = Page(html)
    assert page.faults == []
    assert len(html) < 700 * len(course.lines)
    sizes = [len(lines) for _, lines in course.tables()]
    assert max(sizes) <= A_TABLE
    assert sum(sizes) == len(course.lines)


def test_the_students_of_a_course_too_large_for_a_page_stand_on_pages_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = class_samples.overview_of(60)
    assert list(overviews.students_pages(course)) == []
    monkeypatch.setattr(classroom, "A_PAGE", 40)
    monkeypatch.setattr(overviews, "A_TABLE", 20)
    assert Page(course_page(course)).faults == []
    pages = [Page(page) for page in overviews.students_pages(course)]
    assert len(pages) >= 2
    assert not any(page.faults for page in pages)
    rows = [path for page in pages for tag, _, path in page.elements if tag == "tr" and "tbody" in path]
    assert len(rows) == len(course.lines)


def test_checks_to_look_at_are_grouped_by_unit() -> None:
    course = class_samples.overview_of(60)
    found = course.odd(5)
    assert sum(len(checks) for _, checks in found) == min(5, course.odd_count)
    assert overview("A course", course.people, (), NOW).odd(5) == []
