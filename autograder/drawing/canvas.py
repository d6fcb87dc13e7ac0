"""Pieces of SVG as texts, and the frame that pictures stand in."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

SIZE: Final = 13  # of ordinary writing, pixels
SMALL: Final = 11
_FONT: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Liberation Sans',Arial,sans-serif"
_WIDE, _NARROW = "mwMW@%—∞", "ijlt.,:;'|!()[] fr1I"
QUIET: Final = 0.72  # of the ink, for what is not to be read first


@dataclass(frozen=True)
class Picture:
    """What a notebook shows: HTML for one that draws, text for one that does not."""

    html: str
    text: str


def tag(name: str, content: str = "", **attributes: object) -> str:
    """One element; `_` in the name of an attribute stands for `-`, `content` is mark-up already."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>"


def _value(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else escape(str(value))


def words(
    text: str,
    x: float,
    y: float,
    *,
    anchor: str = "start",
    size: int = SIZE,
    bold: bool = False,
    quiet: bool = False,
) -> str:
    """Writing whose middle line is at `y`."""
    return tag(
        "text",
        escape(text),
        x=float(x),
        y=float(y) + 0.36 * size,
        text_anchor=None if anchor == "start" else anchor,
        font_size=None if size == SIZE else size,
        font_weight=600 if bold else None,
        fill_opacity=QUIET if quiet else None,
    )


def arrow(line: str, head: str) -> str:
    """A line that ends in a head, each as SVG writes a path."""
    drawn = tag("path", d=line, fill="none", stroke="currentColor", stroke_opacity=0.7, stroke_width=1.5)
    return drawn + tag("path", d=head, fill="currentColor", fill_opacity=0.8)


def arrow_down(x: float, y: float, to_x: float, to_y: float) -> str:
    """A curved arrow downwards."""
    middle = (y + to_y) / 2
    return arrow(
        f"M{x:.1f} {y:.1f}C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y - 6:.1f}",
        f"M{to_x - 4.5:.1f} {to_y - 7:.1f}h9l-4.5 7z",
    )


def width_of(text: str, size: int = SIZE, *, bold: bool = False) -> float:
    """About how wide a text is in pixels, rather too much than too little."""
    units = sum(1.0 if sign in _WIDE else 0.4 if sign in _NARROW else 0.64 for sign in text)
    return units * size * (1.1 if bold else 1.0)


def widest(texts: Iterable[str], size: int = SIZE) -> float:
    """About how wide the widest of these is."""
    return max((width_of(text, size) for text in texts), default=0.0)


def svg(parts: Sequence[str], width: float, height: float, title: str, facts: str) -> str:
    """A whole SVG, as wide as it is drawn or as the page has room, with its title and what it shows in words."""
    drawn = "".join(parts)
    own = f"drawing-{zlib.crc32(f'{title}{facts}{drawn}'.encode()):08x}"
    return tag(
        "svg",
        tag("title", escape(title), id=f"{own}-title")
        + tag("desc", escape(facts), id=f"{own}-facts")
        + drawn,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        role="img",
        aria_labelledby=f"{own}-title {own}-facts",
        font_family=_FONT,
        font_size=SIZE,
        fill="currentColor",
        style=f"width:{width:.0f}px;max-width:100%;height:auto;flex:none",
    )


def frame(parts: Sequence[str], text: str) -> Picture:
    """Drawings beside each other as far as the page has room, and the text that stands for them all."""
    style = "display:flex;flex-wrap:wrap;gap:16px 32px;align-items:flex-start;padding:4px 0;color:inherit;container-type:inline-size"
    return Picture(tag("div", "".join(parts), class_="autograder-drawing", style=style), text)
