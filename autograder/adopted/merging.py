"""What runs of a student's notebook: their own cells, and the author's in the place of those that were locked.

As nbgrader's `autograde` does it: of cells with the same id the last one counts, whatever a student made of a locked cell or a
test cell is overwritten, and all other cells stay where the student has them. Where a locked cell or a test cell is gone,
nbgrader gives no points; here it is put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from autograder.adopted.papers import Paper, PaperCell, PaperKind, Step
from autograder.notebook.notebooks import SavedCell
from autograder.records import Cell

_AUTHORS: Final[frozenset[PaperKind]] = frozenset({"locked", "test"})


@dataclass
class _Place:
    """A cell of the notebook that is run, and which of the author's it is."""

    own: Cell | None  # what the student has there; None: it was gone
    cell: PaperCell | None = (
        None  # None: a cell that the student has added, or that nbgrader knows nothing of
    )


def steps(paper: Paper, cells: Sequence[SavedCell]) -> tuple[Step, ...]:
    """The code cells that are run for a student's notebook, in order; `cells` are all of it, text cells too.

    A step of the student's has what they wrote, and one of the author's the source with its hidden tests.
    """
    places = [_Place(one.cell) for one in cells]
    _recognise(paper, cells, places)
    _put_back(paper, places)
    code = [place for place in places if _is_code(place)]
    return tuple(_step(index, place) for index, place in enumerate(code))


def _recognise(paper: Paper, cells: Sequence[SavedCell], places: Sequence[_Place]) -> None:
    """Finds the author's cells among the student's: by their ids, or by their text where a program has lost the ids."""
    named = {cell.grade_id: cell for cell in paper.cells if cell.grade_id}
    for one, place in zip(reversed(cells), reversed(places), strict=True):
        place.cell = named.pop(one.grade_id or "", None)
    texts = {cell.shown.strip(): cell for cell in named.values() if cell.shown.strip()}
    for one, place in zip(cells, places, strict=True):
        if place.cell is None:
            place.cell = texts.pop(one.cell.source.strip(), None)


def _put_back(paper: Paper, places: list[_Place]) -> None:
    """Puts what is gone of the author's code behind the cell that was before it.

    Where that is gone too and was the student's to write, it goes to the end, behind wherever they wrote it.
    """
    at: int | None = -1  # the place of the cell before; None: it cannot be told
    for cell in paper.cells:
        if not cell.grade_id:
            continue
        found = next((number for number, place in enumerate(places) if place.cell is cell), None)
        if found is None and cell.kind in _AUTHORS and cell.is_code:
            found = len(places) if at is None else at + 1
            places.insert(found, _Place(None, cell))
        if found is not None or (cell.is_code and cell.kind not in _AUTHORS):
            at = found


def _is_code(place: _Place) -> bool:
    """What the author's cells were, nbgrader makes of them again."""
    if place.cell is not None:
        return place.cell.is_code
    return place.own is not None and place.own.kind == "code"


def _step(index: int, place: _Place) -> Step:
    cell, own = place.cell, place.own
    if cell is not None and (own is None or cell.kind in _AUTHORS):
        return Step(index, cell.source, cell.kind, cell.grade_id, own=False)
    assert own is not None
    if cell is None:
        return Step(index, own.source, "free")
    return Step(index, own.source, cell.kind, cell.grade_id)
