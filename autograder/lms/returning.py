"""Feedback pages and marks, packed as an LMS takes them back in one upload.

The names that it wants are those of its own download, which `import` has kept. Moodle finds a student by the number in
a folder's name, Canvas by those of user and file; `tests/lms/test_returning.py` says where that is written.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from autograder.course.roster import Student
from autograder.errors import CourseError
from autograder.gradebook import imported, results, sheets, terms, turns
from autograder.gradebook.imported import Downloaded, Taken
from autograder.grading import groups
from autograder.lms import export, marks, worksheets
from autograder.lms.downloads import Who
from autograder.lms.marks import Marks
from autograder.lms.owners import Roster
from autograder.lms.staging import safe
from autograder.lms.worksheets import Row, Worksheet
from autograder.naming import as_folder, as_name, as_text, is_one
from autograder.pages import stamps
from autograder.records import Course, Unit
from autograder.words import agree, counted, few, in_full

Target: TypeAlias = Literal["moodle", "canvas", "folder"]
_MADE: Final = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the time of all that is packed, so that the same pages give the same bytes


@dataclass(frozen=True)
class Returned:
    """What is packed, and what the person who asked for it should know."""

    files: tuple[Path, ...]
    pages: int  # that are in it
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Pages:
    """Whose page there is, and who has none."""

    by_student: Mapping[str, bytes]  # by the gradebook's name
    without: tuple[str, ...]  # students with a mark and no page


def give_back(
    course: Course,
    unit: Unit,
    out: Path,
    target: Target,
    *,
    to: Path | None = None,
    columns: Mapping[str, str] | None = None,
) -> Returned:
    """Packs everyone's page and mark for one upload, into `to`, by default `out/exports/`.

    `out` holds gradebook and pages. For Canvas, `columns` names the unit as its gradebook does. CourseError where
    nothing is graded, and where the LMS's names are not known: then nothing is written.
    """
    graded = marks.read(course, out, [unit.name])
    pages = _pages(course, out, unit, graded)
    taken = imported.read(course.root, unit.name)
    notes = [*marks.notes(graded), *_on_pages(course, out, unit, pages)]
    if target == "folder":
        files, told = _folder(unit, graded, pages)
    elif target == "canvas":
        files, told = _canvas(course, unit, graded, pages, taken, columns or {})
    else:
        files, told = _moodle(course, unit, graded, pages, taken)
    folder = to if to is not None else out / "exports"
    placed = [(folder / name, content) for name, content in files]
    try:
        with turns.changing(course.root):  # two at once would take each other's files for theirs
            results.write_all(placed)
    except OSError as error:
        raise CourseError(f"{error.filename or folder}: cannot be written ({error.strerror})") from None
    return Returned(tuple(path for path, _ in placed), told.packed, (*notes, *told.lines()))


@dataclass(frozen=True)
class _Told:
    """How many pages are packed, and what could not be."""

    packed: int
    left_out: tuple[str, ...] = ()  # students whose page the LMS could not give to them
    why: str = ""
    more: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """It, in a line each."""
        own = [f"not in it, {self.why}: {few(sorted(self.left_out))}"] if self.left_out else []
        return [*own, *self.more]


_Files: TypeAlias = "list[tuple[str, bytes]]"


def _pages(course: Course, out: Path, unit: Unit, graded: Marks) -> _Pages:
    found: dict[str, bytes] = {}
    without = []
    for student in graded.students:
        standing = graded.standing(unit, student)
        if standing is None:
            continue
        folder = as_name(standing.student)
        if not is_one(folder):
            continue  # no folder's name: whoever wrote it into the gradebook
        try:
            found[student.id] = stamps.place(out, unit.name, folder).read_bytes()
        except OSError:
            without.append(student.id)
    return _Pages(found, tuple(without))


def _on_pages(course: Course, out: Path, unit: Unit, pages: _Pages) -> list[str]:
    notes = []
    if pages.without:
        notes.append(
            f"without a page: {few(sorted(pages.without))}: `autograder grade {unit.name}` writes it"
        )
    holds = terms.read(course, out, unit)
    older = [as_text(name) for name in stamps.outdated(course.root, out, unit.name, holds)]
    if older:
        notes.append(
            f"{counted(len(older), 'page')} {agree(len(older), 'is', 'are')} older than what people have given or said: "
            f"{few(older)}: `autograder grade {unit.name}` makes them anew; then pack them again"
        )
    return notes


# -------------------------------------------------------------------------------------------------------- systems


def _folder(unit: Unit, graded: Marks, pages: _Pages) -> tuple[_Files, _Told]:
    """A folder for each student with the page, and all marks in a table."""
    top = f"{unit.name}-feedback"
    asked = graded.questions(unit)
    rows = [
        [
            "student_id",
            "last_name",
            "first_name",
            "email",
            "section",
            "score",
            "max_score",
            *(one.name for one in asked),
            "page",
        ]
    ]
    for student in graded.students:
        page = f"{student.id}/{unit.name}.html" if student.id in pages.by_student else ""
        rows.append(
            [
                student.id,
                student.last_name,
                student.first_name,
                student.email,
                student.section,
                graded.score(unit, student),
                in_full(graded.max_score(unit)),
                *(graded.answer(unit, student, one) for one in asked),
                page,
            ]
        )
    files = [
        (f"{top}/{as_folder(student)}/{unit.name}.html", page)
        for student, page in sorted(pages.by_student.items())
    ]
    return [*files, (f"{top}/marks.csv", sheets.as_csv(rows))], _Told(len(pages.by_student))


def _canvas(
    course: Course, unit: Unit, graded: Marks, pages: _Pages, taken: Downloaded, columns: Mapping[str, str]
) -> tuple[_Files, _Told]:
    """The zip of *Re-Upload Submissions*, each page under the name of the file it is about, and the gradebook's file."""
    known = {name: one for name, one in taken.students.items() if one.kind == "canvas"}
    packed = {
        f"{known[student].label}{unit.name}.html": page
        for student, page in pages.by_student.items()
        if student in known
    }
    _refuse_none(packed, "Canvas", unit, pages)
    table = sheets.as_csv(export.canvas(course, graded, columns))
    # A comment on one member's submission is Canvas's to all of the group.
    covered = {
        member
        for there in groups.of_unit(unit, graded.students).values()
        if known.keys() & set(there)
        for member in there
    }
    left_out = tuple(student for student in pages.by_student if student not in known.keys() | covered)
    told = _Told(len(packed), left_out, "whose work did not come in a download of Canvas")
    return [(f"{unit.name}-canvas-feedback.zip", _zip(packed)), (f"{unit.name}-canvas.csv", table)], told


