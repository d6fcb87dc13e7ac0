"""The corpus of a unit: pieces of student code, each with what the graders should find in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.course.material import Material
from autograder.errors import CourseError


@dataclass(frozen=True)
class Example:
    """A piece of student code with what the graders should find in it."""

    expect: str  # "right", or the id of the diagnosis that should come first
    description: str
    source: str


def examples(material: Material, function: str) -> tuple[Example, ...]:
    """The corpus of student code for one function, empty where there is none.

    Each begins with a line `# %% <diagnosis id or "right"> <description>`; CourseError where one has no
    description or no code.
    """
    path = material.examples / f"{function}.py"
    if not path.is_file():
        return ()
    # What stands before the first marker is a comment on the file.
    cells = re.split(r"^# %%[ \t]*", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = []
    for cell in cells:
        heading, _, source = cell.partition("\n")
        expect, _, description = heading.strip().partition(" ")
        if not description or not source.strip():
            raise CourseError(
                f"{path}: the example {heading.strip()!r} needs '# %% <id or right> <description>' and code below"
            )
        found.append(Example(expect, description.strip(), source.strip("\n") + "\n"))
    return tuple(found)
