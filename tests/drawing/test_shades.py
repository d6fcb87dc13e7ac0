"""Shades can be told apart, and what is written on them can be read, in every notebook's theme."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.drawing import shades

# The ground and the ink of: JupyterLab light and dark, VS Code dark, Colab dark, and the kit's own pages.
THEMES = {
    "JupyterLab": ("#ffffff", "#212121"),
    "JupyterLab dark": ("#111111", "#ffffff"),
    "VS Code dark": ("#1e1e1e", "#cccccc"),
    "Colab dark": ("#383838", "#d5d5d5"),
    "pages": ("#ffffff", "#14171c"),
    "pages dark": ("#0f1115", "#e6e9ee"),
}


def channels(colour: str) -> np.ndarray:
    return np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255


def luminance(colour: np.ndarray) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def over(colour: str, alpha: float, ground: str) -> np.ndarray:
    return channels(colour) * alpha + channels(ground) * (1 - alpha)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("depth", [-1.0, -0.5, 0.5, 1.0])
def test_a_number_can_be_read_on_its_shade(theme: str, depth: float) -> None:
    ground, ink = THEMES[theme]
    alpha = float(re.findall(r"[\d.]+", shades.ground(depth))[-1])
    shaded = over(shades.POSITIVE if depth > 0 else shades.NEGATIVE, alpha, ground)
    assert contrast(shaded, channels(ink)) >= 4.5


@pytest.mark.parametrize(
    ("ground", "sign"), [("#ffffff", "#b0211a"), ("#111111", "#ff9c92"), ("#1e1e1e", "#ff9c92")]
)
def test_the_sign_of_a_wrong_cell_can_be_read_on_the_deepest_shade_of_a_page(ground: str, sign: str) -> None:
    rules = re.findall(r"(\w\d) \{ background: rgba\((\d+),(\d+),(\d+),([\d.]+)\)", shades.rules("td"))
    assert [name for name, *_ in rules] == [f"{kind}{level}" for kind in "pn" for level in range(1, 7)]
    for name, *_, alpha in rules:
        colour = shades.POSITIVE if name[0] == "p" else shades.NEGATIVE
        assert contrast(over(colour, float(alpha), ground), channels(sign)) >= 4.5


def test_the_deeper_half_is_told_where_there_are_no_colours() -> None:
    assert [name for name in ("", "p1", "n3", "p4", "n6") if shades.is_deep(name)] == ["p4", "n6"]
    assert shades.names(np.array([[1.0, -1.0, 0.0]])) == [["p6", "n6", ""]]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colour", [shades.POSITIVE, shades.NEGATIVE])
def test_lines_and_squares_are_seen(theme: str, colour: str) -> None:
    assert contrast(channels(colour), channels(THEMES[theme][0])) >= 3


def test_depth_goes_with_the_largest_finite_number() -> None:
    assert shades.depths(np.array([2.0, -4.0, np.inf])).tolist() == [0.5, -1.0, 0.0]
    assert not shades.depths(np.zeros(2)).any()
    assert shades.ground(0.001) == ""
