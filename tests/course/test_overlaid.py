from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import least_form
import numpy as np
import pytest

from autograder.author import edit
from autograder.course import derived, overlaid
from autograder.course.overlaid import Edit
from autograder.course.steps import Misconception, Procedure
from autograder.course.subject import plain
from autograder.errors import CourseError

FILE = Path("misconceptions.py")
WORDS: dict[str, Any] = {"why": "Why.", "look": "softmax(x)", "read": "Softmax"}
LESSON = least_form.lesson(least_form.SCORES, least_form.SOFTMAX, least_form.ATTEND)
X = np.random.default_rng(0).normal(size=(3, 4))
SAMPLES = {"softmax": [(X,)], "attend": [(X, X + 1, X.T.reshape(3, 4))]}


def laid(one: Edit, name: str = "softmax") -> Misconception:
    reference = derived.derive(LESSON, name, SAMPLES[name])
    assert reference is not None
    return overlaid.misconception(one, FILE, LESSON, name, reference, SAMPLES[name], {})


def test_a_changed_line_is_a_changed_step() -> None:
    found = laid(edit("softmax.wrong-axis", "The sum runs down", ("e.sum(axis=-1", "e.sum(axis=0"), **WORDS))
    assert isinstance(found.symptom, Procedure)
    assert found.step == "row sum"
    assert (found.id, found.title, found.why) == ("softmax.wrong-axis", "The sum runs down", "Why.")
    e = np.exp(X - X.max(axis=-1, keepdims=True))
    assert np.array_equal(found.symptom(X), e / e.sum(axis=0, keepdims=True))
    others = [step.name for step in found.symptom.steps if step.name != "row sum"]
    reference = derived.derive(LESSON, "softmax", SAMPLES["softmax"])
    assert reference is not None
    assert others == [step.name for step in reference.steps if step.name != "row sum"]


def test_the_line_of_a_function_that_is_called() -> None:
    found = laid(
        edit("attend.unscaled", "Unscaled", (" / np.sqrt(d_k)", " / 1"), of="scaled_scores", **WORDS),
        "attend",
    )
    assert found.step == "scale"
    assert isinstance(found.symptom, Procedure)


def test_a_change_that_makes_other_steps_is_a_function() -> None:
    found = laid(
        edit("softmax.no-exp", "No exp", ("np.exp(shifted)", "shifted"), step="exponential", **WORDS)
    )
    assert not isinstance(found.symptom, Procedure)
    assert found.step == "exponential"
    shifted = X - X.max(axis=-1, keepdims=True)
    assert np.array_equal(found.symptom(X), shifted / shifted.sum(axis=-1, keepdims=True))


def test_several_changes_at_once_and_other_ways() -> None:
    one = edit(
        "softmax.twice",
        "Twice",
        ("np.exp(shifted)", "np.exp2(shifted)"),
        ("x - np.max", "x + np.max"),
        **WORDS,
    )
    found = laid(one)
    assert found.step == "shift"
    first, second = one.also(("np.exp(shifted)", "np.log(shifted)"), title="Another")
    assert first is one
    assert (second.id, second.title) == ("softmax.twice", "Another")


def test_of_what_has_no_steps() -> None:
    lesson = least_form.lesson("answer = 3\n", "def f(x):\n    return str(x)\n", names=("answer", "f"))
    found = overlaid.misconception(
        edit("answer.off", "Off", ("3", "4"), **WORDS), FILE, lesson, "answer", plain(3), [], {}
    )
    assert isinstance(found.symptom, type(plain(4)))
    assert found.symptom.subject == 4
    found = overlaid.misconception(
        edit("f.repr", "Repr", ("str", "repr"), **WORDS), FILE, lesson, "f", plain(str), [], {}
    )
    assert found.symptom("a") == "'a'"


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ((("axis=1", "axis=0"),), "lesson.py, line 9: 'axis=1' stands nowhere in the solution of 'softmax'"),
        (
            (("axis=-1", "axis=0"),),
            "'axis=-1' stands 2 times in the solution of 'softmax': write more of its line",
        ),
        ((("np.exp(shifted)", "np.exp("),), "this is no Python"),
        ((), 'it changes nothing: give ("what stands there", "what students write")'),
    ],
)
def test_a_change_that_does_not_fit_is_told_with_its_place(changes: Any, trouble: str) -> None:
    with pytest.raises(
        CourseError, match=re.escape("misconceptions.py: 'softmax.x': ") + ".*" + re.escape(trouble)
    ):
        laid(edit("softmax.x", "X", *changes, **WORDS))


def test_another_expression_in_the_place_of_a_step() -> None:
    found = laid(
        edit(
            "softmax.wrong-axis",
            "Down",
            {"row sum": "e.sum(axis=0, keepdims=True)", "shift": "x - softmax(x).max()"},
            **WORDS,
        )
    )
    assert isinstance(found.symptom, Procedure)
    assert found.step == "row sum"  # the first one named
    assert [
        (step.name, step.operands) for step in found.symptom.steps if step.name in ("row sum", "shift")
    ] == [
        ("shift", ("x",)),
        ("row sum", ("e",)),
    ]
    weights = np.exp(X) / np.exp(X).sum(axis=-1, keepdims=True)
    e = np.exp(X - weights.max())
    assert np.allclose(found.symptom(X), e / e.sum(axis=0, keepdims=True))


def test_other_ways_depart_at_the_same_step_if_none_is_named() -> None:
    one = edit("softmax.late", "Late", {"row sum": "e.sum()"}, **WORDS)
    again, named, none = (
        one.also({"shift": "x", "row sum": "e.max()"}, step="exponential")[1:],
        *(one.also({"shift": "x"}, step=step)[1] for step in ("exponential", None)),
    )
    assert [laid(each).step for each in (*again, named, none)] == ["exponential", "exponential", None]
    (other,) = one.also({"shift": "x", "row sum": "e.max()"})[1:]
    assert laid(other).step == "row sum"


def test_it_may_say_where_it_shows() -> None:
    def on_tables(case: Any, outcome: Any, right: bool) -> bool:
        return right

    assert laid(edit("softmax.x", "X", {"row sum": "1.0 + e"}, fits=on_tables, **WORDS)).fits is on_tables


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        (({"row total": "e"},), "'softmax' has no step 'row total': it has 'row maximum', 'shift', 'exponential', 'row sum',"),
        (({"shift": "x -"},), "'x -', for the step 'shift', is no expression: invalid syntax"),
        (({"shift": "x - e"},), "'x - e', for the step 'shift', reads 'e': what is known there is x, row_maximum"),
        (({"shift": "x"}, ("np.exp", "np.exp2")), "give changed lines, or one dictionary of steps"),
        (({"shift": "x"}, {"row sum": "e"}), "other ways to make the mistake go into .also(…)"),
    ],
)  # fmt: skip
def test_a_step_that_does_not_fit_is_told(changes: Any, trouble: str) -> None:
    with pytest.raises(
        CourseError, match=re.escape("misconceptions.py: 'softmax.x': ") + ".*" + re.escape(trouble)
    ):
        laid(edit("softmax.x", "X", *changes, **WORDS))
