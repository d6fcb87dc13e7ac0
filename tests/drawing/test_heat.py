"""Heat maps: tables that are read by eye, by ear and as plain text."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.drawing.admitted import UndrawableError
from autograder.drawing.heat import heat_map

WORDS = ["Carlos", "is", "skilled"]
SCORES = np.array([[0.5, -2.25, 0.001], [1.0, 0.25, 0.0], [0.0, -0.5, float("-inf")]])


def test_every_number_stands_in_a_table_with_headings() -> None:
    html = heat_map(WORDS, ["a", "b", "philanthropist"], {"Scores & <b>": SCORES}).html
    assert "<caption>Scores &amp; &lt;b&gt;</caption>" in html
    assert re.findall(r'<th scope="row">(\w+)</th>', html) == WORDS
    assert re.findall(r'<th scope="col">(\w+)</th>', html) == ["a", "b", "philanthropist"]
    cells = re.findall(r"<td(?: style=[^>]*)?>(?:<b>)?([^<]+)", html)
    assert cells == ["0.50", "−2.25", "0.00", "1.00", "0.25", "0.00", "0.00", "−0.50", "−∞"]


def test_the_largest_of_a_row_is_bold_and_the_deepest_shade_is_the_largest_of_all() -> None:
    html = heat_map(WORDS, list("abc"), {"Scores": SCORES}).html
    assert re.findall(r"<b>([^<]+)</b>", html) == ["0.50", "1.00", "0.00"]
    assert 'style="background:rgba(217,112,15,0.4)">−2.25<' in html
    assert "<td>−∞</td>" in html


def test_plain_text_has_the_same_numbers() -> None:
    assert heat_map(WORDS[:2], list("ab"), {"One": np.eye(2), "Two": 2 * np.eye(2)}).text == (
        "One\n                     a      b\n         Carlos     1*     0 \n             is     0      1*\n"
        "Two\n                     a      b\n         Carlos     2*     0 \n             is     0      2*\n"
    )


def test_whole_numbers_have_no_decimals_and_short_headings_stand_upright() -> None:
    html = heat_map(["cat"], ["dog"], {"One": [[3]]}).html
    assert ">3<" in html
    assert 'class="heat-map short"' in html
    assert 'class="heat-map"' in heat_map(["cat"], ["mouse"], {"One": [[3]]}).html


@pytest.mark.parametrize(("rows", "columns"), [(["a"], ["a", "b"]), (["a", "b"], ["a"]), ("ab", ["a", "b"])])
def test_labels_have_to_fit(rows: list[str], columns: list[str]) -> None:
    with pytest.raises(UndrawableError, match="of “One”"):
        heat_map(rows, columns, {"One": np.eye(2)})
