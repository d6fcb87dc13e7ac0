"""What travels between machines: the same on both sides, whatever was handed in, and nothing but JSON."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import adopted_course
import msgspec
import pytest

from autograder.course import coursefile
from autograder.errors import CourseError, UnreadableError
from autograder.gradebook.autograded import Prepared
from autograder.grading import parcels
from autograder.grading.parcels import Answer, Desk, Letter, Material, Versions
from autograder.grading.station import Graded
from autograder.notebook import collect
from autograder.notebook.places import HandedIn
from autograder.records import Course, Submission

CELL = {
    "cell_type": "code",
    "source": "def one_hot(tokens, vocabulary):\n    return 1",
    "metadata": {},
    "outputs": [],
}
NOTEBOOK = json.dumps({"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
EMPTY = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def plain(folder: Path) -> None:
    (folder / "embeddings.ipynb").write_bytes(NOTEBOOK)


def renamed(folder: Path) -> None:
    (folder / "my work (1).ipynb").write_bytes(NOTEBOOK)
    (folder / "data.csv").write_text("1")


def beside(folder: Path) -> None:
    (folder / "embeddings.ipynb").write_bytes(EMPTY)
    (folder / "embeddings-Copy1.ipynb").write_bytes(NOTEBOOK)
    (folder / "broken.ipynb").write_bytes(b"{")
    (folder / ".hidden.ipynb").write_bytes(NOTEBOOK)


def deeper(folder: Path) -> None:
    (folder / "home" / "ada").mkdir(parents=True)
    (folder / "home" / "ada" / "embeddings.ipynb").write_bytes(NOTEBOOK)


def zipped(folder: Path) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        archive.writestr("embeddings.ipynb", NOTEBOOK)


def two(folder: Path) -> None:
    (folder / "a.ipynb").write_bytes(NOTEBOOK)
    (folder / "b.ipynb").write_bytes(NOTEBOOK)


def cut_short(folder: Path) -> None:
    (folder / "embeddings.ipynb").write_bytes(NOTEBOOK[:20])


def link(folder: Path) -> None:
    (folder / "embeddings.ipynb").symlink_to("/etc/passwd")


def nothing(folder: Path) -> None:
    (folder / "notes.txt").write_text("later")


def said(read: Callable[[], Submission]) -> object:
    """A submission as far as results depend on it, or why it is none."""
    try:
        found = read()
    except UnreadableError as error:
        return str(error)
    defined = {name: (one.cell, one.unwritten) for name, one in found.definitions.items()}
    return replace(found, path=Path(found.path.name), definitions={}), defined


@pytest.mark.parametrize("student", ["ada", "Zoë", os.fsdecode(b"\xff\xfe"), "../up", "a\nb"])
@pytest.mark.parametrize("hand_in", [plain, renamed, beside, deeper, zipped, two, cut_short, link, nothing])
def test_a_letter_says_what_lies_where_it_was_handed_in(
    own_course: Course, tmp_path: Path, hand_in: Callable[[Path], None], student: str
) -> None:
    unit, units = own_course.unit("embeddings"), own_course.units
    folder = tmp_path / "submitted" / "x" / "embeddings"
    folder.mkdir(parents=True)
    hand_in(folder)
    here = HandedIn(student, folder)
    travelled = msgspec.json.decode(msgspec.json.encode(parcels.letter((here,), unit)), type=Letter)
    desk = Desk(tmp_path / "desk")
    desk.lay(Letter([b"before"], b"", [], EMPTY, b"another.ipynb"), unit)
    (there,) = desk.lay(travelled, unit)
    assert there.student == student
    assert said(lambda: desk.read(there, unit, units)) == said(lambda: collect.read(here, unit, units))
    assert {path.parent for path in (tmp_path / "desk").rglob("*.ipynb")} <= {
        tmp_path / "desk" / "embeddings"
    }


def test_a_group_and_a_file_by_itself_travel_too(own_course: Course, tmp_path: Path) -> None:
    unit, units = own_course.unit("embeddings"), own_course.units
    file = tmp_path / "ada_embeddings.ipynb"
    file.write_bytes(EMPTY)
    (tmp_path / "bo_embeddings.ipynb").write_bytes(NOTEBOOK)
    work = tuple(HandedIn(name, tmp_path, file, "ada", ("bo",)) for name in ("ada", "bo"))
    desk = Desk(tmp_path / "desk")
    first, second = desk.lay(parcels.letter(work, unit), unit)
    assert [(one.student, one.by, one.other) for one in (first, second)] == [
        ("ada", "ada", ("bo",)),
        ("bo", "ada", ("bo",)),
    ]
    assert desk.read(first, unit, units).copies == collect.read(work[0], unit, units).copies == ()


def test_nothing_is_laid_out_again_where_all_was_cleared_away(own_course: Course, tmp_path: Path) -> None:
    """A cluster clears away after a worker that was killed, while what grades there is at its first letter of several."""
    unit = own_course.unit("embeddings")
    (tmp_path / "run").mkdir()
    desk = Desk(tmp_path / "run" / "desk")
    desk.lay(Letter([b"ada"], b"", [], NOTEBOOK, b"embeddings.ipynb"), unit)
    shutil.rmtree(tmp_path / "run")
    with pytest.raises(FileNotFoundError):
        desk.lay(Letter([b"bo"], b"", [], NOTEBOOK, b"embeddings.ipynb"), unit)
    assert not list(tmp_path.iterdir())


def test_what_comes_back_is_that_of_those_who_handed_in(tmp_path: Path) -> None:
    batch = [(HandedIn("ada", tmp_path), HandedIn("bo", tmp_path)), (HandedIn("cy", tmp_path),)]
    prepared = (Prepared("released", b"{}", frozenset({"why"})),)
    answer = Answer([(b"{1}", b"<1>", prepared), (b"{2}", b"<2>", prepared), (b"{3}", b"<3>", ())])
    travelled = msgspec.json.decode(msgspec.json.encode(answer), type=Answer)
    assert parcels.graded(travelled, batch) == [
        Graded("ada", b"{1}", b"<1>", prepared), Graded("bo", b"{2}", b"<2>", prepared), Graded("cy", b"{3}", b"<3>"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="zip"):
        parcels.graded(Answer([(b"", b"", ())]), batch)


def test_a_course_travels_with_what_grading_needs_and_its_secret_stays_in_memory(
    course_folder: Path, tmp_path: Path
) -> None:
    (course_folder / "solutions" / "embeddings" / "__pycache__").mkdir(exist_ok=True)
    (course_folder / "solutions" / "embeddings" / "__pycache__" / "x.pyc").write_bytes(b"x")
    course = replace(coursefile.load(course_folder / "course.toml"), passing_secret=b"a secret of ours")
    raw = parcels.material(course, course.unit("embeddings"), trust_students=False)
    parcel = msgspec.json.decode(raw, type=Material)
    loaded, unit = parcels.unpack(parcel, tmp_path / "there")
    assert (unit, loaded.passing_secret) == (course.unit("embeddings"), b"a secret of ours")
    assert loaded.units == course.units
    for name in ("embeddings", "self-attention"):
        for folder in ("solutions", "assignments"):
            here = course_folder / folder / name
            sent = {path.name for path in (tmp_path / "there" / folder / name).iterdir()}
            assert sent <= {path.name for path in here.iterdir()} - {"__pycache__"}
            assert sent
    assert not [
        path for path in tmp_path.glob("there/**/*") if path.is_file() and b"a secret" in path.read_bytes()
    ]


@pytest.mark.parametrize("name", ["/etc/passwd", "../beside", "solutions/../../up"])
def test_a_file_outside_of_the_course_is_refused(tmp_path: Path, name: str) -> None:
    parcel = Material("embeddings", Versions.here(), b"s", False, {name: b""})
    with pytest.raises(CourseError, match="names a file outside of it"):
        parcels.unpack(parcel, tmp_path / "there")
    assert not list(tmp_path.iterdir())


def test_versions_that_differ_are_named() -> None:
    here = Versions("1.0", "abc", "3.11", "2.4.6")
    assert here.differing(here) == []
    assert here.differing(Versions("1.1", "abc", "3.12", "2.4.6")) == [
        "autograder 1.1, here 1.0", "Python 3.12, here 3.11",
    ]  # fmt: skip


def test_the_notebooks_of_an_adopted_unit_travel_with_its_files_and_no_secret(tmp_path: Path) -> None:
    course = coursefile.load(adopted_course.course(tmp_path / "course") / "course.toml")
    unit = course.unit(adopted_course.UNIT)
    raw = parcels.material(course, unit, trust_students=False)
    parcel = msgspec.json.decode(raw, type=Material)
    assert parcel.secret == b""
    loaded, there = parcels.unpack(parcel, tmp_path / "there")
    assert there == unit
    assert (loaded.source(there) / "words.txt").read_bytes() == (
        course.source(unit) / "words.txt"
    ).read_bytes()

    folder = adopted_course.hand_in(tmp_path / "course", "ada", adopted_course.solved(), without=("words",))
    for words in (None, b"", b"{"):  # not there, no notebook at all, and not one that can be read
        if words is not None:
            (folder / "words.ipynb").write_bytes(words)
        here = HandedIn("ada", folder)
        letter = msgspec.json.decode(msgspec.json.encode(parcels.letter((here,), unit)), type=Letter)
        desk = Desk(tmp_path / "desk")
        (laid,) = desk.lay(letter, unit)
        before, after = collect.sheets(here, unit), desk.sheets(laid, unit)
        assert [(one.raw, one.trouble) for one in after] == [(one.raw, one.trouble) for one in before]
    empty = HandedIn("bo", tmp_path / "course" / "submitted" / "bo" / unit.name)
    desk.lay(parcels.letter((empty,), unit), unit)
    with pytest.raises(UnreadableError, match="cannot be opened"):
        desk.sheets(laid, unit)


def test_a_unit_that_lies_outside_of_the_course_is_not_sent(tmp_path: Path) -> None:
    course = coursefile.load(adopted_course.course(tmp_path / "course") / "course.toml")
    unit = replace(course.unit(adopted_course.UNIT), adopted=Path("../elsewhere"))
    adopted_course.course(tmp_path / "other")
    (tmp_path / "other" / "source" / unit.name).rename(tmp_path / "elsewhere")
    with pytest.raises(CourseError, match=r"lies outside of .*course: a cluster is sent that folder alone"):
        parcels.material(replace(course, units=(unit,)), unit, trust_students=False)
