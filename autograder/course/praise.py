"""What full marks earn, as its author writes it in `full_marks.py`: held against what the unit has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from autograder.child.nodes import WireError
from autograder.course import plainly
from autograder.earned import Form, FullMarks, Shown
from autograder.errors import CourseError


def listed(folder: Path, written: Mapping[str, Any], names: Sequence[str]) -> dict[str, FullMarks]:
    """FULL_MARKS by function, the inputs of pictures as plain values; CourseError where an entry is none of it."""
    file = folder / "full_marks.py"
    found = {}
    for name, full in written.items():
        if name not in names:
            raise CourseError(
                f"{file}: FULL_MARKS names {name!r}, which is no function of the unit: {', '.join(names)}"
            )
        if not isinstance(full, FullMarks):
            raise CourseError(f"{file}: FULL_MARKS[{name!r}] must be FullMarks(…)")
        found[name] = full if full.shown is None else replace(full, shown=_plain(file, name, full.shown))
    return found


def _plain(file: Path, name: str, shown: Shown) -> Shown:
    try:
        args = tuple(map(plainly.argument, shown.args))
    except WireError as error:
        raise CourseError(f"{file}: the picture of {name!r}: {plainly.refusal(error)}") from None
    lacking = [row for row in shown.of if row not in shown.rows]
    if lacking:
        raise CourseError(
            f"{file}: the picture of {name!r} speaks of {lacking[0]!r}, which is none of its rows"
        )
    if shown.form not in get_args(Form) or (shown.form == "query-key-value" and len(shown.titles) != 3):
        raise CourseError(
            f"{file}: the picture of {name!r} has the form {shown.form!r}: {', '.join(get_args(Form))} are known, and the"
            " last of them takes three titles"
        )
    return replace(shown, args=args)
