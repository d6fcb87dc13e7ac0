"""A run of `autograder grade` in a process of its own, and what it has to load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from autograder.course import secret

# The command, which says at the end what it has loaded of all that takes long.
WEIGHED = (
    "import sys\n"
    "from autograder.cli import main\n"
    "try: main()\n"
    "except SystemExit as end: assert not end.code\n"
    "heavy = {'nbgrader', 'sqlalchemy', 'jinja2', 'latex2mathml', 'pytest', 'IPython', 'jupytext'}\n"
    "print('loaded:', *sorted(heavy & set(sys.modules)))"
)


def weighed(folder: Path) -> str:
    """Grades a class of one in a process of its own, and what that has loaded."""
    environment = {name: value for name, value in os.environ.items() if name != secret.VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", WEIGHED, "grade", "embeddings", "--jobs", "1"],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()[-1]
