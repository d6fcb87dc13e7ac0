"""Submissions that arrive while the command watches: its process, its file system, its signals, all real."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.gradebook import results
from autograder.grading import arrivals
from autograder.records import Course

Put = Callable[..., Path]
WRONG = {"one_hot": "def one_hot(tokens, vocabulary):\n    return np.zeros((len(tokens), len(vocabulary)))"}
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "embeddings", "--watch"]


class Watching:
    """A running `autograder grade embeddings --watch`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            COMMAND, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_for(self, what: Callable[[], bool], seconds: float = 30.0) -> float:
        """How long it took."""
        begin = time.monotonic()
        while not what():
            assert time.monotonic() - begin < seconds, "".join(self.lines)
            assert self.process.poll() is None, "".join(self.lines)
            time.sleep(0.02)
        return time.monotonic() - begin

    def said(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def score(self, student: str) -> float | None:
        result = results.read(results.path(self.folder, "embeddings", student))
        return None if result is None else result.score

    def page(self, student: str) -> Path:
        return self.folder / "feedback" / student / "embeddings" / "embeddings.html"

    def end(self, number: signal.Signals = signal.SIGINT) -> str:
        self.process.send_signal(number)
        self.process.wait(20)
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return "".join(self.lines)


@pytest.fixture
def watching(course_folder: Path, put: Put, request: pytest.FixtureRequest) -> Iterator[Watching]:
    """`autograder grade --watch` at work; the parameter is how many seconds a submission may take."""
    limits = course_folder / "course.toml"
    seconds = getattr(request, "param", 2.0)
    limits.write_text(limits.read_text().replace("cpu_seconds = 2.0", f"cpu_seconds = {seconds}"))
    put("ada")
    running = Watching(course_folder)
    try:
        running.wait_for(lambda: running.said("watching submitted"), 60)
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGKILL)


def test_what_arrives_is_graded_and_its_page_written_at_once(watching: Watching, put: Put) -> None:
    put("bob")
    watching.wait_for(lambda: watching.page("bob").exists())
    before = watching.page("bob").read_bytes()
    put("bob", functions=WRONG)
    watching.wait_for(lambda: watching.page("bob").read_bytes() != before)
    assert watching.score("bob") == 3.0
    assert "bob: 6 of 6" in "".join(watching.lines)
    class_page = watching.folder / "report" / "embeddings.html"
    watching.wait_for(lambda: "bob" in class_page.read_text())
    watching.wait_for(lambda: not (watching.folder / "results" / "embeddings" / ".being-written").exists())
    assert "stopped watching" in watching.end()
    assert watching.process.returncode == 0


def test_a_burst_is_graded_whole(watching: Watching, put: Put) -> None:
    names = [f"s{number:02}" for number in range(25)]
    for name in names:
        put(name)
    watching.wait_for(lambda: all(watching.score(name) == 6.0 for name in names))


def test_half_a_file_is_waited_for(watching: Watching, put: Put) -> None:
    path = put("eve")
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    time.sleep(1.0)
    with open(path, "ab") as file:
        file.write(whole[1000:])
    watching.wait_for(lambda: watching.score("eve") == 6.0)
    assert not watching.said("unreadable")


def test_half_a_file_that_stays_one_is_told(watching: Watching, put: Put) -> None:
    path = put("eve")
    path.write_bytes(path.read_bytes()[:1000])
    took = watching.wait_for(lambda: watching.score("eve") == 0.0)
    assert took > arrivals.PATIENCE - 0.5
    assert watching.said("unreadable")


@pytest.mark.parametrize("watching", [60.0], indirect=True)
def test_a_hanging_submission_holds_nobody_up(watching: Watching, put: Put) -> None:
    put("eve", functions={"one_hot": "def one_hot(tokens, vocabulary):\n    while True: pass"})
    time.sleep(0.7)
    put("zoe")
    watching.wait_for(lambda: watching.score("zoe") == 6.0)
    assert watching.score("eve") is None


@pytest.mark.parametrize("watching", [60.0], indirect=True)
def test_the_end_waits_for_no_hanging_submission(watching: Watching, put: Put) -> None:
    put("bob")
    watching.wait_for(lambda: watching.score("bob") == 6.0)
    put("kim", functions={"one_hot": "def one_hot(tokens, vocabulary):\n    while True: pass"})
    time.sleep(0.7)
    watching.end(signal.SIGTERM)  # and not a minute later
    assert watching.process.returncode == 0
    assert watching.score("bob") == 6.0
    assert watching.score("kim") is None
    # And the next run goes on where this one was stopped.
    put("kim")
    again = Watching(watching.folder)
    again.wait_for(lambda: again.score("kim") == 6.0)
    again.end()


