"""The shapes of a product."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pictured import facts, svgs, written

from autograder.drawing.admitted import UndrawableError
from autograder.drawing.products import product

SCORES = {"Query": (10, 6), "Keyᵀ": np.zeros((6, 10))}


def test_boxes_are_to_scale_and_say_their_sizes() -> None:
    picture = product(SCORES, "scores")
    (root,) = svgs(picture)
    boxes = [(float(one.attrib["height"]), float(one.attrib["width"])) for one in root.iter("rect")]
    assert boxes == [(110, 66), (66, 110), (110, 110)]
    assert {"Query", "@", "Keyᵀ", "=", "scores", "10 × 6", "6 × 10", "10 × 10"} <= set(written(root))
    assert picture.text == (
        "Query 10 × 6 @ Keyᵀ 6 × 10 = scores 10 × 10\n"
        "The sizes that meet are the same (6) and vanish; 10 rows and 10 columns stay.\n"
    )


def test_a_number_is_made_of_a_row_and_a_column() -> None:
    (root,) = svgs(product(SCORES, "scores", cell=(6, 3)))
    marked = [one for one in root.iter("rect") if one.get("fill-opacity") is None]
    assert [(one.attrib["height"], one.attrib["width"]) for one in marked] == [
        ("11", "66"),
        ("66", "11"),
        ("11", "11"),
    ]
    assert facts(root).endswith("The number at [6, 3] is made of row 6 of Query and column 3 of Keyᵀ.")


def test_three_factors_and_one_row() -> None:
    assert (
        "(12, 8) and vanish; 1 row and 6 columns stay"
        in product({"a": (1, 12), "b": (12, 8), "c": (8, 6)}).text
    )


@pytest.mark.parametrize(
    ("factors", "cell", "told"),
    [
        ({"a": (1, 2)}, None, "two factors or more"),
        ({"a": (1, 2), "b": (3, 4)}, None, "“a” has 2 columns and “b” has 3 rows"),
        ({"a": None, "b": (3, 4)}, None, r"“a” should be a shape such as \(10, 6\)"),
        ({"a": (1, 2, 3), "b": (3, 4)}, None, "a shape of two sizes"),
        ({"a": (1, 2), "b": (2, 4)}, (1, 0), r"there is no cell \[1, 0\]"),
        ({"a": (1, 2), "b": (2, 4)}, 7, "a row and a column"),
    ],
)
def test_what_is_no_product_is_told(factors: Any, cell: Any, told: str) -> None:
    with pytest.raises(UndrawableError, match=told):
        product(factors, cell=cell)
