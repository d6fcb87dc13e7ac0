"""Submissions that nbgrader's own autograde would trip over, or follow out of their folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from autograder.gradebook import receipts
from autograder.notebook import places
from autograder.records import Unit

_MOST: Final = 10_000  # files of one submission that are looked at


def is_ordinary(folder: Path, unit: Unit) -> bool:
    """Whether nbgrader can take a submission in: the notebook under its name, plain files, a receipt that it can read.

    nbgrader copies whatever lies beside a notebook, and copies and reads what a link points to.
    """
    if folder.is_symlink() or folder.parent.is_symlink() or not _has_notebook(folder, unit):
        return False
    files = 0
    for place, folders, names in os.walk(folder):
        files += len(names)
        if files > _MOST or any(Path(place, name).is_symlink() for name in folders):
            return False
        if not all(_is_file(Path(place, name)) for name in names):
            return False
    return _reads_receipt(folder)


def _has_notebook(folder: Path, unit: Unit) -> bool:
    """Whether a notebook of the unit is there; nbgrader gives none of the marks of one that is not."""
    return any(_is_file(folder / f"{name}.ipynb") for name in places.names_of(unit))


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _reads_receipt(folder: Path) -> bool:
    """Whether nbgrader can read when it was handed in: it ends at a receipt that it cannot."""
    from nbgrader.utils import parse_utc

    receipt = receipts.read(folder / receipts.TIMESTAMP)
    if receipt is None:
        return not os.path.lexists(folder / receipts.TIMESTAMP)
    try:
        text = receipt.decode("utf-8").strip()
        return not text or parse_utc(text) is not None
    except Exception:  # of whatever kind: nbgrader, too, expects but one
        return False
