"""Text files that people wrote, in whatever encoding their editor or spreadsheet chose: read where that is certain."""

from __future__ import annotations

import codecs
from typing import Final

_MARKS: Final = (  # of byte order; that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BESIDE: Final = 20  # bytes that are shown on either side of one that cannot be read


class UndecodedError(ValueError):
    """Text in no encoding that is certain; the message says where, `hint` what stands there if it is another."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def utf8(raw: bytes) -> str:
    """The text of a file that must be UTF-8, with a byte-order mark or without; UndecodedError where it is not."""
    body = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        looks = " (it begins as UTF-16)" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""
        hint = looks or _as_windows(body, error.start)
        raise UndecodedError(f"not UTF-8 text (byte {len(raw) - len(body) + error.start})", hint) from None


def decoded(raw: bytes) -> str:
    """The text of a file, with a byte-order mark of any kind or without one; UndecodedError where it is not certain."""
    mark, encoding = next((one for one in _MARKS if raw.startswith(one[0])), (b"", "utf-8"))
    if (
        not mark and len(raw) > 1 and (raw[0] == 0) != (raw[1] == 0)
    ):  # no text begins so but UTF-16 without its mark
        encoding = "utf-16-be" if raw[0] == 0 else "utf-16-le"
    if encoding == "utf-8":
        return utf8(raw)
    try:
        return raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        raise UndecodedError(f"not {encoding.upper()} text, as which it begins") from None


def _as_windows(body: bytes, at: int) -> str:
    """What stands at a byte that is no UTF-8 if the text is what Windows writes in Western Europe."""
    start, end = body.rfind(b"\n", 0, at) + 1, body.find(b"\n", at)
    around = body[max(start, at - _BESIDE) : min(len(body) if end < 0 else end, at + _BESIDE)].strip()
    line = body.count(b"\n", 0, at) + 1
    shown = "".join(sign if sign.isprintable() else "�" for sign in around.decode("cp1252", "replace"))
    return f" (line {line} has “{shown}” if it is Windows-1252)"
