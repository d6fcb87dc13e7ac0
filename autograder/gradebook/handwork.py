"""What people gave by hand, as a gradebook's file holds it: seen without nbgrader, whose models take seconds to load.

Marks, comments and extensions are in the gradebook alone; everything else in it can be made again from the results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

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

_CELL: Final = """
    CASE WHEN (SELECT COUNT(*) FROM notebook AS other WHERE other.assignment_id = assignment.id) > 1
    THEN lesson.name || '/' || cell.name ELSE cell.name END
"""
# All that was given, or of a few students' by nbgrader's indices, in the order in which they lead from one to the next:
# else all marks of a class would be gone through.
_AT_ONCE: Final = """
    {} AS given
    JOIN submitted_notebook AS notebook ON notebook.id = given.notebook_id
    JOIN submitted_assignment AS submitted ON submitted.id = notebook.assignment_id
    JOIN assignment ON assignment.id = submitted.assignment_id
    JOIN base_cell AS cell ON cell.id = given.cell_id
    JOIN notebook AS lesson ON lesson.id = cell.notebook_id
    WHERE
"""
_BY_INDICES: Final = """
    assignment CROSS JOIN notebook AS lesson CROSS JOIN base_cell AS cell CROSS JOIN submitted_assignment AS submitted
    CROSS JOIN submitted_notebook AS notebook CROSS JOIN {} AS given
    WHERE lesson.assignment_id = assignment.id AND cell.notebook_id = lesson.id AND submitted.assignment_id = assignment.id
    AND notebook.notebook_id = lesson.id AND notebook.assignment_id = submitted.id
    AND given.cell_id = cell.id AND given.notebook_id = notebook.id AND
"""
_EXTENDED: Final = """
    submitted_assignment AS submitted JOIN assignment ON assignment.id = submitted.assignment_id WHERE
"""
# What is read, from which table, and when it is anything.
_GIVEN: Final[Mapping[Kind, tuple[str, str, str]]] = {
    "mark": (
        f"{_CELL}, given.manual_score, given.extra_credit",
        "grade",
        "(given.manual_score IS NOT NULL OR COALESCE(given.extra_credit, 0) != 0)",
    ),
    "comment": (f"{_CELL}, given.manual_comment", "comment", "COALESCE(given.manual_comment, '') != ''"),
    "extension": ("'', submitted.extension", "", "submitted.extension IS NOT NULL"),
}


def read(
    gradebook: Path, unit: str | None = None, students: Collection[str] | None = None
) -> Handwork | None:
    """All that people gave in the gradebook at this path, in one unit or to some students where these are given.

    None where it is no gradebook that can be read.
    """
    wanted = None if students is None else frozenset(students)
    them, names = looking.among("submitted.student_id", None if wanted is None else sorted(wanted))
    given = _BY_INDICES if them else _AT_ONCE
    found: dict[Item, tuple[object, ...]] = {}
    try:
        with looking.at(gradebook) as book:
            for kind, (columns, table, condition) in _GIVEN.items():
                query = (
                    f"SELECT assignment.name, submitted.student_id, {columns} "
                    f"FROM {given.format(table) if table else _EXTENDED} {condition} "
                    f"AND assignment.name = COALESCE(?, assignment.name){them}"
                )
                for in_unit, to, cell, *value in book.all(query, (unit, *names)):
                    if wanted is None or to in wanted:
                        found[Item(kind, in_unit, to, cell)] = _given(kind, value)
            return found
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
