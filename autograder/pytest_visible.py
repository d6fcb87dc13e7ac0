"""The visible checks as pytest tests, for the `test_<unit>.py` that ships beside a notebook."""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.errors import AutograderError
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
        try:
            found = next(one for one in _checked(self.folder).functions if one.name == self.function)
        except AutograderError as error:
            pytest.fail(str(error), pytrace=False)
        check = next(one for one in found.checks if one.name == self.name)
        if check.passed:
            return
        first = next(one for one in found.checks if not one.passed)
        if check is first:
            width = min(WIDEST, shutil.get_terminal_size().columns)
            pytest.fail(terminal.text(found, width=width), pytrace=False)
        if found.unwritten or found.waits_for:
            pytest.skip(View(found).verdict)
        pytest.fail(f"{check.message} The failure of “{first.name}” tells why.".lstrip(), pytrace=False)


def visible_checks(test_file: str) -> list[VisibleCheck]:
    """The visible checks of the notebook beside `test_file`; without `checks.json` the collection fails with a line."""
    folder = Path(test_file).absolute().parent
    try:
        names = saved.visible_checks(folder)
    except AutograderError as error:
        pytest.fail(str(error), pytrace=False)
    return [VisibleCheck(folder, function, name) for function, name in names]


@functools.cache
def _checked(folder: Path) -> NotebookCheck:
    """All functions are tried at once, and once a run."""
    return saved.check_notebook(folder)
