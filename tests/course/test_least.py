"""Units in least form: what is written is taken, what is not is derived, and each mistake is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import least_form
import numpy as np
import pytest

from autograder.course import least, material
from autograder.course.material import Material
from autograder.course.steps import Procedure
from autograder.course.subject import Plain, plain
from autograder.errors import CourseError
from autograder.records import Course

CASES = """
def cases(rng):
    return (Case("mine", (np.round(rng.normal(size=(3, 2)), 2),)),)
CASES = {"f": cases}
"""


# What courses ask for besides attention, and how many steps it has.
USUAL = {
    'def standardise(x: "n d, n >= 2"):\n    return (x - x.mean(axis=0)) / x.std(axis=0)\n': 4,
    'def one_hot(labels: "n, labels < k", k: "size k"):\n    return np.eye(k)[labels]\n': 2,
    'def loss(p: "n k, probabilities", y: "n, labels < k"):\n    return -np.log(p[np.arange(len(p)), y]).mean()\n': 5,
    'def fit(X: "n d, n >= 10", y: "n"):\n    return np.linalg.solve(X.T @ X + np.eye(X.shape[1]), X.T @ y)\n': 5,
    'def average(x: "n, n >= 4"):\n    return (x[:-2] + x[1:-1] + x[2:]) / 3\n': 3,
    'def masked(x: "n n"):\n    return np.where(np.triu(np.ones(x.shape), k=1) > 0, -np.inf, x)\n': 4,
    'def bag(tokens: "n, words of known", known: "v, words"):\n    return [tokens.count(word) for word in known]\n': 0,
    'def accuracy(x: "n k, k >= 2", y: "n, labels < k"):\n    return (x.argmax(axis=1) == y).mean()\n': 3,
    'def line(x: "number", n: "integer"):\n    return x * n + 1\n': 2,
}


def load(course: Course) -> Material:
    return material.load(course, course.units[0])


def drawn(loaded: Material, function: str) -> list[str]:
    return [case.name for case in material.draw(loaded, function, "hidden", 5)]


def test_a_lesson_alone_is_a_unit(tmp_path: Path) -> None:
    loaded = load(least_form.course(tmp_path, least_form.SCORES, least_form.SOFTMAX, least_form.ATTEND))
    assert loaded.derived == {"scaled_scores", "softmax", "attend"}
    assert {name: len(one.steps) for name, one in loaded.procedures.items()} == {
        "scaled_scores": 2, "softmax": 5, "attend": 8,
    }  # fmt: skip
    assert loaded.misconceptions == {"scaled_scores": (), "softmax": (), "attend": ()}
    for name in loaded.procedures:
        for case in material.draw(loaded, name, "public", 3):
            due = material.expected(loaded, name, case)
            assert isinstance(due, np.ndarray)
            assert loaded.lesson is not None
            assert np.array_equal(due, loaded.lesson.names[name](*case.args))


def test_written_steps_and_cases_win_and_add(tmp_path: Path) -> None:
    reference = """
def add(x): return x + 1
PROCEDURES = {"f": Procedure("f", ("x",), (Step("mine", "y", ("x",), add, "", "", "Add one.", lambda v, i: ""),), ("y",))}
"""
    files = {"reference.py": reference, "inputs.py": CASES}
    loaded = load(least_form.course(tmp_path / "a", 'def f(x: "n d"):\n    return x + 1\n', files=files))
    assert loaded.derived == set()
    assert [step.name for step in loaded.procedures["f"].steps] == ["mine"]
    assert drawn(loaded, "f") == ["mine"]  # all is written: the lesson is not looked at
    loaded = load(
        least_form.course(tmp_path / "b", 'def f(x: "n d"):\n    return x + 1\n', files={"inputs.py": CASES})
    )
    assert [step.name for step in loaded.procedures["f"].steps] == ["add"]
    assert drawn(loaded, "f") == [
        "all sizes different", "other sizes", "all sizes equal", "n is 1", "d is 1", "mine",
    ]  # fmt: skip
    loaded = load(
        least_form.course(
            tmp_path / "c", 'def f(x: "n d"):\n    return x + 1\n', files={"reference.py": reference}
        )
    )
    assert [step.name for step in loaded.procedures["f"].steps] == ["mine"]
    assert drawn(loaded, "f")[0] == "all sizes different"
    loaded = load(
        least_form.course(tmp_path / "d", "def f(x):\n    return x + 1\n", files={"inputs.py": CASES})
    )
    assert drawn(loaded, "f") == ["mine"]
    assert [step.plain for step in loaded.procedures["f"].steps] == ["a[i, j] = x[i, j] + 1"]


def test_what_has_no_steps_is_the_thing_itself(tmp_path: Path) -> None:
    stack = "class Stack:\n    def __init__(self):\n        self.held = []\n    def push(self, x):\n        self.held.append(x)\n"
    loaded = load(
        least_form.course(
            tmp_path,
            'def shout(text: "text"):\n    return text.upper()\n',
            stack,
            files={
                "inputs.py": 'CASES = {"Stack": lambda rng: (Case("p", script(new(), call("push", 1)), asks="script"),)}\n'
            },
        )
    )
    assert isinstance(loaded.procedures["shout"], Plain)
    assert isinstance(loaded.procedures["Stack"], Plain)
    assert drawn(loaded, "shout") == ["some values", "other values", "more values"]
    case = material.draw(loaded, "shout", "public", 1)[0]
    assert material.expected(loaded, "shout", case) == str(case.args[0]).upper()


def test_a_changed_line_is_a_misconception(tmp_path: Path) -> None:
    edits = """
