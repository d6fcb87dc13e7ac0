"""Results side by side."""

from __future__ import annotations

from dataclasses import replace

import function_samples
import numpy as np
import pytest
import report_samples as samples
from page_samples import Page

from autograder.pages.comparison import compare
from autograder.pages.student import student_page


def test_results_of_another_shape_stand_side_by_side_without_marks():
    html = student_page(samples.wrong_shape())
    assert "The shapes differ: yours is 4 × 5, expected is 5 × 4." in Page(html).text
    assert '<td class="wrong' not in html


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (None, np.zeros((2, 2)), "No array should come back: the right answer here is an error."),
        (np.zeros((2, 2)), None, "No array came back from yours"),
        (np.zeros((0, 4)), np.zeros((1, 4)), "Expected holds no numbers: its shape is 0 × 4."),
        (np.zeros((1, 4)), np.zeros((0,)), "Yours holds no numbers: its shape is 0 entries."),
        (np.zeros((2, 2)), np.array(3.0), "yours is a single number, expected is 2 × 2"),
        (np.zeros(4), np.ones(4), "4 cells of 4 differ."),
        (np.zeros((1, 1)), np.array([[1 + 2j]]), "1 cell of 1 differs."),
        (np.zeros((2, 2)), np.zeros((2, 2)), "Your result beside the expected one"),
        (np.zeros((2, 2, 3, 3)), np.ones((2, 2, 3, 3)), "Yours[0, 1]"),
    ],
)
def test_results_of_every_form_have_their_sentence(expected, got, says):
    explanation = function_samples.explanation("a case", {"x": np.zeros(2)}, expected, got, "It is wrong.")
    function = replace(function_samples.unscaled_scores(), explanation=explanation)
    page = Page(student_page(replace(samples.self_attention(), functions=(function,))))
    assert page.faults == []
    assert says in page.text


def test_both_are_shaded_by_the_scale_of_the_expected_one():
    explanation = function_samples.explanation(
        "a case", {"x": np.zeros(2)}, np.array([[1.0, -3.0]]), np.array([[1.0, 900.0]]), "It is wrong."
    )
    found = compare(explanation)
    assert found.shades == "the deeper a shade, the larger the number; orange is below 0"
    assert [
        [entry.shade for entry in side.tables[0].rows[0].entries] for side in (found.got, found.expected)
    ] == [
        ["p2", "p6"],
        ["p2", "n6"],
    ]


def test_words_are_not_shaded():
    words = np.array(["a", "b"])
    explanation = function_samples.explanation("a case", {"x": np.zeros(2)}, None, None, "It is wrong.")
    assert not compare(replace(explanation, got=words, expected=words[::-1])).shades
