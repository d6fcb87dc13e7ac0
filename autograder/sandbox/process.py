"""What the kernel tells of another process, by its own /proc and clocks."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from pathlib import Path
from typing import Final

from autograder.errors import SandboxError

_CLOCK_OF_PROCESS: Final = 2  # CPUCLOCK_SCHED, as clock_getcpuclockid(3) builds it


def pid_of(handle: int) -> int:
    """The process behind a pidfd, as this side's /proc numbers it."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise SandboxError("the kernel does not tell a child's process number")


def cpu_seconds(pid: int) -> float | None:
    """Seconds of CPU time that a process has used, by the kernel's clock; None where it has ended."""
    try:
        return time.clock_gettime((~pid << 3) | _CLOCK_OF_PROCESS)
    except OSError:
        return None


def delayed(pid: int) -> float:
    """Seconds of its life for which it was ready to run and others ran; 0 where the kernel keeps no such count."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def waits_for_a_turn(pid: int) -> bool:
    """Whether one of its threads is ready to run: a wait is counted only once it is over."""
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            if (thread / "stat").read_text().rpartition(")")[2].split()[0] == "R":
                return True
    return False


def keep_to(processor: int, *pids: int) -> None:
    """Keeps processes that take turns to one processor, and those that they start from here on.

    Where one wakes the other on another processor, in a virtual machine most of all, a tenth of their CPU time goes into it.
    """
    with contextlib.suppress(OSError):  # it may have been taken away, or be another user's
        for pid in pids:
            os.sched_setaffinity(pid, {processor})


def tasks_of(user: int) -> int:
    """How many tasks (processes and threads) a user has; the kernel's limit counts them all."""
    tasks = 0
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdecimal() and process.stat().st_uid == user:
                tasks += len(os.listdir(process / "task"))
    return tasks


def address_space(pid: int) -> int:
    """Bytes that process `pid` maps."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
