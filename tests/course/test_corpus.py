from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.corpus import Example, examples
from autograder.course.material import Material
from autograder.errors import CourseError
from autograder.grading.pipeline import Pipeline


@pytest.fixture
def unit(pipelines: Mapping[str, Pipeline], tmp_path: Path) -> Material:
    return replace(pipelines["embeddings"].examiner.material, examples=tmp_path)


def test_examples_are_cells_with_what_to_expect(unit: Material) -> None:
    assert examples(unit, "double") == ()
    (unit.examples / "double.py").write_text(
        "# about this file\n\n# %% right by adding\ndef double(x):\n    return x + x\n\n"
        "# %% double.tripled a loop\ndef double(x):\n    return 3 * x\n",
        encoding="utf-8",
    )
    right, wrong = examples(unit, "double")
    assert right == Example("right", "by adding", "def double(x):\n    return x + x\n")
    assert (wrong.expect, wrong.description) == ("double.tripled", "a loop")


@pytest.mark.parametrize("text", ["# %% right\ndef double(x): ...\n", "# %% right no code\n\n"])
def test_an_example_needs_a_description_and_code(unit: Material, text: str) -> None:
    (unit.examples / "double.py").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"double.py: the example 'right.*' needs"):
        examples(unit, "double")
