"""The command line: each command parses, calls one stage and prints.

For the person at the terminal. It may use every room; no room uses it, and only it prints.
"""

from __future__ import annotations

import gc
import sys

from autograder import interrupts

__all__ = ["main"]

# The library that nbgrader checks notebooks with looks for this one, which builds grammars for a second at each import,
# to check a kind of address that no notebook's schema has. As if it were not installed, commands start in half the time.
_SLOW = "rfc3987_syntax"


def main(arguments: list[str] | None = None) -> None:
    """The entry point. What it needs takes a while to import; Ctrl-C meanwhile ends it without a word."""
    with interrupts.without_a_word():
        sys.modules.setdefault(_SLOW, None)  # type: ignore[arg-type]  # so Python marks what is not there
        gc.disable()  # what is imported stays: to look through it for what may go takes a tenth of the time
        from autograder.cli import app
    gc.freeze()
    gc.enable()
    app.main(arguments)
