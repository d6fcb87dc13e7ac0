from __future__ import annotations

import re
from pathlib import Path

import least_form
import numpy as np
import pytest

from autograder.course.lesson import Lesson
from autograder.errors import CourseError

TEXT = '''\
# %% [markdown]
# # A lesson

# %%
import numpy as np

from autograder import check

RATE = 0.5
unused = 1 / 0

# %%
def halve(x):
    """Half of it."""
    ### BEGIN SOLUTION
    return helper(x) * RATE  # half: Multiply it by a half.
    ### END SOLUTION


def helper(x):
    return np.asarray(x)  # noqa: E501


# %%
check(halve)
'''
FILE = Path("unit.py")


def read(text: str, *names: str) -> Lesson:
    return Lesson.of(FILE, text, names or ("f",))


def test_only_what_the_exercises_need_is_run() -> None:
    names = read(TEXT, "halve").names
    assert names["halve"](4.0) == 2.0
    assert "unused" not in names
    assert "check" not in names


def test_names_and_sentences_stand_beside_lines() -> None:
    lesson = read(TEXT, "halve")
    function = lesson.function("halve")
    assert function is not None
    assert [(one.name, one.sentence) for one in lesson.words(function).values()] == [
        ("half", "Multiply it by a half.")
    ]
    helper = lesson.function("helper")
    assert helper is not None
    assert lesson.words(helper) == {}
    assert lesson.function("nothing") is None


def test_the_digest_goes_by_code_and_words_alone() -> None:
    digest = read(TEXT, "halve").digest
    assert read(TEXT.replace("# # A lesson", "# # Another"), "halve").digest == digest
    assert read(TEXT.replace("0.5", "0.25"), "halve").digest != digest
    assert read(TEXT.replace("by a half", "by half"), "halve").digest != digest


def test_a_line_is_changed_where_it_stands_once() -> None:
    lesson = least_form.lesson(least_form.SOFTMAX)
    changed = lesson.changed("softmax", "e.sum(axis=-1", "e.sum(axis=0")
    assert np.array_equal(changed.names["softmax"](np.zeros((1, 4))), np.ones((1, 4)))
    for before, trouble in (("axis=1", "stands nowhere"), ("axis=-1", "stands 2 times")):
        with pytest.raises(
            CourseError, match=rf"lesson\.py, line 3: '{before}' {trouble} in the solution of 'softmax'"
        ):
            lesson.changed("softmax", before, "axis=0")


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("def f(x:\n", "unit.py, line 1: this is no Python"),
        ("x = 1\n", "unit.py: there is no solution of 'f': write it where the lesson asks for it"),
        ("def f(x):\n    '''Text.'''\n    raise NotImplementedError\n", "there is no solution of 'f'"),
        ("def f(x):\n    raise NotImplementedError('later')\n", "there is no solution of 'f'"),
        ("def f(x):\n    pass\n", "there is no solution of 'f'"),
        ("f = ...\n", "there is no solution of 'f'"),
        (
            "def f(x):\n    return x\n\ndef f(x):\n    return 2\n",
            "unit.py, line 4: 'f' is defined here and in line 1 as well: give each function a name of its own",
        ),
    ],
)
def test_a_lesson_without_a_solution_is_refused(text: str, trouble: str) -> None:
    with pytest.raises(CourseError, match=re.escape(trouble)):
        read(text).written("f")


def test_a_variable_and_a_class_are_solutions_too() -> None:
    assert read("f = ...\nf = 3\n").names["f"] == 3
    read("f = ...\nf = 3\n").written("f")
    read("class f:\n    def g(self):\n        return 1\n").written("f")


def test_a_lesson_that_does_not_run_is_told_with_its_line() -> None:
    with pytest.raises(CourseError, match=r"unit\.py cannot be loaded: ZeroDivisionError"):
        _ = read("rate = 1 / 0\ndef f(x):\n    return rate\n").names


def test_two_comments_that_name_the_same_step_are_refused() -> None:
    lesson = read("def f(x):\n    y = x + 1  # add: Add one.\n    return y + 2  # add: Add two.\n")
    function = lesson.function("f")
    assert function is not None
    with pytest.raises(
        CourseError,
        match=r"unit\.py, line 3: the comment names a step 'add', as the one in line 2 does: give each",
    ):
        lesson.words(function)


def test_a_file_that_is_no_lesson_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"none\.py: No such file or directory: it is the unit's lesson"):
        Lesson.read(tmp_path / "none.py", ["f"])
    (tmp_path / "unit.py").write_bytes(b"\xff")
    with pytest.raises(CourseError, match=r"unit\.py is not UTF-8 text \(byte 0\)"):
        Lesson.read(tmp_path / "unit.py", ["f"])


def test_a_comment_may_give_a_letter() -> None:
    lesson = read("def f(x):\n    s = x.sum()  # row sum (s): Add up (all of) it.\n    return s\n")
    function = lesson.function("f")
    assert function is not None
    (said,) = lesson.words(function).values()
    assert (said.name, said.letter, said.sentence) == ("row sum", "s", "Add up (all of) it.")


def test_two_comments_that_give_the_same_letter_are_refused() -> None:
    lesson = read("def f(x):\n    y = x + 1  # one (a): Add one.\n    return y + 2  # two (a): Add two.\n")
    function = lesson.function("f")
    assert function is not None
    with pytest.raises(
        CourseError,
        match="names a step 'a', as the one in line 2 does: give each step of a function a letter",
    ):
        lesson.words(function)


def test_prose_before_a_function_does_not_change_the_digest_of_its_words() -> None:
    code = "def f(x):\n    return x + 1  # one: Add one.\n"
    assert read(code).digest == read(f"# Some prose.\n{code}").digest
    assert read(code).digest != read(code.replace("Add one", "Add 1")).digest


def test_a_comment_above_a_line_names_its_step() -> None:
    text = (
        "def f(x):\n    # first (a): It stands above, where a sentence is long.\n    y = [\n        x\n    ]\n"
        "    # nothing: It stands above no statement.\n\n    # Not of that form.\n    return y\n"
    )
    function = read(text).function("f")
    assert function is not None
    assert {line: (one.name, one.letter) for line, one in read(text).words(function).items()} == {
        5: ("first", "a")
    }
