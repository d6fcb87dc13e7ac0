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


@pytest.mark.parametrize("arguments", [[], ["grade"]], ids=["what it can do", "what is missing"])
def test_the_module_is_the_same_as_the_command(arguments: list[str]) -> None:
    as_command = run(str(COMMAND), *arguments)
    assert any(as_command[1:])
    assert run(sys.executable, "-m", "autograder", *arguments) == as_command


def test_the_command_line_s_own_module_does_not_silently_do_nothing() -> None:
    code, _, err = run(sys.executable, "-m", "autograder.cli", "no-such-command")
    assert code != 0
    assert err


@pytest.mark.slow
def test_a_command_starts_without_what_no_notebook_asks_for() -> None:
    """Grammars for addresses, which nbgrader's libraries build where they can: as long as all else that they do."""
    program = (
        "import sys; from autograder.cli import main; sys.argv = ['autograder', '--version']\n"
        "try: main()\nexcept SystemExit: import nbgrader.api; print('lark' in sys.modules)"
    )
    code, out, err = run(sys.executable, "-c", program)
    assert code == 0, err
    assert out.splitlines()[-1] == "False"
