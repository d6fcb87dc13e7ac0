"""A course of one's own in a new folder, with the lessons of another course or none, and its own git repository."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomlkit

from autograder import installed
from autograder.authoring import taken
from autograder.authoring.origin import Lessons
from autograder.authoring.taken import Taken
from autograder.course import coursefile
from autograder.decoding import utf8
from autograder.errors import CourseError

ROSTER: Final = "roster.csv"
# What may be in a folder already: what git makes of an empty repository, and who takes the course.
_MAY_BE_THERE: Final = frozenset({".git", ROSTER})
# Of another course's course.toml not taken: what the new one says itself, and what belongs to those who take it.
_OWN: Final = frozenset(
    {"format", "title", "public_seed", "secret_file", "roster", "timezone", "late", "names"}
)


@dataclass(frozen=True)
class Founded:
    """A course that was made."""

    root: Path
    units: tuple[str, ...]
    dates: tuple[str, ...]  # the units that were due at some time, which was not taken
    git: bool  # whether it is a repository of git's


def found(folder: Path, title: str | None, lessons: Lessons | None) -> Founded:
    """Makes a course in `folder`, whole or not at all.

    CourseError where the folder holds something, lies in another course or cannot be written.
    """
    folder = Path(os.path.abspath(folder))
    roster = _refuse(folder)
    title = _titled(folder, title, lessons)
    listing, dates = _listing(title, lessons, roster)
    base = Taken(title, kit=taken.kit_files(title))
    if lessons is not None:
        base = Taken(title, lessons.source, lessons.version, lessons.listing, lessons.files, base.kit)
    course = coursefile.parse(folder / coursefile.FILE_NAME, listing)
    try:
        # Beside it, or in it: who may write the one need not be allowed to write the other.
        where = folder if folder.exists() else folder.parent
        with tempfile.TemporaryDirectory(prefix=".new-", dir=where) as staging:
            made = Path(staging, "course")
            readme = taken.rendered(
                "course_readme.md.jinja", title=title, install=installed.with_extra("instructor")
            )
            taken.put(made, {**base.kit, **base.lessons, coursefile.FILE_NAME: listing, "README.md": readme})
            taken.write(made, base)
            git = _repository(made, folder)
            _place(made, folder)
    except OSError as error:
        raise CourseError(
            f"{error.filename or folder}: {error.strerror}: no course was made; see to it that {folder} can be written"
        ) from None
    return Founded(folder, tuple(unit.name for unit in course.units), dates, git)


def _refuse(folder: Path) -> bool:
    """Whether a roster lies there; CourseError where a course cannot be made there."""
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file: name a new folder, as in `autograder init my-course`")
    if not folder.exists() and not folder.parent.is_dir():
        raise CourseError(f"{folder.parent}: there is no such folder: make it first, or name another")
    there = {entry.name for entry in folder.iterdir()} if folder.exists() else set()
    if coursefile.FILE_NAME in there:
        raise CourseError(
            f"{folder} is a course already: name a new folder, as in `autograder init my-course`"
        )
    if others := sorted(there - _MAY_BE_THERE):
        raise CourseError(
            f"{folder} is not empty, it holds {others[0]!r}: name a new folder, as in `autograder init my-course`"
        )
    if outer := next((one for one in folder.parents if (one / coursefile.FILE_NAME).is_file()), None):
        raise CourseError(f"{folder} lies in the course {outer}: name a folder outside it")
    return ROSTER in there


def _titled(folder: Path, title: str | None, lessons: Lessons | None) -> str:
    if title is None:
        words = folder.name.replace("-", " ").replace("_", " ").strip()
        title = lessons.course.title if lessons is not None else words[:1].upper() + words[1:]
    if not title.strip() or not title.isprintable():
        raise CourseError(f"the title {title!r} cannot be shown: give one with --title, in one line")
    return title


def _listing(title: str, lessons: Lessons | None, roster: bool) -> tuple[bytes, tuple[str, ...]]:
    """The course.toml, and the units whose dates were left out of it; comments of the lessons' own stay."""
    seed = secrets.randbelow(2**31)
    written = taken.rendered(
        "course.toml.jinja", title=json.dumps(title, ensure_ascii=False), seed=seed, roster=roster
    )
    if lessons is None:
        return written, ()
    document = tomlkit.parse(written.decode())
    dates = []
    for key, value in tomlkit.parse(utf8(lessons.listing)).items():
        if key not in _OWN:
            document[key] = value
    units: Any = document["units"]
    for unit in units:
        if unit.pop("due", None) is not None:
            dates.append(str(unit["name"]))
    return tomlkit.dumps(document).encode(), tuple(dates)


def _repository(made: Path, folder: Path) -> bool:
    """Makes it a repository of git's, where git is there; nothing is committed, which would take a name and an address."""
    if (folder / ".git").exists():
        return True
    if shutil.which("git") is None:
        return False
    done = subprocess.run(["git", "init", "--quiet", str(made)], capture_output=True, check=False)
    return done.returncode == 0


def _place(made: Path, folder: Path) -> None:
    """Moves a finished course to its place; course.toml last, by which a folder is a course."""
    if not folder.exists():
        made.rename(folder)
        return
    moved: list[Path] = []
    try:
        for path in sorted(made.iterdir(), key=lambda path: path.name == coursefile.FILE_NAME):
            path.rename(folder / path.name)
            moved.append(folder / path.name)
    except BaseException:
        _remove(moved)
        raise


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
