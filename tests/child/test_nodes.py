"""Values as data on the wire: whatever is sent, a value of the closed union comes of it or a WireError."""

from __future__ import annotations

import resource
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_values import plain_values, same

from autograder.child import nodes, packing, unpacking
from autograder.child.nodes import ValueData, WireError

encode = msgspec.msgpack.encode
decoder = msgspec.msgpack.Decoder(ValueData)
in_files = msgspec.json.Decoder(ValueData)


def sent(value: Any) -> Any:
    return unpacking.unpack_value(decoder.decode(encode(packing.pack(value))))


@given(plain_values())
def test_a_value_survives_with_its_types(value: Any) -> None:
    assert same(sent(value), value)


@given(plain_values())
def test_a_value_survives_in_a_file(value: Any) -> None:
    data = packing.pack(value)
    assert same(unpacking.unpack_value(in_files.decode(msgspec.json.encode(data))), value)


def tree(*inner: Any) -> list[Any]:
    return ["tree", list(inner)]


def many(kind: str, size: Any) -> list[Any]:
    return ["many", kind, size]


ARRAY = ["array", "<f8", [1], bytes(8)]


@pytest.mark.parametrize(
    "value",
    [
        ["array", "<f8", [2**62, 8], b""],
        ["array", "<f8", [2**20, 2**20, 0], b""],
        ["array", "<f8", [2**24, 0], b""],
        ["array", "<f8", [10**9], b""],
        ["array", "<f8", [0, 2**62], b""],
        ["array", "<f8", [-1], b""],
        ["array", "<f8", [-1, -8], bytes(64)],
        ["array", "<f8", [1] * 200, bytes(8)],
        ["array", "<f8", [2**63, 2], b""],
        ["array", "|O", [1], bytes(8)],
        ["array", "|V8", [1], bytes(8)],
        ["array", "object", [1], bytes(8)],
        ["array", "<f8,<f8", [1], bytes(16)],
        ["array", ">f8", [1], bytes(8)],
        ["array", "<f8", [2], bytes(15)],
        ["array", "<f8", [True], bytes(8)],
        ["array", "<f8", [1.0], bytes(8)],
        ["array", "<f8", "1", bytes(8)],
        ["array", "<f8", [1], bytes(8), "more"],
        ["array", "<U1", [1], (0x110000).to_bytes(4, "little")],
        ["array", "<U1", [1], (0xD800).to_bytes(4, "little")],
        ["array", "<U99999", [10**4], b""],
        ["array", "<M8[years]", [1], bytes(8)],
        ["scalar", "<f8", bytes(7)],
        ["scalar", "|O", bytes(8)],
        ["number", "int", "0x"],
        ["number", "int", "f" * 3501],
        ["number", "float", "one"],
        ["number", "complex", "1"],
        ["number", "complex", "1 2 3"],
        ["number", "pickle", "1"],
        ["code", "lambda: 1"],
        ["seeded", 1],
        ["other", "x" * 501],
        ["plain", [1]],
        ["plain", b"bytes"],
        ["pickle", b"cos\nsystem\n"],
        tree(),
        tree(ARRAY, ARRAY),
        tree(many("list", 1)),
        tree(many("list", 2), ARRAY),
        tree(many("list", 1), ARRAY, ARRAY),
        tree(many("list", -1)),
        tree(many("list", 10**9), ARRAY),
        tree(many("object", 0)),
        tree(many("list", 1), ["code", "lambda: 1"]),
        tree(many("set", 1), ARRAY),
        tree(many("set", 1), many("list", 0)),
        tree(many("set", 2), ["plain", 1], ["plain", 1]),
        tree(many("dict", 1), ["plain", 1]),
        tree(many("dict", 1), ARRAY, ["plain", 1]),
        tree(many("dict", 2), ["plain", 1], ["plain", 1], ["plain", True], ["plain", 1]),
        tree(*[many("list", 1)] * 60, ["plain", 1]),
        tree(["table", "DataFrame", 1, 0]),
        tree(["table", "DataFrame", 1, 0], ["plain", "a"], ARRAY),
        tree(["table", "DataFrame", 1, 0], ["column", "float64"], ["plain", "a"], ["plain", 1]),
        tree(
            ["table", "DataFrame", 1, 0],
            ["column", "float64"],
            ["plain", "a"],
            ["array", "<f8", [1, 1], bytes(8)],
        ),
        tree(["table", "Series", 0, 0]),
        tree(["table", "DataFrame", 10**9, 0]),
        tree(
            ["table", "DataFrame", 2, 0],
            *(["column", "float64"], ["plain", "a"], ARRAY),
            *(["column", "float64"], ["plain", "b"], ["array", "<f8", [2], bytes(16)]),
        ),
        ["column", "float64"],
        many("list", 0),
        tree(["column", "float64"], ["plain", "a"], ARRAY),
        tree(*[["plain", 1]] * 100_001),
    ],
    ids=lambda value: str(value)[:50],
)
def test_values_that_are_refused(value: Any) -> None:
    try:
        data = decoder.decode(encode(value))
    except msgspec.MsgspecError:
        return
    with pytest.raises(WireError):
        unpacking.unpack_value(data)


def test_keys_of_one_hash_are_refused_before_there_is_a_dictionary() -> None:
    """The time that a dictionary of them takes grows with the square of their number."""
    modulus = 2**61 - 1
    keys = [packing.pack(number * modulus) for number in range(20_000)]
    entries = [node for key in keys for node in (key, nodes.PlainData(None))]
    for kind, inner in (("dict", entries), ("set", keys)):
        with pytest.raises(WireError, match="the same"):
            unpacking.unpack_value(nodes.Tree([nodes.ManyData(kind, len(keys)), *inner]))  # type: ignore[arg-type, list-item]


def test_small_messages_cannot_grow_large_in_memory() -> None:
    body = encode(["tree"])[1:]
    start = b"\x92" + body + b"\xdd" + (16 * 2**20).to_bytes(4, "big")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(msgspec.MsgspecError):
        decoder.decode(start + encode(["plain", 1]) * (2**20))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


@pytest.mark.slow
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-5, 5)
        | st.text(max_size=4)
        | st.binary(max_size=9)
        | st.sampled_from(
            ["tree", "many", "list", "dict", "set", "table", "DataFrame", "column", "array", "<f8", "plain"]
        ),
        lambda inner: st.lists(inner, max_size=6),
        max_leaves=30,
    )
)
@settings(max_examples=300)
def test_whatever_is_sent(value: Any) -> None:
    try:
        unpacking.unpack_value(decoder.decode(encode(value)))
    except (msgspec.MsgspecError, WireError):
        return


def test_what_is_allowed_of_dtypes() -> None:
    assert all(map(nodes.is_allowed, ["<f8", "<U12", "|S1", "<M8[ns]", "<M8[25s]", "<m8", "|b1"]))
    assert not any(map(nodes.is_allowed, ["|O", ">f8", "<U", "<V8", "<M8[x]", "f8", "<f8,<f8", "<U123456"]))
    assert np.dtype("<M8[25s]").str == "<M8[25s]"
