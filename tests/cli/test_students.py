"""`autograder student …` on a course with everything in it that is kept of students."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import parts
import pytest
from calling import call
from entered import extend, give
from made_once import once_in
from nbgrader.api import Gradebook
from repository import REPOSITORY
from waiting import wait_until

from autograder.cli import app
from autograder.course import roster, solution
from autograder.course.roster import Student
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import (
    arrangements,
    copies,
    enrolment,
    imported,
    persons,
    results,
    standings,
    unplaced,
)
from autograder.gradebook.imported import Downloaded, Taken
from autograder.grading import batch, belongings, leaving
from autograder.records import Unplaced

UNIT = "embeddings"
# Of a number with so many digits, a digest or a time in results holds none by chance.
NUMBER = "471108154711"
ROSTER = (
    f"id;first_name;email;lms_user_id\r\nadaq;Ada;adaq@example.org;{NUMBER}\r\nbo;Bo;bo@example.org;4712\r\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, solved: Mapping[str, dict[str, Any]]) -> Path:
    """A course in which two students have something everywhere."""

    def fill(place: Path) -> None:
        for name in ("solutions", "assignments"):
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "*.ipynb" if name == "solutions" else "")
            shutil.copytree(REPOSITORY / name, place / name, ignore=ignored)
        shutil.copy(REPOSITORY / "nbgrader_config.py", place)
        text = (
            (REPOSITORY / "course.toml")
            .read_text()
            .replace("format = 1", 'format = 1\nroster = "roster.csv"')
        )
        (place / "course.toml").write_text(text)
        (place / "roster.csv").write_bytes(ROSTER.encode())
        for student in ("adaq", "bo"):
            document = json.loads(json.dumps(solved[UNIT]))
            if student == "adaq":
                solution.rewrite(document, "one_hot", "# nothing yet")
            folder = place / "submitted" / student / UNIT
            folder.mkdir(parents=True)
            (folder / f"{UNIT}.ipynb").write_text(json.dumps(document))
            imported.attempts(place, UNIT, student).mkdir(parents=True)
            (imported.attempts(place, UNIT, student) / "older.ipynb").write_text("{}")
        taken = {
            student: Taken("moodle", f"{student}_7", "d", participant=number)
            for student, number in (("adaq", "31"), ("bo", "32"))
        }
        imported.write(place, UNIT, Downloaded(taken))
        sheet = imported.worksheet(place, UNIT, "sheet.csv")
        sheet.parent.mkdir()
        sheet.write_text("Identifier,Full name\nParticipant 31,Ada L.\nParticipant 32,Bo D.\n")
        here = os.getcwd()
        os.chdir(place)
        try:
            _run("grade", UNIT, "--jobs", "1")
            give(place, "adaq", "check-one_hot", unit=UNIT, manual_score=2.5)
            extend(place, "adaq", 1, UNIT)
            _run("excuse", UNIT, "adaq", "bo", "--because", "ill")
            # What is newer than some hundredths of a second is left out of the index: on a fast machine another run has it.
            wait_until(lambda: _grades_with_an_index(place))
            _run("export", "csv")
            _run("export", "gradescope")
        finally:
            os.chdir(here)
        unplaced.keep(
            place, UNIT, [Unplaced("adaq.rar", "no zip", "adaq"), Unplaced("bo.rar", "no zip", "bo")]
        )

    return once_in(tmp_path_factory, "a-course-with-everything", fill)


def _grades_with_an_index(place: Path) -> bool:
    _run("grade", UNIT, "--jobs", "1")
    if not parts.BUBBLEWRAP.here:  # then nobody is ever in it
        return True
    index = place / "results" / f".{UNIT}.index"
    return index.exists() and all(name in index.read_bytes() for name in (b"adaq", b"bo"))


def _run(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        app.main(list(arguments))
    assert ended.value.code in (0, None)


@pytest.fixture
def course(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "course", symlinks=True)
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


def mentions(root: Path, *words: str) -> list[str]:
    """Files, by name or content, databases byte by byte, in which one of these is said."""
    found = []
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if name.startswith(("solutions", "assignments", "course.toml")):
            continue
        content = path.read_bytes() if path.is_file() else b""
        if any(word in Path(name).parts or word in path.stem or word.encode() in content for word in words):
            found.append(name)
    return found


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


@pytest.mark.slow
@parts.BUBBLEWRAP.mark  # without, a run asks each time whether it can lock in better by now
def test_everything_of_one_is_listed(capsys: pytest.CaptureFixture[str], course: Path) -> None:
    before = snapshot(course)
    code, out, _ = call(capsys, "student", "delete", "adaq", "--dry-run")
    assert code == 0
    assert snapshot(course) == before
    lines = [" ".join(line.split()) for line in out.splitlines()]
    reports = sorted(path.name for path in (course / "report").iterdir() if b"adaq" in path.read_bytes())
    assert "embeddings.html" in reports
    assert lines[0] == "adaq: would be deleted:"
    assert lines[1:-2] == [
        "submitted/adaq 1 file",
        "results/embeddings/adaq.json 1 file",
        "results/embeddings/adaq.html 1 file",
        "feedback/adaq 1 file",
        "autograded/adaq 1 file",
        "imported/embeddings/attempts/adaq 1 file",
        "exports/gradescope/embeddings/adaq 1 file",
        "gradebook.db 1 unit, 1 mark, 0 comments and 1 extension given by hand",
        *(line for line in lines if line.startswith("gradebook-backups/")),
        "imported/embeddings/worksheets/sheet.csv 1 row",
        "exports/csv.csv 1 row",
        *(f"report/{name} a page of the class, made again by `autograder grade`" for name in reports),
        "results/.embeddings.index what the last run found, made again by `autograder grade`",
        "excused.toml excused from embeddings",
        "imported/embeddings/downloaded.json what the LMS calls it",
        "results/embeddings/.unplaced.json work that is not graded",
        "roster.csv 1 line",
    ]
    assert lines[-1] == "nothing was written (--dry-run)"


def test_nothing_is_left_of_one_and_all_of_the_other(
    capsys: pytest.CaptureFixture[str], course: Path
) -> None:
    (course / "gradebook-backups" / "damaged-1-gradebook.db").write_bytes(b"adaq")
    before = snapshot(course)
    code, _, err = call(capsys, "student", "delete", "adaq")
    assert code == 2
    assert "this cannot be undone: say --yes to delete all that is kept of 'adaq'" in err
    assert snapshot(course) == before
    assert call(capsys, "student", "delete", "adaq", "--yes")[0] == 0
    assert mentions(course, "adaq", "Participant 31", NUMBER) == []
    after = snapshot(course)
    for name in ("submitted/bo/embeddings/embeddings.ipynb", "feedback/bo/embeddings/embeddings.html"):
        assert after[name] == before[name]
    assert after["roster.csv"] == ROSTER.replace(f"adaq;Ada;adaq@example.org;{NUMBER}\r\n", "").encode()
    assert standings.read(course, UNIT).keys() == {"bo"}
    assert call(capsys, "grade", UNIT, "--jobs", "1")[0] == 0
    code, _, err = call(capsys, "student", "delete", "adaq", "--yes")
    assert code == 2
    assert "no student 'adaq' in this course" in err


def test_who_has_a_way_to_elsewhere_for_a_name_loses_rows_alone(
    capsys: pytest.CaptureFixture[str], course: Path
) -> None:
    """As somebody may have written it into the gradebook."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.add_student("../submitted/bo")
    before = snapshot(course)
    code, _, err = call(capsys, "student", "remove", "../submitted/bo")
    assert (code, "no name of a folder to keep anything in" in err) == (2, True)
    assert call(capsys, "student", "export", "../submitted/bo")[0] == 0
    assert (course / ".._submitted_bo.zip").exists()
    (course / ".._submitted_bo.zip").unlink()
    assert snapshot(course) == before
    assert call(capsys, "student", "delete", "../submitted/bo", "--yes")[0] == 0
    changed = {name for name, content in snapshot(course).items() if before.get(name) != content}
    assert {name.partition("/")[0] for name in changed} <= {"gradebook.db", "gradebook-backups"}
    assert set(before) == set(snapshot(course))


