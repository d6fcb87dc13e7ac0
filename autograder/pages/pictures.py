"""The data of a drawing drawn again, as SVG inside the page: on light and dark ground, with words for who cannot see it.

The data is an answer like any other and believed no further: whatever is not of the expected form is passed over,
texts are text and never formulas, and of many points some are drawn. No font, style or image is asked for.
"""

from __future__ import annotations

import importlib.util
import io
import re
import warnings
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograder.pages.literals import printable
from autograder.words import clipped, counted, listed

if TYPE_CHECKING:
    from xml.etree import ElementTree

MOST_AXES: Final = 4
MOST_ARTISTS: Final = 12  # of one kind on one pair of axes
MOST_POINTS: Final = 400  # of one line
MOST_MARKS: Final = 300  # points of all clouds, bars of all charts
MOST_CELLS: Final = 16  # along one side of an image
MOST_TICKS: Final = 40
MOST_TEXT: Final = 60
LARGEST: Final = 60_000  # characters of the SVG of one drawing
_FARTHEST: Final = 1e100  # beyond it arithmetic with limits overflows

_KNOWN: Final = frozenset(
    [
        "title",
        "xlabel",
        "ylabel",
        "xlim",
        "ylim",
        "xscale",
        "yscale",
        "xticks",
        "yticks",
        "lines",
        "points",
        "bars",
        "images",
        "wedges",
        "texts",
        "legend",
        "others",
    ]
)
_INK: Final = "#0a0b0c"  # stands for the colour of the text around
# Each is told from white and from the dark ground by a contrast of three to one.
_COLOURS: Final = ("#4f74d9", "#c9701c", "#218a60", "#c2488c", "#8466cf", "#7b8190")
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Picture:
    """A drawing as inline SVG."""

    svg: str  # safe to stand in a page as it is
    alt: str  # what is drawn, in words


def is_drawing(value: object) -> bool:
    """Whether a value is the data of a drawing."""
    return (
        type(value) is dict
        and set(value) <= {"axes", "title"}
        and type(value.get("axes")) is list
        and all(type(axes) is dict and set(axes) <= _KNOWN for axes in value["axes"])
    )


def picture(value: Mapping[str, Any]) -> Picture | None:
    """The drawing; None where it cannot be drawn, or there is no matplotlib."""
    if importlib.util.find_spec("matplotlib") is None:
        return None
    axes = [one for one in value["axes"] if isinstance(one, dict)][:MOST_AXES]
    if not axes:
        return None
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of glyphs that a font has not; browsers have them
            drawn = _drawn(axes, _text(value.get("title")))
        svg = _inline(drawn)
    except Exception:  # extreme numbers make matplotlib raise anything; then the tree is shown alone
        return None
    return Picture(svg, _in_words(value)) if len(svg) <= LARGEST else None


# ---------------------------------------------------------------------------------------------- drawing


