"""Containers as trees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.data import Column, Table
from autograder.differences import Difference
from autograder.pages.trees import MOST_NODES, Fold, Node, marks_of, tree


def drawn(node: Node, depth: int = 0) -> list[str]:
    """A tree as lines, with brackets around what is marked."""
    signs = {"": " ", "differs": "✗", "missing": "−", "extra": "+", "due": "✓"}
    found = []
    for one in node.inside:
        if isinstance(one, Fold):
            found.append(f" {'  ' * depth}… {one.said}")
            continue
        said = "".join(f"<{piece.text}>" if piece.marked else piece.text for piece in one.said)
        words = " ".join(part for part in (one.label, said, one.kind) if part)
        found.append(f"{signs[one.mark]} {'  ' * depth}{words}")
        if one.open:
            found += drawn(one, depth + 1)
    return found


def both(got: Any, expected: Any, *differences: Difference) -> tuple[list[str], list[str]]:
    marks = marks_of(differences)
    return drawn(tree(got, expected, marks, "got")), drawn(tree(expected, got, marks, "expected"))


def differs(*path: Any) -> Difference:
    return Difference(path, "differs")


def test_entries_of_a_list_are_marked_on_both_sides() -> None:
    missing = Difference((3,), "missing")
    assert both([1, 2, 4], [1, 2, 3, 5], differs(2), missing) == (
        ["  [0] 1", "  [1] 2", "✗ [2] <4>", "− [3]"],
        ["  [0] 1", "  [1] 2", "✓ [2] <3>", "✓ [3] <5>"],
    )


def test_keys_stand_in_the_order_of_the_one_that_is_due() -> None:
    differences = (Difference(("b",), "missing"), differs("c"), Difference(("x",), "extra"))
    assert both({"x": 0, "c": 4, "a": 1}, {"a": 1, "b": 2, "c": 3}, *differences) == (
        ["  'a': 1", "✗ 'c': <4>", "+ 'x': <0>", "− 'b'"],
        ["  'a': 1", "✓ 'b': <2>", "✓ 'c': <3>"],
    )


def test_items_of_a_set_are_missing_or_not_due() -> None:
    differences = (Difference((3,), "missing"), Difference((5,), "extra"))
    assert both({1, 5}, {1, 3}, *differences) == (["  1", "+ <5>", "− 3"], ["  1", "✓ <3>"])


def test_a_bool_is_another_key_than_the_number_it_equals() -> None:
    differences = (Difference((1,), "missing"), Difference((True,), "extra"))
    assert both({True: "a"}, {1: "a"}, *differences) == (["+ True: <'a'>", "− 1"], ["✓ 1: <'a'>"])
    turned = (Difference((True,), "missing"), Difference((1,), "extra"))
    assert both({1: "a"}, {True: "a"}, *turned) == (["+ 1: <'a'>", "− True"], ["✓ True: <'a'>"])


def test_a_short_pair_stays_on_its_line_with_the_part_marked() -> None:
    got, expected = both([("Ada", 36), ("Alan", 41)], [("Ada", 36), ("Alan", 42)], differs(1, 1))
    assert got == ["  [0] ('Ada', 36)", "✗ [1] ('Alan', <41>)"]
    assert expected == ["  [0] ('Ada', 36)", "✓ [1] ('Alan', <42>)"]
    assert both([(1,)], [(2,)], differs(0, 0))[0] == ["✗ [0] (<1>,)"]


def test_of_texts_the_characters_are_marked() -> None:
    assert both(["Alcaraz"], ["Alcarez"], differs(0))[0] == ["✗ [0] 'Alcar<a>z'"]


def test_of_long_texts_the_part_is_shown_where_they_begin_to_differ() -> None:
    long = "x" * 50_000
    (got,), (expected,) = both([f"{long}a{long}"], [f"{long}b{long}"], differs(0))
    assert "x<a>x" in got
    assert "x<b>x" in expected
    assert len(got) < 200


def test_texts_with_another_kind_of_quotes_differ_in_their_letters_alone() -> None:
    assert both(["Queens"], ["Queen's"], differs(0)) == (
        ['✗ [0] "Queen<>s"'],
        ["""✓ [0] "Queen<'>s\""""],
    )


