"""Tells what work cost: wall time, CPU time and peak memory of a command, or CPU time of what this process does itself.

CPU time is counted in one of two ways, and wherever both can be they are told side by side. A control group of the
work's own counts whatever runs in it; it can be made where the system lets this user make one. Else the accounts of the
processes are added up: a process's time goes to the one that waits for it, and is lost where nobody does. bubblewrap does
not wait for the first process of its namespace, with which goes the time of all student code in it. So this process
adopts orphans meanwhile and waits for them, and reads the clocks of those that still run.

Memory is the proportional set size (pages that processes share are counted once), sampled.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_SAMPLE_SECONDS: Final = 0.25
_SET_CHILD_SUBREAPER, _GET_CHILD_SUBREAPER = 36, 37
_PROCESSES: Final = "cgroup.procs"


@dataclass(frozen=True)
class Cost:
    """What one run of a command cost."""

    wall: float  # seconds
    by_accounts: (
        float  # seconds of CPU time, user and system, of the whole tree, by the accounts of its processes
    )
    memory: int  # bytes, at the peak
    code: int  # exit code
    by_group: float | None = None  # the same by a control group; None where none can be made

    @property
    def cpu(self) -> float:
        """Seconds of CPU time, by the control group where there is one."""
        return self.by_accounts if self.by_group is None else self.by_group


class Spent:
    """CPU seconds of a stretch of this process's own work: so far, and once it is over in all."""

    def __init__(self, read: Callable[[], tuple[float, float | None]]) -> None:
        self._read = read

    @property
    def by_accounts(self) -> float:
        """By the accounts of processes."""
        return self._read()[0]

    @property
    def by_group(self) -> float | None:
        """By a control group, where one could be made."""
        return self._read()[1]

    @property
    def cpu(self) -> float:
        """By the control group where there is one."""
        by_accounts, by_group = self._read()
        return by_accounts if by_group is None else by_group

    def end(self) -> None:
        """What was read now stays."""
        read = self._read()
        self._read = lambda: read


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
    with _adopting_orphans(), _group() as group, open(log, "wb") as file:
        before, ours = _accounts(), _children()
        started = time.monotonic()
        process = subprocess.Popen(
            [*group.entering, *command],
            cwd=folder,
            env={**_surroundings(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        with _Watch(process.pid) as watch:
            code = process.wait()
            wall = time.monotonic() - started
        _bury(ours)
        by_accounts, by_group = _accounts() - before, group.seconds()
    if check and code != 0:
        said = log.read_text("utf-8", "replace").strip()[-2000:]
        raise CommandFailedError(f"{' '.join(map(str, command))} exited with {code}:\n{said}")
    return Cost(wall, by_accounts, watch.peak, code, by_group)


@contextlib.contextmanager
def counted() -> Iterator[Spent]:
    """Counts what this process and all below it use meanwhile: those that were there before, and those that are begun.

    What they use that still run at the end is counted as far as it has come.
    """
    with _adopting_orphans():
        _bury(set(), only_dead=True)
        ours = _children()
        there = _running()  # first: to look through all processes takes time, more so the more there are
        before = _own() + _accounts()

        def read() -> tuple[float, float | None]:
            _bury(ours, only_dead=True)
            # Processes that were there before run outside of the group.
            by_group = None if there else group.seconds()
            return _own() + _accounts() + _running() - before - there, by_group

        with _group() as group, group.around(os.getpid()):
            spent = Spent(read)
            yield spent
            spent.end()


@contextlib.contextmanager
def _adopting_orphans() -> Iterator[None]:
    """Meanwhile alone: who adopts and does not wait has ever more dead children, at whom whoever looks at all trips."""
    libc = ctypes.CDLL(None, use_errno=True)
    adopted = ctypes.c_int()
    if libc.prctl(_GET_CHILD_SUBREAPER, ctypes.byref(adopted), 0, 0, 0) != 0 or (
        libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0
    ):
        raise OSError(ctypes.get_errno(), "this system does not let a process adopt orphans")
    try:
        yield
    finally:
        libc.prctl(_SET_CHILD_SUBREAPER, adopted, 0, 0, 0)


def _bury(ours: set[int], *, only_dead: bool = False) -> None:
    """Waits for orphans, so that their time is counted too; those that were ours before stay."""
    for orphan in _children() - ours:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(orphan, os.WNOHANG if only_dead else 0)


def _surroundings() -> dict[str, str]:
    """The environment but for what would have each process compile anew what people's machines compile once."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def together(costs: Sequence[Cost]) -> Cost:
    """What commands cost that ran one after another."""
    return Cost(
        sum(cost.wall for cost in costs),
        sum(cost.by_accounts for cost in costs),
        max(cost.memory for cost in costs),
        max(cost.code for cost in costs),
        None if any(cost.by_group is None for cost in costs) else sum(cost.by_group or 0.0 for cost in costs),
    )


class _Group:
    """A control group for one piece of work; of either version, or none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def entering(self) -> tuple[str, ...]:
        """The words before a command that have it begin in the group."""
        if self._folder is None:
            return ()
        return ("/bin/sh", "-c", 'echo $$ >"$0" && exec "$@"', str(self._folder / _PROCESSES))

    @contextlib.contextmanager
    def around(self, pid: int) -> Iterator[None]:
        """A process is in the group meanwhile, and what it begins stays there."""
        if self._folder is not None:
            (self._folder / _PROCESSES).write_text(str(pid))
        try:
            yield
        finally:
            if self._folder is not None:
                (self._folder.parent / _PROCESSES).write_text(str(pid))

    def seconds(self) -> float | None:
        """CPU time of all that was ever in it."""
        if self._folder is None:
            return None
        old = self._folder / "cpuacct.usage"
        if old.exists():
            return int(old.read_text()) / 1e9
        lines = (self._folder / "cpu.stat").read_text().splitlines()
        return int(dict(line.split() for line in lines)["usage_usec"]) / 1e6


@contextlib.contextmanager
def _group() -> Iterator[_Group]:
    """A new group under this process's own, where this user may make one."""
    folder = next(filter(None, map(_made, _groups())), None)
    try:
        yield _Group(folder)
    finally:
        if folder is not None:
            with contextlib.suppress(OSError):
                for straggler in _lines(str(folder / _PROCESSES)):
                    (folder.parent / _PROCESSES).write_text(straggler)
                folder.rmdir()


def _made(place: Path) -> Path | None:
    """A group under another that processes can move into, and that counts; None where there can be none."""
    folder = place / f"autograder-{secrets.token_hex(4)}"
    try:
        folder.mkdir()
    except OSError:
        return None
    try:
        subprocess.run([*_Group(folder).entering, "true"], check=True, stderr=subprocess.DEVNULL)
        _Group(folder).seconds()
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return folder


def _groups() -> Iterator[Path]:
    """The folders of the control groups of this process that count CPU time."""
    for line in _lines("/proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        for mount in _lines("/proc/self/mounts"):
            _, place, kind, options, *_ = mount.split()
            counts = "cpuacct" in controllers.split(",") and "cpuacct" in options.split(",")
            if (kind == "cgroup" and counts) or (kind == "cgroup2" and not controllers):
                yield Path(place) / path.lstrip("/")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


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


def _accounts() -> float:
    """CPU seconds of the children that this process has waited for, and of those that they have."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _own() -> float:
    return time.process_time()


def _running() -> float:
    """CPU seconds so far of all processes below this one, and of the children that they have waited for."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total
