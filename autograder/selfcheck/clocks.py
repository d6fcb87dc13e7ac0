"""How much CPU time another process has used, by the clock that each system has for it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from typing import Any, Final

_CLOCK_OF_PROCESS: Final = 2  # CPUCLOCK_SCHED, as Linux's clock_getcpuclockid(3) builds it
_TICKS_A_SECOND: Final = 10**7  # of Windows


def cpu_seconds(process: subprocess.Popen[Any]) -> float | None:
    """Seconds of CPU time that a process has used; None where it has ended, or the system does not tell."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if sys.platform == "win32":
            return _by_windows(process)
        if sys.platform == "linux":
            return time.clock_gettime((~process.pid << 3) | _CLOCK_OF_PROCESS)
        return _by_ps(process.pid)
    return None


def _by_ps(pid: int) -> float:
    """By POSIX's `ps`, which says `[[days-]hours:]minutes:seconds`; ValueError where there is no such process."""
    said = subprocess.run(
        ["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    days, _, clock = said.strip().rpartition("-")
    seconds = 0.0
    for part in clock.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds + 86400 * int(days or 0)


def _by_windows(process: Any) -> float:
    """By `GetProcessTimes`; OSError where it fails."""
    import ctypes

    created, ended, kernel, user = (ctypes.c_ulonglong() for _ in range(4))
    handle = ctypes.c_void_p(int(process._handle))
    parts = (ctypes.byref(part) for part in (created, ended, kernel, user))
    if not ctypes.windll.kernel32.GetProcessTimes(handle, *parts):  # type: ignore[attr-defined]
        raise OSError("the system does not tell a process's times")
    return (kernel.value + user.value) / _TICKS_A_SECOND
