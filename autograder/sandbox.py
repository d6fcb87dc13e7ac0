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

import contextlib
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
from typing import IO, Final, NoReturn, Self

import msgspec

from autograder import jail, lockin, seccomp, wire, zygote
from autograder.errors import SandboxError
from autograder.records import Cell, Level, Limits, Returned
from autograder.words import agree, counted
from autograder.worker import ChildDiedError, Request, run

IDLE_FACTOR: Final = 10  # a child that idles for this many times its CPU limit has timed out
MAX_PRINTED: Final = 16 * 2**20  # bytes; a child that prints more is ended
MAX_RECEIVED: Final = 4 * wire.MAX_FRAME  # bytes of answers of one child: they pile up on our side
_START_SECONDS: Final = 60.0  # a cold disk can make the first import slow
_CONTROL_SECONDS: Final = 20.0
_PARTING_SECONDS: Final = 1.0
_PIPE: Final = 2**16  # bytes that a pipe holds
_GLANCE_SECONDS: Final = 0.02  # how often a busy child's clock is read
_CLOCK_OF_PROCESS: Final = 2  # CPUCLOCK_SCHED, as clock_getcpuclockid(3) builds it
_THREADS: Final = 64  # that a child may have, beside what else its user runs
_FIRST_TO_GO: Final = "500"  # the system, when out of memory, ends a child before anything of the user's


