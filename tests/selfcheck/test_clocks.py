"""A process's own time, by whichever clock the system has."""

import ctypes
import subprocess
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest
from waiting import wait_until

from autograder.selfcheck import clocks


@pytest.fixture
def busy() -> Iterator[subprocess.Popen[bytes]]:
    """A process that computes without an end."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield process
    process.kill()
    process.wait()


def test_the_time_of_a_process_grows_until_it_has_ended(busy: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: (clocks.cpu_seconds(busy) or 0.0) > 0.05)
    busy.kill()
    busy.wait()
    assert clocks.cpu_seconds(busy) is None


def test_other_posix_systems_ask_ps(busy: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks.sys, "platform", "darwin")
    assert clocks.cpu_seconds(busy) is not None
    busy.kill()
    busy.wait()
    assert clocks.cpu_seconds(busy) is None
    monkeypatch.setenv("PATH", "")
    assert clocks.cpu_seconds(busy) is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0:10.25", 10.25), ("00:01:02", 62.0), ("1-02:03:04", 93784.0), (" 12:00.00\n", 720.0)],
)
def test_what_ps_says_is_read(said: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks.subprocess, "run", lambda *_, **__: types.SimpleNamespace(stdout=said))
    assert clocks._by_ps(1) == seconds


def test_windows_counts_in_ticks_of_a_ten_millionth(
    busy: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    succeeds = 1

    def times(handle: ctypes.c_void_p, created: Any, ended: Any, kernel: Any, user: Any) -> int:
        assert handle.value == 123
        kernel._obj.value, user._obj.value = 5_000_000, 15_000_000
        return succeeds

    windll = types.SimpleNamespace(kernel32=types.SimpleNamespace(GetProcessTimes=times))
    monkeypatch.setattr(ctypes, "windll", windll, raising=False)
    monkeypatch.setattr(busy, "_handle", 123, raising=False)
    monkeypatch.setattr(clocks.sys, "platform", "win32")
    try:
        assert clocks.cpu_seconds(busy) == 2.0
        succeeds = 0
        assert clocks.cpu_seconds(busy) is None
    finally:
        monkeypatch.undo()
