"""The command line: each command parses, calls one stage and prints.

For the person at the terminal. It may use every room; no room uses it, and only it prints.
"""

from __future__ import annotations

import gc

from autograder import interrupts, unneeded

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """The entry point. What it needs takes a while to import; Ctrl-C meanwhile ends it without a word."""
    with interrupts.without_a_word():
        unneeded.pass_over()
        gc.disable()  # what is imported stays: to look through it for what may go takes a tenth of the time
        from autograder.cli import app
    gc.freeze()
    gc.enable()
    app.main(arguments)
