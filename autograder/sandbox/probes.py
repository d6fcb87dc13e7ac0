"""How well a machine locks in, by what a probing child can do, not by what should have worked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Final

from autograder.errors import SandboxError
from autograder.records import Cell, Level, Returned
from autograder.sandbox import jail
from autograder.sandbox.worker import Child, Request, run

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


def could(start: Callable[[], Child]) -> frozenset[str]:
    """What a probing child, made by `start`, could do of what it should not; SandboxError where it cannot be run."""
    with tempfile.NamedTemporaryFile(prefix="autograder-probe-") as canary:
        os.chmod(canary.name, 0o666)  # so that it is the lock that holds, and not the file's own rights
        source = _PROBES
        for name, value in (
            ("CANARY", canary.name),
            ("ENVIRONMENT", [*jail.ENVIRONMENT, "LC_CTYPE", "PWD"]),
            ("PROBES", PROBES),
        ):
            source = f"{name} = {value!r}\n{source}"
        probe = run(start, Request("probe", [(Cell(0, source), False)], [[()]]))
    outcome = probe.outcomes[0][0]
    if not (isinstance(outcome, Returned) and hasattr(outcome.value, "tolist")):
        raise SandboxError(f"the probing child gave no answer: {outcome}, {probe.failed}")
    return frozenset(name for name, done in zip(PROBES, outcome.value.tolist(), strict=True) if done)  # type: ignore[union-attr]


def level(could: frozenset[str]) -> Level:
    """How well children are locked in that could do this."""
    if could - _VISIBLE_ONLY:
        return "none"
    return "reduced" if could else "full"
