"""Who handed in, in a whole course: names of every kind, work a little out of place, and all who must know of it."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import standing

from autograder.course import coursefile
from autograder.gradebook import results, unplaced
from autograder.grading import attendance, planning
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order
from autograder.lms import export
from autograder.records import Unplaced

Put = Callable[..., Path]


def order(folder: Path, **more: Any) -> Order:
    return planning.open_order(folder, "embeddings", None, None, **more)


def run(asked: Order) -> Outcome:
    return standing.grade(asked)


def scores(out: Path) -> dict[str, float | None]:
    return {student: result.score for student, result in results.every(out, "embeddings")}


def roster(folder: Path, *ids: str) -> None:
    text = (folder / "course.toml").read_text()
    if "roster =" not in text:
        (folder / "course.toml").write_text('roster = "roster.csv"\n' + text)
    (folder / "roster.csv").write_text("".join(f"{id}\n" for id in ("id", *ids)))


def exported(folder: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    course = coursefile.load(folder / "course.toml")
    done = export.export(course, folder, "csv", absent="zero")
    with open(done.files[0], encoding="utf-8", newline="") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}, done.notes


def move(folder: Path, student: str, name: str) -> None:
    """Puts a student's notebook elsewhere in `submitted/`; the folders it leaves empty go."""
    submitted = folder / "submitted"
    target = submitted / name
    rough = folder / "moved"
    (submitted / student / "embeddings" / "embeddings.ipynb").rename(rough)
    (submitted / student / "embeddings").rmdir()
    if not any((submitted / student).iterdir()):
        (submitted / student).rmdir()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w") as archive:
            archive.write(rough, "work/embeddings.ipynb")
        rough.unlink()
    else:
        rough.rename(target)


@pytest.mark.slow
def test_work_that_is_gone_keeps_what_being_late_cost(course_folder: Path, put: Put) -> None:
    """As where `--submitted` names a folder with a few of the class, or somebody has left a group."""
    text = (course_folder / "course.toml").read_text()
    due = text.replace('name = "embeddings"\n', 'name = "embeddings"\ndue = 2026-03-01T12:00:00Z\n', 1)
    (course_folder / "course.toml").write_text(f"{due}\n[late]\nper_day = 0.5\n")
    roster(course_folder, "ada", "bo", "cy")
    for name in ("ada", "bo"):
        (put(name).parent / "timestamp.txt").write_text("2026-03-02 11:00:00 UTC")
    run(order(course_folder))
    assert exported(course_folder)[0] == {"ada": "3", "bo": "3", "cy": "0"}

    (course_folder / "later").mkdir()
    shutil.move(course_folder / "submitted" / "bo", course_folder / "later" / "bo")
    done = run(order(course_folder))
    assert exported(course_folder)[0] == {"ada": "3", "bo": "3", "cy": "0"}
    assert done.plan.missing == ("cy",)
    told = "1 student graded before whose work is not in submitted/ now, mark and page stay as they are: bo"
    assert told in done.plan.notices

    with closing(sqlite3.connect(course_folder / "gradebook.db")) as book, book:
        book.execute("UPDATE submitted_assignment SET timestamp = NULL")  # as it was written once
    later = planning.open_order(course_folder, "embeddings", course_folder / "later", None)
    assert run(later).plan.missing == ("cy",)
    assert exported(course_folder)[0]["bo"] == "3"


LATIN = [os.fsdecode(name) for name in (b"zo\xeb", b"zo\xe9")]


def test_names_that_differ_in_one_byte_are_two_students(course_folder: Path, put: Put) -> None:
    for name in LATIN:
        put(name)
    done = run(order(course_folder))
    assert done.gradebook_error == ""
    assert scores(course_folder) == dict.fromkeys(LATIN, 6.0)
    assert exported(course_folder)[0] == {"zo=EB": "6", "zo=E9": "6"}
    for name, text in zip(LATIN, ("zo=EB", "zo=E9"), strict=True):
        result = results.read(results.path(course_folder, "embeddings", name))
        assert result is not None
        assert result.student == text
        page = course_folder / "feedback" / name / "embeddings" / "embeddings.html"
        assert text in page.read_text()
        assert (course_folder / "autograded" / text / "embeddings" / "embeddings.ipynb").is_file()
    assert standing.plan(order(course_folder)).to_grade == ()
    assert [
        one.student for one in standing.plan(order(course_folder, students=("zo=E9",), force=True)).to_grade
    ] == [LATIN[1]]


