"""A gradebook that is gone, as whoever runs the course meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import times
from autograder.cli import app
from autograder.gradebook import copies, handwork

Put = Callable[..., Path]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        app.main(list(arguments))
    except SystemExit as ended:
        code = int(ended.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def marked(graded: Path) -> Path:
    """A course in which ada was graded, and a person gave a mark and wrote a comment; one run later."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        book.find_grade("check-one_hot", "embeddings", "embeddings", "ada").manual_score = 2.5
        book.find_comment("one_hot", "embeddings", "embeddings", "ada").manual_comment = "Neat."
        book.db.commit()
    with pytest.raises(SystemExit):  # nothing is graded, but what was given is copied
        app.main(["grade", "embeddings"])
    return graded


@pytest.mark.slow
def test_a_gradebook_that_is_gone_stops_the_run_and_is_put_back(
    marked: Path, put: Put, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    (marked / "gradebook.db").unlink()
    results = (marked / "results" / "embeddings" / "ada.json").read_bytes()
    put("bob")
    copy = copies.best(marked / "gradebook.db")
    assert copy is not None
    told = (
        f"gradebook.db is not there, and gradebook-backups/{copy.path.name} beside it holds 1 mark, 1 comment and "
        "0 extensions given by hand: `autograder restore` puts that back"
    )
    for command in (("grade", "embeddings"), ("export", "csv")):
        code, _, err = call(capsys, *command)
        assert (code, err.count("\n")) == (1, 1)
        assert told in err
    assert not (marked / "gradebook.db").exists()
    assert not (marked / "results" / "embeddings" / "bob.json").exists()

    code, out, err = call(capsys, "grade", "embeddings", "--dry-run", "--jobs", "1")
    assert (code, "graded now: 1" in out, told in err) == (0, True, True)

    code, out, _ = call(capsys, "restore", "--dry-run")
    assert code == 0
    made = times.said(copies.made(copy.path))
    assert f"{copy.path.name}  {made}  1 mark, 1 comment and 0 extensions given by hand\n" in out
    assert f"would be put back: {copy.path.name}\nnothing was written (--dry-run)\n" in out
    assert not (marked / "gradebook.db").exists()

    code, out, _ = call(capsys, "restore")
    assert code == 0
    assert f"gradebook.db is {copy.path.name} again, with 1 mark, 1 comment and 0 extensions" in out
    assert "what was graded since is entered by: autograder grade embeddings\n" in out
    assert call(capsys, "grade", "embeddings", "--jobs", "1")[0] == 0
    assert handwork.read(marked / "gradebook.db") == copy.given
    assert (marked / "results" / "embeddings" / "ada.json").read_bytes() == results
    assert "embeddings,bob" in read_export(capsys, marked)


def read_export(capsys: pytest.CaptureFixture[str], folder: Path) -> str:
    assert call(capsys, "export", "csv")[0] == 0
    return (folder / "exports" / "csv.csv").read_text()


def test_what_the_gradebook_has_and_the_copy_lacks_is_told(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nbgrader.api import Gradebook

    (first, *_), _ = copies.every(marked / "gradebook.db"), capsys.readouterr()
    with Gradebook(f"sqlite:///{marked / 'gradebook.db'}") as book:
        book.find_comment("project_qkv", "embeddings", "embeddings", "ada").manual_comment = "Neat, too."
        book.db.commit()
    code, out, _ = call(capsys, "restore", first.name, "--dry-run")
    assert (code, "as it is now has 0 marks, 1 comment and 0 extensions that this copy lacks" in out) == (
        0,
        True,
    )
    code, out, _ = call(capsys, "restore", first.name)
    assert code == 0
    assert "holds 0 marks, 1 comment and 0 extensions that this copy lacks" in out
    code, _, err = call(capsys, "restore", "none.db")
    assert (code, err.count("\n")) == (2, 1)
    (first.parent / "gradebook-0.db").write_text("none")
    assert " UTC  cannot be read\n" in call(capsys, "restore", "--dry-run")[1]


def test_a_gradebook_without_anything_by_hand_is_made_again_and_told(
    graded: Path, put: Put, capsys: pytest.CaptureFixture[str]
) -> None:
    put("bob")
    call(capsys, "grade", "embeddings", "--jobs", "1")
    (graded / "gradebook.db").unlink()
    code, _, err = call(capsys, "grade", "embeddings")
    assert code == 0
    assert "gradebook.db is not there and is made again from the results; in none of the copies in" in err
    assert "embeddings,ada" in read_export(capsys, graded)
