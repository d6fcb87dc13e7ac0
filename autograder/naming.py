"""Names of people's folders: as text and back, and when two are one name.

A folder's name is bytes, of which not all are UTF-8: zips of older systems bring names in Latin-1. What keeps text
(JSON, a database, a page) gets one text for each name, and the name is found again from it.
"""

from __future__ import annotations

import difflib
import os
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 255  # bytes of a name, where the file system does not say
_MISTAKEN: Final = re.compile("=(?=[89A-F][0-9A-F]|3D)")  # what would be read as an escape and is none
_ESCAPED: Final = re.compile("=([89A-F][0-9A-F]|3D)")
_STRAY: Final = re.compile("[\udc80-\udcff]")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f]")
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 40  # of a name that are looked at
_OLD: Final = ("cp1252", "cp850", "cp437", "mac_roman")  # in which zips of older systems write names


def as_text(name: str) -> str:
    """A folder's name as text that is Unicode, different for every name: bytes that are no UTF-8 as `=F6`.

    A name that is UTF-8 is its own text, but for the rare one that holds such a sign itself, whose `=` becomes `=3D`.
    """
    text = _bytes(name).decode("utf-8", "surrogateescape")
    return _STRAY.sub(lambda stray: f"={ord(stray[0]) - 0xDC00:02X}", _MISTAKEN.sub("=3D", text))


def as_name(text: str) -> str:
    """The folder's name, as the system gives it, of which this is the text."""
    raw = _ESCAPED.sub(lambda sign: "=" if sign[1] == "3D" else chr(0xDC00 + int(sign[1], 16)), text)
    return os.fsdecode(raw.encode("utf-8", "surrogateescape"))


def is_one(name: str) -> bool:
    """Whether this is the name of one thing in a folder, and no way to another place."""
    return name not in ("", ".", "..") and "/" not in name and "\0" not in name


def is_id(name: str) -> bool:
    """Whether a student can be given this id: the name of a folder that is not hidden, with nothing unseen in it."""
    return is_one(name) and not name.startswith(".") and name == name.strip() and not _UNSEEN.search(name)


def as_folder(text: str) -> str:
    """The name of a folder that is called by this text, whatever encoding Python takes the system's names for."""
    return os.fsdecode(text.encode("utf-8", "surrogatepass"))


def size(name: str) -> int:
    """The bytes of a name, or of its text where that is longer: both become names of files."""
    return max(len(_bytes(name)), len(as_text(name).encode()))


def _bytes(name: str) -> bytes:
    """The bytes of a name as the system gives it; the same whatever encoding Python takes the system's names for."""
    try:
        return os.fsencode(name)
    except (
        UnicodeEncodeError
    ):  # text that never was a folder's name: a roster's, on a system that takes ASCII alone
        return name.encode("utf-8", "surrogatepass")


def composed(name: str) -> str:
    """A name as one text, whichever way its accents are written: as one character with the letter, or as two."""
    return unicodedata.normalize("NFC", as_text(name))


def readings(name: str) -> frozenset[str]:
    """What a name may be meant as, letter by letter: case, accents' spelling, spaces and old encodings do not count."""
    raw = _bytes(name)
    try:
        return frozenset((_folded(raw.decode("utf-8")),))
    except UnicodeDecodeError:
        return frozenset(_folded(raw.decode(encoding, "replace")) for encoding in _OLD)


def _folded(text: str) -> str:
    shown = "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"
    )
    return " ".join(unicodedata.normalize("NFKC", shown.casefold()).split())


def nearest(name: str, known: Iterable[str], close: float = 0.6) -> list[str]:
    """The one of the names that are known, as text, that comes closest to a name; none where none is so close, of 1."""
    spelt = {reading: as_text(one) for one in known for reading in readings(one)}
    for reading in readings(name):
        for found in difflib.get_close_matches(reading, spelt, n=1, cutoff=close):
            return [spelt[found]]
    return []


def words(name: str) -> list[str]:
    """The words and numbers of a name, in small letters: `Self_Attention (1)` has `self`, `attention` and `1`."""
    return _WORD.findall(composed(name).casefold())


def runs(name: str) -> frozenset[str]:
    """Every run of words of a name, written together: by which it is seen whether it says another name."""
    found = words(name)[:_MOST_WORDS]
    return frozenset(
        "".join(found[start:end]) for start in range(len(found)) for end in range(start + 1, len(found) + 1)
    )
