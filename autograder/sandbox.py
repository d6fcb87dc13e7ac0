"""The sandbox, from the trusted side: starts the zygote, asks it for children, limits and ends them.

Theory of operation. `Sandbox` starts one Python (`zygote.py`), where bubblewrap is found inside namespaces of
its own with no file but a read-only Python, no network, no process but itself. Every child it forks gets
resource limits, a user of its own where we are root, no new privileges, Landlock and a seccomp allow-list, and
inherits three pipes and nothing else. Our ends of the pipes never block; every wait reads the child's CPU
clock through the kernel, drains what it prints, and ends it when its time is up.

How well a machine locks in is told by what a probing child could do (`Sandbox.level`), not by what should
have worked.
"""

from __future__ import annotations

import functools
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from autograder import jail, seccomp, wire, zygote
from autograder.errors import SandboxError
from autograder.records import Cell, Level, Limits, Returned
from autograder.worker import ChildDiedError, Request, run

IDLE_FACTOR: Final = 10  # a child that idles for this many times its CPU limit has timed out
MAX_PRINTED: Final = 16 * 2**20  # bytes; a child that prints more is ended
_START_SECONDS: Final = 60.0  # a cold disk can make the first import slow
_CONTROL_SECONDS: Final = 20.0
_GLANCE_SECONDS: Final = 0.02  # how often a busy child's clock is read
_CLOCK_OF_PROCESS: Final = 2  # CPUCLOCK_SCHED, as clock_getcpuclockid(3) builds it


