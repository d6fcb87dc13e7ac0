"""What `course.toml` says of an adopted assignment: written where it is new, renewed where it is there, all else left as it is."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import tomlkit

from autograder.authoring import taken
from autograder.course import coursefile
from autograder.dialect import NBGRADERS, Dialect
from autograder.errors import CourseError

# Code of others' assignments may take as long as nbgrader lets it.
_LIMITS: Final = """
[limits]                               # for each test cell, and for all that runs before it
cpu_seconds = 10.0
"""


@dataclass(frozen=True)
class Entry:
    """One unit as it is to be listed."""

    name: str
    adopted: str  # from the course's folder on
    release: str
    functions: tuple[tuple[str, float], ...]  # names and points of the cells that are served
    by_hand: tuple[str, ...]
    dialect: Dialect = NBGRADERS

    def written(self) -> dict[str, Any]:
        """Its keys and values, those left out that say what is so anyway."""
        said: dict[str, Any] = {"name": self.name, "adopted": self.adopted}
        if self.release != "release":
            said["release"] = self.release
        said["functions"] = _functions(self.functions)
        if self.by_hand:
            said |= {"unserved": "by-hand", "by_hand": _lines(self.by_hand)}
        if dialect := _dialect(self.dialect):
            said["dialect"] = dialect
        return said


# Keys that are the kit's to write; the others of an entry are the instructor's.
_OURS: Final = ("adopted", "release", "functions", "by_hand", "dialect")


def founded(course_id: str, root: Path) -> bytes:
    """A course.toml without units for a course of nbgrader's that had none."""
    words = (course_id or root.name).replace("-", " ").replace("_", " ").strip() or "Course"
    title = json.dumps(words[:1].upper() + words[1:], ensure_ascii=False)
    seed = secrets.randbelow(2**31)
    text = taken.rendered("course.toml.jinja", title=title, seed=seed, roster=(root / "roster.csv").is_file())
    return text + _LIMITS.encode()


def listed(path: Path, raw: bytes, entry: Entry) -> bytes:
    """The course.toml at `path` with this entry; CourseError where it is written so that none can be added."""
    document = tomlkit.parse(raw.decode("utf-8-sig"))
    units: Any = document.get("units", ())
    known = next((unit for unit in units if unit.get("name") == entry.name), None)
    if known is not None:
        _renew(known, entry.written())
        text = tomlkit.dumps(document)
    else:
        text = raw.decode("utf-8-sig")
        added = tomlkit.document()
        table = tomlkit.table()
        for key, value in entry.written().items():
            table[key] = value
        array = tomlkit.aot()
        array.append(table)
        added["units"] = array
        new = f"\n{tomlkit.dumps(added).rstrip()}\n"
        text += ("" if text.endswith("\n") else "\n") + new
    if b"\r\n" in raw:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    written = text.encode()
    try:
        coursefile.parse(path, written)
    except CourseError as error:
        if known is not None:
            raise
        raise CourseError(
            f"{path}: no unit can be added at its end ({error}): list units as tables that begin with [[units]]"
        ) from None
    return written


def _renew(known: Any, said: Mapping[str, Any]) -> None:
    """Brings the kit's own keys up to date. `unserved` is settled by a person: it stays as it is while there are such cells."""
    had = "by_hand" in known
    for key in _OURS:
        if key in said:
            known[key] = said[key]
        else:
            known.pop(key, None)
    if "by_hand" not in said:
        known.pop("unserved", None)
    elif not had:
        known["unserved"] = said["unserved"]


def _functions(functions: tuple[tuple[str, float], ...]) -> Any:
    return _array(f"{{ name = {_text(name)}, points = {points} }}" for name, points in functions)


def _lines(names: tuple[str, ...]) -> Any:
    return _array(map(_text, names))


def _array(items: Iterable[str]) -> Any:
    """A list with a line for each item, as people write it."""
    lines = "".join(f"  {item},\n" for item in items)
    return tomlkit.parse(f"array = [\n{lines}]")["array"]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _dialect(dialect: Dialect) -> Any:
    """What differs from nbgrader's own."""
    table = tomlkit.inline_table()
    for key in fields(dialect):
        value = getattr(dialect, key.name)
        if value != getattr(NBGRADERS, key.name):
            table[key.name] = list(value) if isinstance(value, tuple) else value
    return table