def _moodle(
    course: Course, unit: Unit, graded: Marks, pages: _Pages, taken: Downloaded
) -> tuple[_Files, _Told]:
    """The zip of *Upload multiple feedback files in a zip*, and the grading worksheets with marks and comments."""
    kept = [
        sheet
        for path in imported.worksheets(course.root, unit.name)
        if (sheet := worksheets.read(path.name, path.read_bytes())) is not None
    ]
    rows = _rows(kept, graded, taken)
    packed: dict[str, bytes] = {}
    left_out = []
    for student in graded.students:
        page = pages.by_student.get(student.id)
        label = _moodle_folder(student.id, rows, taken.students.get(student.id))
        if page is not None and label:
            packed[f"{label}/{unit.name}.html"] = page
        elif page is not None:
            left_out.append(student.id)
    _refuse_none(packed, "Moodle", unit, pages)
    by_row = {(sheet.name, row.number): student for student, (sheet, row) in rows.items()}
    people = {student.id: student for student in graded.students}
    files = [(f"{unit.name}-moodle-feedback.zip", _zip(packed))]
    for sheet in kept:

        def given(row: Row, sheet: Worksheet = sheet) -> tuple[str, str] | None:
            student = people.get(by_row.get((sheet.name, row.number), ""))
            score = graded.score(unit, student) if student is not None else ""
            return (score, _comment(unit, graded, student, row)) if student is not None and score else None

        files.append((sheet.name, worksheets.filled(sheet, given)))
    told = _Told(
        len(packed),
        tuple(left_out),
        "whose work did not come in a download of Moodle, and who are in no grading worksheet",
        tuple(_on_worksheets(unit, graded, kept)),
    )
    return files, told