MISCONCEPTIONS = {"f": edit(
    "f.doubled", "It was doubled", ("x + 1", "x + x"), why="Why.", look="f(x)", read="F").also(("1", "2"))}
"""
    loaded = load(
        least_form.course(
            tmp_path,
            'def f(x: "n"):\n    return x + 1  # one more: Add 1.\n',
            files={"misconceptions.py": edits},
        )
    )
    first, second = loaded.misconceptions["f"]
    assert isinstance(first.symptom, Procedure)
    assert (first.step, second.step) == ("one more", "one more")
    assert np.array_equal(second.symptom(np.ones(2)), [3, 3])


def test_verdicts_hang_on_the_code_of_a_lesson_and_not_on_its_prose(tmp_path: Path) -> None:
    course = least_form.course(tmp_path, least_form.SCORES)
    file = tmp_path / "solutions/least/least.py"
    before = load(course).digest
    file.write_text(file.read_text() + "\n# %% [markdown]\n# Some prose.\n")
    assert load(course).digest == before
    file.write_text(file.read_text().replace("Key.shape[-1]", "Key.shape[1]"))
    assert load(course).digest != before


@pytest.mark.parametrize(
    ("sources", "files", "trouble"),
    [
        (("def f(x):\n    return x + 1\n",), {}, 'least.py, line 7: nothing says with what \'f\' is called: write the sizes of its arguments, as in `def f(x: "n d")`, or cases in inputs.py'),
        (("class f:\n    x = 1\n",), {}, "least.py: nothing says what 'f' is asked: write its cases in inputs.py, CASES['f']"),
        (('def f(x: "n d"):\n    raise NotImplementedError\n',), {}, "least.py: there is no solution of 'f': write it where the lesson asks for it"),
        (('def f(x: "n d, bold"):\n    return x + 1\n',), {}, "least.py, line 7: the annotation 'n d, bold' of 'x' has 'bold', which says nothing"),
        (('def f(x: "n d"):\n    y = x + 1  # add: Add.\n    return y + 1  # add: Add.\n',), {}, "least.py, line 10: the comment names a step 'add', as the one in line 9 does"),
        (('def f(x: "n d"):\n    return x + 1\n',), {"misconceptions.py": 'MISCONCEPTIONS = {"f": (edit("f.a", "A", ("x - 1", "x"), why="", look="", read=""),)}'}, "misconceptions.py: 'f.a': "),
        (('def f(x: "n d"):\n    return x + 1\n',), {"misconceptions.py": 'MISCONCEPTIONS = {"f": (edit("g.a", "A", ("x - 1", "x"), why="", look="", read=""),)}'}, "which is no Misconception with an id that starts with 'f.'"),
    ],
)  # fmt: skip
def test_an_authors_mistake_is_one_line_with_its_place(
    tmp_path: Path, sources: tuple[str, ...], files: dict[str, str], trouble: str
) -> None:
    course = least_form.course(tmp_path, *sources, files=files)
    with pytest.raises(CourseError, match=re.escape(trouble)) as told:
        load(course)
    assert "\n" not in str(told.value)


def test_two_functions_of_one_name_are_refused(tmp_path: Path) -> None:
    course = least_form.course(tmp_path, 'def f(x: "n d"):\n    return x + 1\n')
    file = tmp_path / "solutions/least/least.py"
    file.write_text(file.read_text() + "\n# %%\ndef f(x):\n    return 2\n")
    with pytest.raises(CourseError, match=r"least\.py, line 16: 'f' is defined here and in line 7 as well"):
        load(course)


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    files = {"inputs.py": CASES.replace('"mine"', '"all sizes different"')}
    loaded = load(least_form.course(tmp_path, 'def f(x: "n d"):\n    return x + 1\n', files=files))
    with pytest.raises(CourseError, match=r"inputs\.py: .*two cases of 'f' are called “all sizes different”"):
        drawn(loaded, "f")


def test_inputs_that_cannot_be_drawn_are_told_with_the_lesson(tmp_path: Path) -> None:
    loaded = load(least_form.course(tmp_path, 'def f(x: "n d"):\n    return x / 0\n'))
    with pytest.raises(
        CourseError, match=r"least\.py: the cases of 'f' cannot be drawn: .*with a result of finite numbers"
    ):
        drawn(loaded, "f")


def test_steps_that_give_something_else_are_refused(tmp_path: Path) -> None:
    """Where an input of the author's own takes the solution another way than those that the steps were taken from."""
    files = {
        "inputs.py": 'CASES = {"f": lambda rng: (Case("of ints", (np.array([1, 2, 3]),), kind="huge"),)}\n'
    }
    source = 'def f(x: "n"):\n    y = x * 1\n    y += 0.5 if x.dtype.kind == "f" else 1\n    y -= np.float32(0.5)\n    return y\n'
    loaded = load(least_form.course(tmp_path, source, files=files))
    with pytest.raises(
        CourseError,
        match=r"least\.py, line 7: the steps of 'f' give something else than 'f' itself on the case “of ints”",
    ):
        drawn(loaded, "f")


