"""The visible checks as pytest tests, for the `test_<unit>.py` that ships beside a notebook."""

from __future__ import annotations

import functools
import shutil
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from autograder import pytest_plugin
from autograder.errors import AutograderError
from autograder.nearest import carried
from autograder.selfcheck import saved, terminal
from autograder.selfcheck.checked import NotebookCheck
from autograder.selfcheck.view import View

WIDEST = 100  # columns


@dataclass(frozen=True)
class VisibleCheck:
    """One visible check of one function of the notebook in `folder`."""

    folder: Path
    function: str
    name: str

    def __str__(self) -> str:
        return f"{self.function}: {self.name}"

    def hold(self) -> None:
        """Fails the test where the check does not pass; the first such of a function explains why."""
        __tracebackhide__ = True
        run = _run(self.folder)
        if isinstance(run.found, AutograderError):
            if run.told:
                pytest.skip("nothing could be checked: the first failure says why")
            run.told[""] = self.name
            pytest.fail(_written(str(run.found)), pytrace=False)
        found = next(one for one in run.found.functions if one.name == self.function)
        check = next(one for one in found.checks if one.name == self.name)
        if check.passed:
            return
        told = run.told.get(self.function)
        if told is None:
            width = min(WIDEST, shutil.get_terminal_size().columns)
            # How the notebook ran is told once, with the first function that is explained.
            explained = found if run.told else replace(found, notes=run.found.notes)
            run.told[self.function] = self.name
            text = terminal.text(explained, width=width, hint=pytest_plugin.hint, asking="pytest --hint {}")
            pytest.fail(_written(text), pytrace=False)
        if found.unwritten or found.waits_for or not check.tried:
            pytest.skip(
                _written(
                    View(found).verdict if check.tried else f"not tried: the failure of “{told}” tells why"
                )
            )
        pytest.fail(_written(f"{check.message} The failure of “{told}” tells why.".lstrip()), pytrace=False)


def visible_checks(test_file: str) -> list[VisibleCheck]:
    """The visible checks of the notebook beside `test_file`; without `checks.json` the collection fails with a line."""
    folder = Path(test_file).absolute().parent
    try:
        names = saved.visible_checks(folder)
    except AutograderError as error:
        pytest.fail(_written(str(error)), pytrace=False)
    return [VisibleCheck(folder, function, name) for function, name in names]


def _written(text: str) -> str:
    """The text in signs that pytest can write: a line with any other it would write as escapes from end to end."""
    return carried(text, getattr(sys.__stdout__, "encoding", None))


@dataclass(frozen=True)
class _Run:
    """What was found in a folder, and what this run of pytest has told of it."""

    found: NotebookCheck | AutograderError
    told: dict[str, str] = field(default_factory=dict)  # by function, the check whose failure explains it


@functools.cache
def _run(folder: Path) -> _Run:
    """All functions are tried at once, and once a run."""
    try:
        return _Run(saved.check_notebook(folder))
    except AutograderError as error:
        return _Run(error)
