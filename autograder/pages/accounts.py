"""What counts for a student in a unit: the marks of machine and people together, and what is arranged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from autograder.gradebook.standings import Standing
from autograder.gradebook.terms import Terms
from autograder.naming import as_text


@dataclass(frozen=True)
class Override:
    """A mark of the machine in whose place a person has put another."""

    cell: str  # as it is called in the notebook
    before: float | None
    after: float


@dataclass(frozen=True)
class Account:
    """How one student stands in one unit; without work, what is arranged alone."""

    total: float | None = None  # what counts, less the penalty; None where there is no mark
    max_score: float = 0.0  # of all cells, by machine and by hand
    by_hand: float | None = None  # given by a person where no machine marks; None where nothing is given yet
    overrides: tuple[Override, ...] = ()
    extra: float = 0.0  # extra credit
    penalty: float = 0.0
    waiting: tuple[str, ...] = ()  # cells that wait for a person; none where the unit does not count
    unmarked: float = 0.0  # points of the cells in which a person has given nothing yet
    late: timedelta = timedelta()
    just_late: bool = False  # by how much is not known
    due: datetime | None = None  # for this student, with a zone
    extension: timedelta | None = None  # which is in `due`
    excused: bool = False
    because: str = ""  # why

    @property
    def is_late(self) -> bool:
        """Whether the work came after it was due for this student."""
        return self.late > timedelta()


NO_ACCOUNT: Final = Account()


@dataclass(frozen=True)
class Accounts:
    """What counts for everyone in one unit."""

    of_students: Mapping[str, Account] = field(default_factory=dict)  # by the folder's name
    due: datetime | None = None  # for whom nothing is arranged, with a zone
    max_score: float = 0.0  # of all cells; 0 where the gradebook does not know the unit
    asked_by_hand: float = 0.0  # points of the cells that a person marks
    zone: tzinfo = UTC  # in which people read times
    policy: str = ""  # what late work costs, in a sentence; "" where that is not known

    def of(self, student: str) -> Account:
        """What counts for one student; for whom the gradebook does not know, the due date alone."""
        return self.of_students.get(student) or Account(due=self.due)


NO_ACCOUNTS: Final = Accounts()


def accounts(standings: Mapping[str, Standing], terms: Terms, students: Iterable[str]) -> Accounts:
    """What counts for these students, by their folders' names; `standings` are by name as text."""
    one = next(iter(standings.values()), None)
    return Accounts(
        {student: _account(student, standings.get(as_text(student)), terms) for student in students},
        terms.arranged.due,
        0.0 if one is None else one.max_score,
        0.0 if one is None else sum(mark.max_score for mark in one.marks if mark.by_hand),
        terms.zone,
        terms.policy,
    )


def _account(student: str, standing: Standing | None, terms: Terms) -> Account:
    arranged = terms.arranged.of(student)
    own = Account(
        due=arranged.due, extension=arranged.extension, excused=arranged.excused, because=arranged.because
    )
    if standing is None:
        return own
    hand = [mark.manual_score for mark in standing.marks if mark.by_hand and mark.manual_score is not None]
    return replace(
        own,
        total=standing.score if standing.graded else None,
        max_score=standing.max_score,
        by_hand=sum(hand) if hand else None,
        overrides=tuple(
            Override(mark.name.removeprefix("check-"), mark.auto_score, mark.manual_score)
            for mark in standing.marks
            if not mark.by_hand and mark.manual_score is not None and mark.manual_score != mark.auto_score
        ),
        extra=sum(mark.extra_credit or 0.0 for mark in standing.marks),
        penalty=standing.penalty,
        waiting=() if own.excused else tuple(mark.name for mark in standing.marks if mark.needs_review),
        unmarked=sum(mark.max_score for mark in standing.marks if mark.by_hand and mark.score is None),
        late=terms.late_by(student, standing.timestamp),
        just_late=standing.timestamp in terms.noted,
    )
