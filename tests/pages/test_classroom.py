"""What the results of a class say together."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import class_samples
import numpy as np
import pytest
import report_samples as samples
from page_samples import Page, class_summary

from autograder.pages import classroom
from autograder.pages.accounts import Account, Accounts
from autograder.pages.classroom import ClassSummary, class_page, summarise
from autograder.pages.items import FEWEST
from autograder.pages.student import student_page
from autograder.records import Check, Diagnosis, Function, FunctionReport, Report, Tolerance, Unit

UNIT = Unit("u", "A unit", (Function("f", 4.0, Tolerance()), Function("g", 2.0, Tolerance())))


def report(student: str, *passed: bool, carried: bool = False, diagnoses: tuple[str, ...] = ()) -> Report:
    """Checks f.a (3 points), f.b (1) and g.c (2)."""
    a, b, c = passed
    functions = (
        FunctionReport(
            "f",
            3.0 * a + b,
            4.0,
            False,
            (Check("a", a, 3.0), Check("b", b, 1.0)),
            tuple(Diagnosis(name, name.upper()) for name in diagnoses),
        ),
        FunctionReport("g", 2.0 * c, 2.0, carried, (Check("c", c, 2.0),)),
    )
    return Report("u", "A unit", student, "graded", 3.0 * a + b + 2.0 * c, 6.0, functions)


def of(*reports: Report, missing: tuple[str, ...] = ()) -> ClassSummary:
    return summarise(UNIT, reports, missing)


def test_a_class_of_nobody():
    summary = of(missing=("zoe", "Ada"))
    assert (summary.handed_in, summary.graded, summary.mean, summary.median) == (0, 0, None, None)
    assert summary.missing == ("Ada", "zoe")
    assert summary.checks == summary.misconceptions == summary.students == ()
    assert sum(bar.count for bar in summary.bars) == 0


def test_marks_of_those_with_a_mark_alone():
    summary = of(
        report("ada", True, True, True),
        report("bob", True, False, False),
        replace(samples.failed("unreadable"), student="cy"),
        replace(samples.failed("not-graded"), student="dee"),
    )
    assert (summary.handed_in, summary.graded, summary.diagnosed) == (4, 3, 2)
    assert summary.mean == 3.0
    assert summary.median == 3.0
    assert summary.full == 1
    assert summary.not_graded == ("dee",)
    assert summary.broken == (("unreadable", 1),)


def test_points_are_the_same_on_a_students_page_and_on_the_class_page():
    """An eighth of a point was a hundredth, rounded down where it is even."""
    fine = FunctionReport("f", 1.125, 4.0, False, (Check("a", True, 1.125), Check("b", False, 2.875)))
    one = Report("u", "A unit", "ada", "graded", 1.125, 6.0, (fine,))
    said = Page(student_page(one)).text
    assert "1.125 of 6 points" in said
    assert "1.125 of 4 points" in said
    lines = Page(class_page(of(one))).text
    assert ("1.125" in lines, "1.12 " in lines) == (True, False)


def test_cells_that_hung_are_to_be_looked_at():
    line = "The cell “while True:” was left out: it used more than 2 s of CPU time."
    hung = replace(report("quinn", True, True, True), notes=("Another.", line), left_out=(line,))
    ended = replace(samples.failed("timeout"), student="cy", left_out=(line,))  # whose status says so already
    assert of(report("ada", True, True, True), hung, ended).left_out == (("quinn", line),)


def test_who_is_only_known_to_be_late_is_late_by_no_length_of_time() -> None:
    late = {
        name: Account(late=timedelta(hours=hours), just_late=hours == 1)
        for name, hours in (("ada", 1), ("bo", 3))
    }
    reports = [report(name, True, True, True) for name in late]
    page = class_page(summarise(UNIT, reports, (), accounts=Accounts(late)))
    text = re.sub(r"<[^>]+>", "", page)
    assert "ada: not known by how much" in text
    assert "bo: 3 h" in text
    assert re.findall(r'<td class="n">(late|[13] h)</td>', page) == ["late", "3 h"]


def test_every_mark_stands_in_one_bar_and_full_marks_in_the_last():
    summary = of(*(report(f"s{i}", i % 2 == 0, True, i % 3 == 0) for i in range(12)))
    assert sum(bar.count for bar in summary.bars) == 12
    assert (summary.bars[0].low, summary.bars[-1].high) == (0.0, 6.0)
    assert summary.bars[-1].count == 2
    assert [bar.high for bar in summary.bars[:-1]] == [bar.low for bar in summary.bars[1:]]


@pytest.mark.parametrize("points", [0.5, 1, 3, 6, 10, 17, 40, 100, 1234, 0])
def test_bars_are_ten_at_most(points):
    unit = Unit("u", "A unit", (Function("f", float(points), Tolerance()),))
    bars = summarise(unit, (), ()).bars
    assert len(bars) <= 10
    assert not points or bars[-1].high == points


def test_functions_count_full_none_and_carried():
    summary = of(
        report("ada", True, True, True, carried=True),
        report("bob", False, False, True),
        report("cy", True, False, False),
    )
    f, g = summary.functions
    assert (f.name, f.taken, f.full, f.none, f.carried) == ("f", 3, 1, 1, ())
    assert f.mean == pytest.approx(7 / 3)
    assert f.share == pytest.approx(7 / 12)
    assert (g.full, g.none, g.carried) == (2, 1, ("ada",))


def test_difficulty_is_the_share_who_pass():
    checks = of(report("ada", True, True, True), report("bob", True, False, False)).checks
    assert [(check.function, check.name, check.points) for check in checks] == [
        ("f", "a", 3.0),
        ("f", "b", 1.0),
        ("g", "c", 2.0),
    ]
    assert [check.share for check in checks] == [1.0, 0.5, 0.5]
    assert all(check.discrimination is None for check in checks)


@pytest.mark.slow
def test_discrimination_is_the_point_biserial_correlation_with_the_other_checks():
    from scipy.stats import pointbiserialr  # takes a second, which no other test of this process should

    generator = np.random.default_rng(3)
    passed = generator.random((40, 3)) < 0.6
    summary = of(*(report(f"s{i}", *map(bool, row)) for i, row in enumerate(passed)))
    earned = passed * np.array([3.0, 1.0, 2.0])
    for j, check in enumerate(summary.checks):
        expected = pointbiserialr(passed[:, j], earned.sum(axis=1) - earned[:, j]).statistic
        assert check.discrimination == pytest.approx(expected)


def test_discrimination_is_unknown_where_all_pass_or_few_are_there():
    many = [report(f"s{i}", True, i % 2 == 0, i % 4 == 0) for i in range(FEWEST)]
    a, b, _ = of(*many).checks
    assert a.discrimination is None
    assert b.discrimination is not None
    assert all(check.discrimination is None for check in of(*many[1:]).checks)


def test_misconceptions_are_counted_by_student_and_function_most_common_first():
    summary = of(
        report("bob", False, True, True, diagnoses=("f.one", "general.raises")),
        report("ada", False, True, True, diagnoses=("f.two", "f.two")),
        report("cy", False, True, True, diagnoses=("f.two",)),
    )
    assert [(one.id, one.count, one.students) for one in summary.misconceptions] == [
        ("f.two", 2, ("ada", "cy")),
        ("f.one", 1, ("bob",)),
        ("general.raises", 1, ("bob",)),
    ]
    assert summary.misconceptions[0].title == "F.TWO"


def test_students_stand_by_name_whatever_the_order_of_the_reports():
    reports = [report("bob", True, True, True), report("Ada", True, False, False, diagnoses=("f.one",))]
    summary = of(*reports)
    assert [line.student for line in summary.students] == ["Ada", "bob"]
    assert summary.students[0].scores == (3.0, 0.0)
    assert summary.students[0].diagnoses == ("f.one",)
    assert of(*reversed(reports)) == summary


def test_nothing_of_sources_and_matrices_is_needed():
    bare = [
        replace(one, functions=tuple(replace(f, source=None, explanation=None) for f in one.functions))
        for one in (samples.self_attention("ada"), samples.all_right("grace"))
    ]
    rich = [samples.self_attention("ada"), samples.all_right("grace")]
    assert summarise(class_samples.UNIT, bare, ()) == summarise(class_samples.UNIT, rich, ())


# ---------------------------------------------------------------------------------------------- the page


def test_the_class_page_says_what_to_teach_again():
    reports = [samples.self_attention(f"s{i}") for i in range(3)] + [samples.all_right("t")]
    page = Page(class_page(summarise(class_samples.UNIT, reports, ("emmy",))))
    assert "What to teach again" in page.text
    assert "The scores are not divided by √d_k scaled_scores.unscaled3 of 4 students, 75 %." in page.text
    assert "In the lesson: “Why the scores are scaled”" in page.text
    assert "general.mutates-input in scaled_scores" in page.text
    assert "The function with the lowest marks is scaled_scores: 1.1 of 3 points on average." in page.text
    assert "1 student handed in nothing" in page.text
    assert "attend carried forward for 3 students" in page.text


def test_a_class_without_a_shared_mistake():
    page = Page(class_page(summarise(class_samples.UNIT, [samples.self_attention("ada")], ())))
    assert "No mistake is shared by two students or more." in page.text


def test_a_class_of_nobody_says_so():
    assert "Nobody has handed in yet" in class_page(summarise(class_samples.UNIT, (), ()))


def test_broken_submissions_are_listed_by_what_happened():
    page = Page(class_page(summarise(class_samples.UNIT, map(samples.failed, samples.REASONS), ())))
    assert "1 submission could not be read as a notebook (unreadable)." in page.text
    assert "1 submission not graded, by a fault of the grader: no zero, no mark." in page.text


def test_cells_that_hung_are_to_look_at_with_a_link_and_a_line():
    line = "The cell “while True:” was left out: it used more than 2 s of CPU time."
    hung = [replace(samples.all_right(f"q{i:02}"), left_out=(line,)) for i in range(12)]
    page = Page(class_page(summarise(class_samples.UNIT, hung, ())))
    assert page.faults == []
    assert (
        "12 submissions have a cell that hung or ended Python. It was left out, and the rest graded."
        in page.text
    )
    assert f"q00: {line}" in page.text
    assert "q10: " not in page.text
    assert "and 2 more" in page.text
    one = Page(class_page(summarise(class_samples.UNIT, hung[:1], ())))
    assert "1 submission has a cell that hung or ended Python." in one.text


def test_what_may_have_been_meant_is_to_look_at() -> None:
    line = "This is the notebook of “Embeddings”: it holds `one_hot`, and nothing of this unit."
    reports = [
        replace(samples.all_right("ada"), flags=(line,)),
        samples.all_right("bo"),
        samples.all_right("cy"),
    ]
    receipts = {"bo": "“yesterday <b>” is no time", "nobody": "not told"}
    summary = summarise(class_samples.UNIT, reports, (), receipts)
    unread = "The receipt (timestamp.txt) cannot be read, and the work counts as on time: “yesterday <b>” is no time."
    assert summary.flags == (("ada", line), ("bo", unread))
    page = Page(class_page(summary))
    assert page.faults == []
    assert "To look at" in page.text
    assert (
        "ada: This is the notebook of “Embeddings”: it holds one_hot, and nothing of this unit." in page.text
    )
    assert f"bo: {unread}" in page.text


def test_the_chart_says_its_numbers():
    html = class_page(class_summary())
    label = re.search(r'<svg class="chart" role="img" aria-label="Students by points: ([^"]+)"', html)
    counts = [int(part.rsplit(": ")[1]) for part in label[1].split("; ")]
    assert len(counts) == 10
    assert re.findall(r'class="count"[^>]*>([\d,]+)<', html) == [str(count) for count in counts]


def test_names_beyond_a_hundred_are_left_to_the_table():
    reports = [samples.self_attention(f"student {i:04}") for i in range(250)]
    page = Page(class_page(summarise(class_samples.UNIT, reports, ())))
    assert "and 150 more: search the table of students for scaled_scores.unscaled" in page.text
    rows = [path for tag, _, path in page.elements if tag == "tr" and "table" in path]
    assert len(rows) > 250


def test_a_large_class_has_several_tables():
    reports = [samples.failed("crashed", f"student {i:04}") for i in range(1201)]
    page = Page(class_page(summarise(class_samples.UNIT, reports, ())))
    assert page.faults == []
    assert "500 students, from student 0500 to student 0999" in page.text
    assert "201 students, from student 1000 to student 1200" in page.text


def test_the_students_of_a_class_too_large_for_a_page_stand_on_pages_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reports = [samples.failed("crashed", f"student {i:04}") for i in range(1201)]
    summary = summarise(class_samples.UNIT, reports, [f"absent {i:04}" for i in range(700)])
    assert list(classroom.students_pages(summary)) == []
    monkeypatch.setattr(classroom, "A_PAGE", 1000)
    page = Page(class_page(summary))
    assert page.faults == []
    assert "and 200 more, in" in page.text
    name = class_samples.UNIT.name
    links = [
        attributes["href"] for tag, attributes, _ in page.elements if tag == "a" and "href" in attributes
    ]
    assert [link for link in links if ".students-" in link] == [f"{name}.students-{i}.html" for i in (1, 2)]
    first, last = map(Page, classroom.students_pages(summary))
    assert first.faults == last.faults == []
    assert "page 1 of 2" in first.text
    assert "student 0000 to student 0999" in first.text
    assert "201 students, from student 1000 to student 1200" in last.text


def clustered(student: str, cluster: str, *found: Diagnosis) -> Report:
    one = report(student, False, False, True)
    f, g = one.functions
    return replace(one, functions=(replace(f, cluster=cluster, diagnoses=found), g))


def test_students_alike_and_unexplained_stand_together():
    axis = Diagnosis("general.one-edit", "Line 3: look at the axis", "row sum", 3, kind="axis")
    reports = [
        clustered("ada", "f-a"),
        clustered("bob", "f-b", axis),
        clustered("cy", "f-b", replace(axis, title="Line 9: look at the axis", line=9)),
        clustered("dee", "f-c"),
    ]
    told = {"f-c": "<i>Look</i> at `x`.", "f-gone": "To nobody."}
    html = class_page(summarise(UNIT, reports, (), said=told))
    page = Page(html)
    assert not page.faults
    alike = page.text[page.text.index("Alike and unexplained") : page.text.index("Checks Discrimination")]
    assert "A small change is needed: an axis, in the step “row sum” f-b" in alike
    assert "2 students, 50 %" in alike
    assert "You say: “<i>Look</i> at x.”" in alike
    assert "1 result that one student alone has" in alike
    assert 'autograder say u CLUSTER "…"' in alike
    assert alike.index("f-b") < alike.index("f-c") < alike.index("f-a")
    # In both lists the edit is one finding, though it is on another line of each.
    assert "<i>Look" not in html
    (one,) = summarise(UNIT, reports, ()).misconceptions
    assert (one.count, one.title) == (2, "A small change is needed: an axis, in the step “row sum”")


def test_a_class_without_clusters_has_nothing_of_them():
    assert "Alike and unexplained" not in class_page(class_summary())


def test_a_class_page_of_an_adopted_assignment_speaks_of_test_cells():
    cells = tuple(Function(one.name, 2.0, Tolerance()) for one in samples.adopted_unit().functions)
    unit = Unit("ps1", "Problem set 1", cells, adopted=Path("source/ps1"), notebooks=("Problem 1", "words"))
    page = Page(class_page(summarise(unit, [samples.adopted_unit(name) for name in ("ada", "bo")], ())))
    assert (
        "Test cells Mean points of each test cell, over the 2 students whose test cells were run."
        in page.text
    )
    assert "Carried forward" not in page.text
    assert "whether a test cell tells strong students from weak ones" in page.text


def test_a_class_page_of_an_assignment_without_points_draws_no_marks():
    unit = Unit("u", "A unit", (Function("f", 0.0, Tolerance()),))
    cell = FunctionReport("f", 0.0, 0.0, False, (Check("test cell", False, 0.0),))
    page = Page(class_page(summarise(unit, [Report("u", "A unit", "ada", "graded", 0.0, 0.0, (cell,))], ())))
    assert "ada" in page.text
    assert "reached how many points" not in page.text
