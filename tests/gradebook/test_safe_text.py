"""Text that stays only text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from composing import compose, read_release, release
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown import markdown2html
from released import answered

from autograder.gradebook import safe_text
from autograder.gradebook.released import Release

__all__ = ["release"]  # a fixture

ATTACKS = [
    "<script>hack()</script>",
    "<img src=x onerror=hack()>",
    "a <b\nonmouseover=hack()>b</b>",
    "</div><svg/onload=hack()>",
    "<!-- --><script >hack()</script >",
    "[click](javascript:hack())",
    "[click]( javascript:hack() )",
    "[click](java&#115;cript:hack())",
    "[click][1]\n\n[1]: javascript:hack()",
    "[1]\n\n [1]:\n javascript:hack()",
    "<javascript:hack()>",
    "![x](attachment:missing.png)",
    "![x](<attachment:missing.png>)",
    "$\\href{javascript:hack()}{x}$",
    "```mermaid\n<img src=x onerror=hack()>\n```",
    '~~~ mermaid\nclick A href "javascript:hack()"\n~~~',
    "```\N{NO-BREAK SPACE}mermaid\n<img src=x onerror=hack()>\n```",
    "~~~~\x0bmermaid\n<img src=x onerror=hack()>\n~~~~",
    "``` \\mermaid\n<img src=x onerror=hack()>\n```",
    "```&#109;ermaid\n<img src=x onerror=hack()>\n```",
    "    <script>hack()</script>",
    "`<script>hack()</script>`",
    "$<script>hack()</script>$",
    "| a |\n|---|\n| <script>hack()</script> |",
]


KINDS = ("markdown", "raw", "answer")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How many scripts the page itself has, by the kind of cell that is handed in."""
    folder = tmp_path_factory.mktemp("harmless")
    course = read_release(folder)
    return {
        kind: rendered(compose(course, folder, with_text(kind, "harmless"))).count("<script")
        for kind in KINDS
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_students_markdown_carries_no_html(
    release: Release, scripts: dict[str, int], tmp_path: Path, attack: str, kind: str
) -> None:
    html = rendered(compose(release, tmp_path, with_text(kind, attack)))
    assert html.count("<script") == scripts[kind]
    for sign in (
        "<img src=x",
        "<svg",
        "onmouseover=hack()>b<",
        'href="java',
        'src="attachment:',
        "\\href{",
        "<script>hack",
    ):
        assert sign not in html
    assert 'class="mermaid"' not in html


def test_pasted_pictures_stay_and_forged_ones_go(release: Release, tmp_path: Path) -> None:
    document = with_text(
        "answer", "My drawing: ![here](attachment:image.png) and ![x](attachment:forged.png)"
    )
    document["cells"][-1]["attachments"] = {
        "image.png": {"image/png": "iVBORw0KGgo="},
        "forged.png": {"image/png": '" onerror="hack()'},
        "a b.png": {"image/png": "iVBORw0KGgo="},
        "x.svg": {"image/svg+xml": "<svg onload=hack()>"},
        "y": 3,
    }
    html = rendered(compose(release, tmp_path, document))
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in html
    assert "onerror" not in html


def test_markdown_reads_as_before(release: Release, tmp_path: Path) -> None:
    text = "If $a < b$ and `x<y`, the *scores* $\\frac{1}{\\sqrt{d_k}}$ shrink: w[0](see above)."
    assert safe_text.harmless(text).replace("\u2060", "") == text
    html = rendered(compose(release, tmp_path, with_text("answer", text)))
    assert "<em>scores</em>" in html
    assert "$\\frac{1}{\\sqrt{d_k}}$" in html


PARTS = [
    "`", "```", "~~~", "mermaid", "\n", " ", "\N{NO-BREAK SPACE}", "\x0b", "\t", "[", "]", "(", ")", "<", ">", "!", ":", "//",
    "http://evil.example", "HTTPS://evil.example/x", "javascript:hack()", "mailto:", "a@b.example", "1", "x", "\\", "&lt;",
    "&#91;", "&#109;", "$", "|", "attachment:x.png", "> ", "- ", "# ", "*", "_", "://",
]  # fmt: skip
MARKUP = re.compile(
    r"<a (?!class=\"anchor-link\" href=\"#)|<img|<script|class=\"mermaid\"|<iframe", re.IGNORECASE
)


@pytest.mark.parametrize(
    "link",
    [
        "http://evil.example",
        "<http://evil.example>",
        "<HTTP://evil.example>",
        "<mailto:a@b.example>",
        "<a@b.example>",
        "<1+2@b.example>",
        "[x](<http://evil.example>)",
        "[x]: http://evil.example\n\n[x]",
        "(see http://evil.example)",
        "**http://evil.example**",
        "| http://evil.example |\n|---|\n| http://evil.example |",
    ],
)
def test_no_address_becomes_a_link(link: str) -> None:
    assert MARKUP.search(markdown2html(link)), "or this is none, and the test tests nothing"
    html = markdown2html(safe_text.harmless(link))
    assert not MARKUP.search(html)
    assert "evil.example" in html or "b.example" in html


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_whatever_is_put_together_carries_nothing(text: str) -> None:
    html = markdown2html(safe_text.harmless(text))
    assert not MARKUP.search(html), html


def test_a_language_after_a_fence_stays() -> None:
    text = "```python\nx = 1\n```\n\n~~~\nplain\n~~~"
    assert safe_text.harmless(text) == text


def with_text(kind: str, text: str) -> dict[str, Any]:
    if kind == "answer":
        return answered(text)
    document = answered("Because.")
    cell = {"cell_type": kind, "id": "added", "metadata": {"raw_mimetype": "text/html"}, "source": text}
    document["cells"].append(cell)
    return document


@cache
def exporter() -> Any:
    """Formgrader's own, whose templates take half a second to compile."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    return HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])


def rendered(document: dict[str, Any]) -> str:
    """The page as formgrader makes it, without its own header."""
    resources = {"base_url": "", "submission_id": "1", "notebook_path": "x", "index": 0, "total": 1}
    html, _ = exporter().from_notebook_node(nbformat.from_dict(document), resources=resources)
    return html[html.index("<body") :]
