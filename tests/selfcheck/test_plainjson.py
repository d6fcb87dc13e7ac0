"""Records from JSON with the standard library: what msgspec writes is read as msgspec reads it."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec
import pytest
from repository import REPOSITORY

from autograder.child.nodes import ManyData, PlainData, Tree, ValueData
from autograder.selfcheck import checkfile
from autograder.selfcheck.plainjson import reader


class Inner(msgspec.Struct, array_like=True):
    place: int
    pairs: list[tuple[str, int]] = []


class Outer(msgspec.Struct):
    kind: Literal["a", "b"]
    number: float
    data: bytes = b""
    inner: Inner | None = None
    named: dict[str, list[int]] = {}
    shape: tuple[int, ...] = ()


WHOLE = Outer("b", 2.0, b"\0\xff", Inner(3, [("x", 1)]), {"k": [1, 2]}, (4, 5))


@pytest.mark.parametrize("record", [WHOLE, Outer("a", 0.5)])
def test_what_msgspec_writes_is_read(record: Outer) -> None:
    assert reader(Outer)(json.loads(msgspec.json.encode(record))) == record


def test_values_are_told_apart_by_their_tag() -> None:
    value = Tree([ManyData("list", 2), PlainData(1), PlainData(None)])
    assert reader(ValueData)(json.loads(msgspec.json.encode(value))) == value


@pytest.mark.parametrize("unit", ["embeddings", "self-attention", "multi-head"])
def test_a_released_file_is_read_as_msgspec_reads_it(unit: str) -> None:
    path = REPOSITORY / "assignments" / unit / "checks.json"
    assert checkfile.read(path) == msgspec.json.decode(path.read_bytes(), type=checkfile.CheckFile)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Outer, {"kind": "c", "number": 1}),
        (Outer, {"kind": "a"}),
        (Outer, {"kind": "a", "number": "1"}),
        (Outer, {"kind": "a", "number": 1, "data": "!"}),
        (Outer, {"kind": "a", "number": 1, "inner": {}}),
        (Outer, []),
        (Inner, [1, [], 3]),
        (Inner, [1, [["x"]]]),
        (Inner, [True]),
        (ValueData, ["none", 1]),
        (ValueData, []),
        (ValueData, {}),
        (bool | None, 1),
    ],
)
def test_what_is_of_another_form_is_refused(kind: Any, data: object) -> None:
    with pytest.raises(
        ValueError, match=r"expected|more fields|a tag|needs|[Mm]issing|base64|[Pp]adding|[Nn]on"
    ):
        reader(kind)(data)


def test_a_kind_that_there_is_no_reader_of_is_told() -> None:
    with pytest.raises(TypeError, match="no reader"):
        reader(complex)
