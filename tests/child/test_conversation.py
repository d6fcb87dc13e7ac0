"""The child's half of the conversation: it ends with the other side's, and its rehearsal leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys

from autograder.child import conversation, messages, wire
from autograder.child.messages import CellData


def test_serving_ends_when_the_other_side_hangs_up() -> None:
    child_reads, we_write = os.pipe()
    we_read, child_writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(we_write)
        code = 1
        try:
            conversation.serve(child_reads, child_writes)
            code = 0
        finally:
            os._exit(code)
    os.close(child_reads)
    os.close(child_writes)
    os.write(we_write, wire.frame(messages.Program([CellData(0, "def f(a): return a")], "f", [])))
    os.close(we_write)
    with os.fdopen(we_read, "rb") as pipe:
        assert len(pipe.read()) > 10
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_rehearsal_leaves_nothing_behind() -> None:
    """What every child starts from holds no notebook, no open pipe, and nothing in the place of `__main__`."""
    program = (
        "import os, sys; from autograder.child import conversation\n"
        "def state(): return sys.meta_path[:], sys.modules['__main__'], sorted(os.listdir('/dev/fd'))\n"
        "before = state(); conversation.rehearse(); assert state() == before, (before, state())"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
