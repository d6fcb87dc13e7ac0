"""What a student reads."""

from __future__ import annotations

import re
from dataclasses import replace

import function_samples
import numpy as np
import pytest
import report_samples as samples
import value_samples as values
from page_samples import Page

from autograder.earned import Earned, Picture
from autograder.pages.student import student_page
from autograder.records import Explanation, Report, Status


def test_scores_checks_and_diagnoses_with_their_ids():
    page = Page(student_page(samples.self_attention()))
    assert "5.5 of 10 points" in page.text
    assert "0.5 of 3 points" in page.text
    assert "The scores are not divided by √d_k scaled_scores.unscaled" in page.text
    assert "Also The function changes the array it is given general.mutates-input" in page.text
    assert "two sentences failed · hidden check" in page.text
    assert "the shape is (n_q, n_k) passed · hidden check" in page.text
    assert "at the step scale, in line 4 of its cell" in page.text


def test_visible_checks_are_not_called_hidden():
    page = Page(student_page(samples.embeddings_unit()))
    assert "gives three arrays passed two sentences" not in page.text  # points stand between
    assert re.search(r"gives three arrays passed worth 1 point\b", page.text)


def test_every_title_of_a_diagnosis_has_its_id_beside_it():
    html = student_page(samples.self_attention())
    for function in samples.self_attention().functions:
        for diagnosis in function.diagnoses:
            titled = html.count(diagnosis.title)
            assert titled
            beside = rf'{re.escape(diagnosis.title)} <code class="id">{re.escape(diagnosis.id)}</code>'
            assert len(re.findall(beside, html)) == titled


def test_wrong_cells_are_marked_with_words_and_signs():
    html = student_page(samples.self_attention())
    sign = '<i aria-hidden="true">✗</i><span class="vh">'
    assert len(re.findall(rf'<td class="wrong( [pn]\d)?">{sign}wrong: </span>', html)) >= 19 + 99
    assert re.search(rf'<td class="first( [pn]\d)?">{sign}wrong, worked out below: ', html)
    assert len(re.findall(r'<td class="here( [pn]\d)?">', html)) == 2
    assert "20 cells of 20 differ." in Page(html).text


def test_rows_and_columns_carry_the_tokens():
    page = Page(student_page(samples.self_attention()))
    assert page.text.count("9 philanthropist") >= 4


def test_the_first_wrong_cell_is_worked_out_with_formulas():
    page = Page(student_page(samples.self_attention()))
    assert "Cell [0, 0], step by step" in page.text
    assert len(page.all("math")) == 7
    assert "−0.1565 / √3 = −0.09036" in page.text
    assert "row sum ✗ yours differs here" in page.text
    assert "Expected −0.090 Yours −0.156" in page.text


def test_only_steps_whose_numbers_were_seen_are_ticked():
    page = Page(student_page(samples.self_attention()))
    assert "exponential ✓ agrees" in page.text
    assert page.text.count("✓ agrees") == 1
    assert page.text.count("✗ yours differs here") == 2
    assert "A ✗ marks the step at which your result goes wrong." in page.text
    assert "A ✓ marks those whose right numbers your function was seen to have." in page.text


def test_the_lines_that_diagnoses_name_are_marked():
    html = student_page(samples.self_attention())
    marked = re.findall(r'<mark id="([^"]+)">.*?Line (\d+), marked: </span>([^\n]*)', html)
    assert marked == [
        ("scaled_scores-line-3", "3", "    Query -= 0"),
        ("scaled_scores-line-4", "4", "    scores = Query @ Key.T"),
        ("softmax-line-3", "3", "    return e / e.sum(axis=0)"),
    ]
    assert 'href="#scaled_scores-line-4"' in html


def test_long_code_is_cut_around_the_marked_line():
    source = "\n".join(f"x{i} = {i}" for i in range(1, 501)) + "\n" + "y" * 1000
    function = replace(function_samples.softmax_wrong_axis(), source=source)
    diagnoses = (replace(function.diagnoses[0], line=300),)
    report = replace(samples.self_attention(), functions=(replace(function, diagnoses=diagnoses),))
    page = Page(student_page(report))
    assert "Line 300, marked: x300 = 300" in page.text
    assert "Left out: 273 lines before and 148 lines after." in page.text
    assert "x200 = 200" not in page.text