class Sandbox:
    """One zygote and its children, one child at a time. A context manager; not for threads."""

    _zygote: tuple[str, ...] = ("-m", "autograder.zygote")  # a benchmark has one that locks nothing

    def __init__(self, limits: Limits, *, use_bubblewrap: bool = True) -> None:
        self._limits = limits
        self._use_bubblewrap = use_bubblewrap
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._busy: LockedChild | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the zygote and whatever it started."""
        self._stop()
        if self._busy is not None:
            self._busy.close()

    def child(self) -> LockedChild:
        """A fresh locked-in child; SandboxError where none could be had, or the last one is not closed yet."""
        if self._busy is not None:
            raise SandboxError("the last child has not been closed: a sandbox has one at a time")
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

    def reap(self) -> zygote.Ended | None:
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
        could = self.could
        if could - _VISIBLE_ONLY:
            return "none"
        return "reduced" if could else "full"

    @functools.cached_property
    def could(self) -> frozenset[str]:
        """What a probing child could do of what it should not; SandboxError where it cannot be run."""
        with tempfile.NamedTemporaryFile(prefix="autograder-probe-") as canary:
            os.chmod(canary.name, 0o666)  # so that it is the lock that holds, and not the file's own rights
            source = _PROBES
            for name, value in (
                ("CANARY", canary.name),
                ("ENVIRONMENT", [*jail.ENVIRONMENT, "LC_CTYPE", "PWD"]),
                ("PROBES", PROBES),
            ):
                source = f"{name} = {value!r}\n{source}"
            probe = run(self.child, Request("probe", [(Cell(0, source), False)], [[()]]))
        outcome = probe.outcomes[0][0]
        if not (isinstance(outcome, Returned) and hasattr(outcome.value, "tolist")):
            raise SandboxError(f"the probing child gave no answer: {outcome}, {probe.failed}")
        return frozenset(name for name, done in zip(PROBES, outcome.value.tolist(), strict=True) if done)  # type: ignore[union-attr]

    def _stop(self) -> None:
        """Ends the zygote, and with it the child it waits for; the next child gets a new one."""
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
        if self._control is None:
            self._start()
        assert self._control is not None
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
            return LockedChild(self, self._limits, handles[0], we_write, we_read, we_drain)
        except (OSError, SandboxError) as error:
            for descriptor in (we_write, we_read, we_drain, *handles):
                os.close(descriptor)
            raise SandboxError(f"no child could be started: {error}") from None
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def _start(self) -> None:
        """Starts a zygote and makes it ready to fork; SandboxError where that fails."""
        enclosed = jail.bubblewrap() if self._use_bubblewrap else ()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the zygote
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_START_SECONDS)
        command = [sys.executable, "-P", "-s", *self._zygote, str(theirs.fileno())]
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
            self._prepare(self._control, enclosed=bool(enclosed))
        except (OSError, SandboxError) as error:
            self._stop()
            raise SandboxError(f"the sandbox could not be started: {error}") from None
        self._control.settimeout(_CONTROL_SECONDS)

    def _prepare(self, control: socket.socket, *, enclosed: bool) -> None:
        """Waits until the zygote has loaded its Python, and tells it what its children are to enter."""
        _, handles, _, _ = socket.recv_fds(control, 64, 1)
        if len(handles) != 1:
            raise SandboxError(f"the zygote did not start: {self._said()}")
        pid = _pid_of(handles[0])
        os.close(handles[0])
        with contextlib.suppress(OSError):  # where /proc is not ours to write, nothing is lost but this
            Path(f"/proc/{pid}/oom_score_adj").write_text(_FIRST_TO_GO)
        readable = jail.readable()
        # Nobody may be unable to read a Python under somebody's home, or packages that are for their owner alone.
        drop_user = os.geteuid() == 0 and jail.hidden_from_nobody(enclosed=enclosed) is None
        drop_user = drop_user and jail.can_become_nobody()
        setting = zygote.Setting(
            seccomp=seccomp.program(),
            readable=[str(path) for path in readable],
            drop_user=drop_user,
            memory_bytes=_address_space(pid) + self._limits.memory_mib * 2**20,
            cpu_seconds=_backstop(self._limits),
            threads=_THREADS + _tasks_of(lockin.NOBODY if drop_user else os.geteuid()),
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


class LockedChild:
    """One child of the zygote; see `worker.Child`."""

    def __init__(
        self, sandbox: Sandbox, limits: Limits, handle: int, writing: int, reading: int, draining: int
    ) -> None:
        self._sandbox, self._limits, self._handle = sandbox, limits, handle
        self._writing, self._reading, self._draining = writing, reading, draining
        self._pid = _pid_of(handle)
        self._clock = (~self._pid << 3) | _CLOCK_OF_PROCESS
        for descriptor in (writing, reading, draining):
            os.set_blocking(descriptor, False)
        self._arrived = bytearray()
        self._printed = bytearray()
        self._printed_bytes = 0
        self._received_bytes = 0
        self._open = True
        self._drained = False
        self._asked_at: float | None = None
        self._cpu_since = 0.0
        self.allow()

    def greet(self) -> None:
        """Waits until the child is locked in; SandboxError where it does not get that far."""
        try:
            greeting: object = self.receive()
        except ChildDiedError as death:
            said = self.close().strip().splitlines()
            reason = said[-1][:300] if said else death.detail
            raise SandboxError(f"a child could not lock itself in: {reason}") from None
        if not isinstance(greeting, wire.Locked):
            raise SandboxError("a child spoke before it was locked in")

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
        self._check_time()  # here and below too: a child that always has something to say is never waited for
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
            size = wire.body_length(self._exactly(wire.LENGTH.size))
            self._received_bytes += size
            if self._received_bytes > MAX_RECEIVED:
                raise ChildDiedError("crashed", f"answered with more than {MAX_RECEIVED // 2**20} MiB")
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
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            self._ended = self._sandbox.reap()
            self._drain()
            for descriptor in (self._writing, self._reading, self._draining, self._handle):
                os.close(descriptor)
        text = bytes(self._printed).decode("utf-8", "replace")
        if more := self._printed_bytes - len(self._printed):
            text += f"\n… {counted(more, 'more byte')} {agree(more, 'was', 'were')} printed"
        return text

    def _exactly(self, size: int) -> bytes:
        """The next bytes from the child; as much as the pipe holds is read at once."""
        while len(self._arrived) < size:
            self._check_time()
            try:
                part = os.read(self._reading, max(_PIPE, size - len(self._arrived)))
            except BlockingIOError:
                self._wait(writing=False)
                continue
            if not part:
                self._end_of_conversation()
            self._arrived += part
        taken = bytes(self._arrived[:size])
        del self._arrived[:size]
        return taken

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
        spent = self._cpu() - self._cpu_since + self._charged
        if spent >= limit:
            raise ChildDiedError("timeout", f"used more than {limit:g} s of CPU time")
        # A child that waits for a busy machine to give it a turn is not idle.
        idle = time.monotonic() - self._since - spent
        if (
            idle >= IDLE_FACTOR * limit
            and idle - self._delayed() >= IDLE_FACTOR * limit
            and not self._waits_for_a_turn()
        ):
            raise ChildDiedError("timeout", f"did nothing for {IDLE_FACTOR * limit:g} s", idle=True)

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

    def _end_of_conversation(self) -> NoReturn:
        """The child closed its pipe: it is dead, or as good as dead. Says why."""
        if not select.select([self._handle], [], [], 1.0)[0]:
            raise ChildDiedError("crashed", "closed its pipe")
        self.close()
        if self._ended is None:
            raise SandboxError("the zygote ended, and its child with it")
        status = self._ended.status
        if not os.WIFSIGNALED(status):
            raise ChildDiedError("crashed", f"ended itself with exit code {os.WEXITSTATUS(status)}")
        name = signal.Signals(os.WTERMSIG(status)).name
        if name != "SIGKILL":
            raise ChildDiedError("crashed", f"ended by {name}")
        # Not by us: the kernel, for CPU time where our own clock came late, or for memory.
        if self._ended.cpu_seconds >= _backstop(self._limits) - 0.5:
            raise ChildDiedError("timeout", "used up its CPU time")
        raise ChildDiedError("out-of-memory", "was ended by the system for lack of memory")

    def _cpu(self) -> float:
        """Seconds of CPU time that the child has used, by the kernel's clock."""
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it has ended already; the pipe will tell
            return self._cpu_since

    def _delayed(self) -> float:
        """Seconds of its life for which it was ready to run and others ran; 0 where the kernel keeps no such count."""
        try:
            return int(Path(f"/proc/{self._pid}/schedstat").read_text().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0

    def _waits_for_a_turn(self) -> bool:
        """Whether one of its threads is ready to run: a wait is counted only once it is over."""
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{self._pid}/task").iterdir():
                if (thread / "stat").read_text().rpartition(")")[2].split()[0] == "R":
                    return True
        return False


# What a child must not be able to do. Each probe that succeeds is a hole.
PROBES: Final = (
    "read",  # a file of ours
    "write",
    "network",
    "fork",
    "exec",
    "signal",
    "trace",  # ptrace, or reading another process's memory
    "kernel",  # parts of the kernel that no NumPy needs: namespaces, io_uring, keys, BPF
    "environment",  # our environment variables
    "descriptors",  # files that we hold open
    "names",  # that a file of ours exists, and its size
    "processes",  # which others run
)
# A hole here shows something and lets nothing be done.
_VISIBLE_ONLY: Final = frozenset({"names", "processes"})
_PROBES: Final = """
import ctypes, os, socket, subprocess, numpy as np
libc = ctypes.CDLL(None, use_errno=True)
KEYCTL = {"x86_64": 250, "aarch64": 219}.get(os.uname().machine, -1)
def call(number, *words): return libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, words)) >= 0
def opens(*kind):
    try: return socket.socket(*kind).close() is None
    except OSError: return False
def read(): return open(CANARY).close() is None
def write():
    return any(attempt(lambda: open(path, "ab").close() is None) for path in (CANARY, np.__file__))
def network():
    return any(opens(family, kind) for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 40) for kind in (1, 2, 3))
def fork():
    pid = os.fork()
    if pid == 0: os._exit(0)
    return True
def exec(): return subprocess.run(["/bin/true"]).returncode == 0
def signal(): return os.kill(os.getppid(), 0) is None
def trace():
    if libc.ptrace(0x4206, os.getppid(), 0, 0) == 0: return True  # PTRACE_SEIZE: unlike ATTACH, it stops no one
    return os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY) >= 0
def kernel():
    if libc.unshare(0x10000000) == 0: return True
    return any(call(*words) for words in ((425, 1, 0), (KEYCTL, 0, -3, 1)))
def environment(): return not set(os.environ) <= set(ENVIRONMENT)
def descriptors():
    return any(attempt(lambda: os.fstat(number)) for number in range(5, 256))
def names(): return bool(os.stat(CANARY))
def processes(): return bool(os.listdir("/proc"))
def attempt(probe):
    try: return int(bool(probe()))
    except Exception: return 0
def probe():
    return np.array([attempt(globals()[name]) for name in PROBES])
"""


def _pid_of(handle: int) -> int:
    """The process behind a pidfd, as this side's /proc numbers it."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise SandboxError("the kernel does not tell a child's process number")


def _backstop(limits: Limits) -> int:
    """The CPU seconds after which the kernel ends a child, should we not."""
    return int(2 * limits.cpu_seconds) + 2


def _tasks_of(user: int) -> int:
    """How many tasks (processes and threads) a user has; the kernel's limit counts them all."""
    tasks = 0
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdecimal() and process.stat().st_uid == user:
                tasks += len(os.listdir(process / "task"))
    return tasks


def _address_space(pid: int) -> int:
    """Bytes that process `pid` maps."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
