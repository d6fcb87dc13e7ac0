"""Decides which file a submission is, for all who ask: where it belongs, or where it can only be meant.

It belongs at `submitted/<student>/<unit>/<unit>.ipynb`. Browsers, zips and people put it a little beside: under
another name, in the folders of a zip or in the zip itself, one folder too deep, in a folder called `self_attention`,
right in the student's folder. Where one thing alone can be meant it is taken; where it cannot be told, a line says so.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from autograder.errors import UnreadableError
from autograder.naming import as_text, runs, words
from autograder.notebook.archives import is_notebook
from autograder.records import Unit, Unplaced
from autograder.words import few, listed

_DEEPEST: Final = 4  # folders inside folders that are looked into for a notebook
_MOST_ENTRIES: Final = 2000  # and how many files and folders
_ARCHIVES: Final = (".zip", ".tar", ".tgz", ".tar.gz", ".7z", ".rar")
_NO_STUDENT: Final = ("submitted", "submissions")  # what a folder of all students is called, inside itself


@dataclass(frozen=True)
class HandedIn:
    """One student's work for one unit, not read yet."""

    student: str  # the folder's name, unchanged
    folder: Path  # submitted/<student>/<unit>, or what stands for it; nbgrader's receipts lie in it
    file: Path | None = None  # the one file that is meant, where it does not lie in a folder of its own
    by: str = ""  # whose folder it lies in, for whom inputs are drawn, where a group hands in together
    other: tuple[str, ...] = ()  # of the same group, whose other work this takes the place of


@dataclass(frozen=True)
class Found:
    """What of a student's folder may be a unit's work."""

    handed_in: HandedIn | None = None
    unplaced: tuple[Unplaced, ...] = ()  # what cannot be told to be this unit's work, and is not graded


def names_of(unit: Unit) -> tuple[str, ...]:
    """The names of a unit's notebooks, without their ending: its own, or those of an assignment that nbgrader made."""
    return unit.notebooks or (unit.name,)


def belongs_at(unit: Unit) -> str:
    """Where a unit's work is looked for in a student's folder, as people are told: its first notebook."""
    return f"{unit.name}/{names_of(unit)[0]}.ipynb"


def find_notebooks(handed_in: HandedIn, unit: Unit) -> dict[str, Path]:
    """The files of a submission, by the names of the unit's notebooks; UnreadableError says why there is none.

    Of a unit with several, those that are not there are left out, and all may be in one zip.
    """
    known = names_of(unit)
    if len(known) == 1:
        return {known[0]: find_notebook(handed_in, unit)}
    _refuse_way_out(handed_in)
    exact: dict[str, Path] = {}
    if handed_in.file is not None:
        there, others = [as_text(handed_in.file.name)], [handed_in.file]
    else:
        folder = handed_in.folder
        there = _listing(folder)
        exact = {
            name: folder / f"{name}.ipynb" for name in known if os.path.lexists(folder / f"{name}.ipynb")
        }
        others = [path for path in _notebooks(folder, there) if path not in exact.values()]
    zips = [path for path in others if is_zip(path.name)]
    if len(zips) == 1:
        return dict.fromkeys(known, zips[0])
    found = exact | {
        name: path for name in known if name not in exact and (path := _called(others, name, known))
    }
    if not found:
        beside = f", and there is {', '.join(map(as_text, there[:5]))}" if there else ""
        told = listed([f"{name}.ipynb" for name in known])
        raise UnreadableError(f"there is no notebook in it: {told} were expected{beside}")
    return {name: found[name] for name in known if name in found}


def _called(paths: Sequence[Path], name: str, known: Sequence[str]) -> Path | None:
    """The one of the files that is called by the name of a notebook and of no other; UnreadableError for several."""
    keys = {one: "".join(words(one)) for one in known}
    found = []
    for path in paths:
        said = {one for one in known if keys[one] in runs(stem(path.name))}
        longest = {one for one in said if not any(keys[one] in keys[two] for two in said if two != one)}
        if longest == {name}:
            found.append(path)
    found = [path for path in found if path.name == f"{name}.ipynb"] or found
    if len(found) > 1:
        there = few([as_text(path.name) for path in found])
        raise UnreadableError(
            f"there are {len(found)} notebooks in it ({there}): hand in one, named {name}.ipynb"
        )
    return found[0] if found else None


