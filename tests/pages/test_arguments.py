"""Inputs to look at, and as code to paste."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import function_samples
import numpy as np
import pytest
import report_samples as samples
from value_samples import KINDS, MARKUP, beside, sales

from autograder.data import Argument, Code, Other, Seeded
from autograder.pages.arguments import Input, as_code, as_inputs
from autograder.pages.student import student_page
from autograder.records import Explanation


def test_the_inputs_can_be_pasted_and_give_the_same_matrix():
    function = function_samples.unscaled_scores()
    code = as_code(function.name, function.explanation)
    inputs = dict(function.explanation.inputs)
    namespace: dict[str, object] = {"scaled_scores": lambda Query, Key: Query @ Key.T}
    exec(code, namespace)
    for name, array in inputs.items():
        assert np.array_equal(namespace[name], array)
    assert code.endswith("\nscaled_scores(Query, Key)")


def test_infinities_words_and_nothing_can_be_pasted_too():
    inputs = (
        ("x", np.array([[-np.inf, 1000.0], [np.inf, np.nan]])),
        ("empty", np.zeros((0, 3))),
        ("tokens", ["O'Neil", '"']),
    )
    explanation = replace(function_samples.unscaled_scores().explanation, inputs=inputs)
    namespace: dict[str, object] = {"f": lambda *_: None}
    exec(as_code("f", explanation), namespace)
    for name, value in inputs:
        np.testing.assert_array_equal(namespace[name], value)


def test_inputs_too_long_to_paste_are_not_offered():
    assert "paste this into a cell" not in student_page(samples.large_arrays())


def one(value: Argument) -> Input:
    (found,) = as_inputs("f", (("x", value),))
    return found


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (5, "5"),
        (None, "None"),
        (True, "True"),
        ("a b", "'a b'"),
        (b"ab", "b'ab'"),
        ([], "[]"),
        ([1, 2], "[1, 2]"),
        ({"a": (1,)}, "{'a': (1,)}"),
        (Seeded(7), "np.random.default_rng(7)"),
        (np.float64(0.5), "0.5"),
        (10**5000, "10000000…00000000 (5,001 digits or so)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_short_is_written_as_python_does(value: Argument, line: str) -> None:
    assert one(value).line == line
    assert (one(value).words, one(value).tables, one(value).shown, one(value).code) == (None, None, None, ())


def test_a_list_of_words_is_told_as_words() -> None:
    assert one(["a", "b"]).words == ("a", "b")
    assert one(["a"] * 100).left_out == 40
    nothing, vocabulary = as_inputs("one_hot", (("tokens", []), ("vocabulary", ["a"])))
    assert (nothing.words, nothing.shape) == ((), "0 words")
    assert vocabulary.words == ("a",)


def test_what_is_long_has_a_form_of_its_own() -> None:
    text = one("first\nsecond\n").shown
    assert text is not None
    assert text.text is not None
    tree = one(list(range(100))).shown
    assert tree is not None
    assert tree.tree is not None
    table = one(sales([1], [2.0])).shown
    assert table is not None
    assert table.tables is not None
    assert one(Code("def f(x):\n\treturn x\n")).code == ("def f(x):", "    return x")
    assert one(np.eye(2)).tables is not None


def test_a_script_is_told_by_its_calls() -> None:
    explanation = KINDS["script"]
    (found,) = as_inputs("Stack", explanation.inputs)
    assert found.code == ("one = Stack()", "one.push(3)", "one.pop()", "one.pop()", "one.size")
    assert as_code("Stack", explanation).splitlines() == list(found.code)


@pytest.mark.parametrize("name", [name for name in KINDS if name != "script"])
def test_the_inputs_of_every_kind_can_be_pasted(name: str) -> None:
    pytest.importorskip("pandas")
    explanation = KINDS[name]
    called: list[tuple[Any, ...]] = []
    namespace: dict[str, Any] = {"asked": lambda *args: called.append(args)}
    exec(as_code("asked", explanation), namespace)
    assert len(called[0]) == len(explanation.inputs)
    for (argument, value), given in zip(explanation.inputs, called[0], strict=True):
        assert namespace[argument] is given
        if isinstance(value, int | str | bytes | float | list | dict | set):
            assert given == value


def test_inputs_that_no_python_makes_or_that_are_too_long_are_not_offered() -> None:
    def given(value: Argument) -> Explanation:
        return beside(1, 2, inputs=(("x", value),))

    assert as_code("f", given(Other("generator"))) == ""
    for long in ("x" * 10**6, list(range(1000)), {n: n for n in range(1000)}, 1 << 10**6, sales([1], [2.0])):
        assert (as_code("f", given(long)) == "") == (not hasattr(long, "columns"))


def test_words_and_code_are_data() -> None:
    assert all(word.isprintable() for word in one([MARKUP]).words or ())
    assert all(line.isprintable() for line in one(Code(MARKUP)).code)
