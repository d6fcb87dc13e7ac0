"""Drawings drawn again."""

from __future__ import annotations

import importlib.util
import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from value_samples import MARKUP, drawing

from autograder.pages.pictures import LARGEST, is_drawing, picture

pytest.importorskip("matplotlib")


def axes(**things: Any) -> dict[str, Any]:
    return {"axes": [things]}


def line(*y: float, **more: Any) -> dict[str, Any]:
    return {"x": np.arange(len(y), dtype=float), "y": np.array(y), **more}


def svg(value: dict[str, Any]) -> str:
    drawn = picture(value)
    assert drawn is not None
    ElementTree.fromstring(drawn.svg)  # it is whole
    return drawn.svg


BARS = {
    "x": np.array([-0.4, 0.6]),
    "y": np.zeros(2),
    "width": np.full(2, 0.8),
    "height": np.array([3.0, 1.0]),
    "label": "fruit",
}
EVERYTHING = {
    "title": "All of it",
    "axes": [
        {
            "title": "Left",
            "xlabel": "x axis",
            "ylabel": "y axis",
            "xlim": (0.0, 5.0),
            "yscale": "log",
            "lines": [line(1, 2, 4, label="doubling")],
            "points": [line(1, 3)],
            "texts": [{"text": "here", "x": 1.0, "y": 2.0}],
            "legend": ["doubling"],
        },
        {"bars": [BARS], "xticks": ["apples", "pears"]},
        {"images": [np.arange(6.0).reshape(2, 3)]},
        {"wedges": [90.0, 270.0]},
    ],
}


def test_everything_is_drawn_with_its_words() -> None:
    drawn = svg(EVERYTHING)
    for word in ("All of it", "Left", "x axis", "y axis", "doubling", "here", "apples", "pears", "fruit"):
        assert (f">{word}</text>" in drawn) == (word != "fruit")  # it asks for no legend
    said = picture(EVERYTHING)
    assert said is not None
    assert said.alt == (
        "titled “All of it”; 1 line (“doubling”) and 1 set of points, titled “Left”, x axis “x axis”, y axis “y axis”;"
        " 1 set of bars (“fruit”); 1 image; 2 wedges"
    )


def test_it_takes_its_colours_from_the_page_and_asks_for_nothing() -> None:
    drawn = svg(EVERYTHING)
    assert "currentColor" in drawn
    assert "#0a0b0c" not in drawn
    assert "font-family" not in drawn
    for part in ("http", "<style", "<metadata", "<image", "<script", "xmlns", "data:"):
        assert part not in drawn


def test_names_are_its_own_and_each_is_there() -> None:
    one, other = svg(axes(lines=[line(1, 2)])), svg(axes(lines=[line(1, 2), line(2, 3)]))
    names = [set(re.findall(r' id="([^"]+)"', drawn)) for drawn in (one, other)]
    assert names[0]
    assert not names[0] & names[1]
    for drawn, own in zip((one, other), names, strict=True):
        used = set(re.findall(r'href="#([^"]+)"', drawn)) | set(re.findall(r"url\(#([^)]+)\)", drawn))
        assert used == own
        assert len(re.findall(r' id="', drawn)) == len(own)


def test_the_same_data_gives_the_same_picture() -> None:
    assert svg(EVERYTHING) == svg(EVERYTHING)


def test_texts_are_texts() -> None:
    drawn = svg(drawing(1.0, MARKUP))
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "\x1b" not in drawn
    formula = svg(
        axes(title=r"$\frac{1}{0}$ $x", xlabel="$", lines=[line(1, 2, label=r"$\alpha$")], legend=["a"])
    )
    assert r"$\frac{1}{0}$ $x" in formula
    assert r"$\alpha$" in formula


def test_numbers_at_a_scale_of_powers_are_written_out() -> None:
    drawn = svg(axes(yscale="log", lines=[line(0.01, 1, 1000)]))
    assert ">1000</text>" in drawn
    assert "mathdefault" not in drawn


@pytest.mark.parametrize(
    "value",
    [
        axes(lines=[line(1e308, -1e308, float("nan"))], xlim=(1e308, -1e308)),
        axes(lines=[line(float("inf"), 1)], yscale="log"),
        axes(lines=[{"x": "a", "y": 3}, 5, None], points="none", bars={}, texts=[{}], images=[None, "x"]),
        axes(lines=[{"x": [1, 2, 10**400], "y": [1, "2"]}], title=7, xlabel=["a"], wedges=["a", None]),
        axes(xlim=(0, 0), ylim=("a", "b"), xscale="nonsense", xticks=[1, 2], legend=5),
        axes(xscale="log", xlim=(-1.0, 5.0), lines=[line(-1, 0, 5)]),
        axes(lines=[line(*range(50_000), label="m" * 1000)] * 500, xticks=["t" * 1000] * 1000),
        axes(points=[line(*range(50_000))] * 500, texts=[{"text": "t" * 1000, "x": 0.0, "y": 0.0}] * 500),
        axes(
            bars=[{"x": np.arange(50_000)} | dict.fromkeys(("y", "width", "height"), np.ones(50_000))] * 100
        ),
        axes(
            bars=[{"x": np.zeros((3, 3)), "y": None}],
            images=[np.zeros((3, 4, 5, 6)), np.zeros((2000, 3000, 3))],
        ),
        axes(wedges=[0.0, 0.0]),
        axes(lines=[{"x": np.array(["a", "b"]), "y": np.array([1 + 2j, 3])}]),
        {"axes": [{}] * 1000},
        {"axes": []},
        {"axes": ["a", 1]},
    ],
    ids=lambda value: type(value).__name__,
)
def test_nonsense_is_drawn_as_far_as_it_goes_or_not_at_all(value: dict[str, Any]) -> None:
    drawn = picture(value)
    assert drawn is None or len(drawn.svg) <= LARGEST
    assert drawn is None or len(drawn.alt) < 2000


def test_of_many_points_some_are_drawn_within_the_limits() -> None:
    many = svg(axes(lines=[line(*np.sin(np.arange(50_000)))], points=[line(*range(2000))]))
    assert len(many) <= LARGEST


def test_what_a_drawing_is() -> None:
    assert is_drawing({"axes": []})
    assert is_drawing(EVERYTHING)
    for other in (
        {},
        {"axes": 1},
        {"axes": [1]},
        {"axes": [{"height": 1}]},
        {"axes": [], "b": 1},
        [],
        None,
        {"a": 1},
    ):
        assert not is_drawing(other)


def test_without_matplotlib_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find(name)
    )
    assert picture(EVERYTHING) is None


def test_what_a_notebook_has_set_changes_nothing() -> None:
    import matplotlib

    before = svg(EVERYTHING)
    with matplotlib.rc_context(
        {"text.usetex": True, "svg.fonttype": "path", "axes.facecolor": "red", "font.size": 40}
    ):
        assert svg(EVERYTHING) == before
        assert matplotlib.rcParams["font.size"] == 40
