"""`check(softmax)`: what a student types in a notebook, and what the notebook shows for it."""

from __future__ import annotations

import os
import sys

from autograder.errors import AutograderError
from autograder.nearest import carried
from autograder.selfcheck import html, live, terminal
from autograder.selfcheck.checked import FunctionCheck

_NBGRADER = "NBGRADER_EXECUTION"  # what nbgrader sets for the kernels it starts


def check(function: object) -> Shown | None:
    """Checks one function of the notebook on the visible inputs: `check(softmax)` as the last line of a cell.

    Where nbgrader runs the notebook (`nbgrader validate`), a check that does not pass raises AssertionError with the
    explanation, and one that passes shows nothing: nbgrader takes whatever a cell shows for full marks.
    """
    found: FunctionCheck | str
    try:
        found = live.check_function(function)
    except AutograderError as error:
        found = str(error)
    if _NBGRADER in os.environ:
        if isinstance(found, str) or not found.passed:
            raise AssertionError(found if isinstance(found, str) else terminal.text(found))
        return None
    return Shown(found)


class Shown:
    """A self-check as a notebook, a prompt or `print` shows it."""

    def __init__(self, found: FunctionCheck | str) -> None:
        self.found = found  # a text: why nothing could be checked

    def __repr__(self) -> str:
        """As a program prints it, whatever the encoding of what it prints to."""
        text = self.found if isinstance(self.found, str) else terminal.text(self.found)
        return carried(text, getattr(sys.stdout, "encoding", None))

    def _repr_html_(self) -> str:
        return html.output(self.found)
