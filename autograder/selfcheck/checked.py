"""What a self-check found of a function and of a notebook: the records that terminal and notebook draw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.data import Argument, Array
from autograder.earned import Earned
from autograder.records import Check, Diagnosis, Explanation, Hints


@dataclass(frozen=True)
class Inputs:
    """What a function is called with on one public case."""

    case: str
    args: tuple[tuple[str, Argument], ...]  # parameter name and value


@dataclass(frozen=True)
class FunctionCheck:
    """What the visible checks say of one function."""

    name: str
    checks: tuple[Check, ...]
    diagnoses: tuple[Diagnosis, ...] = ()  # the best explanation first
    explanation: Explanation | None = None
    waits_for: tuple[str, ...] = ()  # functions it calls that are not right yet: they come first
    notes: tuple[
        str, ...
    ] = ()  # what else is worth knowing about this check; of a notebook's, in one place there
    source: str | None = None  # the student's own cell
    # What each step of the right way gives on the case that is explained; not those of every case ship.
    steps: tuple[tuple[str, Array], ...] = ()
    inputs: Inputs | None = None  # on which the mistake shows
    hints: Hints = "cause"  # as the course gives them
    earned: Earned | None = None  # what passing all of them earns, where the author says so
    adopted: bool = False  # it is a test cell of nbgrader's, which is its one check

    @property
    def passed(self) -> bool:
        """Whether every visible check passed."""
        return all(check.passed for check in self.checks)

    @property
    def unwritten(self) -> bool:
        """Whether it is still the stub that came with the notebook."""
        return any(diagnosis.id == "general.not-implemented" for diagnosis in self.diagnoses)

    @property
    def undefined(self) -> bool:
        """Whether there is no such function: no cell defines it, or the one that does cannot be read."""
        return any(diagnosis.id == "general.missing" for diagnosis in self.diagnoses)


@dataclass(frozen=True)
class NotebookCheck:
    """What the visible checks say of one notebook."""

    path: Path
    title: str
    functions: tuple[FunctionCheck, ...]
    notes: tuple[str, ...] = ()  # how the notebook ran, each once
    adopted: bool = False  # of an assignment that nbgrader made: its functions are test cells

    @property
    def passed(self) -> bool:
        """Whether every visible check passed."""
        return all(function.passed for function in self.functions)
