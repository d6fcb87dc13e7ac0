"""What the files of a unit say of one another, held together before students meet any of it: what one names, another has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import partial
from typing import Final

import jupytext

from autograder.checking import standard
from autograder.checking.graders import Graders
from autograder.course import coursefile
from autograder.course import material as secret_material
from autograder.course.lesson import Lesson
from autograder.course.material import Material
from autograder.course.modules import PACKAGE
from autograder.errors import CourseError
from autograder.records import Course, Unit

# As Markdown has it: after `#`, over a line of `=` or `-`, or as HTML.
_HEADING: Final = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$|^(\S.*)\n(?:=+|-+)[ \t]*$|<h[1-6][^>]*>(.+?)</h[1-6]>",
    re.MULTILINE | re.DOTALL,
)
_MARKUP: Final = re.compile(r"[*_`]|<[^>]+>")


def refuse(course: Course, unit: Unit) -> None:
    """CourseError where a unit's checks do not hold together, or a file of it names what another should have and has not."""
    material = secret_material.load(course, unit)
    if material.checks or material.graders.is_file():
        Graders(material.graders, unit, partial(standard.checks, material))
    _refuse_headings(course, unit, material)
    _refuse_examples(unit, material)


def _refuse_headings(course: Course, unit: Unit, material: Material) -> None:
    """A mistake sends its student back to a heading of this lesson, or of one before it."""
    named = {one.read: one.id for entries in material.misconceptions.values() for one in entries if one.read}
    missing, known = dict(named), list[str]()
    units = coursefile.ours(course)
    for one in reversed(units[: units.index(unit) + 1]):
        if not missing:
            return
        known += _headings(course, one)
        missing = {read: id for read, id in missing.items() if _plain(read) not in known}
    for read, id in missing.items():
        near = _near(_plain(read), known)
        raise CourseError(
            f"{material.folder / 'misconceptions.py'}: {id!r} says to read {read!r} again, which is no heading of the lesson of"
            f" {unit.name!r} or of one before it{near}"
        )


def _headings(course: Course, unit: Unit) -> Iterator[str]:
    text = Lesson.content(course.root / PACKAGE / unit.name / f"{unit.name}.py")
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        if cell.cell_type == "markdown":
            yield from (_plain("".join(found)) for found in _HEADING.findall(cell.source))


def _plain(heading: str) -> str:
    """A heading as it is read."""
    return " ".join(_MARKUP.sub("", heading).split())


def _refuse_examples(unit: Unit, material: Material) -> None:
    names = [function.name for function in unit.functions]
    for path in sorted(material.examples.glob("*.py")):
        if path.stem not in names:
            raise CourseError(
                f"{path}: {unit.name!r} has no function {path.stem!r}{_near(path.stem, names)}: nobody would look at these examples"
            )


def _near(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
