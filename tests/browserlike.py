"""Self-checks as in a browser: a process that may start no thread and no other process, and has what a browser has.

As a program it reads from its input, as JSON, what to check: folders with `checks.json`, cells, and the function that is
asked for. It prints what is said of each as lines of JSON. `checked` runs it.
"""

from __future__ import annotations

import json
import linecache
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

# Compiled, or not carried to a browser; the last two are there, but are no part of checking itself.
ABSENT = (
    "msgspec",
    "pytest",
    "typer",
    "nbformat",
    "nbgrader",
    "IPython",
    "latex2mathml",
    "matplotlib",
    "pandas",
)
DRAWING = ("rich", "jinja2", "markupsafe")
ROOMS = ("cli", "authoring", "lms", "grading", "gradebook")


@dataclass(frozen=True)
class Asked:
    """One function to check, as a notebook defines it."""

    folder: str
    cells: tuple[str, ...]
    function: str


def checked(asked: Sequence[Asked], seconds: float = 10.0) -> list[str]:
    """What a self-check under a browser's limits says of each, in a terminal's words; calls may take so many seconds."""
    program = [sys.executable, "-P", __file__, str(seconds)]
    given = json.dumps([asdict(one) for one in asked])
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    done = subprocess.run(program, input=given, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _limit() -> None:
    """Takes away what a browser has not."""

    def refused(*_: Any, **__: Any) -> NoReturn:
        raise OSError(58, "emscripten does not support processes.")

    def no_thread(*_: Any) -> NoReturn:
        raise RuntimeError("can't start new thread")

    for name in (*ABSENT, *DRAWING, *(f"autograder.{room}" for room in ROOMS)):
        sys.modules[name] = None  # type: ignore[assignment]  # which makes an import of it fail
    subprocess.Popen = refused  # type: ignore[assignment,misc]
    os.fork = refused
    threading.Thread.start = no_thread  # type: ignore[method-assign]
    sys.platform = "emscripten"


def _main() -> None:
    given = [Asked(one["folder"], tuple(one["cells"]), one["function"]) for one in json.load(sys.stdin)]
    import numpy as np

    _limit()
    import autograder

    for name in autograder.__all__:  # all that students import
        getattr(autograder, name)
    from autograder.selfcheck import kernel, live

    kernel.SECONDS = float(sys.argv[1])  # type: ignore[misc]

    before = dict(vars(sys.modules["__main__"]))
    found = []
    for one in given:
        variables = vars(sys.modules["__main__"])
        variables.clear()
        variables |= before
        for number, source in enumerate(one.cells):
            name = f"<cell {number}>"
            linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
            exec(compile(source, name, "exec"), variables)
        os.chdir(one.folder)
        kernel.history = lambda cells=one.cells: list(cells)  # type: ignore[misc]
        with np.errstate(all="ignore"):
            found.append(live.check_function(variables[one.function]))
    assert "autograder.child.wire" not in sys.modules
    for name in DRAWING:
        del sys.modules[name]
    from autograder.selfcheck import terminal

    for check in found:
        print(json.dumps(terminal.text(check)))


if __name__ == "__main__":
    _main()
