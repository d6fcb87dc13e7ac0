"""nbgrader's receipts: when a submission was handed in, and the secret by which its feedback is released."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

from autograder.gradebook import files

RECEIPTS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's, wanted beside notebooks and feedback
_RECEIPT_BYTES = 4096  # theirs are below 200


def copy(source: Path, folder: Path) -> None:
    """Copies nbgrader's timestamp and secret from `source` to `folder`, and drops those that `source` lacks."""
    for name in RECEIPTS:
        receipt = read(source / name)
        if receipt is None:
            (folder / name).unlink(missing_ok=True)
        else:
            files.replace(folder / name, receipt)


def read(path: Path) -> bytes | None:
    """The bytes of a receipt; None where it is missing, a link, or far too large to be one."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _RECEIPT_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def timestamp(notebook: Path | None) -> datetime | None:
    """When the notebook was handed in by nbgrader's receipt beside it: UTC without a zone; None where not known."""
    from nbgrader.utils import parse_utc

    receipt = None if notebook is None else read(notebook.parent / "timestamp.txt")
    try:
        at = None if receipt is None else parse_utc(receipt.decode("utf-8").strip())
    except (ValueError, OverflowError):
        return None
    return at if isinstance(at, datetime) else None
