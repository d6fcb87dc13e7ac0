"""A new unit to start from: small, complete, and one that `autograder verify` proves as it stands."""

from __future__ import annotations

import importlib.resources
import keyword
import re
from pathlib import Path
from string import Template
from typing import Final

from autograder import course as course_file
from autograder.errors import CourseError
from autograder.material import PACKAGE
from autograder.records import Course

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MOST_CHARACTERS: Final = 60  # of a name: it becomes a folder, a module and a function
_FILES: Final = {
    "new.notebook.py.txt": "$unit.py",
    "new.reference.py.txt": "reference.py",
    "new.inputs.py.txt": "inputs.py",
    "new.misconceptions.py.txt": "misconceptions.py",
    "new.test_hidden.py.txt": "test_hidden.py",
    "new.examples.py.txt": "examples/$function.py",
}
_ENTRY: Final = """
[[units]]
name = "$unit"
functions = [
  { name = "$function", points = 3.0 },
]
"""


def scaffold(course: Course, name: str) -> list[Path]:
    """Makes `solutions/<name>/` with one small function, adds the unit to course.toml, and returns what it wrote.

    Raises CourseError where the name is none for a unit or is taken, or the files cannot be written; nothing is
    changed then.
    """
    _refuse(course, name)
    words = {
        "unit": name,
        "module": name.replace("-", "_"),
        "function": name.replace("-", "_"),
        "NAME": name.replace("-", "_").upper(),
        "region": "SOLUTION",  # what ships holds no marker of a solution, not even as a template
        "title": name.replace("-", " ").capitalize(),
    }
    listing = course.root / course_file.FILE_NAME
    folder = course.root / PACKAGE / name
    made: list[Path] = []
    try:
        before = listing.read_text(encoding="utf-8")
        for template, target in _FILES.items():
            place = folder / Template(target).substitute(words)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(_filled(template, words), encoding="utf-8")
            made.append(place)
        # The unit is part of the course once all of it is there.
        listing.write_text(f"{before.rstrip()}\n{Template(_ENTRY).substitute(words)}", encoding="utf-8")
    except OSError as error:
        _remove(made, folder)
        raise CourseError(f"the new unit cannot be written: {error.filename}: {error.strerror}") from None
    try:
        course_file.load(listing)
    except CourseError:
        listing.write_text(before, encoding="utf-8")
        _remove(made, folder)
        raise
    return [*made, listing]


def _refuse(course: Course, name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _MOST_CHARACTERS:
        raise CourseError(
            f"{name!r} is no name for a unit: use small letters, digits and single hyphens, as in 'layer-norm'"
        )
    function = name.replace("-", "_")
    if keyword.iskeyword(function):
        raise CourseError(f"{name!r} is a word of Python's own: add another, as in '{name}-layer'")
    if any(unit.name == name for unit in course.units):
        raise CourseError(f"the course has a unit {name!r} already")
    if any(one.name == function for unit in course.units for one in unit.functions):
        raise CourseError(f"the course has a function {function!r} already: choose another name for the unit")
    folder = course.root / PACKAGE / name
    if folder.exists():
        raise CourseError(
            f"{folder} exists already, and course.toml does not list it: add it there or move it away"
        )


def _filled(template: str, words: dict[str, str]) -> str:
    file = importlib.resources.files("autograder") / "templates" / template
    return Template(file.read_text(encoding="utf-8")).substitute(words)


def _remove(made: list[Path], folder: Path) -> None:
    """Takes back what was written, and nothing else."""
    for place in made:
        place.unlink(missing_ok=True)
    for empty in (folder / "examples", folder):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()
