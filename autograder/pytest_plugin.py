"""What the kit adds to pytest: the mark `check`, the options `--submission` and `--hint`, and the fixture `attempt`.

It is loaded into every pytest of an environment that has the kit, so it imports nothing until it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from autograder.checking.checks import Attempt


hint: int | None = None  # as asked for in the run of pytest that is under way


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--submission` and `--hint`."""
    group = parser.getgroup("autograder")
    group.addoption(
        "--hint",
        metavar="N",
        help="how much visible checks tell: 1 where to look, 2 the cause too, 3 the worked steps as well",
    )
    group.addoption(
        "--submission",
        metavar="NOTEBOOK",
        type=Path,
        help="the student's notebook that hidden graders look at: pytest solutions/UNIT/test_hidden.py --submission submitted/ada/UNIT/UNIT.ipynb",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Makes the mark of hidden checks known."""
    config.addinivalue_line("markers", "check(function, name, points, kind): a hidden check worth points")
    global hint
    hint = None
    asked: str | None = config.getoption("--hint")
    if asked is None:
        return
    from autograder import hints
    from autograder.errors import CourseError

    try:
        hint = hints.rung(int(asked) if asked.isdecimal() else asked, "cause")
    except CourseError as error:
        raise pytest.UsageError(f"--hint: {error}") from None


@pytest.fixture
def attempt(request: pytest.FixtureRequest) -> Iterator[Attempt]:
    """The submission's outcomes: of the one being graded, or of `--submission` under plain pytest."""
    from autograder.checking import graders

    current = request.config.stash.get(graders.CURRENT, None)
    if current is not None:
        yield current
        return
    path: Path | None = request.config.getoption("--submission")
    if path is None:
        raise pytest.UsageError("hidden graders need a notebook to look at: --submission NOTEBOOK")
    from autograder.grading import pipeline

    request.config.stash[graders.CURRENT] = pipeline.attempt_for_pytest(request.path, path)
    yield request.config.stash[graders.CURRENT]
