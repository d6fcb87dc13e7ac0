"""What is kept of downloads."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.gradebook import imported
from autograder.gradebook.imported import Downloaded, Taken, Unmatched

TAKEN = Taken("canvas", "x_1_2_", "d" * 64, late=True, number=2)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert imported.read(tmp_path, "u") == Downloaded()
    kept = Downloaded({"Zoë": TAKEN}, (Unmatched("<x>", "why", "x-1"),))
    imported.write(tmp_path, "u", kept)
    assert imported.read(tmp_path, "u") == kept


@pytest.mark.parametrize("text", ["{", '{"students": {"ada": {"kind": 3}}}', "\xff"])
def test_what_is_not_as_it_should_be_is_said(tmp_path: Path, text: str) -> None:
    file = imported.place(tmp_path, "u") / "downloaded.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(CourseError, match=r"downloaded.json: not what `autograder import` writes"):
        imported.read(tmp_path, "u")
    file.unlink()
    file.mkdir()
    with pytest.raises(CourseError, match=r"downloaded.json: cannot be read"):
        imported.read(tmp_path, "u")


def test_all_places_of_a_student_are_known(tmp_path: Path) -> None:
    for unit in ("u", "v"):
        imported.attempts(tmp_path, unit, "Zoë").mkdir(parents=True)
    imported.attempts(tmp_path, "u", "bo").mkdir()
    imported.write(tmp_path, "u", Downloaded({"Zoë": TAKEN}))
    imported.write(tmp_path, "v", Downloaded())
    assert imported.places(tmp_path, "Zoë") == [
        imported.attempts(tmp_path, unit, "Zoë") for unit in ("u", "v")
    ]
    assert imported.units(tmp_path, "Zoë") == {"u": TAKEN}
    assert imported.places(tmp_path, "*") == []
