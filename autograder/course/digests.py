"""By which changed material of a unit is noticed: it decides verdicts."""

from __future__ import annotations

import hashlib

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
            digest.update((own or Lesson.read(file, [one.name for one in earlier.functions])).digest)
        if earlier.name == unit.name:
            break
    return digest.hexdigest()
