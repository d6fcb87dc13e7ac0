"""Kinds of failures: each is told by what is wrong, where students see the test and where they do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import pytest

from autograder.adopted import comparing, faults, sayings, subject
from autograder.adopted.papers import Asked, Failure, Verdict
from autograder.adopted.subject import Subject
from autograder.child import frames
from autograder.data import Other
from autograder.differences import Beside
from autograder.records import Died, Raised, Returned

HUNG = Died("timeout", "took too long")
NO_VALUES = Failure("assert", "AssertionError", "", 1, False, "assert done(2)")
TABLE = frames.table(pandas.DataFrame({"a": [1, 2]}))
OTHER = frames.table(pandas.DataFrame({"a": [1, 3]}))


def about(value: Any, said: str = "f(1)", **more: Any) -> Subject:
    """What a call of `f` gave."""
    asked = Asked("f(1)", "f", (1,), {}, value if isinstance(value, Died) else Returned(value), 1)
    return Subject("f", said, asked, whole=said == "f(1)", **more)


def failure(
    how: Any = "assert", exception: str = "AssertionError", message: str = "", **more: Any
) -> Failure:
    return Failure(how, exception, message, 1, False, **more)


def unequal(got: Any, expected: Any, said: str = "f(1)") -> Failure:
    return failure(beside=Beside(got, expected, ()), comparison="==", said=said, names=("f",))


STDERR = failure("raised", faults.STDERR, "look out")
BOUNDS = failure("bounds", "BoundsError", "more than 100 values were taken")


@pytest.mark.parametrize(
    ("fails", "looked_at", "id", "told", "sentence"),
    [
        (STDERR, about(1), "warns", "Something is written to the error output", "There it says: look out"),
        (BOUNDS, about(1), "timeout", "`f` gives something that a test does not", "`f(1)` takes more than it may: more than"),
        (failure("died"), about(Died("crashed")), "crashed", "`f` ends Python", "`f(1)` ended Python before it gave anything."),
        (failure("died", died=Died("out-of-memory")), about(1), "out-of-memory", "`f` needs more memory", "`f(1)` used more memory"),
        (failure("raised", "KeyError", "'b'"), about({}), "wrong-keys", "`f` gives something without a key", "`f(1)` gives `{}`. The test stops with KeyError: 'b'"),
        (failure("raised", "IndexError", ""), about([], "f(1)[0]"), "wrong-value", "`f` gives fewer entries", "The test stops with IndexError."),
        (unequal((2,), (3,), "f(1).shape"), about(1, "f(1).shape"), "wrong-shape", "`f` gives something of the wrong shape", "is `(2,)`, and should be `(3,)`"),
        (unequal(1, 2, "hash(f(1))"), about(1), "wrong-value", "`f` gives a wrong value", "Only a checksum of it is compared"),
        (unequal({"a": 1}, {"a": 2}), about({"a": 1}), "wrong-value", "`f` gives a dictionary with wrong values in it", "`f(1)` gives `{'a': 1}`"),
        (unequal(TABLE, OTHER), about(TABLE), "wrong-value", "`f` gives a table with wrong cells in it", "something else than it should"),
        (unequal(Other("Box"), 2), about(Other("Box")), "wrong-type", "`f` gives a value of another type", "`f(1)` gives an object of another type, and should give `2`"),
        (failure("student", "AttributeError", "'A' object has no attribute 'b'", statement="assert a.b"), Subject("A", "a.b"), "missing-method", "`A` gives something that lacks", "The test stops with AttributeError"),
        (failure("student", "AttributeError", "'A' object has no attribute 'c'", statement="assert a.b"), Subject("A", "a.b"), "raises", "`A` stops with AttributeError", "The test stops with AttributeError"),
        (failure("raised", "OutOfPlaceError", ""), about(Other("Box")), "wrong-type", "`f` gives something", "`f(1)` goes on with an object, where the test needs a plain value"),
        (failure(beside=Beside(Other("Box"), "Lid or list", ()), comparison="isinstance", said="f(1)"), about(Other("Box")), "wrong-type", "`f` gives a value of another type", "`f(1)` gives an object of class `Box`, and should give an object of class `Lid` or a list."),
        (unequal(TABLE, [1]), about(TABLE), "wrong-type", "`f` gives a value of another type", "`f(1)` gives a DataFrame, and should give `[1]`."),
        (failure("raised", "TypeError", "no"), about(TABLE), "wrong-type", "`f` gives something", "`f(1)` gives a DataFrame. The test stops with TypeError: no"),
        (unequal("da4b" * 10, "ae4f" * 10, "h(f(1))"), about(1), "wrong-value", "`f` gives a wrong value", "Only a checksum of it is compared"),
        (failure(beside=Beside(np.float64(1), "float", ()), comparison="type", said="f(1)"), about(np.float64(1)), "wrong-type", "`f` gives a value of another type", "`f(1)` gives an object of class `float64`, and should give a float."),
        (NO_VALUES, about(1), "wrong-value", "`f` gives a wrong value", "This does not hold: `done(2)`."),
        (failure(statement="self.assertTrue(done)"), about(1), "wrong-value", "`f` gives", "`self.assertTrue(done)` does not pass."),
        (failure(statement="assert done", message="not done"), about(1), "wrong-value", "`f` gives", ""),
    ],
)  # fmt: skip
def test_a_kind_of_failure(fails: Failure, looked_at: Subject, id: str, told: str, sentence: str) -> None:
    compared = comparing.compared(fails, looked_at)
    fault = faults.of(fails, looked_at, compared)
    assert fault.id == id
    assert faults.told(looked_at, fault, "result").startswith(told)
    assert sentence in sayings.sentence(fails, looked_at, compared)
    assert bool(sentence) == bool(sayings.sentence(fails, looked_at, compared))


def test_a_failure_that_is_not_shown_is_told_without_its_place() -> None:
    wrong, warns = faults.of(NO_VALUES, about(1), None), faults.of(STDERR, about(1), None)
    for looked_at, fault, asks, told in (
        (Subject("", ""), wrong, "result", "A test that is not shown does not come out as it should"),
        (about(1), warns, "result", "Something is written to the error output in a test that is not shown"),
        (about(1), wrong, "script", "An object of `f` gives a wrong value in a test that is not shown"),
        (
            about(1),
            faults.of(failure("raised", "AttributeError"), about(1), None),
            "script",
            "An object of `f` lacks what the test uses of it in a test that is not shown",
        ),
        (about(1), wrong, "variable", "`f` is a wrong value, as a test that is not shown looks at it"),
        (about(1), wrong, "result", "`f` gives a wrong value for an input that is not shown"),
    ):
        assert faults.told(looked_at, fault, asks, hidden=True) == told  # type: ignore[arg-type]


def test_two_sides_are_compared_in_the_form_in_which_the_test_does() -> None:
    array = np.array([1.0, 2.0])
    for other in ([[1], [2, 3]], [1.0, 2.0, 3.0], "text"):  # no array, one of another shape, and none at all
        found = comparing.compared(unequal(array, other), about(array))
        assert found is not None
        assert found.mismatch is not None
    spread = comparing.compared(unequal(array, 2.0), about(array))
    assert spread is not None
    assert spread.expected.tolist() == [2.0, 2.0]
    same = comparing.compared(unequal(array, [1.0, 2.0]), about(array))
    assert same is not None
    assert same.mismatch is None


# ------------------------------------------------------------------------------------------- what failed, of what was asked


def asked(said: str, outcome: Any) -> Asked:
    return Asked(said, said.partition("(")[0], (1,), {}, outcome, 1)


@pytest.mark.parametrize(
    ("how", "outcome"),
    [("died", HUNG), ("student", Raised("ValueError", "no", 1, ()))],
    ids=["died", "raised"],
)
def test_what_a_test_asks_after_it_failed_is_not_what_failed(how: Any, outcome: Any) -> None:
    """A test's `finally` was told of in the place of the call that did not come back."""
    failure = Failure(how, "StudentGoneError", "", 1, False, "", died=HUNG if how == "died" else None)
    verdict = Verdict("t", 0.0, 2.0, failure, (asked("f(1)", outcome), asked("g(2)", Returned(2))))
    found = subject.of(verdict, failure)
    assert (found.name, found.said) == ("f", "f(1)")
    assert found.asked is verdict.asked[0]


