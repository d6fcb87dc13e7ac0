"""`autograder check`: a student checks a notebook."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import plain, relative, stdout
from autograder.errors import AutograderError, CourseError
from autograder.interrupts import interruptible

EXAMPLES: Final = (
    "autograder check self-attention.ipynb",
    "autograder check . --watch",
    "autograder check . --hint 2",
)

_ASKING: Final = "--hint {}"  # how the next hint is asked for


def check(
    path: Annotated[
        Path,
        typer.Argument(metavar="[PATH]", help="A notebook, or the folder it came in.", show_default=True),
    ] = Path(),
    watch: Annotated[bool, typer.Option("--watch", help="Check again on every save, until Ctrl-C.")] = False,
    hint: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="How much is told: 1 where to look, 2 the cause too, 3 the worked steps as well.",
            show_default="all, or 1 where the course gives hints one by one",
        ),
    ] = None,
) -> None:
    """Check your own notebook: what is wrong in it, and why.

    Runs the same checks as pytest does in the folder, offline; of a notebook that nbgrader made, the test cells in it. Exits 1
    where one of them does not pass.
    """
    from rich.markup import escape

    from autograder import hints
    from autograder.selfcheck import saved, terminal

    hints.rung(hint, "cause")
    if not path.exists():
        raise CourseError(f"{path}: no such file or folder: name a notebook or the folder it came in")
    if watch:
        path = saved.find_notebook(path)
        with contextlib.suppress(KeyboardInterrupt), interruptible():
            for checked in saved.watch(path):
                stdout.clear()
                if isinstance(checked, AutograderError):
                    stdout.print(f"[red]autograder:[/red] {escape(plain(str(checked)))}", soft_wrap=True)
                else:
                    stdout.print(terminal.notebook(checked, hint, _ASKING))
                stdout.print(
                    f"\nchecked at {datetime.now():%H:%M:%S}, watching {relative(path)}: save it to check again,"
                    " Ctrl-C to stop",
                    style="dim",
                )
        return
    found = saved.check_all(path)
    for number, one in enumerate(found):
        if number:
            stdout.print()
        stdout.print(terminal.notebook(one, hint, _ASKING))
    if not all(one.passed for one in found):
        raise typer.Exit(1)
