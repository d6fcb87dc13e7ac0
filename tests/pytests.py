"""pytest in a student's folder, in a process of its own.

As a program it has loaded what each would load, and forks one for every line that it reads: a pytest that begins anew takes
half a second.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Any

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
    starter = _starter()
    assert starter.stdin is not None
    assert starter.stdout is not None
    try:
        starter.stdin.write(json.dumps(asked) + "\n")
        starter.stdin.flush()
        code = int(starter.stdout.readline())
    except BaseException:  # the next test is not to hear of this one
        _starter.cache_clear()
        raise
    return code, printed.read_text(encoding="utf-8")


@cache
def _starter() -> subprocess.Popen[str]:
    """What forks them, which ends with its input."""
    started = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def end() -> None:
        with started:
            pass

    atexit.register(end)
    return started


def _run(asked: dict[str, Any]) -> int:
    """Becomes a pytest in the process that was forked."""
    import pytest

    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.path[0] = asked["folder"]  # as where it is started by `-m`
    sys.dont_write_bytecode = True
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    printed = os.open(asked["printed"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    return int(pytest.main(asked["arguments"]))


def _main() -> None:
    import pytest  # noqa: F401

    from autograder import pytest_visible  # noqa: F401

    for line in sys.stdin:
        process = os.fork()
        if not process:
            code = 70
            try:
                code = _run(json.loads(line))
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, ended = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


if __name__ == "__main__":
    _main()
