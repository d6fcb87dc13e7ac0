"""What the kernel tells of another process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import process


def test_no_such_process() -> None:
    with pytest.raises(SandboxError, match="does not tell"):
        process.pid_of(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))


def test_processes_that_take_turns_are_kept_to_one_processor() -> None:
    (first, *_) = sorted(os.sched_getaffinity(0))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        process.keep_to(first, other.pid)
        assert os.sched_getaffinity(other.pid) == {first}
        process.keep_to(10**6, other.pid)  # which is not there
        assert os.sched_getaffinity(other.pid) == {first}
        other.communicate(b"\n")
