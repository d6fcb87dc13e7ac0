"""What crosses the pipe: whatever comes from the other side, it is a message of ours or a WireError."""

from __future__ import annotations

import os
import re
import resource
import threading
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_values import plain_values

from autograder.child import messages, nodes, packing, spoken, unpacking, wire
from autograder.child.nodes import WireError

encode = msgspec.msgpack.encode

short = st.text(max_size=20)
values = st.one_of(plain_values().map(packing.pack), short.map(nodes.OtherData))
cells = st.integers(0, 1000)
any_message = st.one_of(
    st.just(messages.Locked()),
    cells.map(messages.Running),
    st.builds(messages.CellFailed, cells, short, short),
    st.builds(messages.Ready, st.booleans(), st.none() | cells, cells, st.lists(short), st.lists(short)),
    st.builds(messages.Ask, short, st.lists(values, max_size=3)),
    st.builds(messages.Result, st.integers(0, 2**32 - 1), values, st.lists(values, max_size=3)),
    st.builds(messages.Failure, st.integers(0, 2**32 - 1), short, short, st.none() | cells),
    st.builds(spoken.CellRan, cells, st.lists(short), short, short, short, short),
    st.builds(spoken.Done, cells, values | st.builds(nodes.HandleData, cells, st.just("object"), short)),
    st.builds(spoken.Failed, cells, short, short, st.none() | cells, st.none() | cells),
    st.builds(
        spoken.CallBack, cells, st.lists(values, max_size=3), st.dictionaries(short, values, max_size=2)
    ),
)


def decoded(message: spoken.ToParent) -> spoken.ToParent:
    whole = wire.frame(message)
    assert wire.body_length(whole[:4]) == len(whole) - 4
    return wire.decode_to_parent(whole[4:])


# --------------------------------------------------------------------------------------------- round trips


@given(any_message)
def test_a_message_survives(message: spoken.ToParent) -> None:
    assert decoded(message) == message


def test_a_message_too_large_for_a_frame() -> None:
    with pytest.raises(WireError, match="larger than a frame"):
        wire.frame(messages.CellFailed(0, "", "x" * (wire.MAX_FRAME + 1)))


# ------------------------------------------------------------------------------------------ hostile frames

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | short
    | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(short, inner, max_size=3),
    max_leaves=20,
)
tags = st.sampled_from(
    ["locked", "running", "cell-failed", "ready", "ask", "result", "failure", "array", "tree", "zz"]
)


def taken(body: bytes) -> None:
    """Whatever the bytes: a message, its values unpacked too, or a WireError; nothing else, and no huge memory."""
    try:
        message = wire.decode_to_parent(body)
        found = [*getattr(message, "args", []), *getattr(message, "args_after", [])]
        found += [message.value] if isinstance(message, messages.Result) else []
        for data in found:
            unpacking.unpack_value(data)
    except WireError:
        return


@given(st.binary(max_size=200))
def test_noise(body: bytes) -> None:
    taken(body)


@given(junk)
def test_messagepack_of_anything(value: Any) -> None:
    taken(encode(value))


@given(tags, st.lists(junk, max_size=5))
def test_a_known_tag_with_anything(tag: str, fields: list[Any]) -> None:
    taken(encode([tag, *fields]))


@given(any_message, st.data())
@settings(max_examples=200)
def test_a_fair_message_with_bytes_changed(message: spoken.ToParent, data: st.DataObject) -> None:
    body = bytearray(wire.frame(message)[4:])
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    taken(bytes(body[: data.draw(st.integers(0, len(body)))]))


@pytest.mark.parametrize(
    "body",
    [
        encode(["ready", True, None, 1, ["x"] * 51, []]),
        encode(["ready", True, -1, 1, [], []]),
        encode(["ready", True, None, 10**9, [], []]),
        encode(["failure", 1, "x" * 501, "", None]),
        encode(["failure", 1, "", "", -4]),
        encode(["ask", "softmax", [["other", ""]] * 65]),
        encode({"type": "locked"}),
        encode(["locked", "more"]),
        encode(["program", [], "softmax", []]),
        encode(["calls", []]),
        b"",
        b"\x91" * 100_000,
        b"\xdd\xff\xff\xff\xff" * 3,
        b"\xc1",
        encode(["running", 1]) + b"\x00",
    ],
    ids=range(15),
)
def test_messages_that_are_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode_to_parent(body)


