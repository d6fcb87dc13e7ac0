"""The sandbox, from the trusted side: starts the zygote and asks it for children, one at a time.

Theory of operation. `Sandbox` starts one Python (`child/zygote.py`), where bubblewrap is found inside namespaces of
its own with no file but a read-only Python, no network, no process but itself. Every child it forks gets
resource limits, a user of its own where we are root, no new privileges, Landlock and a seccomp allow-list, and
inherits three pipes and nothing else. What speaks to a child over them, limits and ends it, is `locked.py`.

How well a machine locks in is told by what a probing child could do (`Sandbox.level`), not by what should
have worked.
"""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

import msgspec

from autograder.budget import current, undisturbed
from autograder.child import lockin, zygote
from autograder.closing import Closing
from autograder.errors import SandboxError
from autograder.records import Level, Limits
from autograder.sandbox import jail, probes, process, seccomp
from autograder.sandbox.locked import LockedChild, backstop

_START_SECONDS: Final = 60.0  # a cold disk can make the first import slow
_CONTROL_SECONDS: Final = 20.0
_PARTING_SECONDS: Final = 1.0
_THREADS: Final = 64  # that a child may have, beside what else its user runs
_FIRST_TO_GO: Final = "500"  # the system, when out of memory, ends a child before anything of the user's


