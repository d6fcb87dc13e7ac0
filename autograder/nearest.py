"""Signs that an encoding lacks, by the nearest that it has: what Windows writes into a file is cp1252."""

from __future__ import annotations

import codecs
import unicodedata
from typing import Final

HANDLER: Final = "autograder-nearest-sign"  # of errors, for streams
_PLAIN: Final = {
    "✓": "ok", "✗": "x", "·": ".", "…": "...", "→": "->", "▸": ">",
    "−": "-", "×": "x", "√": "sqrt ", "∞": "inf", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∑": "sum ",
    "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-",
    "─": "-", "━": "-", "╸": "-", "╺": "-", "│": "|", "┃": "|",
}  # fmt: skip


def carried(text: str, encoding: str | None) -> str:
    """The text as a stream of this encoding can write it; one that is not known is taken to write everything."""
    try:
        return text.encode(encoding or "utf-8", HANDLER).decode(encoding or "utf-8")
    except LookupError:
        return text


def nearest(error: UnicodeError) -> tuple[str, int]:
    """What stands for what an encoding lacks, as a handler of errors; any other error is raised."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_sign, error.object[error.start : error.end])), error.end


def _sign(character: str) -> str:
    """The nearest in ASCII: a letter without its accent, a small figure as an ordinary one."""
    if character in _PLAIN:
        return _PLAIN[character]
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if part.isascii()) or "?"


codecs.register_error(HANDLER, nearest)
