"""How pages behave in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import class_samples
import numpy as np
import pytest
import report_samples as samples
import value_samples as values
from check_samples import wrong
from page_samples import NASTY, Page, class_summary, sectioned_summary
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage
from readers import badly_built, hard_to_read

from autograder.drawing.heat import heat_map
from autograder.pages.classroom import class_page, summarise
from autograder.pages.overview import course_page
from autograder.pages.student import student_page
from autograder.records import Report
from autograder.selfcheck.checked import Inputs
from autograder.selfcheck.html import output

LOOKED_AT = {
    "student": lambda: student_page(samples.self_attention("m" * 200)),
    "ladder": lambda: student_page(replace(samples.self_attention(), hints="ladder")),
    "unexplained": lambda: student_page(samples.embeddings_unit()),
    "slices": lambda: student_page(samples.multi_head_unit()),
    "values": lambda: student_page(values.report(*values.KINDS.values())),
    "odd values": lambda: student_page(values.report(*values.ODD.values())),
    "drawings": lambda: student_page(values.report(values.KINDS["drawing"], values.KINDS["table"])),
    "broken": lambda: student_page(samples.failed("unreadable", "<b>ada</b>")),
    "class": lambda: class_page(
        summarise(class_samples.UNIT, [*class_samples.a_class(30), samples.self_attention("m" * 200)], NASTY)
    ),
    "sections": lambda: class_page(sectioned_summary(24)),
    "no names": lambda: class_page(sectioned_summary(24, b"key")),
    "course": lambda: course_page(class_samples.overview_of(45)),
    "alike": lambda: class_page(
        summarise(class_samples.UNIT, clustered(12), (), said={"softmax-a": "m" * 200})
    ),
}


def clustered(size: int) -> list[Report]:
    """A class in which nobody's softmax is explained: many alike, some alone."""
    return [
        replace(
            report,
            functions=tuple(
                replace(one, diagnoses=(), cluster=f"softmax-{'a' if number % 3 else number}")
                if one.name == "softmax"
                else one
                for one in report.functions
            ),
        )
        for number, report in enumerate(class_samples.a_class(size))
    ]


@pytest.fixture(scope="module", params=LOOKED_AT)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("looked-at") / "page.html"
    path.write_text(LOOKED_AT[request.param](), encoding="utf-8")
    return path.as_uri()


@dataclass(frozen=True)
class Shown:
    """A page as a browser opens it: all that it asks for, and all that is logged."""

    page: BrowserPage
    asked: list[str]
    said: list[str]


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[BrowserPage]:
    """One page in which all files are opened, one after another: to begin another takes longer than most tests."""
    with browser.new_context() as context:
        context.set_default_timeout(0)
        yield context.new_page()


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[BrowserPage]:
    """Another, as wide as a phone, for what a test makes itself."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(0)
        yield context.new_page()


@pytest.fixture(scope="module")
def scriptless(browser: Browser) -> Iterator[BrowserPage]:
    """And one without any script."""
    with browser.new_context(java_script_enabled=False) as context:
        context.set_default_timeout(0)
        yield context.new_page()


@pytest.fixture(scope="module")
def shown(opened: BrowserPage, file: str) -> Iterator[Shown]:
    """Opened once; a test that looks at it says how large it is, and on what."""
    one = Shown(opened, [], [])
    listeners = {
        "request": lambda request: one.asked.append(request.url),
        "console": lambda message: one.said.append(message.text),
    }
    for event, listener in listeners.items():
        opened.on(event, listener)
    opened.goto(file)
    yield one
    for event, listener in listeners.items():
        opened.remove_listener(event, listener)


def test_a_page_asks_for_nothing_and_logs_nothing(shown, file):
    assert shown.asked == [file]
    assert shown.said == []


@pytest.mark.slow
def test_on_paper_the_hints_are_open_and_nothing_is_cut(shown):
    page = shown.page
    page.set_viewport_size({"width": 680, "height": 900})  # A4 between the margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    hint = page.locator(".ladder details p").first
    if hint.count():
        assert hint.is_visible()
    for rung in page.locator(".rung > :last-child").all():
        assert rung.is_visible()


@pytest.mark.slow
def test_a_page_never_scrolls_sideways(shown):
    page = shown.page
    page.emulate_media(media="screen")
    for opened in (False, True):
        if opened:
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 780})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(CAPTIONS_CUT) == []


def test_on_a_phone_captions_in_a_notebook_break_where_it_ends(phone):
    words = list(map(str, range(12)))
    drawn = heat_map(
        words, words, {"Your softmax of the scores: " + "each row is shared out " * 3: np.eye(12)}
    )
    found = wrong(inputs=Inputs("one", (("m" * 80, np.eye(2)),)))
    phone.set_content(f"<meta name='viewport' content='width=device-width'>{drawn.html}{output(found)}")
    phone.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert phone.locator("caption").count() == 5
    assert phone.evaluate(CAPTIONS_CUT) == []


# The captions that go on beyond the page, where only they cannot be read who see the table's beginning.
CAPTIONS_CUT = """
[...document.querySelectorAll("caption:not(.vh)")].filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.innerText)
"""


def test_on_a_phone_the_class_tables_of_functions_and_checks_are_there_whole(phone, tmp_path):
    path = tmp_path / "class.html"
    path.write_text(class_page(class_summary()), encoding="utf-8")
    phone.goto(path.as_uri())
    for name in ("functions", "checks"):
        table = phone.locator(f"section:has(#{name}) .scroll")
        assert table.evaluate("one => one.scrollWidth - one.clientWidth") == 0


@pytest.mark.parametrize("name", ["sections", "course"])
def test_a_section_is_shown_alone_without_any_script(scriptless, tmp_path, name):
    path = tmp_path / "page.html"
    path.write_text(LOOKED_AT[name](), encoding="utf-8")
    scriptless.goto(path.as_uri())
    tables = scriptless.locator("table.students")
    assert [table.is_visible() for table in tables.all()] == [True, True]
    for number, shown in ((1, [True, False]), (2, [False, True])):
        scriptless.locator(f"#section-{number}").check()
        assert [table.is_visible() for table in tables.all()] == shown
    scriptless.locator("#section-all").check()
    assert tables.nth(0).is_visible()


def test_on_a_phone_the_wrong_column_of_a_wide_matrix_is_in_view(phone, tmp_path):
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
    phone.goto(path.as_uri())
    for cell in ("td.first", "td.here"):
        place = phone.locator(f".pairs {cell}").first.bounding_box()
        assert place["x"] > 16
        assert place["x"] + place["width"] <= 390


@pytest.mark.slow
def test_axe_finds_nothing(shown):
    """In the dark, what can be otherwise: colours."""
    page = shown.page
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 780})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert badly_built(page) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark")
        assert hard_to_read(page) == [], scheme


@pytest.mark.slow
def test_every_text_that_is_hard_to_read_is_found_among_hundreds(open_page, tmp_path):
    """What is told of one text of each look is told of all of them."""
    path = tmp_path / "page.html"
    path.write_text(LOOKED_AT["unexplained"](), encoding="utf-8")
    page = open_page(color_scheme="light", bypass_csp=True)
    page.goto(path.as_uri())
    styles = ["color: #888", "font-size: 19px; color: #888", "opacity: 0.4", "background: #777"]
    pale = "".join(f"<b style='{style}'>Too pale</b> " for style in styles)
    page.locator("main p").last.evaluate("(one, pale) => { one.innerHTML = pale; }", pale)
    ((rule, places),) = hard_to_read(page)
    assert rule == "color-contrast"
    assert [style for style in styles if style not in " ".join(places)] == []
