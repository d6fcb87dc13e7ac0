"""What a notebook writes is kept in memory and found again there, and what lies on the disk stays as it is."""

from __future__ import annotations

import csv
import glob
import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas
import pytest

from autograder.child import scratch


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_text("real")
    (tmp_path / "data").mkdir()
    with scratch.scratch():
        yield tmp_path
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "words.txt"]
    assert (tmp_path / "words.txt").read_text() == "real"


def read(path: str) -> str:
    with open(path) as file:
        return file.read()


def test_what_is_written_is_read(folder: Path) -> None:
    with open("out.txt", "w") as file:
        file.write("one\n")
    with open("out.txt", "a") as file:
        assert file.write("two\n") == 4
    assert read("out.txt") == "one\ntwo\n"
    with open("out.txt", "r+") as file:
        file.write("ONE")
        file.seek(0)
        assert file.readlines() == ["ONE\n", "two\n"]
        file.truncate(3)
    assert read("out.txt") == "ONE"
    with open("words.txt", "a") as file:
        file.write(" and more")
    assert read("words.txt") == "real and more"
    with open("x", "xb", buffering=0) as raw:
        raw.seek(3)
        raw.write(b"ab")
        raw.truncate(4)
        assert (raw.seek(0, 1), raw.tell()) == (5, 5)
    with open("x", "rb") as binary:
        assert binary.read() == b"\0\0\0a"


def test_by_libraries(folder: Path) -> None:
    pandas.DataFrame({"a": [1, 2]}).to_csv("table.csv", index=False)
    assert pandas.read_csv("table.csv")["a"].tolist() == [1, 2]
    np.savetxt("numbers.txt", np.eye(2))
    assert np.loadtxt("numbers.txt").tolist() == [[1, 0], [0, 1]]
    np.savez("numbers.npz", x=np.eye(1))
    with np.load("numbers.npz") as loaded:
        assert loaded["x"].tolist() == [[1]]
    with gzip.open("words.gz", "wt") as file:
        file.write("zip")
    with gzip.open("words.gz", "rt") as file:
        assert file.read() == "zip"
    with open("rows.csv", "w", newline="") as rows:
        csv.writer(rows).writerow([1, 2])
    Path("path.txt").write_text("é", encoding="utf-8")
    assert Path("path.txt").read_text(encoding="utf-8") == "é"
    assert (Path("path.txt").exists(), os.path.getsize("path.txt")) == (True, 2)


def test_files_and_folders_come_and_go(folder: Path) -> None:
    os.makedirs("new/inner")
    Path("new/inner/a").write_text("1")
    assert (os.listdir("new"), os.path.isdir("new"), os.listdir("new/inner")) == (["inner"], True, ["a"])
    os.rename("new/inner/a", "b")
    assert (read("b"), os.path.exists("new/inner/a")) == ("1", False)
    os.remove("words.txt")
    assert sorted(os.listdir()) == ["b", "data", "new"]
    for path in ("words.txt", "nowhere/a"):
        with pytest.raises(FileNotFoundError):
            open(path, "r+" if path == "words.txt" else "w").close()
        with pytest.raises(FileNotFoundError):
            os.stat(path)
        with pytest.raises(FileNotFoundError):
            os.remove(path)
        with pytest.raises(FileNotFoundError):
            os.replace(path, "c")
    with pytest.raises(FileNotFoundError):
        os.mkdir("nowhere/new")
    with pytest.raises(FileExistsError):
        os.mkdir("data")
    with pytest.raises(FileExistsError):
        open("b", "x").close()
    with pytest.raises(IsADirectoryError):
        open("data", "w").close()
    with pytest.raises(ValueError, match="invalid mode"):
        open("b", "wr").close()


def test_folders_are_gone_through(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        (Path(temporary) / "inner").mkdir()
        (Path(temporary) / "inner" / "a.csv").write_text("1")
        assert [path.name for path in Path(temporary).glob("**/*.csv")] == ["a.csv"]
        assert [(folders, files) for _, folders, files in os.walk(temporary)] == [
            (["inner"], []),
            ([], ["a.csv"]),
        ]
    Path("b.csv").write_text("")
    assert glob.glob("*.csv") == ["b.csv"]
    with os.scandir() as found:
        first = next(found)
        seen = {entry.name: entry for entry in [first, *found]}
    entry = seen["b.csv"]
    assert (entry.is_file(), entry.is_dir(), entry.is_symlink(), os.fspath(entry)) == (
        True,
        False,
        False,
        "./b.csv",
    )
    assert (seen["data"].is_dir(), entry.stat().st_size) == (True, 0)
    os.remove("b.csv")
    assert not entry.is_file()
    with os.scandir(b".") as real:
        assert b"data" in {one.name for one in real}


def test_as_much_as_there_is_room_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "MAX_BYTES", 10)
    monkeypatch.setattr(scratch, "MAX_FILES", 2)
    with open("a", "wb", buffering=0) as file:
        file.write(bytes(8))
        with pytest.raises(OSError, match="No space left"):
            file.write(bytes(8))
        with pytest.raises(OSError, match="No space left"):
            file.truncate(100)
        with pytest.raises(OSError, match="Invalid argument"):
            file.seek(-1)
        with pytest.raises(OSError, match="not readable"):
            file.read()
    with open("b", "w"), pytest.raises(OSError, match="No space left"):
        open("c", "w").close()
    with open("b", "rb", buffering=0) as read_only, pytest.raises(OSError, match="not writable"):
        read_only.write(b"a")


def test_open_files_by_their_number_are_python_s(folder: Path) -> None:
    reading, writing = os.pipe()
    with open(writing, "w") as file:
        file.write("through")
    with open(reading) as file:
        assert file.read() == "through"
