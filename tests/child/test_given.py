"""Arguments as what a function is called with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.child import given, packing
from autograder.data import Code, Seeded


@pytest.mark.parametrize(
    "source",
    [
        "lambda x: x + 1",
        "  lambda x: x + 1\n",
        "def add(x):\n    return x + 1",
        "one = 1\nlambda x: np.add(x, one)",
    ],
)
def test_a_function_from_its_source(source: str) -> None:
    assert given.unpacked(packing.pack(Code(source)))(2) == 3


@pytest.mark.parametrize("source", ["3", "x = 1", "", "import math"])
def test_a_source_that_makes_no_function(source: str) -> None:
    with pytest.raises(ValueError, match="makes no function"):
        given.function(source)


def test_a_seeded_generator_is_the_same_wherever_it_is_made() -> None:
    assert given.unpacked(packing.pack(Seeded(7))).random() == np.random.default_rng(7).random()


def test_an_argument_of_ones_own_can_be_changed_and_the_first_is_not() -> None:
    kept: Any = {"a": [np.zeros(1), {1}], "b": (bytearray, {"c": []})}
    own = given.own(kept)
    own["a"][0][0] = 1
    own["a"][1].add(2)
    own["b"][1]["c"].append(3)
    assert (kept["a"][0][0], kept["a"][1], kept["b"][1]["c"]) == (0, {1}, [])
