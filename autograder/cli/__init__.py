"""The command line: each command parses, calls one stage and prints.

For the person at the terminal. It may use every room; no room uses it, and only it prints.
"""

from __future__ import annotations

from autograder import interrupts

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """The entry point. What it needs takes a while to import; Ctrl-C meanwhile ends it without a word."""
    with interrupts.without_a_word():
        from autograder.cli import app
    app.main(arguments)
