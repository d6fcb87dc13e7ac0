"""What full marks earn, as an author writes it: what is wrong with it is said with its file."""

from __future__ import annotations

import re
from pathlib import Path

import least_form
import numpy as np
import pytest

from autograder.course import material
from autograder.course.material import Material
from autograder.errors import CourseError

F = 'def f(x: "n d"):\n    return x * 2\n'
HEAD = "from autograder.author import FullMarks, Shown\nimport numpy as np\n"


def load(root: Path, written: str) -> Material:
    course = least_form.course(root, F, files={"full_marks.py": f"{HEAD}{written}"})
    return material.load(course, course.units[0])


def test_a_unit_may_say_nothing_words_alone_or_show_a_picture(tmp_path: Path) -> None:
    assert load(tmp_path / "a", "FULL_MARKS = {}").shown("f") == ()
    assert load(tmp_path / "b", 'FULL_MARKS = {"f": FullMarks("You know.")}').shown("f") == ()
    shown = 'Shown((np.ones((2, 1)),), rows=("a", "b"))'
    loaded = load(tmp_path / "c", f'FULL_MARKS = {{"f": FullMarks("You know.", shown={shown})}}')
    (case,) = loaded.shown("f")
    np.testing.assert_array_equal(material.expected(loaded, "f", case), 2 * np.ones((2, 1)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            'FULL_MARKS = {"g": FullMarks("You know.")}',
            "FULL_MARKS names 'g', which is no function of the unit: f",
        ),
        ('FULL_MARKS = {"f": "You know."}', "FULL_MARKS['f'] must be FullMarks(…)"),
        (
            'FULL_MARKS = {"f": FullMarks("", shown=Shown((object(),), rows=("a",)))}',
            "the picture of 'f': object has no place in it: allowed are None",
        ),
        (
            'FULL_MARKS = {"f": FullMarks("", shown=Shown((), rows=("a",), of=("b",)))}',
            "the picture of 'f' speaks of 'b', which is none of its rows",
        ),
        (
            'FULL_MARKS = {"f": FullMarks("", shown=Shown((), rows=("a",), form="pie"))}',
            "the picture of 'f' has the form 'pie': map, arrows, query-key-value are known",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(CourseError, match=re.escape(f"full_marks.py: {message}")) as caught:
        load(tmp_path, written)
    assert "\n" not in str(caught.value)
