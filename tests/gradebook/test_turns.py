"""Commands in the same instant lose nothing of each other's, and one that is killed is in nobody's way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from ordinary import without_powers

from autograder.errors import CourseError
from autograder.gradebook import arrangements, said, turns

# Each waits for a line, so that all begin at once, and then changes something under its own names.
_EXCUSE = """
import sys
from pathlib import Path
from autograder.gradebook import arrangements, said
root, own = Path(sys.argv[1]), sys.argv[2]
print(flush=True)
sys.stdin.readline()
for number in range(12):
    arrangements.excuse(root, "u", [f"{own}-{number}"], "ill")
    said.say(root, "u", f"softmax-{own}{number}", "Look at the axis.")
    if number % 3 == 0:
        arrangements.take_back(root, "u", [f"{own}-{number}"])
"""
_HOLD = """
import sys
from pathlib import Path
from autograder.gradebook import turns
with turns.changing(Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that runs this program, once it has said that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "\n"
    return process


def let_go(processes: Sequence[subprocess.Popen[str]]) -> None:
    """Lets all of them begin, and waits for their end."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait() for process in processes] == [0] * len(processes)
    for process in processes:
        process.communicate()


def test_processes_at_once_lose_no_entry(tmp_path: Path) -> None:
    let_go([started(_EXCUSE, tmp_path, own) for own in "abc"])
    left = {f"{own}-{number}": "ill" for own in "abc" for number in range(12) if number % 3}
    found = {student: arrangements.every(tmp_path, student).get("u") for student in left}
    assert found == left
    assert arrangements.every(tmp_path, "a-0") == {}
    assert len(said.read(tmp_path, "u")) == 36


@pytest.mark.slow
def test_a_holder_that_is_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    holder = started(_HOLD, tmp_path)
    waiting = threading.Event()
    went_on: list[bool] = []

    def kill() -> None:
        waiting.wait()
        os.kill(holder.pid, signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    with turns.changing(tmp_path, waiting.set):
        went_on.append(True)
    killing.join()
    holder.communicate()
    assert went_on
    assert waiting.is_set(), "while it lived, it was waited for"


def test_its_group_may_hold_it_too(tmp_path: Path) -> None:
    with turns.changing(tmp_path):
        assert (tmp_path / turns.LOCK).stat().st_mode & 0o777 == 0o660


def test_who_holds_it_may_take_it_again(tmp_path: Path) -> None:
    with turns.changing(tmp_path), turns.changing(tmp_path / "." / ""):
        arrangements.excuse(tmp_path, "u", ["ada"])
    assert arrangements.every(tmp_path, "ada") == {"u": ""}


def test_a_folder_that_must_not_be_written_in(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with (
        without_powers(),
        pytest.raises(CourseError, match=r"Permission denied: nothing is changed; see to it that"),
    ):
        arrangements.excuse(tmp_path, "u", ["ada"])
    tmp_path.chmod(0o700)


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / turns.LOCK).mkdir()
    with pytest.raises(CourseError, match=r"changes\.lock: .+: nothing is changed; see to it"):
        arrangements.excuse(tmp_path, "u", ["ada"])
    assert os.listdir(tmp_path) == [turns.LOCK]
