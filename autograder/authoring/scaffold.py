"""A new unit to start from: a lesson with the functions and classes that are asked for, which `verify` proves as it stands."""

from __future__ import annotations

import builtins
import keyword
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.authoring import converted
from autograder.course import coursefile
from autograder.course.modules import PACKAGE
from autograder.errors import CourseError
from autograder.gradebook import turns
from autograder.records import Course

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST: Final = 40  # characters of a name: it becomes a folder, a module and a function
# Names that the notebook imports, modules that a unit may have, and one that pytest reads.
_TAKEN: Final = frozenset({"check", "np", "numpy", "reference", "inputs", "misconceptions", "conftest"})
_ENTRY: Final = """
[[units]]
name = "{name}"
title = "{title}"
functions = [
{functions}
]
"""
_FUNCTION: Final = '  {{ name = "{}", points = 3.0 }},'


@dataclass(frozen=True)
class _Example:
    """A function to be replaced by one's own."""

    does: str
    shape: str
    lines: tuple[str, ...]  # its solution


_EXAMPLES: Final = (
    _Example(
        "The mean of each row.",
        "(rows,)",
        (
            "totals = np.sum(x, axis=1)  # row total: Add up each row.",
            "return totals / x.shape[1]  # share: Divide each total by the number of columns.",
        ),
    ),
    _Example(
        "The length of each row, as of an arrow.",
        "(rows,)",
        (
            "squares = x**2  # square: Square each number.",
            "return np.sqrt(squares.sum(axis=1))  # root: Take the square root of the sum of each row.",
        ),
    ),
    _Example(
        "Each number less the mean of its column.",
        "(rows, columns)",
        (
            "means = x.mean(axis=0)  # column mean: Take the mean of each column.",
            "return x - means  # centre: Subtract from each number the mean of its column.",
        ),
    ),
)


_BETWEEN_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")  # of the name of a class


def scaffold(
    course: Course, name: str, functions: Sequence[str] = (), notebook: Path | None = None
) -> tuple[list[Path], list[str]]:
    """Makes `solutions/<name>/`, lists the unit at the end of course.toml, and returns the files and functions made.

    The functions are examples to be replaced: those named, or one called like the unit with underscores for hyphens.
    A name that begins with a capital is a class, as Python writes them; what is done with it stands in inputs.py.
    With a `notebook` they are those that it solves. Raises CourseError where a name will not do or is taken, where the
    notebook is no lesson, or where the unit cannot be written; then nothing is changed.
    """
    _refuse_unit(course, name)
    if notebook is None:
        functions = functions or [function_name(name)]
        files = _example(name, functions)
    else:
        text, found = converted.lesson(notebook)
        functions = functions or found
        if unknown := [one for one in functions if one not in found]:
            raise CourseError(f"{notebook} solves {', '.join(found)}, and no {unknown[0]!r}")
        files = {f"{name}.py": text}
    _refuse_functions(course, name, functions)
    folder = course.root / PACKAGE / name
    try:
        folder.parent.mkdir(exist_ok=True)
        with (
            turns.changing(course.root),
            tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as staging,
        ):
            made = Path(staging) / name
            made.mkdir()
            for file, content in files.items():
                (made / file).write_text(content, encoding="utf-8")
            listing = _write_listing(course, Path(staging), name, functions)
            _put(made, folder, listing, (course.root / coursefile.FILE_NAME).resolve())
    except OSError as error:
        raise CourseError(
            f"{error.filename or folder}: {error.strerror}: the unit {name!r} was not made and nothing is changed;"
            f" see to it that {course.root} can be written"
        ) from None
    return [folder / file for file in files], list(functions)


def function_name(unit: str) -> str:
    """What the example function of a new unit is called."""
    return unit.replace("-", "_")