@pytest.mark.parametrize("written", ["d&#39;angelo", "d&#x27;angelo", "d%27angelo", "d'angelo"])
def test_a_page_that_writes_a_name_in_its_own_way_goes_too(course: Path, written: str) -> None:
    (course / "roster.csv").write_text("id\nd'angelo\nbo\n")
    (course / "report" / "a.html").write_text(f"<p>{written}</p>")
    found = belongings.of(_loaded(course), course, "d'angelo")
    assert [one.path.name for one in found.places if one.kind == "shared"] == ["a.html"]


@pytest.mark.parametrize("stop", [0, 3, 9, 12, 15])
def test_deleting_that_was_cut_short_is_finished_by_the_same_command(
    capsys: pytest.CaptureFixture[str], course: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    found = belongings.of(_loaded(course), course, "adaq")
    leaving.delete(_loaded(course), course, belongings.Belongings("adaq", found.places[:stop], found.row))
    assert roster.read(course / "roster.csv")[0].id == "adaq"
    assert call(capsys, "student", "delete", "adaq", "--yes")[0] == 0
    assert mentions(course, "adaq") == []


def _loaded(course: Path) -> Any:
    from autograder.course import coursefile

    return coursefile.load(course / "course.toml")


def test_what_cannot_be_deleted_is_one_line(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    found = belongings.of(_loaded(course), course, "adaq")
    with pytest.raises(
        AutograderError, match=r"adaq: Permission denied: not all is done; see to this path and run"
    ):
        leaving.delete(_loaded(course), course, found)


def test_a_gradebook_that_another_program_holds_is_told(course: Path) -> None:
    (course / "other.db").write_bytes(b"no database, and long enough to be seen as none" * 9)
    with pytest.raises(AutograderError, match=r"other.db: cannot be changed \(file is not a database\)"):
        persons.remove(course / "other.db", "adaq")


def test_links_are_not_followed(course: Path) -> None:
    (course / "elsewhere").mkdir()
    (course / "elsewhere" / "kept.txt").write_text("another's")
    shutil.rmtree(course / "submitted" / "adaq")
    (course / "submitted" / "adaq").symlink_to(course / "elsewhere")
    found = belongings.of(_loaded(course), course, "adaq")
    assert (found.places[0].path.name, found.places[0].holds) == ("adaq", "a link")
    leaving.export(_loaded(course), course, found, course / "adaq.zip")
    with zipfile.ZipFile(course / "adaq.zip") as packed:
        assert not any("kept.txt" in name for name in packed.namelist())
    leaving.delete(_loaded(course), course, found)
    assert (course / "elsewhere" / "kept.txt").exists()
    assert not os.path.lexists(course / "submitted" / "adaq")


def test_a_zip_holds_all_of_one_and_nothing_of_others(
    capsys: pytest.CaptureFixture[str], course: Path
) -> None:
    before = snapshot(course)
    code, out, _ = call(capsys, "student", "export", "ADAQ", "--dry-run")
    assert code == 0
    assert "would be in it" in out
    assert snapshot(course) == before
    assert call(capsys, "student", "export", "adaq")[0] == 0
    with zipfile.ZipFile("adaq.zip") as packed:
        names = packed.namelist()
        assert names[:3] == [
            "submitted/adaq/embeddings/embeddings.ipynb",
            "results/embeddings/adaq.json",
            "results/embeddings/adaq.html",
        ]
        assert not any("bo" in Path(name).parts or "bo." in name for name in names)
        told = json.loads(packed.read("everything-else.json"))
        listed = packed.read("places.txt").decode()
    assert told["roster"]["email"] == "adaq@example.org"
    assert told["excused"] == {"embeddings": "ill"}
    assert told["rows"]["imported/embeddings/worksheets/sheet.csv"] == [
        {"Identifier": "Participant 31", "Full name": "Ada L."}
    ]
    (unit,) = told["gradebooks"]["gradebook.db"]["units"]
    assert unit["unit"] == UNIT
    assert {"cell": "check-one_hot", "manual_score": 2.5}.items() <= unit["cells"][0].items()
    assert "bo@example.org" not in json.dumps(told)
    assert "gradebook.db: 1 unit" in listed
    code, _, err = call(capsys, "student", "export", "adaq")
    assert (code, "adaq.zip: there already: name another file" in err) == (2, True)


def test_a_new_id_goes_wherever_the_old_one_was(capsys: pytest.CaptureFixture[str], course: Path) -> None:
    before = snapshot(course)
    code, out, _ = call(capsys, "student", "rename", "adaq", "lovelace", "--dry-run")
    assert (code, snapshot(course)) == (0, before)
    assert "would be lovelace's" in out
    score = standings.read(course, UNIT)["adaq"].score
    code, out, _ = call(capsys, "student", "rename", "adaq", "lovelace")
    assert code == 0, out
    after = snapshot(course)
    assert after["roster.csv"] == ROSTER.replace("adaq;", "lovelace;").encode()
    assert standings.read(course, UNIT)["lovelace"].score == score
    assert arrangements.every(course, "lovelace") == {UNIT: "ill"}
    assert set(imported.read(course, UNIT).students) == {"lovelace", "bo"}
    result = results.read(results.path(course, UNIT, "lovelace"))
    assert result is not None
    assert result.student == "lovelace"
    page = after["feedback/lovelace/embeddings/embeddings.html"].decode()
    assert "Feedback for <bdi>lovelace</bdi>" in page
    assert ": feedback for lovelace</title>" in page
    assert not any("adaq" in name for name in after if "exports" not in name)
    code, out, _ = call(capsys, "grade", UNIT, "--jobs", "1")
    assert "2 of 2 submissions are graded already and unchanged" in out
    assert standings.read(course, UNIT).keys() == {"lovelace", "bo"}


@pytest.mark.parametrize("stop", [1, 5, 8, 11])
def test_renaming_that_was_cut_short_is_finished_by_the_same_command(
    capsys: pytest.CaptureFixture[str], course: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    found = belongings.of(_loaded(course), course, "adaq")
    note = json.dumps({"command": "rename", "student": "adaq", "to": "al"})
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        leaving.rename(
            _loaded(course), course, belongings.Belongings("adaq", found.places[:stop], found.row), "al"
        )
    assert json.loads((course / leaving.UNDER_WAY).read_text()) == json.loads(note)
    code, _, err = call(capsys, "student", "rename", "bo", "x")
    assert code == 2
    assert (
        "something else is half done: finish it first with `autograder student rename adaq al`"
        in " ".join(err.split())
    )
    assert call(capsys, "student", "rename", "adaq", "al")[0] == 0
    assert not (course / leaving.UNDER_WAY).exists()
    assert standings.read(course, UNIT).keys() == {"al", "bo"}
    assert [one.id for one in roster.read(course / "roster.csv")] == ["al", "bo"]
    assert results.students(course, UNIT) == ["al", "bo"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rename", "adaq", "bo"], "'bo' has data of its own already"),
        (["rename", "adaq", "../bo"], "'../bo' is no id: expected the name of a folder"),
        (["rename", "adaq", ".adaq"], "'.adaq' is no id"),
        (
            ["rename", "adaq", "Team"],
            "'Team' is what a group on the roster is called, which the student is not in",
        ),
        (["rename", "adaq", "x" * 300], "is no id"),
        (["rename", "addaq", "x"], "no student 'addaq' in this course (did you mean 'adaq'?)"),
        (["rename", "adaq", "ada\nq"], "is no id"),
        (["delete", "--yes", ".."], "no student '..' in this course"),
        (["delete", "--yes", "."], "no student '.' in this course"),
        (["delete", "--yes", ""], "no student '' in this course"),
        (["delete", "--yes", "../submitted/bo"], "no student '../submitted/bo' in this course"),
        (["delete", "--yes", "*"], "no student '*' in this course"),
        (["delete", "--yes", "--", "-rf"], "no student '-rf' in this course"),
        (["remove", "/tmp"], "no student '/tmp' in this course"),
        (["export", "../bo"], "no student '../bo' in this course"),
    ],
)
def test_a_name_that_cannot_be_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], course: Path, arguments: list[str], told: str
) -> None:
    (course / "exports" / f"{UNIT}-moodle-feedback.zip").write_bytes(b"pages of a class")
    (course / "roster.csv").write_text("id,group\nadaq,\nbo,team\n")
    before = snapshot(course)
    code, out, err = call(capsys, "student", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert snapshot(course) == before


def test_who_leaves_is_out_of_the_course_and_kept_aside(
    capsys: pytest.CaptureFixture[str], course: Path
) -> None:
    before = snapshot(course)
    assert call(capsys, "student", "remove", "adaq", "--dry-run")[0] == 0
    assert snapshot(course) == before
    code, out, _ = call(capsys, "student", "remove", "adaq")
    assert (
        code,
        "adaq is out of the course; what there was is in removed/adaq" in " ".join(out.split()),
    ) == (
        0,
        True,
    )
    kept = course / "removed" / "adaq"
    assert (kept / "submitted" / "adaq" / UNIT / f"{UNIT}.ipynb").read_bytes() == before[
        f"submitted/adaq/{UNIT}/{UNIT}.ipynb"
    ]
    told = json.loads((kept / "everything-else.json").read_text())
    assert told["roster"]["id"] == "adaq"
    assert standings.read(course, UNIT).keys() == {"bo"}
    assert [one.id for one in roster.read(course / "roster.csv")] == ["bo"]
    code, out, _ = call(capsys, "grade", UNIT, "--jobs", "1")
    assert "1 of 1 submission is graded already and unchanged" in out
    with open(course / "roster.csv", "ab") as file:
        file.write(b"adaq;Ada;;\r\n")
    code, _, err = call(capsys, "student", "remove", "adaq")
    assert (code, "there already: delete what is in it, or move it away" in " ".join(err.split())) == (
        2,
        True,
    )
    assert call(capsys, "student", "delete", "adaq", "--yes")[0] == 0
    assert mentions(course, "adaq") == []
    assert not (course / "removed").exists()


def test_removing_that_was_cut_short_is_finished_by_the_same_command(
    capsys: pytest.CaptureFixture[str], course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = belongings.of(_loaded(course), course, "adaq")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        leaving.remove(_loaded(course), course, belongings.Belongings("adaq", found.places[:4], found.row))
    assert call(capsys, "student", "remove", "adaq")[0] == 0
    assert (course / "removed" / "adaq" / "results" / UNIT / "adaq.json").exists()
    assert standings.read(course, UNIT).keys() == {"bo"}


def test_a_broken_note_stops_nothing_for_good(course: Path) -> None:
    (course / leaving.UNDER_WAY).write_text("{")
    found = belongings.of(_loaded(course), course, "adaq")
    assert not leaving.is_under_way(_loaded(course), "adaq")
    with pytest.raises(CourseError, match="something else is half done"):
        leaving.refuse_other_name(_loaded(course), course, found, "al")


def test_work_that_is_a_groups_is_told(capsys: pytest.CaptureFixture[str], course: Path) -> None:
    text = (
        (course / "course.toml")
        .read_text()
        .replace('title = "Embeddings"', 'title = "Embeddings"\ngroups = true')
    )
    (course / "course.toml").write_text(text)
    (course / "roster.csv").write_text("id,group\nadaq,one\nbo,\ncy,one\n")
    code, _, err = call(capsys, "student", "delete", "adaq", "--dry-run")
    assert code == 0
    assert "note: the work in embeddings is that of cy too, of the same group: their marks" in " ".join(
        err.split()
    )
    assert call(capsys, "student", "delete", "bo", "--dry-run")[2] == ""


def test_names_that_are_no_text_or_markup_are_names_like_others(
    capsys: pytest.CaptureFixture[str], course_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course_folder)
    latin, hostile = os.fsdecode(b"J\xf6rg"), "=cmd|' C'![x] <b>"
    for name in (latin, hostile):
        (course_folder / "submitted" / name / UNIT).mkdir(parents=True)
        (course_folder / "submitted" / name / UNIT / "a.ipynb").write_text("{}")
        results.write_all([(results.path(course_folder, UNIT, name), b"{}")])
    enrolment.enrol(course_folder, [Student(latin), Student(hostile)])
    arrangements.excuse(course_folder, UNIT, ["J=F6rg", hostile])
    code, out, _ = call(capsys, "student", "rename", "J=F6rg", "Jörg")
    assert (code, out.splitlines()[0]) == (0, "✓ J=F6rg is Jörg now")
    assert sorted(os.listdir(course_folder / "submitted")) == sorted([hostile, "Jörg"])
    assert persons.read(course_folder / "gradebook.db", "Jörg")
    assert persons.read(course_folder / "gradebook.db", "J=F6rg") == {}
    code, out, _ = call(capsys, "student", "export", hostile, "--out", "hostile.zip")
    assert code == 0
    with zipfile.ZipFile("hostile.zip") as packed:
        assert f"submitted/{hostile}/{UNIT}/a.ipynb" in packed.namelist()
    code, out, _ = call(capsys, "student", "delete", hostile, "--yes")
    assert code == 0
    assert f"submitted/{hostile}  1 file" in out
    (course_folder / "hostile.zip").unlink()
    assert mentions(course_folder, hostile) == []


def test_what_a_run_makes_and_takes_away_meanwhile_is_seen_to(course: Path) -> None:
    (older,) = copies.every(course / "gradebook.db")
    command = [sys.executable, "-m", "autograder", "student", "delete", "adaq", "--yes"]
    running = contextlib.ExitStack()
    running.enter_context(batch.alone(course, lambda _: None))
    with (
        running,
        subprocess.Popen(
            command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as run,
    ):
        assert run.stderr is not None
        assert "waiting for it to end" in run.stderr.readline()
        newer = course / copies.FOLDER / copies.name(datetime.now(UTC))
        older.rename(newer)
        running.close()
        assert run.stderr.read() == ""
        assert run.wait() == 0
    assert copies.every(course / "gradebook.db") == [newer]
    assert persons.read(newer, "adaq") == {}
    assert persons.read(newer, "bo") != {}
    with pytest.raises(AutograderError, match="cannot be changed"):
        persons.remove(older, "bo")
    assert not older.exists()
