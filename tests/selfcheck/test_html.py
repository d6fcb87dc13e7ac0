"""How a self-check looks as the output of a notebook's cell."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from check_samples import RIGHT, STUB, WAITING, wrong

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


@pytest.mark.parametrize("found", [RIGHT, STUB, WAITING, wrong(), wrong(diagnoses=())])
def test_html_is_whole_and_needs_nothing_else(found: FunctionCheck) -> None:
    outline = Outline(output(found))
    assert outline.count("script") == 0
    assert not any(value and "http" in value for _, attrs in outline.seen for value in attrs.values())


def test_html_marks_the_first_wrong_cell_not_by_colour_alone() -> None:
    page = output(wrong())
    assert page.count('class="wrong first"') == 1
    assert '<td class="wrong first"><i>✗</i><b>8.000</b></td>' in page
    assert '<td class="wrong"><i>✗</i>5.000</td>' in page
    assert '<td class="here"><b>4.000</b></td>' in page


def test_html_says_what_was_not_tried() -> None:
    untried = tuple(replace(check, passed=False, tried=False) for check in wrong().checks)
    page = output(wrong(checks=untried))
    assert page.count('<span class="mark ">·</span>') == len(untried)
    assert "numbers are wrong" not in page.split("<details>")[-1]


def test_html_names_title_id_and_steps() -> None:
    page = output(wrong())
    assert "The scores were not divided by √d_k" in page
    assert '<span class="id">scaled_scores.unscaled</span>' in page
    assert "but <code>they</code> were" in page
    assert "<dt>See it yourself</dt><dd><code>scaled_scores(Q, K)</code></dd>" in page
    assert "Yours parts at ✗." in page
    assert "✓." not in page
    assert "What each step should give on these inputs" in page


def test_html_tables_have_captions_and_headers() -> None:
    outline = Outline(output(wrong()))
    assert outline.count("table") == outline.count("caption") == 3
    scopes = {attrs.get("scope") for tag, attrs in outline.seen if tag == "th"}
    assert scopes == {"col", "row"}
