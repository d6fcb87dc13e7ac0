"""Work that no result stands for."""

from __future__ import annotations

from pathlib import Path

from autograder.gradebook import results, unplaced
from autograder.records import Unplaced

FOUND = (Unplaced("ada/x.ipynb", "why", "ada"), Unplaced("y.zip", "why", lost=True))


def test_what_was_kept_is_read_until_it_is_replaced(tmp_path: Path) -> None:
    assert unplaced.read(tmp_path, "unit") == ()
    unplaced.keep(tmp_path, "unit", ())
    assert list(tmp_path.iterdir()) == [], "nothing is written where there is nothing to say"
    unplaced.keep(tmp_path, "unit", FOUND)
    assert unplaced.read(tmp_path, "unit") == FOUND
    assert results.students(tmp_path, "unit") == []
    unplaced.keep(tmp_path, "unit", ())
    assert unplaced.read(tmp_path, "unit") == ()


def test_what_cannot_be_read_is_nothing(tmp_path: Path) -> None:
    place = unplaced.place(tmp_path, "unit")
    place.parent.mkdir(parents=True)
    for content in (b"{", b"[1]", b"\xff"):
        place.write_bytes(content)
        assert unplaced.read(tmp_path, "unit") == ()
