"""What crosses the pipe between the trusted side and a child that runs student code.

Theory: a frame is four bytes of length and a MessagePack body, decoded by msgspec into one of the closed set of structs in
`messages.py` and `spoken.py` and into nothing else: no object is ever built from a name or a class that the other side
chose. A reader refuses a frame by its length before it allocates, and a list by its length before it reads it; the
values in a message are nodes (`nodes.py`). So all that a hostile child can send is a wrong answer.
"""

from __future__ import annotations

import os
import struct
from typing import Final

import msgspec

from autograder.child.nodes import WireError
from autograder.child.spoken import ToChild, ToParent

MAX_FRAME: Final = 32 * 2**20  # bytes; a fair result is far smaller
LENGTH: Final = struct.Struct("<I")

_encoder = msgspec.msgpack.Encoder()
_to_child: msgspec.msgpack.Decoder[ToChild] = msgspec.msgpack.Decoder(ToChild)
_to_parent: msgspec.msgpack.Decoder[ToParent] = msgspec.msgpack.Decoder(ToParent)


def frame(message: ToChild | ToParent) -> bytes:
    """The bytes of one message; WireError where it is larger than a frame may be."""
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME:
        raise WireError(f"a message of {len(body)} bytes is larger than a frame may be ({MAX_FRAME})")
    return LENGTH.pack(len(body)) + body


def body_length(header: bytes) -> int:
    """The length that a frame's first four bytes announce; WireError where it is too large."""
    length: int = LENGTH.unpack(header)[0]
    if length > MAX_FRAME:
        raise WireError(f"a frame of more than {MAX_FRAME} bytes was announced")
    return length


def decode_to_parent(body: bytes | bytearray) -> ToParent:
    """One message from a child; WireError where it is none."""
    try:
        return _to_parent.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise WireError("not a message") from None  # what it is instead may be a hidden input


def read_message(descriptor: int) -> ToChild:
    """One message from the trusted side, blocking; EOFError where it has closed the pipe."""
    return _to_child.decode(_read_exactly(descriptor, body_length(_read_exactly(descriptor, LENGTH.size))))


def write_message(descriptor: int, message: ToParent | ToChild) -> None:
    """Sends one message, blocking."""
    rest = memoryview(frame(message))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _read_exactly(descriptor: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 2**20))
        if not part:
            raise EOFError("the trusted side closed the pipe")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
