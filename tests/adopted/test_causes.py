"""Tests of `autograder.adopted.explained`, and of the causes and words behind it."""

from __future__ import annotations

import ast

import numpy as np
import pytest
import sat

from autograder.adopted.explained import Evidence, Told, explained, needs_shown
from autograder.adopted.papers import Step, as_shown
from autograder.gradebook import results
from autograder.pages.student import student_page
from autograder.records import Check, FunctionReport, Report

SOLUTIONS = {
    "squares": "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i**2 for i in range(1, n + 1)]",
    "total": "total = sum(squares(3))",
}
HEAD = "def squares(n):\n    "


def told(test: str, answer: str | None) -> Told:
    """What is told of a test cell that fails."""
    found = looked_at(test, answer)
    assert found is not None
    return found


def looked_at(test: str, answer: str | None, *, before: str = "") -> Told | None:
    """What is told of a test cell, of a student who has written this for `squares`; `before` is a test cell before it."""
    tests = {"before": before, "test": test}
    paper = sat.paper(SOLUTIONS, tests)
    steps = sat.steps(paper, {} if answer is None else {"squares": answer, "total": "total = 5"})
    sitting = sat.sit(paper, steps)
    shown = sat.sit(as_shown(paper), steps) if needs_shown(paper, sitting) else None
    return explained(Evidence(paper, steps, sitting, shown), paper.cells[-1])


TWO = "assert squares(2) == [1, 4]"


@pytest.mark.parametrize(
    ("test", "answer", "id", "message"),
    [
        (TWO, "return [1]", "missing-item", "`squares(2)` gives `[1]`, and should give `[1, 4]`. It has 1 entry, and should have 2."),
        (TWO, "return [4, 1]", "other-order", "`squares(2)` gives `[4, 1]`, and should give `[1, 4]`."),
        (TWO, "return (1, 4)", "wrong-type", "`squares(2)` gives `(1, 4)`, and should give `[1, 4]`."),
        (TWO, "return [1, 4.5]", "wrong-value", "`squares(2)` gives `[1, 4.5]`, and should give `[1, 4]`."),
        ("assert squares(2) == [1, [4]]", "return [1, 4]", "wrong-type", "`squares(2)` gives `[1, 4]`, and should give `[1, [4]]`."),
        (TWO, "return [[1], 4, 9]", "wrong-value", "`squares(2)` gives `[[1], 4, 9]`, and should give `[1, 4]`. It has 3 entries, and should have 2."),
        (TWO, "print(n)", "returns-none", "`squares(2)` gives `None`, and should give `[1, 4]`."),
        (TWO, "return n / 0", "raises", "`squares(2)` stops with ZeroDivisionError: division by zero"),
        (TWO, "return 'timeout'", "timeout", "`squares(2)` did not come to an end in the time allowed."),
        (f"{TWO}, 'two of them'", "return 3", "wrong-type", "The test says: “two of them”. `squares(2)` gives `3`, and should give `[1, 4]`."),
        ("found = squares(2)\nassert len(found) == 2", "return []", "wrong-value", "`len(found)` gives `0`, and should give `2`. It comes from `squares(2)`."),
        ("assert squares(2)[1] == 4", "return None", "returns-none", "`squares(2)` gives `None`. The test stops with TypeError: 'NoneType' object is not subscriptable"),
        ("assert squares(2)[1] == 4", "return [1]", "wrong-value", "`squares(2)` gives `[1]`. The test stops with IndexError: list index out of range"),
        ("assert isinstance(squares(2), list)", "return (1, 4)", "wrong-type", "`squares(2)` gives a tuple, and should give a list."),
        ("assert 4 in squares(2)", "return [1]", "wrong-value", "`squares(2)` gives `[1]`, and `4` should be in it."),
        ("assert sum(squares(2)) > 4", "return [1, 1]", "wrong-value", "`sum(squares(2))` gives `2`, and should give more than `4`."),
        ("assert squares(2)", "return []", "wrong-value", "`squares(2)` gives `[]`, and should give something that counts as true."),
        ("try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('must raise')", "return 3", "no-error", "The test says: “must raise”. `squares(0)` should stop with ValueError, and gives `3` instead."),
        ("import unittest\nunittest.TestCase().assertEqual(squares(2), [1], 'mine')", "return 3", "wrong-type", "The test says: “mine”. `squares(2)` gives `3`, and should give `[1]`."),
        ("assert squares(1) == 'Ada L'", "return 'ada l'", "other-case", "`squares(1)` gives `'ada l'`, and should give `'Ada L'`. The text differs from its character 1 on."),
        ("assert squares(1) == 0.3", "return 0.1 + 0.2", "wrong-value", "`squares(1)` gives `0.30000000000000004`, and should give `0.3`. The two differ in their last digits alone."),
        ("assert np.allclose(squares(2), [1.25, 4.375])", "return np.array([1.2, 4.4])", "rounded", "`squares(2)` gives `array([1.2, 4.4])`, and should give `[1.25, 4.375]`."),
        ("assert np.allclose(squares(2), [[1.0, 4.0]] * 2)", "return np.zeros(3)", "wrong-shape", "`squares(2)` gives `array([0.0, 0.0, 0.0])`, and should give `[[1.0, 4.0], [1.0, 4.0]]`. Its shape is (3,), and should be (2, 2)."),
        ("assert squares(2) == 'ab'", "return ''", "wrong-value", "`squares(2)` gives `''`, and should give `'ab'`. The text is empty."),
        ("import contextlib, io\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    squares(2)\nassert out.getvalue() == '4\\n'", "return 4", "prints-nothing", "`out.getvalue()` gives `''`, and should give `'4\\n'`. The text is empty."),
        ("import hashlib\nassert hashlib.md5(str(total).encode()).hexdigest() == 'ab'", "return 3", "wrong-value", "`total` is not what it should be. Only a checksum of it is compared, so there is nothing to show."),
        ("if squares(2) != [1, 4]:\n    raise ValueError('two of them')", "return 3", "wrong-type", "The test says: “two of them”. `squares(2)` gives `3`, and should give `[1, 4]`."),
        ("ok = squares(2) == 4\nif not ok:\n    raise ValueError('not ok')", "return 3", "wrong-value", "The test says: “not ok”. `ok` is `False`, and should be `True`. It comes from `squares(2)`."),
        ("squares(1)\nx = squares(2).upper()", "return [n]", "missing-method", "`squares(2)` gives `[2]`. The test stops with AttributeError: 'list' object has no attribute 'upper'"),
        ("import math\nmath.sqrt(squares(2))", "print(n)", "returns-none", "`squares(2)` gives `None`. The test stops with TypeError: must be real number, not NoneType"),
        ("assert total == 14", "return 3", "wrong-value", "`total` is `5`, and should be `14`."),
        ("try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError", "n + 1", "no-error", "`squares(0)` should stop with ValueError, and gives `None` instead."),
        ("x = 0\nif squares(1) == 8:\n    x += 1\nx", "return 7", "partly-right", "It gives none of 2 points."),
        ("x = 0\nif squares(1) == 7:\n    x += 1\nx", "return 7", "partly-right", "It gives 1 of 2 points."),
    ],
)  # fmt: skip
def test_what_a_visible_line_compared_is_told(test: str, answer: str, id: str, message: str) -> None:
    found = told(test, HEAD + answer)
    assert found.message == message
    assert found.diagnoses[0].id == f"general.{id}"
    assert found.source is None or "squares" in found.source or "total" in found.source


