"""Downloads of each system, taken in for a course of two sections with a roster."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from archived import ROSTER, a_link, notebook, of_another_unit, row, worksheet, zipped
from entered import UNIT
from released import released

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import arrangements, extensions, imported, receipts
from autograder.grading import releases
from autograder.lateness import Late
from autograder.lms import importing
from autograder.lms.downloads import Kind
from autograder.lms.importing import Imported
from autograder.notebook import collect
from autograder.records import Course, Function, Limits, Tolerance, Unit

OTHER = Unit(
    "embeddings", "Embeddings", tuple(Function(name, 1.0, Tolerance()) for name in ("one_hot", "project_qkv"))
)
DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    root = tmp_path / "course"
    release = root / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text(json.dumps(released()))
    (root / "roster.csv").write_text(ROSTER)
    units = (OTHER, replace(UNIT, due=DUE))
    return Course(root, "T", 1, root / "s", root / "roster.csv", Limits(), units, timezone="Europe/Zurich")


def take_in(course: Course, *given: Path, **options: Any) -> Imported:
    return importing.take_in(course, course.unit(UNIT.name), given, **options)


def download(course: Course, files: Mapping[str, bytes | str], name: str = "download.zip") -> Path:
    path = course.root.parent / name
    zipped(files, path)
    return path


def table(course: Course, text: str, name: str = "Grades.csv") -> Path:
    path = course.root.parent / name
    path.write_text(text)
    return path


def outcomes(done: Imported) -> dict[str, str]:
    return {one.student: one.outcome for one in done.decisions}


def everything(root: Path) -> dict[str, bytes]:
    """All files that an import may touch."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("submitted", "imported")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def work(course: Course) -> dict[str, bytes]:
    """Each student's notebook."""
    found = collect.collect(course.root / "submitted", course.unit(UNIT.name), course.units).handed_in
    return {one.student: (one.folder / f"{UNIT.name}.ipynb").read_bytes() for one in found}


def receipt(course: Course, student: str) -> str:
    at = receipts.timestamp(course.root / "submitted" / student / UNIT.name)
    return "" if at is None else at.isoformat(" ", "seconds")


METADATA = """
submission_1:
  :submitters: [{":name": Ada Lovelace, ":email": ada@example.org}]
  :created_at: 2026-03-01 11:00:00.5 Z
submission_2:
  :submitters: [{":name": Bo Lee, ":sid": "103"}, {":name": Zoe Oneil, ":email": ZOE@example.org}]
  :created_at: 2026-03-02 11:00:00 Z
"""
SLIP = "Name: Ada Lovelace (al23)\nAssignment: HW\nDate Submitted: Sunday, March 1, 2026 12:00:00 PM CET\n\nFiles:\n"
ADA, BO2, ZOE = notebook("ada"), notebook("bo2"), notebook("zoe")
DOWNLOADS: Mapping[Kind, Mapping[str, bytes | str]] = {
    "canvas": {
        "lovelaceada_101_900_self-attention-1.ipynb": ADA,
        "leebo_LATE_103_901_homework.ipynb": BO2,
        "oneilzoë_104_902_work.zip": zipped({"work/self-attention.ipynb": ZOE}),
        "oneilzoë_104_903_plot.png": "not looked at",
    },
    "moodle": {
        "Ada Lovelace_11_assignsubmission_file_/homework.ipynb": ADA,
        "Bo Lee_13_assignsubmission_file_/code/self-attention.ipynb": BO2,
        "Zoë O'Neil_14_assignsubmission_file_self-attention.ipynb": ZOE,
        "Ada Lovelace_11_assignsubmission_onlinetext_/onlinetext.html": "<p>See the file.</p>",
    },
    "gradescope": {
        "assignment_9_export/submission_metadata.yml": METADATA,
        "assignment_9_export/submission_1/hw.ipynb": ADA,
        "assignment_9_export/submission_2/hw.ipynb": BO2,
    },
    "blackboard": {
        "HW_al23_attempt_2026-02-28-12-00-00_hw.ipynb": notebook("earlier"),
        "HW_al23_attempt_2026-03-01-12-00-00_hw.ipynb": ADA,
        "HW_al23_attempt_2026-03-01-12-00-00.txt": SLIP,
        "HW_bl2_attempt_2026-03-02-12-00-00_hw.ipynb": BO2,
        "HW_zo4_attempt_2026-03-01-12-30-00_hw.ipynb": ZOE,
    },
    "ilias": {
        "HW/Submissions/Lovelace_Ada_al23_5001/hw.ipynb": ADA,
        "HW/Submissions/Lee_Bo_bl2_5002/Late Submission - hw.ipynb": BO2,
        "HW/Submissions/ONeil_Zoe_zo4_5003/hw.ipynb": ZOE,
        "HW/status.xlsx": "not looked at",
    },
    "plain": {
        "all/ada/hw.ipynb": ADA,
        "all/BO2/self-attention/self-attention.ipynb": BO2,
        "all/zoe/hw.ipynb": ZOE,
    },
}
SHEET = worksheet(
    row(11, "Ada Lovelace", "s1", "ada@example.org", "Sunday, 1 March 2026, 12:00 PM"),
    row(12, "Bo Lee", "s2", "bo@example.org"),
    row(13, "Bo Lee", "s3", "bo2@example.org", "Monday, 2 March 2026, 12:00 PM"),
    row(14, "Zoë O'Neil", "s4", "zoe@example.org", "Sunday, 1 March 2026, 1:30 PM"),
)
IN_TIME, LATE, JUST_LATE = "2026-03-01 11:00:00", "2026-03-02 11:00:00", "2026-03-01 12:00:01"
RECEIPTS: Mapping[Kind, tuple[str, str]] = {
    "canvas": ("", JUST_LATE),
    "moodle": (IN_TIME, LATE),
    "gradescope": (IN_TIME, LATE),
    "blackboard": (IN_TIME, LATE),
    "ilias": ("", JUST_LATE),
    "plain": ("", ""),
}


