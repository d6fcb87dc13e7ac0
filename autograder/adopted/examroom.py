"""The exam room, from the side that grades: one warm process for a notebook, and an exam process of it for each submission."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO, Final

from autograder.adopted import slips
from autograder.adopted.papers import Paper
from autograder.budget import current
from autograder.closing import Closing
from autograder.errors import SandboxError
from autograder.sandbox import jail, process

CPU_SECONDS: Final = (
    30.0  # of one cell of the instructor's, without what it waits for; nbgrader gives a cell as much
)
WALL_FACTOR: Final = 4  # a cell that takes so many times that without working has come to nothing
MEMORY_MIB: Final = 2048  # beyond what the warm process has
MAX_TAKEN: Final = 100_000
_START_SECONDS: Final = 120.0  # libraries are slow to load from a cold disk
_CONTROL_SECONDS: Final = 20.0
_GLANCE_SECONDS: Final = 0.05
# Of the system, what libraries read and run: fonts, time zones, programs, random numbers; not what is in people's folders.
_SYSTEM: Final = ("/usr", "/bin", "/etc", "/dev", "/proc", "/sys")
_LINKED: Final = 2**20  # bytes from which on a file beside the notebook is not copied for each sitting


class ExamEndedError(Exception):
    """The exam process ended, or was ended, before it had run a cell."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ExamRoom(Closing):
    """The exam processes of one notebook, one at a time. A context manager; not for threads."""

    def __init__(
        self, paper: Paper, folder: Path | None = None, files: Sequence[Path] = (), *, most: int = MAX_TAKEN
    ) -> None:
        """`files` of a folder lie beside the notebook, and so they do where test cells run.

        `most` are the values that one cell takes out of a student's objects by going through them.
        """
        self.paper, self.most = paper, most
        self._source, self._files = folder or paper.path.parent, tuple(files)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    def close(self) -> None:
        """Ends the warm process, and an exam with it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def exam(self, permitted: Collection[str] | None = None) -> Exam:
        """A fresh exam process; SandboxError where none can be had.

        `permitted` are the places at which a test may hand values to the student's objects; None: everywhere.
        """
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._start()
        assert self._control is not None
        assert self._folder is not None
        ours, theirs = socket.socketpair()
        place = Path(tempfile.mkdtemp(dir=self._folder.name, prefix="exam-"))
        try:
            with theirs:
                socket.send_fds(self._control, [b"exam"], [theirs.fileno()])
            reply, handles, _, _ = socket.recv_fds(self._control, 16, 1)
            if reply != b"forked" or len(handles) != 1:
                raise SandboxError(f"the process of the tests gave no other: {self._said()}")
        except (OSError, SandboxError) as error:
            ours.close()
            told = str(error)
            self.close()
            raise SandboxError(f"no process could be had in which tests run: {told}") from None
        self._lay_out(place)
        exam = Exam(ours, handles[0], place)
        exam.send(
            slips.Begin(
                str(place),
                None if permitted is None else list(permitted),
                MEMORY_MIB * 2**20,
                self.most,
                [*map(str, jail.readable()), *_SYSTEM, str(self._folder.name) + "/files"],
            )
        )
        return exam

    def _start(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-exam-")
        kept = Path(self._folder.name, "files")
        kept.mkdir()
        for file in self._files:
            source, target = self._source / file, kept / file
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):
                shutil.copyfile(source, target)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START_SECONDS)
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-s", "-m", "autograder.adopted.warm", str(theirs.fileno())],
                    env=jail.ENVIRONMENT,
                    cwd=kept,
                    stdin=subprocess.DEVNULL,
                    stdout=self._log,
                    stderr=self._log,
                    pass_fds=[theirs.fileno()],
                )
            self._control.sendall(slips.frame(slips.prepared(self.paper)))
            if self._control.recv(16) != b"ready":
                raise SandboxError(self._said())
        except (OSError, SandboxError) as error:
            told = str(error)
            self.close()
            raise SandboxError(f"no process could be started in which tests run: {told}") from None
        self._control.settimeout(_CONTROL_SECONDS)

    def _lay_out(self, place: Path) -> None:
        """The files beside the notebook where the cells run: copies, of large ones links."""
        assert self._folder is not None
        kept = Path(self._folder.name, "files")
        for file in self._files:
            source, target = kept / file, place / file
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):
                if source.stat().st_size >= _LINKED:
                    target.symlink_to(source)
                else:
                    shutil.copyfile(source, target)

    def _said(self) -> str:
        """The last line of what the warm process printed."""
        assert self._log is not None
        self._log.seek(0)
        lines = self._log.read(2**16).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"


class Exam:
    """One exam process: what is said to it, and its time, which is that of the cell that it runs."""

    def __init__(self, connection: socket.socket, handle: int, folder: Path) -> None:
        self._connection, self._handle, self._folder = connection, handle, folder
        self._pid = process.pid_of(handle)
        connection.setblocking(False)
        self._arrived = bytearray()
        self._open = True
        self._spent = 0.0  # of CPU time in all, as it was seen last
        self.allow()

    def allow(self) -> None:
        """Gives it the full time of a cell."""
        self._cpu_since = process.cpu_seconds(self._pid) or 0.0
        self._waited = 0.0

    def send(self, message: slips.ToExam) -> None:
        """Delivers one message; ExamEndedError where it has ended."""
        rest = memoryview(slips.frame(message))
        while rest:
            try:
                rest = rest[self._connection.send(rest) :]
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except OSError:
                raise ExamEndedError("ended its process") from None

    def receive(self) -> slips.FromExam:
        """Its next message; ExamEndedError where it has ended, or its time was up and it was ended."""
        self._check_time()  # here too: one that always has something to say is never waited for
        size = slips.body_length(self._exactly(4))
        return slips.from_exam(self._exactly(size))

    def close(self) -> None:
        """Ends the process."""
        if self._open:
            self._open = False
            if (own := current()) is not None:
                own.taken += process.cpu_seconds(self._pid) or self._spent
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            self._connection.close()
            os.close(self._handle)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _exactly(self, size: int) -> bytes:
        while len(self._arrived) < size:
            try:
                part = self._connection.recv(max(2**16, size - len(self._arrived)))
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except OSError:
                part = b""
            if not part:
                raise ExamEndedError("ended its process")
            self._arrived += part
        taken = bytes(self._arrived[:size])
        del self._arrived[:size]
        return taken

    def _wait(self, event: int) -> None:
        poll = select.poll()
        poll.register(self._connection.fileno(), event)
        while True:
            if poll.poll(_GLANCE_SECONDS * 1000):
                return
            # One that works, or waits for a busy machine to give it a turn, has not come to nothing; and where the whole
            # machine stood still, that was one glance.
            if not process.waits_for_a_turn(self._pid):
                self._waited += _GLANCE_SECONDS
            self._check_time()

    def _check_time(self) -> None:
        self._spent = process.cpu_seconds(self._pid) or self._spent
        if self._spent - self._cpu_since >= CPU_SECONDS:
            raise ExamEndedError(f"took more than {CPU_SECONDS:g} s of CPU time")
        if self._waited >= WALL_FACTOR * CPU_SECONDS:
            raise ExamEndedError(f"came to nothing in {WALL_FACTOR * CPU_SECONDS:g} s")
