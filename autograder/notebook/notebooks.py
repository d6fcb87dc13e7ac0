"""Reads notebooks as data, whatever their version and whatever was done to their metadata, and never too much of them.

This is the one place where what a student wrote enters a trusted process, and where it gets its bounds: of the file,
of its cells, of the text and the pictures in each, and of what this side parses as Python. All that comes after may
take linear time and need not count. Outputs, most of a large notebook, are skipped without being built.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from autograder.celltext import MAX_PARSED
from autograder.errors import UnreadableError
from autograder.notebook import archives
from autograder.notebook.strict import strict
from autograder.records import Cell, CellKind

MAX_BYTES: Final = 256 * 2**20  # of the file
MAX_CELLS: Final = 2000
MAX_CODE: Final = 1_000_000  # characters of a code cell: one with more is left out
MAX_PROSE: Final = (
    40_000  # of any other: of one with more, the middle is left out, mostly a picture spelt out
)
MAX_TEXT: Final = 5_000_000  # of all that is left
MAX_PARSED_TOGETHER: Final = 300_000
MAX_PICTURES: Final = 32 * 2**20  # bytes of what is pasted into all cells: what is beyond is left out
_MAX_SAVED: Final = 16 * 2**20  # bytes that a cell's text takes in the file: longer ones are not looked at
_MAX_PARTS: Final = 200  # of what is pasted into one cell
_MAX_REMEMBERED: Final = 2**22  # bytes of a notebook whose cells are kept until the next one is read
_MAX_SIGN: Final = 1000  # bytes of a name by which a cell may be known

_KINDS: Final[dict[str, CellKind]] = {"code": "code", "markdown": "markdown"}
_IMAGE_TYPES: Final = ("image/png", "image/jpeg")
_IMAGE_NAME: Final = re.compile(r"[\w.-]{1,200}+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/\s]++=*+\s*+")
_NOTHING: Final = msgspec.Raw(b'""')


@dataclass(frozen=True)
class SavedCell:
    """A cell with what, beside its text, it may be known by."""

    cell: Cell
    id: str = ""  # Jupyter's
    grade_id: str | None = None  # nbgrader's
    images: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # pasted into Markdown: name, then type and base64


def read_bytes(path: Path, named: str = "", *, or_only: bool = True) -> bytes:
    """The bytes of a notebook file, or of the notebook in a zip: that of this name, `or_only` one that is there.

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
    return (
        archives.notebook(raw, named, MAX_BYTES, or_only=or_only) if raw.startswith(archives.MAGIC) else raw
    )


def code_cells(raw: bytes) -> tuple[Cell, ...]:
    """The code cells of a notebook's bytes in order; UnreadableError says what is wrong with them."""
    return tuple(cell for cell in cells(raw) if cell.kind == "code")


def cells(raw: bytes) -> tuple[Cell, ...]:
    """All cells of a notebook's bytes in order; UnreadableError says what is wrong with them."""
    return tuple(one.cell for one in saved(raw))


def saved(raw: bytes) -> tuple[SavedCell, ...]:
    """All cells of a notebook's bytes in order, within the bounds; UnreadableError says what is wrong with them."""
    # Who grades a notebook asks for its text, and then for what the gradebook takes from it.
    return _saved_once(raw) if len(raw) <= _MAX_REMEMBERED else _read(raw)


@lru_cache(maxsize=1)
def _saved_once(raw: bytes) -> tuple[SavedCell, ...]:
    return _read(raw)


def _read(raw: bytes) -> tuple[SavedCell, ...]:
    if not raw.strip():
        raise UnreadableError("the file is empty")
    try:
        try:
            return _saved(raw)
        except msgspec.ValidationError:
            raise
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _saved(strict(raw))
    except msgspec.ValidationError as error:
        raise UnreadableError(f"it is JSON, but no notebook: {str(error).replace('`', '')}") from None
    except msgspec.DecodeError as error:
        raise UnreadableError(f"it is not JSON: {error}") from None
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None


def digest(raw: bytes) -> str:
    """By which unchanged work is known."""
    return hashlib.sha256(raw).hexdigest()


# ------------------------------------------------------------------------------------------------- as it is saved


class _Counted(msgspec.Struct):
    """A part of which there may be so many: building them all could take gigabytes."""

    def __post_init__(self) -> None:
        count = _counts.get()
        count[0] += 1
        if count[0] > MAX_CELLS:
            raise _TooManyError


class _TooManyError(Exception):
    """More cells than are allowed."""


_counts: ContextVar[list[int]] = ContextVar("cells that were built so far")


class _Cell(_Counted):
    """What is looked at of a cell, each part not decoded before its size is known."""

    cell_type: str = "raw"
    source: msgspec.Raw = _NOTHING
    input: msgspec.Raw = _NOTHING  # of code in nbformat 3
    level: msgspec.Raw = msgspec.Raw(b"1")  # of a heading in nbformat 3
    id: msgspec.Raw = _NOTHING
    metadata: msgspec.Raw = msgspec.Raw(b"{}")
    attachments: msgspec.Raw = msgspec.Raw(b"{}")

    @property
    def kind(self) -> CellKind:
        return _KINDS.get(self.cell_type, "raw")


class _Sheet(_Counted):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    """What is needed of nbformat 4 and 3; unknown keys, outputs among them, are skipped without being built."""

    nbformat: int | None = None
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None


class _Nbgrader(msgspec.Struct):
    grade_id: msgspec.Raw = _NOTHING


class _Metadata(msgspec.Struct):
    nbgrader: _Nbgrader = msgspec.field(default_factory=_Nbgrader)