@pytest.mark.parametrize("line", [None, 0, -3, 99])
def test_a_line_that_is_not_there_marks_nothing(line):
    function = function_samples.softmax_wrong_axis()
    diagnoses = (replace(function.diagnoses[0], line=line),)
    report = replace(samples.self_attention(), functions=(replace(function, diagnoses=diagnoses),))
    assert "<mark" not in student_page(report)


def test_hints_open_one_by_one():
    html = student_page(samples.self_attention())
    hints = re.findall(r"<details><summary><span>(Hint \d)</span> ([^<]+)</summary>", html)
    assert hints[:3] == [
        ("Hint 1", "Why it happens"),
        ("Hint 2", "See it yourself"),
        ("Hint 3", "Read again"),
    ]
    assert '<pre class="snippet" tabindex="0"><code>softmax(x).sum(axis=-1)</code></pre>' in html
    assert "Run <code>before = Query.copy()</code>, call the function" in html


def test_marks_carried_forward_are_explained():
    page = Page(student_page(samples.self_attention()))
    assert "This function calls scaled_scores and softmax, which are not right yet." in page.text
    assert "It earned all its marks." in page.text
    assert "Leave attend as it is: it comes right by itself when scaled_scores and softmax do." in page.text


def test_carried_forward_without_all_marks_says_that_the_rest_is_its_own():
    function = replace(function_samples.attend_carried(), score=1.0, carried_from=())
    page = Page(student_page(replace(samples.self_attention(), functions=(function,))))
    assert "What is still wrong below is its own." in page.text


def test_what_to_do_next_starts_with_the_first_function_that_is_wrong():
    text = Page(student_page(samples.embeddings_unit())).text
    assert "Start with one_hot: after all cells had run, it was not there." in text
    assert "Then project_qkv: compare your result with the expected one" in text
    assert (
        "Every check of this unit passes: there is nothing left to fix"
        in Page(student_page(samples.all_right())).text
    )


def test_without_a_diagnosis_nothing_is_guessed():
    page = Page(student_page(samples.embeddings_unit()))
    assert "No known mistake gives exactly your numbers" in page.text
    assert "Row 2 of Value is wrong, whatever the input." in page.text
    assert "Of the results, Value is shown." in page.text


def test_notes_about_the_notebook_are_shown():
    assert "It was left out, and the rest run again." in Page(student_page(samples.embeddings_unit())).text


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("unreadable", "There is no notebook that could be graded"),
        ("timeout", "Your notebook did not finish"),
        ("out-of-memory", "Your notebook used more memory than it may"),
        ("crashed", "Your notebook ended Python itself"),
        ("not-graded", "The fault is ours, not yours."),
    ],
)
def test_every_status_says_what_happened_and_what_to_do(status: Status, says: str):
    page = Page(student_page(samples.failed(status)))
    assert says in page.text
    assert samples.REASONS[status].replace("`", "") in page.text
    assert "What to do" in page.text
    assert ("of 10 points" in page.text) == (status != "not-graded")


def test_a_status_beside_graded_functions_shows_both():
    report = replace(samples.self_attention(), status="timeout", reason="Cell 9 never ended.")
    page = Page(student_page(report))
    assert "Cell 9 never ended." in page.text
    assert "What to do next" in page.text


def test_full_marks_beside_a_cell_that_hung():
    line = "The cell “while True:” was left out: it used more than 2 s of CPU time."
    told = "Only a cell of yours that does not end by itself was left out: see below."
    report = samples.all_right("quinn")
    assert told in Page(student_page(replace(report, notes=(line,), left_out=(line,)))).text
    assert told not in Page(student_page(report)).text


# ----------------------------------------------------------------------------- values that are no arrays


def page_about(*explanations: Explanation) -> Page:
    return Page(student_page(values.report(*explanations)))


def test_lists_and_dictionaries_are_trees_with_signs_and_words() -> None:
    page = page_about(values.KINDS["dict"])
    assert "Your result beside the expected one" in page.text
    assert "These values come from the case “a short text”, made for this page" in page.text
    assert "✗differs: 'lazy': 2" in page.text
    assert "−missing: 'fox' missing" in page.text
    assert "+extra: 'Fox': 1 extra" in page.text
    assert "✓should be here: 'dog': 1" in page.text
    assert "✗ differs− is missing+ should not be there" in page.text