@pytest.mark.parametrize(
    ("answer", "id", "title"),
    [
        (None, "not-implemented", "The function `squares` is still the stub"),
        ("raise NotImplementedError()", "not-implemented", "The function `squares` is still the stub"),
        ("x = [1]\n    raise NotImplementedError()", "raises", "Line 3 still raises NotImplementedError: delete it"),
        ("x = None\n    return x[0]", "raises", "`squares` stops with TypeError"),
        ("if n > 9:\n        x = [n]\n    return x", "raises", "`squares` stops with UnboundLocalError"),
    ],
)  # fmt: skip
def test_what_is_not_written_and_where_None_comes_from(answer: str | None, id: str, title: str) -> None:
    (found,) = told(TWO, answer and HEAD + answer).diagnoses
    assert (found.id, found.title) == (f"general.{id}", title)
    if "x[0]" in (answer or ""):
        assert found.line == 2
        assert "`x` holds None since line 2." in found.why
    if "n > 9" in (answer or ""):
        assert "On the way to line 4 nothing has given `x` a value: line 3 does" in found.why


@pytest.mark.parametrize(
    ("test", "title"),
    [
        ("squares(2)\nassert math.pi == 3", "`squares` gives a wrong value"),  # a module is no culprit
        ("squares(2)\ntotal\nassert math.pi == 3", "`squares` gives a wrong value"),  # the one function
        ("total\nassert math.pi == 3", "`total` is a wrong value"),  # no function is there
        ("assert math.pi == 3", "A test does not come out as it should"),
    ],
)
def test_what_a_module_gives_is_not_told_of_the_module(test: str, title: str) -> None:
    paper = sat.paper({"squares": SOLUTIONS["squares"], "total": "import math\ntotal = 4"}, {"test": test})
    steps = sat.steps(paper, {"squares": f"{HEAD}return [n]", "total": "import math\ntotal = 4"})
    found = explained(Evidence(paper, steps, sat.sit(paper, steps)), paper.cells[-1])
    assert found is not None
    assert found.diagnoses[0].title == title


