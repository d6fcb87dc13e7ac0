"""nbgrader's receipts."""

from __future__ import annotations

from pathlib import Path

from autograder.gradebook import autograded, receipts


def test_receipts_travel_along(tmp_path: Path) -> None:
    handed_in = tmp_path / "submitted" / "x.ipynb"
    handed_in.parent.mkdir()
    (handed_in.parent / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
    (handed_in.parent / "submission_secret.txt").write_text("s3cret")
    target = tmp_path / "autograded" / "ada" / "x.ipynb"
    autograded.write(target, {}, handed_in)
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "submission_secret.txt",
        "timestamp.txt",
        "x.ipynb",
    ]
    (handed_in.parent / "submission_secret.txt").unlink()
    (handed_in.parent / "timestamp.txt").unlink()
    (handed_in.parent / "timestamp.txt").symlink_to("/etc/passwd")
    autograded.write(target, {}, handed_in)
    assert [path.name for path in target.parent.iterdir()] == ["x.ipynb"]
    (handed_in.parent / "submission_secret.txt").write_text("x" * 5000)
    assert receipts.read(handed_in.parent / "submission_secret.txt") is None
