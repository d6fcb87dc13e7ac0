"""Values that are no arrays in a terminal."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from hypothesis import given
from plain_values import plain_values
from rich.cells import cell_len
from rich.console import Console
from value_samples import KINDS, MARKUP, ODD, beside, check, differs

from autograder.checking import kinds
from autograder.pages.textdiff import Piece
from autograder.records import Explanation, Tolerance
from autograder.selfcheck.forms import Said
from autograder.selfcheck.terminal import text


def shown(explanation: Explanation, width: int = 80) -> list[str]:
    """The two values as they stand between the sentence and the inputs."""
    said = text(check(explanation), width=width)
    return (
        said.split("The values differ.\n", 1)[1]
        .split("\nThe inputs of ")[0]
        .split("\nThe calls of ")[0]
        .strip("\n")
        .splitlines()
    )


def test_single_values_stand_beside_each_other() -> None:
    assert shown(KINDS["number"]) == ["Yours      Expected", "✗ 41       ✓ 42"]
    assert shown(KINDS["type"]) == ["Yours  str    Expected  int", "✗ '42'        ✓ 42"]


def test_a_list_is_a_tree_with_a_sign_for_each_entry_that_differs() -> None:
    assert shown(KINDS["short list"]) == [
        "Yours  list, 3 entries    Expected  list, 4 entries",
        "  [0] 1                     [0] 1",
        "  [1] 2                     [1] 2",
        "✗ [2] 4                   ✓ [2] 3",
        "− [3]  missing            ✓ [3] 5",
        "✗ differs   − is missing",
    ]


def test_of_a_line_that_differs_in_part_carets_point_at_the_part() -> None:
    assert shown(KINDS["pairs"])[2:4] == [
        "✗ [1] ('Alan', 41)        ✓ [1] ('Alan', 42)",
        "               ^^                        ^^",
    ]
    assert shown(KINDS["text"])[1:3] == [
        "✗ The quick brown fox     ✓ The quick brwn fox·jumps",
        "              ^      ^                  ^     ^^^^^^",
    ]


def test_what_is_folded_is_a_line() -> None:
    lines = shown(KINDS["long list"])
    assert "  …  38 more entries          …  38 more entries" in lines
    assert "✗ [40] 1601                 ✓ [40] 1600" in lines


def test_printed_lines_are_numbered() -> None:
    lines = shown(KINDS["printed"])
    assert lines[5] == "✗ 5  buzz                        ✓  5  Buzz"
    assert lines[6] == "     ^                                 ^"
    assert any(line.startswith("− 1 line is missing here") for line in lines)
    assert "  …  36 lines above, the same in both      …  36 lines above, the same in both" in shown(
        KINDS["long text"]
    )
    assert shown(KINDS["empty text"])[1].startswith("  The text is empty.")


def test_tables_have_their_names_and_dtypes() -> None:
    lines = shown(KINDS["table of other columns"])
    assert lines[1:3] == [
        "                shop   +Units     price",
        "        day   object    int64   float64   −units",
    ]
    assert "+2024-01-04     Graz        7     1.000" in lines
    assert "               shop   ✓units     price" in lines
    assert "2024-01-03      NaN     [5]    ✗3.000    2024-01-03      NaN     [6]     3.125" in shown(
        KINDS["table"]
    )


def test_of_a_wide_table_the_column_is_in_view_that_one_side_lacks() -> None:
    lines = shown(ODD["a wide table"])
    assert any("−c60" in line for line in lines)
    assert any("✓c60" in line for line in lines)


def test_the_steps_of_a_script_and_what_each_gave() -> None:
    assert "✗ pop() → None      ✓ pop() → raises IndexError" in shown(KINDS["script"])
    said = text(check(KINDS["script"]), width=80)
    assert (
        "The calls of “a short text”, to paste into the notebook:\n\n  one = count()\n  one.push(3)\n" in said
    )
    assert "(*inputs)" not in said


def test_inputs_of_every_kind_are_told() -> None:
    said = text(check(KINDS["functions"]), width=80)
    assert "f  a function\n  def f(x):\n      return x ** 2\nstart  0.5\n" in said
    assert "xs  list, 100 entries\n  [0] 0\n" in text(check(KINDS["long list"]), width=80)
    assert "sales  DataFrame, 4 rows × 3 columns\n" in text(check(KINDS["table"]), width=80)
    assert "rng  np.random.default_rng(7)\n" in text(check(KINDS["nothing was due"]), width=80)


@pytest.mark.parametrize("name", [*KINDS, *ODD])
@pytest.mark.parametrize("width", [24, 80, 120])
def test_every_kind_fits_its_width_and_commands_no_terminal(name: str, width: int) -> None:
    found = check({**KINDS, **ODD}[name])
    said, coloured = text(found, width=width), text(found, width=width, colour=True)
    assert max(map(cell_len, said.splitlines())) <= width
    assert len(said.splitlines()) < 250
    assert all(line.isprintable() for line in said.splitlines())
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == said.splitlines()


def test_wide_characters_keep_the_carets_in_place() -> None:
    assert shown(beside("李明 is here", "李明 is there"))[1:3] == [
        "✗ 李明 is here          ✓ 李明 is there",
        "          ^                       ^",
    ]


def test_a_line_too_long_goes_on_below_with_its_carets() -> None:
    console = Console(file=io.StringIO(), width=20)
    console.print(
        Said("differs", "[0] ", (Piece("a" * 18), Piece("b", marked=True), Piece("c")), tail="  str")
    )
    assert console.file.getvalue().splitlines() == [  # type: ignore[attr-defined]
        "✗ [0] aaaaaaaaaaaaaa",
        "      aaaabc  str",
        "          ^",
    ]


def test_a_gap_at_the_end_has_a_caret_of_its_own() -> None:
    assert shown(beside("ab cd", "ab cd ef"))[2].startswith("       ^ ")


def test_markup_stays_text() -> None:
    said = text(check(beside(["[red]x[/red]", MARKUP], ["[red]y[/red]", MARKUP], differs(0))), width=200)
    assert "'[red]x[/red]'" in said
    assert "<script>" in said


@pytest.mark.slow
@given(plain_values(), plain_values())
def test_any_two_values_fit_and_command_no_terminal(got: Any, expected: Any) -> None:
    found = kinds.find(expected, got, Tolerance())
    differences = () if found is None else found.differences
    said = text(check(beside(got, expected, *differences, inputs=(("x", got),))), width=30)
    assert max(map(cell_len, said.splitlines())) <= 30
    assert all(line.isprintable() for line in said.splitlines())