def find_notebook(handed_in: HandedIn, unit: Unit) -> Path:
    """The file of a submission, a notebook or a zip with one in it; UnreadableError says why there is none.

    It is the one with the name of the unit's only notebook. A renamed one is taken if it is the only one, also where a
    browser has put an ending of its own after the name, or a zip its folders around it, or it is in the zip still.
    """
    _refuse_way_out(handed_in)
    if handed_in.file is not None:
        return handed_in.file
    folder = handed_in.folder
    named = folder / f"{names_of(unit)[0]}.ipynb"
    if os.path.lexists(named):
        return named
    there = _listing(folder)
    found = _notebooks(folder, there)
    if len(found) > 1:
        found = [path for path in found if path.name == named.name] or found
    if len(found) == 1:
        return found[0]
    if found:
        what = "zips" if is_zip(found[0].name) else "notebooks"
        told = few([as_text(str(path.relative_to(folder))) for path in found])
        raise UnreadableError(
            f"there are {len(found)} {what} in it ({told}): hand in one notebook, named {named.name}"
        )
    beside = f", and there is {', '.join(map(as_text, there[:5]))}" if there else ""
    raise UnreadableError(f"there is no notebook in it: {named.name} was expected{beside}")


def _listing(folder: Path) -> list[str]:
    """What is in a submission's folder; UnreadableError where that cannot be seen."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError as error:
        raise UnreadableError(f"the submission cannot be opened ({error.strerror})") from None


def _notebooks(folder: Path, names: Sequence[str]) -> list[Path]:
    """The notebooks of a folder, with Jupyter's ending before others, else those further down, else the zips."""
    return (
        [folder / name for name in names if name.endswith(".ipynb")]
        or [folder / name for name in names if is_notebook(name)]
        or [path for path in _further_down(folder) if is_notebook(path.name)]
        or [path for path in _further_down(folder) if is_zip(path.name)]
    )


def is_zip(name: str) -> bool:
    """Whether a file is a zip by its name."""
    return name.lower().endswith(".zip")


def is_readable(name: str) -> bool:
    """Whether a file can be a submission by its name: a notebook, or a zip with one in it."""
    return is_notebook(name) or is_zip(name)


def is_work(name: str) -> bool:
    """Whether a file holds work by its name: a notebook, or an archive of any kind."""
    return is_notebook(name) or name.lower().endswith(_ARCHIVES)


def _further_down(folder: Path) -> Iterator[Path]:
    """The files in a folder and those inside, as zips make them, without links and what programs left there."""
    looked_at = 0
    for place, folders, names in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = [
            name for name in sorted(folders) if depth < _DEEPEST and not name.startswith((".", "__"))
        ]
        yield from (Path(place, name) for name in sorted(names) if not name.startswith("."))
        looked_at += 1 + len(names)
        if looked_at > _MOST_ENTRIES:
            return


def _refuse_way_out(handed_in: HandedIn) -> None:
    """A folder that is a link could have another student's work, or the solutions, graded as one's own."""
    for folder in (handed_in.folder.parent, handed_in.folder):
        if folder.is_symlink():
            raise UnreadableError("the submission is a link to another folder, which is refused")


# ------------------------------------------------------------------------------------- in a student's folder


def find(
    submitted: Path, student: str, unit: Unit, units: Sequence[Unit], others: Collection[str] = ()
) -> Found:
    """A student's work for a unit of a course with these units, `others` being the names of all students' folders."""
    place = HandedIn(student, submitted.joinpath(student, unit.name))
    is_there = os.path.lexists(place.folder)
    if (is_there and not _is_bare(place.folder)) or place.folder.parent.is_symlink():
        return Found(place if is_there else None)
    seen = _Seen(unit, units, {name for name in others if name != student})
    seen.look(place.folder.parent)
    best = _best(seen.meant, unit)
    is_student = student not in _NO_STUDENT and not meant_units(student, units)
    if len(best) == 1 and is_student:
        path = best[0]
        return Found(HandedIn(student, path) if path.is_dir() else HandedIn(student, path.parent, path))
    if is_there:  # without work in it, as its result says
        return Found(place)
    left = [path.relative_to(submitted) for path in best or seen.unclear]
    where = [as_text(str(path)) for path in left]
    expected = f"{as_text(student) if is_student else 'STUDENT'}/{belongs_at(unit)}"
    if best and is_student:
        why = f"one of {len(best)} that may be meant ({few(where)}): leave one, at {expected}"
        return Found(None, (Unplaced(where[0], why, as_text(student)),))
    why = f"it is looked for at {expected}"
    whose = [next((part for part in path.parts[1:] if part in seen.others), student) for path in left]
    return Found(None, tuple(Unplaced(one, why, as_text(own)) for one, own in zip(where, whose, strict=True)))


