"""A drawing as data: what a call draws with matplotlib, read off the figure and bounded before anything is copied.

The data of a figure is a dictionary with a list `axes`, in the order in which they were made, and, where it has one,
its `title`. Each of the axes is a dictionary of what is on it: `lines`, `points`, `bars`, `images`, `wedges`, `texts`,
`legend`, and the names of other artists in `others`; and of what was set: `title`, `xlabel`, `ylabel`, `xlim`, `ylim`,
`xscale`, `yscale`, `xticks`, `yticks`. What is not there, or was left to matplotlib, has no key.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np

MODULE: Final = "matplotlib.pyplot"
NEEDED: Final = ("matplotlib",)  # what a notebook that draws imports, and does get
DRAWING: Final = frozenset({"matplotlib", "seaborn", "mpl_toolkits"})  # modules that load it
MAX_AXES: Final = 32
MAX_ARTISTS: Final = 500  # of a figure
MAX_POINTS: Final = 50_000  # of all its artists together
MAX_TEXT: Final = 1000  # characters of a title, a label or a text on it
_COLORBAR: Final = "<colorbar>"
_LIKE_POINTS: Final = ("None", "none", " ", "", None)


class TooMuchDrawnError(ValueError):
    """A drawing holds more than what is looked at."""


def lacking() -> bool:
    """Whether there is no matplotlib."""
    return importlib.util.find_spec("matplotlib") is None


def load() -> None:
    """Imports matplotlib where there is no folder that it could write to: it keeps no list of fonts then."""
    import logging
    import tempfile

    nowhere = f"{os.devnull}/matplotlib"
    log = logging.getLogger("matplotlib")
    before, level = os.environ.get("MPLCONFIGDIR"), log.level
    os.environ["MPLCONFIGDIR"] = nowhere
    log.setLevel(logging.ERROR)
    try:
        with _replaced(tempfile, "mkdtemp", lambda **_: nowhere):
            importlib.import_module(MODULE)
    finally:
        log.setLevel(level)
        if before is None:
            os.environ.pop("MPLCONFIGDIR", None)
        else:
            os.environ["MPLCONFIGDIR"] = before


@contextlib.contextmanager
def unshown() -> Iterator[None]:
    """Nothing is shown and no file is written, whatever asks for it."""
    pyplot = _pyplot()
    from matplotlib.figure import Figure

    with (
        _replaced(pyplot, "show", _nothing),
        _replaced(Figure, "show", _nothing),
        _replaced(Figure, "savefig", _nothing),
    ):
        yield


@contextlib.contextmanager
def _replaced(owner: Any, name: str, other: Any) -> Iterator[None]:
    """Something else in the place of an attribute for a while."""
    before = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _nothing(*_: Any, **__: Any) -> None:
    """Does nothing."""


def drawn(function: Callable[..., Any], args: Sequence[Any]) -> dict[str, Any]:
    """The data of what a call draws: of the figure that it returns, or that its axes are on, else of the current one."""
    pyplot = _pyplot()
    pyplot.close("all")
    try:
        # A figure that was shown and closed is the one that was drawn all the same.
        with unshown(), _replaced(pyplot, "close", _nothing):
            value = function(*args)
        figure = _figure(value)
        if figure is None and pyplot.get_fignums():
            figure = pyplot.gcf()
        return {"axes": []} if figure is None else _Reading().figure(figure)
    finally:
        pyplot.close("all")


def held(value: Any) -> dict[str, Any]:
    """The data of a figure that there is: the one that a value is, or is on, or the current one."""
    if value is None:
        pyplot = _pyplot()
        figure = pyplot.gcf() if pyplot.get_fignums() else None
    else:
        figure = _figure(value)
    return {"axes": []} if figure is None else _Reading().figure(figure)


def put_away() -> None:
    """Begins with no figure, as each cell of a notebook does; what a variable holds is left as it is."""
    with contextlib.suppress(Exception):  # `plt.close = 1` must not break more than itself
        _pyplot().close("all")


def _pyplot() -> Any:
    if lacking():
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
    if MODULE not in sys.modules:
        import matplotlib

        matplotlib.use("Agg")  # no window, and no display needed
    return importlib.import_module(MODULE)


def _figure(value: Any) -> Any:
    """The figure that a returned value is, or is on; of several the first. None where it is no drawing."""
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    waiting, looked_at = [value], 0
    while waiting and looked_at < MAX_ARTISTS:
        one = waiting.pop(0)
        looked_at += 1
        if isinstance(one, Figure):
            return one
        if isinstance(one, Artist):
            figure = one.get_figure()
            return figure if isinstance(figure, Figure) else None
        if isinstance(one, np.ndarray) and one.dtype == object:
            waiting += one.ravel()[:MAX_AXES].tolist()
        elif isinstance(one, list | tuple):
            waiting += one[:MAX_AXES]
    return None


class _Reading:
    """Reads one figure, counting what it has read."""

    def __init__(self) -> None:
        self._points = 0
        self._artists = 0

    def figure(self, figure: Any) -> dict[str, Any]:
        """The data of a figure; TooMuchDrawnError where it holds too much."""
        axes = [one for one in figure.axes if one.get_label() != _COLORBAR]
        if len(axes) > MAX_AXES:
            raise TooMuchDrawnError(f"a drawing with more than {MAX_AXES} axes")
        data: dict[str, Any] = {"axes": [self._axes(one) for one in axes]}
        if title := _text(figure.get_suptitle()):
            data["title"] = title
        return data

    def _axes(self, axes: Any) -> dict[str, Any]:
        children = axes.get_children()
        self._artists += len(children)
        if self._artists > MAX_ARTISTS:
            raise TooMuchDrawnError(f"a drawing of more than {MAX_ARTISTS} things")
        data: dict[str, Any] = {
            key: text
            for key, value in (
                ("title", axes.get_title()),
                ("xlabel", axes.get_xlabel()),
                ("ylabel", axes.get_ylabel()),
            )
            if (text := _text(value))
        }
        data |= self._scales(axes)
        data |= {key: things for key, things in self._things(axes, children).items() if things}
        legend = axes.get_legend()
        if legend is not None:
            data["legend"] = sorted(_text(one.get_text()) for one in legend.get_texts()[:MAX_ARTISTS])
        return data

    def _scales(self, axes: Any) -> dict[str, Any]:
        """Limits, scales and the texts at the ticks, where they were set."""
        data: dict[str, Any] = {}
        for side, axis, automatic in (
            ("x", axes.xaxis, axes.get_autoscalex_on()),
            ("y", axes.yaxis, axes.get_autoscaley_on()),
        ):
            if not automatic:
                low, high = getattr(axes, f"get_{side}lim")()
                data[f"{side}lim"] = (float(low), float(high))
            scale = axis.get_scale()
            if scale != "linear":
                data[f"{side}scale"] = _text(scale)
            if ticks := self._ticks(axis):
                data[f"{side}ticks"] = ticks
        return data

    def _ticks(self, axis: Any) -> list[str]:
        """What stands at the ticks, where that was set or comes of words in the data."""
        from matplotlib.category import StrCategoryFormatter
        from matplotlib.ticker import FixedFormatter, FuncFormatter

        formatter, places = axis.get_major_formatter(), axis.get_majorticklocs()
        if not isinstance(formatter, StrCategoryFormatter | FixedFormatter | FuncFormatter):
            return []
        self._count(len(places))
        return [_text(text) for text in formatter.format_ticks(places)]

    def _things(self, axes: Any, children: Sequence[Any]) -> dict[str, list[Any]]:
        """What is on the axes, by kind; artists that belong to a container are read with it."""
        from matplotlib.container import BarContainer
        from matplotlib.text import Text

        held = {id(part) for one in axes.containers if isinstance(one, BarContainer) for part in one.patches}
        frame = {axes.patch, axes.get_legend(), *axes.spines.values(), axes.xaxis, axes.yaxis}
        apart = held | set(map(id, frame))
        kinds = ("lines", "points", "bars", "images", "wedges", "texts", "others")
        data: dict[str, list[Any]] = {kind: [] for kind in kinds}
        bars = [one for one in axes.containers if isinstance(one, BarContainer)]
        data["texts"] = [self._words(one) for one in axes.texts if one.get_text()]
        drawn = [one for one in children if id(one) not in apart and not isinstance(one, Text)]
        named = _in_legend(axes.get_legend(), [*drawn, *bars])
        data["bars"] = [self._bars(one) | named.get(id(one), {}) for one in bars]
        for one in drawn:
            kind, read = self._thing(one)
            data[kind].append(read | named[id(one)] if id(one) in named else read)
        data["others"].sort()
        return data | {key: _by_label(data[key]) for key in ("lines", "points", "bars")}

    def _thing(self, artist: Any) -> tuple[str, Any]:
        from matplotlib import collections, image, lines, patches

        match artist:
            case lines.Line2D():
                marked = artist.get_linestyle() in _LIKE_POINTS
                return ("points" if marked else "lines"), self._line(artist)
            case collections.PathCollection():
                return "points", self._scattered(artist)
            case image.AxesImage():
                return "images", self._array(artist.get_array())
            case patches.Wedge():
                return "wedges", float(artist.theta2) - float(artist.theta1)
        return "others", _text(type(artist).__name__)

    def _words(self, text: Any) -> dict[str, Any]:
        x, y = (_place(one) for one in text.get_position())
        return {"text": _text(text.get_text()), "x": x, "y": y}

    def _line(self, line: Any) -> dict[str, Any]:
        for data in (line.get_xdata(orig=True), line.get_ydata(orig=True)):
            self._count(_length(data))
        x, y = (_numbers(data) for data in line.get_data(orig=False))
        return {"x": x, "y": y, **_labelled(line)}

    def _scattered(self, points: Any) -> dict[str, Any]:
        offsets = points.get_offsets()
        self._count(2 * _length(offsets))
        places = _numbers(offsets).reshape(-1, 2)
        return {"x": places[:, 0].copy(), "y": places[:, 1].copy(), **_labelled(points)}

    def _bars(self, bars: Any) -> dict[str, Any]:
        """The bars of one call, or of one histogram: where each begins, how wide and how high it is."""
        self._count(4 * len(bars.patches))
        sides = [(bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()) for bar in bars.patches]
        x, y, width, height = np.array(sides, dtype=float).reshape(-1, 4).T.copy()
        return {"x": x, "y": y, "width": width, "height": height, **_labelled(bars)}

    def _array(self, array: Any) -> Any:
        self._count(int(np.size(array)))
        return _numbers(array)

    def _count(self, points: int) -> None:
        self._points += points
        if self._points > MAX_POINTS:
            raise TooMuchDrawnError(f"a drawing of more than {MAX_POINTS} numbers")


def _numbers(data: Any) -> Any:
    """An array of numbers of its own, nan where it is masked."""
    return np.array(np.ma.filled(np.ma.asarray(data, dtype=float), np.nan))


def _place(value: Any) -> float | str:
    """Where a text stands: a number, or a word where the axis has words."""
    return float(value) if isinstance(value, int | float | np.generic) else _text(value)


def _length(data: Any) -> int:
    return len(data) if hasattr(data, "__len__") else 1


def _labelled(artist: Any) -> dict[str, str]:
    """The label, where it has one that a legend would show."""
    label = _text(artist.get_label())
    return {} if not label or label.startswith("_") else {"label": label}


def _in_legend(legend: Any, artists: Sequence[Any]) -> dict[int, dict[str, str]]:
    """The texts that the legend alone gives to what has no label, as `legend(["a", "b"])` does: one after the other."""
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer
    from matplotlib.lines import Line2D

    shown = [one for one in artists if isinstance(one, Line2D | PathCollection | BarContainer)]
    if legend is None or any(map(_labelled, shown)) or len(legend.get_texts()) != len(shown):
        return {}
    pairs = list(zip(shown, legend.legend_handles, legend.get_texts(), strict=True))
    if any(isinstance(one, Line2D) and not _looks_like(one, shown_as) for one, shown_as, _ in pairs):
        return {}  # it was told which is which in another order
    return {id(one): {"label": _text(text.get_text())} for one, _, text in pairs}


def _looks_like(line: Any, handle: Any) -> bool:
    """Whether what stands in a legend is this line, by its colour."""
    return bool(handle.get_color() == line.get_color()) if hasattr(handle, "get_color") else False


def _by_label(things: list[Any]) -> list[Any]:
    """In the order of their labels, where each has one of its own: which was drawn first shows nowhere."""
    labels = [one.get("label") for one in things]
    if None in labels or len(set(labels)) < len(labels):
        return things
    return sorted(things, key=lambda one: str(one["label"]))


def _text(text: Any) -> str:
    return str(text)[:MAX_TEXT]


def as_asked(data: Any, due: Any) -> Any:
    """The data of a drawing without what the one that is due leaves open: a title, limits or a legend of its own."""
    if not (isinstance(data, dict) and isinstance(due, dict)):
        return data
    kept = {key: value for key, value in data.items() if key in due}
    parts, axes = kept.get("axes"), due.get("axes")
    if isinstance(parts, list) and isinstance(axes, list) and len(parts) == len(axes):
        kept["axes"] = [
            {key: value for key, value in part.items() if key in wanted} if isinstance(part, dict) else part
            for part, wanted in zip(parts, axes, strict=True)
        ]
    return kept
