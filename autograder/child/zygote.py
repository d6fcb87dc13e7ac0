"""The zygote: a warm, locked-away Python that forks one child for every graded function.

Theory of operation: it has NumPy and IPython's transformer of cells loaded, holds no student's work, no input and no answer (those
go to the child through pipes of its own, after the fork), and does one thing: for each request on its control
socket it forks, hands back a descriptor by which the child can be killed and its clock read, waits for it, and
tells how it ended. One child at a time.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import socket
import sys
import traceback
from collections.abc import Callable, Sequence

import msgspec

from autograder.child import lockin

# A child's descriptors; nothing else stays open in it.
_READING, _WRITING = 3, 4
_PRELOADED = ("numpy.linalg", "numpy.fft", "numpy.random", "numpy.ma")
_LATER_IMPORTS = (
    "math",
    "itertools",
    "functools",
    "collections",
    "typing",
    "dataclasses",
    "string",
)


class Setting(msgspec.Struct):
    """The first message: what every child enters."""

    seccomp: bytes
    readable: list[str]
    drop_user: bool
    memory_bytes: int  # address space of a child in all
    cpu_seconds: int
    threads: int
    folder: str | None = None  # in which they run


class Ended(msgspec.Struct):
    """How a child ended, as wait4 tells it."""

    status: int
    cpu_seconds: float
    max_rss_kib: int


def main() -> None:
    """Serves the control socket whose descriptor is the first argument, until it closes; loads what the others name."""
    control = socket.socket(fileno=int(sys.argv[1]))
    lockin.die_with_parent()
    serve = _load(sys.argv[2:])
    # By this the trusted side finds our process in its own /proc; there is none in here.
    myself = os.pidfd_open(os.getpid())
    socket.send_fds(control, [b"loaded"], [myself])
    os.close(myself)
    setting = msgspec.msgpack.decode(control.recv(2**16), type=Setting)
    # Descriptors up to 9 are taken, so that a child's pipes never land where dup2 puts them.
    while os.open(os.devnull if os.path.exists(os.devnull) else "/", os.O_RDONLY) < 9:
        pass
    lock = lockin.prepare(
        setting.seccomp,
        setting.readable,
        drop_user=setting.drop_user,
        memory_bytes=setting.memory_bytes,
        cpu_seconds=setting.cpu_seconds,
        threads=setting.threads,
    )
    # Without this, the first collection in every child copies all pages it inherited.
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 64, 3)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            _be_a_child(lock, serve, setting.folder, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        handle = os.pidfd_open(pid)
        socket.send_fds(control, [b"forked"], [handle])
        os.close(handle)
        _, status, usage = os.wait4(pid, 0)
        ended = Ended(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
        control.send(msgspec.msgpack.encode(ended))


def _load(modules: Sequence[str]) -> Callable[[int, int], None]:
    """Imports all that children need, so that none of them has to, and gives what a child does once it is locked in.

    Of `modules`, that what is asked needs, one that is not there or does not load is passed over: who asks says so.

    `random` and `threading` ask to be called in every fork, for a seed and for locks of its own. That costs a child
    0.3 ms and brings nothing: it seeds before each call, and no other thread held a lock.
    """
    register, os.register_at_fork = os.register_at_fork, lambda **_: None
    try:
        from autograder.child import cells, conversation, figures

        if (
            not figures.DRAWING.isdisjoint(name.partition(".")[0] for name in modules)
            and not figures.lacking()
        ):
            figures.load()
        for name in modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        for name in (*_PRELOADED, *_LATER_IMPORTS):
            importlib.import_module(name)
        cells.transformer()
    finally:
        os.register_at_fork = register
    conversation.rehearse()  # BLAS sets itself up at the first product, too
    return conversation.serve


def _be_a_child(
    lock: lockin.Lock,
    serve: Callable[[int, int], None],
    folder: str | None,
    reading: int,
    writing: int,
    output: int,
) -> None:
    """Never returns: the child's whole life."""
    code = 1
    try:
        os.dup2(reading, _READING)
        os.dup2(writing, _WRITING)
        os.dup2(output, 1)
        os.dup2(output, 2)
        kept = _WRITING if lock.ruleset is None else lock.ruleset
        os.closerange(_WRITING + 1, kept)
        os.closerange(kept + 1, 2**20)
        if folder is not None:
            os.chdir(folder)
        lockin.enter(lock)
        serve(_READING, _WRITING)
        code = 0
    except EOFError:
        code = 0
    except BaseException:
        traceback.print_exc()  # to the trusted side, as if the child had printed it
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