_notebook = msgspec.json.Decoder(_Notebook)
_text = msgspec.json.Decoder(str | list[str])
_name = msgspec.json.Decoder(str)
_level = msgspec.json.Decoder(int)
_metadata = msgspec.json.Decoder(_Metadata)
_attachments = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _saved(raw: bytes) -> tuple[SavedCell, ...]:
    before = _counts.set([0])
    try:
        found = _of_version(_notebook.decode(raw))
    except _TooManyError:
        raise UnreadableError(f"it has more than {MAX_CELLS} cells: {MAX_CELLS} are allowed") from None
    finally:
        _counts.reset(before)
    texts = _within_bounds(_cell(index, one) for index, one in enumerate(found))
    cells, room = [], MAX_PICTURES
    for one, cell in zip(found, texts, strict=True):
        images = _images(one.attachments, room) if cell.kind == "markdown" else {}
        room -= len(one.attachments) if images else 0
        cells.append(SavedCell(cell, _sign(one.id), _grade_id(one.metadata), images))
    return tuple(cells)


def _of_version(notebook: _Notebook) -> list[_Cell]:
    """The cells, those of an older format as today's would have them."""
    if notebook.nbformat is None:
        raise UnreadableError("it is JSON, but no notebook: it has no nbformat")
    if notebook.nbformat < 3:
        raise UnreadableError(f"it is of notebook format {notebook.nbformat}: save it with a current Jupyter")
    if notebook.nbformat == 3 and notebook.worksheets is not None:
        return [_upgraded(cell) for sheet in notebook.worksheets for cell in sheet.cells]
    if notebook.cells is None:
        raise UnreadableError("it is JSON, but no notebook: it has no cells")
    return notebook.cells


def _upgraded(cell: _Cell) -> _Cell:
    """A cell of nbformat 3 made one of 4."""
    if cell.cell_type == "code" and len(cell.source) <= len(_NOTHING):
        cell.source = cell.input
    elif cell.cell_type == "heading":
        title = f"{'#' * _level_of(cell)} {' '.join((_decoded(cell.source) or '').split())}"
        cell.source = msgspec.Raw(msgspec.json.encode(title))
    if cell.cell_type in ("heading", "html"):
        cell.cell_type = "markdown"
    return cell


def _level_of(heading: _Cell) -> int:
    """From 1 to 6, whatever is written: a heading of level 10**9 would be a text of as many signs."""
    try:
        return min(max(_level.decode(heading.level), 1), 6)
    except msgspec.MsgspecError:
        return 1


# ------------------------------------------------------------------------------------------------- within bounds


def _within_bounds(cells: Iterable[Cell]) -> list[Cell]:
    """The cells, those marked that this side does not parse; UnreadableError where they hold too much text."""
    found, length, parsed = [], 0, 0
    for cell in cells:
        length += len(cell.source)
        if length > MAX_TEXT:
            raise UnreadableError(f"its cells hold more than {MAX_TEXT:,} characters of text")
        large = len(cell.source) > min(MAX_PARSED, MAX_PARSED_TOGETHER - parsed)
        if cell.kind == "code" and not large:
            parsed += len(cell.source)
        found.append(replace(cell, large=True) if cell.kind == "code" and large else cell)
    return found


def _cell(index: int, saved: _Cell) -> Cell:
    """A cell, of which what is too long is left out and counted."""
    text = _decoded(saved.source)
    most = MAX_CODE if saved.kind == "code" else MAX_PROSE
    if text is not None and len(text) <= most:
        return Cell(index, text, saved.kind)
    if text is None or saved.kind == "code":
        length = len(saved.source) if text is None else len(text)
        sign = "# " if saved.kind == "code" else "… "
        return Cell(
            index, f"{sign}{length:,} characters were here, which are left out", saved.kind, cut=length
        )
    half, cut = most // 2, len(text) - most
    told = f"\n\n… {cut:,} characters were here, which are left out …\n\n"
    return Cell(index, text[:half] + told + text[-half:], saved.kind, cut=cut)


def _decoded(source: msgspec.Raw) -> str | None:
    """A cell's text, which nbformat writes as a string or as a list of lines; None where it is too long to look at."""
    if len(source) > _MAX_SAVED:
        return None
    text = _text.decode(source)
    return text if isinstance(text, str) else "".join(text)


def _images(attachments: msgspec.Raw, most: int) -> dict[str, dict[str, str]]:
    """Pasted pictures whose every part is what it says, where all of them take no more than so many bytes."""
    if len(attachments) > most or bytes(attachments).count(b":") > _MAX_PARTS:
        return {}
    images: dict[str, dict[str, str]] = {}
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        for name, bundle in _attachments.decode(attachments).items():
            if _IMAGE_NAME.fullmatch(name) and (parts := _parts(bundle)):
                images[name] = parts
    return images


def _parts(bundle: msgspec.Raw) -> dict[str, str]:
    """A picture's data by their type; none where one of them is not what it says."""
    try:
        known = _attachments.decode(bundle)
        parts: dict[str, str] = {kind: _name.decode(known[kind]) for kind in _IMAGE_TYPES if kind in known}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return parts if all(map(_BASE64.fullmatch, parts.values())) else {}


def _sign(name: msgspec.Raw) -> str:
    """A name by which a cell may be known, where it is one of a sane length."""
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        return _name.decode(name) if len(name) <= _MAX_SIGN else ""
    return ""


def _grade_id(metadata: msgspec.Raw) -> str | None:
    """nbgrader's name for a cell, where it has one."""
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        return _sign(_metadata.decode(metadata).nbgrader.grade_id) or None
    return None
