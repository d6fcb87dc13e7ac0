"""Every page: its structure, and that text stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import class_samples
import function_samples
import numpy as np
import pytest
import report_samples as samples
from jinja2 import FileSystemBytecodeCache, UndefinedError
from page_samples import EVERY_PAGE, NASTY, STUDENT_REPORTS, Page

from autograder.pages import rendering
from autograder.pages.classroom import class_page, summarise
from autograder.pages.student import LARGEST_PAGE, student_page
from autograder.records import Check, Diagnosis, Report


@pytest.fixture(scope="module", params=EVERY_PAGE)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def html(name: str) -> str:
    return EVERY_PAGE[name]()


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
    # What lies beside a class page is named by a unit, whose name has letters, digits and hyphens.
    beside = r"[\w-]+(\.[a-z-]+)?\.(html|csv)$"
    assert not [a["href"] for a in page.all("a") if not re.match(rf"#|\.\./feedback/|{beside}", a["href"])]
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


def test_pages_are_the_same_every_time_and_in_every_process(html, name):
    rendering._environment.cache_clear()
    assert EVERY_PAGE[name]() == html


def test_pages_are_small_and_hold_only_what_html_can_carry(html):
    assert len(html.encode()) <= LARGEST_PAGE
    assert not rendering._UNPRINTABLE.search(html)


def test_a_name_that_a_template_does_not_know_is_an_error():
    with pytest.raises(UndefinedError):
        rendering._environment().get_template("student.html").render(report=samples.self_attention())


@pytest.mark.parametrize("text", NASTY)
def test_what_a_student_wrote_stays_text(text):
    function = function_samples.unscaled_scores()
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
    html = class_page(summarise(class_samples.UNIT, reports, (text + "3",)))
    page = Page(html)
    assert page.faults == []
    assert "script" not in {tag for tag, _, _ in page.elements}
    links = [a["href"] for a in page.all("a") if a["href"].startswith("..")]
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
        assert rendering._segment(name) == segment


def test_stray_bytes_and_control_characters_do_not_break_a_page():
    report = replace(samples.self_attention("a\udcffb\x00\x1b"), notes=("\ud800",))
    html = student_page(report)
    html.encode()
    assert "a=FFb\ufffd\ufffd" in html
    class_page(summarise(class_samples.UNIT, [report], ())).encode()


@pytest.mark.slow
def test_a_report_full_of_huge_things_stays_small():
    function = function_samples.softmax_three_d()
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


@pytest.mark.parametrize("broken", ["__init__", "dump_bytecode"])
def test_templates_are_compiled_again_where_they_cannot_be_kept(monkeypatch, tmp_path, broken):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(FileSystemBytecodeCache, broken, fail)
    rendering._environment.cache_clear()
    try:
        assert "</html>" in student_page(samples.self_attention())
    finally:
        rendering._environment.cache_clear()


def test_a_formula_beyond_the_converter_stands_as_plain_text():
    function = function_samples.unscaled_scores()
    worked = tuple(replace(step, formula=r"\frac{") for step in function.explanation.worked)
    explanation = replace(function.explanation, worked=worked)
    report = replace(samples.self_attention(), functions=(replace(function, explanation=explanation),))
    page = Page(student_page(report))
    assert page.all("math") == []
    assert "S[i,j] = R[i,j] / sqrt(d_k)" in page.text