def _refuse_unit(course: Course, name: str) -> None:
    """Names that could not be a folder and a module at once, and names that are taken."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise CourseError(
            f"{name!r} is no name for a unit: it takes up to {_LONGEST} small letters, digits and single hyphens,"
            " a letter first, as in 'batch-norm'"
        )
    listing = course.root / coursefile.FILE_NAME
    for unit in course.units:
        if function_name(unit.name.lower()) == function_name(name):
            raise CourseError(f"{listing} has a unit {unit.name!r} already: choose another name")
    folder = course.root / PACKAGE / name
    if folder.exists():
        raise CourseError(
            f"{folder} exists already, and course.toml does not list it: list it there or move it away"
        )


def _refuse_functions(course: Course, name: str, functions: Sequence[str]) -> None:
    """Names that no function can have beside those of the lesson, or that another has."""
    for function in functions:
        if not function.isidentifier() or not function.isascii() or keyword.iskeyword(function):
            raise CourseError(
                f"{function!r} is no name for a function: it takes letters, digits and underscores, a letter first,"
                " and none with an accent"
            )
        if hasattr(builtins, function) or function in _TAKEN:
            raise CourseError(
                f"a unit {name!r} would have a function {function!r}, and that name has a meaning already:"
                f" name another, as in `autograder new {name} {function}_of_rows`"
            )
        if functions.count(function) > 1:
            raise CourseError(f"the function {function!r} is named twice: give each a name of its own")
        for unit in coursefile.ours(course):
            if any(known.name == function for known in unit.functions):
                raise CourseError(
                    f"the unit {unit.name!r} has a function {function!r} already, as {name!r} would:"
                    " choose another name"
                )


def is_class(name: str) -> bool:
    """Whether it is written as classes are."""
    return name[:1].isupper()


def _example(name: str, exercises: Sequence[str]) -> dict[str, str]:
    """The files of a unit with an example in the place of each exercise, by name."""
    templates = Environment(
        loader=PackageLoader("autograder.authoring"),
        autoescape=False,  # Python, not HTML
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    functions = [one for one in exercises if not is_class(one)]
    classes = [one for one in exercises if is_class(one)]
    shown = {one: _function(one, place) for place, one in enumerate(functions)}
    shown |= {one: _class(one, place) for place, one in enumerate(classes)}
    about = {
        "name": name,
        "title": _title(name),
        "exercises": [shown[one] for one in exercises],
        "functions": functions,
        "classes": [shown[one] for one in classes],
    }
    files = {f"{name}.py": "notebook.py.jinja"} | ({"inputs.py": "inputs.py.jinja"} if classes else {})
    return {file: templates.get_template(template).render(about) for file, template in files.items()}


def _function(name: str, place: int) -> dict[str, Any]:
    """What the lesson shows of the function in this place."""
    again, which = divmod(place, len(_EXAMPLES))
    example = _EXAMPLES[which]
    lines = example.lines
    if again:  # no solution may stand in a lesson twice
        head, _, words = lines[-1].partition("  # ")
        made = head.removeprefix("return ")
        lines = (
            *lines[:-1],
            f"made = {made}  # {words}",
            f"return made + {again}  # more: Add {again} to each.",
        )
    does = f"{example.does[:-1]}, and {again} more." if again else example.does
    heading = name.replace("_", " ").capitalize()
    return {
        "name": name, "is_class": False, "heading": heading, "does": does, "shape": example.shape, "lines": lines
    }  # fmt: skip


def _class(name: str, place: int) -> dict[str, Any]:
    """What the lesson and the inputs show of the class in this place."""
    added, times = ("number", "a whole number")
    if place:  # no solution may stand in a lesson twice
        added, times = f"{place + 1} * number", f"a whole number {place + 1} times"
    cases = f"{_BETWEEN_WORDS.sub('_', name).lower()}_cases"
    return {"name": name, "is_class": True, "heading": name, "added": added, "times": times, "cases": cases}


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _write_listing(course: Course, folder: Path, name: str, functions: Sequence[str]) -> Path:
    """Writes course.toml with the unit at its end; all that was there stays as it was, comments included."""
    listing = course.root / coursefile.FILE_NAME
    # For writing, so that a file that must not be written is not replaced; as bytes, so that its lines end as they did.
    with listing.open("r+b") as file:
        before = file.read().decode("utf-8")
    listed = "\n".join(map(_FUNCTION.format, functions))
    entry = _ENTRY.format(name=name, title=_title(name), functions=listed)
    if not before.endswith("\n"):
        entry = f"\n{entry}"
    if "\r\n" in before:
        entry = entry.replace("\n", "\r\n")
    longer = folder / coursefile.FILE_NAME
    longer.write_bytes(f"{before}{entry}".encode())
    try:
        coursefile.load(longer)
    except CourseError as error:
        trouble = str(error).removeprefix(f"{longer}: ")
        raise CourseError(
            f"{listing}: no unit can be added at its end ({trouble}): list units as tables that begin with [[units]]"
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
