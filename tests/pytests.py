"""pytest in a student's folder, in a process of its own: as a program this forks them, see `forking`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import forking

PLAIN = ("-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:anyio")


def environment() -> dict[str, str]:
    """That of this process, with a width, and without what says that nobody looks."""
    own = {**os.environ, "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"}
    own.pop("CI", None)  # there pytest says everything twice
    return own


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of pytest in this folder, and what it printed."""
    printed = folder.parent / f"{folder.name}.printed"
    asked = {
        "folder": str(folder),
        "arguments": [*PLAIN, *arguments],
        "environment": environment(),
        "printed": str(printed),
    }
    code = forking.order(__file__, asked)
    return code, printed.read_text(encoding="utf-8")


def _run(asked: dict[str, Any]) -> int:
    """Becomes a pytest in the process that was forked."""
    import pytest

    os.dup2(forking.settle(asked["folder"], asked["environment"], asked["printed"]), 2)
    sys.path[0] = asked["folder"]  # as where it is started by `-m`
    sys.dont_write_bytecode = True
    return int(pytest.main(asked["arguments"]))


def _main() -> None:
    import pytest  # noqa: F401

    from autograder import pytest_visible  # noqa: F401

    forking.serve(_run)


if __name__ == "__main__":
    _main()