def test_a_frame_is_refused_by_its_length() -> None:
    with pytest.raises(WireError, match="bytes was announced"):
        wire.body_length(b"\xff\xff\xff\xff")


def test_no_refusal_quotes_the_child() -> None:
    """What it says it has seen could be a hidden input, and a report tells why a child ended."""
    bad: list[Callable[[], Any]] = [
        lambda: wire.body_length(b"\xff\xff\xff\x7f"),
        lambda: wire.decode_to_parent(encode(["secret", "secret"])),
        lambda: unpacking.unpack_array(nodes.ArrayData("secret", (1,), b"")),
    ]
    for refused in bad:
        with pytest.raises(WireError) as error:
            refused()
        assert not re.search(r"secret|2147483647", str(error.value))


def test_small_frames_cannot_grow_large_in_memory() -> None:
    """Millions of one-byte entries fit a frame; they are refused before a list of them is made."""
    entries = wire.MAX_FRAME // 2
    bodies = [
        encode(["ready", True, None, 1]).replace(b"\x94", b"\x96", 1) + b"\xdd" + entries.to_bytes(4, "big"),
        encode(["result", 1]).replace(b"\x92", b"\x94", 1)
        + encode(["array", "<f8"]).replace(b"\x92", b"\x94", 1)
        + b"\xdd"
        + entries.to_bytes(4, "big"),
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for body in bodies:
        with pytest.raises(WireError):
            wire.decode_to_parent(body + b"\xa0" * entries)
        with pytest.raises(WireError):
            wire.decode_to_parent(body + b"\x01" * entries)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


# --------------------------------------------------------------------------------------- text, ids, pipes


@given(st.text(st.characters()))
def test_clipped_text_is_short_and_can_be_encoded(text: str) -> None:
    clipped = messages.clip(text)
    assert len(clipped) <= nodes.MAX_TEXT + 1
    clipped.encode()


def test_long_text_is_cut_in_the_middle() -> None:
    clipped = messages.clip("a" * 400 + "b" * 400)
    assert clipped.startswith("aaa")
    assert clipped.endswith("bbb")
    assert " … " in clipped
    decoded(messages.CellFailed(0, clipped, clipped))


def test_text_whose_methods_are_hostile() -> None:
    class Rude:
        def __str__(self) -> str:
            raise SystemExit

    class Sly(str):
        def __len__(self) -> int:
            return 0

        def encode(self, *_: Any) -> bytes:
            return b"\xff"

    assert messages.clip(Rude()) == "(its text could not be read)"
    assert messages.clip(ValueError("\ud800")) == "?"
    assert len(messages.clip(Sly("x" * 1000))) <= nodes.MAX_TEXT


def test_ids_cannot_be_guessed() -> None:
    ids = messages.random_ids(1000)
    assert len(set(ids)) > 990
    assert all(0 <= number < 2**32 for number in ids)


def test_messages_over_a_pipe_larger_than_the_pipe() -> None:
    reading, writing = os.pipe()
    message = messages.Result(7, packing.pack(np.zeros(10**6)), [])
    sender = threading.Thread(target=wire.write_message, args=(writing, message))
    sender.start()
    with os.fdopen(reading, "rb") as pipe:
        body = pipe.read(wire.body_length(pipe.read(4)))
    sender.join()
    os.close(writing)
    assert wire.decode_to_parent(body) == message


def test_a_child_reads_calls_and_then_the_end() -> None:
    reading, writing = os.pipe()
    calls = messages.Calls([messages.Call(1, 2, [packing.pack(np.ones(2)), packing.pack(["a"])])], ["x"])
    os.write(writing, wire.frame(calls))
    os.close(writing)
    assert wire.read_message(reading) == calls
    with pytest.raises(EOFError):
        wire.read_message(reading)
    os.close(reading)


def test_array_data_is_what_the_docs_say() -> None:
    data = packing.pack(np.array([[1.5, 2.5]]))
    assert data == nodes.ArrayData("<f8", (1, 2), np.array([1.5, 2.5]).tobytes())
