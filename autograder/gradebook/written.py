"""The notebook that a student handed in, its cells matched to those of the release.

Cells are matched by what they define, by nbgrader's id, by cell id and by text, so that a notebook whose metadata a
website has stripped can still be graded by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from autograder.errors import UnreadableError
from autograder.gradebook.released import DEFINITION, Release, ReleasedCell
from autograder.notebook import notebooks
from autograder.notebook.notebooks import SavedCell


@dataclass(frozen=True)
class WrittenCell:
    """One cell of a student's file: text alone is taken over from it."""

    id: str
    cell_type: str
    source: str
    grade_id: str | None
    images: Mapping[str, Mapping[str, str]]  # pasted into Markdown: name, then type and base64
    functions: tuple[str, ...]  # that it defines


@dataclass(frozen=True)
class Written:
    """The notebook that a student handed in, beside the released one."""

    cells: tuple[WrittenCell, ...] = ()
    places: Mapping[int, int] = field(default_factory=dict)  # where each released cell stands in it


def read(release: Release, path: Path | None) -> Written:
    """The notebook at `path`, its cells matched to the release; no cells where it cannot be read."""
    if path is None:
        return Written()
    try:
        raw = notebooks.read_bytes(path, release.path.name, or_only=release.alone)
        cells = tuple(map(_written, notebooks.saved(raw)))
    except UnreadableError:
        return Written()
    return Written(cells, _matches(release, cells))


def unanswered(release: Release, handed_in: Written) -> frozenset[str]:
    """The free-text cells, by nbgrader's name, that the student left as they came, with no answer in a cell beside.

    And of an assignment that nbgrader made, as nbgrader has it, those for code that are as they came.
    """
    added = {place for place, cell in _free(handed_in.cells, handed_in.places) if cell.source.strip()}

    def left(index: int, known: ReleasedCell) -> bool:
        place = handed_in.places.get(index)
        if place is None:
            return True
        is_stub = handed_in.cells[place].source.strip() in ("", known.source.strip())
        above = place - 1 in added and handed_in.cells[place - 1].cell_type != "code"
        return is_stub and not above and place + 1 not in added

    def same(index: int, known: ReleasedCell) -> bool:
        place = handed_in.places.get(index)
        return place is not None and handed_in.cells[place].source == known.source

    return frozenset(
        known.grade_id
        for index, known in enumerate(release.cells)
        if known.grade_id is not None
        and (
            left(index, known) if known.by_hand else release.adopted and known.solution and same(index, known)
        )
    )


def _written(saved: SavedCell) -> WrittenCell:
    source, kind = saved.cell.source, saved.cell.kind
    return WrittenCell(
        id=saved.id,
        cell_type=kind,
        source=source,
        grade_id=saved.grade_id,
        images=saved.images,
        functions=tuple(DEFINITION.findall(source)) if kind == "code" else (),
    )


def _matches(release: Release, cells: Sequence[WrittenCell]) -> dict[int, int]:
    """Which student's cell stands for which released cell: places in `release.cells` to places in `cells`."""
    matches = _by_definition(release, cells)
    for sign in (_grade_id, _cell_id, _cell_text):
        matches |= _by_sign(release, cells, sign, matches)
    return matches | _by_neighbours(release, cells, matches)


def _by_definition(release: Release, cells: Sequence[WrittenCell]) -> dict[int, int]:
    """What a cell defines is the surest sign; of several, the one under the released name or the last."""
    matches: dict[int, int] = {}
    defining: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        for function in cell.functions:
            defining.setdefault(function, []).append(place)
    for index, known in enumerate(release.cells):
        if known.function is not None:
            alike = [place for place in defining.get(known.function, ()) if place not in matches.values()]
            named = [place for place in alike if cells[place].grade_id == known.grade_id is not None]
            if alike:
                matches[index] = named[0] if named else alike[-1]
    return matches


def _by_sign(
    release: Release, cells: Sequence[WrittenCell], sign: _Sign, matches: Mapping[int, int]
) -> dict[int, int]:
    """Cells not matched yet that bear the same sign, in their order."""
    found: dict[int, int] = {}
    places: dict[object, list[int]] = {}
    for place, cell in _free(cells, matches):
        places.setdefault(sign(cell), []).append(place)
    for index, known in enumerate(release.cells):
        if index not in matches and (own := sign(known)) is not None and places.get(own):
            found[index] = places[own].pop(0)
    return found


def _by_neighbours(
    release: Release, cells: Sequence[WrittenCell], matches: Mapping[int, int]
) -> dict[int, int]:
    """An answer that lost its metadata stands between its neighbours."""
    found = dict(matches)
    for index, known in enumerate(release.cells):
        if index not in found and known.by_hand:
            after = max((place for at, place in found.items() if at < index), default=-1)
            before = min((place for at, place in found.items() if at > index), default=len(cells))
            between = [
                place
                for place, cell in _free(cells, found)
                if after < place < before and cell.cell_type == known.cell_type
            ]
            if between:
                found[index] = between[0]
    return found


def _free(cells: Sequence[WrittenCell], matches: Mapping[int, int]) -> list[tuple[int, WrittenCell]]:
    """The student's cells that stand for no released one yet, with their places."""
    taken = set(matches.values())
    return [(place, cell) for place, cell in enumerate(cells) if place not in taken]


# By what a cell is known, the same in a released and in a handed-in notebook; None where it has no such sign.
_Sign: TypeAlias = Callable[[ReleasedCell | WrittenCell], object]


def _grade_id(cell: ReleasedCell | WrittenCell) -> object:
    return cell.grade_id


def _cell_id(cell: ReleasedCell | WrittenCell) -> object:
    return (cell.cell_type, cell.id) if cell.id else None


def _cell_text(cell: ReleasedCell | WrittenCell) -> object:
    return cell.cell_type, cell.source.strip()
