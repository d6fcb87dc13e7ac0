"""Files that student code has written, where a test looks for them: in the exam process's own folder, as they are then.

A child keeps what it writes in its memory. Where a test opens or looks for a file that its own folder has not, the child is
asked for one of that name, and what it has is laid there. By the name, which is the test's, only kinds of files are asked for
that no reader runs code for: what is unpickled is none of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final

from autograder.adopted.link import Link
from autograder.adopted.standing import Held, held

_KINDS: Final = frozenset(
    {"", ".txt", ".csv", ".tsv", ".dat", ".data", ".log", ".json", ".jsonl", ".md", ".html", ".xml", ".svg"}
    | {
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".bmp",
        ".pdf",
        ".out",
        ".in",
        ".wav",
        ".fasta",
        ".tex",
        ".rst",
        ".ini",
    }
)
_MAX_BYTES: Final = 16 * 2**20
_stat, _lstat = os.stat, os.lstat


class Written:
    """The files of one sitting's notebook."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._folder = os.getcwd()
        self._laid: dict[str, int] = {}  # by name, when the child was asked for it
        self._busy = False

    def watch(self) -> None:
        """From here on, whatever looks for a file of the child's finds it."""
        sys.addaudithook(self._hook)
        os.stat = _looking(self, _stat)
        os.lstat = _looking(self, _lstat)

    def lay(self, path: object) -> None:
        """Lays a file of the child's where it is looked for, if the child has one and nothing else lies there."""
        name = self._name(path)
        if self._busy or not name or self._laid.get(name) == self._link.epoch or not self._link.cell.filename:
            return
        if name not in self._laid and _there(name):
            return
        self._busy = True
        try:
            data = self._read(name)
            self._laid[name] = self._link.epoch
            if data is not None:
                os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
                with open(name, "wb") as file:
                    file.write(data)
        finally:
            self._busy = False

    def _read(self, name: str) -> bytes | None:
        ask = self._link.ask
        try:
            file = ask("call", held(self._link.library("builtins", "open")).number, args=[name, "rb"])
            data = (
                ask("method", held(file).number, name="read", args=[_MAX_BYTES])
                if isinstance(file, Held)
                else None
            )
        except Exception as error:
            if error in self._link.raised:
                self._link.raised.remove(error)
            return None
        return data if type(data) is bytes and len(data) < _MAX_BYTES else None

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and args and _reads(args):
            self.lay(args[0])

    def _name(self, path: object) -> str:
        """The path from the folder on; empty where none of the child's is meant."""
        if isinstance(path, os.PathLike):
            path = os.fspath(path)
        if not isinstance(path, str) or not path or "\0" in path:
            return ""
        name = os.path.relpath(path, self._folder) if os.path.isabs(path) else os.path.normpath(path)
        inside = not name.startswith("..") and name != "."
        return name if inside and PurePath(name).suffix.lower() in _KINDS else ""


def _reads(args: tuple[Any, ...]) -> bool:
    mode = args[1] if len(args) > 1 else "r"
    flags = args[2] if len(args) > 2 else 0
    return (mode is None or "r" in str(mode)) and not (isinstance(flags, int) and flags & os.O_CREAT)


def _there(name: str) -> bool:
    try:
        _stat(name)
    except OSError:
        return False
    return True


def _looking(written: Written, real: Callable[..., Any]) -> Callable[..., Any]:
    def looking(path: Any, *args: Any, **keywords: Any) -> Any:
        written.lay(path)
        return real(path, *args, **keywords)

    return looking
