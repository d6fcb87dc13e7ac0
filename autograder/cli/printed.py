"""Tables as the commands print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from autograder.cli.terminal import stdout

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_ANY_WIDTH: Final = 10_000  # columns, more than any table has
_INDENT: Final = 4  # of the cells of a row that has lines of its own
_BETWEEN: Final = "  "


def titled_table(title: str) -> Table:
    """A table under its title, as wide as what it holds."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD,
        title=escape(title),
        title_justify="left",
        title_style="bold",
        pad_edge=False,
        collapse_padding=True,
    )


def print_table(table: Table) -> None:
    """Prints a table with no word of it cut: as wide as it is, and in a terminal that is narrower, row by row."""
    from rich.measure import Measurement
    from rich.padding import Padding
    from rich.text import Text

    needed = Measurement.get(stdout, stdout.options.update(width=_ANY_WIDTH), table).maximum
    if needed <= stdout.width or not stdout.is_terminal:
        table.width = needed
        stdout.print(table, crop=False)
        return
    stdout.print(Text.from_markup(f"[bold]{table.title}[/bold]"))
    for name, *cells in zip(*(column.cells for column in table.columns), strict=True):
        stdout.print(f"  {name}", soft_wrap=True)
        said = zip((str(column.header) for column in table.columns[1:]), map(str, cells), strict=True)
        for line in _lines([Text.from_markup(f"{heading} {cell}") for heading, cell in said if cell]):
            stdout.print(Padding(line, (0, 0, 0, _INDENT)))


def _lines(pieces: Sequence[Text]) -> list[Text]:
    """Pieces beside each other, as many on a line as the terminal has room for."""
    from rich.text import Text

    lines: list[Text] = []
    for piece in pieces:
        if lines and _INDENT + lines[-1].cell_len + len(_BETWEEN) + piece.cell_len <= stdout.width:
            lines[-1] = Text.assemble(lines[-1], _BETWEEN, piece)
        else:
            lines.append(piece)
    return lines
