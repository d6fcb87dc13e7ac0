"""What was taken is kept beside the course, read as it was written, and damage is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.authoring import taken
from autograder.authoring.taken import Taken
from autograder.errors import CourseError

ONE = Taken(
    'The "first"',
    "git@example.org:course",
    "1a2b",
    b"listing",
    {"solutions/one/one.py": b"\0"},
    {".gitignore": b"/a\n", "nbgrader_config.py": b"c = 1\n"},
)


def test_it_is_read_as_it_was_written_and_replaced_whole(tmp_path: Path) -> None:
    assert taken.read(tmp_path) is None
    assert taken.source(tmp_path) == ""
    taken.write(tmp_path, ONE)
    assert taken.read(tmp_path) == ONE
    assert taken.source(tmp_path) == "git@example.org:course"
    assert not list(tmp_path.rglob(".gitignore"))  # which git would heed there
    taken.write(tmp_path, Taken("Second"))
    assert taken.read(tmp_path) == Taken("Second")
    assert [path.name for path in tmp_path.iterdir()] == [".taken"]


def test_what_was_there_stays_where_it_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken.write(tmp_path, ONE)
    real = os.rename

    def full(old: Path, new: Path) -> None:
        if old.name == "new":
            raise OSError(28, "No space left on device", str(new))
        real(old, new)

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="No space left"):
        taken.write(tmp_path, Taken("Second"))
    assert taken.read(tmp_path) == ONE


@pytest.mark.parametrize("content", [b"title = 1", b"[", b"\xff", None])
def test_damage_is_told(tmp_path: Path, content: bytes | None) -> None:
    taken.write(tmp_path, ONE)
    about = tmp_path / ".taken/taken.toml"
    about.unlink() if content is None else about.write_bytes(content)
    with pytest.raises(
        CourseError, match=r"\.taken is damaged .*: put it back as it was, as with `git checkout"
    ):
        taken.read(tmp_path)


@pytest.mark.parametrize(
    ("title", "name"),
    [("Attention, by hand!", "attention-by-hand"), ("Überblick", "berblick"), ("注意", "course")],
)
def test_what_nbgrader_calls_the_course(title: str, name: str) -> None:
    assert taken.course_id(title) == name
