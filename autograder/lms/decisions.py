"""What becomes of a student's attempts: which is put in place, and what of it is told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from autograder.gradebook import receipts
from autograder.gradebook.imported import Taken
from autograder.lms import staging
from autograder.lms.staging import Staged

# Of the latest attempt: it is put where nothing was, in the place of what was, is there already, or gives way.
Outcome: TypeAlias = Literal["new", "newer", "another", "same", "older", "by-hand", "unclear"]
PUT: tuple[Outcome, ...] = ("new", "newer", "another")


@dataclass(frozen=True)
class There:
    """What lies in a student's folder for the unit."""

    folder: Path
    digest: str = ""  # empty where there is nothing
    at: datetime | None = None  # by its receipt, or by what was known when it was imported
    says: Literal["nothing", "late", "more"] = "more"  # the receipt: late is what import noted of such work


@dataclass(frozen=True)
class Decision:
    """What becomes of one student's attempts."""

    student: str  # the folder's name
    outcome: Outcome
    latest: Staged
    earlier: tuple[Staged, ...]  # which are kept beside
    there: There
    receipt: bool = (
        False  # of the same work another time is noted, or none: more is known, or it is not late any more
    )


def there(folder: Path, taken: Taken | None, config: Path) -> There:
    """What lies in a folder, an empty one or none included."""
    files = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    if folder.is_symlink() or all(path.name in receipts.RECEIPTS and path.parent == folder for path in files):
        return There(folder)
    digest = staging.digest(folder)
    at = receipts.timestamp(folder, config)
    is_noted = taken is not None and at is not None and taken.noted == at.isoformat()
    says: Literal["nothing", "late", "more"] = "late" if is_noted else "more"
    if not os.path.lexists(folder / receipts.TIMESTAMP):
        says = "nothing"
    if taken is not None and taken.digest == digest:
        # A receipt may say no more than that it was late; what it says was not kept in former times.
        late = taken.late and (is_noted or not taken.noted)
        at = datetime.fromisoformat(taken.at) if taken.at else None if late else at
    return There(folder, digest, at, says)


def decide(
    student: str, own: Sequence[Staged], found: There, taken: Taken | None, *, replace: bool
) -> Decision:
    """What becomes of a student's attempts, the latest last, where `taken` is what was imported before.

    `replace`: what is there and cannot be told to be older gives way all the same.
    """
    latest = own[-1]
    earlier = tuple(
        {one.digest: one for one in own[:-1] if one.digest not in (latest.digest, found.digest)}.values()
    )
    outcome = _outcome(latest, found, taken, replace=replace)
    anew = outcome == "same" and _is_noted_anew(latest, found, taken)
    return Decision(student, outcome, latest, earlier, found, anew)


def _is_noted_anew(latest: Staged, found: There, taken: Taken | None) -> bool:
    """Whether the download says more of when the same work came, or another thing: a due date may have been moved."""
    if latest.attempt.at is not None:
        return found.at is None
    if latest.attempt.late:
        return found.says != "more"
    return found.says == "late" and taken is not None and taken.kind == latest.attempt.kind


def _outcome(latest: Staged, found: There, taken: Taken | None, *, replace: bool) -> Outcome:
    attempt, number = latest.attempt, latest.attempt.order[2]
    if not found.digest:
        return "new"
    if latest.digest == found.digest:
        return "same"
    if taken is not None and taken.digest == latest.digest and not replace:
        return "by-hand"  # what is in place was made of it by somebody here
    if attempt.at is not None and found.at is not None and attempt.at != found.at:
        return "newer" if attempt.at > found.at else "older"
    is_own = taken is not None and taken.digest == found.digest
    if is_own and taken is not None and number and taken.number and number != taken.number:
        return "newer" if number > taken.number else "older"
    return "another" if is_own or replace else "unclear"
