"""That the types agree: here, beside other tests, since it would keep one processor busy alone before them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from repository import REPOSITORY

TOOLS = [str(path.relative_to(REPOSITORY)) for path in sorted((REPOSITORY / "tools").glob("*.py"))]


@pytest.mark.parametrize("files", [[], TOOLS], ids=["autograder", "tools"])  # no file named: the package
def test_mypy_finds_nothing(files: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *files], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
