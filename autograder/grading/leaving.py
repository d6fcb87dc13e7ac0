"""A student takes another name, leaves, is handed all that is kept of them, or has it deleted: in every place at once.

What is interrupted is finished by the same command once more: who the student is stands in the roster until the end,
and a note beside `course.toml` says what is under way where that cannot be seen.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from autograder import naming
from autograder.course import csvrows, roster
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import arrangements, backups, imported, persons, results, unplaced
from autograder.gradebook.database import FILE_NAME
from autograder.grading import belongings, groups
from autograder.grading.belongings import REMOVED, Belongings, Place
from autograder.naming import as_folder, as_name, as_text
from autograder.pages.student import renamed
from autograder.records import Course

UNDER_WAY: Final = ".student-under-way.json"


# ------------------------------------------------------------------------------------------------- deleting


def delete(course: Course, out: Path, found: Belongings) -> None:
    """Deletes all that is kept of a student, and of the pages that name them among others the whole.

    What is shared is first and the roster last, so that whatever stops it, the same command finishes it. AutograderError
    where a place cannot be written.
    """
    with _one_line():
        for place in sorted(found.places, key=lambda place: place.kind != "shared"):
            if place.kind == "own" or place.kind == "shared":
                _erase(place.path)
            elif place.kind == "book":
                persons.remove(place.path, found.student)
            else:
                _take_out(course, out, found, place)
        if is_under_way(course, found.student):
            (course.root / UNDER_WAY).unlink(missing_ok=True)


def _erase(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if path.parent.name == imported.FOLDER or path.parent.name == REMOVED:
        _drop_empty(path.parent)


def _drop_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _take_out(course: Course, out: Path, found: Belongings, place: Place) -> None:
    """Takes rows and entries out of a file, of which all else stays."""
    if place.path == course.root / arrangements.FILE_NAME:
        arrangements.rename(course.root, found.student, None)
    elif place.path == imported.file(course.root, place.unit):
        downloaded = imported.read(course.root, place.unit)
        others = {name: one for name, one in downloaded.students.items() if name != found.student}
        imported.write(course.root, place.unit, replace(downloaded, students=others))
    elif place.unit and place.path == unplaced.place(out, place.unit):
        left = [one for one in unplaced.read(out, place.unit) if one.student != found.student]
        unplaced.keep(out, place.unit, left)
    elif place.unit and place.path.suffix in (".json", ".html"):  # of somebody in the same group
        _call(place, found.student, None)
    else:
        table = csvrows.read(place.path)
        if table is not None:
            rows = (
                _on_roster(table, found)
                if place.path == course.roster
                else table.of(_names(course, found, place))
            )
            results.write_all([(place.path, table.without(rows))])


def _names(course: Course, found: Belongings, place: Place) -> frozenset[str]:
    taken = imported.units(course.root, as_name(found.student)).get(place.unit)
    own = f"participant {taken.participant}" if taken is not None and taken.participant else ""
    return found.names | csvrows.names([own])


def _on_roster(table: csvrows.Table, found: Belongings) -> list[csvrows.Row]:
    id = table.column("id")
    return [
        row for row in table.rows if found.row is not None and row.cells.get(id, "").strip() == found.row.id
    ]


# -------------------------------------------------------------------------------------------------- handing out


def export(course: Course, out: Path, found: Belongings, to: Path) -> None:
    """Packs all that is kept of a student into a zip at `to`: files as they are, and the rest as JSON.

    What is kept of others is not in it. CourseError where there is such a file, AutograderError where it cannot be
    written.
    """
    if to.exists():
        raise CourseError(f"{to}: there already: name another file, or move it away")
    rough = to.with_name(f".{to.name}.tmp")
    with _one_line():
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(rough, "w", zipfile.ZIP_DEFLATED) as packed:
                for place in found.places:
                    if place.kind == "own":
                        for path in _files(place.path):
                            packed.write(path, as_text(str(_within(course, out, path))))
                packed.writestr("everything-else.json", _as_json(_elsewhere(course, out, found)))
                packed.writestr("places.txt", "".join(f"{line}\n" for line in _listed(course, out, found)))
            os.replace(rough, to)
        finally:
            rough.unlink(missing_ok=True)


def _files(path: Path) -> Iterator[Path]:
    """The files at a path, without following links."""
    if path.is_symlink():
        return
    if not path.is_dir():
        yield path
    for folder, _, names in os.walk(path):
        yield from (
            Path(folder, name)
            for name in sorted(names)
            if not Path(folder, name).is_symlink() and Path(folder, name).is_file()
        )


def _within(course: Course, out: Path, path: Path) -> Path:
    for folder in (out, course.root):
        if path.is_relative_to(folder):
            return path.relative_to(folder)
    return Path(path.name)


def _listed(course: Course, out: Path, found: Belongings) -> list[str]:
    lines = [f"{as_text(str(_within(course, out, one.path)))}: {one.holds}" for one in found.places]
    return [*lines, "", f"Not looked into: {belongings.ELSEWHERE}."]


def _elsewhere(course: Course, out: Path, found: Belongings) -> dict[str, Any]:
    """What is kept of a student in files that hold others too."""
    student = found.student
    told: dict[str, Any] = {
        "student": student,
        "roster": None if found.row is None else asdict(found.row),
        "excused": arrangements.every(course.root, student),
        "gradebooks": {},
        "rows": {},
        "imported": {
            unit: asdict(taken) for unit, taken in imported.units(course.root, as_name(student)).items()
        },
    }
    for place in found.places:
        name = as_text(str(_within(course, out, place.path)))
        if place.kind == "book":
            told["gradebooks"][name] = persons.read(place.path, student)
        elif place.kind == "rows":
            table = csvrows.read(place.path)
            rows = [] if table is None else table.of(_names(course, found, place))
            told["rows"][name] = [dict(row.cells) for row in rows]
    return told


def _as_json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


# ----------------------------------------------------------------------------------------------------- leaving


def remove(course: Course, out: Path, found: Belongings) -> Path:
    """Takes a student out of the course and keeps what there is: files in `removed/<student>/`, with the rest as JSON.

    The gradebook is copied before. Copies of it and tables that were exported stay as they are. Returns the folder.
    CourseError where somebody of this name was removed before, or no folder can be called so; AutograderError where a
    place cannot be written.
    """
    folder = course.root / REMOVED / as_folder(found.student)
    if not naming.is_one(as_folder(found.student)):
        raise CourseError(
            f"{found.student!r} is in the gradebook and no name of a folder to keep anything in: "
            "`autograder student delete` takes it out"
        )
    if folder.exists() and not _resumed(course, "remove", found.student):
        raise CourseError(
            f"{folder}: there already: delete what is in it, or move it away, and run this again"
        )
    with _under_way(course, "remove", found.student), _one_line():
        told = folder / "everything-else.json"
        if not told.exists():
            backups.backup(out, keep=max(1, course.backups))
            results.write_all([(told, _as_json(_elsewhere(course, out, found)))])
        for place in found.places:
            if place.kind == "own" and place.path != folder:
                target = folder / _within(course, out, place.path)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(place.path, target)
            elif place.kind == "book" and place.path == out / FILE_NAME:
                persons.remove(place.path, found.student)
            elif place.kind == "entry":
                _take_out(course, out, found, place)
    return folder


# ---------------------------------------------------------------------------------------------------- renaming


def refuse_other_name(course: Course, out: Path, found: Belongings, new: str) -> None:
    """CourseError where a student cannot be called so: it is no name of a folder, or something is kept by it."""
    if not naming.is_id(new) or naming.size(new) > results.longest(out):
        raise CourseError(
            f"{new!r} is no id: expected the name of a folder, without a slash, a dot at its start or signs that are not seen"
        )
    if _resumed(course, "rename", found.student, new):
        return
    students = roster.read(course.roster) if course.roster is not None else ()
    own = found.row.group if found.row is not None else ""
    if any(
        naming.readings(one.group) & naming.readings(new) for one in students if one.group not in ("", own)
    ):
        raise CourseError(
            f"{new!r} is what a group on the roster is called, which the student is not in: take another id"
        )
    taken = belongings.of(course, out, as_text(new))
    held = [one.path for one in taken.places if one.kind != "shared" and not _is_enrolled_alone(one, taken)]
    on_both = found.row is not None and taken.row is not None and found.row != taken.row
    if course.roster in held and not on_both:
        held.remove(course.roster)
    if held:
        raise CourseError(
            f"{new!r} has data of its own already ({held[0]}): two students cannot become one; delete or rename that first"
        )


def _is_enrolled_alone(place: Place, taken: Belongings) -> bool:
    """Whether a gradebook knows a student's name and nothing else."""
    return place.kind == "book" and "units" not in persons.read(place.path, taken.student)


