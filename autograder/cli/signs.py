"""Signs that a stream cannot carry, in those that it can: what Windows writes into a file is cp1252."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from typing import Final

_HANDLER: Final = "autograder-nearest-sign"
_PLAIN: Final = {
    "✓": "ok", "✗": "x", "·": ".", "…": "...", "→": "->", "▸": ">",
    "−": "-", "×": "x", "√": "sqrt ", "∞": "inf", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∑": "sum ",
    "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-",
    "─": "-", "━": "-", "╸": "-", "╺": "-", "│": "|", "┃": "|",
}  # fmt: skip


def carry_any_text() -> None:
    """Lets both streams write every text, whatever their encoding: unknown signs by the nearest, the rest as `?`."""
    codecs.register_error(_HANDLER, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_sign, error.object[error.start : error.end])), error.end


def _sign(character: str) -> str:
    """The nearest in ASCII: a letter without its accent, a small figure as an ordinary one."""
    if character in _PLAIN:
        return _PLAIN[character]
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if part.isascii()) or "?"
