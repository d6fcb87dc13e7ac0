"""Inputs that Hypothesis thinks up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from autograder.course.drawing import drawn, put_in
from autograder.course.strategies import thought_up

FIFTY_NUMBERS = """
import numpy as np
from hypothesis import strategies as st
from autograder.course.strategies import thought_up

rng, numbers = np.random.default_rng(1), st.lists(st.integers(0, 2000), min_size=2)
print([thought_up(numbers, rng) for _ in range(50)])
"""
WORDS = st.lists(st.text("abc", min_size=1), min_size=2, max_size=6, unique=True)


def test_the_same_generator_gives_the_same_and_another_another() -> None:
    one, again, other = (
        [thought_up(WORDS, rng) for _ in range(6)]
        for rng in (np.random.default_rng(1), np.random.default_rng(1), np.random.default_rng(2))
    )
    assert one == again
    assert one != other
    assert len({tuple(words) for words in one}) > 3, "not the plainest alone"


@pytest.mark.slow
def test_what_else_a_process_has_loaded_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "loaded.py").write_text("NUMBERS = [1234, 567, 991]\n")
    one, again = (
        subprocess.run(
            [sys.executable, "-c", before + FIFTY_NUMBERS], cwd=tmp_path, capture_output=True, check=True
        )
        for before in ("", "import loaded\n")
    )
    assert one.stdout == again.stdout != b""


def test_it_is_drawn_until_the_condition_holds_and_is_then_everybodys() -> None:
    rng = np.random.default_rng(3)
    case = drawn("many words", lambda: (thought_up(WORDS, rng),), lambda words: len(words) > 3)
    assert len(case.args[0]) > 3
    assert put_in(np.random.default_rng(4), case).args == case.args


def test_what_no_value_meets_is_an_error() -> None:
    with pytest.raises(Unsatisfiable):
        thought_up(st.integers().filter(lambda number: False), np.random.default_rng(0))
