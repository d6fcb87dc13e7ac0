"""Whole numbers are told from what else variables hold, by the text alone."""

from __future__ import annotations

import ast

import pytest

from autograder.explaining import roles

CASES = {
    "n = len(x)": {"n"},
    "n = x.shape[0]": {"n"},
    "n, d = x.shape": {"n", "d"},
    "n = x.size\nm = n * 2 - 1": {"n", "m"},
    "for i in range(3):\n    y = x[i]": {"i"},
    "for i, row in enumerate(x):\n    pass": {"i"},
    "for row in x:\n    pass": set(),
    "y = [i for i in range(3)]": {"i"},
    "n = x.index(3)": {"n"},
    "n = 0\nn = x.sum()": set(),
    "n = 1.5": set(),
    "x = 3": set(),  # a parameter
    "n, y = len(x), x.T": set(),
    "n = len(x) / 2": set(),
}


@pytest.mark.parametrize("body", CASES)
def test_what_holds_whole_numbers(body: str) -> None:
    function = ast.parse("def f(x):\n" + "\n".join(f"    {line}" for line in body.splitlines()))
    assert roles.whole_numbers(function) == CASES[body]