def test_long_lists_are_folded_but_what_differs_is_open() -> None:
    html = student_page(values.report(values.KINDS["long list"]))
    assert "<details><summary>38 more entries</summary>" in html
    unfolded = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
    for place in (40, 41, 77, 100):
        assert f"[{place}]</code>" in unfolded
    assert "[20]</code>" not in unfolded


def test_texts_are_shown_line_by_line_with_the_characters_marked() -> None:
    html = student_page(values.report(values.KINDS["printed"]))
    assert "<mark>b</mark>uzz" in html
    assert "<mark>B</mark>uzz" in html
    assert "1 line is missing here" in html
    assert "<mark>b↵</mark>" in student_page(values.report(values.KINDS["whitespace"]))
    gap = '<mark class="gap"><span class="vh">(something is missing here)</span></mark>'
    assert f"fox{gap}" in student_page(values.report(values.KINDS["text"]))


def test_tables_have_names_dtypes_and_signs() -> None:
    page = page_about(values.KINDS["table of other columns"])
    assert "DataFrame, 4 rows × 3 columns" in page.text
    assert "+extra: Unitsint64" in page.text
    assert "−missing: units" in page.text
    assert "+extra: 2024-01-04" in page.text
    html = student_page(values.report(values.KINDS["table"]))
    assert html.count('<td class="first"><i aria-hidden="true">✗</i>') == 1
    assert html.count('<td class="here">') == 1


@pytest.mark.slow
def test_a_drawing_is_drawn_and_told_in_words() -> None:
    pytest.importorskip("matplotlib")
    page = page_about(values.KINDS["drawing"])
    assert len(page.all("svg")) == 2
    alternatives = [one["aria-label"] for one in page.all("div") if one.get("role") == "img"]
    assert alternatives[0].startswith("Yours, drawn: 1 line (“sine”) and 1 set of points, titled “A wave”")
    assert "What they hold" in page.text
    assert "✗differs: 'title':" in page.text


@pytest.mark.slow
def test_a_page_too_large_with_drawings_goes_without_them() -> None:
    pytest.importorskip("matplotlib")
    x, *ys = np.random.default_rng(0).normal(size=(4, 400))
    full = {"points": [{"x": x, "y": ys[0]}], "lines": [{"x": x, "y": y} for y in ys[1:]]}
    cloud = values.beside(
        *({"axes": [full | {"title": title}]} for title in ("One", "Another")),
        values.differs("axes", 0, "title"),
    )
    assert student_page(values.report(cloud)).count("<svg") == 2
    html = student_page(values.report(*[cloud] * 3))
    assert len(html.encode()) <= 300_000
    assert "<svg" not in html
    assert Page(html).text.count("✗differs: 'title':") == 3


def test_what_did_not_come_or_was_not_due() -> None:
    page = page_about(values.KINDS["nothing came"], values.KINDS["nothing was due"])
    assert (
        "What should come back Nothing came back from yours, so there is nothing to compare it with."
        in page.text
    )
    assert "What came back No value should come back: the right answer here is an error." in page.text


def test_inputs_of_every_kind_are_shown() -> None:
    page = page_about(values.KINDS["number"], values.KINDS["functions"], values.KINDS["script"])
    assert "n 7 exact True start None" in page.text
    assert "def f(x): return x ** 2" in page.text
    assert "one.push(3)" in page.text


@pytest.mark.parametrize("name", [*values.KINDS, *values.ODD])
def test_no_value_breaks_a_page(name: str) -> None:
    html = student_page(values.report({**values.KINDS, **values.ODD}[name]))
    page = Page(html)
    assert page.faults == []
    assert page.all("script") == []
    assert len(html.encode()) < 120_000
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", html)


def test_pages_about_arrays_alone_carry_no_more_style_than_they_need() -> None:
    assert ".tree" not in student_page(samples.self_attention())
    assert ".tree" in student_page(values.report(values.KINDS["dict"]))


def ladder() -> Report:
    return replace(samples.self_attention(), hints="ladder")


def shown_at_once(html: str) -> str:
    """A page without what is folded, innermost first."""
    before = ""
    while before != html:
        before, html = html, re.sub(r"<details(?:(?!<details).)*?</details>", "", html, flags=re.DOTALL)
    return html


