"""Text files of the course beside `course.toml`, in which instructors keep a text for each name, unit by unit.

    [self-attention]
    softmax-k3f9qa = "Each row is one word's question."

They are to be versioned with the course and may be edited by hand: a change from here touches one line, and comments
and order stay. Only where a file is laid out in some other way that TOML allows is it written anew as a whole.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from autograder.decoding import UndecodedError, utf8
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import results, safe_text, turns

LONGEST: Final = 1000  # characters of one text

Texts = Mapping[str, Mapping[str, str]]


def read(place: Path, example: str) -> dict[str, dict[str, str]]:
    """The texts by table and name, none where there is no file; CourseError where it is not as it should be.

    `example` is a line as it may stand in it.
    """
    try:
        text = utf8(place.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CourseError(f"{place}: cannot be read ({error.strerror})") from None
    except UndecodedError as error:
        raise CourseError(f"{place}: {error}: save it as UTF-8{error.hint}") from None
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{place}: not valid TOML: {error}") from None
    for unit, texts in data.items():
        if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
            raise CourseError(f"{place}: expected [{unit}] with lines such as {example}")
    return data


@contextmanager
def changing(place: Path, example: str, head: str) -> Iterator[dict[str, dict[str, str]]]:
    """The texts, to be changed: then the file is brought in line with them, and nobody else changes it meanwhile.

    `head` is a comment for a file that is new. CourseError as `read` raises it, AutograderError where it cannot be
    written: then it is as it was.
    """
    with turns.changing(place.parent):
        before = read(place, example)
        texts = {unit: dict(own) for unit, own in before.items()}
        yield texts
        if texts != before:
            write(place, head, texts)


def write(place: Path, head: str, wanted: Texts) -> None:
    """Brings the file in line with these texts, as `changing` does; what stood there and is not in them goes."""
    wanted = {unit: texts for unit, texts in wanted.items() if texts}
    try:
        before = place.read_bytes().decode("utf-8", "replace") if place.exists() else head
        changed = "".join(_changed(before.splitlines(keepends=True), wanted))
        content = changed if _says(changed, wanted) else _anew(head, wanted)
        results.write_all([(place, content.encode())])
    except OSError as error:
        raise AutograderError(f"{place}: cannot be written ({error.strerror})") from None


def plain(text: str) -> str:
    """A text as it is kept: one line of Unicode without control signs."""
    return safe_text.plain(text.encode("utf-8", "replace").decode())


def _says(content: str, wanted: Texts) -> bool:
    try:
        found = tomllib.loads(content)
    except (ValueError, RecursionError):
        return False
    return {unit: texts for unit, texts in found.items() if texts} == wanted


def _anew(head: str, wanted: Texts) -> str:
    lines = [head]
    for unit, texts in sorted(wanted.items()):
        lines += ["\n", f"[{_key(unit)}]\n", *(_line(name, text) for name, text in sorted(texts.items()))]
    return "".join(lines)


def _changed(lines: Sequence[str], wanted: Texts) -> Iterator[str]:
    """The lines of a file with those put in, changed and left out that make it say what is wanted.

    It knows tables and entries of one line each, and lets all else stand; whether that was right, the reader tells.
    """
    left = {unit: dict(texts) for unit, texts in wanted.items()}
    unit: str | None = None
    pending: list[str] = []  # empty lines and comments: at a table's end, what is new goes before them
    for line in lines:
        found = _parsed(line)
        if found is None:
            pending.append(line if line.endswith("\n") else f"{line}\n")
            continue
        name, text = found
        if text is None:  # a table begins
            yield from _rest(left, unit)
            yield from pending
            unit = name
            yield line if line.endswith("\n") else f"{line}\n"
        else:
            yield from pending
            new = left.get(unit or "", {}).pop(name, None)
            if new == text:
                yield line if line.endswith("\n") else f"{line}\n"
            elif new is not None:
                yield _line(name, new)
        pending = []
    yield from _rest(left, unit)
    yield from pending
    for other, texts in sorted(left.items()):
        yield from ("\n", f"[{_key(other)}]\n")
        yield from (_line(name, text) for name, text in sorted(texts.items()))


def _rest(left: dict[str, dict[str, str]], unit: str | None) -> Iterator[str]:
    """The lines of a table that were not in the file."""
    for name, text in sorted(left.pop(unit or "", {}).items()):
        yield _line(name, text)


def _parsed(line: str) -> tuple[str, str | None] | None:
    """The table that a line begins, with None, or the name and text of an entry; None for any other line."""
    try:
        data = tomllib.loads(line)
    except (ValueError, RecursionError):
        return None
    for name, value in data.items():
        return (name, value) if isinstance(value, str) else (name, None) if value == {} else None
    return None


def _line(name: str, text: str) -> str:
    return f"{_key(name)} = {_text(text)}\n"


def _key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else _text(name)


def _text(text: str) -> str:
    """A text as TOML writes it, whose form is JSON's but for one character that may not stand as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
