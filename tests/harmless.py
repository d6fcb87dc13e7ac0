"""What makes a page, a comment or a spreadsheet harmless: what a student wrote is in it as text and as nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# What a spreadsheet takes for the start of a formula; the wide ones too, where it speaks Japanese or Chinese.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What moves a terminal's cursor, changes its title or colours; line breaks and tabs aside.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# A page or table beside this one, which is named by a unit and by nobody else.
BESIDE = re.compile(r"[A-Za-z0-9_-]+(\.[a-z-]+)?\.(html|csv)")
TAGS = frozenset(
    [
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "header",
            "main",
            "footer",
            "nav",
            "section",
            "article",
        ),
        *(
            "details",
            "summary",
            "div",
            "span",
            "p",
            "a",
            "h1",
            "h2",
            "h3",
            "h4",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
        ),
        *(
            "table",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "th",
            "td",
            "colgroup",
            "col",
            "pre",
            "code",
            "br",
        ),
        *(
            "b",
            "i",
            "em",
            "strong",
            "small",
            "abbr",
            "mark",
            "kbd",
            "bdi",
            "sub",
            "sup",
            "figure",
            "figcaption",
        ),
        *(
            "svg",
            "desc",
            "g",
            "rect",
            "text",
            "line",
            "path",
            "math",
            "mi",
            "mo",
            "mn",
            "mrow",
            "msub",
            "msup",
            "msubsup",
        ),
        *(
            "mfrac",
            "msqrt",
            "mtext",
            "mover",
            "munder",
            "munderover",
            "mtable",
            "mtr",
            "mtd",
            "mspace",
            "mstyle",
        ),
    ]
)


class Markup(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            address = name in ("href", "src", "action", "xlink:href", "srcdoc", "formaction")
            safe = str(value).startswith(("#", "../")) or BESIDE.fullmatch(str(value))
            if name.startswith("on") or (address and not safe):
                self.wrong.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}-->")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"<![{data}]>")


def harmless(page: str) -> None:
    """The page is HTML that UTF-8 can carry, without a tag, an attribute or a control character of anyone's text."""
    page.encode()
    assert Markup(page).wrong == []
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", page)
