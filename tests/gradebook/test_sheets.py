"""Tables as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from autograder.gradebook import sheets


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_no_text_starts_a_formula(start: str) -> None:
    (row,) = read(sheets.as_csv([[f"{start}1+1", "1-1"]]))
    assert row == [f"'{start}1+1", "1-1"]


def test_numbers_stay_numbers() -> None:
    assert read(sheets.as_csv([[-0.25, 0.1 + 0.2, 8.0, None, "-0.25"]])) == [
        ["-0.25", "0.3", "8", "", "'-0.25"]
    ]
