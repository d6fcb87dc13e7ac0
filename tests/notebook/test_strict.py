"""JSON as Jupyter takes it, made strict without being built."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import UnreadableError
from autograder.notebook.strict import strict

PIECES = [
    "a",
    '"',
    "\\",
    "\\u",
    "NaN",
    "-Infinity",
    "\ud800",
    "\udc00",
    "\ud83d\ude00",
    "\U0001f600",
    "\n",
    "\u00e9",
    "[",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
VALUES: Any = st.recursive(
    st.sampled_from([float("nan"), float("inf"), float("-inf"), -1, 2.5, True, None]) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        (rb'"\ud800"', rb'"?"'),
        (rb'["a", "\udc00", "b"]', rb'["a", "?", "b"]'),
        (rb'"x\ud83dy \ude00\n"', rb'"x?y ?\n"'),
        (rb'"\ud83d\ud83d\ude00"', rb'"?\ud83d\ude00"'),
        (rb'{"\uD83D\uDE00": "\\\uDBFF"}', rb'{"\uD83D\uDE00": "\\?"}'),
    ],
)
def test_half_of_a_pair_is_mended_where_it_stands(raw: bytes, mended: bytes) -> None:
    """Also by the Python of Debian 12, 3.11.2, whose own possessive repetitions do not."""
    assert strict(raw) == mended


@given(VALUES, st.booleans())
def test_it_means_what_jupyter_reads(value: Any, mark: bool) -> None:
    raw = json.dumps(value).encode()
    read = json.dumps(json.loads(raw, parse_constant=lambda _: None), ensure_ascii=False)
    given = b"\xef\xbb\xbf" + raw if mark else raw
    assert msgspec.json.decode(strict(given)) == json.loads(read.encode("utf-8", "replace"))


@given(
    st.binary(max_size=60) | st.text(st.sampled_from('"\\uNaIn-[]{},:dDcC80 x'), max_size=60).map(str.encode)
)
def test_whatever_it_is_it_comes_to_an_end(raw: bytes) -> None:
    try:
        made = strict(raw)
    except UnreadableError:
        return
    assert len(made) <= 2 * len(raw) + 8


@pytest.mark.parametrize("raw", [b"\xff\xfe{\x00}\x00", b'{"a": "\xff"}', b'{"a": "\xc3'])
def test_other_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError, match="not UTF-8"):
        strict(raw)