@pytest.mark.parametrize("kind", DOWNLOADS)
def test_each_systems_download_is_taken_in_and_twice_changes_nothing(course: Course, kind: Kind) -> None:
    given = [download(course, DOWNLOADS[kind]), *([table(course, SHEET)] if kind == "moodle" else [])]
    done = take_in(course, *given, dry_run=True)
    assert not everything(course.root)
    assert sorted(os.listdir(course.root)) == ["assignments", "roster.csv"]
    assert done.kinds == (kind,)
    assert outcomes(done) == {"ada": "new", "bo2": "new", "zoe": "new"}

    done = take_in(course, *given)
    assert (outcomes(done), done.unmatched) == ({"ada": "new", "bo2": "new", "zoe": "new"}, ())
    zoe = course.root / "submitted" / "zoe" / UNIT.name
    expected = {"ada": ADA, "bo2": BO2, "zoe": ZOE}
    if kind == "canvas":
        assert sorted(path.name for path in zoe.iterdir()) == ["plot.png", "work.zip"], "zips stay whole"
        handed_in = collect.collect(course.root / "submitted", UNIT, course.units).handed_in[-1]
        assert collect.read(handed_in, UNIT).definitions["softmax"].cell is not None
        zoe.joinpath(f"{UNIT.name}.ipynb").write_bytes(ZOE)
    if kind == "gradescope":
        expected["zoe"] = BO2  # handed in together
    assert work(course) == expected
    if kind == "canvas":
        zoe.joinpath(f"{UNIT.name}.ipynb").unlink()
    assert (receipt(course, "ada"), receipt(course, "bo2")) == RECEIPTS[kind]

    before = everything(course.root)
    assert set(outcomes(take_in(course, *given)).values()) == {"same"}
    assert everything(course.root) == before
    assert not list((course.root / "imported").glob("*/.import-*"))


def test_earlier_attempts_are_kept_beside(course: Course) -> None:
    take_in(course, download(course, DOWNLOADS["blackboard"]))
    kept = sorted((course.root / "imported").rglob("*"))
    (earlier,) = [path for path in kept if path.suffix == ".ipynb"]
    assert earlier.relative_to(course.root).parts[:4] == ("imported", UNIT.name, "attempts", "ada")
    assert earlier.parent.name.startswith("20260228T110000-")
    assert earlier.read_bytes() == notebook("earlier")
    assert receipts.timestamp(earlier.parent) == datetime(2026, 2, 28, 11)


