"""A new unit to start from: one small function with all that belongs to it, which `verify` proves as it stands."""

from __future__ import annotations

import builtins
import keyword
import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course import coursefile
from autograder.course.modules import PACKAGE
from autograder.errors import CourseError
from autograder.records import Course

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST: Final = 40  # characters of a name: it becomes a folder, a module and a function
# Names that the notebook imports, files that every unit has, and one that pytest reads.
_TAKEN: Final = frozenset({"check", "np", "numpy", "reference", "inputs", "misconceptions", "conftest"})
_FILES: Final = {  # template: file of the unit
    "notebook.py.jinja": "{name}.py",
    "reference.py.jinja": "reference.py",
    "inputs.py.jinja": "inputs.py",
    "misconceptions.py.jinja": "misconceptions.py",
    "test_hidden.py.jinja": "test_hidden.py",
    "examples.py.jinja": "examples/{function}.py",
}
_ENTRY: Final = """
[[units]]
name = "{name}"
title = "{title}"
functions = [
  {{ name = "{function}", points = 3.0 }},
]
"""


def scaffold(course: Course, name: str) -> list[Path]:
    """Makes `solutions/<name>/`, lists the unit at the end of course.toml, and returns the files made.

    The unit has one function, an example to be replaced, called like the unit with underscores for hyphens.
    Raises CourseError where the name will not do or is taken, or where the unit cannot be written; then nothing
    is changed.
    """
    _refuse(course, name)
    words = {
        "name": name,
        "module": function_name(name),
        "function": function_name(name),
        "constant": function_name(name).upper(),
        "title": name.replace("-", " ").capitalize(),
    }
    folder = course.root / PACKAGE / name
    try:
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as staging:
            files = _write_files(Path(staging) / name, words)
            listing = _write_listing(course, Path(staging), words)
            _put(Path(staging) / name, folder, listing, (course.root / coursefile.FILE_NAME).resolve())
    except OSError as error:
        raise CourseError(
            f"{error.filename or folder}: {error.strerror}: the unit {name!r} was not made and nothing is changed;"
            f" see to it that {course.root} can be written"
        ) from None
    return [folder / file for file in files]


def function_name(unit: str) -> str:
    """What the example function of a new unit is called."""
    return unit.replace("-", "_")


def _refuse(course: Course, name: str) -> None:
    """Names that could not be a folder, a module and a function at once, and names that are taken."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise CourseError(
            f"{name!r} is no name for a unit: it takes up to {_LONGEST} small letters, digits and single hyphens,"
            " a letter first, as in 'layer-norm'"
        )
    function = function_name(name)
    if keyword.iskeyword(function) or hasattr(builtins, function) or function in _TAKEN:
        raise CourseError(
            f"a unit {name!r} would have a function {function!r}, and that name has a meaning already:"
            f" add a word, as in '{name}-lesson'"
        )
    listing = course.root / coursefile.FILE_NAME
    for unit in course.units:
        if function_name(unit.name.lower()) == function:
            raise CourseError(f"{listing} has a unit {unit.name!r} already: choose another name")
        if any(known.name == function for known in unit.functions):
            raise CourseError(
                f"the unit {unit.name!r} has a function {function!r} already, as {name!r} would:"
                " choose another name"
            )
    folder = course.root / PACKAGE / name
    if folder.exists():
        raise CourseError(
            f"{folder} exists already, and course.toml does not list it: list it there or move it away"
        )


def _write_files(folder: Path, words: dict[str, str]) -> list[str]:
    """Writes all files of the unit into a folder of its own; their names there."""
    templates = Environment(
        loader=PackageLoader("autograder.authoring"),
        autoescape=False,  # Python, not HTML
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    (folder / "examples").mkdir(parents=True)
    names = {template: file.format(**words) for template, file in _FILES.items()}
    for template, file in names.items():
        (folder / file).write_text(templates.get_template(template).render(words), encoding="utf-8")
    return list(names.values())


def _write_listing(course: Course, folder: Path, words: dict[str, str]) -> Path:
    """Writes course.toml with the unit at its end; all that was there stays as it was, comments included."""
    listing = course.root / coursefile.FILE_NAME
    # For writing, so that a file that must not be written is not replaced; as bytes, so that its lines end as they did.
    with listing.open("r+b") as file:
        before = file.read().decode("utf-8")
    entry = _ENTRY.format(**words)
    if not before.endswith("\n"):
        entry = f"\n{entry}"
    if "\r\n" in before:
        entry = entry.replace("\n", "\r\n")
    longer = folder / coursefile.FILE_NAME
    longer.write_bytes(f"{before}{entry}".encode())
    try:
        coursefile.load(longer)
    except CourseError:
        raise CourseError(
            f"{listing}: no unit can be added at its end: list units as tables that begin with [[units]]"
        ) from None
    shutil.copymode(listing, longer)
    return longer


def _put(made: Path, folder: Path, longer: Path, listing: Path) -> None:
    """Puts the unit in its place and then lists it: a course never lists a unit that is not there."""
    made.rename(folder)
    try:
        longer.replace(listing)
    except BaseException:
        shutil.rmtree(folder)
        raise
