"""Files that a notebook writes, in the memory of its child: it finds them again, and nobody else ever does.

A child may write nowhere, and what it wrote to a disk the next one could find. Notebooks write all the same, a table
or a list of words, and read it again some cells later. So what Python's own `open` is asked to write goes into memory,
and is read from there; pandas, NumPy, json and csv open their files by that. What opens files past Python is refused, and
so is what would take too much memory.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import importlib
import io
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from typing import Any, Final, Self

MAX_FILES: Final = 200
MAX_BYTES: Final = 64 * 2**20  # of all files together
_WRITES: Final = frozenset("wax+")
_TEMPORARY: Final = "/tmp"
_open, _stat, _lstat, _listdir, _scandir = io.open, os.stat, os.lstat, os.listdir, os.scandir
_FILE, _FOLDER = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755


@contextlib.contextmanager
def scratch() -> Iterator[Files]:
    """A block in which what is written is kept in memory."""
    files = Files()

    def lstat(path: Any, **more: Any) -> os.stat_result:
        return files.stat(path, real=_lstat, **more)

    replaced: list[tuple[Any, str, Any]] = [
        (builtins, "open", files.open),
        (io, "open", files.open),
        (os, "stat", files.stat),
        (os, "lstat", lstat),
        (os, "listdir", files.listdir),
        (os, "scandir", files.scandir),
        (tempfile, "tempdir", _TEMPORARY),
        (os, "remove", files.remove),
        (os, "unlink", files.remove),
        (os, "rename", files.rename),
        (os, "replace", files.rename),
        (os, "mkdir", files.mkdir),
    ]
    with contextlib.suppress(ImportError, AttributeError):
        # `savetxt` and `loadtxt` have taken `io.open` long before.
        numpys: Any = importlib.import_module("numpy.lib._datasource")
        replaced.append((numpys, "_file_openers", _Openers(numpys._file_openers, files.open)))
    if sys.version_info >= (3, 13):
        # So has what paths go through folders with; later versions ask `os` again.
        paths: Any = getattr(importlib.import_module("glob"), "_StringGlobber", None)
        for name, own, other in (("lstat", _lstat, lstat), ("scandir", _scandir, files.scandir)):
            if getattr(paths, name, None) is own:
                replaced.append((paths, name, staticmethod(other)))
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in replaced]
    for owner, name, other in replaced:
        setattr(owner, name, other)
    try:
        yield files
    finally:
        for owner, name, other in before:
            setattr(owner, name, other)


class _Openers:
    """NumPy's table of what opens a file by its ending, with another for files of none."""

    def __init__(self, own: Any, plain: Any) -> None:
        self._own, self._plain = own, plain

    def keys(self) -> Any:
        """As of NumPy's own."""
        return self._own.keys()

    def __getitem__(self, ending: str | None) -> Any:
        return self._plain if ending is None else self._own[ending]


class Files:
    """What there is in memory, by its whole path; a file that was removed there is None."""

    def __init__(self) -> None:
        self._files: dict[str, bytearray | None] = {}
        self._folders: set[str] = {_path(_TEMPORARY) or ""}

    def open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        """As Python's own."""
        writes = type(mode) is str and not _WRITES.isdisjoint(mode)
        path = None if opener is not None else _path(file)
        if path is None or not (writes or path in self._files):
            return _open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        plain = mode.replace("b", "").replace("t", "").replace("U", "")
        if plain not in ("r", "w", "a", "x", "r+", "w+", "a+", "x+"):
            raise ValueError(f"invalid mode: {mode!r}")
        raw = _File(self._content(file, path, plain), path, plain, self.check)
        if "b" in mode and buffering == 0:
            return raw
        buffered: Any
        if "+" in plain:
            buffered = io.BufferedRandom(raw)
        else:
            buffered = io.BufferedReader(raw) if plain == "r" else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        text = io.TextIOWrapper(buffered, encoding or "utf-8", errors, newline, line_buffering=buffering == 1)
        text.mode = mode  # type: ignore[misc]  # as of Python's own
        return text

    def content(self, path: str) -> bytes:
        """What was written to a file; FileNotFoundError where none was."""
        found = self._files.get(_path(path) or "")
        if found is None:
            raise _missing(path)
        return bytes(found)

    def check(self, more: int) -> None:
        """OSError where so many bytes more are too much."""
        if sum(len(content or b"") for content in self._files.values()) + more > MAX_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def stat(self, path: Any, *, real: Any = _stat, **more: Any) -> os.stat_result:
        """As Python's own."""
        if (whole := _path(path)) is not None and (whole in self._files or whole in self._folders):
            content = self._files.get(whole)
            if content is None and whole not in self._folders:
                raise _missing(path)
            mode, size = (_FOLDER, 0) if content is None else (_FILE, len(content))
            return os.stat_result((mode, 0, 0, 1, 0, 0, size, 0, 0, 0))
        found: os.stat_result = real(path, **more)
        return found

    def listdir(self, path: Any = ".") -> list[Any]:
        """As Python's own."""
        whole = _path(path)
        found = [] if whole in self._folders else _listdir(path)
        if whole is None or not all(isinstance(name, str) for name in found):
            return found
        inside = {one: content for one, content in self._files.items() if os.path.dirname(one) == whole}
        gone = {os.path.basename(one) for one, content in inside.items() if content is None}
        here = {os.path.basename(one) for one, content in inside.items() if content is not None}
        here |= {os.path.basename(one) for one in self._folders if os.path.dirname(one) == whole}
        return sorted({*found, *here} - gone)

    def scandir(self, path: Any = ".") -> Any:
        """As Python's own."""
        if _path(path) is None or isinstance(path, bytes):
            return _scandir(path)
        return _Entries(_Entry(os.fspath(path), name) for name in self.listdir(path))

    def remove(self, path: Any, **_: Any) -> None:
        """As Python's own; a file that lies beside the notebook is only seen no more."""
        whole = _path(path)
        if whole is None or not self._is_file(whole):
            raise _missing(path)
        self._files[whole] = None

    def rename(self, source: Any, target: Any, **_: Any) -> None:
        """As Python's own."""
        before, after = _path(source), _path(target)
        if before is None or after is None or not self._is_file(before):
            raise _missing(source)
        self._files[after] = self._content(source, before, "r+")
        self._files[before] = None

    def mkdir(self, path: Any, *_: Any, **__: Any) -> None:
        """As Python's own."""
        whole = _path(path)
        if whole is None or self._is_file(whole) or self._is_folder(whole):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
        if not self._is_folder(os.path.dirname(whole)):
            raise _missing(path)
        self._folders.add(whole)

    def _content(self, named: Any, path: str, mode: str) -> bytearray:
        """What a file holds that is opened in this way: its own, or a copy of what lies on the disk."""
        there = self._is_file(path)
        if mode.startswith("r") and not there:
            raise _missing(named)
        if mode.startswith("x") and there:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), named)
        if self._is_folder(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), named)
        if not there and not self._is_folder(os.path.dirname(path)):
            raise _missing(named)
        content = self._files.get(path)
        if content is None:
            if len(self._files) >= MAX_FILES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), named)
            content = bytearray()
            if there and mode[0] in "ra":
                with _open(path, "rb") as real:
                    content += real.read(MAX_BYTES)
            self._files[path] = content
        if mode.startswith("w"):
            del content[:]
        return content

    def _is_file(self, path: str) -> bool:
        if path in self._files:
            return self._files[path] is not None
        with contextlib.suppress(OSError, ValueError):
            return stat.S_ISREG(_stat(path).st_mode)
        return False

    def _is_folder(self, path: str) -> bool:
        if path in self._folders:
            return True
        with contextlib.suppress(OSError, ValueError):
            return stat.S_ISDIR(_stat(path).st_mode)
        return False


