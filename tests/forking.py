"""A program that has loaded what each of its runs would load, and forks one for every order that it reads.

To begin a Python anew takes half a second.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any


def order(program: str, asked: Mapping[str, Any], *arguments: str) -> int:
    """The exit code of one run of this program, a file that calls `serve`."""
    starter = _starter(program, *arguments)
    assert starter.stdin is not None
    assert starter.stdout is not None
    try:
        starter.stdin.write(json.dumps(asked) + "\n")
        starter.stdin.flush()
        return int(starter.stdout.readline())
    except BaseException:  # the next test is not to hear of this one
        _starter.cache_clear()
        raise


@cache
def _starter(program: str, *arguments: str) -> subprocess.Popen[str]:
    """What forks them, which ends with its input."""
    started = subprocess.Popen(
        [sys.executable, program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def end() -> None:
        with started:
            pass

    atexit.register(end)
    return started


def serve(run: Callable[[dict[str, Any]], int]) -> None:
    """Carries orders out until there are no more, each in a process of its own, of which the exit code is what `run` gives."""
    for line in sys.stdin:
        process = os.fork()
        if not process:
            code = 70
            try:
                code = run(json.loads(line))
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, ended = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


def settle(folder: str, environment: Mapping[str, str], printed: str) -> int:
    """Has this process run in a folder, with nothing to read; what it prints goes to a file, whose number this gives."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    number = os.open(Path(printed), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(number, 1)
    return number
