"""Two texts beside each other, line by line, with the characters marked in which they differ.

A text may be a megabyte of anything. What is compared is a window around the first difference, found in linear time;
all that takes longer is done on it alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias

from autograder.pages.literals import CUT, visible
from autograder.words import counted

MOST_LINES: Final = 30
MOST_CHARACTERS: Final = 120  # of a line
MOST_LOOKED_INTO: Final = 10  # lines that are compared letter by letter
BEFORE: Final = 3  # lines above the first difference
AFTER: Final = 6  # lines below the last one
_AROUND: Final = 40  # characters before the first difference of a long line
_LOOKED_BACK: Final = 200  # characters of a literal before the first that differs
_LOOKED_AT: Final = 1_000
_SHORT: Final = 2  # characters: what two texts share by chance and a reader would not see as shared
_ALIKE: Final = 0.4  # the share from which two texts are one with changes

# How a part of a value stands to the other side. due: what is missing or different on the student's.
Mark: TypeAlias = Literal["", "differs", "missing", "extra", "due"]

_SPACES: Final = {" ": "·", "\t": "→", "\n": "↵", "\xa0": "⍽"}


@dataclass(frozen=True)
class Piece:
    """Some characters of a line; one that is marked and empty is a place where some are missing."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a text, or a place where one is missing."""

    number: int | None  # from 1; None for lines that are missing
    pieces: tuple[Piece, ...]
    mark: Mark = ""
    missing: int = 0  # how many lines are


@dataclass(frozen=True)
class Text:
    """A text, or the part of it around the first difference."""

    size: str  # "3 lines, 40 characters"
    lines: tuple[Line, ...]  # none for the empty text
    before: int = 0  # lines left out
    after: int = 0


def text(value: str) -> Text:
    """A text by itself."""
    return _around(value, 0, [Line(number, _plain(line)) for number, line in enumerate(_lines(value, 0), 1)])


def texts(got: str, expected: str) -> tuple[Text, Text, str]:
    """Two texts that differ; and a sentence about what cannot be seen in them, empty where all can."""
    same = common_start(got, expected)
    first = got.rfind("\n", 0, same) + 1
    for _ in range(BEFORE):
        first = got.rfind("\n", 0, max(0, first - 1)) + 1
    if got.count("\n", 0, first) <= BEFORE:  # what would be said of them takes as much room
        first = 0
    number = got.count("\n", 0, first) + 1
    left, right = list[Line](), list[Line]()
    # Of lines further down than those shown, so that one that only moved down is not taken for one that is gone.
    for same_run, here, there in _runs(
        _lines(got, first, 2 * MOST_LINES), _lines(expected, first, 2 * MOST_LINES)
    ):
        _add(left, number, same_run, here, there, "extra", "differs")
        _add(right, number, same_run, there, here, "due", "due")
        if max(len(left), len(right)) >= MOST_LINES:
            break
    most = min(MOST_LINES, _last_marked(left, right) + AFTER)
    left, right = left[:most] if got else [], right[:most]
    return _around(got, first, left), _around(expected, first, right), _unseen(got, expected, same)


def pieces(one: str, other: str, *, quick: bool = False) -> tuple[Piece, ...]:
    """One line with the characters marked that the other has not, cut to a part around the first of them.

    With `quick` all between the first and the last of them is marked.
    """
    same = common_start(one, other)
    start = same - _AROUND if max(len(one), len(other)) > MOST_CHARACTERS and same > _AROUND else 0
    most = start + MOST_CHARACTERS
    shown, left = [Piece(CUT)] if start else [], MOST_CHARACTERS
    # Here, too, more is compared than is shown.
    for piece in _marked(one[start : most + _AROUND], other[start : most + _AROUND], quick):
        if left > 0:
            shown.append(Piece(piece.text[:left], piece.marked))
        left -= len(piece.text)
    return tuple([*shown, Piece(CUT)] if len(one) > most else shown)


def written_pieces(one: str | bytes, other: str | bytes) -> tuple[Piece, ...]:
    """The first of two texts, or of two rows of bytes, as Python writes it, in the quotes of the other and marked as
    `pieces` does; of a long one the part where they begin to differ."""
    start = max(0, common_start(one, other) - _LOOKED_BACK)
    parts = [text[start : start + _LOOKED_AT] for text in (one, other)]
    texts = [repr(part) for part in parts]
    if texts[0].lstrip("b")[0] != texts[1].lstrip("b")[0] and not any('"' in text[2:-1] for text in texts):
        texts = [re.sub(r"^(b?).(.*).$", r'\1"\2"', text) for text in texts]
    cut = CUT if start else ""
    return pieces(f"{cut}{texts[0]}", f"{cut}{texts[1]}")


def common_start(one: str | bytes, other: str | bytes) -> int:
    """How many characters two texts have in common from the start, in linear time."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


# ------------------------------------------------------------------------------------------------ lines


def _lines(value: str, start: int, most: int = MOST_LINES) -> list[str]:
    """The lines from a place on, each with its end."""
    found = list[str]()
    while start < len(value) and len(found) < most:
        stop = value.find("\n", start) + 1 or len(value)
        found.append(value[start:stop])
        start = stop
    return found


def _runs(got: list[str], expected: list[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of lines that are the same on both sides, and those between them."""
    matcher = SequenceMatcher(None, got, expected, autojunk=False)
    for how, i1, i2, j1, j2 in matcher.get_opcodes():
        yield how == "equal", got[i1:i2], expected[j1:j2]


