"""Words of an author's own for steps of a solution, and steps by a function that says them better than the solution."""

from __future__ import annotations

import re
from pathlib import Path

import least_form
import numpy as np
import pytest

from autograder.author import told
from autograder.course import material
from autograder.course.material import Material
from autograder.course.told import laid_over
from autograder.errors import CourseError

F = 'def f(x: "n d"):\n    y = x * 2  # double: Take it twice.\n    return y + 1  # one more: Add 1.\n'


def load(root: Path, reference: str) -> Material:
    course = least_form.course(root, F, files={"reference.py": reference})
    return material.load(course, course.units[0])


def test_words_of_ones_own_are_those_of_the_step(tmp_path: Path) -> None:
    words = 'told("b = 2a", "b = 2 · a", lambda values, index: f"twice {values[\'x\'][index]:g}")'
    loaded = load(tmp_path, f'STEPS = {{"f": {{"double": {words}}}}}')
    assert loaded.derived == {"f"}
    double, more = loaded.procedures["f"].steps
    assert (double.name, double.sentence, double.formula, double.plain) == (
        "double", "Take it twice.", "b = 2a", "b = 2 · a",
    )  # fmt: skip
    assert more.plain.endswith("+ 1")  # as it is derived
    worked = loaded.procedures["f"].worked((np.full((1, 2), 3.0),), (0, 1))
    assert [step.arithmetic for step in worked] == ["twice 3", "6 + 1 = 7"]


def test_what_is_empty_stays_as_it_is(tmp_path: Path) -> None:
    derived = load(tmp_path / "a", "STEPS = {}\nPROCEDURES = {}").procedures["f"]
    same = laid_over(derived, {"double": told()}, tmp_path / "a.py")
    assert same == derived
    one, other = laid_over(derived, {"double": told(plain="twice")}, tmp_path / "a.py").steps
    assert (one.plain, one.formula, one.cell) == ("twice", derived.steps[0].formula, derived.steps[0].cell)
    assert other == derived.steps[1]


def test_a_function_of_ones_own_gives_the_steps(tmp_path: Path) -> None:
    own = """
def f(x):
    # both at once: Take it twice, and one more.
    return np.add(x, x + 1)
PROCEDURES = {"f": f}
STEPS = {"f": {"both at once": told(plain="2x + 1")}}
"""
    loaded = load(tmp_path, own)
    assert loaded.derived == set()
    steps = loaded.procedures["f"].steps
    assert [(step.name, step.sentence) for step in steps] == [
        ("add", "Add 1 to x."),
        ("both at once", "Take it twice, and one more."),
    ]
    assert steps[1].plain == "2x + 1"
    (case, *_) = material.draw(loaded, "f", "hidden", 1)
    x = case.args[0]
    assert isinstance(x, np.ndarray)
    np.testing.assert_allclose(material.expected(loaded, "f", case), 2 * x + 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (
            'STEPS = {"f": {"tripled": told()}}',
            "reference.py: STEPS['f'] has words for a step 'tripled': the steps of its solution are double, one more",
        ),
        ('STEPS = {"g": {}}', "reference.py: STEPS names 'g', which is no function of the unit: f"),
        ('STEPS = {"f": {"double": "twice"}}', "reference.py: STEPS['f'] must give told(…) by the name of a step"),
        ("STEPS = 3", "reference.py must define STEPS, a dictionary by function"),
    ],
)  # fmt: skip
def test_words_for_what_is_not_there(tmp_path: Path, reference: str, message: str) -> None:
    with pytest.raises(CourseError, match=re.escape(message)):
        load(tmp_path, reference)
