"""Small multiples: maps and bars by one scale."""

from __future__ import annotations

import numpy as np
from pictured import facts, svgs, written

from autograder.drawing.multiples import multiples

WORDS = ["tennis", "is"]


def test_vectors_become_bars_by_one_scale() -> None:
    picture = multiples({"times 1": [0.5, 0.25], "times 9": [1.0, -0.5]}, WORDS, "Softmax")
    first, second = svgs(picture)
    assert [float(bar.attrib["width"]) for bar in first.iter("rect")] == [45, 22.5]
    assert [bar.attrib["fill"] for bar in second.iter("rect")] == ["#4f86f0", "none"]
    assert written(first) == ["times 1", "tennis", "0.50", "is", "0.25"]
    assert picture.text == "Softmax\ntimes 1: tennis 0.50, is 0.25\ntimes 9: tennis 1.00, is −0.50\n"
    assert ">Softmax</div>" in picture.html


def test_matrices_become_maps_with_a_word_on_how_to_read_them() -> None:
    picture = multiples({"a": np.eye(2), "b": [[0.1, -0.9], [0.3, 0.2]]}, WORDS)
    first, second = svgs(picture)
    assert facts(first) == "tennis largest at tennis (1), is largest at is (1)."
    assert facts(second) == "tennis largest at tennis (0.10), is largest at tennis (0.30)."
    assert "hollow orange ones are negative." in picture.html


def test_labels_may_be_left_out() -> None:
    (root,) = svgs(multiples({"a": [[0.0, 1.0]]}))
    assert written(root) == ["a"]
    assert facts(root) == "row 0 largest at column 1 (1)."
    assert multiples({"v": [1, 2]}).text == "v: 1, 2\n"