def test_names_alone_do_not_tell_two_of_one_name_apart(course: Course) -> None:
    done = take_in(course, download(course, DOWNLOADS["moodle"]))
    assert outcomes(done) == {"ada": "new", "zoe": "new"}
    (bo,) = done.unmatched
    assert bo.label == "Bo Lee_13_assignsubmission_file_"
    assert bo.why.startswith("2 on the roster are called “Bo Lee” (bo, bo2): Moodle's grading worksheet")
    kept = imported.unmatched(course.root, UNIT.name) / bo.folder / f"{UNIT.name}.ipynb"
    assert kept.read_bytes() == BO2
    assert imported.read(course.root, UNIT.name).unmatched == (bo,)

    done = take_in(course, download(course, DOWNLOADS["moodle"]), table(course, SHEET))
    assert outcomes(done) == {"ada": "same", "bo2": "new", "zoe": "same"}
    assert not kept.exists(), "it is known whose it is"
    assert imported.read(course.root, UNIT.name).unmatched == ()
    assert receipt(course, "ada") == IN_TIME, "the worksheet says when"


def test_who_is_not_on_the_roster_is_named_and_kept(course: Course) -> None:
    files = {
        "lovelaceada_101_900_a.ipynb": ADA,
        "doejane_555_901_a.ipynb": BO2,
        "LATE_anon_x1_902_a.ipynb": ZOE,
    }
    done = take_in(course, download(course, {**files, "strange.ipynb": ZOE}))
    assert outcomes(done) == {"ada": "new"}
    assert [(one.label, one.why) for one in done.unmatched] == [
        ("LATE_anon_x1_902_", "the download does not say who it is"),
        (
            "doejane_555_901_",
            "nobody on the roster is called “doejane”, or has what the download says of them",
        ),
        ("strange.ipynb", "the download does not say whose it is, in the way of Canvas"),
    ]
    assert len(list(imported.unmatched(course.root, UNIT.name).iterdir())) == 3
    assert work(course) == {"ada": ADA}


def test_two_folders_of_one_student_are_nobodys(course: Course) -> None:
    done = take_in(course, download(course, {"zoe/a.ipynb": ZOE, "ada/a.ipynb": ADA, "Ada/a.ipynb": BO2}))
    assert outcomes(done) == {"zoe": "new"}
    assert {one.why for one in done.unmatched} == {
        "2 in the download are ada's, and it cannot be told which counts: Ada, ada"
    }
    same = {"zoe/a.ipynb": ZOE, "ada/a.ipynb": ADA, "Ada/a.ipynb": ADA}
    assert outcomes(take_in(course, download(course, same))) == {"ada": "new", "zoe": "same"}


def test_a_groups_work_lies_in_its_own_folder(course: Course) -> None:
    roster = ["id,first_name,last_name,group", "ada,Ada,Lovelace,Team A", "bo,Bo,Lee,Team A", "zoe,Zoë,King,"]
    (course.root / "roster.csv").write_text("\n".join(roster))
    unit = replace(course.units[1], groups=True)
    files = "_assignsubmission_file_/a.ipynb"
    given = download(
        course, {f"Team A_4711{files}": ADA, f"Zoë King_14{files}": ZOE, f"Team B_4712{files}": BO2}
    )
    done = importing.take_in(replace(course, units=(OTHER, unit)), unit, [given])
    assert outcomes(done) == {"Team A": "new", "zoe": "new"}
    assert [one.label for one in done.unmatched] == ["Team B_4712_assignsubmission_file_"]


# ------------------------------------------------------------------------------------------------ what is there


def canvas(course: Course, content: bytes, number: int = 900) -> Path:
    return download(course, {f"lovelaceada_101_{number}_a.ipynb": content})


def blackboard(course: Course, content: bytes, day: int) -> Path:
    return download(course, {f"HW_al23_attempt_2026-03-{day:02}-12-00-00_a.ipynb": content})


def aside(course: Course) -> list[bytes]:
    return [path.read_bytes() for path in sorted((course.root / "imported").rglob("attempts/ada/*/*.ipynb"))]


