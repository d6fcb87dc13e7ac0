"""A plain value as Python writes it: on one line, of a bounded length, without a character that commands a terminal.

What is shortened here is shortened before it is written, so that a huge value costs no more than a small one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.data import Code, Other, Seeded, Table, Value
from autograder.words import clipped, counted

CUT: Final = "…"
_LONG: Final = 12  # characters of a number beyond which its last digits are noise
_MOST_BITS_READ: Final = 400_000  # of one whose first and last digits are worked out
_MOST_BITS: Final = 4_000  # of an integer that is written with all its digits
_BRACKETS: Final[Mapping[type, Sequence[str]]] = {
    list: "[]",
    tuple: "()",
    set: "{}",
    dict: "{}",
    frozenset: ("frozenset({", "})"),
}


@dataclass(frozen=True)
class Written:
    """A value on one line."""

    text: str
    whole: bool  # whether nothing of it is left out


@dataclass(frozen=True)
class Words:
    """Words in the place of a value."""

    text: str


def written(value: object, most: int = 60, *, exact: bool = False) -> Written:
    """The value in about `most` characters; `exact` writes numbers with all their digits."""
    writing = _Writing(exact)
    text = writing.value(value, most)
    return Written(text, writing.whole)


def line(value: object, most: int = 60) -> str:
    """The value in about `most` characters."""
    return written(value, most).text


def apart(got: object, expected: object, most: int = 60) -> tuple[str, str]:
    """Two values that differ, with as many digits as it takes for them to look different."""
    texts = line(got, most), line(expected, most)
    if texts[0] == texts[1]:
        return written(got, most, exact=True).text, written(expected, most, exact=True).text
    return texts


def in_order(items: Iterable[Any]) -> list[Any]:
    """The items of a set in an order that is the same in every process."""
    every = list(items)
    if all(isinstance(item, str) for item in every) or all(type(item) in (int, float) for item in every):
        return sorted(every)
    return sorted(every, key=lambda item: (type(item).__name__, line(item)))


def type_name(value: object) -> str:
    """What the type of a value is called: "list", "float64", "DataFrame"; of what cannot cross, its own name."""
    return printable(clipped(nested.type_name(value), 40))


def kind_apart(value: object, other: object) -> str:
    """The type of a value, where it tells it from the other one; empty where the value itself does."""
    if value is None or isinstance(value, Other | Words) or isinstance(other, Words):
        return ""
    if nested.is_number(value) and nested.is_number(other) and bool(value != other):
        return ""  # 4 is not 2.5, of whatever type they are
    name = type_name(value)
    return "" if name == type_name(other) else name


def size_in_words(value: Value) -> str:
    """What a container is, and how much it holds: "list, 3 entries"."""
    assert isinstance(value, list | tuple | set | frozenset | dict)
    noun = "key" if isinstance(value, dict) else "item" if isinstance(value, set | frozenset) else ""
    count = counted(len(value), noun) if noun else counted(len(value), "entry", "entries")
    return f"{type(value).__name__}, {count}"


class _Writing:
    """Writes one value and remembers whether something was left out."""

    def __init__(self, exact: bool) -> None:
        self.whole = True
        self._exact = exact

    def value(self, value: Any, room: int) -> str:
        """Within `room` characters or a few more; of what does not fit, a sign that there is more."""
        if room < 3:
            self.whole = False
            return CUT
        match value:
            case list() | tuple() | set() | frozenset():
                return self._items(value, room)
            case dict():
                return self._inside(_BRACKETS[dict], self._pairs(value, room), room)
            case np.ndarray():
                return self._array(value, room)
            case np.generic():
                return self._scalar(value, room)
            case Table() | Code() | Seeded() | Other() | Words():
                return self._record(value, room)
        return self._plain(value, room)

    def _plain(self, value: Any, room: int) -> str:
        match value:
            case bool() | None:
                return str(value)
            case int():
                return self._integer(value, room)
            case float():
                return self._float(repr(value), value)
            case complex():
                text = repr(value)
                return text if self._exact or len(text) <= 2 * _LONG else f"({value:.6g})"
            case str():
                return repr(self._cut(value, room))
            case bytes():
                self.whole &= len(value) <= room
                return repr(value[:room]) + (CUT if len(value) > room else "")
        return self._cut(f"an object of type {type_name(value)}", room)

    def _items(self, value: Any, room: int) -> str:
        if not value and isinstance(value, set | frozenset):
            return f"{type(value).__name__}()"
        # Few enough are put in order; of more than could be shown, whichever come first.
        items = in_order(value) if isinstance(value, set | frozenset) and len(value) <= 10_000 else value
        texts = (self.value(item, room - 2) for item in items)
        if isinstance(value, tuple) and len(value) == 1:
            return f"({next(texts)},)"
        return self._inside(_BRACKETS[type(value)], texts, room)

    def _pairs(self, value: dict[Any, Any], room: int) -> Iterator[str]:
        for key, inner in value.items():
            said = self.value(key, room - 4)
            yield f"{said}: {self.value(inner, room - 4 - len(said))}"

    def _inside(self, brackets: Any, texts: Iterable[str], room: int) -> str:
        """As many texts as there is room for; each is only written once it is asked for."""
        first, last = brackets
        parts, used = list[str](), len(first) + len(last)
        for number, text in enumerate(texts):
            if number and used + len(text) > room:
                parts.append(CUT)
                self.whole = False
                break
            parts.append(text)
            used += len(text) + 2
        return f"{first}{', '.join(parts)}{last}"

    def _array(self, value: np.ndarray[Any, Any], room: int) -> str:
        if value.ndim == 0:
            return self.value(value[()], room)
        return f"array({self._nested(value, room - 7)})" if value.size else f"array of shape {value.shape}"

    def _nested(self, value: np.ndarray[Any, Any], room: int) -> str:
        if room < 3:
            self.whole = False
            return CUT
        part = value[:room]
        texts = (
            self._nested(inner, room - 2) if isinstance(inner, np.ndarray) else self.value(inner, room - 2)
            for inner in part
        )
        return self._inside("[]", texts, room)

    def _scalar(self, value: np.generic, room: int) -> str:
        match value:
            case np.bool_():
                return str(bool(value))
            case np.str_() | np.bytes_():
                return self._plain(value.item(), room)
            case np.datetime64() | np.timedelta64():
                return self._cut(str(value), room)
            case np.floating():
                return self._float(str(value), float(value))
        return self._cut(str(value), room)

    def _record(self, value: Table | Code | Seeded | Other | Words, room: int) -> str:
        match value:
            case Words():
                return printable(self._cut(value.text, room))
            case Seeded():
                return f"np.random.default_rng({self._integer(value.seed, room)})"
            case Code():
                first, _, rest = value.source.strip().partition("\n")
                self.whole &= not rest
                return printable(self._cut(first, room)) + (f" {CUT}" if rest else "")
            case Other():
                return printable(self._cut(f"an object of type {value.type_name}", room))
        self.whole = False
        return value.kind

    def _integer(self, value: int, room: int) -> str:
        if value.bit_length() > _MOST_BITS:
            self.whole = False
            digits = math.floor(value.bit_length() * math.log10(2)) + 1
            if value.bit_length() > _MOST_BITS_READ:
                return f"an integer of about {digits:,} digits"
            size, sign = abs(value), "-" * (value < 0)
            return f"{sign}{size // 10 ** (digits - 8)}{CUT}{size % 10**8:08} ({digits:,} digits or so)"
        return self._cut(str(value), max(room, 24))

    def _float(self, text: str, value: float) -> str:
        if self._exact or len(text) <= _LONG:
            return text
        short = f"{value:.10g}"
        return short if set(short) & set(".en") else f"{short}.0"

    def _cut(self, text: str, room: int) -> str:
        self.whole &= len(text) <= room
        return clipped(text, room)


def printable(text: str) -> str:
    """The text with a sign in place of each character that could not be seen, or would command a terminal."""
    return text if text.isprintable() else "".join(map(visible, text))


def visible(character: str) -> str:
    """A character, or a sign that stands for one that could not be seen."""
    if character.isprintable():
        return character
    code = ord(character)
    if code < 32:
        return chr(0x2400 + code)  # Unicode's pictures of control characters
    return "␡" if code == 127 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
