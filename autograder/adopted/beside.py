"""The files that students got beside an assignment's notebooks, laid out where their code can read them."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.adopted.papers import Assignment


@contextlib.contextmanager
def handed_out(assignment: Assignment) -> Iterator[Path]:
    """A folder with what students got beside the notebooks and nothing else, which anybody may read."""
    with tempfile.TemporaryDirectory(prefix="handed-out-") as scratch:
        folder = Path(scratch, "files")
        folder.mkdir()
        for file in assignment.files:
            place = folder / file
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(assignment.folder / file, place)
        for path in (Path(scratch), folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield folder