def test_a_later_attempt_takes_the_place_and_an_earlier_one_does_not(course: Course) -> None:
    take_in(course, blackboard(course, ADA, 2))
    assert outcomes(take_in(course, blackboard(course, BO2, 3))) == {"ada": "newer"}
    assert (work(course), aside(course)) == ({"ada": BO2}, [ADA])
    assert outcomes(take_in(course, blackboard(course, ZOE, 1))) == {"ada": "older"}
    assert (work(course), aside(course)) == ({"ada": BO2}, [ZOE, ADA])
    assert receipt(course, "ada") == "2026-03-03 11:00:00"


def test_two_attempts_of_one_time_are_in_doubt_and_no_strangers(course: Course) -> None:
    at = "attempt_2026-03-02-12-00-00"
    twice = {f"HW_al23_{at}_a.ipynb": ADA, f"HW resit_al23_{at}_a.ipynb": BO2}
    done = take_in(course, download(course, twice))
    assert {one.why for one in done.unmatched} == {
        "2 in the download are ada's, and it cannot be told which counts: HW resit_al23_attempt_2026-03-02-12-00-00, "
        "HW_al23_attempt_2026-03-02-12-00-00"
    }
    assert len(list((course.root / "imported").rglob("unmatched/*/*.ipynb"))) == 2, "both are kept"


def test_canvas_counts_files(course: Course) -> None:
    take_in(course, canvas(course, ADA, 900))
    assert outcomes(take_in(course, canvas(course, BO2, 901))) == {"ada": "newer"}
    assert outcomes(take_in(course, canvas(course, ADA, 900))) == {"ada": "older"}
    assert (work(course), aside(course)) == ({"ada": BO2}, [ADA])


def test_without_times_the_later_import_counts_and_what_was_there_is_kept(course: Course) -> None:
    files = "Ada Lovelace_11_assignsubmission_file_/a.ipynb"
    take_in(course, download(course, {files: ADA}))
    done = take_in(course, download(course, {files: BO2}))
    assert outcomes(done) == {"ada": "another"}
    assert (work(course), aside(course)) == ({"ada": BO2}, [ADA])
    assert done.notes == (
        "when 1 submission came is not known, and counts as in time: Moodle says it in the grading worksheet: "
        "import it together with the zip",
    )


def test_what_came_otherwise_stays_unless_it_is_said(course: Course) -> None:
    place = course.root / "submitted" / "ada" / UNIT.name / f"{UNIT.name}.ipynb"
    place.parent.mkdir(parents=True)
    place.write_bytes(ADA)
    assert outcomes(take_in(course, canvas(course, BO2))) == {"ada": "unclear"}
    assert (work(course), aside(course)) == ({"ada": ADA}, [BO2])
    assert outcomes(take_in(course, canvas(course, BO2), replace=True)) == {"ada": "another"}
    assert work(course) == {"ada": BO2}
    assert sorted(aside(course)) == sorted([ADA, BO2])


def test_what_was_changed_by_hand_is_left(course: Course) -> None:
    take_in(course, canvas(course, ADA))
    place = course.root / "submitted" / "ada" / UNIT.name / f"{UNIT.name}.ipynb"
    place.write_bytes(ZOE)
    before = everything(course.root)
    assert outcomes(take_in(course, canvas(course, ADA))) == {"ada": "by-hand"}
    assert everything(course.root) == before


def test_the_folder_may_be_spelt_in_another_way(course: Course) -> None:
    (course.root / "submitted" / "ADA").mkdir(parents=True)
    assert outcomes(take_in(course, canvas(course, ADA))) == {"ADA": "new"}
    assert list(work(course)) == ["ADA"]


def test_an_empty_folder_or_a_link_in_its_place_gives_way(course: Course) -> None:
    place = course.root / "submitted" / "ada" / UNIT.name
    (place / "empty").mkdir(parents=True)
    assert outcomes(take_in(course, canvas(course, ADA))) == {"ada": "new"}
    assert work(course) == {"ada": ADA}
    place.rename(course.root / "elsewhere")
    place.symlink_to(course.root / "elsewhere")
    assert outcomes(take_in(course, canvas(course, BO2))) == {"ada": "new"}
    assert work(course) == {"ada": BO2}
    assert (course.root / "elsewhere" / f"{UNIT.name}.ipynb").read_bytes() == ADA


