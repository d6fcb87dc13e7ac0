"""What students get of a cell: without solutions, hidden tests and marking schemes, as nbgrader takes them out."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.adopted.papers import PaperKind
from autograder.dialect import Dialect


class MarkerError(Exception):
    """A marker that nbgrader would refuse; the message says what to do."""

    def __init__(self, line: int, trouble: str) -> None:
        super().__init__(trouble)
        self.line = line  # of the cell, from 1


@dataclass(frozen=True)
class _Region:
    begin: str
    end: str
    kinds: tuple[PaperKind, ...]  # of cells in which it may be
    what: str


def shown(source: str, kind: PaperKind, is_code: bool, dialect: Dialect) -> tuple[str, frozenset[int]]:
    """The text that students get, and the numbers of the lines (from 1) that they do not; MarkerError as nbgrader would raise."""
    solution = _Region(dialect.begin_solution, dialect.end_solution, ("solution", "manual"), "a solution")
    hidden = _Region(dialect.begin_hidden, dialect.end_hidden, ("test", "manual"), "hidden tests")
    scheme = _Region(dialect.begin_scheme, dialect.end_scheme, ("task",), "a marking scheme")
    stub = dialect.code_stub if is_code else dialect.text_stub
    # A line with its number in the source; None for what was put in its place.
    lines: list[tuple[int | None, str]] = list(enumerate(source.split("\n"), start=1))
    total = len(lines)
    cleared, found = _cleared(lines, solution, kind, stub)
    if kind in ("solution", "manual") and not found:
        cleared = [(None, line) for line in stub.split("\n")]
    for region in (hidden, scheme):
        cleared, _ = _cleared(cleared, region, kind, None)
    left = {number for number, _ in cleared if number is not None}
    return "\n".join(line for _, line in cleared), frozenset(range(1, total + 1)) - left


def _cleared(
    lines: list[tuple[int | None, str]], region: _Region, kind: PaperKind, stub: str | None
) -> tuple[list[tuple[int | None, str]], bool]:
    """The lines without those of the region, the stub in their place; and whether there was one."""
    kept: list[tuple[int | None, str]] = []
    since: int | None = None
    found = False
    for number, line in lines:
        if region.begin in line:
            if since is not None:
                raise MarkerError(
                    number or 1, f"{region.begin!r} stands in {region.what} that begins already"
                )
            if kind not in region.kinds:
                raise MarkerError(
                    number or 1,
                    f"{region.begin!r} stands in a cell that nbgrader does not take for one with {region.what}: choose its kind in "
                    "Jupyter, or take the marker out",
                )
            since, found = number or 1, True
            if stub is not None:
                indent = line[: len(line) - len(line.lstrip())]
                kept += [(None, indent + one) for one in stub.split("\n")]
        elif region.end in line:
            since = None
        elif since is None:
            kept.append((number, line))
    if since is not None:
        raise MarkerError(since, f"{region.begin!r} has no {region.end!r} below it")
    return kept, found
