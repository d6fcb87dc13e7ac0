"""The markers in a unit's lesson: those by which nbgrader strips what students must not see, its metadata, and `{{ install }}`.

They are read before nbgrader reads them. It passes over a marker that is misspelt, and what that marks would ship; so
anything that only resembles one is refused.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final

from nbformat import from_dict
from nbgrader.nbgraderformat import SCHEMA_VERSION, MetadataValidator, ValidationError

from autograder.course import installing
from autograder.errors import CourseError
from autograder.words import clipped

SOURCE: Final = "solutions"
_AS_IN: Final = 'nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}'

_REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
MARKERS = {f"### {edge} {region}": (edge, region) for region in _REGIONS for edge in ("BEGIN", "END")}
# nbgrader itself writes the marking scheme's markers like this.
MARKERS |= {f"=== {edge} MARK SCHEME ===": (edge, "MARK SCHEME") for edge in ("BEGIN", "END")}


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson as its author wrote it."""

    unit: str
    name: str  # "cell 'softmax'", or "cell 7" where it has no grade_id
    first_line: int  # of its source, in the file
    kind: str  # "code" or "markdown"
    source: str
    nbgrader: dict[str, Any]  # its nbgrader metadata, empty where it has none
    unread: str = ""  # what stands beside its `# %%` and is none

    def refuse(self, trouble: str, line: int = 1) -> CourseError:
        """The error that names unit, cell and line (of the cell, from 1, and of the file)."""
        file = f"{SOURCE}/{self.unit}/{self.unit}.py:{self.first_line + line - 1}"
        return CourseError(f"unit {self.unit!r}, {self.name}, line {line} ({file}): {trouble}")


def refuse_unread(cell: Cell) -> None:
    """What stands beside `# %%` is metadata: else Jupytext keeps it as text, and nbgrader knows nothing of the cell."""
    if cell.unread:
        raise cell.refuse(
            f"{clipped(cell.unread, 150)!r} on its line `# %%` is no metadata: write it as JSON, as in {_AS_IN}"
        )


def refuse_bad_metadata(cell: Cell) -> None:
    """What nbgrader would refuse of a cell's metadata: it does not say in which cell, nor what to do."""
    if not cell.nbgrader:
        return
    version = cell.nbgrader.get("schema_version")
    if version != SCHEMA_VERSION:
        raise cell.refuse(
            f'its nbgrader metadata has "schema_version": {version!r}, and nbgrader here reads {SCHEMA_VERSION}: write it as in'
            f" {_AS_IN}"
        )
    try:
        _form().validate_cell(
            from_dict({"cell_type": cell.kind, "source": "", "metadata": {"nbgrader": cell.nbgrader}})
        )
    except ValidationError as error:
        where = f"{error.path[0]}: " if error.path else ""
        raise cell.refuse(
            f"nbgrader refuses its metadata ({where}{error.message.rstrip(': ')}): write it as in {_AS_IN}"
        ) from None


@functools.cache
def _form() -> MetadataValidator:
    return MetadataValidator()


def refuse_bad_markers(cell: Cell) -> None:
    """Every marker is spelt right and has its partner, and stands in a cell in which nbgrader heeds it."""
    opened: tuple[str, int] | None = None
    regions = 0
    for number, line in enumerate(cell.source.splitlines(), 1):
        marker = MARKERS.get(line.strip())
        if marker is None:
            if _resembles_marker(cell, line):
                known = "### BEGIN SOLUTION, ### END SOLUTION, ### BEGIN HIDDEN TESTS, ### END HIDDEN TESTS"
                raise cell.refuse(
                    f"{line.strip()!r} resembles a marker but is none, so what it marks might ship:"
                    f" write {known} on a line of its own, or other words",
                    number,
                )
            continue
        edge, region = marker
        if edge == "BEGIN":
            if opened is not None:
                raise cell.refuse(
                    f"'BEGIN {region}' before the 'END {opened[0]}' of line {opened[1]}", number
                )
            if not _belongs(cell, region):
                raise cell.refuse(
                    f"a region {region!r} in a cell whose nbgrader metadata has no place for it: its line `# %%` needs"
                    f" nbgrader={{…}} with {_NEEDED[region]}, as such cells elsewhere have it",
                    number,
                )
            opened = (region, number)
            regions += 1
        elif opened is None or opened[0] != region:
            raise cell.refuse(f"'END {region}' without a 'BEGIN {region}' above it", number)
        else:
            opened = None
    if opened is not None:
        raise cell.refuse(f"'BEGIN {opened[0]}' without an 'END {opened[0]}' below it", opened[1])
    if cell.kind == "code" and cell.nbgrader.get("solution") and not regions:
        raise cell.refuse(
            "a solution cell without '### BEGIN SOLUTION' and '### END SOLUTION':"
            " nbgrader would replace the whole cell"
        )


def refuse_bad_install(cell: Cell) -> None:
    """`{{ install }}` stands on a line of its own, and what only resembles it is refused: students would see it."""
    if cell.kind != "markdown":
        return
    for number, line in enumerate(cell.source.splitlines(), 1):
        words = re.findall(r"\{\{\s*([^\W\d_]+)\s*\}", line.lower())
        if get_close_matches("install", words, n=1, cutoff=0.75) and not installing.is_marker(line):
            raise cell.refuse(
                f"{line.strip()!r} resembles {installing.MARKER}: write that on a line of its own, or other words",
                number,
            )


_NEEDED: Final = {
    "SOLUTION": '"solution": true',
    "HIDDEN TESTS": '"grade": true',
    "MARK SCHEME": '"task": true',
}


def _belongs(cell: Cell, region: str) -> bool:
    if region == "SOLUTION":
        return bool(cell.nbgrader.get("solution"))
    return graded_by_machine(cell) if region == "HIDDEN TESTS" else bool(cell.nbgrader.get("task"))


def _resembles_marker(cell: Cell, line: str) -> bool:
    """Whether a person who wrote this line may have meant a marker."""
    if any(f"{edge} {region}" in line for edge, region in MARKERS.values()):
        return True
    if cell.kind == "code":
        comment = line.partition("#")[2]
    else:  # in prose, only what stands out like a marker
        comment = line if line.startswith(("###", "===")) or line.isupper() else ""
    words = re.findall(r"[^\W\d_]+", comment.upper())
    if not words or len(words) > 5:
        return False
    if any(
        SequenceMatcher(None, "".join(words), f"{edge}{region}".replace(" ", "")).ratio() > 0.85
        for edge, region in MARKERS.values()
    ):
        return True
    return any(
        all(get_close_matches(key, words, n=1, cutoff=0.75) for key in keys)
        for keys in (
            *((edge, "SOLUTION") for edge in ("BEGIN", "END", "START", "STOP")),
            ("HIDDEN", "TESTS"),
            ("MARK", "SCHEME"),
        )
    )


def graded_by_machine(cell: Cell) -> bool:
    """Whether its points come from a check, not from a person."""
    return bool(cell.nbgrader.get("grade")) and not cell.nbgrader.get("solution")