def test_who_hands_in_again_while_being_graded_is_graded_again(watching: Watching, put: Put) -> None:
    put("kim", functions={"one_hot": "def one_hot(tokens, vocabulary):\n    while True: pass"})
    time.sleep(0.7)
    put("kim")
    watching.wait_for(lambda: watching.score("kim") == 6.0)
    assert watching.said("kim: 3 of 6")


def test_watching_and_writing_nothing_do_not_go_together(course_folder: Path) -> None:
    done = subprocess.run([*COMMAND, "--dry-run"], cwd=course_folder, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--watch and --dry-run" in done.stderr


# --------------------------------------------------------------------------------------------- what is told


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    (tmp_path / "ada" / "embeddings").mkdir(parents=True)
    (tmp_path / ".sync").mkdir()
    return tmp_path


NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def first(told: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    """The next students that are told, within ten seconds or so."""
    return next(students for students in itertools.islice(told, 100) if students)


@pytest.mark.parametrize("poll", [False, True], ids=["told by the system", "looking again and again"])
def test_everyone_first_then_who_changed(submitted: Path, own_course: Course, poll: bool) -> None:
    (submitted / "ada" / "embeddings" / "embeddings.ipynb").write_text(NOTEBOOK)
    told = arrivals.watch(submitted, own_course.unit("embeddings"), poll=poll)
    assert first(told) == ("ada",)
    (submitted / ".sync" / "x").touch()
    for name in ("ada", "bob"):
        (submitted / name / "embeddings").mkdir(parents=True, exist_ok=True)
        (submitted / name / "embeddings" / "embeddings.ipynb").write_text(NOTEBOOK)
    seen = set(first(told))
    while len(seen) < 2:
        seen |= set(first(told))
    assert seen == {"ada", "bob"}
    for _ in range(5):
        assert next(told) == ()


def test_what_changes_right_after_it_was_told_is_told_again(submitted: Path, own_course: Course) -> None:
    """Looking again and again shows no second change within one second of the clock."""
    notebook = submitted / "ada" / "embeddings" / "embeddings.ipynb"
    told = arrivals.watch(submitted, own_course.unit("embeddings"), poll=True)
    next(told)
    time.sleep(1.02 - time.time() % 1)  # early in a second, of which much is left
    notebook.write_text(NOTEBOOK)
    second = int(notebook.stat().st_mtime)
    assert first(told) == ("ada",)
    notebook.write_text(NOTEBOOK)
    assert int(notebook.stat().st_mtime) > second
    assert ("ada",) in itertools.islice(told, 60)  # six seconds


def test_where_the_system_tells_of_no_more_folders_they_are_looked_at(
    submitted: Path, own_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = arrivals.watchfiles.watch

    def limited(*paths: Path, force_polling: bool, **options: object) -> object:
        if not force_polling:
            raise OSError(28, "OS file watch limit reached")
        return real(*paths, force_polling=True, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals.watchfiles, "watch", limited)
    (submitted / "ada" / "embeddings" / "embeddings.ipynb").write_text(NOTEBOOK)
    assert first(arrivals.watch(submitted, own_course.unit("embeddings"))) == ("ada",)


def test_a_folder_that_cannot_be_watched_is_an_error(tmp_path: Path, own_course: Course) -> None:
    with pytest.raises(OSError, match="No such file"):
        next(arrivals.watch(tmp_path / "nowhere", own_course.unit("embeddings"), poll=True))


def test_file_systems_of_other_machines_are_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert not arrivals.is_remote(tmp_path)
    mounts = (
        f"/dev/sda / ext4 rw 0 0\nserver:/home {str(tmp_path).replace('p', chr(92) + '160')} nfs4 rw 0 0\n"
    )
    monkeypatch.setattr(Path, "read_text", lambda *_: mounts)
    assert arrivals.is_remote(tmp_path / "submitted")
    assert not arrivals.is_remote(Path("/etc"))


def test_a_system_that_does_not_say_is_taken_for_local(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(*_: object) -> str:
        raise FileNotFoundError(os.devnull)

    monkeypatch.setattr(Path, "read_text", missing)
    assert not arrivals.is_remote(tmp_path)
