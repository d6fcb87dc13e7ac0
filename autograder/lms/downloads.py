"""Who handed in a file of an LMS's download, by the names that the LMS gave to folders and files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from autograder.course.roster import Student
from autograder.naming import composed

# "Ada Example_12345_assignsubmission_file_", as a folder, or with the file's own name after it
_MOODLE: Final = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_file_?(?P<file>.*)", re.DOTALL)
# "exampleada_LATE_12345_678901_self-attention-1.ipynb": user, submission, and a count where it was handed in again
_CANVAS: Final = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)", re.DOTALL)


@dataclass(frozen=True)
class Download:
    """One file of a download."""

    name: str  # of the student, as the LMS writes it
    number: str  # by which the LMS knows the student or the submission; empty where the names say none
    file: str  # the name under which it was handed in


def whose(parts: Sequence[str]) -> Download | None:
    """The student and file of a path inside what was unpacked, from the archive's name on; None where it says none."""
    *folders, file = parts
    for folder in folders:
        if moodle := _MOODLE.fullmatch(folder):
            return _download(moodle["name"], moodle["number"], file)
    if found := _MOODLE.fullmatch(file) or _CANVAS.fullmatch(file):
        return _download(found["name"], found["number"], found["file"])
    return _download(folders[1], "", file) if len(folders) > 1 else None


def _download(name: str, number: str, file: str) -> Download | None:
    name = name.strip()
    return Download(name, number, file) if name and file and not name.startswith(".") else None


def student(download: Download, students: Sequence[Student]) -> str:
    """The name of the student's folder: by the LMS's number, or by a name that one student alone has.

    Where the roster says neither, the name as the LMS writes it.
    """
    by_number = [one.id for one in students if download.number and one.lms_user_id == download.number]
    by_name = [one.id for one in students if _plain(download.name) in _names(one)]
    for found in (by_number, by_name):
        if len(found) == 1:
            return found[0]
    return download.name


def _names(one: Student) -> set[str]:
    first, last = one.first_name, one.last_name
    return {_plain(name) for name in (one.id, f"{first} {last}", f"{last} {first}") if name.strip()}


def _plain(name: str) -> str:
    """Canvas writes names in small letters, without spaces and signs."""
    return re.sub(r"\W", "", composed(name)).casefold()
