"""Files that student code has written, where a test looks for them, and a test's own, where student code is handed their path.

A child keeps what it writes in its memory. Where a test opens or looks for a file that its own folder has not, the child is
asked for one of that name, and what it has is laid there. By the name, which is the test's, only kinds of files are asked for
that no reader runs code for: what is unpickled is none of them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final

from autograder.adopted.link import Link
from autograder.adopted.standing import held

_KINDS: Final = frozenset(
    {".txt", ".csv", ".tsv", ".log", ".json", ".jsonl", ".md", ".html", ".xml", ".tex", ".rst", ".fasta"}
    | {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".pdf"}
)
_MAX_BYTES: Final = 16 * 2**20
_stat, _lstat = os.stat, os.lstat


class Written:
    """The files of one sitting's notebook."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._folder = os.getcwd()
        self._laid: dict[str, int] = {}  # by name, when the child was asked for it
        self._wrote: set[str] = set()  # paths of files that a test has opened to write to
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

    def bring(self, value: object) -> None:
        """Hands over the files that a test has written at a path which student code is handed: such a file, or such a folder's."""
        if not self._wrote or not isinstance(value, str | os.PathLike) or self._busy:
            return
        path = os.path.abspath(os.fspath(value))
        below = os.path.join(path, "")
        self._busy = True
        try:
            for one in [one for one in self._wrote if one == path or one.startswith(below)]:
                self._write(one, os.fspath(value) + one.removeprefix(path))
        finally:
            self._busy = False

    def _write(self, file: str, name: str) -> None:
        """Has the child have a file of this name that is as this one now."""
        ask = self._link.ask
        with contextlib.suppress(OSError):
            with open(file, "rb") as opened:
                data = opened.read(_MAX_BYTES)
            if folder := os.path.dirname(name):
                make = held(self._link.library("os", "makedirs")).number
                ask("call", make, args=[folder], keywords={"exist_ok": True})
            opens = held(self._link.library("builtins", "open")).number
            there = ask("call", opens, args=[name, "wb"])
            ask("method", held(there).number, name="write", args=[data])
            ask("method", held(there).number, name="close")

    def _read(self, name: str) -> bytes | None:
        try:
            data = self._link.ask("file", name=name)
        except OSError as error:
            if error in self._link.raised:
                self._link.raised.remove(error)
            return None
        return data if type(data) is bytes else None

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or not args or self._busy or not self._link.cell.filename:
            return
        if _reads(args):
            self.lay(args[0])
        elif isinstance(args[0], str | os.PathLike):
            self._wrote.add(os.path.abspath(os.fspath(args[0])))

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
