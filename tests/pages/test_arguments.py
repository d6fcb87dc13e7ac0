"""Inputs as code to paste."""

from __future__ import annotations

from dataclasses import replace

import function_samples
import numpy as np
import report_samples as samples

from autograder.pages.arguments import as_code
from autograder.pages.student import student_page


def test_the_inputs_can_be_pasted_and_give_the_same_matrix():
    function = function_samples.unscaled_scores()
    code = as_code(function.name, function.explanation)
    inputs = dict(function.explanation.inputs)
    namespace: dict[str, object] = {"scaled_scores": lambda Query, Key: Query @ Key.T}
    exec(code, namespace)
    for name, array in inputs.items():
        assert np.array_equal(namespace[name], array)
    assert code.endswith("\nscaled_scores(Query, Key)")


def test_infinities_words_and_nothing_can_be_pasted_too():
    inputs = (
        ("x", np.array([[-np.inf, 1000.0], [np.inf, np.nan]])),
        ("empty", np.zeros((0, 3))),
        ("tokens", ["O'Neil", '"']),
    )
    explanation = replace(function_samples.unscaled_scores().explanation, inputs=inputs)
    namespace: dict[str, object] = {"f": lambda *_: None}
    exec(as_code("f", explanation), namespace)
    for name, value in inputs:
        np.testing.assert_array_equal(namespace[name], value)


def test_inputs_too_long_to_paste_are_not_offered():
    assert "paste this into a cell" not in student_page(samples.large_arrays())
