"""Which file a submission is, wherever browsers, zips and people put it."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import UnreadableError
from autograder.notebook import collect, places
from autograder.notebook.places import HandedIn
from autograder.records import Function, Tolerance, Unit, Unplaced

UNIT = Unit("unit", "Unit", (Function("f", 1.0, Tolerance()),))
NOTEBOOK = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x"}]})


def put(root: Path, student: str, name: str = "unit.ipynb", content: str = NOTEBOOK) -> HandedIn:
    folder = root / student / "unit"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content)
    return HandedIn(student, folder)


def zipped(path: Path, *names: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, NOTEBOOK)
    return path


def test_a_notebook_that_a_browser_renamed(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", "unit (1).ipynb")
    assert places.find_notebook(handed_in, UNIT).name == "unit (1).ipynb"
    assert collect.read(handed_in, UNIT).cells[0].source == "x"


def test_the_named_one_of_several_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "ada", "draft.ipynb", "{")
    assert collect.read(put(tmp_path, "ada"), UNIT).cells


def test_several_and_none_are_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "ada", "a.ipynb")
    with pytest.raises(UnreadableError, match=r"2 notebooks in it \(a.ipynb, b.ipynb\)"):
        places.find_notebook(put(tmp_path, "ada", "b.ipynb"), UNIT)
    with pytest.raises(UnreadableError, match=r"unit\.ipynb was expected, and there is notes\.txt"):
        places.find_notebook(put(tmp_path, "bob", "notes.txt"), UNIT)
    empty = tmp_path / "kim" / "unit"
    empty.mkdir(parents=True)
    with pytest.raises(UnreadableError, match=r"unit\.ipynb was expected$"):
        places.find_notebook(HandedIn("kim", empty), UNIT)


def test_a_file_where_a_folder_is_due(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "unit").write_text("")
    handed_in = HandedIn("ada", tmp_path / "ada" / "unit")
    with pytest.raises(UnreadableError, match="cannot be opened"):
        places.find_notebook(handed_in, UNIT)


def test_names_that_are_no_utf8_are_told_as_text(tmp_path: Path) -> None:
    put(tmp_path, "ada", os.fsdecode(b"\xff.ipynb"))
    with pytest.raises(UnreadableError, match=r"\(b.ipynb, =FF.ipynb\)"):
        places.find_notebook(put(tmp_path, "ada", "b.ipynb"), UNIT)


@pytest.mark.parametrize("name", ["unit.ipynb.txt", "unit (2).ipynb.json", "UNIT.IPYNB", "unit.ipynb.TXT"])
def test_a_notebook_with_an_ending_that_a_browser_gave_it(tmp_path: Path, name: str) -> None:
    handed_in = put(tmp_path, "ada", name)
    assert places.find_notebook(handed_in, UNIT) == handed_in.folder / name
    put(tmp_path, "ada", "draft.ipynb")
    assert places.find_notebook(handed_in, UNIT).name == "draft.ipynb", "an ending of its own goes first"


@pytest.mark.parametrize("inside", ["unit", "work/hand-in 2/unit", "unit/deep.ipynb"])
def test_a_notebook_in_the_folders_of_a_zip(tmp_path: Path, inside: str) -> None:
    handed_in = put(tmp_path, "ada", "notes.txt")
    for place in (inside, "__MACOSX/unit", "unit/.ipynb_checkpoints"):
        put(tmp_path, "ada", "notes.txt")
        (handed_in.folder / place).mkdir(parents=True, exist_ok=True)
        (handed_in.folder / place / "unit.ipynb").write_text(NOTEBOOK)
    assert places.find_notebook(handed_in, UNIT) == handed_in.folder / inside / "unit.ipynb"


def test_of_several_further_down_the_named_one_is_taken(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", "notes.txt")
    for place in ("a/draft.ipynb", "b/unit.ipynb", "b/old.ipynb"):
        (handed_in.folder / place).parent.mkdir(exist_ok=True)
        (handed_in.folder / place).write_text(NOTEBOOK)
    assert places.find_notebook(handed_in, UNIT) == handed_in.folder / "b" / "unit.ipynb"
    (handed_in.folder / "b" / "unit.ipynb").rename(handed_in.folder / "a" / "mine.ipynb")
    with pytest.raises(
        UnreadableError, match=r"3 notebooks in it \(a/draft.ipynb, a/mine.ipynb, b/old.ipynb\)"
    ):
        places.find_notebook(handed_in, UNIT)


def test_a_link_further_down_leads_nowhere(tmp_path: Path) -> None:
    other = put(tmp_path / "elsewhere", "eve")
    handed_in = put(tmp_path, "ada", "notes.txt")
    (handed_in.folder / "unit").symlink_to(other.folder)
    with pytest.raises(UnreadableError, match="no notebook in it"):
        places.find_notebook(handed_in, UNIT)


def test_a_search_further_down_comes_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_MOST_ENTRIES", 10)
    handed_in = put(tmp_path, "ada", "notes.txt")
    for number in range(30):
        (handed_in.folder / f"{number:02}").mkdir()
    (handed_in.folder / "99").mkdir()
    (handed_in.folder / "99" / "unit.ipynb").write_text(NOTEBOOK)
    with pytest.raises(UnreadableError, match="no notebook in it"):
        places.find_notebook(handed_in, UNIT)


@pytest.mark.parametrize(
    "names",
    [
        ("unit.ipynb",),
        ("work/mine.ipynb", "data.csv", "__MACOSX/work/._mine.ipynb"),
        ("a.ipynb", "b/unit.ipynb"),
    ],
)
def test_a_zip_with_one_notebook_is_that_notebook(tmp_path: Path, names: tuple[str, ...]) -> None:
    handed_in = put(tmp_path, "ada", "notes.txt")
    path = zipped(handed_in.folder / "hand in.ZIP", *names)
    assert places.find_notebook(handed_in, UNIT) == path
    assert collect.read(handed_in, UNIT).cells[0].source == "x"
    path.rename(handed_in.folder / "unit.ipynb")
    assert collect.read(handed_in, UNIT).cells[0].source == "x", "a zip by another name"


def test_zips_come_after_notebooks_and_several_are_asked_for(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", "mine.ipynb")
    zipped(handed_in.folder / "a.zip", "unit.ipynb")
    assert places.find_notebook(handed_in, UNIT).name == "mine.ipynb"
    zipped(handed_in.folder / "b.zip", "unit.ipynb")
    (handed_in.folder / "mine.ipynb").unlink()
    with pytest.raises(
        UnreadableError, match=r"2 zips in it \(a.zip, b.zip\): hand in one notebook, named unit.ipynb"
    ):
        places.find_notebook(handed_in, UNIT)


# ------------------------------------------------------------------------------------- in a student's folder

UNITS = tuple(
    Unit(name, name, (Function(f"f{number}", 1.0, Tolerance()),))
    for number, name in enumerate(("attention", "self-attention", "w1"))
)
SELF = UNITS[1]


def lay(root: Path, *names: str) -> None:
    for name in names:
        if name.endswith(".zip"):
            zipped(root / name, "self-attention.ipynb")
            continue
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(NOTEBOOK)


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (
            ("self-attention/self-attention.ipynb", "self_attention/x.ipynb"),
            "self-attention/self-attention.ipynb",
        ),
        (("self_attention/self-attention.ipynb",), "self_attention/self-attention.ipynb"),
        (("Self Attention (2)/mine.IPYNB",), "Self Attention (2)/mine.IPYNB"),
        (("selfattention/x.zip",), "selfattention/x.zip"),
        (("self-attention.ipynb",), "self-attention.ipynb"),
        (("self-attention.ipynb", "self-attention (1).ipynb"), "self-attention.ipynb"),
        (("self-attention_ada.ipynb.txt", "attention.ipynb"), "self-attention_ada.ipynb.txt"),
        (("self-attention.IPYNB", "W1.ipynb"), "self-attention.IPYNB"),
        (("self-attention.ipynb.json", "self-attention.zip"), "self-attention.ipynb.json"),
        (("self-attention.zip", "data.csv"), "self-attention.zip"),
        (("ada/self-attention/self-attention.ipynb",), "ada/self-attention/self-attention.ipynb"),
        (
            ("hand in/2/self_attention/mine.ipynb", "hand in/attention/a.ipynb"),
            "hand in/2/self_attention/mine.ipynb",
        ),
        (("self-attention/notes.txt", "self_attention/x.ipynb"), "self_attention/x.ipynb"),
        (("self_attention/notes.txt", "self-attention.ipynb"), "self-attention.ipynb"),
    ],
)
def test_what_can_only_be_meant_is_taken(tmp_path: Path, names: tuple[str, ...], taken: str) -> None:
    lay(tmp_path / "ada", *names)
    found = places.find(tmp_path, "ada", SELF, UNITS)
    assert found.unplaced == ()
    assert found.handed_in is not None
    assert places.find_notebook(found.handed_in, SELF) == tmp_path / "ada" / taken
    assert collect.read(found.handed_in, SELF).cells[0].source == "x"


@pytest.mark.parametrize(
    ("names", "where", "why"),
    [
        (("homework.ipynb",), "ada/homework.ipynb", "looked for at ada/self-attention/self-attention.ipynb"),
        (("deep/homework.zip", "w1.ipynb"), "ada/deep/homework.zip", "looked for at"),
        (("self-attention.tar.gz",), "ada/self-attention.tar.gz", "looked for at"),
        (
            ("attention and self-attention and w1.ipynb",),
            "ada/attention and self-attention and w1.ipynb",
            "looked for at",
        ),
        (
            ("self-attention (1).ipynb", "Self Attention.ipynb"),
            "ada/Self Attention.ipynb",
            "one of 2 that may be meant (ada/Self Attention.ipynb, ada/self-attention (1).ipynb): leave one, at ada/",
        ),
        (("bo/self-attention/self-attention.ipynb",), "ada/bo", "looked for at"),
    ],
)
def test_what_cannot_be_told_is_named(tmp_path: Path, names: tuple[str, ...], where: str, why: str) -> None:
    lay(tmp_path / "ada", *names)
    found = places.find(tmp_path, "ada", SELF, UNITS, {"ada", "bo"})
    assert found.handed_in is None
    (one,) = found.unplaced
    assert (one.where, one.student) == (where, "bo" if "bo" in where else "ada")
    assert why in one.why


@pytest.mark.parametrize("student", ["submitted", "self-attention"])
def test_folders_in_another_order_are_no_students(tmp_path: Path, student: str) -> None:
    lay(tmp_path / student / "ada", "self-attention.ipynb")
    why = "it is looked for at STUDENT/self-attention/self-attention.ipynb"
    assert places.find(tmp_path, student, SELF, UNITS).unplaced == (
        Unplaced(f"{student}/ada/self-attention.ipynb", why, student),
    )


def test_where_a_course_has_one_unit_the_one_notebook_is_meant(tmp_path: Path) -> None:
    lay(tmp_path / "ada", "homework.ipynb")
    found = places.find(tmp_path, "ada", SELF, (SELF,)).handed_in
    assert found == HandedIn("ada", tmp_path / "ada", tmp_path / "ada" / "homework.ipynb")


def test_nothing_is_taken_by_way_of_a_link(tmp_path: Path) -> None:
    lay(tmp_path / "elsewhere", "self_attention/self-attention.ipynb")
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    (tmp_path / "submitted" / "ada" / "self_attention").symlink_to(tmp_path / "elsewhere" / "self_attention")
    (tmp_path / "submitted" / "bo").symlink_to(tmp_path / "elsewhere")
    for student in ("ada", "bo", "nobody"):
        assert places.find(tmp_path / "submitted", student, SELF, UNITS) == places.Found()


def test_an_empty_folder_is_said_in_its_result(tmp_path: Path) -> None:
    lay(tmp_path / "ada", "self-attention/notes.txt", "homework.ipynb")
    found = places.find(tmp_path, "ada", SELF, UNITS)
    assert found.handed_in == HandedIn("ada", tmp_path / "ada" / "self-attention")


# ------------------------------------------------------------------------------------ in no student's folder


@pytest.mark.parametrize(
    ("names", "sure", "told"),
    [
        (("ada_self-attention.ipynb",), {"ada": "ada_self-attention.ipynb"}, {}),
        (("Self_Attention-ADA.ipynb.txt",), {"ada": "Self_Attention-ADA.ipynb.txt"}, {}),
        (("ada.lovelace-self-attention.zip",), {"ada.lovelace": "ada.lovelace-self-attention.zip"}, {}),
        (("ada_w1.ipynb", "ada_attention.ipynb"), {}, {}),
        (("ada.ipynb",), {}, {"ada.ipynb": "ada"}),
        (("self-attention.ipynb",), {}, {"self-attention.ipynb": ""}),
        (("all.tar.gz",), {}, {"all.tar.gz": ""}),
        (("ada_self-attention.7z",), {}, {"ada_self-attention.7z": "ada"}),
        (("ada_bo_self-attention.ipynb",), {}, {"ada_bo_self-attention.ipynb": ""}),
        (("self-attention (7).ipynb",), {}, {"self-attention (7).ipynb": ""}),
        (
            ("ada_self-attention.ipynb", "ada self attention 2.ipynb"),
            {},
            {"ada_self-attention.ipynb": "ada", "ada self attention 2.ipynb": "ada"},
        ),
    ],
)
def test_flat_work_is_whose_name_and_unit_it_bears(
    tmp_path: Path, names: tuple[str, ...], sure: dict[str, str], told: dict[str, str]
) -> None:
    lay(tmp_path, *names)
    students = ("ada", "bo", "ada.lovelace", "7")
    found, unplaced = places.owners(tmp_path, names, SELF, UNITS, students)
    assert found == {student: tmp_path / name for student, name in sure.items()}
    assert {one.where: one.student for one in unplaced} == told


def test_flat_work_in_a_course_of_one_unit_needs_no_units_name(tmp_path: Path) -> None:
    lay(tmp_path, "ada.ipynb")
    found, unplaced = places.owners(tmp_path, ["ada.ipynb"], SELF, (SELF,), ["ada"])
    assert found == {"ada": tmp_path / "ada.ipynb"}
    assert unplaced == ()


def test_a_flat_link_is_not_followed(tmp_path: Path) -> None:
    lay(tmp_path / "elsewhere", "x.ipynb")
    (tmp_path / "ada_w1.ipynb").symlink_to(tmp_path / "elsewhere" / "x.ipynb")
    found, (told,) = places.owners(tmp_path, ["ada_w1.ipynb"], UNITS[2], UNITS, ["ada"])
    assert found == {}
    assert told.student == "ada"


# ------------------------------------------------------------------------------- an assignment of several notebooks

SEVERAL = replace(UNIT, adopted=Path("source/unit"), notebooks=("algebra", "words", "words-two"))


def test_each_of_several_notebooks_is_found_by_its_name(tmp_path: Path) -> None:
    put(tmp_path, "ada", "words_two (1).ipynb")
    put(tmp_path, "ada", "Words.ipynb.txt")
    handed_in = put(tmp_path, "ada", "algebra.ipynb")
    assert [path.name for path in places.find_notebooks(handed_in, SEVERAL).values()] == [
        "algebra.ipynb",
        "words_two (1).ipynb",
    ]
    (handed_in.folder / "Words.ipynb.txt").rename(handed_in.folder / "Words.ipynb")
    assert list(places.find_notebooks(handed_in, SEVERAL)) == ["algebra", "words", "words-two"]
    assert places.belongs_at(SEVERAL) == "unit/algebra.ipynb"


def test_of_several_notebooks_none_is_there_or_one_twice(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", "words (1).ipynb")
    put(tmp_path, "ada", "words (2).ipynb")
    with pytest.raises(UnreadableError, match=r"2 notebooks in it .*: hand in one, named words\.ipynb"):
        places.find_notebooks(handed_in, SEVERAL)
    told = r"algebra\.ipynb, words\.ipynb and words-two\.ipynb were expected, and there is notes\.txt"
    with pytest.raises(UnreadableError, match=told):
        places.find_notebooks(put(tmp_path, "bob", "notes.txt"), SEVERAL)


def test_several_notebooks_in_a_zip_are_told_apart(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada" / "unit" / "work.zip", "words.ipynb", "d/algebra.ipynb")
    sheets = collect.sheets(HandedIn("ada", path.parent), SEVERAL)
    assert [bool(sheet.raw) for sheet in sheets] == [True, True, False]
    assert "words-two.ipynb was expected" in sheets[2].trouble
    assert collect.sheets(HandedIn("ada", path.parent, path), SEVERAL) == sheets
