"""JSON as Python's own parser, and so Jupyter, takes it, made strict: a byte-order mark, NaN, half of an emoji.

Text becomes text, and nothing of it is built: the outputs of a notebook may be hundreds of megabytes. As all patterns
that read what students wrote, these take linear time: what has been matched is never given back (`++`, `*+`).

Before 3.11.5, Python goes on after such a repetition from wherever its last round, the one that failed, had got
(https://github.com/python/cpython/issues/106052). An alternative at the end that matches nothing puts it back.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from autograder.errors import UnreadableError

_PART: Final = 2**20
_HIGH: Final = rb"\\u[dD][89abAB][0-9a-fA-F]{2}"
_LOW: Final = rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_NOTHING: Final = rb"|(?!)"
# Within a string: all but half of a surrogate pair.
_WHOLE: Final = rb"[^\"\\]++|\\[^u]|\\u(?![dD][89a-fA-F])|" + _HIGH + _LOW
_HALF: Final = _HIGH + rb"(?!" + _LOW + rb")|" + _LOW
_WHOLE_STRING: Final = rb"\"(?:" + _WHOLE + _NOTHING + rb")*+\""
_STRICT: Final = re.compile(rb"(?:[^\"NI-]++|-(?!I)|" + _WHOLE_STRING + _NOTHING + rb")++", re.DOTALL)
_BETWEEN_STRINGS: Final = re.compile(rb"[^\"]++")
_STRING: Final = re.compile(rb"\"(?:[^\"\\]++|\\." + _NOTHING + rb")*+\"", re.DOTALL)
_WITH_HALVES: Final = re.compile(
    rb"((?:" + _WHOLE + rb"|\"" + _NOTHING + rb")*+)((?:" + _HALF + _NOTHING + rb")*+)", re.DOTALL
)


def strict(raw: bytes) -> bytes:
    """The same JSON with `null` for NaN and infinities and `?` for half a surrogate pair, without a byte-order mark.

    What is no JSON is left for a parser to say. Raises UnreadableError for what is no UTF-8.
    """
    _refuse_other_text(raw)
    made, at = bytearray(), len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    while at < len(raw):
        if (found := _STRICT.match(raw, at)) is not None:
            made += found[0]
        elif (found := _BETWEEN_STRINGS.match(raw, at)) is not None:
            made += _without_constants(found[0])
        elif (found := _STRING.match(raw, at)) is not None:
            made += _without_halves(found[0])
        else:  # no JSON
            made += raw[at:]
            break
        at = found.end()
    return bytes(made)


def _without_constants(constants: bytes) -> bytes:
    for constant in (b"-Infinity", b"Infinity", b"NaN"):
        constants = constants.replace(constant, b"null")
    return constants


def _without_halves(string: bytes) -> bytes:
    made, at = bytearray(), 0
    while (found := _WITH_HALVES.match(string, at)) is not None and found[0]:
        made += found[1]
        made += b"?" * (len(found[2]) // len(rb"\ud800"))
        at = found.end()
    return bytes(made) + string[at:]  # which is nothing, or no JSON


def _refuse_other_text(raw: bytes) -> None:
    """In parts: as a whole, text can take four times its size."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(raw), _PART):
            decoder.decode(raw[start : start + _PART])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise UnreadableError("it is not UTF-8 text") from None
