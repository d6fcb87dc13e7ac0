"""The benchmark of machine-made mistakes: each stands where it is said to stand, and the right code is right."""

from __future__ import annotations

import ast
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from repository import REPOSITORY

from autograder.records import Course

sys.path.insert(0, str(REPOSITORY / "benchmarks"))
import mistakes
import openworld

pytestmark = pytest.mark.slow

BENCHMARKS = REPOSITORY / "benchmarks"

CELL = """\
def weigh(scores, width):
    # a loop
    total = np.zeros(scores.shape[1])
    for i in range(width):
        row = np.exp(scores[i, :] - scores.max(axis=-1, keepdims=True))
        total += row / np.sqrt(width)
    return total @ scores.T
"""
LONG = """\
def scale(x):
    width = x.shape[-1]
    y = x.copy()
    z = abs(y)
    return z / width
"""


@pytest.fixture(scope="module")
def measured(own_course: Course) -> Iterator[dict[str, openworld.Measuring]]:
    with openworld.Counting(own_course.limits) as sandbox:
        yield dict(openworld._functions(own_course, sandbox, None))


def test_a_mistake_stands_on_the_lines_that_differ() -> None:
    made = mistakes.mistakes(CELL)
    before = CELL.split("\n")
    assert len({one.source for one in made}) == len(made) > 60
    for one in made:
        ast.parse(one.source)
        after = one.source.split("\n")
        assert one.lines
        assert max(one.lines) <= len(after)
        assert "# a loop" in one.source
        if len(after) == len(before) and one.kind not in ("loop", "return"):
            differ = {n for n, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]}
            assert differ == one.lines, one


def test_both_makers_make_mistakes_of_many_kinds() -> None:
    made = mistakes.mistakes(CELL)
    kinds = {maker: {one.kind for one in made if one.maker == maker} for maker in ("mutmut", "slip")}
    assert {"arg removal", "augmented assignment", "swap op"} <= kinds["mutmut"]
    assert {
        "name",
        "axis",
        "transpose",
        "order",
        "term",
        "size",
        "range",
        "loop",
        "return",
    } <= kinds["slip"]


def what(kind: str) -> list[mistakes.Mistake]:
    return [one for one in mistakes.mistakes(CELL) if one.name == f"slip {kind}"]


def test_what_is_left_out_is_looked_for_on_both_sides_of_the_gap() -> None:
    (one,) = (one for one in what("left out") if one.what.startswith("total +="))
    assert one.source == CELL.replace("        total += row / np.sqrt(width)\n", "")
    assert one.lines == {5, 6}
    (one,) = (one for one in what("left out") if one.what.startswith("row ="))
    assert one.lines == {4, 5}
    (one,) = (
        one for one in mistakes.mistakes(LONG) if one.what.startswith("width =") and one.kind == "left out"
    )
    assert one.lines == {1, 2, 4}  # where nothing makes it any more


def test_what_is_moved_is_looked_for_where_it_now_stands() -> None:
    (inside,) = (one for one in what("return") if "inside" in one.what)
    assert inside.source.split("\n")[6] == "        return total @ scores.T"
    assert inside.lines == {7}
    (outside,) = (one for one in what("loop") if "after" in one.what)
    assert outside.source.split("\n")[5] == "    total += row / np.sqrt(width)"
    (begins,) = (one for one in what("loop") if "begins" in one.what)
    assert begins.source.split("\n")[2:4] == [
        "    for i in range(width):",
        "        total = np.zeros(scores.shape[1])",
    ]
    assert begins.lines == {4}


def test_two_mistakes_keep_both_places() -> None:
    axis, order = what("axis")[0], what("order")[-1]
    two = mistakes.both(CELL, axis, order)
    assert two is not None
    assert two.lines == axis.lines | order.lines == {5, 7}
    assert mistakes.both(CELL, axis, axis) is None
    assert mistakes.both(CELL, axis, what("left out")[0]) is None


def test_the_same_seed_draws_the_same_mistakes_in_every_process() -> None:
    rng, made = random.Random("x"), mistakes.mistakes(CELL)
    here = [openworld._drawn(rng, made).what for _ in range(20)]
    program = (
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r}); import mistakes, random\n"
        f"rng = random.Random('x'); made = mistakes.mistakes({CELL!r})\n"
        "import openworld; print([openworld._drawn(rng, made).what for _ in range(20)])"
    )
    other = {"PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"}
    there = subprocess.run([sys.executable, "-c", program], env=other, capture_output=True, check=True)
    assert ast.literal_eval(there.stdout.decode()) == here != []


def test_there_are_twenty_right_forms_of_each_function_and_all_are_right(
    measured: dict[str, openworld.Measuring],
) -> None:
    for name, one in measured.items():
        assert len({form.source for form in one.forms}) >= 20, name
        own = [form for form in one.forms if form.source in (openworld.FORMS / f"{name}.py").read_text()]
        assert len(own) >= 7
        assert list(replace(one, forms=tuple(own)).faults()) == []
    wrong = replace(one.forms[0], source=one.forms[0].source.replace("range(len(W_Q))", "range(1)"))
    assert list(replace(one, forms=(wrong,)).faults()) == [
        "multi_head: a list of heads is right, and loses marks"
    ]


def test_a_mistake_counts_where_an_ordinary_input_comes_out_wrong(
    measured: dict[str, openworld.Measuring],
) -> None:
    softmax = measured["softmax"]
    right = "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)\n"
    assert softmax.wrong(right) is None
    assert (
        softmax.wrong(right.replace(" - x.max(axis=-1, keepdims=True)", "")) is None
    )  # wrong with huge ones alone
    wrong = softmax.wrong(right.replace("e.sum(axis=-1", "e.sum(axis=0"))
    assert wrong is not None
    mistake = mistakes.Mistake(
        "slip", "axis", "-1 → 0", wrong.attempt.definition.source or "", frozenset({3})
    )
    told = softmax.told("as in the lesson", mistake, wrong)
    assert told.found[0] == "softmax.wrong-axis" == told.elsewhere
    assert (told.cause, told.off, told.false) == (True, 0, False)
    assert told.child_milliseconds > 0
    far = replace(told, line=9)
    assert (far.off, far.false) == (6, True)
    assert replace(told, elsewhere="softmax.hard-max").false
    assert not replace(told, found=("general.raises",), elsewhere=None).cause


def test_drawn_mistakes_are_wrong_and_are_told_of(
    measured: dict[str, openworld.Measuring], tmp_path: Path
) -> None:
    functions = [("scaled_scores", measured["scaled_scores"])]
    told, again = (list(openworld.measured(functions, 3, "a test", double=False)) for _ in range(2))
    assert [(one.what, one.found) for one in told] == [(one.what, one.found) for one in again]
    double = measured["scaled_scores"].draw(random.Random(1), double=True)
    assert double is not None
    assert double[1].maker == "double"
    openworld.report(told, "a test")
