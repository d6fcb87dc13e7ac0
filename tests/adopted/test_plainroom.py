"""The exam room of self-checks: the same sittings, without anything that only Linux has."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import seated

from autograder.adopted import plainroom, slips
from autograder.adopted.examroom import ExamEndedError
from autograder.adopted.plainroom import PlainExam, PlainExamRoom
from autograder.adopted.sitting import sit
from autograder.child import spoken, wire
from autograder.errors import SandboxError
from autograder.selfcheck.plain import PlainChild

CELLS = {
    "free imports": "from helpers import half",
    "solution f": "def f(x):\n    print('called')\n    return half(x)",
    "test calls": "assert f(4) == 2\nf(4)",
    "test ends": "import os\nif f(1) == 1:\n    os._exit(1)",
}


@pytest.mark.slow
def test_a_sitting_on_any_machine(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("def half(x): return x / 2")
    room = PlainExamRoom(seated.paper(CELLS, tmp_path), tmp_path)
    solved = sit(room, seated.steps(room.paper), lambda *_: PlainChild(tmp_path))
    assert seated.scores(solved) == {"calls": 2.0, "ends": 2.0}
    wrong = {"f": "def f(x):\n    return x"}
    came = sit(room, seated.steps(room.paper, wrong), lambda *_: PlainChild(tmp_path))
    assert seated.scores(came) == {"calls": 0.0, "ends": 0.0}


def test_without_a_process_there_is_no_sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = PlainExamRoom(seated.paper(CELLS, tmp_path), tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(SandboxError, match="no process could be had"):
        room.exam()


def test_a_process_that_ends_at_once_gives_no_sitting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = PlainExamRoom(seated.paper({"solution f": "x" * 2**20}, tmp_path), tmp_path)
    monkeypatch.setattr(plainroom.warm, "ALONE", "-1")
    with pytest.raises(SandboxError, match="ended its process"):
        room.exam()


def test_what_is_no_message_ends_a_sitting() -> None:
    exam = object.__new__(PlainExam)
    exam._process = SimpleNamespace(stdout=io.BytesIO(wire.LENGTH.pack(3) + b"\xc1\xc1\xc1"))  # type: ignore[assignment]
    with pytest.raises(ExamEndedError, match="ended in the middle of a message"):
        exam.receive()


def test_a_process_that_takes_nothing_any_more() -> None:
    class Closed(io.BytesIO):
        def flush(self) -> None:
            raise BrokenPipeError

    exam = object.__new__(PlainExam)
    exam._process = SimpleNamespace(stdin=Closed())  # type: ignore[assignment]
    with pytest.raises(ExamEndedError, match="ended its process"):
        exam.send(slips.Gone("crashed", ""))


class _Says:
    """An exam process and a child, of which each says one thing alone."""

    def __init__(self, says: Any) -> None:
        self._says = says

    def receive(self) -> Any:
        return self._says

    def send(self, message: Any) -> None:
        """It is of no use."""

    def allow(self, cpu_seconds: float | None = None) -> None:
        """It has all the time there is."""

    def close(self) -> str:
        return ""


def test_an_exam_process_that_speaks_out_of_turn(tmp_path: Path) -> None:
    paper = seated.paper({"test t": "1"}, tmp_path)
    room: Any = SimpleNamespace(paper=paper, exam=lambda _: _Says(spoken.Reply(None)))
    with pytest.raises(SandboxError, match="'t' the exam process spoke out of turn, and had asked nothing"):
        sit(room, seated.steps(paper), lambda *_: _Says(spoken.CellRan(0, [], "")))  # type: ignore[arg-type,return-value]


def test_a_cell_that_never_ends_is_ended_though_who_started_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plainroom, "_SECONDS", 0.2)
    exam = PlainExamRoom(seated.paper({"test loops": "while True: pass"}, tmp_path), tmp_path).exam()
    exam.send(slips.RunStep(0, []))  # without `allow`, nobody here looks at a clock
    with pytest.raises(ExamEndedError, match="ended its process"):
        exam.receive()
    exam.close()
