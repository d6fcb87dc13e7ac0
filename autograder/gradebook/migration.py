"""What a change to a lesson will do to a gradebook in which work has been handed in: seen without nbgrader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.gradebook import copies, handwork, looking
from autograder.gradebook.handwork import Item
from autograder.gradebook.released import Release, ReleasedCell
from autograder.words import counted

GRADED: Final = ("GradeCell", "TaskCell")  # nbgrader's kinds of cells that marks are given for
COMMENTED: Final = ("SolutionCell", "TaskCell")

_OF_UNIT = """
    JOIN notebook ON notebook.id = cell.notebook_id
    JOIN assignment ON assignment.id = notebook.assignment_id
    WHERE assignment.name = ?
"""
_CELLS = (
    f"SELECT notebook.name, cell.name, cell.type FROM base_cell AS cell {_OF_UNIT} "
    f"UNION ALL SELECT notebook.name, cell.name, 'SourceCell' FROM source_cell AS cell {_OF_UNIT}"
)
_KEPT = f"given by hand, they stay in the copy in {copies.FOLDER}/ that is made before"
_HANDED_IN = """
    SELECT COUNT(*) FROM submitted_assignment AS submitted
    JOIN assignment ON assignment.id = submitted.assignment_id WHERE assignment.name = ?
"""


@dataclass(frozen=True)
class Change:
    """What is different in a release, seen from the gradebook."""

    unit: str
    submissions: int  # that are in the gradebook
    entering: Mapping[str, ReleasedCell]  # with points, by nbgrader's names
    leaving: tuple[str, ...]  # with points, by nbgrader's names
    lost: tuple[Item, ...]  # what people gave for cells that leave

    @property
    def lines(self) -> tuple[str, ...]:
        """A line on each question that enters or leaves, for whoever teaches."""
        of = f"the gradebook for the {counted(self.submissions, 'student')} in it"
        entering = [
            f"{self.unit}: {name} ({counted(cell.points, 'point')}) enters {of}, "
            f"{'who wait for a mark from a person' if cell.by_hand else 'marked by its checks'}; what was given stays"
            for name, cell in self.entering.items()
        ]
        given = {
            name: [item for item in self.lost if item.cell in (name, _answer(name))] for name in self.leaving
        }
        for item in self.lost:
            if not any(item in items for items in given.values()):
                given.setdefault(item.cell, []).append(item)
        leaving = [
            f"{self.unit}: {name} {'leaves' if name in self.leaving else 'takes no answers any more in'} {of}"
            + (f", and {handwork.said(items)} with it: {_KEPT}" if items else "")
            for name, items in given.items()
        ]
        return (*entering, *leaving)


def _answer(name: str) -> str:
    """The cell in which students write what the check cell of this name is about."""
    return name.removeprefix("check-")


def foreseen(gradebook: Path, releases: Sequence[Release], unit: str) -> Change | None:
    """What will change in the gradebook for a release; None where nothing will, or nobody's work is in it."""
    names = {release.name for release in releases}
    try:
        with looking.at(gradebook) as book:
            rows = book.all(_CELLS, (unit, unit))
            several = len({notebook for notebook, _, _ in rows} | names) > 1
            known = {
                (kind, _called(notebook, name, several=several))
                for notebook, name, kind in rows
                if notebook in names  # an assignment that nbgrader made may once have had others
            }
            submissions = next(count for (count,) in book.all(_HANDED_IN, (unit,)))
    except looking.UnseenError:
        return None
    cells = {
        _called(release.name, cell.grade_id or "", several=several): cell
        for release in releases
        for cell in release.cells
    }
    wanted = {(kind, name) for name, cell in cells.items() for kind in cell.kinds}
    if not submissions or known == wanted:
        return None
    questions = _of(known, GRADED), _of(wanted, GRADED)
    staying = {"mark": questions[1], "comment": _of(wanted, COMMENTED)}
    lost = tuple(
        item
        for item in handwork.read(gradebook) or ()
        if item.unit == unit and item.kind in staying and item.cell not in staying[item.kind]
    )
    return Change(
        unit,
        submissions,
        entering={
            name: cell for name, cell in cells.items() if name in questions[1] and name not in questions[0]
        },
        leaving=tuple(sorted(questions[0] - questions[1])),
        lost=lost,
    )


def _called(notebook: str, cell: str, *, several: bool) -> str:
    """A cell as people are told of it: after its notebook where a unit has several."""
    return f"{notebook}/{cell}" if several else cell


def _of(cells: Set[tuple[str, str]], kinds: Sequence[str]) -> set[str]:
    return {name for kind, name in cells if kind in kinds}