def test_names_as_long_as_can_be_are_graded_and_longer_ones_are_told(course_folder: Path, put: Put) -> None:
    """Of letters of one byte, of two, and of one that is no UTF-8 and is kept as three."""
    longest = {"n": 250, "ñ": 125, os.fsdecode(b"\xf1"): 83}
    for letter, length in longest.items():
        for name in (letter * length, letter * (length + 1)):
            put(name)
    put("ada")
    done = run(order(course_folder))
    assert done.gradebook_error == ""
    assert scores(course_folder) == {"ada": 6.0} | {
        letter * length: 6.0 for letter, length in longest.items()
    }
    assert len(done.plan.unplaced) == 3
    for told in done.plan.unplaced:
        assert told.lost
        assert "and a result can be kept under 250 at most: rename the folder" in told.why
    assert done.class_page is not None
    assert done.class_page.read_text().count("rename the folder") >= 3


def test_long_names_that_begin_alike_are_kept_apart(course_folder: Path, put: Put) -> None:
    names = ["x" * 249 + last for last in "ab"]
    for name in names:
        put(name)
    run(order(course_folder))
    assert scores(course_folder) == dict.fromkeys(names, 6.0)


OUT_OF_PLACE = (
    "{}/embeddings/embeddings.ipynb.txt",
    "{}/embeddings/embeddings.ipynb.json",
    "{}/embeddings/embeddings.IPYNB",
    "{}/embeddings/my work.zip",
    "{}/embeddings/{}/embeddings/embeddings.ipynb",
    "{}/Embeddings/embeddings.ipynb",
    "{}/{}/embeddings/embeddings.ipynb",
    "{}/embeddings.ipynb",
    "{}/embeddings.zip",
    "{}_embeddings.ipynb",
    "embeddings-{:upper}.zip",
)


def test_work_a_little_out_of_place_earns_its_marks(course_folder: Path, put: Put) -> None:
    students = {f"s{number}": place for number, place in enumerate(OUT_OF_PLACE)}
    put("bo")
    for student, place in students.items():
        put(student)
        move(course_folder, student, place.replace("{:upper}", student.upper()).replace("{}", student))
    everyone = ("bo", *students)
    roster(course_folder, *everyone)
    done = run(order(course_folder))
    assert scores(course_folder) == dict.fromkeys(everyone, 6.0)
    assert (done.plan.missing, done.plan.unplaced) == ((), ())
    assert exported(course_folder)[0] == dict.fromkeys(everyone, "6")
    for student in students:
        document = course_folder / "autograded" / student / "embeddings" / "embeddings.ipynb"
        assert "def one_hot" in document.read_text(), "what graders see is the student's own"
    assert set(standing.plan(order(course_folder)).unchanged) == set(everyone)


def test_what_cannot_be_told_is_named_everywhere_and_is_no_zero(course_folder: Path, put: Put) -> None:
    places = {
        "ada": "ada/homework.ipynb",
        "eve": "eve/embeddings.rar",
        "kim": "kim.ipynb",
        "max": "embeddings.ipynb",
        "zoe": "submitted/zoe/embeddings.ipynb",
    }
    known = [student for student in places if student != "max"]
    put("bo")
    for student, place in places.items():
        put(student)
        move(course_folder, student, place)
    roster(course_folder, *places, "bo", "cy")
    done = run(order(course_folder))
    assert scores(course_folder) == {"bo": 6.0}
    assert done.plan.missing == ("max", "cy")
    assert done.class_page is not None
    page = done.class_page.read_text()
    marks, notes = exported(course_folder)
    assert marks == {"max": "0", "bo": "6", "cy": "0"} | dict.fromkeys(known, "")
    where = {told.student: told.where for told in done.plan.unplaced}
    assert where.keys() == {*known, ""}
    for student, place in places.items():
        told = where[student if student in known else ""]
        assert place.startswith(told)
        assert told in page
        assert any(told in note for note in notes)
    # And it goes once it has been put right.
    for student, place in places.items():
        shutil.rmtree(course_folder / "submitted" / student, ignore_errors=True)
        (course_folder / "submitted" / place).unlink(missing_ok=True)
        put(student)
    shutil.rmtree(course_folder / "submitted" / "submitted")
    done = run(order(course_folder))
    assert done.plan.unplaced == ()
    page = (course_folder / "report" / "embeddings.html").read_text()
    assert not [told for told in where.values() if told in page]
    assert exported(course_folder)[0] == {"cy": "0"} | dict.fromkeys([*places, "bo"], "6")