def test_a_change_that_changes_nothing_is_known(tmp_path: Path) -> None:
    lesson = load(least_form.course(tmp_path, least_form.SCORES)).lesson
    assert lesson is not None

    def same(before: str, after: str) -> bool:
        return least.gives_the_same(lesson, "scaled_scores", least_form.SCORES.replace(before, after))

    assert same("shape[-1]", "shape[1]")
    assert same("Key.shape", "Query.shape")
    assert not same("Key.shape[-1]", "Key.shape[0]")
    assert not same("return", "while True: pass\n    return")  # it is not even tried
    assert not least.gives_the_same(lesson, "scaled_scores", "raise ValueError\n")


BY_REFERENCE = """
def cases(rng, reference):
    for number in range(4):
        yield drawn(f"case {number}", lambda: (normal(rng, 3, 2),), lambda x: telling(reference(x)), of=reference)
CASES = {"f": cases}
"""


def test_cases_may_be_drawn_by_the_reference(tmp_path: Path) -> None:
    """Of the lesson, and written by hand; without an annotation, where they are the samples too."""
    lesson = "def f(x):\n    y = x / 3  # third: Take a third.\n    return y + x\n"
    loaded = load(least_form.course(tmp_path / "a", lesson, files={"inputs.py": BY_REFERENCE}))
    assert [step.name for step in loaded.procedures["f"].steps] == ["third", "add"]
    assert drawn(loaded, "f") == ["case 0", "case 1", "case 2", "case 3"]
    files = {"inputs.py": BY_REFERENCE, "reference.py": 'PROCEDURES = {"f": plain(lambda x: x / 3 + x)}'}
    assert drawn(load(least_form.course(tmp_path / "b", lesson, files=files)), "f")[-1] == "case 3"


def test_cases_without_a_signature_are_asked_with_a_generator_alone() -> None:
    assert least._asked(dict, [("a", 1)], plain(len)) == {"a": 1}  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("source", USUAL, ids=[source[4:10] for source in USUAL])
def test_what_courses_ask_for(tmp_path: Path, source: str) -> None:
    loaded = load(least_form.course(tmp_path, source))
    ((name, reference),) = loaded.procedures.items()
    assert len(reference.steps) == USUAL[source]
    for case in material.draw(loaded, name, "hidden", 7):
        material.expected(loaded, name, case)
