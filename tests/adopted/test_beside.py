"""The files beside an assignment's notebooks, laid out for students' code."""

from __future__ import annotations

import stat
from pathlib import Path

import adopted_course

from autograder.adopted import intake
from autograder.adopted.beside import handed_out


def test_anybody_may_read_what_lies_beside_and_no_notebook_is_there(tmp_path: Path) -> None:
    source = adopted_course.course(tmp_path) / "source" / adopted_course.UNIT
    (source / "data").mkdir(0o700)
    (source / "data" / "numbers.csv").write_text("1,2\n")
    (source / "words.txt").chmod(0o600)
    with handed_out(intake.read(source)) as folder:
        found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*")}
        assert set(found) == {"words.txt", "helpers.py", "data", "data/numbers.csv"}
        for name, status in found.items():
            assert stat.S_IMODE(status.st_mode) == (0o755 if name == "data" else 0o644)
    assert not folder.exists()