def _rows(kept: Sequence[Worksheet], graded: Marks, taken: Downloaded) -> dict[str, tuple[Worksheet, Row]]:
    """By student, the row of a worksheet: as the download was matched, or by what the roster says of them."""
    found: dict[str, tuple[Worksheet, Row]] = {}
    by_number = {(sheet.name, row.number): (sheet, row) for sheet in kept for row in sheet.rows}
    for student, one in taken.students.items():
        if (one.worksheet, one.participant) in by_number:
            found[student] = by_number[one.worksheet, one.participant]
    matched = {(sheet.name, row.number) for sheet, row in found.values()}
    known = Roster(graded.students)
    for key, (sheet, row) in by_number.items():
        if key not in matched:
            who = Who(row.said("name"), row.said("id"), row.said("login"), row.said("email"), row.number)
            owner = known.owner(who, "moodle").student
            if owner is not None:
                found.setdefault(owner.id, (sheet, row))
    return found


def _moodle_folder(student: str, rows: Mapping[str, tuple[Worksheet, Row]], taken: Taken | None) -> str:
    """The folder of a student's feedback: as in the download, else made of the worksheet's name and number.

    The number in the folder of a group's work is the group's, and would be taken for somebody's.
    """
    is_own = taken is not None and taken.kind == "moodle" and taken.participant != ""
    if taken is not None and is_own and (student not in rows or rows[student][1].number == taken.participant):
        return f"{taken.label.rstrip('_')}_"
    if student not in rows:
        return ""
    sheet, row = rows[student]
    name = safe((row.said("name") or sheet.word.strip() or "Participant").replace("_", " "), 150)
    return f"{name}_{row.number}_assignsubmission_file_"


def _comment(unit: Unit, graded: Marks, student: Student, row: Row) -> str:
    """What Moodle shows beside the mark; empty, which leaves what stands there, where a person has written something."""
    before = row.said("comment")
    head = f"{unit.title}: "
    if before and not before.startswith(html.escape(head)):
        return ""
    told = [
        f"{question.name} {mark} of {in_full(question.max_score)}"
        for question in graded.questions(unit)
        if (mark := graded.answer(unit, student, question))
    ]
    standing = graded.standing(unit, student)
    if standing is not None and standing.penalty:
        told.append(f"late: {in_full(standing.penalty)} less")
    return html.escape(f"{head}{', '.join(told)}.") if told else ""


def _on_worksheets(unit: Unit, graded: Marks, kept: Sequence[Worksheet]) -> list[str]:
    if not kept:
        return [
            f"no marks in it: download Moodle's grading worksheet, run `autograder import {unit.name} WORKSHEET` and then this "
            "again, or take `autograder export moodle`"
        ]
    most = graded.max_score(unit)
    others = {
        row.said("most")
        for sheet in kept
        for row in sheet.rows
        if row.said("most") and _amount(row.said("most")) not in (None, most)
    }
    if not others:
        return []
    return [
        f"Moodle's maximum grade is {few(sorted(others))}, and the unit has {in_full(most)} points: the marks are points; set "
        "the maximum in Moodle to as many"
    ]


def _amount(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _refuse_none(packed: Mapping[str, bytes], system: str, unit: Unit, pages: _Pages) -> None:
    if not packed and pages.by_student:
        raise CourseError(
            f"no work of {unit.name} came in a download of {system}, whose names it takes feedback back by: run "
            f"`autograder import {unit.name} DOWNLOAD` first, which changes no work that is there; or take --to folder"
        )
    if not packed:
        raise CourseError(
            f"there is no page of {unit.name} to give back: run `autograder grade {unit.name}` first"
        )


def _zip(files: Mapping[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return raw.getvalue()
