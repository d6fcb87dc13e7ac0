"""What people gave by hand, as a gradebook's file holds it: seen without nbgrader, whose models take seconds to load.

Marks, comments and extensions are in the gradebook alone; everything else in it can be made again from the results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

from autograder.errors import CourseError
from autograder.gradebook import address, looking
from autograder.words import counted, listed

Kind: TypeAlias = Literal["mark", "comment", "extension"]


class Item(NamedTuple):
    """What a person gave something to."""

    kind: Kind
    unit: str
    student: str  # as the gradebook writes the name
    cell: str  # nbgrader's name of it, after the notebook's where there are several; "" for an extension


Handwork: TypeAlias = Mapping[Item, tuple[object, ...]]

_OF_CELL = """
    JOIN submitted_notebook AS notebook ON notebook.id = given.notebook_id
    JOIN submitted_assignment AS submitted ON submitted.id = notebook.assignment_id
    JOIN assignment ON assignment.id = submitted.assignment_id
    JOIN base_cell AS cell ON cell.id = given.cell_id
    JOIN notebook AS lesson ON lesson.id = cell.notebook_id
"""
_CELL = """
    CASE WHEN (SELECT COUNT(*) FROM notebook AS other WHERE other.assignment_id = assignment.id) > 1
    THEN lesson.name || '/' || cell.name ELSE cell.name END
"""
_QUERIES: Mapping[Kind, str] = {
    "mark": f"SELECT assignment.name, submitted.student_id, {_CELL}, given.manual_score, given.extra_credit "
    f"FROM grade AS given {_OF_CELL} WHERE (given.manual_score IS NOT NULL OR COALESCE(given.extra_credit, 0) != 0)",
    "comment": f"SELECT assignment.name, submitted.student_id, {_CELL}, given.manual_comment "
    f"FROM comment AS given {_OF_CELL} WHERE COALESCE(given.manual_comment, '') != ''",
    "extension": "SELECT assignment.name, submitted.student_id, '', submitted.extension "
    "FROM submitted_assignment AS submitted JOIN assignment ON assignment.id = submitted.assignment_id "
    "WHERE submitted.extension IS NOT NULL",
}
_FOR = " AND assignment.name = COALESCE(?, assignment.name) AND submitted.student_id = COALESCE(?, submitted.student_id)"


def read(gradebook: Path, unit: str | None = None, student: str | None = None) -> Handwork | None:
    """All that people gave in the gradebook at this path, in one unit or to one student where these are given.

    None where it is no gradebook that can be read.
    """
    try:
        with looking.at(gradebook) as book:
            return {
                Item(kind, in_unit, to, cell): _given(kind, value)
                for kind, query in _QUERIES.items()
                for in_unit, to, cell, *value in book.all(query + _FOR, (unit, student))
            }
    except looking.UnseenError:
        return None


def holds_work(gradebook: Path) -> bool:
    """Whether anybody's work is in the gradebook at this path; True also where that cannot be told."""
    try:
        if not address.exists(gradebook):
            return False
        with looking.at(gradebook) as book:
            tables = book.tables()
            return bool(tables) and book.one("SELECT 1 FROM submitted_assignment LIMIT 1") is not None
    except (looking.UnseenError, CourseError):
        return True


def _given(kind: Kind, value: Sequence[object]) -> tuple[object, ...]:
    """What was given, the same from whichever database."""
    if kind == "extension":
        return tuple(looking.length(one) for one in value)  # type: ignore[arg-type]  # it is one
    return tuple(value)


def said(items: Iterable[Item]) -> str:
    """How many there are of each kind, such as "37 marks, 1 comment and 3 extensions"."""
    counts = Counter(item.kind for item in items)
    return listed([counted(counts[kind], kind) for kind in get_args(Kind)])
