"""What a terminal shows and Rich has no form for: marked code, matrices that fit the width, text with code in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.table import Table as RichTable
from rich.text import Text

from autograder.drawing import shades
from autograder.pages.listing import Code
from autograder.pages.tables import Entry, Label, Table
from autograder.selfcheck.view import printable


@dataclass(frozen=True)
class Listing:
    """The student's code in a terminal, with a mark before the lines that count; long lines are cut at its width."""

    code: Code

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        width = len(str(self.code.lines[-1].number))
        if self.code.before:
            yield Text("…".rjust(width + 2), "dim")
        for line in self.code.lines:
            text = Text(no_wrap=True, overflow="ellipsis")
            text.append("▸ " if line.marked else "  ", "bold red")
            text.append(f"{line.number:>{width}}  ", "bold red" if line.marked else "dim")
            text.append(printable(line.text), "bold" if line.marked else "")
            yield text
        if self.code.after:
            yield Text("…".rjust(width + 2), "dim")


@dataclass(frozen=True)
class Grid:
    """One table in a terminal; where that is too narrow, the columns around the first wrong cell."""

    table: Table
    name: str
    shape: str
    mark_wrong: bool

    def width(self, columns: range) -> int:
        """How many characters a line takes."""
        labels = [cell_len(self._called(row.label)) for row in self.table.rows if row.label is not None]
        labels += [len(self.table.corner)] if labels else []
        widths = [*([max(labels)] if labels else []), *map(self._width, columns)]
        return sum(widths) + len(widths) - 1  # a blank between two columns

    @property
    def full_width(self) -> int:
        """How many characters a line takes where all columns are shown."""
        return max(self.width(range(len(self.table.columns) or 1)), len(f"{self.name}  {self.shape}"))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        every = len(self.table.columns) or 1
        columns = next(
            (
                part
                for part in map(self._around_first, range(every, 1, -1))
                if self.width(part) <= options.max_width
            ),
            self._around_first(1),
        )
        if self.name or self.table.place:
            yield Text.assemble((f"{self.name}{self.table.place}", "bold"), (f"  {self.shape}", "dim"))
        yield self._drawn(columns)
        if len(columns) < every:
            more = every - len(columns)
            yield Text(f"{more} more {'column does' if more == 1 else 'columns do'} not fit here.", "dim")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(self.full_width, self.full_width)

    def _width(self, column: int) -> int:
        label = self.table.columns[column] if self.table.columns else None
        called, note = (self._called(label), label.note) if label else ("", "")
        texts = (cell_len(row.entries[column].text) for row in self.table.rows)
        return 2 + max(cell_len(called), len(note), *texts, 0)

    def _around_first(self, most: int) -> range:
        firsts = [
            place
            for row in self.table.rows
            for place, entry in enumerate(row.entries)
            if entry.mark == "first"
        ] or [place for place, label in enumerate(self.table.columns) if label.mark]
        every = len(self.table.columns) or 1
        start = max(0, min((firsts[0] if firsts else 0) - most // 2, every - most))
        return range(start, start + most)

    def _drawn(self, columns: range) -> RichTable:
        grid = RichTable(
            box=box.SIMPLE_HEAD,
            padding=(0, 0),
            show_edge=False,
            pad_edge=False,
            show_header=bool(self.table.columns),
            header_style="dim",
        )
        if self.table.rows[0].label is not None:
            grid.add_column(self.table.corner, justify="right", style="dim", no_wrap=True)
        for column in columns:
            grid.add_column(self._head(column), justify="right", no_wrap=True)
        for row in self.table.rows:
            cells = [Text(self._called(row.label), self._style(row.label))] if row.label is not None else []
            grid.add_row(*cells, *(self._cell(row.entries[column]) for column in columns))
        return grid

    def _called(self, label: Label) -> str:
        """What a row or column is called, with a sign where the other side has none such, or another one."""
        sign = {"": "", "missing": "−", "extra": "+"}.get(label.mark, "✗")
        named = f"{'' if label.place is None else label.place} {label.word}".strip()
        return (sign if self.mark_wrong else "✓" if sign else "") + named

    def _head(self, column: int) -> Text:
        if not self.table.columns:
            return Text("  ")
        label = self.table.columns[column]
        head = Text(f" {self._called(label)} ", self._style(label))
        return head.append(f"\n {label.note} ", "dim") if label.note else head

    def _style(self, label: Label) -> str:
        return "" if not label.mark else "bold red" if self.mark_wrong else "bold green"

    def _cell(self, entry: Entry) -> Text:
        if entry.mark == "first":
            return Text(f"[{entry.text}]", "bold red" if self.mark_wrong else "bold green")
        if entry.mark in ("missing", "extra"):
            return Text(f" {entry.text} ", "red" if self.mark_wrong else "")
        if entry.mark and self.mark_wrong:
            return Text(f"✗{entry.text} ", "red")
        # A terminal's ground may be any: what is shaded elsewhere is bold here.
        return Text(f" {entry.text} ", "bold" if shades.is_deep(entry.shade) else "")


class Measured(Protocol):
    """What can be drawn and knows its width."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]: ...

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement: ...


@dataclass(frozen=True)
class SideBySide:
    """Tables, or what else has a width, beside each other where there is room, else one below the other."""

    grids: Sequence[Measured]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        widths = [grid.__rich_measure__(console, options).maximum for grid in self.grids]
        if sum(widths) + 4 * (len(widths) - 1) > options.max_width:
            for place, grid in enumerate(self.grids):
                if place:
                    yield ""
                yield grid
            return
        row = RichTable.grid(padding=(0, 4, 0, 0))
        row.add_row(*self.grids)
        yield row


def prose(said: str, style: str = "") -> Text:
    """A text in which `backticks` mark code, without what a terminal would take for a command."""
    said = printable(said)
    parts = said.split("`")
    if len(parts) % 2 == 0:  # one backtick is without its partner
        return Text(said, style)
    styled = Text(style=style)
    for place, part in enumerate(parts):
        styled.append(part, "cyan" if place % 2 else "")
    return styled
