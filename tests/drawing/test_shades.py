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


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("depth", [-1.0, -0.5, 0.5, 1.0])
def test_a_number_can_be_read_on_its_shade(theme: str, depth: float) -> None:
    ground, ink = map(channels, THEMES[theme])
    *rgb, alpha = (float(one) for one in re.findall(r"[\d.]+", shades.ground(depth)))
    shaded = np.array(rgb) / 255 * alpha + ground * (1 - alpha)
    assert contrast(shaded, ink) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colour", [shades.POSITIVE, shades.NEGATIVE])
def test_lines_and_squares_are_seen(theme: str, colour: str) -> None:
    assert contrast(channels(colour), channels(THEMES[theme][0])) >= 3


def test_depth_goes_with_the_largest_finite_number() -> None:
    assert shades.depths(np.array([2.0, -4.0, np.inf])).tolist() == [0.5, -1.0, 0.0]
    assert not shades.depths(np.zeros(2)).any()
    assert shades.ground(0.001) == ""
