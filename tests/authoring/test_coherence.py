"""What the files of a unit name must be there."""

from __future__ import annotations

from pathlib import Path

import least_form
import pytest

from autograder.authoring import coherence, release
from autograder.errors import CourseError
from autograder.records import Course

SCALED = 'def scaled(x: "n d"):\n    return x * 2.0\n'
LESSON = """
# %% [markdown]
# Twice as much
# =============
#
# ## Why *two* of `x` #
#
# <h3 class="x">By hand</h3>
"""
MISTAKE = (
    'MISCONCEPTIONS = {"scaled": (edit("scaled.thrice", "It was tripled", ("x * 2.0", "x * 3.0"), why="", look="",'
    ' read="%s"),)}\n'
)
CHECKED = '@check("%s", "a check of its own", weight=1)\ndef test_it(attempt):\n    pass\n'


def written(root: Path, files: dict[str, str]) -> Course:
    """A unit with these files beside its lesson, and examples of one function."""
    example, *others = [name for name in files if name.startswith("examples")] or [""]
    assert not others
    course = least_form.course(
        root, SCALED, files={name: text for name, text in files.items() if name != example}
    )
    folder = root / "solutions" / "least"
    with open(folder / "least.py", "a", encoding="utf-8") as lesson:
        lesson.write(LESSON)
    if example:
        (folder / "examples").mkdir()
        (folder / example).write_text(files[example])
    return course


@pytest.mark.parametrize(
    "read",
    ["Twice as much", "Why two of x", "Why *two* of `x`", "By hand", ""],
    ids=lambda read: read or "nothing",
)
def test_a_heading_is_known_however_it_is_written(tmp_path: Path, read: str) -> None:
    files = {"misconceptions.py": MISTAKE % read, "examples/scaled.py": "# %% right as it is\nx = 1\n"}
    course = written(tmp_path, files)
    coherence.refuse(course, course.units[0])


@pytest.mark.parametrize(
    ("files", "trouble"),
    [
        (
            {"misconceptions.py": MISTAKE % "Twice as musch"},
            "misconceptions.py: 'scaled.thrice' says to read 'Twice as musch' again, which is no heading of the lesson of 'least'"
            r" or of one before it \(did you mean 'Twice as much'\?\)",
        ),
        (
            {"examples/scalde.py": ""},
            r"scalde.py: 'least' has no function 'scalde' \(did you mean 'scaled'\?\): nobody would look at",
        ),
        (
            {"inputs.py": 'CHECKS = {"scaled": {"all sizes differnt": 2}}\n'},
            r"inputs.py: CHECKS\['scaled'\]: the check 'all sizes differnt' looks at a case that is not there",
        ),
        (
            {"inputs.py": 'CHECKS = {"scaled": {"all sizes different": -1}}\n'},
            "the check 'all sizes different' weighs -1: give a number above 0",
        ),
        ({"test_hidden.py": CHECKED % "scalde"}, "'a check of its own' checks 'scalde', which is not in course.toml"),
    ],
    ids=["heading", "example", "case", "weight", "check"],
)  # fmt: skip
def test_what_one_file_names_and_another_has_not_is_refused_before_students_meet_it(
    tmp_path: Path, files: dict[str, str], trouble: str
) -> None:
    course = written(tmp_path, files)
    with pytest.raises(CourseError, match=trouble):
        release.release(course, course.units)
    assert not (tmp_path / "assignments").exists()
