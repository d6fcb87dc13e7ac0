"""Vectors as strips of cells."""

from __future__ import annotations

import numpy as np
import pytest
from pictured import facts, svgs, written

from autograder.drawing.admitted import UndrawableError
from autograder.drawing.strips import strips


def test_short_vectors_show_their_numbers() -> None:
    picture = strips({"tennis": [0.5, -1.25], "player": [2, float("-inf")]}, "Embeddings")
    (root,) = svgs(picture)
    assert written(root) == ["Embeddings", "tennis", "0.50", "−1.25", "player", "2", "−∞"]
    assert facts(root) == "tennis: 0.50, −1.25. player: 2, −∞"
    assert picture.text == "Embeddings\ntennis   0.50 −1.25\nplayer      2    −∞\n"
    assert [one.attrib["fill-opacity"] for one in root.iter("rect") if one.get("fill") != "none"] == [
        "0.1", "0.25", "0.4", "0",
    ]  # fmt: skip


def test_long_vectors_become_bars() -> None:
    (root,) = svgs(strips({"wave": np.sin(np.arange(40))}))
    assert written(root) == ["wave"]
    assert facts(root) == "wave: 40 numbers from −1.00 to 1.00"
    assert len(list(root.iter("rect"))) == 41


def test_a_matrix_is_no_vector() -> None:
    with pytest.raises(
        UndrawableError, match=r"“a” should be a vector of numbers, and has the shape \(2, 2\)"
    ):
        strips({"a": np.eye(2)})