def test_a_list_with_an_entry_of_another_type_is_a_list() -> None:
    (found,) = told("assert squares(2) == [1, [4]]", f"{HEAD}return [1, 4]").diagnoses
    assert found.title == "`squares` gives a list with something of another type in it than it should"


@pytest.mark.parametrize(
    ("squares", "total", "test", "why"),
    [
        (None, "total = 5", TWO, "Its cell is as the notebook came."),
        ("# mine\ndef squares(n):\n    pass\nx = 1", "total = 5", TWO, "There is no answer to be found for it."),
        (None, "total = None", "assert total == 5", "There is no answer to be found for it."),
        (None, None, "assert total == 5", "Its cell is as the notebook came."),
    ],
)  # fmt: skip
def test_only_a_cell_that_nobody_has_touched_is_as_it_came(
    squares: str | None, total: str | None, test: str, why: str
) -> None:
    paper = sat.paper(SOLUTIONS, {"test": test})
    answers = {name: text for name, text in (("squares", squares), ("total", total)) if text is not None}
    steps = sat.steps(paper, answers)
    found = explained(Evidence(paper, steps, sat.sit(paper, steps)), paper.cells[-1])
    assert found is not None
    assert found.diagnoses[0].id == "general.not-implemented"
    assert found.diagnoses[0].why == f"{why} Nothing is wrong yet: there is just nothing to check."
    assert bool(found.diagnoses[0].read) == ("total" not in test)  # a variable has no docstring


PRINTED = (
    "import contextlib, io\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    squares(2)\n"
)


@pytest.mark.parametrize(
    ("test", "answer", "look"),
    [
        (TWO, "print(n)", "print(type(squares(...)))"),
        ("assert squares(1) == 'Ada L'", "return 'AdaL'", "print(repr(squares(...)))"),
        ("assert total == '5'", "return 1", "print(repr(total))"),
        ("assert squares(1)[0] == 'Ada L'", "return ['AdaL']", ""),  # a part of what comes back
        (f"{PRINTED}assert squares and out.getvalue() == '4\\n'", "print(4, end='')", "squares(...)"),
    ],
)
def test_what_to_run_has_the_student_s_own_name(test: str, answer: str, look: str) -> None:
    assert told(test, HEAD + answer).diagnoses[0].look == look


def test_a_function_that_is_not_there() -> None:
    assert (
        told(TWO, "def Squares(n):\n    return n").message
        == "The function `squares` is not there: did you mean `Squares`?"
    )
    assert (
        told(TWO, "def squares(n:\n    return n").diagnoses[0].title
        == "The cell that defines `squares` stops with an error"
    )
    assert told("assert total == 14", "1 / 0").message == "`total` is `5`, and should be `14`."


def test_what_is_written_below_the_test_cell_is_there_too_late() -> None:
    paper = sat.paper(SOLUTIONS, {"test": TWO})
    first, *rest = sat.steps(paper, {"squares": "", "total": ""})
    late = Step(9, f"{HEAD}return [1, 4]", "free", "", True)
    sitting = sat.sit(paper, (first, *rest))
    found = explained(Evidence(paper, (first, *rest, late), sitting), paper.cells[-1])
    assert found is not None
    assert found.diagnoses[0].id == "general.missing"
    assert found.message == "`squares` is not there yet when the test cell runs: its cell comes after it."
    assert "Move its cell above the test cell" in found.diagnoses[0].why


def test_what_a_test_cell_before_has_not_made_is_told_as_that() -> None:
    """A page said that an object of the class was something the test cannot go on with."""
    before = "assert squares(2) == [1, 4]\nmine = squares(3)"
    found = looked_at("assert mine == squares(3)", f"{HEAD}return [n]", before=before)
    assert found is not None
    assert found.message.startswith("`mine` is not there when the test cell runs. Another cell")
    hidden = "### BEGIN HIDDEN TESTS\nassert mine == squares(3)\n### END HIDDEN TESTS"
    found = looked_at(hidden, f"{HEAD}return [n]", before=before)
    assert found is not None
    assert "mine" not in found.message


def test_what_is_shown_beside_it() -> None:
    explanation = told(
        "data = np.ones(40)\nassert np.allclose(squares(data), 2.0)", HEAD + "return n"
    ).explanation
    assert explanation is not None
    assert explanation.tested is not None
    assert explanation.tested.name == "squares"
    assert explanation.tested.statement == "assert np.allclose(squares(data), 2.0)"
    assert explanation.expected is not None
    assert explanation.expected.shape == (40,)
    assert np.all(explanation.wrong)
    assert explanation.observations == ("Every number is 0.5 times the right one.",)
    page, _ = _pages("data = np.ones(40)\nassert np.allclose(squares(data), 2.0)", HEAD + "return n")
    assert "should be here: " in page
    assert "worked out below" not in page  # as nothing is


