"""Measures what a person waits for: the help, and the check of one notebook, from cold.

    python benchmarks/startup.py [--times N]

The checks run in an environment of their own with the base install alone, as students have it; beside it, what
`nbgrader validate` takes for the plain lesson. Writes the table in `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import classes
import compare
import measure
import peers
import tables
from measure import Cost

_HELP: Final = [sys.executable, "-c", "from autograder.cli import main; main()", "--help"]


def main() -> None:
    """Measures, writes and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--times", type=int, default=5, help="how often; the quickest counts (5)")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as name:
        folder = Path(name)
        handout = folder / classes.UNIT
        subprocess.run(["cp", "-r", compare.RELEASE.parent, handout], check=True)
        (student,) = classes.students(compare.RELEASE, "right", 1)
        notebook = handout / f"{classes.UNIT}.ipynb"
        notebook.write_bytes(student.notebook)
        kit = students_environment()
        plain = folder / "plain.ipynb"
        plain.write_text(json.dumps(peers.lesson(compare.RELEASE, student)))
        nbgrader = peers.install("nbgrader")

        def own(*words: str) -> Cost:
            return measure.run([str(kit / words[0]), *words[1:]], folder=handout, log=folder / "log")

        waits: dict[str, Callable[[], Cost]] = {
            "`autograder --help`": lambda: measure.run(_HELP, folder=folder, log=folder / "log"),
            "`autograder check` on one notebook": lambda: own("autograder", "check", notebook.name),
            "`pytest` on one notebook": lambda: own("pytest", "-q", "-p", "no:cacheprovider"),
            "`nbgrader validate` on one notebook": lambda: nbgrader.run(
                "nbgrader", "validate", plain, folder=folder, log="validate.log", check=False
            ),
        }
        found = {
            what: min((run() for _ in range(times)), key=lambda cost: cost.wall)
            for what, run in waits.items()
        }
    text = tables.waits({what: (cost.wall, cost.cpu) for what, cost in found.items()})
    tables.rewrite(compare.ROOT / "docs" / "performance.md", "startup", text)
    print(text)


def students_environment() -> Path:
    """The programs of an environment with this kit's base install, made anew from this folder."""
    folder = peers.CACHE / "student"
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", compare.ROOT], check=True)
    return folder / "bin"


if __name__ == "__main__":
    main()
