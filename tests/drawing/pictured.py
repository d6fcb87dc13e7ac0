"""What a picture holds: well-formed SVG with a name and the facts, and nothing that runs or is fetched."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from autograder.drawing.canvas import Picture


def svgs(picture: Picture) -> list[ElementTree.Element]:
    """The SVGs of a picture, each of them sound."""
    assert not re.search(r"<script|href|url\(|@import|\bon\w+=|nan|inf\b", picture.html)
    found = []
    for text in re.findall(r"<svg.*?</svg>", picture.html, re.DOTALL):
        root = ElementTree.fromstring(text)
        width, height = (float(one) for one in root.attrib["viewBox"].split()[2:])
        assert width > 0
        assert height > 0
        assert root.attrib["role"] == "img"
        assert [one.tag for one in list(root)[:2]] == ["title", "desc"]
        names = [one.attrib["id"] for one in list(root)[:2]]
        assert root.attrib["aria-labelledby"] == " ".join(names)
        for one in root.iter("rect"):
            assert -3 <= float(one.attrib["x"]) <= width
            assert float(one.attrib["x"]) + float(one.attrib["width"]) <= width + 3
        found.append(root)
    assert found
    return found


def written(root: ElementTree.Element) -> list[str]:
    """All that is written in an SVG."""
    return [one.text or "" for one in root.iter("text")]


def facts(root: ElementTree.Element) -> str:
    """What it shows, in words."""
    return root.findtext("desc") or ""
