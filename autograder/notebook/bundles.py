"""The files of many people in one zip or folder, as an LMS's download holds them; none of its names becomes a path here.

Nothing that a zip says is trusted: not its names, not the sizes it gives, not how many files it lists. Names that lead
out, links, files that are too large or that unpack to far more than they take are left out with a reason, and everyone
else's are taken; a zip that as a whole cannot be read, or not safely, is refused.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from autograder.errors import UnreadableError
from autograder.naming import as_text
from autograder.notebook.archives import COMPRESSIONS, ENCRYPTED
from autograder.notebook.bounded import Bounded

MOST_FILES: Final = 50_000
MOST_BYTES: Final = 256 * 2**20  # of one file
MOST_TOGETHER: Final = 16 * 2**30
_LIST_BYTES: Final = 64 * 2**20  # of the list of files in a zip
_RATIO: Final = 200  # to how many times its size a file may unpack; notebooks come to 10, and one picture drawn large to 50
_SMALL: Final = 16 * 2**20  # bytes, up to which that does not matter
_PART: Final = 2**18
_DEEPEST: Final = 20
_UTF8_NAME: Final = 0x800
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LEFT_BY_PROGRAMS: Final = ("__MACOSX", "desktop.ini", "Thumbs.db")


@dataclass(frozen=True)
class Item:
    """One file of a download, not read yet."""

    parts: tuple[str, ...]  # the names of folders and file, outermost first
    size: int  # in bytes, as far as it is to be believed
    content: Callable[
        [], Iterator[bytes]
    ]  # in parts; UnreadableError where it cannot be had, or is too large

    def read(self) -> bytes:
        """All of it; UnreadableError where it cannot be had."""
        return b"".join(self.content())


@dataclass(frozen=True)
class Bundle:
    """What a download holds."""

    items: tuple[Item, ...]  # by name
    left_out: tuple[tuple[str, str], ...] = ()  # names, and why


@contextmanager
def opened(source: Path) -> Iterator[Bundle]:
    """What a zip or a folder holds, while it is open; UnreadableError says why it cannot be read."""
    if source.is_dir():
        yield _folder(source)
        return
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(open(source, "rb", buffering=0))
            archive = stack.enter_context(zipfile.ZipFile(Bounded(raw, _too_many, at_once=_LIST_BYTES)))
            bundle = _zip(archive)
        except UnreadableError:
            raise
        except OSError as error:
            raise UnreadableError(f"it cannot be read ({error.strerror})") from None
        except Exception:  # zipfile raises whatever an odd archive makes it trip over
            raise UnreadableError("it is no zip, or a damaged one: download it again") from None
        yield bundle


def single(path: Path) -> Bundle:
    """One file by itself; UnreadableError where it is none, or too large."""
    try:
        status = path.stat()
    except OSError as error:
        raise UnreadableError(f"it cannot be read ({error.strerror})") from None
    why = _why_not_file(status)
    if why:
        raise UnreadableError(why)
    return Bundle((Item((path.name,), status.st_size, partial(_parts_of, path.resolve())),))


# ------------------------------------------------------------------------------------------------------------ zips


def _too_many() -> UnreadableError:
    return UnreadableError("the zip lists too many files")


def _zip(archive: zipfile.ZipFile) -> Bundle:
    entries = [entry for entry in archive.infolist() if not _name(entry).endswith(("/", "\\"))]
    if len(entries) > MOST_FILES:
        raise UnreadableError(f"the zip lists {len(entries):,} files, and {MOST_FILES:,} are allowed")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise UnreadableError("the zip is protected by a password: download it without one")
    if sum(entry.file_size for entry in entries) > MOST_TOGETHER:
        raise UnreadableError(f"the zip unpacks to more than {MOST_TOGETHER // 2**30} GiB, which is refused")
    items, left_out = [], []
    for entry in entries:
        parts = tuple(re.split(r"[/\\]", _name(entry)))
        why = _why_not(parts) or _why_not_entry(entry)
        if why:
            left_out.append((as_text("/".join(parts)), why))
        elif not _is_left_by_programs(parts):
            items.append(Item(parts, entry.file_size, partial(_unpacked, archive, entry)))
    return Bundle(tuple(sorted(items, key=lambda item: item.parts)), tuple(sorted(left_out)))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: zips without the sign for UTF-8 hold it all the same, or what old systems write."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.orig_filename


def _why_not(parts: tuple[str, ...]) -> str:
    """Why files are not taken that are called so; empty where they may be."""
    if any(part in ("", ".", "..") or part.endswith(":") for part in parts):
        return "its name leads out of the zip"
    if any(_CONTROL.search(part) for part in parts):
        return "its name has control characters"
    if len(parts) > _DEEPEST:
        return f"it lies in more than {_DEEPEST} folders"
    return ""


def _is_left_by_programs(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(".") or part in _LEFT_BY_PROGRAMS for part in parts)


def _why_not_entry(entry: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a link"
    if kind not in (0, stat.S_IFREG):
        return "it is no ordinary file"
    if entry.compress_type not in COMPRESSIONS:
        return "it is compressed in a rare way"
    if entry.file_size > MOST_BYTES:
        return _too_large()
    if entry.file_size > max(_SMALL, _RATIO * entry.compress_size):
        return f"it unpacks to more than {_RATIO} times what it takes"
    return ""


def _too_large() -> str:
    return f"it is larger than {MOST_BYTES // 2**20} MiB"


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content in parts, never more than the zip said that it is."""
    size = 0
    try:
        with archive.open(entry) as file:
            while part := file.read(_PART):
                size += len(part)
                if size > entry.file_size:
                    raise UnreadableError("it is larger than the zip says")
                yield part
    except UnreadableError:
        raise
    except Exception:  # zipfile raises whatever an odd archive makes it trip over
        raise UnreadableError("it is damaged in the zip") from None


# --------------------------------------------------------------------------------------------------------- folders


def _folder(top: Path) -> Bundle:
    items: list[Item] = []
    left_out: list[tuple[str, str]] = []
    for place, folders, names in os.walk(top):
        inside = Path(place).relative_to(top).parts
        links = [name for name in folders if Path(place, name).is_symlink()]
        left_out += [(as_text("/".join((*inside, name))), "it is a link") for name in links]
        folders[:] = sorted(name for name in folders if name not in links and len(inside) < _DEEPEST)
        for name in names:
            parts = (*inside, name)
            path = Path(place, name)
            status = path.lstat()
            if not _is_left_by_programs(parts):
                why = _why_not_file(status)
                if why:
                    left_out.append((as_text("/".join(parts)), why))
                else:
                    items.append(Item(parts, status.st_size, partial(_parts_of, path)))
        if len(items) > MOST_FILES:
            raise UnreadableError(f"there are more than {MOST_FILES:,} files in it, which are allowed")
    return Bundle(tuple(sorted(items, key=lambda item: item.parts)), tuple(sorted(left_out)))


def _why_not_file(status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return "it is a link"
    if not stat.S_ISREG(status.st_mode):
        return "it is no ordinary file"
    return _too_large() if status.st_size > MOST_BYTES else ""


def _parts_of(path: Path) -> Iterator[bytes]:
    size = 0
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with open(descriptor, "rb") as file:
        while part := file.read(_PART):
            size += len(part)
            if size > MOST_BYTES:
                raise UnreadableError(_too_large())
            yield part
