"""A unit's notebook as a student with full marks hands it in, and with other code in one of its cells."""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias

from autograder.course import installing
from autograder.course.lesson import Lesson
from autograder.records import Course, Unit

Document: TypeAlias = dict[str, Any]  # a notebook as JSON


def solved(course: Course, unit: Unit) -> Document:
    """The unit's notebook as a student with full marks hands it in."""
    import jupytext
    import nbformat

    text = Lesson.content(course.root / "solutions" / unit.name / f"{unit.name}.py")
    notebook = jupytext.reads(text, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell["source"] = re.sub(
            r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", "", cell["source"], flags=re.MULTILINE
        )
        if cell["cell_type"] == "markdown":
            cell["source"] = installing.filled(cell["source"], course.install)
    document: Document = json.loads(nbformat.writes(notebook))
    return document


def rewrite(document: Document, function: str, source: str) -> None:
    """Puts other code in the cell that defines the function or the class, or that gives the variable its value."""
    code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
    texts = [cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]) for cell in code]
    for pattern in (
        rf"^(def {function}\(|class {function}\b)",
        rf"^{function}[ \t]*(:[^=\n]*)?=[^=]",
    ):
        found = [place for place, text in enumerate(texts) if re.search(pattern, text, re.MULTILINE)]
        for place in found:
            code[place]["source"] = source
        if found:
            return
