"""Tables in terminals of any width, and where nobody looks."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.cli import printed as printing
from autograder.cli import terminal

NAMES = ("softmax", "positional_encoding_of_many_tokens")
HEADINGS = ("solution", "stub", "examples", "mistakes", "apart", "mutants", "copied", "same")


def printed(monkeypatch: pytest.MonkeyPatch, width: int, *, is_terminal: bool) -> str:
    """A table of two functions, as it is printed."""
    console = Console(file=io.StringIO(), width=width, force_terminal=is_terminal, color_system=None)
    monkeypatch.setattr(printing, "stdout", console)
    table = printing.titled_table("A unit [1]")
    table.add_column("function", no_wrap=True)
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for name in NAMES:
        table.add_row(name, *(terminal.sign(True) for _ in HEADINGS[:-1]), "")
    printing.print_table(table)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("width", "is_terminal"), [(30, True), (50, True), (80, True), (200, True), (20, False)]
)
def test_no_word_of_a_table_is_cut(monkeypatch: pytest.MonkeyPatch, width: int, is_terminal: bool) -> None:
    said = printed(monkeypatch, width, is_terminal=is_terminal)
    assert "…" not in said
    assert "A unit [1]" in said
    for word in (*NAMES, *HEADINGS[:-1]):
        assert word in said
    if is_terminal:
        lines = [line for line in said.splitlines() if not any(name in line for name in NAMES)]
        assert all(len(line) <= width for line in lines)


def test_a_row_has_lines_of_its_own_where_the_table_has_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line.rstrip() for line in printed(monkeypatch, 40, is_terminal=True).splitlines()]
    assert lines[:4] == [
        "A unit [1]",
        "  softmax",
        "    solution ✓  stub ✓  examples ✓",
        "    mistakes ✓  apart ✓  mutants ✓",
    ]
    assert len(printed(monkeypatch, 200, is_terminal=True).splitlines()[-2].rstrip()) > 80  # one row a line


def test_the_bar_says_at_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(file=io.StringIO(), width=90, force_terminal=True, color_system=None)
    monkeypatch.setattr(terminal, "stdout", console)
    with terminal.progress("{task.description}") as bar:
        task = bar.add_task("proving", total=2)
        bar.update(task, advance=1, description="softmax: mutants")
        bar.refresh()
    assert isinstance(console.file, io.StringIO)
    assert "softmax: mutants" in console.file.getvalue()
