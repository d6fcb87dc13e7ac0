"""How a self-check looks as the output of a notebook's cell."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from check_samples import MISSING, RIGHT, STUB, WAITING, thirteen, wrong
from value_samples import KINDS, ODD, check

from autograder.records import Check
from autograder.selfcheck.checked import FunctionCheck
from autograder.selfcheck.html import output


class Outline(HTMLParser):
    """Checks that tags nest, and collects what matters."""

    VOID = frozenset({"br", "hr", "img", "input", "meta"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def count(self, tag: str) -> int:
        return sum(seen == tag for seen, _ in self.seen)


@pytest.mark.parametrize(
    "found", [RIGHT, STUB, WAITING, MISSING, wrong(), wrong(diagnoses=()), thirteen("✓" * 12 + "✗")]
)
def test_html_is_whole_and_needs_nothing_else(found: FunctionCheck) -> None:
    outline = Outline(output(found))
    assert outline.count("script") == 0
    assert not any(value and "http" in value for _, attrs in outline.seen for value in attrs.values())


def test_html_marks_the_first_wrong_cell_not_by_colour_alone() -> None:
    page = output(wrong())
    assert page.count('class="wrong first') == 1
    assert '<td class="wrong first p6"><i>✗</i><b>8.000</b></td>' in page
    assert '<td class="wrong p6"><i>✗</i>5.000</td>' in page
    assert '<td class="here p6"><b>4.000</b></td>' in page
    assert page.index(".shaded td.wrong {") < page.index(".shaded td.p6 {"), "the mark leaves the shade"


def test_html_says_what_was_not_tried() -> None:
    untried = tuple(replace(check, passed=False, tried=False, message="") for check in wrong().checks)
    page = output(wrong(checks=untried))
    assert '<span class="mark quiet">·</span>a short sentence · one token: ' in page
    assert "numbers are wrong" not in page.split("<details>")[-1]


def test_html_names_title_id_and_steps() -> None:
    page = output(wrong())
    assert "The scores were not divided by √d_k" in page
    assert '<span class="id">scaled_scores.unscaled</span>' in page
    assert "but <code>they</code> were" in page
    assert "<dt>See it yourself</dt><dd><code>scaled_scores(Q, K)</code></dd>" in page
    assert "Yours goes wrong at ✗." in page
    assert "✓." not in page
    assert "What each step should give on these inputs" in page


def test_html_tables_have_captions_and_headers() -> None:
    outline = Outline(output(wrong()))
    assert outline.count("table") == outline.count("caption") == 5
    scopes = {attrs.get("scope") for tag, attrs in outline.seen if tag == "th"}
    assert scopes == {"col", "row"}


def test_html_folds_the_steps_far_from_the_one_that_departs() -> None:
    page = output(thirteen("✓✓✓✓✓✓✗······"))
    assert '<details class="steps"><summary>5 steps before agree</summary>' in page
    assert '<details class="steps"><summary>5 steps after</summary>' in page
    unfolded = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert re.findall(r"<b>step (\d+)</b>", unfolded) == ["5", "6", "7"]
    assert len(re.findall(r"<b>step \d+</b>", page)) == 13
    assert '<details class="steps">' not in output(wrong())


def test_html_folds_the_inputs_in_with_lines_to_paste() -> None:
    (folded,) = re.findall(r"<details><summary>The inputs of.*?</details>", output(wrong()), re.DOTALL)
    assert "inputs = case(&#34;scaled_scores&#34;, &#34;a short sentence&#34;)" in folded
    assert "<b>Query</b>" in folded
    assert "<b>Key</b>" in folded


def test_html_tells_checks_that_fail_alike_together_and_those_not_tried() -> None:
    alike = tuple(Check(name, False, 0.0, "It returned None.", hidden=False) for name in ("one", "two"))
    assert output(wrong(checks=alike)).count("It returned None.") == 1
    page = output(MISSING)
    assert (
        '<span class="mark quiet">·</span>one token · two tokens: <span class="quiet">not tried.</span>'
        in page
    )
    assert "✗</span>one" not in page


@pytest.mark.parametrize("name", [*KINDS, *ODD])
def test_html_of_every_kind_of_value_is_whole_and_safe(name: str) -> None:
    page = output(check({**KINDS, **ODD}[name]))
    outline = Outline(page)
    assert outline.count("script") == 0
    assert not any(value and "http" in value for _, attrs in outline.seen for value in attrs.values())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", page)
    assert len(page) < 120_000


def test_html_shows_trees_texts_and_tables() -> None:
    page = output(check(KINDS["dict"]))
    assert '<li class="differs"><i class="tell" aria-hidden="true">✗</i>' in page
    assert '<span class="kind">missing</span>' in page
    assert "<mark>b</mark>uzz" in output(check(KINDS["printed"]))
    assert '<th scope="col" class="extra"><i>+</i><b>Units</b><span>int64</span></th>' in output(
        check(KINDS["table of other columns"])
    )
    script = output(check(KINDS["script"]))
    assert script.count("<span>one.push(3)\n</span>") == 1
    assert "<summary>The calls of “a short text”</summary>" in script


def test_html_of_arrays_alone_carries_no_more_style_than_it_needs() -> None:
    assert ".tree" not in output(wrong())
    assert ".tree" in output(check(KINDS["dict"]))


def test_html_draws_a_drawing() -> None:
    pytest.importorskip("matplotlib")
    page = output(check(KINDS["drawing"]))
    assert page.count("<svg") == 2
    assert 'aria-label="Yours, drawn: ' in page
