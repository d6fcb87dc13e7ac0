"""The copies of a gradebook that lie beside it, and whether it is gone while they are there."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from autograder.course import coursefile
from autograder.errors import AutograderError
from autograder.gradebook import address, handwork
from autograder.gradebook.handwork import Handwork

FOLDER: Final = "gradebook-backups"
_TIME: Final = "%Y-%m-%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class Copy:
    """A copy of the gradebook, and what people had given in it."""

    path: Path
    given: Handwork  # empty also where it cannot be read


def name(at: datetime) -> str:
    """The name of a copy that is made at this time."""
    return f"gradebook-{at.astimezone(UTC).strftime(_TIME)}.db"


def every(gradebook: Path) -> Sequence[Path]:
    """The copies of the gradebook at this path, the oldest first."""
    return sorted(gradebook.with_name(FOLDER).glob("gradebook-*.db"), key=made)


def made(copy: Path) -> datetime:
    """When a copy was made by its name, or, where a person has named it, by the file."""
    try:
        return datetime.strptime(copy.name, f"gradebook-{_TIME}.db").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(copy.stat().st_mtime, UTC)


def best(gradebook: Path) -> Copy | None:
    """The newest copy in which a person gave anything, the newest of all where none did; None where there is none."""
    newest = None
    for path in reversed(every(gradebook)):
        copy = Copy(path, handwork.read(path) or {})
        if copy.given:
            return copy
        newest = newest or copy
    return newest


def gone(gradebook: Path) -> str:
    """What is lost where a gradebook is not there, or new, beside copies in which people gave something; else empty.

    nbgrader's own commands make a new one wherever they find none.
    """
    if handwork.holds_work(gradebook):
        return ""
    copy = best(gradebook)
    if copy is None or not copy.given:
        return ""
    state = "is new and holds nobody's work" if address.exists(gradebook) else "is not there"
    out = (
        ""
        if (gradebook.parent / coursefile.FILE_NAME).exists()
        else f" --out {shlex.quote(str(gradebook.parent))}"
    )
    return (
        f"{gradebook} {state}, and {FOLDER}/{copy.path.name} beside it holds {handwork.said(copy.given)} given by "
        f"hand: `autograder restore{out}` puts that back; to go on without, move {FOLDER}/ away"
    )


def refuse_gone(gradebook: Path) -> None:
    """AutograderError where a new gradebook would take the place of one in which people gave something."""
    if lost := gone(gradebook):
        raise AutograderError(lost)
