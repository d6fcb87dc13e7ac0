"""What travels between machines, as plain JSON: a course's material, what is handed in, and what was graded.

Whoever unpacks it gets no object of ours and no path to follow: files of the course by names checked one by one, a
submission's bytes by a number, and students' names as bytes, since folders may be called by what is no text.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from autograder import version
from autograder.course import coursefile, secret
from autograder.errors import CourseError, UnreadableError
from autograder.gradebook.autograded import Prepared
from autograder.grading.station import Graded, Work
from autograder.notebook import collect, notebooks, places
from autograder.notebook.collect import Sheet
from autograder.notebook.places import HandedIn
from autograder.records import Course, Level, Submission, Unit

_NOT_SENT: Final = ("__pycache__",)


class Versions(msgspec.Struct, frozen=True):
    """What must be the same on two machines, for results to be the same."""

    kit: str
    code: str  # a digest of the kit's own code
    python: str  # major.minor
    numpy: str

    @classmethod
    def here(cls) -> Versions:
        """Those of this machine."""
        python = "{}.{}".format(*sys.version_info)
        return cls(version.__version__, version.code()[:12], python, metadata.version("numpy"))

    def differing(self, other: Versions) -> list[str]:
        """What the other has otherwise, in words: "NumPy 2.1.0, here 2.4.6"."""
        names = {"kit": "autograder", "code": "the kit's code", "python": "Python", "numpy": "NumPy"}
        return [
            f"{name} {getattr(other, key)}, here {getattr(self, key)}"
            for key, name in names.items()
            if getattr(other, key) != getattr(self, key)
        ]


class Material(msgspec.Struct, frozen=True):
    """All of a course that grading a unit needs: its secret too, so it goes only where nobody listens."""

    unit: str
    versions: Versions
    secret: bytes
    trust_students: bool  # whether a machine may grade that cannot lock student code in
    files: dict[str, bytes]  # by their place in the course folder


class Letter(msgspec.Struct, frozen=True):
    """What one student handed in, or several of a group together."""

    students: list[bytes]  # who gets a share in it, by the names of their folders
    by: bytes  # see HandedIn
    other: list[bytes]
    raw: bytes  # the notebook
    name: bytes = b""  # of its file
    unreadable: str = ""  # why there is none
    beside: list[tuple[bytes, bytes]] | None = None  # notebooks beside it, with names; None: nobody looks
    sheets: list[tuple[str, bytes, str]] | None = (
        None  # of a unit of several: its name for each, or why there is none
    )


class Answer(msgspec.Struct, frozen=True):
    """What came of a batch: what `Graded` holds of all students of its letters in turn; or why nothing did."""

    graded: list[tuple[bytes, bytes, tuple[Prepared, ...]]] = []
    trouble: str = ""
    lost: bool = False  # what graded it was ended, and ended again


class Examined(msgspec.Struct, frozen=True):
    """What a machine that shall grade says of itself."""

    versions: Versions
    level: Level = "none"
    version: str = ""  # of what results are made by there
    host: str = ""
    free_mib: int | None = None
    trouble: str = ""  # why it cannot grade
    course: bool = False  # and whether that is the course's fault


def material(course: Course, unit: Unit, *, trust_students: bool) -> bytes:
    """The parcel of a course; CourseError where its secret cannot be had."""
    files = [course.root / coursefile.FILE_NAME]
    for folder in map(course.source, course.units):
        files += [
            path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not _is_left_out(path.relative_to(folder))
        ]
    files += [path for one in course.units if (path := course.released(one.name)).is_file()]
    return msgspec.json.encode(
        Material(
            unit.name,
            Versions.here(),
            secret.load(course) if unit.adopted is None else b"",  # which has no hidden inputs
            trust_students,
            {_inside(course, path): path.read_bytes() for path in files},
        )
    )


def _inside(course: Course, path: Path) -> str:
    """A file's place in the course folder; CourseError where it lies elsewhere."""
    inside = PurePosixPath(os.path.relpath(path, course.root))
    if ".." in inside.parts:
        raise CourseError(
            f"{path} lies outside of {course.root}: a cluster is sent that folder alone; move the assignment into it"
        )
    return inside.as_posix()


def _is_left_out(path: Path) -> bool:
    return any(part.startswith(".") or part in _NOT_SENT for part in path.parts)


