"""Newer lessons and a newer kit brought into a course, merged with what was changed there.

Three states of each file are held against each other: as it was taken (`.taken/`), as it is in the course, and as it is
new. Where both sides changed, git merges them; where their changes meet, the course's file stays as it is and both stand in
a file `….new` beside it. course.toml, own units and whatever else the course holds is not touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import tomlkit

from autograder.authoring import taken
from autograder.authoring.markers import SOURCE
from autograder.authoring.origin import Lessons
from autograder.authoring.taken import Taken
from autograder.course import coursefile
from autograder.decoding import utf8
from autograder.errors import CourseError
from autograder.records import Course, Unit
from autograder.words import in_full

LEFT: Final = ".new"  # ending of a file with both sides, for a person to settle

# new: it is added, or takes the place of what was not changed. gone: it goes likewise. merged: both sides are in it.
# met: changes meet. kept: it is gone on one side and was changed on the other, and stays as it is in the course.
How: TypeAlias = Literal["new", "gone", "merged", "met", "kept"]


@dataclass(frozen=True)
class Change:
    """What becomes of one file."""

    path: str  # from the course folder
    how: How
    content: bytes | None  # that it gets, or that the file beside it gets where changes meet; None: none


@dataclass(frozen=True)
class Plan:
    """What an update does."""

    changes: tuple[Change, ...]
    listed: tuple[str, ...]  # what course.toml says otherwise than the new lessons, a line each
    offered: tuple[str, ...]  # units of the new lessons that the course does not have
    base: Taken  # that the course has afterwards
    entries: bytes | None  # course.toml with the units that are added; None where none are


def plan(course: Course, lessons: Lessons | None, units: Sequence[str] = ()) -> Plan:
    """What becomes of the course with these lessons and this kit; `units` of the lessons are added to it.

    CourseError where that cannot be told, or an earlier update is not settled.
    """
    before = taken.read(course.root) or Taken(course.title)
    kit = taken.kit_files(before.title) if before.kit else {}  # else the course was not made by `init`
    changes = list(_changes(course.root, before.kit, kit))
    base = replace(before, kit=kit)
    listed: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    entries = None
    if lessons is not None:
        _refuse(course, lessons, units)
        had = [unit for unit in _taken_units(before) if unit in {one.name for one in course.units}]
        chosen = [one.name for one in lessons.course.units if one.name in had or one.name in units]
        changes += _changes(course.root, _of(before.lessons, chosen), _of(lessons.files, chosen))
        listed = tuple(_listed(course, before, lessons, had))
        known = {one.name for one in course.units} | set(_taken_units(before)) | set(units)
        offered = tuple(one.name for one in lessons.course.units if one.name not in known)
        entries = _entries(course, lessons, units) if units else None
        kept = {**_of(before.lessons, _without(before, chosen)), **_of(lessons.files, chosen)}
        base = replace(
            base, source=lessons.source, version=lessons.version, listing=lessons.listing, lessons=kept
        )
    for change in changes:
        if (course.root / f"{change.path}{LEFT}").exists():
            raise CourseError(
                f"{change.path}{LEFT} is left from an earlier update: settle {change.path} by it, delete it, and update again"
            )
    return Plan(tuple(changes), listed, offered, base, entries)


def apply(course: Course, plan: Plan) -> None:
    """Does it; each file is replaced whole. CourseError names a file that cannot be written; then do it again."""
    try:
        for change in plan.changes:
            _apply(course.root, change)
        taken.write(course.root, plan.base)
        if plan.entries is not None:
            _replace(course.root / coursefile.FILE_NAME, plan.entries)
    except OSError as error:
        raise CourseError(
            f"{error.filename}: cannot be written ({error.strerror}): see to it, and update again; nothing of yours is lost"
        ) from None


# --------------------------------------------------------------------------------------------------- the files


def _changes(root: Path, base: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Change]:
    for path in sorted({*base, *new}):
        place = root / path
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise CourseError(f"{place}: expected a file, which an update could merge: put one there")
        ours = place.read_bytes() if place.exists() else None
        change = _change(path, base.get(path), ours, new.get(path))
        if change is not None:
            yield change


def _change(path: str, base: bytes | None, ours: bytes | None, new: bytes | None) -> Change | None:
    """What becomes of a file in these three states, None where nothing does; a state of None: it is not there."""
    if new in (base, ours):
        return None
    if ours == base:
        return Change(path, "gone" if new is None else "new", new)
    if new is None or (ours is None and base is not None):
        return Change(path, "kept", None)
    assert ours is not None
    merged, meets = _merged(base or b"", ours, new)
    return Change(path, "met" if meets else "merged", merged)


def _merged(base: bytes, ours: bytes, new: bytes) -> tuple[bytes, bool]:
    """Both sides in one, and whether their changes meet in it; without git, or of what is no text, the new one."""
    if shutil.which("git") is None or any(b"\0" in content for content in (base, ours, new)):
        return new, True
    with tempfile.TemporaryDirectory(prefix="merge-") as folder:
        names = ("yours", "as taken", "new")
        for name, content in zip(names, (ours, base, new), strict=True):
            Path(folder, name).write_bytes(content)
        labels = [part for name in names for part in ("-L", name)]
        done = subprocess.run(
            ["git", "merge-file", "-p", "--diff3", *labels, *names],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    if not 0 <= done.returncode < 128:  # it counts where they meet, and 255 is an error
        return new, True
    return done.stdout, done.returncode > 0


def _apply(root: Path, change: Change) -> None:
    place = root / change.path
    if change.how == "gone":
        place.unlink(missing_ok=True)
    elif change.content is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        _replace(place.with_name(f"{place.name}{LEFT}") if change.how == "met" else place, change.content)


def _replace(place: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as file:
        temporary = Path(file.name)
        file.write(content)
    try:
        temporary.chmod(place.stat().st_mode & 0o777 if place.exists() else 0o644)
        os.replace(temporary, place)
    except BaseException:
        temporary.unlink()
        raise


# --------------------------------------------------------------------------------------------------- the units


def _refuse(course: Course, lessons: Lessons, units: Sequence[str]) -> None:
    """Units that are asked for and cannot be added."""
    known = {unit.name for unit in course.units}
    offered = [unit.name for unit in lessons.course.units]
    for name in units:
        if name not in offered:
            raise CourseError(f"{lessons.source}: no unit {name!r} in it: it has {', '.join(offered)}")
        if name in known:
            raise CourseError(
                f"the course has a unit {name!r} already: rename yours, or leave the new one out"
            )
        folder = course.root / SOURCE / name
        if folder.exists() and any(
            not (course.root / path).is_file() or (course.root / path).read_bytes() != content
            for path, content in _of(lessons.files, [name]).items()
        ):
            raise CourseError(f"{folder} exists already, and course.toml does not list it: move it away")


def _taken_units(before: Taken) -> list[str]:
    return list(dict.fromkeys(path.split("/")[1] for path in before.lessons))


def _without(before: Taken, chosen: Sequence[str]) -> list[str]:
    return [name for name in _taken_units(before) if name not in chosen]


def _of(files: Mapping[str, bytes], units: Sequence[str]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.split("/")[1] in units}


def _listed(course: Course, before: Taken, lessons: Lessons, had: Sequence[str]) -> Iterator[str]:
    """What the new lessons grade otherwise than when they were taken, and course.toml does not say yet."""
    then = (
        coursefile.parse(course.root / taken.FOLDER / coursefile.FILE_NAME, before.listing)
        if before.listing
        else None
    )
    for name in had:
        ours = course.unit(name)
        new = next((one for one in lessons.course.units if one.name == name), None)
        if new is None:
            yield f"the unit {name!r} is not among the new lessons any more, and stays yours"
            continue
        old = next((one for one in then.units if one.name == name), None) if then is not None else None
        if _graded(new) != _graded(ours) and (old is None or _graded(new) != _graded(old)):
            yield f"{name}: the new lessons grade {_graded(new)}; in your course.toml it is {_graded(ours)}"


def _graded(unit: Unit) -> str:
    brought = f", and bring {', '.join(unit.brings)}" if unit.brings else ""
    return ", ".join(f"{function.name} ({in_full(function.points)})" for function in unit.functions) + brought


def _entries(course: Course, lessons: Lessons, units: Sequence[str]) -> bytes:
    """course.toml with these units of the lessons at its end; all that was there stays as it was."""
    place = course.root / coursefile.FILE_NAME
    written = place.read_bytes()
    document = tomlkit.document()
    added = tomlkit.aot()
    units_there: Any = tomlkit.parse(utf8(lessons.listing))["units"]
    for unit in units_there:
        if unit["name"] in units:
            unit.pop("due", None)
            added.append(unit)
    document["units"] = added
    longer = written.rstrip() + b"\n\n" + tomlkit.dumps(document).encode()
    try:
        coursefile.parse(place, longer)
    except CourseError as error:
        raise CourseError(f"with the new unit at its end, {error}") from None
    return longer