class Sandbox(Closing):
    """One zygote and its children, one child at a time. A context manager; not for threads."""

    _zygote: tuple[str, ...] = ("-m", "autograder.child.zygote")  # a benchmark has one that locks nothing

    def __init__(
        self,
        limits: Limits,
        *,
        use_bubblewrap: bool = True,
        folder: Path | None = None,
        lasting: bool = False,
        processor: int | None = None,
    ) -> None:
        """Children run in `folder`, where there is one, and may read all that is in it: nothing else may lie there.

        `lasting` ones run a whole notebook and answer about it: each piece has the time of the limits, and all have that
        of a submission. To one `processor`, this process and its children are kept from the first child on.
        """
        self._limits = limits
        self._folder = None if folder is None else folder.resolve()
        self._seconds = backstop(limits, lasting=lasting)
        self._use_bubblewrap = use_bubblewrap
        self._processor = processor
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._busy: LockedChild | None = None
        self._modules: tuple[str, ...] = ()  # that the zygote has loaded
        self._enclosed: bool | None = (
            None  # of a zygote that is not ready yet: whether it is in namespaces of its own
        )

    def close(self) -> None:
        """Ends the zygote and whatever it started."""
        self._stop()
        if self._busy is not None:
            self._busy.close()

    def begin(self) -> None:
        """Starts the zygote without waiting until it is ready, as the first child will; SandboxError where it cannot be."""
        if self._control is None:
            self._start()

    @undisturbed()
    def child(self, modules: Sequence[str] = ()) -> LockedChild:
        """A fresh locked-in child; SandboxError where none could be had, or the last one is not closed yet.

        It has these `modules` loaded where they are installed: within its own time, a large one would take all of it.
        """
        if self._busy is not None:
            raise SandboxError("the last child has not been closed: a sandbox has one at a time")
        if not set(modules) <= set(self._modules):
            self._modules = tuple(dict.fromkeys((*self._modules, *modules)))
            self._stop()
        if self._process is not None and self._process.poll() is not None:
            self._stop()  # the zygote was ended from outside; the next child gets a new one
        had_zygote = self._control is not None
        try:
            child = self._fork()
        except SandboxError:
            self._stop()
            if not had_zygote:
                raise
            child = self._fork()  # the old one may have been killed from outside
        self._busy = child
        try:
            child.greet()
        except BaseException:
            child.close()
            raise
        return child

    def _reap(self) -> zygote.Ended | None:
        """How the child that was just ended did end; None where the zygote does not say."""
        self._busy = None
        if self._control is None:
            return None
        try:
            return msgspec.msgpack.decode(self._control.recv(256), type=zygote.Ended)
        except (OSError, msgspec.MsgspecError):
            self._stop()
            return None

    @functools.cached_property
    def level(self) -> Level:
        """How well children are locked in, by what a probing child could do."""
        return probes.level(self.could)

    @functools.cached_property
    def could(self) -> frozenset[str]:
        """What a probing child could do of what it should not; SandboxError where it cannot be run."""
        return probes.could(self.child)

    def _stop(self) -> None:
        """Ends the zygote, and with it the child it waits for; the next child gets a new one."""
        self._enclosed = None
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            if self._busy is None:  # it ends by itself, and no CPU time is lost from the kernel's accounts
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(_PARTING_SECONDS)
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None

    def _fork(self) -> LockedChild:
        """A child that has not spoken yet."""
        self.begin()
        assert self._control is not None
        if self._enclosed is not None:
            self._await(self._control, enclosed=self._enclosed)
        child_reads, we_write = os.pipe()
        we_read, child_writes = os.pipe()
        we_drain, child_prints = os.pipe()
        theirs = (child_reads, child_writes, child_prints)
        handles: list[int] = []
        try:
            socket.send_fds(self._control, [b"fork"], list(theirs))
            reply, handles, _, _ = socket.recv_fds(self._control, 64, 1)
            if reply != b"forked" or len(handles) != 1:
                raise SandboxError(f"the zygote gave no child: {self._said()}")
            child = LockedChild(
                self._reap, self._limits, handles[0], (we_write, we_read, we_drain), self._seconds
            )
            if (budget := current()) is not None:
                budget.opened.append(child)
            return child
        except (OSError, SandboxError) as error:
            for descriptor in (we_write, we_read, we_drain, *handles):
                os.close(descriptor)
            raise SandboxError(f"no child could be started: {error}") from None
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def _start(self) -> None:
        """Starts a zygote, which is not ready to fork before `_await`; SandboxError where that fails."""
        enclosed = jail.around(self._folder) if self._use_bubblewrap else ()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the zygote
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_START_SECONDS)
        command = [sys.executable, "-P", "-s", *self._zygote, str(theirs.fileno()), *self._modules]
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [*enclosed, *command],
                    env=jail.ENVIRONMENT,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=self._log,
                    stderr=self._log,
                    pass_fds=[theirs.fileno()],
                )
        except OSError as error:
            self._stop()
            raise SandboxError(f"the sandbox could not be started: {error}") from None
        self._enclosed = bool(enclosed)

    def _await(self, control: socket.socket, *, enclosed: bool) -> None:
        """Makes the zygote ready to fork; SandboxError where that fails."""
        self._enclosed = None
        try:
            self._prepare(control, enclosed=enclosed)
        except (OSError, SandboxError) as error:
            self._stop()
            raise SandboxError(f"the sandbox could not be started: {error}") from None
        control.settimeout(_CONTROL_SECONDS)

    def _prepare(self, control: socket.socket, *, enclosed: bool) -> None:
        """Waits until the zygote has loaded its Python, and tells it what its children are to enter."""
        _, handles, _, _ = socket.recv_fds(control, 64, 1)
        if len(handles) != 1:
            raise SandboxError(f"the zygote did not start: {self._said()}")
        pid = process.pid_of(handles[0])
        os.close(handles[0])
        if self._processor is not None:
            process.keep_to(self._processor, os.getpid(), pid)
        with contextlib.suppress(OSError):  # where /proc is not ours to write, nothing is lost but this
            Path(f"/proc/{pid}/oom_score_adj").write_text(_FIRST_TO_GO)
        readable = jail.readable()
        place = jail.place(self._folder, enclosed=enclosed)
        # Nobody may be unable to read a Python under somebody's home, or packages that are for their owner alone.
        drop_user = os.geteuid() == 0 and jail.hidden_from_nobody(self._folder, enclosed=enclosed) is None
        drop_user = drop_user and jail.can_become_nobody()
        setting = zygote.Setting(
            seccomp=seccomp.program(),
            readable=[str(path) for path in (*readable, *([] if place is None else [place]))],
            folder=None if place is None else str(place),
            drop_user=drop_user,
            memory_bytes=process.address_space(pid) + self._limits.memory_mib * 2**20,
            cpu_seconds=self._seconds,
            threads=_THREADS + process.tasks_of(lockin.NOBODY if drop_user else os.geteuid()),
        )
        control.send(msgspec.msgpack.encode(setting))
        if control.recv(16) != b"ready":
            raise SandboxError(f"the zygote could not prepare its children: {self._said()}")

    def _said(self) -> str:
        """The last line of what the zygote printed."""
        assert self._log is not None
        self._log.seek(0)
        lines = self._log.read(2**16).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"
