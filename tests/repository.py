"""Where the repository is, and what its notebooks are made of."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]


def cell(source: str) -> dict[str, Any]:
    """A code cell as JSON data."""
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}


def clone(folder: Path) -> None:
    """Makes a course folder as a clone has it, with nothing handed in."""
    folder.mkdir()
    for name in ("solutions", "assignments"):
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "*.ipynb" if name == "solutions" else "")
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, folder / name)


def hurry(folder: Path) -> None:
    """Gives the code of a course's students a fourth of the time: what hangs on purpose uses up all that there is."""
    _limit(folder, "0.5")


def without_limit(folder: Path) -> None:
    """Gives it an hour for each: what hangs on purpose is ended with whoever waits for it, or not at all."""
    _limit(folder, "3600.0")


def _limit(folder: Path, seconds: str) -> None:
    file = folder / "course.toml"
    text, found = re.subn(
        r"(?m)^cpu_seconds = \S+", f"cpu_seconds = {seconds}", file.read_text(encoding="utf-8")
    )
    assert found == 1
    file.write_text(text, encoding="utf-8")


def keep_units(folder: Path, *names: str) -> None:
    """Leaves a course these units alone: whoever opens a unit loads those before it as well."""
    file = folder / "course.toml"
    head, *units = re.split(r"(?m)^(?=\[\[units\]\])", file.read_text(encoding="utf-8"))
    kept = [unit for unit in units if any(f'\nname = "{name}"\n' in unit for name in names)]
    assert len(kept) == len(names)
    file.write_text("".join([head, *kept]), encoding="utf-8")
