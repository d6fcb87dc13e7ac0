"""Students' text made to stay text wherever nbgrader's pages show it.

Every pattern takes linear time: what has been matched is never given back (`++`, `*+`), and nothing begins twice within
one run of characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_JOINER = "\u2060"  # takes no space; after "<" it keeps a browser from seeing a tag
# A tag, or an address of mail between angles.
_MARKUP = re.compile(r"<(?=[A-Za-z/!?]|[^\s<>@]*+@)")
_ADDRESS = re.compile(r":(?=//)")  # which pages make a link of, wherever it stands
_LINK = re.compile(r"\](?=\s?[(:\[])")
_IMAGE = re.compile(r"\]\(\s*+attachment:([\w.-]++)\s*+\)")
# A fence with anything but the name of a language after it: `mermaid` can be written in many ways.
_DIAGRAM = re.compile(
    r"(?<![`~])([`~]{3,}+)(?![ \t]*+(?!mermaid)[\w.+#-]*+[ \t]*+$)", re.ASCII | re.MULTILINE
)
_TEX = re.compile(r"\\(?=(?:href|url|cssId|class|style|require|csname|data)(?![A-Za-z]))")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """One line of text without control characters."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def harmless(markdown: str, images: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """The same Markdown, reading the same, but unable to carry HTML, links, scripts in formulas or diagrams.

    Only images pasted into the cell stay. nbconvert shows Markdown with raw HTML and with links of any protocol, and
    fails on an attachment that is not there.
    """
    known = images or {}
    kept = {match.end(): match for match in _IMAGE.finditer(markdown) if match[1] in known}
    pieces, start = [], 0
    for end, image in kept.items():
        pieces += [_disarmed(markdown[start : image.start()]), markdown[image.start() : end]]
        start = end
    return "".join([*pieces, _disarmed(markdown[start:])])


def _disarmed(markdown: str) -> str:
    markdown = _MARKUP.sub("<" + _JOINER, markdown)
    markdown = _LINK.sub("]" + _JOINER, markdown)
    markdown = _ADDRESS.sub(":" + _JOINER, markdown)
    markdown = _DIAGRAM.sub(r"\1" + _JOINER, markdown)
    return _TEX.sub("\\\\" + _JOINER, markdown)


def fenced(text: str) -> str:
    """The text as a Markdown code block, in which nothing has a meaning."""
    return "\n".join("    " + line for line in _disarmed(text).splitlines()) or "    "
