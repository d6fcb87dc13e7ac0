"""Reads notebooks as data, whatever their version and whatever was done to their metadata."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from autograder.errors import UnreadableError
from autograder.notebook import archives
from autograder.records import Cell, CellKind

MAX_BYTES: Final = 256 * 2**20  # nearly all of a large notebook are outputs, which are not kept
MAX_TEXT: Final = 64 * 2**20  # characters of its cells
MAX_CELLS: Final = 2000

_KINDS: Final[dict[str, CellKind]] = {"code": "code", "markdown": "markdown"}
_Decoded = TypeVar("_Decoded")


class _NotebookCell(msgspec.Struct):
    cell_type: str = "raw"
    source: str | list[str] = ""

    @property
    def text(self) -> str:
        return self.source if isinstance(self.source, str) else "".join(self.source)

    @property
    def kind(self) -> CellKind:
        return _KINDS.get(self.cell_type, "raw")


class _Notebook(msgspec.Struct):
    """What is needed of nbformat 4; unknown keys, outputs among them, are skipped without being built."""

    cells: list[_NotebookCell]
    nbformat: int


class _Version(msgspec.Struct):
    nbformat: int | None = None


_notebook = msgspec.json.Decoder(_Notebook)
_version = msgspec.json.Decoder(_Version)


def read_bytes(path: Path, named: str = "") -> bytes:
    """The bytes of a notebook file, or of the notebook in a zip: the only one, or that of this name.

    UnreadableError where it is no ordinary file, too large, or a zip with none or several. The file is opened without following a link in its place, so that nothing outside is read for a student.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if path.is_symlink():
            raise UnreadableError("the notebook is a link to another file, which is refused") from None
        raise UnreadableError(f"the notebook cannot be opened ({error.strerror})") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("the notebook is no ordinary file")
        raw = b""
        while len(raw) <= MAX_BYTES and (part := os.read(descriptor, min(status.st_size, MAX_BYTES) + 1)):
            raw += part
    finally:
        os.close(descriptor)
    if len(raw) > MAX_BYTES:
        raise UnreadableError(f"the notebook is larger than {MAX_BYTES // 2**20} MiB: clear its outputs")
    return archives.notebook(raw, named, MAX_BYTES) if raw.startswith(archives.MAGIC) else raw


def code_cells(raw: bytes) -> tuple[Cell, ...]:
    """The code cells of a notebook's bytes in order; UnreadableError says what is wrong with them."""
    return tuple(cell for cell in cells(raw) if cell.kind == "code")


def cells(raw: bytes) -> tuple[Cell, ...]:
    """All cells of a notebook's bytes in order; UnreadableError says what is wrong with them."""
    if not raw.strip():
        raise UnreadableError("the file is empty")
    try:
        notebook = as_jupyter_reads(raw, _decode)
    except msgspec.ValidationError as error:
        raise UnreadableError(f"it is JSON, but no notebook: {str(error).replace('`', '')}") from None
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    if len(notebook.cells) > MAX_CELLS:
        raise UnreadableError(f"it has {len(notebook.cells)} cells, {MAX_CELLS} are allowed")
    found = tuple(Cell(index, cell.text, cell.kind) for index, cell in enumerate(notebook.cells))
    if sum(len(cell.source) for cell in found) > MAX_TEXT:
        raise UnreadableError(f"its cells hold more than {MAX_TEXT // 2**20} MiB of text")
    return found


def as_jupyter_reads(raw: bytes, decode: Callable[[bytes], _Decoded]) -> _Decoded:
    """What `decode` makes of JSON, given in strict form where it is only what Jupyter takes for JSON.

    Raises msgspec.ValidationError for another form than `decode` expects, UnreadableError for what is no JSON.
    """
    try:
        return decode(raw)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        return decode(_plain_json(raw))


def _decode(raw: bytes) -> _Notebook:
    version = _version.decode(raw).nbformat
    if version is None:
        raise UnreadableError("it is JSON, but no notebook: it has no nbformat")
    return _notebook.decode(raw if version >= 4 else _upgraded(raw, version))


def _plain_json(raw: bytes) -> bytes:
    """Strict JSON from what Python's own parser, and so Jupyter, would take: a byte-order mark, NaN, half emoji."""
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=lambda _: None)
        return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    except UnicodeDecodeError:
        raise UnreadableError("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise UnreadableError(f"it is not JSON: {error}") from None
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None


def digest(raw: bytes) -> str:
    """By which unchanged work is known."""
    return hashlib.sha256(raw).hexdigest()


def named(cells: Sequence[Cell], index: int) -> str:
    """A cell as people find it again: by its first line, for Jupyter numbers no cell that has not run."""
    source = next((cell.source for cell in cells if cell.index == index), "")
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return f"The cell “{first if len(first) <= 50 else first[:49] + '…'}”"


def _upgraded(raw: bytes, version: int) -> bytes:
    """A notebook of an older format in today's, by nbformat's own converter."""
    if version < 3:
        raise UnreadableError(f"it is of notebook format {version}: save it with a current Jupyter")
    try:
        import nbformat

        older: Any = nbformat.reader.reads(raw.decode("utf-8"))
        return json.dumps(nbformat.convert(older, 4)).encode()
    except ImportError:
        raise UnreadableError(f"it is of notebook format {version}: save it with a current Jupyter") from None
    except Exception as error:  # nbformat raises whatever an odd notebook makes it trip over
        raise UnreadableError(f"it cannot be brought to today's notebook format: {error}") from None