def unpack(parcel: Material, folder: Path) -> tuple[Course, Unit]:
    """The course in a folder of its own, whose secret stays in memory; CourseError where it is none."""
    for name, content in parcel.files.items():
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts:
            raise CourseError(f"the course's material names a file outside of it: {name}")
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    course = replace(coursefile.load(folder / coursefile.FILE_NAME), passing_secret=parcel.secret)
    (unit,) = coursefile.choose(course, [parcel.unit])
    return course, unit


def letter(work: Work, unit: Unit) -> Letter:
    """What is handed in, read once here, links refused and zips opened."""
    one = work[0]
    students = [os.fsencode(each.student) for each in work]
    by, other = os.fsencode(one.by), [os.fsencode(name) for name in one.other]
    try:
        if len(places.names_of(unit)) > 1:
            found = collect.sheets(one, unit)
            sheets = [(sheet.name, sheet.raw, sheet.trouble) for sheet in found]
            return Letter(students, by, other, b"", sheets=sheets)
        path = places.find_notebook(one, unit)
        raw = notebooks.read_bytes(path, f"{places.names_of(unit)[0]}.ipynb")
    except UnreadableError as error:
        return Letter(students, by, other, b"", unreadable=str(error))
    beside = None if one.file is not None else _beside(path)
    return Letter(students, by, other, raw, os.fsencode(path.name), beside=beside)


def _beside(path: Path) -> list[tuple[bytes, bytes]]:
    """The notebooks that lie beside one, as far as they are looked into."""
    found = []
    for name in collect.beside(path):
        with suppress(UnreadableError):
            found.append((os.fsencode(name), notebooks.read_bytes(path.with_name(name))))
    return found


@dataclass
class Desk:
    """Where letters are opened: a folder in which one submission lies at a time, under no name of a student's."""

    folder: Path
    _why: str = ""  # what was laid out last is none
    _troubles: dict[str, str] = field(default_factory=dict)  # and those of its notebooks that are none

    def lay(self, one: Letter, unit: Unit) -> Work:
        """Lays out what is in a letter, in place of the last; FileNotFoundError where there is no place for it any more."""
        place = self.folder / unit.name
        shutil.rmtree(place, ignore_errors=True)
        # Where a cluster has cleared away after its worker, nothing comes back.
        self.folder.mkdir(exist_ok=True)
        place.mkdir()
        self._why = one.unreadable
        file = None
        self._troubles = {name: trouble for name, _, trouble in one.sheets or () if trouble}
        for name, raw, trouble in one.sheets or ():
            if not trouble:
                _own(place, os.fsencode(f"{name}.ipynb")).write_bytes(raw)
        if not one.unreadable and one.sheets is None:
            for name, raw in ((one.name, one.raw), *(one.beside or ())):
                file = file or _own(place, name)
                _own(place, name).write_bytes(raw)
        by, other = os.fsdecode(one.by), tuple(map(os.fsdecode, one.other))
        only = file if one.beside is None and one.sheets is None else None
        return tuple(HandedIn(os.fsdecode(student), place, only, by, other) for student in one.students)

    def read(self, handed_in: HandedIn, unit: Unit, units: Sequence[Unit]) -> Submission:
        """What was laid out as data; UnreadableError as it was found where it was handed in."""
        if self._why:
            raise UnreadableError(self._why)
        return collect.read(handed_in, unit, units)

    def sheets(self, handed_in: HandedIn, unit: Unit) -> tuple[Sheet, ...]:
        """What was laid out, of an assignment that nbgrader made; UnreadableError as it was found where it was handed in."""
        if self._why:
            raise UnreadableError(self._why)
        found = collect.sheets(handed_in, unit)
        return tuple(replace(one, trouble=self._troubles.get(one.name, one.trouble)) for one in found)


def _own(folder: Path, name: bytes) -> Path:
    """A file right in a folder, whatever its name would have it be."""
    return folder / Path(os.fsdecode(name)).name


def graded(answer: Answer, batch: Sequence[Work]) -> list[Graded]:
    """What came back of a batch, by the names of those who are known here to have handed it in."""
    students = [one.student for work in batch for one in work]
    return [Graded(student, *came) for student, came in zip(students, answer.graded, strict=True)]
