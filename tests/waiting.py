"""Tests wait for events, never for a clock: the one limit is that of pytest, `timeout` in pyproject.toml."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

FOREVER = 10**6  # seconds, where a number is needed: a test that came to wait so long would be ended first
# As a script's shell starts what is to run in its background.
DEAF_TO_CTRL_C = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh")


def wait_until(happens: Callable[[], Any], running: subprocess.Popen[Any] | None = None) -> None:
    """Waits for something, however busy the machine is; fails where `running` ends without it."""
    while True:
        ended = running is not None and running.poll() is not None
        if happens():
            return
        assert not ended, f"{_words(running)} has ended before it happened"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Whether a process still does; not one that has ended and is not fetched yet."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not Path("/proc/self").exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def answers(address: str) -> bool:
    """Whether a server of this machine answers a request by now."""
    try:
        with urllib.request.urlopen(address):
            return True
    except OSError:
        return False


def _words(running: subprocess.Popen[Any] | None) -> str:
    arguments = running.args if running is not None else ""
    return " ".join(map(str, arguments)) if isinstance(arguments, Sequence) else str(arguments)
