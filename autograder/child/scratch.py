"""Files that a notebook writes, in the memory of its child: it finds them again, and nobody else ever does.

A child may write nowhere, and what it wrote to a disk another could find. Notebooks write all the same, a table or a
list of words, and read it again some cells later. So what Python's own `open` is asked to write goes into memory, and is
read from there; pandas, NumPy, json and csv all open their files by that. What opens files past Python is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

MAX_FILES: Final = 200
MAX_BYTES: Final = 32 * 2**20  # of one file


@contextlib.contextmanager
def scratch() -> Iterator[None]:
    """A block in which what is written is kept in memory."""
    yield