def test_what_no_question_shows_is_no_other_question_s() -> None:
    """Of `p < q`, which had raised, a page said what the call before it had given."""
    failure = Failure("student", "TypeError", "no", 2, False, "assert p < q", said="p", names=("Q",))
    verdict = Verdict("t", 0.0, 2.0, failure, (asked("p.push(1)", Returned(None)),))
    found = subject.of(verdict, failure)
    assert (found.name, found.said, found.asked) == ("Q", "p", None)
    assert sayings.sentence(failure, found, None) == "The test stops with TypeError: no"


@pytest.mark.parametrize(
    ("said", "name", "called"),
    [
        ("f(x)", "f", "f(1)"),
        ("check(x, True)", "f", "f(1)"),  # a helper of another cell's, in which f was called
        ("tc.assertEqual(list(map(f, [1])), [2])", "f", "f(1)"),
        ("queue.push(x)", "push", "queue.push(1)"),
        ("made(x)", "", "made(1)"),  # what a call gave, and no name of the notebook's
    ],
)
def test_a_call_is_told_by_the_function_that_was_called(said: str, name: str, called: str) -> None:
    assert subject.called(Asked(said, name, (1,), {}, Returned(2), 1)) == called
    other = Asked(said, name, (np.zeros(3),), {}, Returned(2), 1)
    assert subject.called(other) == (f"{name}(…)" if "check" in said or "tc." in said else said)


def test_how_student_code_ended_is_what_ended_it_first() -> None:
    failure = Failure("died", "StudentGoneError", "", 1, False, "", died=HUNG)
    verdict = Verdict("t", 0.0, 2.0, failure, (asked("f(1)", Returned(1)),))
    assert faults.ended(failure, subject.of(verdict, failure)) is HUNG
    told = faults.of(failure, subject.of(verdict, failure), None)
    assert (told.id, told.does) == ("timeout", "does not come to an end in time")
