"""The warm process: it has an instructor's notebook read, compiled and its imports loaded, and is forked for each submission.

Theory of operation. It reads what the notebook's cells are from the socket that is its first argument, makes them ready and
says so; from then on it forks an exam process for each socket that it is sent, and hands back a descriptor by which that can be
ended and its clock read. It sees no submission, so that none sees another's.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import socket
import sys
from pathlib import Path
from typing import Any

from autograder.adopted import slips
from autograder.child import spoken

ALONE = "alone"
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/shm")


def main() -> None:
    """Serves the socket whose descriptor is the first argument, until it closes; or is one exam process itself."""
    if sys.argv[1] == ALONE:
        _alone()
    else:
        _warm(socket.socket(fileno=int(sys.argv[1])))


def _alone() -> None:
    """One sitting over this process's own input and output, where no process can be forked."""
    writing = os.dup(1)
    os.dup2(2, 1)  # what is printed is no message
    exam, paper = _prepared(0)
    with contextlib.suppress(EOFError):
        serve(exam, paper, 0, writing, float(sys.argv[2]))


def _prepared(reading: int) -> tuple[Any, Any]:
    """The module of exams, and the notebook made ready."""
    from autograder.adopted import exam, surroundings

    surroundings.note_seeding()
    cells = slips.prepare(slips.read(reading)).cells
    sys.path.insert(0, os.getcwd())  # modules beside the notebook
    paper = exam.Paper(cells)
    paper.load()
    return exam, paper


def _warm(control: socket.socket) -> None:
    from autograder.child import lockin

    lockin.die_with_parent()
    exam, paper = _prepared(control.fileno())
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
        from autograder.child import lockin

        lockin.die_with_parent()
        serve(exam, paper, descriptor, descriptor)
        code = 0
    except EOFError:
        code = 0
    finally:
        os._exit(code)


def serve(exam: Any, paper: Any, reading: int, writing: int, seconds: float = 0.0) -> None:
    """Runs what it is told to until the other side has gone.

    With `seconds`, the process ends where nothing is read for as long, but by waiting for it: whoever would end it may be gone.
    """

    def read() -> slips.ToExam:
        if seconds:
            faulthandler.cancel_dump_traceback_later()
        told = slips.to_exam(slips.read(reading))
        if seconds:
            faulthandler.dump_traceback_later(seconds, exit=True, file=2)  # sys.stderr may be a test's
        return told

    begin = read()
    if not isinstance(begin, slips.Begin):
        raise EOFError("no sitting was begun")
    os.chdir(begin.folder)
    if begin.memory_bytes:
        import resource

        limit = _mapped() + begin.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if begin.readable:
        _confine(begin)
    permitted = None if begin.permitted is None else frozenset(begin.permitted)
    sitting = exam.Exam(
        paper,
        lambda message: slips.write(writing, message),
        read,
        permitted,
        begin.most,
    )
    while True:
        match read():
            case slips.RunStep() as step:
                slips.write(writing, sitting.run(step))
            case spoken.CallBack() as call:
                slips.write(writing, sitting.called_back(call))
            case _:
                raise EOFError("no cell was to be run")


def _confine(begin: slips.Begin) -> None:
    """Test cells open, and take away, files whose paths student code gives them: none but those of this sitting."""
    import tempfile

    from autograder.child import lockin

    os.environ["TMPDIR"] = tempfile.tempdir = begin.folder
    lockin.confine(begin.readable, [begin.folder, *_DEVICES])


def _mapped() -> int:
    """Bytes of this process's address space."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
