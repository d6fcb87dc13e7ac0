"""Submissions that arrive while the command watches: its process, its file system, its signals, all real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import standing
from waiting import DEAF_TO_CTRL_C, wait_until

from autograder.gradebook import results
from autograder.grading import arrivals, planning

Put = Callable[..., Path]
WRONG = {"one_hot": "def one_hot(tokens, vocabulary):\n    return np.zeros((len(tokens), len(vocabulary)))"}
# Two at a time, on a machine with one processor too; and nobody is so busy that a half copied file is given up.
PATIENT = (
    "from autograder import cli; from autograder.grading import arrivals; arrivals.PATIENCE = {}; cli.main()"
)
COMMAND = [sys.executable, "-c", PATIENT.format(3600), "grade", "embeddings", "--watch", "--jobs", "2"]


class Watching:
    """A running `autograder grade embeddings --watch`."""

    def __init__(self, folder: Path, command: Sequence[str] = COMMAND) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_for(self, what: Callable[[], bool]) -> None:
        wait_until(what, self.process)

    def said(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def score(self, student: str) -> float | None:
        result = results.read(results.path(self.folder, "embeddings", student))
        return None if result is None else result.score

    def page(self, student: str) -> Path:
        return self.folder / "feedback" / student / "embeddings" / "embeddings.html"

    def end(self, number: signal.Signals = signal.SIGINT) -> str:
        self.process.send_signal(number)
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return "".join(self.lines)


@pytest.fixture
def watching(course_folder: Path, put: Put, request: pytest.FixtureRequest) -> Iterator[Watching]:
    """The command at work; the parameters are how many seconds a submission may take, and the command."""
    seconds, command = getattr(request, "param", (2.0, COMMAND))
    limits = course_folder / "course.toml"
    limits.write_text(limits.read_text().replace("cpu_seconds = 2.0", f"cpu_seconds = {seconds}"))
    put("ada")
    running = Watching(course_folder, command)
    try:
        running.wait_for(lambda: running.said("watching submitted"))
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGKILL)
        print("".join(running.lines))  # shown where the test fails


SLEEPING = {"one_hot": "import time\ndef one_hot(tokens, vocabulary):\n    time.sleep(10**6)"}
an_hour_each = pytest.mark.parametrize("watching", [(3600.0, COMMAND)], indirect=True)


def hangs(watching: Watching, put: Put, student: str) -> None:
    """Hands in what is ended only when it has idled long, and holds nobody up: whoever comes after is graded after."""
    put(student, functions=SLEEPING)
    put("later")
    watching.wait_for(lambda: watching.score("later") == 6.0)


@pytest.mark.slow
@pytest.mark.parametrize("watching", [(0.5, [*DEAF_TO_CTRL_C, *COMMAND])], indirect=True)
def test_what_arrives_in_whatever_way_is_graded_and_its_page_written_at_once(
    watching: Watching, put: Put
) -> None:
    put("bob")
    watching.wait_for(lambda: watching.page("bob").exists())
    before = watching.page("bob").read_bytes()
    put("bob", functions=WRONG)
    watching.wait_for(lambda: watching.page("bob").read_bytes() != before)
    assert watching.score("bob") == 3.0
    assert "bob: 6 of 6" in "".join(watching.lines)
    class_page = watching.folder / "report" / "embeddings.html"
    watching.wait_for(lambda: "bob" in class_page.read_text())

    # Half a file is waited for, and holds up nobody; it is never whole before, which would be graded on a busy machine.
    submitted = watching.folder / "submitted"
    whole = (submitted / "ada" / "embeddings" / "embeddings.ipynb").read_bytes()
    path = submitted / "eve" / "embeddings" / "embeddings.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(whole[:1000])
    put("zoe")
    watching.wait_for(lambda: watching.score("zoe") == 6.0)  # who came later has been seen to be whole
    with open(path, "ab") as file:
        file.write(whole[1000:])
    watching.wait_for(lambda: watching.score("eve") == 6.0)
    assert not watching.said("unreadable")

    # Who hands in again while being graded is graded again.
    hangs(watching, put, "kim")
    put("kim")
    watching.wait_for(lambda: watching.score("kim") == 6.0)
    watching.wait_for(lambda: watching.said("kim: 3 of 6"))

    # A burst is graded whole.
    names = [f"s{number:02}" for number in range(10)]
    for name in names:
        put(name)
    watching.wait_for(lambda: all(watching.score(name) == 6.0 for name in names))

    # One that a script started in its background ends as any other.
    watching.wait_for(lambda: not (watching.folder / "results" / "embeddings" / ".being-written").exists())
    assert "stopped watching" in watching.end()
    assert watching.process.returncode == 0


IMPATIENT = [*COMMAND[:2], PATIENT.format(0.5), *COMMAND[3:]]


@pytest.mark.slow
@pytest.mark.parametrize("watching", [(2.0, IMPATIENT)], indirect=True)
def test_what_is_beside_its_place_is_taken_or_told_as_is_half_a_file_that_stays_one(
    watching: Watching, put: Put
) -> None:
    path = put("eve")
    path.write_bytes(path.read_bytes()[:1000])
    watching.wait_for(lambda: watching.score("eve") == 0.0)
    watching.wait_for(lambda: watching.said("unreadable"))

    submitted = watching.folder / "submitted"
    right = (submitted / "ada" / "embeddings" / "embeddings.ipynb").read_bytes()
    (submitted / "kim").mkdir()
    (submitted / "kim" / "homework.ipynb").write_bytes(right)
    watching.wait_for(
        lambda: watching.said("not graded kim/homework.ipynb: it is looked for at kim/embeddings/")
    )
    class_page = watching.folder / "report" / "embeddings.html"
    watching.wait_for(lambda: "kim/homework.ipynb" in class_page.read_text())
    (submitted / "kim" / "homework.ipynb").rename(submitted / "kim-embeddings.ipynb")
    watching.wait_for(lambda: watching.score("kim") == 6.0)


@pytest.mark.slow
@an_hour_each
def test_the_end_waits_for_no_hanging_submission(watching: Watching, put: Put) -> None:
    hangs(watching, put, "kim")
    assert "stopped watching" in watching.end(signal.SIGTERM)  # and not an hour later
    assert watching.process.returncode == 0
    assert watching.score("later") == 6.0
    assert watching.score("kim") is None
    # And the next run goes on where this one was stopped.
    put("kim")
    planned = standing.plan(planning.open_order(watching.folder, "embeddings", None, None))
    assert [one.student for one in planned.to_grade] == ["kim"]
    assert set(planned.unchanged) == {"ada", "later"}


@pytest.mark.slow
@an_hour_each
def test_other_commands_go_on_beside_a_watch_and_it_takes_up_what_they_changed(
    watching: Watching, put: Put
) -> None:
    def done(*command: str) -> None:
        """Ends by itself, while the watch is at a submission that hangs for an hour."""
        run = [sys.executable, "-m", "autograder", *command]
        subprocess.run(run, cwd=watching.folder, check=True, stdout=subprocess.DEVNULL)

    hangs(watching, put, "kim")
    put("bob", functions=WRONG)
    watching.wait_for(lambda: watching.score("bob") == 3.0)
    done("student", "rename", "bob", "robert")
    done("excuse", "embeddings", "ada")
    done("grade", "embeddings", "--student", "later", "--force")
    assert watching.score("robert") == 3.0
    assert watching.process.poll() is None

    # Excuses concern everyone: it begins anew, with whoever was being graded, and nothing of what has gone comes back.
    put("kim")
    put("robert")
    watching.wait_for(lambda: watching.said("the course has changed"))
    watching.wait_for(lambda: watching.score("robert") == 6.0)
    assert watching.score("bob") is None

    # A course that cannot be used is told of, and graded with again once it can.
    course = watching.folder / "course.toml"
    right = course.read_text()
    course.write_text(right.replace('name = "embeddings"', 'name = "embeddings"\nwrong = 1'))
    put("zoe")
    watching.wait_for(lambda: watching.said("nothing is graded until the course has been mended"))
    course.write_text(right.replace("cpu_seconds = 3600.0", "cpu_seconds = 1.0"))
    watching.wait_for(lambda: watching.score("zoe") == 6.0)
    watching.wait_for(lambda: watching.score("kim") == 6.0)
    assert "stopped watching" in watching.end()
    assert watching.process.returncode == 0


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


def is_whole(_: str) -> bool:
    """Nothing is waited for."""
    return True


NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def first(told: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    """The next students that are told."""
    return next(filter(None, told))


def save(submitted: Path, student: str) -> Path:
    """Puts a notebook there at once, so that on the busiest machine it shows as one change."""
    folder = submitted / student / "embeddings"
    folder.mkdir(parents=True, exist_ok=True)
    (submitted / ".sync" / "notebook").write_text(NOTEBOOK)
    return (submitted / ".sync" / "notebook").rename(folder / "embeddings.ipynb")


@pytest.mark.slow
@pytest.mark.parametrize("poll", [False, True], ids=["told by the system", "looking again and again"])
def test_everyone_first_then_who_changed(submitted: Path, poll: bool) -> None:
    save(submitted, "ada")
    told = arrivals.watch(submitted, is_whole, poll=poll)
    assert first(told) == ("ada",)
    for name in ("ada", "bob"):
        save(submitted, name)
    seen = set(first(told))
    while len(seen) < 2:
        seen |= set(first(told))
    assert seen == {"ada", "bob"}
    for _ in range(5):
        assert next(told) == ()


@pytest.mark.slow
def test_what_changes_right_after_it_was_told_is_told_again(submitted: Path) -> None:
    """Looking again and again shows no second change within one second of the clock."""
    told = arrivals.watch(submitted, is_whole, poll=True)
    next(told)
    time.sleep(1.02 - time.time() % 1)  # early in a second, of which much is left
    second = int(save(submitted, "ada").stat().st_mtime)
    assert first(told) == ("ada",)
    assert int(save(submitted, "ada").stat().st_mtime) > second
    assert first(told) == ("ada",)


def test_where_the_system_tells_of_no_more_folders_they_are_looked_at(
    submitted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = arrivals.watchfiles.watch

    def limited(*paths: Path, force_polling: bool, **options: object) -> object:
        if not force_polling:
            raise OSError(28, "OS file watch limit reached")
        return real(*paths, force_polling=True, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals.watchfiles, "watch", limited)
    (submitted / "ada" / "embeddings" / "embeddings.ipynb").write_text(NOTEBOOK)
    assert first(arrivals.watch(submitted, is_whole)) == ("ada",)


def test_a_folder_that_cannot_be_watched_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        next(arrivals.watch(tmp_path / "nowhere", is_whole, poll=True))


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
