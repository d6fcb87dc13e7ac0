"""By what a feedback page is known to be older than what people have given and said since.

Seen without what renders pages: every run looks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from autograder.gradebook import handwork, receipts, results, said
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.said import Sentence
from autograder.gradebook.terms import Terms
from autograder.naming import as_text

_HEAD: Final = "<head>"
_STAMP: Final = re.compile(r'<meta name="autograder-given" content="([0-9a-f]*)">')
_READ: Final = 512  # bytes of a page, within which its stamp stands


def place(out: Path, unit: str, student: str) -> Path:
    """Where nbgrader looks for a student's feedback."""
    return out.joinpath("feedback", student, unit, f"{unit}.html")


def of_unit(
    out: Path,
    unit: str,
    told: Mapping[str, Sequence[Sentence]],
    students: Sequence[str] | None = None,
    terms: Terms | None = None,
) -> dict[str, str]:
    """The stamps of what people have given by now, by student; who has been given nothing is not in it.

    Of `students` alone, where they are given, by the names of their folders.
    `told` is what is said to students beside the gradebook, and `terms` say when work was due, which is told to
    those of whom it is known when they handed in, and who is excused.
    """
    given = {name: [repr(sentence) for sentence in sentences] for name, sentences in told.items()}
    names = None if students is None else frozenset(map(as_text, students))
    work = handwork.read(out / FILE_NAME, unit, names) or {}
    for item, value in sorted(work.items()):
        if item.kind != "extension":  # what it does to a mark, grading works out
            given.setdefault(item.student, []).append(repr((item.kind, item.cell, value)))
    if terms is not None:
        for name, at in receipts.entered(out / FILE_NAME, unit, names).items():
            time = terms.told(name, at)
            if at is not None or time.excused:
                given.setdefault(name, []).append(repr(time))
    return {name: hashlib.sha256("\n".join(one).encode()).hexdigest()[:16] for name, one in given.items()}


def stamped(page: str, stamp: str | None) -> str:
    """The page with its stamp."""
    tag = f'{_HEAD}\n<meta name="autograder-given" content="{stamp}">'
    return page if stamp is None else page.replace(_HEAD, tag, 1)


def outdated(
    root: Path, out: Path, unit: str, terms: Terms | None = None, students: Sequence[str] | None = None
) -> list[str]:
    """Whose feedback page says something else than what people have given in the gradebook, said and arranged by now.

    `root` is the course folder, `terms` say when work was due, and `students` are those who are looked at, by default all
    who have a result. CourseError where what is said there cannot be read.
    """
    wanted = results.students(out, unit) if students is None else students
    if not wanted:
        return []
    now = of_unit(out, unit, said.to_students(root, out, unit, wanted), students, terms)
    return [
        student
        for student in wanted
        if (found := _read(place(out, unit, student))) is not None and found != now.get(as_text(student), "")
    ]


def _read(page: Path) -> str | None:
    """The stamp of a page, "" where it has none; None where there is no page."""
    try:
        with open(page, encoding="utf-8", errors="replace") as file:
            found = _STAMP.search(file.read(_READ))
    except OSError:
        return None
    return found[1] if found else ""
