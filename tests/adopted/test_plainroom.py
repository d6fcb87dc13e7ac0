"""The exam room of self-checks: the same sittings, without anything that only Linux has."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import seated

from autograder.adopted import plainroom
from autograder.adopted.plainroom import PlainExamRoom
from autograder.adopted.sitting import sit
from autograder.errors import SandboxError
from autograder.selfcheck.plain import PlainChild

CELLS = {
    "free imports": "from helpers import half",
    "solution f": "def f(x):\n    print('called')\n    return half(x)",
    "test calls": "assert f(4) == 2\nf(4)",
    "test ends": "import os\nif f(1) == 1:\n    os._exit(1)",
}


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
