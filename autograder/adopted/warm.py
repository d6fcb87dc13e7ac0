"""The warm process: it has an instructor's notebook read, compiled and its imports loaded, and is forked for each submission.

Theory of operation. It reads what the notebook's cells are from the socket that is its first argument, makes them ready and
says so; from then on it forks an exam process for each socket that it is sent, and hands back a descriptor by which that can be
ended and its clock read. It sees no submission, so that none sees another's.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import socket
import sys
from pathlib import Path
from typing import Any

from autograder.adopted import slips
from autograder.child import lockin, spoken

_IMPORTED_FIRST = ("numpy", "numpy.linalg", "numpy.random")


def main() -> None:
    """Serves the socket whose descriptor is the first argument, until it closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    lockin.die_with_parent()
    from autograder.adopted import exam, surroundings

    surroundings.note_seeding()
    cells = slips.prepare(slips.read(control.fileno())).cells
    sys.path.insert(0, os.getcwd())  # modules beside the notebook
    paper = exam.Paper(cells)
    paper.load()
    gc.collect()
    gc.freeze()  # else the first collection in every fork copies all pages
    control.send(b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 16, 1)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            _be_an_exam(exam, paper, descriptors[0])
        os.close(descriptors[0])
        handle = os.pidfd_open(pid)
        socket.send_fds(control, [b"forked"], [handle])
        os.close(handle)
        os.waitpid(pid, 0)


def _be_an_exam(exam: Any, paper: Any, descriptor: int) -> None:
    """Never returns: one sitting."""
    code = 1
    try:
        lockin.die_with_parent()
        serve(exam, paper, descriptor, descriptor)
        code = 0
    except EOFError:
        code = 0
    finally:
        os._exit(code)


def serve(exam: Any, paper: Any, reading: int, writing: int) -> None:
    """Runs what it is told to until the other side has gone."""
    begin = slips.to_exam(slips.read(reading))
    if not isinstance(begin, slips.Begin):
        raise EOFError("no sitting was begun")
    os.chdir(begin.folder)
    if begin.memory_bytes:
        limit = _mapped() + begin.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    permitted = None if begin.permitted is None else frozenset(begin.permitted)
    sitting = exam.Exam(
        paper,
        lambda message: slips.write(writing, message),
        lambda: slips.to_exam(slips.read(reading)),
        permitted,
        begin.most,
    )
    while True:
        match slips.to_exam(slips.read(reading)):
            case slips.RunStep() as step:
                slips.write(writing, sitting.run(step))
            case spoken.CallBack() as call:
                slips.write(writing, sitting.called_back(call))
            case _:
                raise EOFError("no cell was to be run")


def _mapped() -> int:
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return 0


if __name__ == "__main__":
    main()