# Forms of tests, each with what is not to be seen of them; what students make of it is below.
HIDDEN = [
    "assert squares(7919) == [7921, 7927], 'zanzibar'",
    "assert squares(7919)[0] == 7921",
    "assert len(squares(7919)) == 7921",
    "assert isinstance(squares(7919), dict), 'zanzibar'",
    "assert 7921 in squares(7919)",
    "assert squares('zanzibar') == 'Zanzibar'",
    "np.testing.assert_allclose(squares(7919), [7921.5, 7927.5], err_msg='zanzibar')",
    "try:\n    squares(7919)\nexcept KeyError:\n    pass\nelse:\n    raise AssertionError('zanzibar')",
    "if squares(7919) != 7921:\n    raise ValueError('zanzibar')",
    "given, due = 7919, {'zanzibar': 7921}\nassert squares(given) == due, f'{given} {due}'",
    "assert squares(7919).upper() == 'zanzibar'",
]
ANSWERS = [
    "return n",
    "return [n, n]",
    "return str(n)",
    "return {n: n}",
    "return None",
    "return np.ones(3) * 7919 if n == 7919 else n",
    "raise KeyError(n) if n == 3 else ValueError(n)",
    "raise type('E7919', (Exception,), {})(n)",
    "return 'timeout'",
    "return n.zanzibar if n != 3 else 3",
]


@pytest.mark.parametrize("test", HIDDEN)
def test_of_hidden_lines_nothing_is_told_but_the_function_and_the_kind(test: str) -> None:
    region = f"### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
    shown = "assert squares(3) == 9"
    passes = 0
    for answer in ANSWERS:
        # What it was given before, a student's function could hand out in a test that is shown.
        keeping = f"kept = []\ndef squares(n):\n    kept.append(n)\n    if n == 3:\n        return kept\n    {answer}"
        seen, found = _pages(region, keeping)
        passes += found is None
        assert found is None or (found.message.startswith("`squares` ") and found.diagnoses[0].line is None)
        later, also = _pages(shown, keeping, before=region)
        assert also is not None
        assert also.message == "`squares(3)` gives `[3]`, and should give `9`."
        assert not [secret for secret in _literals(test) if secret in seen + later]
    assert passes <= 1


def _pages(test: str, answer: str, before: str = "") -> tuple[str, Told | None]:
    """All that people get of a failure, and what is told of it; None where it is none."""
    found = looked_at(test, answer, before=before)
    if found is None:
        return "", None
    checks = (Check("test cell", False, 2.0, found.message),)
    function = FunctionReport("test", 0.0, 2.0, False, checks, found.diagnoses, explanation=found.explanation)
    report = Report("ps1", "Problem set 1", "ada", "graded", 0.0, 2.0, (function,))
    return student_page(report) + results.encode(report).decode() + repr(found.explanation), found


def _literals(test: str) -> set[str]:
    nodes = ast.walk(ast.parse(test))
    return {str(node.value) for node in nodes if isinstance(node, ast.Constant) and len(str(node.value)) > 1}


def test_without_a_sitting_of_its_own_what_may_have_been_seen_is_told_as_hidden() -> None:
    region = "### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS\nassert squares(3) == 9"
    paper = sat.paper(SOLUTIONS, {"test": region})
    steps = sat.steps(paper, {"squares": HEAD + "return [n]"})
    sitting = sat.sit(paper, steps)
    assert needs_shown(paper, sitting)
    found = explained(Evidence(paper, steps, sitting), paper.cells[-1])
    assert found is not None
    assert (
        found.message
        == "`squares` gives a value of another type than it should for an input that is not shown."
    )


def test_a_cell_with_all_its_points_needs_no_words() -> None:
    paper = sat.paper(SOLUTIONS, {"test": TWO})
    steps = sat.steps(paper, {"squares": SOLUTIONS["squares"]})
    assert explained(Evidence(paper, steps, sat.sit(paper, steps)), paper.cells[-1]) is None


def test_those_who_got_the_same_at_a_line_share_a_name() -> None:
    one, other = (told("assert squares(2) == 9", HEAD + answer) for answer in ("return 2 + 2", "return 4"))
    assert one.cluster == other.cluster
    assert one.cluster.startswith("test-")
    assert told("assert squares(2) == 9", HEAD + "return 3").cluster not in ("", one.cluster)
    assert told("assert squares(2) == [5, 6]", HEAD + "return [6, 5]").cluster == ""  # a cause is named
