"""The command line in the tests' own process."""

from __future__ import annotations

import pytest

from autograder.cli import app


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command, each on one line per line of text."""
    code = 0
    try:
        app.main(list(arguments))
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    captured = capsys.readouterr()
    return code, captured.out, captured.err
