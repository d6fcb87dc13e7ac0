"""`python -m` starts the command line, under the command's own name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("autograder")
NARROW = os.environ | {"COLUMNS": "80"}


def run(*command: str) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, text=True, env=NARROW, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["--version"], ["grade"], ["grade", "--help"], ["no-such-command"]], ids=" ".join
)
def test_the_module_is_the_same_as_the_command(arguments: list[str]) -> None:
    as_command = run(str(COMMAND), *arguments)
    assert any(as_command[1:])
    assert run(sys.executable, "-m", "autograder", *arguments) == as_command


def test_the_command_line_s_own_module_does_not_silently_do_nothing() -> None:
    code, _, err = run(sys.executable, "-m", "autograder.cli", "no-such-command")
    assert code != 0
    assert err
