"""Messages between the exam process and the one that grades, over a pipe: what comes where another was due."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.adopted import slips, warm


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def test_who_has_gone_says_nothing_more(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    slips.write(writing, slips.Gone("crashed", "x"))
    os.write(writing, b"\0\0")
    os.close(writing)
    assert slips.to_exam(slips.read(reading)) == slips.Gone("crashed", "x")
    with pytest.raises(EOFError, match="the other side has gone"):
        slips.read(reading)


@pytest.mark.parametrize(
    ("begun", "told"), [(False, "no sitting was begun"), (True, "no cell was to be run")]
)
def test_a_sitting_is_begun_and_then_told_of_cells(
    begun: bool, told: str, pipe: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    reading, writing = pipe
    if begun:
        slips.write(writing, slips.Begin(str(tmp_path), None, 0, 100))
    slips.write(writing, slips.Gone("crashed", "x"))
    exams: Any = SimpleNamespace(Exam=lambda *_: None)
    try:
        with pytest.raises(EOFError, match=told):
            warm.serve(exams, None, reading, writing)
    finally:
        os.close(writing)