def _add(
    shown: list[Line],
    number: int,
    same: bool,
    here: Sequence[str],
    there: Sequence[str],
    alone: Mark,
    differs: Mark,
) -> None:
    """Appends the lines of one side; those that it alone has are marked, and where it lacks one a line says so."""
    number += sum(line.number is not None for line in shown)
    for place, line in enumerate(here):
        if same:
            shown.append(Line(number + place, _plain(line)))
        elif place < len(there):
            quick = sum(one.mark == differs for one in shown) >= MOST_LOOKED_INTO
            shown.append(Line(number + place, pieces(line, there[place], quick=quick), differs))
        else:
            whole = _plain(line) if line.strip() else (Piece(_shown(line, spaces=True)),)
            shown.append(Line(number + place, tuple(Piece(one.text, marked=True) for one in whole), alone))
    if differs == "differs" and len(there) > len(here) and not same:
        shown.append(Line(None, (), "missing", len(there) - len(here)))


def _last_marked(*sides: list[Line]) -> int:
    """How many lines there are up to the last one that is marked on either side."""
    return max((place for lines in sides for place, line in enumerate(lines, 1) if line.mark), default=0)


def _around(value: str, first: int, lines: list[Line]) -> Text:
    every = value.count("\n") + (not value.endswith("\n") and bool(value))
    before = value.count("\n", 0, first)
    own = sum(line.number is not None for line in lines)
    size = f"{counted(every, 'line')}, {counted(len(value), 'character')}"
    return Text(
        size if every > 1 else counted(len(value), "character"), tuple(lines), before, every - before - own
    )


def _plain(line: str) -> tuple[Piece, ...]:
    cut = line.removesuffix("\n")
    if len(cut) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        cut = f"{cut[:half]} {CUT} {cut[-half:]}"
    return (Piece(_shown(cut)),)


# ------------------------------------------------------------------------------------------- characters


def _marked(one: str, other: str, quick: bool) -> list[Piece]:
    """The pieces of a short text, those marked that the other has not."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    far = quick or matcher.ratio() < _ALIKE
    opcodes = _ends(one, other) if far else matcher.get_opcodes()
    found, last = list[Piece](), len(opcodes) - 1
    for place, (how, i1, i2, j1, j2) in enumerate(opcodes):
        by_chance = 0 < place < last and i2 - i1 < _SHORT and one[i1:i2].isalnum()
        marked = how != "equal" or by_chance
        if i1 == i2 and how == "insert" and j2 > j1:
            found.append(Piece("", marked=True))
        elif i1 < i2:
            found.append(Piece(one[i1:i2], marked))
    return [Piece(_shown(piece.text, spaces=piece.marked), piece.marked) for piece in _joined(found)]


def _ends(one: str, other: str) -> list[tuple[str, int, int, int, int]]:
    """What two texts share at both ends, and all between as one change."""
    start = common_start(one, other)
    end = common_start(one[start:][::-1], other[start:][::-1])
    i, j = len(one) - end, len(other) - end
    how = "insert" if i == start else "replace"
    parts = [("equal", 0, start, 0, start), (how, start, i, start, j), ("equal", i, len(one), j, len(other))]
    return [part for part in parts if part[1] < part[2] or part[0] == "insert"]


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Pieces with those put together that are marked alike."""
    text, marked, begun = "", False, False
    for piece in found:
        if begun and piece.marked == marked:
            text += piece.text
            continue
        if begun:
            yield Piece(text, marked)
        text, marked, begun = piece.text, piece.marked, True
    if begun:
        yield Piece(text, marked)


def _shown(part: str, *, spaces: bool = False) -> str:
    """The text as it can be seen; with `spaces`, blanks and ends of lines too, where they begin or end the part."""
    if not spaces:
        return "".join(map(visible, part.removesuffix("\n").expandtabs(4)))
    inner = part.strip()
    if not inner:
        return "".join(_SPACES.get(one) or visible(one) for one in part)
    start = part.index(inner)
    around = part[:start], part[start + len(inner) :]
    left, right = ("".join(_SPACES.get(one) or visible(one) for one in side) for side in around)
    return left + "".join("→" if one == "\t" else visible(one) for one in inner) + right


def _unseen(got: str, expected: str, same: int) -> str:
    """A sentence where the texts look alike at the first place at which they differ."""
    here, there = (side[max(0, same - 1) : same + 20] for side in (got, expected))
    if unicodedata.normalize("NFC", here)[:8] == unicodedata.normalize("NFC", there)[:8]:
        return (
            "They look alike, but an accent is one character in one and a character of its own in the other."
        )
    one, other = got[same : same + 1], expected[same : same + 1]
    if one and other and not (one + other).isascii() and _alike(one, other):
        return f"They look alike: yours has {_named(one)}, and should have {_named(other)}."
    return ""


def _alike(one: str, other: str) -> bool:
    if unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other):
        return True
    names = [unicodedata.name(character, "").split() for character in (one, other)]
    return all(name[1:2] in (["SMALL"], ["CAPITAL"]) for name in names) and names[0][0] != names[1][0]


def _named(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a character without a name').lower()})"