def rename(course: Course, out: Path, found: Belongings, new: str) -> None:
    """Gives a student another id wherever something is kept by the old one; marks and pages stay as they are.

    Call `refuse_other_name` before. Tables and pages of the class are left: they are made again with the next export
    and run. AutograderError where a place cannot be written.
    """
    with _under_way(course, "rename", found.student, new), _one_line():
        for place in found.places:
            if place.kind == "own":
                _move(course, found.student, place, new)
            elif place.kind == "book":
                persons.rename(place.path, found.student, as_text(new))
            elif place.path == course.root / arrangements.FILE_NAME:
                arrangements.rename(course.root, found.student, as_text(new))
            elif place.path == course.roster:
                _rename_on_roster(place.path, found, new)
            elif place.kind == "entry" and place.path == imported.file(course.root, place.unit):
                downloaded = imported.read(course.root, place.unit)
                others = {
                    as_text(new) if name == found.student else name: one
                    for name, one in downloaded.students.items()
                }
                imported.write(course.root, place.unit, replace(downloaded, students=others))
            elif place.kind == "entry" and place.path != unplaced.place(out, place.unit):
                _call(place, found.student, as_text(new))


def _call(place: Place, student: str, new: str | None) -> None:
    """Calls a student by another name in a file of somebody in the same group."""
    text, _ = groups.called(place.path, student, new)
    results.write_all([(place.path, text.encode("utf-8", "replace"))])


