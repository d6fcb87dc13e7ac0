"""How a child locks itself in: what is left of root's powers, and what a refusal says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

lockin = pytest.importorskip("autograder.child.lockin", reason="children can be locked in on Linux alone")


def test_a_root_that_stays_root_has_no_powers() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root has powers to give up")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            lockin._give_up_capabilities()
            effective = [line for line in Path("/proc/self/status").read_text().splitlines() if "Cap" in line]
            code = 0 if all(int(line.split()[1], 16) == 0 for line in effective[:3]) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_calls_that_the_kernel_refuses_are_said_by_name() -> None:
    with pytest.raises(OSError, match="system call 446: "):
        lockin._syscall(446, -1, 0)
    with pytest.raises(OSError, match="prctl 9999: Invalid argument"):
        lockin._prctl(9999)
