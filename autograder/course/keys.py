"""The keys and words of a TOML file, held against those that there are: what is misspelt is told with the nearest one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from autograder.errors import CourseError

_UNIONS: Final = (Union, UnionType)
_PATTERNS: Final[dict[str, str]] = {}
# What msgspec calls the types of values, in the words of docs/course-toml.md.
_TYPES: Final[Mapping[str, str]] = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a date, or a date and a time, without quotes, such as 2026-11-02T23:59:00+01:00",
}
_ANY: Final = "|".join(_TYPES)


def refuse_unknown(path: Path, data: Any, kind: Any, place: str) -> None:
    """msgspec names an unknown key; people also want the nearest valid one."""
    if get_origin(kind) in (Annotated, *_UNIONS):  # and of a table that may be missing, the table
        kind = get_args(kind)[0]
    if get_origin(kind) is list and isinstance(data, list):
        for number, item in enumerate(data, start=1):
            refuse_unknown(path, item, get_args(kind)[0], f"{place.rstrip('.')}[{number}].")
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(data, dict):
        hints = get_type_hints(kind, include_extras=True)
        for key, value in data.items():
            if key not in hints:
                valid = ", ".join(hints)
                raise CourseError(
                    f"{path}: unknown key {place + key!r}{nearest(key, list(hints))}: valid here are {valid}"
                )
            _refuse_unknown_word(path, value, hints[key], f"{place}{key}")
            refuse_unknown(path, value, hints[key], f"{place}{key}.")


def _refuse_unknown_word(path: Path, value: Any, kind: Any, place: str) -> None:
    """Of a key that takes one of a few words, or a list of such, msgspec does not say which."""
    kinds = get_args(kind) if get_origin(kind) in _UNIONS else (kind,)
    if isinstance(value, list) and (listed := [one for one in kinds if get_origin(one) is list]):
        for item in value:
            _refuse_unknown_word(path, item, get_args(listed[0])[0], place)
        return
    words = next((get_args(one) for one in kinds if get_origin(one) is Literal), ())
    if (
        isinstance(value, str)
        and value not in words
        and all(isinstance(word, str) for word in words)
        and words
    ):
        raise CourseError(
            f"{path}: {place}: {value!r} is none of its values{nearest(value, words)}: valid are {', '.join(words)}"
        )


def written(pattern: str, said: str) -> msgspec.Meta:
    """How a text has to be written, and how that is said to people."""
    _PATTERNS[repr(pattern)[1:-1]] = said
    return msgspec.Meta(pattern=pattern)


def _said(pattern: str) -> str:
    return _PATTERNS[pattern]


def in_our_words(message: str) -> str:
    """msgspec counts from 0 and writes `$.units[0].name`; a person counts from 1 and writes units[1].name."""
    text, _, place = message.partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    parts = place.split("[")
    place = parts[0] + "".join(
        f"[{int(part.partition(']')[0]) + 1}]{part.partition(']')[2]}" for part in parts[1:] if part
    )
    text = text.replace("`", "").replace("Object missing required field", "missing the key")
    text = text.replace("Invalid RFC3339 encoded datetime", f"Expected {_TYPES['datetime']}")
    text = re.sub(r"^Invalid enum value (.*)$", r"\1 is none of its values", text)
    text = re.sub(r"str matching regex '(.*)'$", lambda found: _said(found[1]), text).replace(" | null", "")
    text = re.sub(rf"(?<=Expected )({_ANY})\b|(?<=got )({_ANY})$", lambda found: _TYPES[found[0]], text)
    text = text[0].lower() + text[1:]
    return f"{place}: {text}" if place else text


def nearest(word: str, known: Sequence[str]) -> str:
    """The nearest of the known words, as a question in brackets; empty where none is near."""
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
