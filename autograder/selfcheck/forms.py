"""Values that are no arrays in a terminal: trees, texts and single values, what differs marked by signs and carets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

from autograder.pages.contrast import Contrast, Shown
from autograder.pages.textdiff import Line, Mark, Piece
from autograder.pages.trees import Fold, Node
from autograder.selfcheck.widgets import Grid
from autograder.words import agree, counted

_SIGNS: Final[dict[Mark, str]] = {"": " ", "differs": "✗", "missing": "−", "extra": "+", "due": "✓"}
_WORDS: Final[dict[Mark, str]] = {"missing": "missing", "extra": "extra"}
_LEGEND: Final[dict[Mark, str]] = {
    "differs": "differs",
    "missing": "is missing",
    "extra": "should not be there",
}
_Part: TypeAlias = "Said | Indented"


@dataclass(frozen=True)
class Said:
    """One line, with carets under what differs of it where that is not all of it; too long a one goes on below."""

    mark: Mark
    lead: str = ""  # what stands before the value: how it is reached
    pieces: tuple[Piece, ...] = ()
    tail: str = ""
    dim: bool = False

    @property
    def width(self) -> int:
        """How many cells it takes on one line."""
        gap = bool(self.pieces) and not self.pieces[-1].text  # its caret stands behind the last letter
        return (
            2
            + cell_len(self.lead)
            + sum(cell_len(one.text) for one in self.pieces)
            + max(gap, cell_len(self.tail))
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        style = "green" if self.mark == "due" else "red" if self.mark else ""
        first = 2 + cell_len(self.lead)
        room = max(8, options.max_width - first)
        part = any(one.marked for one in self.pieces) and not all(
            one.marked and one.text for one in self.pieces
        )
        chunks = list(_chunks(self.pieces, room)) or [(Text(), "")]
        for number, (text, carets) in enumerate(chunks):
            line = Text(no_wrap=True, overflow="fold")
            if number:
                line.append(" " * first)
            else:
                line.append(f"{_SIGNS[self.mark]} ", f"bold {style}")
                line.append(self.lead, style or "dim")
            text.stylize("dim" if self.dim else "")
            for span in list(text.spans):
                if span.style == "marked":
                    text.stylize(f"bold {style}", span.start, span.end)
            text.spans = [span for span in text.spans if span.style != "marked"]
            line.append_text(text)
            if number == len(chunks) - 1 and self.tail:
                if line.cell_len + cell_len(self.tail) > options.max_width:
                    if line.plain.strip():
                        yield line
                    yield Padding(
                        Text(self.tail.strip(), "dim"), (0, 0, 0, min(first, options.max_width // 2))
                    )
                    continue
                line.append(self.tail, "dim")
            yield line
            if part and carets.strip():
                yield Text(" " * first + carets.rstrip(), f"bold {style}", no_wrap=True, overflow="fold")


@dataclass(frozen=True)
class Indented:
    """A table inside a tree."""

    grid: Grid
    by: int

    @property
    def width(self) -> int:
        """How many cells it takes."""
        return self.by + self.grid.full_width

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        yield Padding(self.grid, (0, 0, 0, self.by))


@dataclass(frozen=True)
class Side:
    """One value with its name above it."""

    name: str
    shown: Shown
    expected: bool

    @property
    def parts(self) -> list[_Part]:
        """Its lines."""
        shown = self.shown
        if shown.tables is not None:
            tables = [
                Indented(Grid(table, self.name, shown.size, mark_wrong=not self.expected), 0)
                for table in shown.tables.tables
            ]
            left = [Said("", tail=shown.tables.left_out)] if shown.tables.left_out else []
            return [*tables, *left]
        if shown.lone:
            partly = any(one.marked for one in shown.lone)
            whole = tuple(Piece(one.text, bool(shown.mark)) for one in shown.lone)
            return [Said(shown.mark, pieces=shown.lone if partly else whole)]
        if shown.text is not None:
            return list(text_lines(shown.text.lines, shown.text.before, shown.text.after))
        assert shown.tree is not None
        return list(tree_lines(shown.tree.inside, 0, expected=self.expected))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        if self.shown.tables is None or not self.shown.tables.tables:
            yield Text.assemble(
                (self.name, "bold"), (f"  {self.shown.size}" if self.shown.size else "", "dim")
            )
        yield from self.parts

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        head = cell_len(self.name) + 2 + cell_len(self.shown.size)
        width = max([head, *(part.width for part in self.parts)])
        return Measurement(min(width, options.max_width), width)


def legend(contrast: Contrast) -> Text | None:
    """What the signs stand for; None where none is used."""
    if not contrast.signs:
        return None
    told = Text()
    for sign in contrast.signs:
        told.append(_SIGNS[sign], "red")
        told.append(f" {_LEGEND[sign]}   ", "dim")
    told.rstrip()
    return told


def tree_lines(inside: Sequence[Node | Fold], depth: int, *, expected: bool) -> Iterator[_Part]:
    """The entries of a tree, each on a line, those further inside further in."""
    indent = "  " * depth
    for node in inside:
        if isinstance(node, Fold):
            yield Said("", f"{indent}…  {node.said}", dim=True)
            continue
        lead = f"{indent}{node.label}{' ' if node.label and (node.said or node.kind) else ''}"
        word = _WORDS.get(node.mark, "")
        tail = "".join(f"  {one}" for one in (node.kind, word) if one)
        yield Said(node.mark, lead.rstrip() if not node.said else lead, node.said, tail)
        if node.tables is not None:
            for table in node.tables.tables:
                grid = Grid(table, "", "", mark_wrong=not expected)
                yield Indented(grid, 4 + 2 * depth)
            if node.tables.left_out:
                yield Said("", f"{indent}  ", tail=node.tables.left_out)
        elif node.open:
            yield from tree_lines(node.inside, depth + 1, expected=expected)


def text_lines(lines: Sequence[Line], before: int, after: int) -> Iterator[_Part]:
    """The lines of a text, numbered where there are several."""
    if before:
        yield Said("", f"…  {counted(before, 'line')} above, the same in both")
    if not lines:
        yield Said("", "The text is empty.")
    width = max((len(str(line.number)) for line in lines if line.number), default=1)
    several = len(lines) > 1 or before
    for line in lines:
        if line.number is None:
            told = f"{counted(line.missing, 'line')} {agree(line.missing, 'is', 'are')} missing here"
            yield Said(line.mark, tail=told)
        else:
            yield Said(line.mark, f"{line.number:>{width}}  " if several else "", line.pieces)
    if after:
        yield Said("", f"…  {counted(after, 'more line')}")


def _chunks(pieces: Sequence[Piece], room: int) -> Iterator[tuple[Text, str]]:
    """The pieces cut at a width, each with the carets that go under it."""
    text, carets = Text(), ""
    for piece in pieces:
        if piece.marked and not piece.text:  # a place where something is missing
            carets += "^"
        for character in piece.text:
            wide = cell_len(character)
            if text.cell_len + wide > room:
                yield text, carets
                text, carets = Text(), ""
            text.append(character, "marked" if piece.marked else "")
            missing = text.cell_len - wide - len(carets)
            carets += " " * missing + ("^" if piece.marked else " ") * max(0, wide + min(0, missing))
    if text or carets.strip():
        yield text, carets
