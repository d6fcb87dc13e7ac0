"""Results beside those that were due, where they are no arrays."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import value_samples as samples
from hypothesis import given
from page_samples import Page
from plain_values import plain_values
from value_samples import KINDS, ODD, beside, differs

from autograder.checking import kinds
from autograder.data import Column, Table
from autograder.differences import Difference
from autograder.pages.contrast import Shown, contrast, shown
from autograder.pages.student import student_page
from autograder.records import Explanation, Tolerance


def form(one: Shown | None) -> str:
    """The one form in which a value is shown."""
    assert one is not None
    forms = {"lone": one.lone, "text": one.text, "tree": one.tree, "tables": one.tables}
    (there,) = (name for name, value in forms.items() if value not in (None, ()))
    return there


@pytest.mark.parametrize("explanation", [*KINDS.values(), *ODD.values()], ids=[*KINDS, *ODD])
def test_every_kind_is_shown_in_one_form(explanation: Explanation) -> None:
    found = contrast(explanation)
    assert found is not None
    assert explanation.beside is not None
    for side, name in ((found.got, "got"), (found.expected, "expected")):
        assert (side is None) == (explanation.beside.absent == name)
        if side is not None:
            assert form(side)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("number", "lone lone"),
        ("type", "lone lone"),
        ("none", "lone lone"),
        ("list for tuple", "lone lone"),
        ("short list", "tree tree"),
        ("set", "tree tree"),
        ("array in place of a list", "lone tables"),
        ("text", "text text"),
        ("empty text", "text text"),
        ("table", "tables tables"),
        ("drawing", "tree tree"),
        ("script", "tree tree"),
    ],
)
def test_the_form_goes_by_the_kind(name: str, forms: str) -> None:
    found = contrast(KINDS[name])
    assert found is not None
    assert f"{form(found.got)} {form(found.expected)}" == forms


def test_a_whole_that_differs_is_marked_and_its_type_told_where_that_differs() -> None:
    found = contrast(KINDS["type"])
    assert found is not None
    assert found.got == Shown("str", lone=found.got.lone, mark="differs")
    assert found.got.lone[0].text == "'42'"
    assert found.expected is not None
    assert (found.expected.size, found.expected.mark) == ("int", "due")
    same = contrast(KINDS["number"])
    assert same is not None
    assert same.got is not None
    assert same.got.size == ""


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("number", ()),  # the one sign there is says enough
        ("short list", ("differs", "missing")),
        ("dict", ("differs", "missing", "extra")),
        ("printed", ("differs", "missing")),
        ("table", ("differs",)),
        ("table of other columns", ("missing", "extra")),
        ("nothing came", ()),
    ],
)
def test_the_signs_that_are_used_are_explained(name: str, signs: tuple[str, ...]) -> None:
    found = contrast(KINDS[name])
    assert found is not None
    assert found.signs == signs


def test_of_very_many_differences_it_is_said_that_the_first_are_marked() -> None:
    found = contrast(ODD["all different"])
    assert found is not None
    assert found.note == "The first 200 differences are marked."
    assert contrast(KINDS["dict"]).note == ""  # type: ignore[union-attr]


def test_of_many_bytes_those_are_shown_that_differ() -> None:
    found = contrast(KINDS["bytes"])
    assert found is not None
    assert found.got is not None
    assert [piece.text for piece in found.got.lone if piece.marked] == ["a"]
    assert found.got.lone[0].text == "…"
    assert found.got.size == "321 bytes"


def test_what_cannot_be_seen_in_texts_is_said() -> None:
    assert "look alike" in contrast(beside("pay", "p\u0430y")).note  # type: ignore[union-attr]


def test_arrays_alone_are_compared_elsewhere() -> None:
    explanation = KINDS["number"]
    assert contrast(Explanation("c", (), np.ones(2), np.ones(2), None, None, None, "", ())) is None
    assert contrast(explanation) is not None


def test_a_value_by_itself() -> None:
    assert form(shown(5)) == "lone"
    assert form(shown("a\nb\n")) == "text"
    assert form(shown({"a": list(range(50))})) == "tree"
    table = shown(Table("Series", (Column("a", "int64", np.arange(3)),)))
    assert form(table) == "tables"
    assert table.size == "Series, 3 entries"


def test_the_wrong_cells_of_an_array_beside_another_kind_are_marked() -> None:
    found = contrast(beside(np.eye(2), [[1, 0], [0, 2]], Difference(((1, 1),), "differs")))
    assert found is not None
    assert found.got is not None
    assert found.got.tables is not None
    assert found.got.tables.tables[0].rows[1].entries[1].mark == "first"
    assert found.got.size == "array, 2 × 2"


def test_a_drawing_has_a_picture_where_it_can_be_drawn() -> None:
    pytest.importorskip("matplotlib")
    found = contrast(KINDS["drawing"])
    assert found is not None
    assert found.got is not None
    assert found.got.picture is not None
    assert found.got.size == "drawing"
    plain = contrast(KINDS["dict"])
    assert plain is not None
    assert plain.got is not None
    assert plain.got.picture is None


def test_the_steps_of_a_script_are_named() -> None:
    found = contrast(KINDS["script"])
    assert found is not None
    assert found.got is not None
    assert found.got.tree is not None
    assert found.got.size == "4 steps"
    labels = [node.label for node in found.got.tree.inside]  # type: ignore[union-attr]
    assert labels == ["push(3) →", "pop() →", "pop() →", "size →"]
    assert "".join(one.text for one in found.expected.tree.inside[2].said) == "raises IndexError"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("close numbers", "script")])
def test_the_samples_differ_where_comparing_says(name: str) -> None:
    about = KINDS[name].beside
    assert about is not None
    if not about.absent:
        found = kinds.find(about.expected, about.got, Tolerance())
        assert found is not None
        assert set(map(repr, found.differences)) == set(map(repr, about.differences))


def test_differences_at_no_place_of_the_value_mark_nothing_and_break_nothing() -> None:
    odd = (differs("x", 1), differs(9, 9), differs((1, 2)), Difference((-1,), "missing"))
    for got, expected in (
        ([1], [2]),
        ({"a": 1}, {}),
        ({1}, {2}),
        (np.eye(2), [1]),
        (samples.sales([1], [2.0]), 1),
    ):
        assert contrast(beside(got, expected, *odd)) is not None


@pytest.mark.slow
@given(plain_values(), plain_values())
def test_any_two_values_that_differ_can_be_drawn_wherever_they_do(got: Any, expected: Any) -> None:
    found = kinds.find(expected, got, Tolerance())
    differences = () if found is None else found.differences
    explanation = beside(got, expected, *differences, inputs=(("x", got), ("y", expected)))
    html = student_page(samples.report(explanation))
    assert Page(html).faults == []
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", html)