def test_a_ladder_begins_with_the_line_and_what_to_look_at():
    html = student_page(ladder())
    page, at_once = Page(html), Page(shown_at_once(html))
    assert not page.faults
    assert not at_once.faults
    assert (
        at_once.text.count("The result is not the expected one: look at line 4") == 2
    )  # in the overview, too
    assert "The result is not the expected one: look at line 3" in at_once.text
    for kept_back in (
        "scaled_scores.unscaled",
        "softmax.wrong-axis",
        "not divided",
        "step by step",
        "✗ yours differs",
    ):
        assert kept_back not in at_once.text
        assert kept_back in page.text


def test_on_a_ladder_the_cause_comes_before_the_worked_steps():
    rungs = re.findall(
        r'<details class="rung"><summary><span>(Hint \d)</span> (?:<h3>)?(The cause|Cell)',
        student_page(ladder()),
    )
    assert rungs == [("Hint 2", "The cause"), ("Hint 3", "Cell")] * 2


def test_on_a_ladder_what_is_seen_anyway_is_told_at_once():
    at_once = Page(shown_at_once(student_page(ladder())))
    assert "Also The function changes the array it is given general.mutates-input" in at_once.text


def test_on_a_ladder_facts_come_with_the_cause_and_places_before_it():
    function = function_samples.softmax_wrong_axis()
    known = ("Every number is 2 times the right one.", "Line 2: `e` is right, the step “exponential”.")
    told = replace(function, explanation=replace(function.explanation, observations=known))
    html = student_page(replace(ladder(), functions=(told,)))
    assert known[0] not in shown_at_once(html)
    assert known[0] in html
    assert "Line 2: <code>e</code> is right" in shown_at_once(html)
    unexplained = student_page(replace(ladder(), functions=(replace(told, diagnoses=()),)))
    assert known[0] in shown_at_once(unexplained)
    assert "<span>Hint 2</span> <h3>Cell" in unexplained


def test_a_course_that_names_the_cause_has_nothing_of_the_ladder():
    html = student_page(samples.self_attention())
    assert "rung" not in html
    assert student_page(replace(samples.self_attention(), hints="cause")) == html


def test_full_marks_are_warm():
    right = samples.all_right()
    picture = Picture(("a", "b"), ("a", "b"), (("Map", np.eye(2)),), "map", ("“a” looks most at “a” (1.00)",))
    first = replace(right.functions[0], earned=Earned("You now `know` it.", "Try <another>.", picture))
    html = student_page(replace(right, functions=(first, *right.functions[1:])))
    page = Page(html)
    assert not page.faults
    assert "What you now understand You now know it." in page.text
    assert "“a” looks most at “a” (1.00). To try next. Try <another>." in page.text
    assert (
        "Below stands what you now understand, as your own functions show it, and what to try next."
        in page.text
    )
    assert html.count('heat-map short">') == 1
    assert page.text.count("What you now understand") == 1


def test_there_is_one_total_in_words_and_as_a_bar():
    html = student_page(samples.self_attention())
    assert html.count('class="total"') == html.count('class="meter"') == 1
    (width,) = re.findall(r'<i style="width:([\d.]+)%">', html)
    report = samples.self_attention()
    assert report.score is not None
    assert float(width) == pytest.approx(100 * report.score / report.max_score, abs=0.1)


def test_a_page_of_test_cells_shows_each_as_students_have_it_and_no_checks_beside_it():
    html = student_page(samples.adopted_unit())
    page = Page(html)
    assert "Problem 1/squares-test One entry is missing at an end general.missing-item" in page.text
    assert "The test cell, as you have it assert squares(1) == [1]" in page.text
    assert page.text.count("as you have it") == 1, "of a hidden one there is nothing to show"
    assert "Then Problem 1/stack-test: words.ipynb: it is not there." in page.text
    assert "It was not run" in page.text
    assert "look at the test cells in your notebook" in page.text
    for never in ("Checks", "No known mistake", "hidden check"):
        assert never not in page.text
    assert 'href="#Problem-1/squares-test"' in html
    assert 'id="Problem-1/squares-test"' in html


def test_a_test_cell_that_passes_is_listed_and_has_no_part_of_its_own():
    html = student_page(samples.adopted_unit())
    assert Page(html).text.count("mean-test") == 1
    assert "#Problem-1/mean-test" not in html
