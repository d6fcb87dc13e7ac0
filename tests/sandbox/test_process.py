"""What the kernel tells of another process."""

from __future__ import annotations

import os

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import process


def test_no_such_process() -> None:
    with pytest.raises(SandboxError, match="does not tell"):
        process.pid_of(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
