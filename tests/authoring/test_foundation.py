"""A course of one's own: what is made, what is taken along and what is not, and that nothing is half made."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import lessons
import pytest
from repository import REPOSITORY

from autograder.authoring import foundation, origin, taken
from autograder.authoring.origin import Lessons
from autograder.course import coursefile
from autograder.errors import CourseError


@pytest.fixture
def small(tmp_path: Path) -> Lessons:
    return origin.take(str(lessons.write(tmp_path / "theirs")))


def test_a_course_without_units_is_whole(tmp_path: Path) -> None:
    made = foundation.found(tmp_path / "attention_2027", None, None)
    assert lessons.found(made.root) == {"course.toml", "nbgrader_config.py", ".gitignore", "README.md"}
    course = coursefile.load(made.root / "course.toml")
    assert (course.title, course.units, made.units, course.roster) == ("Attention 2027", (), (), None)
    assert (made.root / "README.md").read_text().startswith("# Attention 2027\n")
    assert 'course_id = "attention-2027"' in (made.root / "nbgrader_config.py").read_text()
    assert made.root.stat().st_mode & 0o777 == (tmp_path / "attention_2027/.taken").stat().st_mode & 0o777
    other = foundation.found(tmp_path / "other", None, None)
    assert coursefile.load(other.root / "course.toml").public_seed != course.public_seed


def test_what_git_would_keep_holds_neither_secret_nor_students(tmp_path: Path) -> None:
    made = foundation.found(tmp_path / "course", None, None)
    assert made.git
    (made.root / "roster.csv").touch()
    for name in lessons.LEFT_THERE:
        path = made.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for name in (
        "exports/canvas.csv",
        "gradebook-backups/a.db",
        "feedback/ada/first/first.html",
        "imported/a/b",
    ):
        (made.root / name).parent.mkdir(parents=True)
        (made.root / name).touch()
    command = ["git", "ls-files", "--others", "--exclude-standard"]
    seen = subprocess.run(command, cwd=made.root, capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in seen if not name.startswith(taken.FOLDER)} == {
        ".gitignore", "README.md", "class.csv", "course.toml", "nbgrader_config.py", "our-secret", "solutions/third/third.py",
    }  # fmt: skip


def test_the_kits_configuration_of_nbgrader_is_what_a_course_gets() -> None:
    made = taken.kit_files("Self-attention by hand")["nbgrader_config.py"]
    assert made == (REPOSITORY / "nbgrader_config.py").read_bytes(), (
        "change autograder/authoring/templates/nbgrader_config.py.jinja likewise"
    )


def test_the_lessons_of_another_course_come_along_and_nothing_else(tmp_path: Path, small: Lessons) -> None:
    made = foundation.found(tmp_path / "mine", None, small)
    assert lessons.found(made.root) == {
        "course.toml",
        "nbgrader_config.py",
        ".gitignore",
        "README.md",
        *lessons.TAKEN,
    }
    for name, text in lessons.TAKEN.items():
        assert (made.root / name).read_text() == text
    assert (made.units, made.dates) == (("first", "second"), ("first",))
    course = coursefile.load(made.root / "course.toml")
    assert (course.title, course.install, course.limits.cpu_seconds) == (
        "Small steps",
        "pip install small.whl",
        3.0,
    )
    assert course.roster is None
    assert course.secret_file.name == ".autograder-secret"
    assert course.public_seed != 7
    assert [(unit.name, unit.points, unit.brings, unit.due) for unit in course.units] == [
        ("first", 2.0, (), None), ("second", 1.0, ("f",), None),
    ]  # fmt: skip
    text = (made.root / "course.toml").read_text()
    assert "# the easy one" in text
    assert "# last year's" not in text
    base = taken.read(made.root)
    assert base is not None
    assert (base.source, base.version) == (small.source, small.version)
    assert (base.lessons, base.listing) == (small.files, small.listing)


@pytest.mark.parametrize(
    "written",
    [
        'title = """Small\tsteps"""\nformat = 1\npublic_seed = 7\r\n'
        'units = [{ name = "first", due = 2026-01-31, functions = [{ name = "f", points = 2 }] }]\r\n',
        'format = 1\npublic_seed = 7\ntitle = ""\nlimits.cpu_seconds = 3\n[[units]]\nname = "first"\ndue = 2026-01-31\n'
        '[[units.functions]]\nname = "f"\npoints = 2',
        '\ufeffformat = 1\npublic_seed = 7\ntitle = ""\n[[units]]\nname = "first"\n'
        'functions = [{ name = "f", points = 2 }]\n[limits]\ncpu_seconds = 3.0\n',
    ],
)
def test_units_may_be_written_in_any_way(tmp_path: Path, written: str) -> None:
    small = origin.take(str(lessons.write(tmp_path / "theirs", listing=written)))
    made = foundation.found(tmp_path / "mine", 'It\'s "mine" \\ 2027', small)
    read = tomllib.loads((made.root / "course.toml").read_bytes().decode())
    assert read["title"] == 'It\'s "mine" \\ 2027'
    assert read["units"] == [{"name": "first", "functions": [{"name": "f", "points": 2}]}]


def test_what_others_arranged_with_their_students_is_not_taken(tmp_path: Path) -> None:
    listing = 'format = 1\ntitle = "T"\npublic_seed = 7\ntimezone = "Asia/Tokyo"\nnames = "hidden"\n[late]\nper_day = 0.5\n'
    unit = '[[units]]\nname = "first"\nfunctions = [{ name = "f", points = 2 }]\n'
    small = origin.take(str(lessons.write(tmp_path / "theirs", listing=listing + unit)))
    course = coursefile.load(foundation.found(tmp_path / "mine", None, small).root / "course.toml")
    assert (course.late, course.names, course.timezone) == (None, "shown", "")


def test_an_empty_folder_gets_the_course_and_keeps_roster_and_repository(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "roster.csv").write_text("id\nada\n")
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "ours", str(folder)], check=True)
    made = foundation.found(folder, None, None)
    assert coursefile.load(folder / "course.toml").roster == folder / "roster.csv"
    assert (folder / "roster.csv").read_text() == "id\nada\n"
    assert (folder / ".git/HEAD").read_text() == "ref: refs/heads/ours\n"
    assert made.git
    assert not list(folder.glob(".new-*"))


def refuse(folder: Path, told: str, title: str | None = None) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}
    with pytest.raises(CourseError, match=told):
        foundation.found(folder, title, None)
    assert before == {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}


def test_a_folder_that_will_not_do_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.tex").touch()
    refuse(tmp_path / "full", "is not empty, it holds 'thesis.tex'")
    refuse(tmp_path / "full/thesis.tex", "is a file: name a new folder")
    refuse(tmp_path / "no/where", "no: there is no such folder: make it first")
    refuse(tmp_path / "new", "the title 'a.nb' cannot be shown", title="a\nb")
    refuse(tmp_path / "new", "the title ' ' cannot be shown", title=" ")
    lessons.write(tmp_path / "course")
    refuse(tmp_path / "course", "is a course already: name a new folder")
    refuse(tmp_path / "course/mine", "lies in the course .*course: name a folder outside it")


def test_without_git_it_is_a_course_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    made = foundation.found(tmp_path / "course", None, None)
    assert not made.git
    assert (made.root / "course.toml").is_file()


@pytest.mark.parametrize("there", [True, False])
def test_where_it_cannot_be_put_in_place_nothing_is_left(
    tmp_path: Path, there: bool, small: Lessons, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    if there:
        folder.mkdir()
    real: Callable[[Path, Path], Path] = Path.rename

    def full(path: Path, target: Path) -> Path:
        if target.name in ("course.toml", "mine"):
            raise OSError(28, "No space left on device", str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(CourseError, match="No space left on device: no course was made"):
        foundation.found(folder, None, small)
    assert list(folder.iterdir() if there else tmp_path.glob("*mine*")) == []
    assert {path.name for path in tmp_path.iterdir()} == ({"theirs", "mine"} if there else {"theirs"})
