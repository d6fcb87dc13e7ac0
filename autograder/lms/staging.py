"""The files of an attempt as they are to lie in a student's folder, written into a place of their own first.

Names are students' own: each becomes one component of a path at a time, none leads out, none is taken for a receipt of
nbgrader's, and no two are one name on systems where case or the spelling of accents does not count.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from autograder.errors import UnreadableError
from autograder.gradebook.receipts import RECEIPTS
from autograder.lms.attempts import Attempt
from autograder.naming import LONGEST, as_text, size
from autograder.notebook import archives, places
from autograder.records import Unit

_COUNTED: Final = re.compile(
    r"(?:[-_ ]\d{1,3}| ?\(\d{1,3}\))$"
)  # how often LMSs and browsers have seen a name
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_ANOTHER: Final = re.compile(r" \(\d+\)(?:\.|$)")  # as `_free` writes it
_SPARE: Final = 24  # bytes of a name that are left for what is put before it or behind
_DIGITS: Final = 8  # of a digest, by which folders are told apart


@dataclass(frozen=True)
class Staged:
    """An attempt's files, written."""

    attempt: Attempt
    folder: Path
    digest: str  # of names and contents
    notes: tuple[str, ...]

    @property
    def has_work(self) -> bool:
        """Whether there is anything to grade."""
        return any(places.is_work(path.name) for path in self.folder.rglob("*") if path.is_file())


def stage(attempt: Attempt, unit: Unit, folder: Path) -> Staged:
    """Writes an attempt's files to an empty folder; what cannot be read is left out with a note.

    Where files have labels of their own, the attempt gets that of a notebook that will be graded: feedback goes back by it.
    """
    notes, labels = [], []
    known = {(f"{name}.ipynb",) for name in places.names_of(unit)}
    placed = _placed([name for name, _ in attempt.files], unit)
    for at, ((own, item), wanted) in enumerate(zip(attempt.files, placed, strict=True)):
        name = as_text("/".join(own))
        if wanted[-1] in RECEIPTS:
            notes.append(f"{name} is not taken: when work was handed in, the LMS says")
            continue
        place = folder.joinpath(*wanted)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with open(place, "xb") as file:
                for part in item.content():
                    file.write(part)
        except UnreadableError as error:
            place.unlink(missing_ok=True)
            notes.append(f"{name} is left out: {error}")
            continue
        if wanted in known and attempt.labels:
            labels.append(attempt.labels[at])
        if _ANOTHER.search(wanted[-1]) and not _ANOTHER.search(own[-1]):
            notes.append(
                f"{name} is the name of another file too, but for case or accents: it is {wanted[-1]}"
            )
    if labels and attempt.label not in labels:
        attempt = replace(attempt, label=labels[0])
    return Staged(attempt, folder, digest(folder), tuple(notes))


def digest(folder: Path) -> str:
    """What is in a folder, receipts aside, as one short text; the same for the same names and contents."""
    found = hashlib.sha256()
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if name in RECEIPTS and path.parent == folder:
                continue
            inside = as_text(str(path.relative_to(folder))).encode()
            content = _sum(path) if path.is_file() and not path.is_symlink() else b"no ordinary file"
            found.update(b"%d %s %d %s\n" % (len(inside), inside, len(content), content))
    return found.hexdigest()


def folder_name(at: str, digest: str) -> str:
    """The name of a folder for an attempt: by its time, where it is known, and what is in it."""
    time = re.sub(r"[^0-9T]", "", at.replace("-", "").partition(".")[0]) if at else ""
    return f"{time or 'unknown-time'}-{digest[:_DIGITS]}"


def safe(label: str, longest: int = LONGEST - _SPARE) -> str:
    """A name of an LMS's as one component of a path."""
    name = _UNSAFE.sub("_", label).strip(". ") or "_"
    while size(name) > longest:
        name = name[: len(name) * longest // size(name)]
    return name


def move(source: Path, target: Path) -> None:
    """Moves a folder to a place where nothing is; within one file system in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(source, target)
    except OSError:
        rough = target.with_name(f".{target.name}.tmp")
        shutil.rmtree(rough, ignore_errors=True)
        shutil.copytree(source, rough, symlinks=True)
        os.rename(rough, target)
        shutil.rmtree(source)


def _sum(path: Path) -> bytes:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().encode()


# --------------------------------------------------------------------------------------------------------- names


def _placed(names: Sequence[tuple[str, ...]], unit: Unit) -> list[tuple[str, ...]]:
    """Where each file goes: a notebook that is meant under the name that the unit has for it, all else under its own."""
    known = places.names_of(unit)
    found = {name: _meant(names, name, alone=len(known) == 1) for name in known}
    meant = {at: f"{name}.ipynb" for name, at in found.items() if at is not None}
    wanted = [(meant[at],) if at in meant else tuple(map(safe, name)) for at, name in enumerate(names)]
    files: set[tuple[str, ...]] = set()
    folders: set[tuple[str, ...]] = set()
    placed: dict[int, tuple[str, ...]] = dict.fromkeys(range(len(names)), ())
    for at in sorted(
        range(len(names)), key=lambda at: at not in meant
    ):  # which is never the one that gives way
        placed[at] = name = _free(wanted[at], files, folders)
        files.add(_folded(name))
        folders |= {_folded(name[:depth]) for depth in range(1, len(name))}
    return list(placed.values())


def _meant(names: Sequence[tuple[str, ...]], wanted: str, *, alone: bool) -> int | None:
    """Which of the files is the notebook of this name: the only one that is called so, or, where it is `alone`, the only one."""
    notebooks = [at for at, name in enumerate(names) if archives.is_notebook(name[-1])]
    exact = [at for at in notebooks if names[at] == (f"{wanted}.ipynb",)]
    counted = [at for at in notebooks if _COUNTED.sub("", places.stem(names[at][-1])) == wanted]
    return next((found[0] for found in (exact, notebooks if alone else (), counted) if len(found) == 1), None)


def _free(
    wanted: tuple[str, ...], files: set[tuple[str, ...]], folders: set[tuple[str, ...]]
) -> tuple[str, ...]:
    """The name, with a number where another file or folder has it already."""
    name = list(wanted)
    for depth in range(len(name)):
        stem, dot, ending = name[depth].partition(".")
        is_file = depth == len(name) - 1
        count = 1
        while (here := _folded(name[: depth + 1])) in files or (is_file and here in folders):
            count += 1
            name[depth] = f"{stem} ({count}){dot}{ending}"
    return tuple(name)


def _folded(name: Iterable[str]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", as_text(part)).casefold() for part in name)
