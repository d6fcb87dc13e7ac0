"""What nbgrader's own autograde is left to take in, and what it is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from entered import UNIT

from autograder.grading import strays

NOTEBOOK = f"{UNIT.name}.ipynb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A submission as the exchange collects it, with a file of data in a folder of its own."""
    folder = tmp_path / "submitted" / "ada" / UNIT.name
    (folder / "data").mkdir(parents=True)
    (folder / NOTEBOOK).write_text("{}")
    (folder / "data" / "words.txt").write_text("words")
    (folder / "timestamp.txt").write_text("2026-03-01 10:00:00.000000 UTC")
    (folder / "submission_secret.txt").write_text("a secret")
    return folder


@pytest.mark.parametrize(
    "receipt", ["2026-03-01 10:00:00.000000 UTC", "2026-03-01 10:00 Europe/Berlin", "", None]
)
def test_what_came_as_it_should_is_ordinary(folder: Path, receipt: str | None) -> None:
    (folder / "timestamp.txt").unlink()
    if receipt is not None:
        (folder / "timestamp.txt").write_text(receipt)
    assert strays.is_ordinary(folder, UNIT)


def moved(folder: Path) -> None:
    away = folder.parents[2] / "away"
    folder.parent.rename(away)
    folder.parent.symlink_to(away)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / NOTEBOOK).rename(folder / "mine.ipynb"),
        lambda folder: (folder / NOTEBOOK).rename(folder.parent / "x") and (folder / NOTEBOOK).mkdir(),
        lambda folder: (folder / "data" / "more").symlink_to(folder / "data"),
        lambda folder: (folder / "data" / "more.txt").symlink_to("/dev/null"),
        lambda folder: (folder / "none").symlink_to(folder / "nowhere"),
        lambda folder: os.mkfifo(folder / "data" / "pipe"),
        lambda folder: (folder / "timestamp.txt").write_text("yesterday"),
        lambda folder: (folder / "timestamp.txt").write_bytes(b"\xe4"),
        lambda folder: (folder / "timestamp.txt").write_text("2026-03-01 " * 1000),
        lambda folder: folder.rename(folder.parents[2] / "away") and folder.symlink_to(folder.parents[2] / "away"),
        moved,
    ],
)  # fmt: skip
def test_what_nbgrader_would_trip_over_or_follow_is_not(
    folder: Path, spoil: Callable[[Path], object]
) -> None:
    assert strays.is_ordinary(folder, UNIT)
    spoil(folder)
    assert not strays.is_ordinary(folder, UNIT)


def test_very_many_files_are_not_looked_through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strays, "_MOST", 4)
    assert strays.is_ordinary(folder, UNIT)
    (folder / "data" / "more.txt").touch()
    assert not strays.is_ordinary(folder, UNIT)
