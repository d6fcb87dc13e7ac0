"""Work that no result stands for, kept beside the results: whoever reads those must know of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.gradebook import results
from autograder.records import Unplaced

_decoder = msgspec.json.Decoder(tuple[Unplaced, ...])


def place(out: Path, unit: str) -> Path:
    """Where it is kept for a unit."""
    return out.joinpath("results", unit, ".unplaced.json")


def read(out: Path, unit: str) -> tuple[Unplaced, ...]:
    """What was kept of a unit; nothing where there is nothing that can be read."""
    try:
        return _decoder.decode(place(out, unit).read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ()


def keep(out: Path, unit: str, found: Sequence[Unplaced]) -> None:
    """Keeps what was found last, in place of what was kept before; OSError where it cannot be written."""
    if tuple(found) != read(out, unit):
        results.write_all([(place(out, unit), msgspec.json.format(msgspec.json.encode(found), indent=1))])