def test_one_person_in_another_spelling_is_not_missing(course_folder: Path, put: Put) -> None:
    put("Ada ")
    put("KIM")
    put("kim.")
    roster(course_folder, "ada", "kim", "absent")
    done = run(order(course_folder))
    assert done.plan.missing == ("absent",)
    marks, _ = exported(course_folder)
    assert marks == {"Ada ": "6", "KIM": "6", "absent": "0"}


def test_a_folder_of_another_unit_is_not_the_one_that_counts(course_folder: Path, put: Put) -> None:
    (course_folder / "submitted" / "ada" / "self-attention").mkdir(parents=True)
    put("Ada")
    roster(course_folder, "ada")
    done = run(order(course_folder))
    assert done.plan.missing == ()
    assert exported(course_folder)[0] == {"Ada": "6"}


def test_who_left_the_roster_leaves_the_numbers_and_nothing_else(course_folder: Path, put: Put) -> None:
    for name in ("ada", "bo", "smith.jon"):
        put(name)
    roster(course_folder, "ada", "bo", "smith.jon")
    done = run(order(course_folder))
    assert done.class_page is not None
    assert "<dt>handed in</dt><dd>3</dd>" in done.class_page.read_text()
    roster(course_folder, "ada", "smith.john")
    done = run(order(course_folder))
    assert done.class_page is not None
    page = done.class_page.read_text()
    assert "<dt>handed in</dt><dd>1</dd>" in page
    assert "smith.jon</bdi>: Not on the roster (did you mean smith.john?): graded, and left out" in page
    assert "bo</bdi>: Not on the roster: graded" in page
    assert done.plan.missing == ()
    for name in ("bo", "smith.jon"):
        assert scores(course_folder)[name] == 6.0
        assert (course_folder / "feedback" / name / "embeddings" / "embeddings.html").is_file()


def test_what_arrives_beside_its_place_is_taken_or_told(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bo")
    roster(course_folder, "ada", "bo", "cy")
    asked = order(course_folder)
    first = standing.plan(asked)
    standing.grade(asked, first)
    assert first.missing == ("cy",)
    put("cy")
    move(course_folder, "cy", "cy_embeddings.ipynb")
    assert attendance.is_whole(asked, "cy_embeddings.ipynb")
    arrived = planning.plan_arrivals(asked, first, ["cy_embeddings.ipynb"])
    assert [one.student for one in arrived.to_grade] == ["cy"]
    assert arrived.missing == ()
    put("dan")
    move(course_folder, "dan", "dan/homework.ipynb")
    assert not attendance.is_whole(asked, "dan")
    arrived = planning.plan_arrivals(asked, arrived, ["dan"])
    (told,) = arrived.unplaced
    assert told.where == "dan/homework.ipynb"
    put("dan")
    assert attendance.is_whole(asked, "dan")
    assert planning.plan_arrivals(asked, arrived, ["dan"]).unplaced == ()
    (course_folder / "submitted" / "dan.ipynb").write_text("{")
    assert not attendance.is_whole(asked, "dan.ipynb")
    arrived = planning.plan_arrivals(asked, arrived, ["dan.ipynb"])
    assert (
        Unplaced(
            "dan.ipynb",
            "it lies in no student's folder: it is looked for at dan/embeddings/embeddings.ipynb",
            "dan",
        )
        in arrived.unplaced
    )
    one = planning.open_order(course_folder, "embeddings", None, None, students=("ADA",))
    assert [found.student for found in attendance.asked(one, attendance.collect(one), strict=False)] == [
        "ada"
    ]


def test_who_is_absent_from_another_unit(course_folder: Path, put: Put) -> None:
    for student in ("ada", "bo"):
        put(student)
    put("Cy", "multi-head")
    asked = order(course_folder)
    unit = asked.course.unit("multi-head")
    everyone = ["ada", "bo", "Cy", "dee"]
    assert attendance.absent(asked, unit, [], everyone) == (), "nobody's work is graded there"
    assert attendance.absent(asked, unit, ["dee"], everyone) == ("ada", "bo"), "Cy's waits to be graded"
    unplaced.keep(
        course_folder, "multi-head", [Unplaced("bo/x.ipynb", "it is not known of which unit", "bo")]
    )
    assert attendance.absent(asked, unit, ["dee"], everyone) == ("ada",)
    roster(course_folder, "ada", "cy", "eve", "DEE")
    assert attendance.absent(order(course_folder), unit, ["dee"], ()) == ("ada", "eve")
