"""What a worker has of a run, without a cluster around it: a folder, a process that grades, and an end to both."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from waiting import runs, wait_until

from autograder.grading import outstation, parcels
from autograder.grading.parcels import Answer, Examined, Letter, Material, Versions
from autograder.records import Course

if TYPE_CHECKING:
    from autograder.grading.outpost import Outpost


def parcel(course: Course, **other: object) -> bytes:
    made = parcels.material(course, course.unit("embeddings"), trust_students=False)
    return msgspec.json.encode(msgspec.structs.replace(msgspec.json.decode(made, type=Material), **other))


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[SimpleNamespace]:
    with asyncio.Runner() as loop:
        yield SimpleNamespace(
            local_directory=str(tmp_path / "local"), address="tls://10.0.0.1:4000", loop=loop
        )


def set_up(worker: SimpleNamespace, content: bytes) -> Outpost:
    from autograder.grading.outpost import Outpost  # imports Dask, for which collecting does not wait

    Path(worker.local_directory).mkdir()
    outpost = Outpost("run", content)
    worker.loop.run(outpost.setup(worker))
    return outpost


@pytest.fixture
def ready(worker: SimpleNamespace, own_course: Course) -> Iterator[Outpost]:
    outpost = set_up(worker, parcel(own_course))
    yield outpost
    worker.loop.run(outpost.teardown(worker))
    assert not list(Path(worker.local_directory).iterdir())


def letters(own_course: Course) -> bytes:
    unreadable = Letter([b"ada", b"bo"], b"ada", [], b"", unreadable="it is a shopping list")
    return msgspec.json.encode([unreadable])


@pytest.mark.slow
def test_what_grades_may_end_once_and_not_twice(ready: Outpost, own_course: Course) -> None:
    assert ready.examined.trouble == ""
    assert ready.examined.level != "none"
    assert ready.examined.versions == Versions.here()
    answer = msgspec.json.decode(ready.grade(letters(own_course)), type=Answer)
    assert len(answer.graded) == 2
    assert b"it is a shopping list" in answer.graded[1][0]
    assert b'"student": "bo"' in answer.graded[1][0]
    first = ready._process
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: first.poll() is not None)
    again = msgspec.json.decode(ready.grade(letters(own_course)), type=Answer)
    assert again == answer
    assert ready._process is not first
    asked = ready._asked

    def ended(line: bytes) -> bytes:
        if line == ready._parcel:
            return asked(line)
        assert ready._process is not None
        ready._process.kill()
        return asked(line)

    ready._asked = ended  # type: ignore[method-assign]
    assert msgspec.json.decode(ready.grade(letters(own_course)), type=Answer) == Answer(lost=True)


@pytest.mark.slow
def test_what_grades_outlives_the_thread_in_which_it_was_begun(ready: Outpost, own_course: Course) -> None:
    """Dask ends a thread of a worker's where another comes back to it, as after someone else's task that had seceded."""
    ready._end()
    grading = threading.Thread(target=ready.grade, args=(letters(own_course),))
    grading.start()
    grading.join()
    begun = ready._process
    assert begun is not None
    thread = Path(f"/proc/self/task/{grading.native_id}")
    wait_until(lambda: not thread.exists())  # it has ended for Python, and soon for the kernel
    assert msgspec.json.decode(ready.grade(letters(own_course)), type=Answer).graded
    assert ready._process is begun


@pytest.mark.slow
def test_what_is_taken_away_while_it_grades_begins_nothing_anew(
    worker: SimpleNamespace, own_course: Course
) -> None:
    """As where a run is stopped: what was begun for a batch that nobody waits for stayed, with the course beside it."""
    outpost = set_up(worker, parcel(own_course))
    process, asked = outpost._process, threading.Event()
    assert process is not None

    def takes_long(line: bytes) -> bytes:
        asked.set()
        process.wait()  # what grades says nothing until it is ended
        return b""

    outpost._asked = takes_long  # type: ignore[method-assign]
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(outpost.grade(letters(own_course))))
    asking.start()
    asked.wait()
    worker.loop.run(outpost.teardown(worker))
    asking.join()
    assert [msgspec.json.decode(one, type=Answer) for one in answers] == [Answer(lost=True)]
    assert outpost._process is None
    assert not list(Path(worker.local_directory).iterdir())


@pytest.mark.slow
def test_what_is_begun_as_it_is_taken_away_ends_at_once(
    worker: SimpleNamespace, own_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    outpost = set_up(worker, parcel(own_course))
    outpost._end()
    begun: list[subprocess.Popen[bytes]] = []
    honest = subprocess.Popen

    def begin(*words: Any, **more: Any) -> subprocess.Popen[bytes]:
        leaving.start()
        wait_until(lambda: outpost._is_over)
        begun.append(honest(*words, **more))
        return begun[-1]

    leaving = threading.Thread(target=outpost._leave)
    monkeypatch.setattr(subprocess, "Popen", begin)
    assert msgspec.json.decode(outpost.grade(letters(own_course)), type=Answer).trouble
    leaving.join()
    assert [one.returncode for one in begun] == [-signal.SIGKILL]
    assert not list(Path(worker.local_directory).iterdir())


def test_other_versions_get_nothing_of_the_course(worker: SimpleNamespace, own_course: Course) -> None:
    other = msgspec.structs.replace(Versions.here(), python="2.7")
    outpost = set_up(worker, parcel(own_course, versions=other))
    (folder,) = Path(worker.local_directory).iterdir()
    assert not list(folder.iterdir())
    answer = msgspec.json.decode(outpost.grade(b"[]"), type=Answer)
    assert answer.trouble.startswith("worker tls://10.0.0.1:4000 on ")
    assert "it has Python 3." in answer.trouble
    assert ", here 2.7" in answer.trouble
    worker.loop.run(outpost.teardown(worker))


def test_a_process_that_never_gets_ready_is_told(worker: SimpleNamespace, own_course: Course) -> None:
    outpost = set_up(worker, parcel(own_course, files={"course.toml": b"title = "}))
    assert "course.toml: not valid TOML" in outpost.examined.trouble
    assert outpost.examined.course
    worker.loop.run(outpost.teardown(worker))
    nonsense = msgspec.json.encode({"unit": 1})
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "autograder.grading.outstation"], input=nonsense + b"\n", capture_output=True,
        check=False, cwd=Path(worker.local_directory),
    )  # fmt: skip
    assert ended.returncode != 0
    assert ended.stdout == b""


def test_a_machine_that_cannot_lock_in_is_no_place_to_grade(
    own_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = SimpleNamespace(level="none", version="v")
    monkeypatch.setattr(outstation.Station, "open", lambda *_: station)
    for trusted, trouble in ((False, "it cannot lock student code in"), (True, "")):
        said = BytesIO()
        content = parcel(own_course, trust_students=trusted)
        outstation.serve(BytesIO(content + b"\n"), said, tmp_path / str(trusted))
        examined = msgspec.json.decode(said.getvalue(), type=Examined)
        assert examined.trouble[: len("it cannot lock student code in")] == trouble
        assert examined.level == "none"


def test_the_process_ends_with_its_worker(own_course: Course, tmp_path: Path) -> None:
    program = (
        "import subprocess, sys\n"
        "started = subprocess.Popen([sys.executable, '-P', '-m', 'autograder.grading.outstation'], stdin=subprocess.PIPE)\n"
        "print(started.pid, flush=True)\nsys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        station = int(parent.stdout.readline())
        assert runs(station)
        parent.kill()
    wait_until(lambda: not runs(station))
