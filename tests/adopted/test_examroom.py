"""The exam room: what is there in it, what ends its processes, and whose failure that is."""

from __future__ import annotations

import select
import signal
import socket
import sys
from pathlib import Path

import parts
import pytest
import seated

from autograder.adopted import examroom, sitting, slips
from autograder.adopted.examroom import ExamEndedError, ExamRoom
from autograder.budget import Budget
from autograder.child import wire
from autograder.child.nodes import WireError
from autograder.errors import SandboxError
from autograder.sandbox import process

pytestmark = parts.LINUX.mark
CELLS = {
    "free imports": "import os\nimport time",
    "solution f": "def f():\n    return 0",
    "test busy": "while f():\n    pass",
    "test idle": "if f():\n    time.sleep(600)",
    "test secrets": "assert not f()\nassert 'AUTOGRADER_SECRET_FILE' not in os.environ",
}


@pytest.mark.slow
def test_time_is_for_each_cell_and_what_takes_more_is_the_students(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", "/nowhere")
    with seated.opened(CELLS) as room:
        assert set(seated.scores(room.sit()).values()) == {seated.POINTS}
        monkeypatch.setattr(examroom, "CPU_SECONDS", 0.3)
        monkeypatch.setattr(examroom, "WALL_FACTOR", 1)
        came = room.sit({"f": "def f():\n    return 1"})
        assert seated.scores(came) == {"busy": 0.0, "idle": 0.0, "secrets": 0.0}
        told = [one.failure.message for one in came.verdicts if one.failure is not None]
        assert told[0] == "took more than 0.3 s of CPU time"
        assert told[1] == "came to nothing in 0.3 s"
        monkeypatch.setattr(sitting, "_MAX_TRIES", 0)
        many = room.sit({"f": "def f():\n    return 1"})  # after one all others are not tried any more
        assert seated.scores(many) == dict.fromkeys(("busy", "idle", "secrets"), 0.0)
        assert {one.failure.message for one in many.verdicts if one.failure is not None} == {told[0]}


@pytest.mark.slow
def test_waiting_for_a_busy_machine_is_not_coming_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([True] * 20)
    with seated.opened(CELLS) as room:
        exam = room.room.exam()
        monkeypatch.setattr(examroom, "CPU_SECONDS", 0.3)
        monkeypatch.setattr(examroom, "WALL_FACTOR", 1)
        monkeypatch.setattr(process, "waits_for_a_turn", lambda _: next(turns, False))
        with pytest.raises(ExamEndedError, match=r"came to nothing in 0\.3 s"):
            exam.receive()  # nothing was asked of it
        exam.close()
    assert next(turns, None) is None


@pytest.mark.slow
def test_what_tests_take_is_part_of_what_a_submission_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examroom, "CPU_SECONDS", 0.3)
    with seated.opened(CELLS) as room:
        spent = Budget(0.1)
        monkeypatch.setattr(examroom, "current", lambda: spent)
        monkeypatch.setattr(sitting, "current", lambda: spent)
        room.sit({"f": "def f():\n    return 1"})
        assert spent.taken > 0.1
        assert spent.is_over


def test_a_warm_process_that_was_ended_is_replaced() -> None:
    with seated.opened(CELLS) as room:
        first = room.sit()
        room.room._process.kill()  # type: ignore[union-attr]
        room.room._process.wait()  # type: ignore[union-attr]
        assert room.sit() == first


def test_no_room_where_no_process_can_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ends.py").write_text("import os\nprint('ended here', flush=True)\nos._exit(1)")
    paper = seated.paper({"locked imports": "import ends"}, tmp_path)
    with (
        ExamRoom(paper, tmp_path, [Path("ends.py")]) as room,
        pytest.raises(SandboxError, match="no process could"),
    ):
        room.exam()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with ExamRoom(paper, tmp_path) as room, pytest.raises(SandboxError, match="no process could"):
        room.exam()


def test_an_exam_process_that_has_ended_or_was_never_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    with seated.opened({"solution f": "f = 1"}) as room:
        exam = room.room.exam()
        signal.pidfd_send_signal(exam._handle, signal.SIGKILL)
        assert select.select([exam._handle], [], [], 60)[0]
        with pytest.raises(ExamEndedError, match="ended its process"):
            exam.send(slips.Gone("crashed", ""))
        exam.close()
        monkeypatch.setattr(socket, "recv_fds", lambda *_: (b"", [], 0, None))
        with pytest.raises(
            SandboxError, match=r"could be had .*: the process of the tests gave no other: it said"
        ):
            room.room.exam()


def test_files_beside_the_notebook_lie_where_tests_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examroom, "_LINKED", 100)
    cells = {
        "solution f": "def f(name):\n    return len(open(name).read())",
        "test small": "assert f('small.txt') == len(open('small.txt').read()) == 1\n_ = open('small.txt', 'w').write('changed')",
        "test large": "assert f('large.txt') == len(open('large.txt').read()) == 200",
    }
    with seated.opened(cells, {"small.txt": "a", "large.txt": "b" * 200}) as room:
        for _ in range(2):  # what one sitting does to its files, the next one does not see
            assert set(seated.scores(room.sit()).values()) == {seated.POINTS}


def test_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WireError, match="not a message"):
        slips.from_exam(b"\x93garbage")
    with pytest.raises(WireError, match="too large"):
        slips.body_length(b"\xff\xff\xff\xff")
    monkeypatch.setattr(wire, "MAX_FRAME", 10)
    with pytest.raises(WireError, match="larger than"):
        slips.frame(slips.Gone("crashed", "x" * 100))
