"""Why a cell of the instructor's did not run to its end, as data; what of it people see, others decide."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, Final

from autograder.adopted.asserting import NOTHING, Asserts, Seen
from autograder.adopted.link import BoundsError, Link, StudentGoneError
from autograder.adopted.slips import Compared, Failing, Gone
from autograder.adopted.standing import Held, held
from autograder.child import frames, messages, packing
from autograder.child.nodes import OtherData, ValueData, WireError
from autograder.data import Other

_MAX_STATEMENT: Final = 2000  # characters
_PLAIN: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (dict, dict),
    (tuple, tuple),
    (list, list),
    (str, str),
    (set, set),
)


def of(error: BaseException, link: Link, asserts: Asserts) -> Failing:
    """What a cell raised."""
    line, hidden = _place(error, link)
    lines, number = link.cell.lines, line or 0
    seen = asserts.of(error)
    statement = (
        seen.statement if seen is not None else lines[number - 1].strip() if 0 < number <= len(lines) else ""
    )
    return Failing(
        _how(error, link),
        messages.clip(_class_name(error)),
        messages.clip(_said(error)),
        line,
        hidden,
        statement[:_MAX_STATEMENT],
        None if seen is None else _compared(seen),
    )


def gone(gone: Gone) -> Failing:
    """Student code ended, and the test went on."""
    return Failing("died", "StudentGoneError", gone.detail, None, True, "")


def complained(text: str, *, hidden: bool) -> Failing:
    """Something went to stderr, for which nbgrader gives no points."""
    return Failing("raised", "stderr", messages.clip(text), None, hidden, "")


def _how(error: BaseException, link: Link) -> Any:
    if isinstance(error, StudentGoneError) or link.cell.gone is not None:
        return "died"
    if any(one is error for one in link.raised):
        return "student"
    if isinstance(error, BoundsError | MemoryError | RecursionError):
        return "bounds"
    return "assert" if isinstance(error, AssertionError) else "raised"


def _place(error: BaseException, link: Link) -> tuple[int | None, bool]:
    """The line of the cell at which it failed, and whether any line that led there is hidden."""
    lines = [
        line or 1
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == link.cell.filename
    ]
    if not lines:
        return getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None, bool(
            link.cell.hidden
        )
    return lines[0], any(line in link.cell.hidden for line in lines)


def _class_name(error: BaseException) -> str:
    return type(error).__name__


def _said(error: BaseException) -> str:
    """What it says; of an assertion whose message is an object of the student's, nothing is asked any more."""
    if any(isinstance(one, Held) for one in error.args):
        return ""
    try:
        return str(error)
    except BaseException:
        return ""


def _compared(seen: Seen) -> Compared:
    return Compared(
        _data(seen.got),
        _data(seen.expected),
        seen.comparison,
        messages.clip(seen.said.replace("@type", "type")),
        list(seen.names),
    )


def _data(value: object) -> ValueData | None:
    if value is NOTHING:
        return None
    try:
        return packing.pack_with(value, _plain)
    except (WireError, RecursionError):
        return OtherData(messages.clip(_type_name(value)))


def _plain(value: Any) -> Any:
    """What stands for a value that is no plain one where people look at it."""
    if isinstance(value, Held):
        return Other(_type_name(value))
    if frames.is_pandas(value):
        return frames.table(value)
    for kind, make in _PLAIN:
        if isinstance(value, kind):
            return make(value)
    return Other(messages.clip(_type_name(value)))


def _type_name(value: object) -> str:
    return held(value).type_name if isinstance(value, Held) else type(value).__name__
