"""Whom a name means, of all students that the course knows: by its roster, by work, by results, by the gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.course import roster
from autograder.errors import CourseError
from autograder.gradebook import looking, results
from autograder.gradebook.database import FILE_NAME
from autograder.naming import as_name, as_text, composed, nearest, readings, words
from autograder.records import Course
from autograder.words import listed


def students(course: Course, out: Path) -> tuple[str, ...]:
    """Everyone whom the course knows, as the gradebook calls them, in order.

    A student of the roster is called as the folder of the work is, where there is one.
    """
    folders = _folders(course.root / "submitted")
    graded = {name for unit in course.units for name in results.students(out, unit.name)}
    entered = {as_name(text) for text in _entered(out / FILE_NAME)}
    names = folders | graded | entered
    if course.roster is not None:
        on_roster = roster.read(course.roster)
        groups = frozenset().union(*(readings(one.group) for one in on_roster if one.group))
        groups -= frozenset().union(*(readings(one.id) for one in on_roster))
        names = {name for name in names if not readings(name) & groups}  # in whose folder a group hands in
        names |= {one.id for one in roster.spelt(on_roster, names)}
    return tuple(sorted(map(as_text, names)))


def meant(course: Course, out: Path, names: Sequence[str]) -> tuple[str, ...]:
    """The students whom these names mean, as the gradebook calls them; CourseError for one who is not known."""
    known = students(course, out)
    return tuple(dict.fromkeys(_one(course, known, name) for name in names))


def _one(course: Course, known: Sequence[str], name: str) -> str:
    alike = [one for one in known if readings(as_name(one)) & readings(name)]
    found = (
        [one for one in known if one in (name, as_text(name))]
        or [one for one in alike if composed(as_name(one)) == composed(name)]
        or alike
    )
    if len(found) == 1:
        return found[0]
    close = found or _called(course, name) or nearest(name, map(as_name, known))
    hint = f" (did you mean {listed(list(map(repr, close)), 'or')}?)" if close else ""
    where = "has a folder in submitted/" if course.roster is None else f"is in {course.roster.name}"
    raise CourseError(
        f"no student {as_text(name)!r} in this course{hint}: expected the id of one who {where}"
    )


def _called(course: Course, name: str) -> list[str]:
    """The ids of those on the roster who are called so, first and last name in any order."""
    said = sorted(words(name))
    students = roster.read(course.roster) if course.roster is not None and said else ()
    return [as_text(one.id) for one in students if sorted(words(f"{one.first_name} {one.last_name}")) == said]


def _folders(submitted: Path) -> set[str]:
    try:
        return {
            place.name for place in submitted.iterdir() if place.is_dir() and not place.name.startswith(".")
        }
    except OSError:
        return set()


def _entered(gradebook: Path) -> list[str]:
    try:
        with looking.at(gradebook) as book:
            return [id for (id,) in book.all("SELECT id FROM student")]
    except looking.UnseenError:
        return []