class Sandbox:
    """One zygote and its children, one child at a time. A context manager; not for threads."""

    def __init__(self, limits: Limits, *, use_bubblewrap: bool = True) -> None:
        self._limits = limits
        self._use_bubblewrap = use_bubblewrap
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the sandbox
        self._busy: LockedChild | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the zygote and whatever it started."""
        if self._busy is not None:
            self._busy.close()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def child(self) -> LockedChild:
        """A fresh locked-in child; SandboxError where none could be had."""
        if self._process is not None and self._process.poll() is not None:
            self.close()  # the zygote was killed from outside; the next child gets a new one
        if self._control is None:
            self._start()
        assert self._control is not None
        child_reads, we_write = os.pipe()
        we_read, child_writes = os.pipe()
        we_drain, child_prints = os.pipe()
        theirs = (child_reads, child_writes, child_prints)
        try:
            socket.send_fds(self._control, [b"fork"], list(theirs))
            reply, handles, _, _ = socket.recv_fds(self._control, 64, 1)
            if reply != b"forked" or len(handles) != 1:
                raise SandboxError(f"the zygote gave no child: {self._said()}")
        except (OSError, SandboxError) as error:
            for descriptor in (we_write, we_read, we_drain):
                os.close(descriptor)
            self.close()
            raise SandboxError(f"no child could be started: {error}") from None
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        self._busy = LockedChild(self, self._limits, handles[0], we_write, we_read, we_drain)
        return self._busy

    def reap(self) -> zygote.Ended:
        """How the child that was just ended did end; SandboxError where the zygote does not say."""
        assert self._control is not None
        self._busy = None
        try:
            return msgspec.msgpack.decode(self._control.recv(256), type=zygote.Ended)
        except (OSError, msgspec.MsgspecError) as error:
            self.close()
            raise SandboxError(f"the zygote did not say how a child ended: {error}") from None

    @functools.cached_property
    def level(self) -> Level:
        """How well children are locked in, by what a probing child could do."""
        could = self.could
        if could & {"read", "write", "network", "fork", "signal", "exec"}:
            return "none"
        return "reduced" if could else "full"

    @functools.cached_property
    def could(self) -> frozenset[str]:
        """What a probing child could do of what it should not; SandboxError where it cannot be run."""
        with tempfile.NamedTemporaryFile(prefix="autograder-probe-") as canary:
            os.chmod(canary.name, 0o644)
            source = _PROBES.replace("CANARY", repr(canary.name))
            probe = run(self.child, Request("probe", [(Cell(0, source), False)], [[()]]))
        outcome = probe.outcomes[0][0]
        if not (isinstance(outcome, Returned) and hasattr(outcome.value, "tolist")):
            raise SandboxError(f"the probing child gave no answer: {outcome}, {probe.failed}")
        return frozenset(name for name, done in zip(PROBES, outcome.value.tolist(), strict=True) if done)  # type: ignore[union-attr]

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        readable = jail.readable_folders()
        enclosed = jail.bubblewrap() if self._use_bubblewrap else ()
        command = [sys.executable, "-P", "-s", "-m", "autograder.zygote", str(theirs.fileno())]
        self._process = subprocess.Popen(
            [*enclosed, *command],
            env=jail.ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        ours.settimeout(_START_SECONDS)
        self._control = ours
        try:
            _, handles, _, _ = socket.recv_fds(ours, 64, 1)
            if len(handles) != 1:
                raise SandboxError(f"the zygote did not start: {self._said()}")
            pid = _pid_of(handles[0])
            os.close(handles[0])
            setting = zygote.Setting(
                seccomp=seccomp.program(),
                readable=[str(path) for path in readable],
                # Without a root of its own, nobody may be unable to read a Python under somebody's home.
                drop_user=os.geteuid() == 0 and (bool(enclosed) or jail.world_readable(readable)),
                memory_bytes=_address_space(pid) + self._limits.memory_mib * 2**20,
                cpu_seconds=int(2 * self._limits.cpu_seconds) + 2,
            )
            ours.send(msgspec.msgpack.encode(setting))
            if ours.recv(16) != b"ready":
                raise SandboxError(f"the zygote could not prepare its children: {self._said()}")
        except (OSError, SandboxError) as error:
            self.close()
            raise SandboxError(f"the sandbox could not be started: {error}") from None
        ours.settimeout(_CONTROL_SECONDS)

    def _said(self) -> str:
        self._log.seek(0)
        lines = self._log.read(2**16).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"


class LockedChild:
    """One child of the zygote; see `worker.Child`."""

    def __init__(
        self, sandbox: Sandbox, limits: Limits, handle: int, writing: int, reading: int, draining: int
    ) -> None:
        self._sandbox, self._limits, self._handle = sandbox, limits, handle
        self._writing, self._reading, self._draining = writing, reading, draining
        for descriptor in (writing, reading, draining):
            os.set_blocking(descriptor, False)
        self._clock = (~_pid_of(handle) << 3) | _CLOCK_OF_PROCESS
        self._printed = bytearray()
        self._printed_bytes = 0
        self._open = True
        self._drained = False
        self._asked_at: float | None = None
        self._charged = 0.0
        self.allow()
        try:
            if not isinstance(self.receive(), wire.Locked):
                raise SandboxError("a child spoke before it was locked in")
        except ChildDiedError as death:
            self.close()
            raise SandboxError(f"a child could not lock itself in: {death.detail}") from None

    def allow(self) -> None:
        """Gives the child its full time again."""
        self._since = time.monotonic()
        self._charged = 0.0
        self._cpu_since = self._cpu()

    def send(self, message: wire.ToChild) -> None:
        """Delivers one message."""
        if self._asked_at is not None:  # our time for the child's question is the child's time
            self._charged += time.monotonic() - self._asked_at
            self._asked_at = None
        rest = memoryview(wire.frame(message))
        while rest:
            try:
                rest = rest[os.write(self._writing, rest) :]
            except BlockingIOError:
                self._wait(writing=True)
            except BrokenPipeError:
                self._end_of_conversation()

    def receive(self) -> wire.ToParent:
        """The child's next message."""
        try:
            size = wire.body_length(bytes(self._exactly(wire.LENGTH.size)))
            message = wire.decode_to_parent(self._exactly(size))
        except wire.WireError as error:
            raise ChildDiedError("crashed", str(error)) from None
        if isinstance(message, wire.Ask):
            self._asked_at = time.monotonic()
        return message

    def close(self) -> str:
        """Ends the child and returns what it printed, cut to the limit."""
        if self._open:
            self._open = False
            self._kill()
            self._ended = self._sandbox.reap()
            self._drain()
            for descriptor in (self._writing, self._reading, self._draining, self._handle):
                os.close(descriptor)
        text = bytes(self._printed).decode("utf-8", "replace")
        if self._printed_bytes > len(self._printed):
            text += f"\n… {self._printed_bytes - len(self._printed)} more bytes were printed"
        return text

    def _exactly(self, size: int) -> bytearray:
        received = bytearray()
        while len(received) < size:
            try:
                part = os.read(self._reading, size - len(received))
            except BlockingIOError:
                self._wait(writing=False)
                continue
            if not part:
                self._end_of_conversation()
            received += part
        return received

    def _wait(self, *, writing: bool) -> None:
        """Waits until the pipe is ready, draining what is printed; ChildDiedError when the time is up."""
        poll = select.poll()
        if writing:
            poll.register(self._writing, select.POLLOUT)
        else:
            poll.register(self._reading, select.POLLIN)
        if not self._drained:
            poll.register(self._draining, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(_GLANCE_SECONDS * 1000)}
            if self._draining in ready and not self._drain():
                poll.unregister(self._draining)
            if ready - {self._draining}:
                return
            self._check_time()

    def _check_time(self) -> None:
        limit = self._limits.cpu_seconds
        if self._cpu() - self._cpu_since + self._charged >= limit:
            raise ChildDiedError("timeout", f"used more than {limit:g} s of CPU time")
        if time.monotonic() - self._since >= IDLE_FACTOR * limit:
            raise ChildDiedError("timeout", f"did nothing for {IDLE_FACTOR * limit:g} s")

    def _drain(self) -> bool:
        """Takes what the child printed; False where it can print no more."""
        while True:
            try:
                part = os.read(self._draining, 2**16)
            except BlockingIOError:
                return True
            if not part:
                self._drained = True
                return False
            keep = self._limits.output_kib * 1024
            self._printed += part[: max(0, keep - len(self._printed))]
            self._printed_bytes += len(part)
            if self._open and self._printed_bytes > MAX_PRINTED:
                raise ChildDiedError("crashed", f"printed more than {MAX_PRINTED // 2**20} MiB")

    def _end_of_conversation(self) -> None:
        """The child closed its pipe: it is dead, or as good as dead. Says why."""
        if select.select([self._handle], [], [], 1.0)[0]:
            self.close()
            status = self._ended.status
            if os.WIFSIGNALED(status):
                name = signal.Signals(os.WTERMSIG(status)).name
                if os.WTERMSIG(status) == signal.SIGKILL:
                    # Not by us: the kernel, for memory, or for CPU time where our own clock came late.
                    limit = int(2 * self._limits.cpu_seconds) + 2
                    if self._ended.cpu_seconds >= limit - 0.5:
                        raise ChildDiedError("timeout", "used up its CPU time")
                    raise ChildDiedError("out-of-memory", "was ended by the system for lack of memory")
                raise ChildDiedError("crashed", f"ended by {name}")
            raise ChildDiedError("crashed", f"ended itself with exit code {os.WEXITSTATUS(status)}")
        raise ChildDiedError("crashed", "closed its pipe")

    def _cpu(self) -> float:
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it has ended already; the pipe will tell
            return getattr(self, "_cpu_since", 0.0)

    def _kill(self) -> None:
        try:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        except ProcessLookupError:
            return


PROBES: Final = ("read", "write", "network", "fork", "signal", "exec", "names", "processes")
# Each line that succeeds is a hole; what it could do is told as a row of zeros and ones.
_PROBES: Final = """
import os, socket, subprocess, numpy as np
def read(): return open(CANARY).close() is None
def write(): return open("/tmp/autograder-probe", "w").close() is None
def network(): return bool(socket.socket())
def fork():
    pid = os.fork()
    if pid == 0: os._exit(0)
    return True
def signal(): return os.kill(os.getppid(), 0) is None
def exec(): return subprocess.run(["/bin/true"]).returncode == 0
def names(): return bool(os.stat(CANARY))
def processes(): return bool(os.listdir("/proc"))
def attempt(probe):
    try: return int(bool(probe()))
    except Exception: return 0
def probe():
    return np.array([attempt(p) for p in (read, write, network, fork, signal, exec, names, processes)])
"""


def _pid_of(handle: int) -> int:
    """The process behind a pidfd, as this side's /proc numbers it."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise SandboxError("the kernel does not tell a child's process number")


def _address_space(pid: int) -> int:
    """Bytes that process `pid` maps."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
