from __future__ import annotations

import re

import least_form
import pytest

from autograder.course import shapes
from autograder.course.shapes import Shape
from autograder.errors import CourseError


def read(*annotations: str) -> tuple[Shape, ...] | None:
    given = ", ".join(f"{name}{text}" for name, text in zip("xyz", annotations, strict=False))
    return shapes.of_function(least_form.lesson(f"def f({given}):\n    return 1 + 1\n"), "f")


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        ("n d", Shape("x", sizes=("n", "d"))),
        ("... n, huge", Shape("x", sizes=("...", "n"), huge=True)),
        ("n 3, positive", Shape("x", "positive", ("n", "3"))),
        ("n h*d, integer", Shape("x", "integer", ("n", "h*d"))),
        ("n, labels < 4", Shape("x", "labels", ("n",), below="4")),
        ("n d, n >= 2, d>=3", Shape("x", sizes=("n", "d"), least=(("n", 2), ("d", 3)))),
        ("n k, probabilities", Shape("x", "probabilities", ("n", "k"))),
        ("v, words", Shape("x", "words", ("v",))),
        ("text", Shape("x", "text", array=False)),
        ("number", Shape("x", "number", array=False)),
        ("integer", Shape("x", "integer", array=False)),
        ("positive", Shape("x", "positive", array=False)),
        ("size n", Shape("x", "size", array=False, below="n")),
    ],
)
def test_sizes_and_kinds_are_read(annotation: str, shape: Shape) -> None:
    assert read(f': "{annotation}"') == (shape,)


def test_arguments_may_speak_of_one_another() -> None:
    found = read(': "v, words"', ': "n, words of x"', ': "n, labels < v"')
    assert found is not None
    assert [one.of for one in found] == ["", "x", ""]
    assert found[2].names == ("n", "v")
    assert Shape("x", sizes=("n", "h*d", "3")).names == ("n", "h", "d")
    assert read(': "n, labels < k"', ': "size k"') is not None


def test_what_says_nothing_is_left_alone() -> None:
    assert read("", "") is None
    assert read(": np.ndarray", ": int") is None
    assert read() is None
    assert shapes.of_function(least_form.lesson("class f:\n    x = 1\n"), "f") is None


@pytest.mark.parametrize(
    ("annotations", "trouble"),
    [
        ((': "n d, postive"',), "the annotation 'n d, postive' of 'x' has 'postive', which says nothing: write sizes, as in"),
        ((': "n-d"',), "the annotation 'n-d' of 'x' says nothing that is known: write sizes"),
        ((': ""',), "the annotation '' of 'x' says nothing that is known"),
        ((': "n ..."',), "the annotation 'n ...' of 'x' says nothing that is known"),
        ((': "words"',), "the annotation 'words' of 'x' says nothing that is known"),
        ((': "n d"', ""), "'f' says nothing of its argument 'y', and the others have their sizes beside them: write y: \"…\""),
        ((': "n, labels < k"',), "'x' speaks of a size 'k', and no argument has it"),
        ((': "n, m >= 2"',), "'x' speaks of a size 'm', and no argument has it"),
        ((': "n, words of y"', ': "m"'), "'x' takes words of 'y': annotate that argument as \"v, words\""),
    ],
)  # fmt: skip
def test_an_annotation_that_cannot_be_read_is_told_with_its_line(
    annotations: tuple[str, ...], trouble: str
) -> None:
    with pytest.raises(CourseError, match=rf"^lesson\.py, line 3: {re.escape(trouble)}"):
        read(*annotations)