def _drawn(axes: Sequence[Mapping[str, Any]], title: str) -> bytes:
    """The SVG as matplotlib writes it."""
    from cycler import cycler
    from matplotlib import style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    look = {
        "text.parse_math": False,
        "text.usetex": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "autograder",
        "path.simplify": True,
        "font.size": 10,
        **dict.fromkeys(
            ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), _INK
        ),
        "axes.prop_cycle": cycler(color=_COLOURS),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "legend.framealpha": 0,
        "legend.edgecolor": "none",
        "legend.fontsize": 9,
    }
    columns = min(2, len(axes))
    rows = -(-len(axes) // columns)
    with style.context(["default", look]):
        figure = Figure(figsize=(4.4 * columns, 3.2 * rows), layout="constrained")
        figure.patch.set_visible(False)
        if title:
            figure.suptitle(title)
        for place, data in enumerate(axes, 1):
            _draw(figure.add_subplot(rows, columns, place), data)
        file = io.BytesIO()
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(file, metadata={"Date": None})
    return file.getvalue()


def _draw(axes: Any, data: Mapping[str, Any]) -> None:
    """One pair of axes."""
    axes.patch.set_visible(False)
    lines, clouds, charts = (_things(data, kind) for kind in ("lines", "points", "bars"))
    for line in lines:
        x, y = _pair(line, MOST_POINTS // max(1, len(lines) // 2))
        axes.plot(x, y, "-", label=_label(line), marker="." if len(x) == 1 else "")
    for points in clouds:
        x, y = _pair(points, MOST_MARKS // len(clouds))
        axes.plot(x, y, "o", markersize=4.5, label=_label(points))
    for bars in charts:
        most = MOST_MARKS // len(charts)
        x, y, width, height = (_numbers(bars.get(key), most) for key in ("x", "y", "width", "height"))
        count = min(map(len, (x, y, width, height)))
        axes.bar(
            x[:count], height[:count], width=width[:count], bottom=y[:count], align="edge", label=_label(bars)
        )
    for image in _all(data, "images"):
        _draw_image(axes, image)
    wedges = _numbers(_all(data, "wedges"), MOST_MARKS)
    if len(wedges):
        axes.pie(np.abs(wedges), normalize=True)
    for text in _things(data, "texts"):
        x, y = text.get("x"), text.get("y")
        if isinstance(x, int | float) and isinstance(y, int | float) and abs(x) + abs(y) < _FARTHEST:
            axes.text(float(x), float(y), _text(text.get("text")), clip_on=True)
    _label_axes(axes, data)


def _draw_image(axes: Any, image: Any) -> None:
    """An image as squares; of a large one, some of its pixels."""
    if isinstance(image, np.ndarray) and image.ndim in (2, 3) and image.size:
        steps = [max(1, -(-size // MOST_CELLS)) for size in image.shape[:2]]
        sides = [np.arange(0, size + step, step) for size, step in zip(image.shape[:2], steps, strict=True)]
        shown = _array(image[:: steps[0], :: steps[1]])
        if shown.ndim == 3:
            shown = shown[:, :, :4].mean(axis=2)
        axes.pcolormesh(
            sides[1][: shown.shape[1] + 1] - 0.5, sides[0][: shown.shape[0] + 1] - 0.5, shown, cmap="viridis"
        )
        axes.invert_yaxis()


def _label_axes(axes: Any, data: Mapping[str, Any]) -> None:
    axes.set_title(_text(data.get("title")))
    axes.set_xlabel(_text(data.get("xlabel")))
    axes.set_ylabel(_text(data.get("ylabel")))
    for side, set_scale, set_limits, set_ticks in (
        ("x", axes.set_xscale, axes.set_xlim, axes.set_xticks),
        ("y", axes.set_yscale, axes.set_ylim, axes.set_yticks),
    ):
        _scale(getattr(axes, f"{side}axis"), set_scale, data.get(f"{side}scale"))
        limits = _numbers(data.get(f"{side}lim"), 2)
        if len(limits) == 2 and np.all(np.isfinite(limits)) and limits[0] != limits[1]:
            set_limits(*limits)
        words = [_text(word, 20) for word in _all(data, f"{side}ticks")[:MOST_TICKS]]
        places = _tick_places(data, side, len(words))
        if words and len(places) == len(words):
            set_ticks(places, words, rotation=45 if side == "x" and sum(map(len, words)) > 40 else 0)
    if "legend" in data and axes.get_legend_handles_labels()[0]:
        axes.legend()


def _scale(axis: Any, set_scale: Callable[[str], object], scale: object) -> None:
    if scale in ("log", "symlog"):
        from matplotlib.ticker import FuncFormatter, NullFormatter

        set_scale(str(scale))
        # matplotlib's own are formulas.
        axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:g}".replace("-", "−")))
        axis.set_minor_formatter(NullFormatter())


def _tick_places(data: Mapping[str, Any], side: str, count: int) -> Any:
    """Where words at the ticks stand: under the bars, at the points, else from 0 on."""
    if side == "x":
        for bars in _things(data, "bars"):
            x, width = (_numbers(bars.get(key), MOST_MARKS) for key in ("x", "width"))
            if len(x) == len(width) == count:
                return x + width / 2
    for line in (*_things(data, "lines"), *_things(data, "points")):
        along = _numbers(line.get(side), MOST_MARKS)
        if len(along) == count and np.all(np.isfinite(along)):
            return along
    return np.arange(count)


# --------------------------------------------------------------------------------- what may be believed


def _all(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key)
    return list(found[:MOST_MARKS]) if isinstance(found, list | tuple) else []


def _things(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    return [one for one in _all(data, key) if isinstance(one, dict)][:MOST_ARTISTS]


def _label(thing: Mapping[str, Any]) -> str | None:
    return _text(thing.get("label"), 30).lstrip("_") or None


def _pair(thing: Mapping[str, Any], most: int) -> tuple[Any, Any]:
    """Both coordinates of a line or a cloud, of many points some, evenly."""
    x, y = (_array(thing.get(key)).ravel() for key in ("x", "y"))
    count = min(len(x), len(y))
    if count > most:
        keep = np.linspace(0, count - 1, most).astype(int)
        return x[keep], y[keep]
    return x[:count], y[:count]


def _numbers(value: Any, most: int) -> Any:
    return _array(value).ravel()[:most]


def _array(value: Any) -> Any:
    """Numbers as an array of floats, nan for those too large to draw; empty where they are none."""
    if isinstance(value, list | tuple):
        value = value[: 10 * MOST_POINTS]
        if not all(isinstance(one, int | float | np.generic) for one in value):
            return np.empty(0)
    elif not isinstance(value, np.ndarray):
        return np.empty(0)
    try:
        numbers = np.array(value, dtype=float)
    except (ValueError, TypeError, OverflowError):
        return np.empty(0)
    return np.where(np.abs(numbers) < _FARTHEST, numbers, np.nan)


def _text(value: object, most: int = MOST_TEXT) -> str:
    return printable(" ".join(clipped(value, 4 * most).split()))[:most] if isinstance(value, str) else ""


# ------------------------------------------------------------------------------------------------- inline


def _inline(svg: bytes) -> str:
    """The SVG as a part of a page: no names but its own, no colours but the page's for what is ink, no font."""
    from xml.etree import ElementTree  # a self-check that draws nothing starts without it

    own = f"drawing-{zlib.crc32(svg):08x}"  # another picture on the page has other names
    root = ElementTree.fromstring(svg)
    used = {link.removeprefix("#") for one in root.iter() if (link := one.get(_LINK))}
    used |= set(re.findall(r"url\(#([^)]+)\)", svg.decode()))
    names = {name: f"{own}-{number}" for number, name in enumerate(sorted(used))}
    for parent in list(root.iter()):
        for child in list(parent):
            if (
                child.tag == f"{_SVG}style"
                or not child.tag.startswith(_SVG)
                or child.tag == f"{_SVG}metadata"
            ):
                parent.remove(child)
    for element in root.iter():
        _make_plain(element, names)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("stroke-linejoin", "round")
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
    return re.sub(r' xmlns(:\w+)?="[^"]*"|\n *', "", text)  # HTML knows what an svg is


def _make_plain(element: ElementTree.Element, names: Mapping[str, str]) -> None:
    element.tag = element.tag.removeprefix(_SVG)
    link, own = element.attrib.pop(_LINK, None), element.attrib.pop("id", None)
    if own is not None and own in names:
        element.set("id", names[own])
    if link is not None:
        element.set("href", f"#{names[link.removeprefix('#')]}")
    for key, value in list(element.attrib.items()):
        value = re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{names[found[1]]})", value)
        if key == "style":
            value = re.sub(r"font(-family)?: [^;]*'[^;]*; ", lambda found: _font(found[0]), value)
            value = value.replace(_INK, "currentColor")
        element.set(key, value)


def _font(said: str) -> str:
    """The size of a font alone."""
    size = re.search(r"[\d.]+px", said)
    return f"font-size: {size[0]}; " if size else ""


# ---------------------------------------------------------------------------------------------- in words


def _in_words(value: Mapping[str, Any]) -> str:
    """What is drawn, for who cannot see it."""
    title = _text(value.get("title"))
    parts = [_axes_in_words(axes) for axes in value["axes"][:MOST_AXES]]
    said = [f"titled “{title}”"] if title else []
    return "; ".join([*said, *parts])


def _axes_in_words(data: Mapping[str, Any]) -> str:
    kinds = {
        "lines": "line",
        "points": "set of points",
        "bars": "set of bars",
        "images": "image",
        "wedges": "wedge",
    }
    plural = {"points": "sets of points", "bars": "sets of bars"}
    things = []
    for key, noun in kinds.items():
        found = _all(data, key)
        if found:
            labels = [f"“{label}”" for one in found if isinstance(one, dict) and (label := _label(one))]
            named = f" ({listed(labels[:6])})" if labels else ""
            things.append(f"{counted(len(found), noun, plural.get(key, ''))}{named}")
    said = [listed(things) if things else "empty axes"]
    for key, what in (("title", "titled"), ("xlabel", "x axis"), ("ylabel", "y axis")):
        if text := _text(data.get(key)):
            said.append(f"{what} “{text}”")
    return ", ".join(said)