def test_the_type_is_told_where_it_is_what_differs() -> None:
    got, expected = both(["3", None, 1], [3, 0, 1.0], differs(0), differs(1), differs(2))
    assert got == ["✗ [0] <'3'> str", "✗ [1] <None>", "✗ [2] <1> int"]
    assert expected == ["✓ [0] <3> int", "✓ [1] <0> int", "✓ [2] <1.0> float"]


def test_numbers_that_differ_in_a_late_digit_are_written_with_all() -> None:
    assert both([0.1 + 0.2], [0.3], differs(0))[0] == ["✗ [0] <0.30000000000000004>"]


def test_what_differs_stays_in_view_and_the_rest_is_folded() -> None:
    got = list(range(100))
    shown, _ = both(got, [*got[:50], -1, *got[51:]], differs(50))
    assert shown == [
        "  [0] 0",
        " … 48 more entries",
        "  [49] 49",
        "✗ [50] <50>",
        "  [51] 51",
        " … 48 more entries",
    ]


def test_the_folded_entries_can_be_unfolded_and_those_left_out_are_counted() -> None:
    node = tree(list(range(100)), list(range(100)))
    (fold,) = (one for one in node.inside if isinstance(one, Fold))
    assert fold.said == "94 more entries"
    assert len(fold.nodes) + fold.left_out == 94


def test_of_very_many_differences_some_are_folded_and_it_is_said() -> None:
    got, _ = both(list(range(500)), list(range(1, 501)), *map(differs, range(200)))
    assert sum(line.startswith("✗") for line in got) == 13
    assert got[-1] == " … 487 more entries, some of which differ"


def test_long_containers_that_are_alike_are_closed_with_a_glimpse() -> None:
    value = {"a": list(range(50)), "b": 1}
    got, _ = both(value, {**value, "b": 2}, differs("b"))
    assert got == ["  'a': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …] list, 50 entries", "✗ 'b': <1>"]


def test_arrays_and_tables_inside_are_tables() -> None:
    table = Table("Series", (Column("n", "int64", np.array([1, 2])),))
    node = tree(
        {"m": np.eye(2), "t": table},
        {"m": np.eye(2), "t": table},
        marks_of([differs("m", (1, 0)), differs("t", 0, 1)]),
    )
    matrix, series = node.inside
    assert isinstance(matrix, Node)
    assert isinstance(series, Node)
    assert matrix.tables is not None
    assert series.tables is not None
    assert [[one.mark for one in row.entries] for row in matrix.tables.tables[0].rows] == [
        ["", ""],
        ["first", ""],
    ]
    assert [[one.mark for one in row.entries] for row in series.tables.tables[0].rows] == [[""], ["first"]]


def test_places_that_an_array_has_not_mark_nothing() -> None:
    node = tree([np.eye(2)], [np.eye(2)], marks_of([differs(0, (7, 7)), differs(0, ("a", 0))]))
    (inner,) = node.inside
    assert isinstance(inner, Node)
    assert inner.tables is not None
    assert {one.mark for row in inner.tables.tables[0].rows for one in row.entries} == {""}


def test_the_entries_of_a_script_are_called_by_its_steps() -> None:
    node = tree([1, 2], [1, 3], marks_of([differs(1)]), "got", ("push(1) →", "pop() →"))
    assert drawn(node) == ["  push(1) → 1", "✗ pop() → <2>"]


@pytest.mark.parametrize(
    "value",
    [
        list(range(10**6)),
        {number: [number] * 100 for number in range(1000)},
        [[list(range(20))] * 20] * 20,
        [np.zeros((50, 50))] * 50,
        set(range(10_000)),
    ],
)
def test_a_tree_is_bounded(value: Any) -> None:
    def count(node: Node | Fold) -> int:
        return sum(map(count, node.nodes if isinstance(node, Fold) else node.inside)) + 1

    assert count(tree(value, value)) <= 2 * MOST_NODES


def test_a_difference_deeper_than_is_shown_is_marked_where_the_view_ends() -> None:
    deep: list[Any] = [0]
    for _ in range(50):
        deep = [deep]
    got, expected = both(deep, deep, differs(*[0] * 51))
    assert got[-1].startswith("✗")
    assert expected[-1].startswith("✓")
    assert len(got) < 12