class _Entries:
    """What a folder holds, as Python's own goes through it."""

    def __init__(self, entries: Iterator[_Entry]) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[_Entry]:
        return self._entries

    def __next__(self) -> _Entry:
        return next(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """As Python's own."""


class _Entry:
    """One thing that a folder holds."""

    def __init__(self, folder: str, name: str) -> None:
        self.name, self.path = name, os.path.join(folder, name)

    def __fspath__(self) -> str:
        return self.path

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """As Python's own, and so are the others."""
        return os.stat(self.path) if follow_symlinks else os.lstat(self.path)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """As Python's own."""
        return self._is(stat.S_ISDIR, follow_symlinks)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """As Python's own."""
        return self._is(stat.S_ISREG, follow_symlinks)

    def is_symlink(self) -> bool:
        """As Python's own."""
        return self._is(stat.S_ISLNK, follow_symlinks=False)

    def _is(self, of: Any, follow_symlinks: bool) -> bool:
        with contextlib.suppress(OSError):
            return bool(of(self.stat(follow_symlinks=follow_symlinks).st_mode))
        return False


class _File(io.RawIOBase):
    """One file that is open, over what it holds."""

    def __init__(self, content: bytearray, name: str, mode: str, check: Any) -> None:
        self.name, self.mode = name, mode
        self._content, self._check = content, check
        self._place = len(content) if mode.startswith("a") else 0

    def readable(self) -> bool:
        """As of any file, and so are the others."""
        return "r" in self.mode or "+" in self.mode

    def writable(self) -> bool:
        """As of any file."""
        return self.mode != "r"

    def seekable(self) -> bool:
        """As of any file."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """As of any file."""
        if not self.readable():
            raise io.UnsupportedOperation("not readable")
        part = self._content[self._place : self._place + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def write(self, data: Any, /) -> int:
        """As of any file; OSError where it becomes too large."""
        if not self.writable():
            raise io.UnsupportedOperation("not writable")
        data = bytes(data)
        if self.mode.startswith("a"):
            self._place = len(self._content)
        self._check(max(0, self._place + len(data) - len(self._content)))
        if self._place > len(self._content):
            self._content += bytes(self._place - len(self._content))
        self._content[self._place : self._place + len(data)] = data
        self._place += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As of any file."""
        place = offset + (0, self._place, len(self._content))[whence]
        if place < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._place = place
        return place

    def truncate(self, size: int | None = None, /) -> int:
        """As of any file."""
        size = self._place if size is None else size
        self._check(max(0, size - len(self._content)))
        del self._content[size:]
        self._content += bytes(size - len(self._content))
        return size


def _path(file: Any) -> str | None:
    """The whole path; None where it is none, such as the number of an open file."""
    if not isinstance(file, str | bytes | os.PathLike):
        return None
    name = os.fsdecode(file)
    return None if "\0" in name else os.path.normpath(os.path.join(os.getcwd(), name))


def _missing(path: Any) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
