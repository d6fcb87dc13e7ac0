"""The memory of this machine, or of the container that this is, held against what grading may want."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from autograder.records import Limits

A_GRADER_MIB: Final = 128  # measured: what a job takes beside the child in which student code runs
_MIB: Final = 2**20
# Of a control group: its limit, what is in use, and the key of memory.stat for file pages that can go at any time.
_FILES: Final = {
    2: ("memory.max", "memory.current", "inactive_file"),
    1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


def a_job_mib(limits: Limits) -> int:
    """The memory that one job may want, in MiB."""
    return limits.memory_mib + A_GRADER_MIB


def jobs_that_fit(limits: Limits, free: int) -> int:
    """How many jobs `free` MiB are enough for, whatever the students' code takes; 0 where not even one."""
    return free // a_job_mib(limits)


def free_mib(root: Path = Path("/")) -> int | None:
    """The memory that is to be had now, in MiB: the machine's, or a container's where that is less.

    None where the system does not tell, as outside Linux. `root` is where /proc and /sys are.
    """
    try:
        told = (root / "proc/meminfo").read_text().splitlines()
        available = next(int(line.split()[1]) * 1024 for line in told if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return None
    return max(0, min([available, *_left_in_groups(root)])) // _MIB


def _left_in_groups(root: Path) -> Iterator[int]:
    """What the limits of the control groups around this process leave, in bytes."""
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for group in groups:
        _, controllers, path = group.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        version, top = (1, root / "sys/fs/cgroup/memory") if controllers else (2, root / "sys/fs/cgroup")
        # Within a container the path may be that of the host, which is not here: then the top is the container's.
        folder = top / path.lstrip("/")
        for place in (folder, *folder.parents):
            if (left := _left(place, *_FILES[version])) is not None:
                yield left
            if place == top:
                break


def _left(group: Path, limit: str, usage: str, inactive: str) -> int | None:
    try:
        allowed = (group / limit).read_text().strip()
        if allowed == "max":
            return None
        used = int((group / usage).read_text())
        statistics = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    except OSError:
        return None
    return int(allowed) - used + int(statistics.get(inactive, 0))
