"""By which changed material of a unit is noticed: it decides verdicts."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from autograder.course.lesson import Lesson
from autograder.course.modules import PACKAGE
from autograder.records import Course, Unit


def of(course: Course, unit: Unit, lesson: Lesson | None) -> str:
    """Of the secret modules that decide a verdict; a lesson's prose and the examples decide none."""
    digest = hashlib.sha256()
    for earlier in course.units:
        folder = course.root / PACKAGE / earlier.name
        for file in sorted(folder.glob("*.py")):
            checks_another = file.name == "test_hidden.py" and earlier.name != unit.name
            if file.stem != earlier.name and not checks_another:
                data = file.read_bytes()
                digest.update(f"{earlier.name}/{file.name} {len(data)}\n".encode() + data)
        file = folder / f"{earlier.name}.py"
        written = all((folder / one).is_file() for one in ("reference.py", "inputs.py", "test_hidden.py"))
        if file.is_file() and not written:
            own = lesson if earlier.name == unit.name else None
            names = tuple(one.name for one in earlier.functions)
            digest.update(own.digest if own else _of_lesson(file, Lesson.content(file), names))
        if earlier.name == unit.name:
            break
    return digest.hexdigest()


@functools.lru_cache(maxsize=64)  # each unit asks it of all before it
def _of_lesson(file: Path, text: str, names: tuple[str, ...]) -> bytes:
    """Of what a lesson of this text says of these exercises."""
    return Lesson.of(file, text, names).digest