def test_what_is_noted_of_work_that_is_only_known_to_be_late_is_told(course: Course) -> None:
    files = {"lovelaceada_LATE_101_900_a.ipynb": ADA, "leebo_LATE_103_901_a.ipynb": BO2}
    (note,) = take_in(course, download(course, files), dry_run=True).notes
    assert ": ada, bo2: noted as the first second after it was due; write timestamp.txt" in note
    extensions.give(
        course.root, course.units[1], {"bo2": timedelta(days=1)}, releases.read(course, course.units[1])
    )
    lenient = replace(course, late=Late(per_day=0.1, grace_minutes=15))
    (note,) = take_in(lenient, download(course, files), dry_run=True).notes
    assert "after it was due, after the extension for bo2, which grace_minutes forgives; write" in note


def test_dates_are_looked_up_once_however_many_are_late(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[None] = []
    read = arrangements.read

    def counted(*of: Any) -> arrangements.Arrangements:
        looked.append(None)
        return read(*of)

    monkeypatch.setattr(arrangements, "read", counted)
    times = []
    for late in (1, 3):
        files = {
            f"name_LATE_{101 + one}_90{one}_work-{late}.ipynb": notebook(f"{late}") for one in range(late)
        }
        take_in(course, download(course, files))
        times.append(len(looked))
        looked.clear()
    assert times[0] == times[1] > 0
    assert receipt(course, "bo2") == "2026-03-01 12:00:01"


def test_the_same_work_is_late_as_the_last_download_says(course: Course) -> None:
    """Whoever gets more time in the LMS is not late there any more, and a due date may be moved here."""
    late, in_time = {"lovelaceada_LATE_101_900_a.ipynb": ADA}, {"lovelaceada_101_900_a.ipynb": ADA}
    place = course.root / "submitted" / "ada" / UNIT.name

    def noted(files: Mapping[str, bytes | str], course: Course = course) -> tuple[str, tuple[str, ...]]:
        done = take_in(course, download(course, files))
        at = receipts.timestamp(place)
        return "" if at is None else f"{at:%H:%M:%S}", done.notes

    assert noted(late)[0] == "12:00:01"
    told = "late before, and by this download not any more: ada: counts as in time"
    assert noted(in_time) == ("", (told,))
    assert noted(in_time) == ("", ())
    assert noted(late)[0] == "12:00:01"
    moved = replace(course, units=(OTHER, replace(UNIT, due=DUE + timedelta(hours=2))))
    assert noted(late, moved)[0] == "14:00:01"
    (place / receipts.TIMESTAMP).write_text("2026-03-01 13:15:00 UTC")
    for files in (late, in_time, late):
        assert noted(files)[0] == "13:15:00", "which somebody knows better"


def test_worksheets_of_two_sections_may_have_one_name(course: Course) -> None:
    monday = worksheet(row(11, "Ada Lovelace", "s1", "ada@example.org"))
    tuesday = worksheet(row(21, "Zoë O'Neil", "s4", "zoe@example.org"))
    files = "_assignsubmission_file_/a.ipynb"
    for sheet, name in (
        (monday, "Ada Lovelace_11"),
        (tuesday, "Zoë O'Neil_21"),
        (monday + "\n", "Ada Lovelace_11"),
    ):
        take_in(course, download(course, {f"{name}{files}": ADA}), table(course, sheet))
    kept = imported.worksheets(course.root, UNIT.name)
    assert [path.name for path in kept] == ["Grades (2).csv", "Grades.csv"]
    assert kept[1].read_text() == monday + "\n", "a newer one of the same assignment"
    taken = imported.read(course.root, UNIT.name).students
    assert {student: one.worksheet for student, one in taken.items()} == {
        "ada": "Grades.csv",
        "zoe": "Grades (2).csv",
    }


def test_a_worksheet_that_was_downloaded_again_takes_the_place_of_the_older(course: Course) -> None:
    """Whatever browsers call it; so that there is one to be uploaded, with everyone's marks."""
    both = (row(11, "Ada Lovelace", "s1", "ada@example.org"), row(14, "Zoë O'Neil", "s4", "zoe@example.org"))
    for rows, name in ((both[:1], "Grades.csv"), (both, "Grades (1).csv")):
        take_in(course, table(course, worksheet(*rows)).rename(course.root / name))
    (kept,) = imported.worksheets(course.root, UNIT.name)
    assert (kept.name, kept.read_text()) == ("Grades.csv", worksheet(*both))
    take_in(course, table(course, worksheet(*both[:1])).rename(course.root / "Grades (2).csv"))
    assert len(imported.worksheets(course.root, UNIT.name)) == 2, "one that lacks people is kept beside it"


# ------------------------------------------------------------------------------------------------------ bad input


def refused(course: Course, told: str, *given: Path, **options: Any) -> None:
    before = everything(course.root)
    with pytest.raises(CourseError, match=told):
        take_in(course, *given, **options)
    assert everything(course.root) == before
    assert not (course.root / "imported").exists(), "nothing half-written"


def test_a_zip_of_another_unit_is_refused(course: Course) -> None:
    other = of_another_unit()
    files = {"ada/a.ipynb": other, "bo/a.ipynb": other, "zoe/a.ipynb": ZOE}
    refused(
        course,
        r"2 of 3 notebooks are of embeddings, and not of self-attention: nothing is taken; `autograder import embeddings`",
        download(course, files),
    )
    named = {
        "ada/embeddings.ipynb": "{}",
        "bo/Embeddings (1).ipynb": json.dumps({"nbformat": 4, "cells": []}),
    }
    refused(course, "1 of 1 notebook is of embeddings", download(course, named))


def test_one_who_handed_in_another_unit_is_told(course: Course) -> None:
    done = take_in(
        course, download(course, {"ada/a.ipynb": ADA, "bo/a.ipynb": ADA, "zoe/a.ipynb": of_another_unit()})
    )
    assert outcomes(done) == {"ada": "new", "bo": "new", "zoe": "new"}
    assert "zoe: it holds the notebook of embeddings: taken as it is, and its result says so" in done.notes


def test_what_is_brought_along_from_another_unit_makes_it_none_of_that(course: Course) -> None:
    """By the unit's own cells, where a function of its own is broken or gone and those of others are there."""
    document = json.loads(ADA)
    for name in ("self-attention", "embeddings"):
        course.released(name).parent.mkdir(parents=True, exist_ok=True)
        course.released(name).write_text(
            ADA.decode() if name == "self-attention" else of_another_unit().decode()
        )
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = "def one_hot(tokens):\n    return 1"
    done = take_in(course, download(course, {"ada/a.ipynb": json.dumps(document)}))
    assert (outcomes(done), done.notes) == ({"ada": "new"}, ())


def test_a_unit_that_is_not_released_here_is_not_taken_for_one_that_is(course: Course) -> None:
    """Cells of one name, such as that of the imports, are in both."""
    release = course.released(UNIT.name)
    course.released("embeddings").parent.mkdir(parents=True)
    release.rename(course.released("embeddings"))
    assert outcomes(take_in(course, download(course, {"ada/a.ipynb": ADA}))) == {"ada": "new"}


def test_another_units_cells_tell_it_too(course: Course) -> None:
    """By nbgrader's names of cells, where no function is defined."""
    release = course.released("embeddings")
    release.parent.mkdir(parents=True)
    document = json.loads(of_another_unit())
    release.write_text(json.dumps(document))
    for cell in document["cells"]:
        cell["source"] = "pass"
    refused(
        course, "1 of 1 notebook is of embeddings", download(course, {"ada/a.ipynb": json.dumps(document)})
    )


def test_a_download_of_another_course_is_refused(course: Course) -> None:
    files = {"doejane_1_2_a.ipynb": ADA, "roejohn_3_4_a.ipynb": BO2}
    refused(
        course,
        r"none of 2 submissions is known to be of anybody in roster.csv: is it of another course\? The first: doejane_1_2_",
        download(course, files),
    )


def test_a_worksheet_of_another_course_is_refused(course: Course) -> None:
    other = worksheet(row(91, "Jane Doe", "s9", "jane@example.org"))
    refused(
        course, "of another course or assignment", download(course, DOWNLOADS["moodle"]), table(course, other)
    )


def test_what_is_no_download_is_refused(course: Course) -> None:
    (course.root.parent / "a.zip").write_bytes(b"no zip")
    refused(course, r"a.zip: it is no zip, or a damaged one", course.root.parent / "a.zip")
    refused(course, r"b.csv: it cannot be read", course.root.parent / "b.csv")
    raw = zipped({"a/x.ipynb": ADA})
    at = raw.index(b"PK\x01\x02")
    (course.root.parent / "a.zip").write_bytes(raw[: at + 8] + b"\1" + raw[at + 9 :])
    refused(course, r"a.zip: the zip is protected by a password", course.root.parent / "a.zip")


def test_hostile_names_write_nothing_outside(course: Course) -> None:
    files: dict[Any, bytes | str] = {
        "ada/a.ipynb": ADA,
        "../../out.ipynb": ZOE,
        "/tmp/out.ipynb": ZOE,
        a_link("zoe/a.ipynb"): "/etc/passwd",
        "ada/=cmd|x.csv": "1",
        "ada/timestamp.txt": "2020-01-01 00:00:00 UTC",
        "ada/A.IPYNB": BO2,
    }
    done = take_in(course, download(course, files))
    assert outcomes(done) == {"ada": "new"}
    assert receipt(course, "ada") == ""
    assert not list(course.root.parent.rglob("out.ipynb"))
    told = "\n".join(done.notes)
    for what in (
        "../../out.ipynb: its name leads out",
        "zoe/a.ipynb: it is a link",
        "timestamp.txt is not taken",
    ):
        assert what in told


def test_an_unreadable_notebook_is_taken_for_its_result_to_say_so(course: Course) -> None:
    done = take_in(course, download(course, {"ada/a.ipynb": "{", "zoe/a.txt": "no work", "bo/a.ipynb": BO2}))
    assert outcomes(done) == {"ada": "new", "bo": "new"}
    assert done.without_work == ("zoe",)


def test_a_place_that_cannot_be_written_is_named(course: Course) -> None:
    (course.root / "submitted").write_text("a file")
    with pytest.raises(AutograderError, match=r"submitted.*: .*import again once it can be written"):
        take_in(course, canvas(course, ADA))
    (course.root / "submitted").unlink()
    assert outcomes(take_in(course, canvas(course, ADA))) == {"ada": "new"}, "nothing was lost"


def test_a_course_that_cannot_be_written_is_named(course: Course) -> None:
    (course.root / "imported").symlink_to("nowhere")
    with pytest.raises(CourseError, match=r"imported.*: cannot be written \(File exists"):
        take_in(course, canvas(course, ADA))


# -------------------------------------------------------------------------------------------- without a roster


def test_without_a_roster_folders_are_called_as_the_lms_calls_people(course: Course) -> None:
    course = replace(course, roster=None)
    files = "_assignsubmission_file_/a.ipynb"
    given = download(course, {f"Ada L_11{files}": ADA, f"Bo Lee_12{files}": BO2, f"Bo Lee_13{files}": ZOE})
    assert outcomes(take_in(course, given)) == {"Ada L": "new", "Bo Lee_12": "new", "Bo Lee_13": "new"}
    assert set(outcomes(take_in(course, given)).values()) == {"same"}
    later = download(course, {f"Ada L_11{files}": ADA, f"Ada L_19{files}": BO2})
    assert outcomes(take_in(course, later)) == {"Ada L": "same", "Ada L_19": "new"}


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("canvas", ["leebo", "lovelaceada", "oneilzoë"]),
        ("gradescope", ["Bo Lee", "ZOE", "ada"]),
        ("blackboard", ["al23", "bl2", "zo4"]),
        ("ilias", ["al23", "bl2", "zo4"]),
        ("plain", ["BO2", "ada", "zoe"]),
    ],
)
def test_what_each_system_calls_people(course: Course, kind: Kind, names: list[str]) -> None:
    done = take_in(replace(course, roster=None), download(course, DOWNLOADS[kind]))
    assert list(outcomes(done)) == names


def test_a_folder_is_taken_as_a_zip_is(course: Course) -> None:
    top = course.root.parent / "unpacked"
    for name, content in DOWNLOADS["ilias"].items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert outcomes(take_in(course, top)) == {"ada": "new", "bo2": "new", "zoe": "new"}
    assert os.listdir(top) == ["HW"], "nothing is moved out of it"
