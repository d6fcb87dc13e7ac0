"""What the pages show, as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import class_samples
import pytest
from page_samples import sectioned_summary

from autograder.gradebook import sheets
from autograder.pages import spreadsheets
from autograder.pages.spreadsheets import Rows


def read(rows: Rows) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(sheets.as_csv(rows).decode(), newline="")))
    assert {len(line) for line in lines} == {len(lines[0])}
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_a_row_a_student_says_what_counts_and_where_it_comes_from() -> None:
    summary = sectioned_summary()
    rows = {row["student_id"]: row for row in read(spreadsheets.students(summary))}
    assert len(rows) == 43
    first = rows["Ada Abel"]
    assert (first["name"], first["section"], "shown_as" in first) == ("Abel, Ada", "Monday", False)
    assert (first["penalty"], first["waits_for"], first["late_hours"]) == ("0.5", "why-sqrt-d_k", "1.5")
    assert float(first["points"]) == float(first["by_machine"]) - 0.5
    assert float(first["scaled_scores"]) <= 3
    assert (rows["Emmy Late"]["status"], rows["Emmy Late"]["excused"]) == ("", "yes")
    assert (rows["Max Later"]["status"], rows["Max Later"]["extension_hours"]) == ("not due", "48")
    assert rows["Zoë O'Neil"]["status"] == "missing"


def test_checks_and_misconceptions_have_a_row_each() -> None:
    summary = sectioned_summary()
    checks = read(spreadsheets.checks(summary))
    assert len(checks) == len(summary.checks)
    assert 0 <= float(checks[0]["difficulty"]) <= 1
    assert sum(row["discrimination"].startswith("-") for row in checks) == sum(
        (one.discrimination or 0) < 0 for one in summary.checks
    )
    rows = read(spreadsheets.misconceptions(summary))
    assert len(rows) == sum(one.count for one in summary.misconceptions)


def test_the_course_has_its_tables_too() -> None:
    course = class_samples.overview_of(60)
    rows = read(spreadsheets.course_students(course))
    assert len(rows) == len(course.lines)
    assert {"embeddings", "embeddings state", "multi-head state", "points", "at_risk"} <= set(rows[0])
    assert [row["unit"] for row in read(spreadsheets.course_units(course))] == [
        "embeddings",
        "self-attention",
        "multi-head",
    ]
    assert len(read(spreadsheets.at_risk(course))) == sum(len(one.reasons) for one in course.at_risk)
    assert read(spreadsheets.course_misconceptions(course))[0]["misconception"] == "unstable"


@pytest.mark.parametrize("table", [spreadsheets.students, spreadsheets.misconceptions])
def test_where_pages_hide_names_the_tables_say_who_is_who(table: Callable[..., Rows]) -> None:
    summary = sectioned_summary(key=b"key")
    row = next(row for row in read(table(summary)) if row["student_id"] == "Ada Abel")
    assert row["name"] == "Abel, Ada"
    assert row["shown_as"] == summary.people.alias("Ada Abel")
