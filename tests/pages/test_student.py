"""The pages: their structure, what they say, that text stays text, and how they behave in a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import report_samples as samples
from jinja2 import UndefinedError

from autograder.pages import listing, student
from autograder.pages.classroom import ClassSummary, summarise
from autograder.pages.student import LARGEST_PAGE, class_page, student_page
from autograder.records import Check, Diagnosis, Report, Status

STUDENT_REPORTS: dict[str, Report] = {
    "self-attention": samples.self_attention(),
    "embeddings": samples.embeddings_unit(),
    "multi-head": samples.multi_head_unit(),
    "large arrays": samples.large_arrays(),
    "wrong shape": samples.wrong_shape(),
    "all right": samples.all_right(),
    **{status: samples.failed(status) for status in samples.REASONS},
}
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "Zoë O'Neil",
    "{{ 7 * 7 }}{% raw %}",
    "-rf ..",
    "\u202eeva",
    "m" * 200,
)


def class_summary(size: int = 40) -> ClassSummary:
    return summarise(samples.UNIT, samples.a_class(size), ("Emmy Late", "Zoë O'Neil"))


# ------------------------------------------------------------------------------------------- reading HTML


class Page(HTMLParser):
    """A page as its elements, with what browsers would forgive counted as faults."""

    VOID = frozenset({"meta", "br", "img", "input", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str], str]] = []  # tag, attributes, path
        self.faults: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"<{tag}> repeats an attribute")
        self.elements.append((tag, {name: value or "" for name, value in attrs}, "/".join(self.open)))
        if tag not in self.VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes another element at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


def every_page() -> list[tuple[str, str]]:
    students = [(name, student_page(report)) for name, report in STUDENT_REPORTS.items()]
    return [
        *students,
        ("class", class_page(class_summary())),
        ("class of nobody", class_page(summarise(samples.UNIT, (), ("Emmy",)))),
        ("class of failures", class_page(summarise(samples.UNIT, map(samples.failed, samples.REASONS), ()))),
    ]


@pytest.fixture(params=every_page(), ids=lambda pair: pair[0])
def html(request: pytest.FixtureRequest) -> str:
    return str(request.param[1])


# ---------------------------------------------------------------------------------------------- structure


def test_elements_nest_and_ids_are_unique(html):
    page = Page(html)
    assert page.faults == []
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    targets |= {a["aria-labelledby"] for _, a, _ in page.elements if "aria-labelledby" in a}
    assert targets <= set(ids)


def test_one_file_without_script_or_network(html):
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _, _ in page.elements}
    assert not [name for _, attributes, _ in page.elements for name in attributes if name.startswith("on")]
    assert not [a["href"] for a in page.all("a") if not re.match(r"#|\.\./feedback/", a["href"])]
    assert "url(" not in html
    assert "@import" not in html
    policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'")


def test_language_title_skip_link_and_viewport(html):
    page = Page(html)
    assert page.all("html") == [{"lang": "en"}]
    assert page.all("a")[0]["class"] == "skip"
    assert page.all("a")[0]["href"] == "#start-of-page"
    assert any(attributes.get("id") == "start-of-page" for attributes in page.all("main"))
    assert "width=device-width" in html
    assert "<title></title>" not in html


def test_headings_are_in_order(html):
    levels = [int(tag[1]) for tag, _, _ in Page(html).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scoped_headers(html):
    page = Page(html)
    assert sum(tag == "caption" for tag, _, _ in page.elements) == len(page.all("table"))
    assert all(header.get("scope") in ("col", "row", "rowgroup") for header in page.all("th"))


def test_pages_are_the_same_every_time_and_in_every_process(html):
    student._environment.cache_clear()
    assert html in [page for _, page in every_page()]


def test_pages_are_small_and_hold_only_what_html_can_carry(html):
    assert len(html.encode()) <= LARGEST_PAGE
    assert not student._UNPRINTABLE.search(html)


def test_a_name_that_a_template_does_not_know_is_an_error():
    with pytest.raises(UndefinedError):
        student._environment().get_template("student.html").render(report=samples.self_attention())


# ------------------------------------------------------------------------------------ what a student reads


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
    assert (
        html.count('<td class="wrong"><i aria-hidden="true">✗</i><span class="vh">wrong: </span>') >= 19 + 99
    )
    assert '<td class="first"><i aria-hidden="true">✗</i><span class="vh">wrong, worked out below: ' in html
    assert html.count('<td class="here">') == 2
    assert "20 cells of 20 differ." in Page(html).text


def test_rows_and_columns_carry_the_tokens():
    page = Page(student_page(samples.self_attention()))
    assert page.text.count("9 philanthropist") >= 4


def test_the_first_wrong_cell_is_worked_out_with_formulas():
    page = Page(student_page(samples.self_attention()))
    assert "Cell [0, 0], step by step" in page.text
    assert len(page.all("math")) == 7
    assert "−0.1565 / √3 = −0.09036" in page.text
    assert "row sum ✗ yours parts here" in page.text
    assert "Expected −0.090 Yours −0.156" in page.text


def test_only_steps_whose_numbers_were_seen_are_ticked():
    page = Page(student_page(samples.self_attention()))
    assert "exponential ✓ agrees" in page.text
    assert page.text.count("✓ agrees") == 1
    assert page.text.count("✗ yours parts here") == 2
    assert "A ✗ marks the step at which your result parts from it." in page.text
    assert "A ✓ marks those whose right numbers your function was seen to have." in page.text


def test_a_formula_beyond_the_converter_stands_as_plain_text():
    function = samples.unscaled_scores()
    worked = tuple(replace(step, formula=r"\frac{") for step in function.explanation.worked)
    explanation = replace(function.explanation, worked=worked)
    report = replace(samples.self_attention(), functions=(replace(function, explanation=explanation),))
    page = Page(student_page(report))
    assert page.all("math") == []
    assert "S[i,j] = R[i,j] / sqrt(d_k)" in page.text


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
    function = replace(samples.softmax_wrong_axis(), source=source)
    diagnoses = (replace(function.diagnoses[0], line=300),)
    report = replace(samples.self_attention(), functions=(replace(function, diagnoses=diagnoses),))
    page = Page(student_page(report))
    assert "Line 300, marked: x300 = 300" in page.text
    assert "Left out: 273 lines before and 148 lines after." in page.text
    assert "x200 = 200" not in page.text


@pytest.mark.parametrize("line", [None, 0, -3, 99])
def test_a_line_that_is_not_there_marks_nothing(line):
    function = samples.softmax_wrong_axis()
    diagnoses = (replace(function.diagnoses[0], line=line),)
    report = replace(samples.self_attention(), functions=(replace(function, diagnoses=diagnoses),))
    assert "<mark" not in student_page(report)


def test_lines_are_counted_as_python_counts_them():
    code = listing.code(
        "a = 1\x0c\r\nb = '\u2028'\rc = 3\n", (Diagnosis("general.raises", "", line=3),), student.MOST_LINES
    )
    assert [(line.number, line.text, line.marked) for line in code.lines] == [
        (1, "a = 1\x0c", False),
        (2, "b = '\u2028'", False),
        (3, "c = 3", True),
    ]


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


def test_the_inputs_can_be_pasted_and_give_the_same_matrix():
    function = samples.unscaled_scores()
    code = student._pasted(function.name, function.explanation)
    inputs = dict(function.explanation.inputs)
    namespace: dict[str, object] = {"scaled_scores": lambda Query, Key: Query @ Key.T}
    exec(code, namespace)
    for name, array in inputs.items():
        assert np.array_equal(namespace[name], array)
    assert code.endswith("\nscaled_scores(Query, Key)")


def test_infinities_words_and_nothing_can_be_pasted_too():
    inputs = (
        ("x", np.array([[-np.inf, 1000.0], [np.inf, np.nan]])),
        ("empty", np.zeros((0, 3))),
        ("tokens", ["O'Neil", '"']),
    )
    explanation = replace(samples.unscaled_scores().explanation, inputs=inputs)
    namespace: dict[str, object] = {"f": lambda *_: None}
    exec(student._pasted("f", explanation), namespace)
    for name, value in inputs:
        np.testing.assert_array_equal(namespace[name], value)


def test_inputs_too_long_to_paste_are_not_offered():
    assert "paste this into a cell" not in student_page(samples.large_arrays())


def test_marks_carried_forward_are_explained():
    page = Page(student_page(samples.self_attention()))
    assert "This function calls scaled_scores and softmax, which are not right yet." in page.text
    assert "It earned all its marks." in page.text
    assert "Leave attend as it is: it comes right by itself when scaled_scores and softmax do." in page.text


def test_carried_forward_without_all_marks_says_that_the_rest_is_its_own():
    function = replace(samples.attend_carried(), score=1.0, carried_from=())
    page = Page(student_page(replace(samples.self_attention(), functions=(function,))))
    assert "What is still wrong below is its own." in page.text


def test_what_to_do_next_starts_with_the_first_function_that_is_wrong():
    text = Page(student_page(samples.embeddings_unit())).text
    assert "Start with one_hot: after all cells had run, no function of this name was there." in text
    assert "Then project_qkv: compare your result with the expected one" in text
    assert "Nothing is left to mend" in Page(student_page(samples.all_right())).text


def test_without_a_diagnosis_nothing_is_guessed():
    page = Page(student_page(samples.embeddings_unit()))
    assert "No known mistake gives exactly your numbers" in page.text
    assert "Row 2 of Value is wrong, whatever the input." in page.text
    assert "Of the results, Value is shown." in page.text


def test_notes_about_the_notebook_are_shown():
    assert "It was left out, and the rest run again." in Page(student_page(samples.embeddings_unit())).text


def test_results_of_another_shape_stand_side_by_side_without_marks():
    html = student_page(samples.wrong_shape())
    assert "The shapes differ: yours is 4 × 5, expected is 5 × 4." in Page(html).text
    assert '<td class="wrong">' not in html


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (None, np.zeros((2, 2)), "No array was due: the right answer here is an error."),
        (np.zeros((2, 2)), None, "No array came back from yours"),
        (np.zeros((0, 4)), np.zeros((1, 4)), "Expected holds no numbers: its shape is 0 × 4."),
        (np.zeros((1, 4)), np.zeros((0,)), "Yours holds no numbers: its shape is 0 entries."),
        (np.zeros((2, 2)), np.array(3.0), "yours is a single number, expected is 2 × 2"),
        (np.zeros(4), np.ones(4), "4 cells of 4 differ."),
        (np.zeros((1, 1)), np.array([[1 + 2j]]), "1 cell of 1 differs."),
        (np.zeros((2, 2)), np.zeros((2, 2)), "Your result beside the expected one"),
        (np.zeros((2, 2, 3, 3)), np.ones((2, 2, 3, 3)), "Yours[0, 1]"),
    ],
)
def test_results_of_every_form_have_their_sentence(expected, got, says):
    explanation = samples.explanation("a case", {"x": np.zeros(2)}, expected, got, "It is wrong.")
    function = replace(samples.unscaled_scores(), explanation=explanation)
    page = Page(student_page(replace(samples.self_attention(), functions=(function,))))
    assert page.faults == []
    assert says in page.text


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


# --------------------------------------------------------------------------------------- text stays text


@pytest.mark.parametrize("text", NASTY)
def test_what_a_student_wrote_stays_text(text):
    function = samples.unscaled_scores()
    nasty = replace(
        function,
        note=text,
        checks=(Check(text, False, 1.0, text),),
        diagnoses=(Diagnosis("general.raises", text, text, 1, text, text, text),),
        source=text,
        explanation=replace(
            function.explanation,
            case=text,
            summary=text,
            observations=(text,),
            inputs=(("tokens", [text]),),
            labels=((text,) * 5, (text,) * 4),
            worked=tuple(
                replace(step, sentence=text, arithmetic=text) for step in function.explanation.worked
            ),
        ),
    )
    report = replace(
        samples.self_attention(text), functions=(nasty,), notes=(text,), reason=text, status="crashed"
    )
    html = student_page(report)
    page = Page(html)
    assert page.faults == []
    usual = {tag for one in STUDENT_REPORTS.values() for tag, _, _ in Page(student_page(one)).elements}
    assert {tag for tag, _, _ in page.elements} <= usual
    assert not [name for _, attributes, _ in page.elements for name in attributes if name.startswith("on")]
    assert text in "".join(page.texts)


@pytest.mark.parametrize("text", NASTY)
def test_names_in_a_class_stay_text_and_links_one_segment(text):
    reports = [samples.self_attention(text), samples.failed("not-graded", text + "2")]
    html = class_page(summarise(samples.UNIT, reports, (text + "3",)))
    page = Page(html)
    assert page.faults == []
    assert "script" not in {tag for tag, _, _ in page.elements}
    links = [a["href"] for a in page.all("a") if not a["href"].startswith("#")]
    assert links
    for link in links:
        assert re.fullmatch(r"\.\./feedback/[\w%.~-]+/self-attention/self-attention\.html", link)


def test_links_are_percent_encoded_bytes_of_the_folder_name():
    for name, segment in (
        ("a b", "a%20b"),
        ("ä/..", "%C3%A4%2F.."),
        ("x\udcff", "x%FF"),
        ("?#%", "%3F%23%25"),
    ):
        assert student._segment(name) == segment


def test_stray_bytes_and_control_characters_do_not_break_a_page():
    report = replace(samples.self_attention("a\udcffb\x00\x1b"), notes=("\ud800",))
    html = student_page(report)
    html.encode()
    assert "a\ufffdb\ufffd\ufffd" in html
    class_page(summarise(samples.UNIT, [report], ())).encode()


def test_a_report_full_of_huge_things_stays_small():
    function = samples.softmax_three_d()
    huge = replace(
        function,
        source="\n".join(['"<&>' * 5000] * 5000),
        checks=tuple(Check("<" * 50, False, 0.1, "&" * 100_000) for _ in range(12)),
        diagnoses=tuple(Diagnosis("general.raises", "<" * 60, line=i) for i in range(40)),
        explanation=replace(
            function.explanation,
            summary='"' * 100_000,
            inputs=tuple((f"x{i}", np.random.default_rng(i).normal(size=(9, 40, 50))) for i in range(5)),
            observations=("<" * 10_000,) * 50,
        ),
    )
    functions = tuple(replace(huge, name=f"f{i}") for i in range(6))
    report = Report("u", "U", "&" * 250, "graded", 0.0, 18.0, functions, notes=("<" * 10_000,) * 100)
    html = student_page(report)
    assert len(html.encode()) <= LARGEST_PAGE
    assert "because this page would be too large with them" in html
    assert Page(html).faults == []


# --------------------------------------------------------------------------------------------- the class


def test_the_class_page_says_what_to_teach_again():
    reports = [samples.self_attention(f"s{i}") for i in range(3)] + [samples.all_right("t")]
    page = Page(class_page(summarise(samples.UNIT, reports, ("emmy",))))
    assert "What to teach again" in page.text
    assert "The scores are not divided by √d_k scaled_scores.unscaled3 of 4 students, 75 %." in page.text
    assert "In the lesson: “Why the scores are scaled”" in page.text
    assert "general.mutates-input in scaled_scores" in page.text
    assert "The function with the lowest marks is scaled_scores: 1.1 of 3 points on average." in page.text
    assert "1 student handed in nothing" in page.text
    assert "attend carried forward for 3 students" in page.text


def test_a_class_without_a_shared_mistake():
    page = Page(class_page(summarise(samples.UNIT, [samples.self_attention("ada")], ())))
    assert "No mistake is shared by two students or more." in page.text


def test_a_class_of_nobody_says_so():
    assert "Nobody has handed in yet" in class_page(summarise(samples.UNIT, (), ()))


def test_broken_submissions_are_listed_by_what_happened():
    page = Page(class_page(summarise(samples.UNIT, map(samples.failed, samples.REASONS), ())))
    assert "1 submission could not be read as a notebook (unreadable)." in page.text
    assert "1 submission not graded, by a fault of the grader: no zero, no mark." in page.text


def test_cells_that_hung_are_to_look_at_with_a_link_and_a_line():
    line = "The cell “while True:” was left out: it used more than 2 s of CPU time."
    hung = [replace(samples.all_right(f"q{i:02}"), left_out=(line,)) for i in range(12)]
    page = Page(class_page(summarise(samples.UNIT, hung, ())))
    assert page.faults == []
    assert (
        "12 submissions have a cell that hung or ended Python. It was left out, and the rest graded."
        in page.text
    )
    assert f"q00: {line}" in page.text
    assert "q10: " not in page.text
    assert "and 2 more" in page.text
    one = Page(class_page(summarise(samples.UNIT, hung[:1], ())))
    assert "1 submission has a cell that hung or ended Python." in one.text


def test_full_marks_beside_a_cell_that_hung():
    line = "The cell “while True:” was left out: it used more than 2 s of CPU time."
    told = "Only a cell of yours that does not end by itself was left out: see below."
    report = samples.all_right("quinn")
    assert told in Page(student_page(replace(report, notes=(line,), left_out=(line,)))).text
    assert told not in Page(student_page(report)).text


def test_the_chart_says_its_numbers():
    html = class_page(class_summary())
    label = re.search(r'<svg class="chart" role="img" aria-label="Students by points: ([^"]+)"', html)
    counts = [int(part.rsplit(": ")[1]) for part in label[1].split("; ")]
    assert len(counts) == 10
    assert re.findall(r'class="count"[^>]*>([\d,]+)<', html) == [str(count) for count in counts]


def test_names_beyond_a_hundred_are_left_to_the_table():
    reports = [samples.self_attention(f"student {i:04}") for i in range(250)]
    page = Page(class_page(summarise(samples.UNIT, reports, ())))
    assert "and 150 more: search the table of students for scaled_scores.unscaled" in page.text
    rows = [path for tag, _, path in page.elements if tag == "tr" and "table" in path]
    assert len(rows) > 250


def test_a_large_class_has_several_tables():
    reports = [samples.failed("crashed", f"student {i:04}") for i in range(1201)]
    page = Page(class_page(summarise(samples.UNIT, reports, ())))
    assert page.faults == []
    assert "501 to 1,000 of 1,201" in page.text
    assert "1,001 to 1,201 of 1,201" in page.text


# -------------------------------------------------------------------------------------------- in a browser

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOKED_AT = {
    "student": lambda: student_page(samples.self_attention("m" * 200)),
    "unexplained": lambda: student_page(samples.embeddings_unit()),
    "slices": lambda: student_page(samples.multi_head_unit()),
    "broken": lambda: student_page(samples.failed("unreadable", "<b>ada</b>")),
    "class": lambda: class_page(
        summarise(samples.UNIT, [*samples.a_class(30), samples.self_attention("m" * 200)], NASTY)
    ),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: no browser tests"
    )
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on this machine: no browser tests (apt install chromium)")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield started
        started.close()


@pytest.fixture(params=LOOKED_AT)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_text(LOOKED_AT[request.param](), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_never_scrolls_sideways(browser, file, width):
    page = browser.new_page(viewport={"width": width, "height": 780})
    page.goto(file)
    for opened in (False, True):
        if opened:
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_on_a_phone_the_class_tables_of_functions_and_checks_are_there_whole(browser, tmp_path):
    path = tmp_path / "class.html"
    path.write_text(class_page(class_summary()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(path.as_uri())
    for name in ("functions", "checks"):
        table = page.locator(f"section:has(#{name}) .scroll")
        assert table.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    page.close()


def test_on_a_phone_the_wrong_column_of_a_wide_matrix_is_in_view(browser, tmp_path):
    report = samples.self_attention("ada")
    function = next(one for one in report.functions if one.explanation and one.explanation.got is not None)
    expected = np.arange(36.0).reshape(3, 12)
    wrong = np.zeros((3, 12), bool)
    wrong[:, 10] = True
    told = replace(
        function.explanation, got=expected + wrong, expected=expected, wrong=wrong, first=(0, 10), labels=None
    )
    html = student_page(replace(report, functions=(replace(function, explanation=told),)))
    assert "3 cells of 36 differ: the first is [0, 10]." in Page(html).text
    path = tmp_path / "student.html"
    path.write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(path.as_uri())
    for cell in ("td.first", "td.here"):
        place = page.locator(f".pairs {cell}").first.bounding_box()
        assert place["x"] > 16
        assert place["x"] + place["width"] <= 390
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, file, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(file)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []
    context.close()


def test_a_page_asks_for_nothing_and_logs_nothing(browser, file):
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file)
    assert asked == [file]
    assert said == []
    page.close()


def test_on_paper_the_hints_are_open_and_nothing_is_cut(browser, file):
    page = browser.new_page(viewport={"width": 680, "height": 900})  # A4 between the margins
    page.goto(file)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    hint = page.locator(".ladder details p").first
    if hint.count():
        assert hint.is_visible()
    page.close()
