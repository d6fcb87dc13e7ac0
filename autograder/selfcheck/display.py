"""`check(softmax)`: what a student types in a notebook, and what the notebook shows for it."""

from __future__ import annotations

import os
import sys

from autograder import hints
from autograder.errors import AutograderError
from autograder.nearest import carried
from autograder.selfcheck import live
from autograder.selfcheck.checked import FunctionCheck

_NBGRADER = "NBGRADER_EXECUTION"  # what nbgrader sets for the kernels it starts


def check(function: object, *, hint: int | None = None) -> Shown | None:
    """Checks one function of the notebook on the visible inputs: `check(softmax)` as the last line of a cell.

    Where the course gives hints rung by rung, `check(softmax, hint=2)` names the cause, and `hint=3` works the first
    wrong number out.

    Where nbgrader runs the notebook (`nbgrader validate`), a check that does not pass raises AssertionError with the
    explanation, and one that passes shows nothing: nbgrader takes whatever a cell shows for full marks.
    """
    found: FunctionCheck | str
    try:
        hints.rung(hint, "cause")  # one that there is not is refused before anything runs
        found = live.check_function(function)
    except AutograderError as error:
        found = str(error)
    shown = Shown(found, hint, _asking(function, found))
    if _NBGRADER in os.environ:
        if isinstance(found, str) or not found.passed:
            raise AssertionError(shown.text)
        return None
    return shown


def _asking(function: object, found: FunctionCheck | str) -> str:
    """How the next hint is asked for in a notebook: the variable or function as it was named."""
    if isinstance(found, str):
        return ""
    named = f'"{found.name}"' if isinstance(function, str) else found.name
    return f"check({named}, hint={{}})"


class Shown:
    """A self-check as a notebook, a prompt or `print` shows it."""

    def __init__(self, found: FunctionCheck | str, hint: int | None = None, asking: str = "") -> None:
        self.found = found  # a text: why nothing could be checked
        self._hint, self._asking = hint, asking  # how far it is told, and how the next rung is asked for

    @property
    def text(self) -> str:
        """All that is shown, without a mark-up."""
        if isinstance(self.found, str):
            return self.found
        from autograder.selfcheck import (
            terminal,  # loaded, as what draws HTML, where something is drawn by it
        )

        return terminal.text(self.found, hint=self._hint, asking=self._asking)

    def __repr__(self) -> str:
        """As a program prints it, whatever the encoding of what it prints to."""
        return carried(self.text, getattr(sys.stdout, "encoding", None))

    def _repr_html_(self) -> str:
        from autograder.selfcheck import html

        return html.output(self.found, self._hint, self._asking)
