"""What is kept of LMSs' downloads beside `submitted/`: their names, worksheets, older attempts and work of nobody known.

    imported/<unit>/
        downloaded.json      by student: what the LMS called the work, which attempt it was, what was in it
        worksheets/          Moodle's grading worksheets, as they came
        attempts/<student>/  attempts that another took the place of, each in a folder called by its time
        unmatched/           work of which it is not known whose it is, each with the reason in downloaded.json

`grade` looks at none of it. A student's places are in `submitted/`'s spelling of the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from autograder.errors import CourseError
from autograder.gradebook import results
from autograder.naming import as_text

FOLDER: Final = "imported"
_FILE: Final = "downloaded.json"


@dataclass(frozen=True)
class Taken:
    """What was last taken in for one student, as the LMS calls it."""

    kind: str  # of download
    label: str  # the name under which the LMS takes feedback back
    digest: str  # of what was handed in
    participant: str = ""  # Moodle's number of the student in this assignment
    worksheet: str = ""  # the file that says so, if any
    at: str = ""  # when it was handed in, UTC in ISO form, where it is known
    late: bool = False  # as the LMS says
    number: int = 0  # Canvas's of the file: later ones are larger
    noted: str = ""  # the time in its receipt, as `at`, where it is only known to be late


@dataclass(frozen=True)
class Unmatched:
    """Work of which it is not known whose it is."""

    label: str  # as the LMS calls it
    why: str
    folder: str  # in unmatched/


@dataclass(frozen=True)
class Downloaded:
    """All that is kept of one unit's downloads."""

    students: Mapping[str, Taken] = field(default_factory=dict)  # by the name as text
    unmatched: tuple[Unmatched, ...] = ()
    schema: int = 1


def place(root: Path, unit: str) -> Path:
    """The folder of what is kept for a unit."""
    return root / FOLDER / unit


def file(root: Path, unit: str) -> Path:
    """Where it is kept what the LMS calls the work of a unit."""
    return place(root, unit) / _FILE


def attempts(root: Path, unit: str, student: str) -> Path:
    """Where older attempts of a student are kept, one in each folder."""
    return place(root, unit) / "attempts" / student


def unmatched(root: Path, unit: str) -> Path:
    """Where work of nobody known is kept."""
    return place(root, unit) / "unmatched"


def worksheets(root: Path, unit: str) -> list[Path]:
    """The grading worksheets that came with downloads."""
    return sorted((place(root, unit) / "worksheets").glob("*.csv"))


def worksheet(root: Path, unit: str, name: str) -> Path:
    """Where a worksheet of this name is kept."""
    return place(root, unit) / "worksheets" / name


def read(root: Path, unit: str) -> Downloaded:
    """What is known of a unit's downloads; CourseError where the file is not as it should be."""
    file = place(root, unit) / _FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Downloaded)
    except FileNotFoundError:
        return Downloaded()
    except OSError as error:
        raise CourseError(f"{file}: cannot be read ({error.strerror})") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CourseError(
            f"{file}: not what `autograder import` writes ({error}): move it away and import again"
        ) from None


def write(root: Path, unit: str, downloaded: Downloaded) -> None:
    """Keeps what is known of a unit's downloads."""
    content = msgspec.json.format(msgspec.json.encode(downloaded, order="sorted"), indent=1)
    results.write_all([(place(root, unit) / _FILE, content + b"\n")])


def places(root: Path, student: str) -> list[Path]:
    """Every file and folder that is kept of a student's downloads, the entries in files of all students aside."""
    return sorted(path for path in root.glob(f"{FOLDER}/*/attempts/*") if path.name == student)


def noted(root: Path, unit: str) -> frozenset[datetime]:
    """The times in receipts of work that is only known to be late, UTC without a zone: nothing came then."""
    try:
        return frozenset(
            datetime.fromisoformat(one.noted) for one in read(root, unit).students.values() if one.noted
        )
    except (CourseError, ValueError):  # which is told where a download is taken in
        return frozenset()


def units(root: Path, student: str) -> dict[str, Taken]:
    """By unit, what `downloaded.json` says of a student."""
    folders = sorted(path.parent.name for path in root.glob(f"{FOLDER}/*/{_FILE}"))
    found = {unit: read(root, unit).students.get(as_text(student)) for unit in folders}
    return {unit: taken for unit, taken in found.items() if taken is not None}
