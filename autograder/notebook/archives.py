"""The one notebook in a zip, read from it without unpacking anything.

Nothing that a zip says is trusted: not its names, which never become paths here, not the sizes it gives, not how many
files it lists. What is read is bounded in bytes as it comes, and compression that takes memory by what the file says
is refused.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Sequence
from typing import Final

from autograder.errors import UnreadableError
from autograder.naming import as_text
from autograder.notebook.bounded import Bounded
from autograder.words import few

MAGIC: Final = b"PK\x03\x04"
_ENDINGS: Final = (".ipynb", ".ipynb.txt", ".ipynb.json")
_MOST_AT_ONCE: Final = 2**20  # bytes: the list of a zip with some thousands of files
_PART: Final = 2**16
COMPRESSIONS: Final = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # that take little memory, whatever a file says
ENCRYPTED: Final = 0x1  # a sign of an entry


def is_notebook(name: str) -> bool:
    """Whether a file is a notebook by its name; browsers add endings of what they take it for."""
    return name.lower().endswith(_ENDINGS)


def notebook(raw: bytes, named: str, most: int, *, or_only: bool = True) -> bytes:
    """The bytes of the one notebook in a zip, or of the one called `named` of several, `most` at the most.

    Without `or_only` it must be called so where it is the only one too. UnreadableError says why there is none.
    """
    try:
        with zipfile.ZipFile(Bounded(io.BytesIO(raw), _too_many, at_once=_MOST_AT_ONCE)) as archive:
            entry = _chosen(archive.infolist(), named, or_only=or_only)
            if entry.flag_bits & ENCRYPTED:
                raise UnreadableError("the zip is protected by a password: hand in the notebook itself")
            if entry.compress_type not in COMPRESSIONS:
                raise UnreadableError("the zip is compressed in a rare way: hand in the notebook itself")
            return _content(archive, entry, most)
    except UnreadableError:
        raise
    except Exception:  # zipfile raises whatever an odd archive makes it trip over
        raise UnreadableError("the zip is damaged: hand in the notebook itself") from None


def _too_many() -> UnreadableError:
    return UnreadableError("the zip lists too many files: hand in the notebook itself")


def _chosen(entries: Sequence[zipfile.ZipInfo], named: str, *, or_only: bool) -> zipfile.ZipInfo:
    found = [entry for entry in entries if _is_offered(entry)]
    if len(found) > 1 or not or_only:
        exact = [entry for entry in found if _parts(entry)[-1] == named]
        found = exact or (found if or_only else [])
    if not found:
        raise UnreadableError(f"there is no notebook in the zip: {named} was expected")
    if len(found) > 1:
        listed = few([as_text("/".join(_parts(entry))) for entry in found])
        raise UnreadableError(
            f"there are {len(found)} notebooks in the zip ({listed}): hand in one, named {named}"
        )
    return found[0]


def _is_offered(entry: zipfile.ZipInfo) -> bool:
    """Whether it is a notebook that a person put in: no link, nothing that programs leave, no way out of the folder."""
    parts = _parts(entry)
    return (
        is_notebook(parts[-1])
        and not any(part.startswith((".", "__")) or part.endswith(":") for part in parts)
        and not stat.S_ISLNK(entry.external_attr >> 16)
    )


def _parts(entry: zipfile.ZipInfo) -> list[str]:
    """The names on the way; one without a name, as at the start of `/etc`, is told as one that starts with a dot."""
    return [part or "." for part in re.split(r"[/\\]", entry.filename)]


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    content = bytearray()
    with archive.open(entry) as file:
        while part := file.read(_PART):
            content += part
            if len(content) > most:
                raise UnreadableError(
                    f"the notebook in the zip is larger than {most // 2**20} MiB: clear its outputs"
                )
    return bytes(content)