def _move(course: Course, old: str, place: Place, new: str) -> None:
    """Moves what is the student's alone; pages and results say the new name before."""
    name = place.path.name
    if place.unit:  # a notebook that lies flat in submitted/
        target = course.root.joinpath("submitted", new, place.unit, name)
    else:
        stem, ending = next(
            (name.removesuffix(one), one)
            for one in (".json", ".html", "")
            if name.endswith(one) and as_text(name.removesuffix(one)) == old
        )
        called = new if stem == as_name(old) else as_folder(as_text(new))
        target = place.path.with_name(f"{called}{ending}")
        for path in _files(place.path):
            if path.suffix == ".html":
                page = path.read_text("utf-8", "replace")
                results.write_all([(path, renamed(page, as_name(old), new).encode("utf-8", "replace"))])
        if ending == ".json":
            result = json.loads(place.path.read_bytes())
            results.write_all([(place.path, _as_json({**result, "student": as_text(new)}))])
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(place.path, target)


def _rename_on_roster(path: Path, found: Belongings, new: str) -> None:
    table = csvrows.read(path)
    if table is None:
        return
    for row in _on_roster(table, found):
        results.write_all([(path, table.renamed(row, table.column("id"), as_text(new)))])


# --------------------------------------------------------------------------------------------- what is under way


def is_under_way(course: Course, student: str) -> bool:
    """Whether something that concerns this student, by name as text, was begun and not finished."""
    try:
        begun = json.loads((course.root / UNDER_WAY).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(begun, dict) and begun.get("student") == student


def _resumed(course: Course, what: str, student: str, to: str = "") -> bool:
    """Whether this very thing was begun before; CourseError where something else was."""
    note = {"command": what, "student": student, "to": as_text(to)}
    try:
        begun = json.loads((course.root / UNDER_WAY).read_bytes())
    except FileNotFoundError:
        return False
    except ValueError:
        begun = {}
    if begun != note:
        words = " ".join(str(begun.get(key, "")) for key in ("command", "student", "to")).strip()
        raise CourseError(
            f"{course.root / UNDER_WAY}: something else is half done: finish it first with `autograder student {words}`"
        )
    return True


@contextmanager
def _under_way(course: Course, what: str, student: str, to: str = "") -> Iterator[None]:
    """Keeps a note of what is being done until it is; CourseError where something else is half done."""
    if not _resumed(course, what, student, to):
        note = {"command": what, "student": student, "to": as_text(to)}
        results.write_all([(course.root / UNDER_WAY, _as_json(note))])
    yield
    (course.root / UNDER_WAY).unlink(missing_ok=True)


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AutograderError(
            f"{error.filename}: {error.strerror}: not all is done; see to this path and run the same command again"
        ) from None