def _is_bare(folder: Path) -> bool:
    """Whether a folder holds no work at all."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return not any(is_work(path.name) for path in _further_down(folder))


@dataclass
class _Seen:
    """What lies in a student's folder."""

    unit: Unit
    units: Sequence[Unit]
    others: Collection[str]
    meant: list[Path] = field(default_factory=list)  # files and folders that are called as the unit is
    unclear: list[Path] = field(default_factory=list)  # other work of which it cannot be told

    def look(self, top: Path) -> None:
        """Looks through a folder, the nearest first."""
        waiting, looked_at = deque([(top, 0)]), 0
        while waiting and looked_at <= _MOST_ENTRIES:
            folder, depth = waiting.popleft()
            for entry in _entries(folder):
                looked_at += 1
                units = meant_units(entry.name, self.units)
                is_folder = entry.is_dir(follow_symlinks=False)
                if not is_folder:
                    self._file(Path(entry.path), units)
                elif units == [self.unit] and not _is_bare(Path(entry.path)):
                    self.meant.append(Path(entry.path))
                elif entry.name in self.others and not _is_bare(Path(entry.path)):
                    self.unclear.append(Path(entry.path))
                elif not units and depth < _DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))
        readable = [path for path in self.unclear if is_readable(path.name)]
        if not self.meant and len(self.units) == 1:  # no other can be meant
            self.meant = readable

    def _file(self, path: Path, units: Sequence[Unit]) -> None:
        if units == [self.unit] and is_readable(path.name):
            self.meant.append(path)
        elif (not units or self.unit in units) and is_work(path.name):
            self.unclear.append(path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []
    return [entry for entry in found if not entry.name.startswith((".", "__")) and not entry.is_symlink()]


def _best(paths: Sequence[Path], unit: Unit) -> list[Path]:
    """Those of files and folders that come first: a folder and the unit's very name, Jupyter's ending, a zip last."""

    def rank(path: Path) -> int:
        signs = (
            path.is_dir() or (path.stem in names_of(unit) and path.suffix == ".ipynb"),
            path.suffix == ".ipynb",
            is_notebook(path.name),
            True,
        )
        return signs.index(True)

    best = min(map(rank, paths), default=0)
    return [path for path in paths if rank(path) == best]


def meant_units(name: str, units: Sequence[Unit]) -> list[Unit]:
    """The units that a file or folder is called by, as in `self_attention (1).ipynb`; of two nested names the longer."""
    said = runs(stem(name))
    keys = {unit.name: "".join(words(unit.name)) for unit in units}
    named = [unit for unit in units if keys[unit.name] in said]
    return [
        unit
        for unit in named
        if not any(keys[unit.name] in keys[other.name] for other in named if other is not unit)
    ]


def stem(name: str) -> str:
    """The name of a file without the endings of notebooks and archives."""
    lower = name.lower()
    endings = (".ipynb.txt", ".ipynb.json", ".ipynb", *_ARCHIVES)
    return next((name[: -len(ending)] for ending in endings if lower.endswith(ending)), name)


# ------------------------------------------------------------------------------------ in no student's folder


def owners(
    submitted: Path, names: Sequence[str], unit: Unit, units: Sequence[Unit], students: Collection[str]
) -> tuple[Mapping[str, Path], tuple[Unplaced, ...]]:
    """Whose work for the unit lies flat in `submitted/`, by names as in `ada_self-attention.ipynb`, and what is nobody's.

    `students` are all that are known. Work that is called as another unit is none of this one's affair.
    """
    known: dict[str, list[str]] = {}
    for student in students:
        known.setdefault("".join(words(student)), []).append(student)
    whose: dict[str, list[str]] = {}
    unplaced = []
    for name in names:
        said, meant = runs(stem(name)), meant_units(name, units) or list(units if len(units) == 1 else ())
        keys = [key for key in said & known.keys() if len(key) > 2 or not key.isdigit()]
        longest = [key for key in keys if not any(key in other for other in keys if other != key)]
        found = [student for key in longest for student in known[key]]
        if meant == [unit] and len(found) == 1:
            whose.setdefault(found[0], []).append(name)
        elif not meant or unit in meant:
            expected = f"{as_text(found[0]) if len(found) == 1 else 'STUDENT'}/{belongs_at(unit)}"
            why = f"it lies in no student's folder: it is looked for at {expected}"
            unplaced.append(Unplaced(as_text(name), why, as_text(found[0]) if len(found) == 1 else ""))
    sure = {}
    for student, files in whose.items():
        best = _best([submitted / name for name in files], unit)
        if len(best) == 1 and not best[0].is_symlink() and is_readable(best[0].name):
            sure[student] = best[0]
            continue
        expected = f"{as_text(student)}/{belongs_at(unit)}"
        why = f"it lies in no student's folder: it is looked for at {expected}"
        unplaced += [Unplaced(as_text(path.name), why, as_text(student)) for path in best]
    return sure, tuple(unplaced)
