"""Runs a command and tells what it cost: wall time, CPU time and peak memory of the whole process tree.

CPU time is what the kernel counted for every process the command started, orphans included: this process adopts
them. Memory is the proportional set size (pages that processes share are counted once), sampled.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_SAMPLE_SECONDS: Final = 0.25
_SET_CHILD_SUBREAPER: Final = 36


@dataclass(frozen=True)
class Cost:
    """What one run of a command cost."""

    wall: float  # seconds
    cpu: float  # seconds, user and system, of the whole tree
    memory: int  # bytes, at the peak
    code: int  # exit code


class CommandFailedError(Exception):
    """A measured command did not do its work; the message holds what it said."""


def run(
    command: Sequence[str],
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    check: bool = True,
) -> Cost:
    """Runs `command` in `folder`, what it prints going to `log`; CommandFailedError where it exits with an error."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this system does not let a process adopt orphans")
    before, ours = _cpu(), _children()
    with open(log, "wb") as file:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**_surroundings(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        with _Watch(process.pid) as watch:
            code = process.wait()
            wall = time.monotonic() - started
    for orphan in _children() - ours:  # so that their time is counted too
        with contextlib.suppress(ChildProcessError):
            os.waitpid(orphan, 0)
    if check and code != 0:
        said = log.read_text("utf-8", "replace").strip()[-2000:]
        raise CommandFailedError(f"{' '.join(map(str, command))} exited with {code}:\n{said}")
    return Cost(wall, _cpu() - before, watch.peak, code)


def _surroundings() -> dict[str, str]:
    """The environment but for what would have each process compile anew what people's machines compile once."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def together(costs: Sequence[Cost]) -> Cost:
    """What commands cost that ran one after another."""
    return Cost(
        sum(cost.wall for cost in costs),
        sum(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
        max(cost.code for cost in costs),
    )


class _Watch:
    """Samples the memory of a process and all below it, in a thread of its own."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.is_set():
            self.peak = max(self.peak, memory(self._root))
            self._over.wait(_SAMPLE_SECONDS)


def memory(root: psutil.Process) -> int:
    """Bytes that a process and all below it hold, shared pages counted once."""
    total = 0
    with contextlib.suppress(psutil.Error):
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
    return total


def _children() -> set[int]:
    return {process.pid for process in psutil.Process().children()}


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
