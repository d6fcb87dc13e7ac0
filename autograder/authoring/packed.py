"""The lessons of a course in an archive, a zip or a .tar.gz as servers make them of a release: read, and never unpacked.

Nothing that an archive says is trusted: no name in it becomes a path before it was looked at, sizes are counted as bytes
come, and whatever is not wanted is passed over unread.
"""

from __future__ import annotations

import functools
import gzip
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final, TypeAlias

from autograder.errors import CourseError
from autograder.notebook.archives import COMPRESSIONS, ENCRYPTED
from autograder.notebook.bounded import Bounded

MOST_FILES: Final = 20_000  # that an archive may list
MOST_BYTES: Final = 64 * 2**20  # of all that is wanted of it
_MOST_UNPACKED: Final = 2**30  # of a .tar.gz, which has to be read through

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP: Final = b"\x1f\x8b"

_Entry: TypeAlias = (
    "tuple[str, bool, Callable[[], IO[bytes]]]"  # its name, whether it is a plain file, and how to read it
)


def read(path: Path, wanted: Callable[[Sequence[str]], Callable[[str], bool]]) -> dict[str, bytes]:
    """The files of an archive that are wanted, by their names in it; `wanted` gets all names and says which.

    CourseError where it is no archive, is damaged or too large, or where anything in it would lead out of its folder.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(4)
            file.seek(0)
            if head in _ZIP:
                with zipfile.ZipFile(_bounded(file)) as archive:
                    return _chosen(path, lambda: _zipped(path, archive), wanted)
            if head[:2] == _GZIP:
                return _chosen(path, lambda: _tarred(path), wanted)
    except CourseError:
        raise
    except _TooMuchError:
        raise CourseError(
            f"{path}: it unpacks to more than a course has: unpack it and name the folder"
        ) from None
    except OSError as error:
        if error.filename is not None:
            raise CourseError(f"{path}: cannot be read ({error.strerror})") from None
        raise _damaged(path) from None
    except Exception:  # both modules raise whatever an odd archive makes them trip over
        raise _damaged(path) from None
    raise CourseError(f"{path}: no zip and no .tar.gz: name such a file, a folder or a git address")


def _damaged(path: Path) -> CourseError:
    return CourseError(f"{path}: the archive is damaged: download it again")


def _chosen(
    path: Path,
    entries: Callable[[], Iterator[_Entry]],
    wanted: Callable[[Sequence[str]], Callable[[str], bool]],
) -> dict[str, bytes]:
    names = []
    for name, _, _ in entries():
        if _leads_out(name):
            raise CourseError(
                f"{path}: {name[:80]!r} in it leads out of the archive's folder: nothing is taken from it"
            )
        names.append(name)
        if len(names) > MOST_FILES:
            raise CourseError(
                f"{path}: it lists more than {MOST_FILES:,} files: unpack it and name the folder"
            )
    is_wanted = wanted(names)
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for name, is_file, opened in entries():
        if not is_wanted(name):
            continue
        if not is_file:
            raise CourseError(f"{path}: {name!r} in it is a link, or no file: put the file itself there")
        if name in files:
            raise CourseError(f"{path}: {name!r} is in it twice: nothing is taken from it")
        with opened() as file:
            files[name] = file.read(left + 1)
        left -= len(files[name])
        if left < 0:
            raise _TooMuchError
    return files


def _leads_out(name: str) -> bool:
    parts = name.split("/")
    return (
        not name.isprintable()
        or "\\" in name
        or name.startswith("/")
        or ".." in parts
        or re.match(r"[A-Za-z]:", name) is not None
    )


def _zipped(path: Path, archive: zipfile.ZipFile) -> Iterator[_Entry]:
    for entry in archive.infolist():
        if not entry.is_dir():
            yield entry.filename, not stat.S_ISLNK(entry.external_attr >> 16), _opener(path, archive, entry)


def _opener(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        if entry.flag_bits & ENCRYPTED:
            raise CourseError(f"{path}: it is protected by a password: unpack it and name the folder")
        if entry.compress_type not in COMPRESSIONS:
            raise CourseError(f"{path}: it is compressed in a rare way: unpack it and name the folder")
        return archive.open(entry)

    return opened


def _tarred(path: Path) -> Iterator[_Entry]:
    with (
        gzip.open(path) as stream,
        tarfile.open(fileobj=_bounded(stream), mode="r:") as archive,
    ):
        for member in archive:
            if not member.isdir():
                yield (
                    member.name.removeprefix("./"),
                    member.isfile(),
                    functools.partial(_extracted, archive, member),
                )


def _extracted(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(member)
    assert file is not None  # of what is a plain file
    return file


class _TooMuchError(Exception):
    """More than a course has."""


def _bounded(file: IO[bytes] | gzip.GzipFile) -> Bounded:
    return Bounded(file, _TooMuchError, at_once=MOST_BYTES + 1, furthest=_MOST_UNPACKED)
