"""`autograder check`: a student checks a notebook."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import interruptible, relative, stdout
from autograder.errors import CourseError, UnreadableError

EXAMPLES: Final = ("autograder check self-attention.ipynb", "autograder check . --watch")


def check(
    path: Annotated[
        Path,
        typer.Argument(metavar="[PATH]", help="A notebook, or the folder it came in.", show_default=True),
    ] = Path(),
    watch: Annotated[bool, typer.Option("--watch", help="Check again on every save, until Ctrl-C.")] = False,
) -> None:
    """Check your own notebook: what is wrong in it, and why.

    Runs the same checks as pytest does in the folder, offline. Exits 1 where one of them does not pass.
    """
    from autograder.selfcheck import saved, terminal

    if not path.exists():
        raise CourseError(f"{path}: no such file or folder: name a notebook or the folder it came in")
    if watch:
        with contextlib.suppress(KeyboardInterrupt), interruptible():
            for found in saved.watch(path):
                stdout.clear()
                stdout.print(terminal.notebook(found))
                stdout.print(
                    f"\nwatching {relative(found.path)}: save it to check again, Ctrl-C to stop", style="dim"
                )
        return
    try:
        found = saved.check_notebook(path)
    except UnreadableError as error:
        raise UnreadableError(f"{path}: {error}") from None
    stdout.print(terminal.notebook(found))
    if not found.passed:
        raise typer.Exit(1)
