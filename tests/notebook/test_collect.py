from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.errors import CourseError, UnreadableError
from autograder.notebook import collect
from autograder.notebook.collect import HandedIn
from autograder.records import Function, Tolerance, Unit

UNIT = Unit("unit", "Unit", (Function("f", 1.0, Tolerance()),))
NOTEBOOK = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x"}]})


def put(root: Path, student: str, name: str = "unit.ipynb", content: str = NOTEBOOK) -> HandedIn:
    folder = root / student / "unit"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content)
    return HandedIn(student, folder)


def test_who_handed_in_and_who_did_not(tmp_path: Path) -> None:
    put(tmp_path, "ada")
    put(tmp_path, ".hidden")
    (tmp_path / "bob" / "other").mkdir(parents=True)
    (tmp_path / "notes.txt").touch()
    collected = collect.collect(tmp_path, UNIT)
    assert [one.student for one in collected.handed_in] == ["ada"]
    assert collected.without == ("bob",)
    assert collected.passed_over == (".hidden",)


@pytest.mark.parametrize(
    "name", ["with space", 'o\'neil "zoë"', "-rf", "=cmd|' calc'!A0", "日本", "a\nb", os.fsdecode(b"\xff")]
)
def test_names_are_kept_unchanged(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    (handed_in,) = collect.collect(tmp_path, UNIT).handed_in
    assert handed_in.student == name
    assert collect.read(handed_in, UNIT).student == name


def test_named_students_alone(tmp_path: Path) -> None:
    put(tmp_path, "ada")
    put(tmp_path, "bob")
    assert [one.student for one in collect.collect(tmp_path, UNIT, ["bob"]).handed_in] == ["bob"]
    with pytest.raises(CourseError, match=r"no student 'adda'.*did you mean 'ada'"):
        collect.collect(tmp_path, UNIT, ["adda"])


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="should hold a folder for each student"):
        collect.collect(tmp_path / "none", UNIT)


def test_a_notebook_that_a_browser_renamed(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", "unit (1).ipynb")
    assert collect.find_notebook(handed_in, UNIT).name == "unit (1).ipynb"
    assert collect.read(handed_in, UNIT).cells[0].source == "x"


def test_the_named_one_of_several_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "ada", "draft.ipynb", "{")
    assert collect.read(put(tmp_path, "ada"), UNIT).cells


def test_several_and_none_are_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "ada", "a.ipynb")
    with pytest.raises(UnreadableError, match=r"2 notebooks in it \(a.ipynb, b.ipynb\)"):
        collect.find_notebook(put(tmp_path, "ada", "b.ipynb"), UNIT)
    with pytest.raises(UnreadableError, match=r"unit\.ipynb was expected"):
        collect.find_notebook(put(tmp_path, "bob", "notes.txt"), UNIT)


def test_a_file_where_a_folder_is_due(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "unit").write_text("")
    (handed_in,) = collect.collect(tmp_path, UNIT).handed_in
    with pytest.raises(UnreadableError, match="cannot be opened"):
        collect.find_notebook(handed_in, UNIT)


def test_names_that_are_no_utf8_are_told_as_text(tmp_path: Path) -> None:
    put(tmp_path, "ada", os.fsdecode(b"\xff.ipynb"))
    with pytest.raises(UnreadableError, match=r"\(b.ipynb, \?.ipynb\)"):
        collect.find_notebook(put(tmp_path, "ada", "b.ipynb"), UNIT)


@pytest.mark.parametrize("level", ["student", "unit", "notebook"])
def test_links_out_of_the_folder_are_refused(tmp_path: Path, level: str) -> None:
    other = put(tmp_path / "elsewhere", "eve")
    root = tmp_path / "submitted"
    place = {
        "student": root / "ada",
        "unit": root / "ada" / "unit",
        "notebook": root / "ada" / "unit" / "unit.ipynb",
    }
    target = {"student": other.folder.parent, "unit": other.folder, "notebook": other.folder / "unit.ipynb"}
    place[level].parent.mkdir(parents=True, exist_ok=True)
    place[level].symlink_to(target[level])
    (handed_in,) = collect.collect(root, UNIT).handed_in
    with pytest.raises(UnreadableError, match="a link to another"):
        collect.read(handed_in, UNIT)


def test_work_in_the_wrong_place_is_pointed_out(tmp_path: Path) -> None:
    put(tmp_path, "ada")
    for place in ("bob/unit.ipynb", "eve/Unit/Unit.ipynb", "kim/notes.txt"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(NOTEBOOK)
    collected = collect.collect(tmp_path, UNIT)
    assert collected.misplaced == (tmp_path / "bob" / "unit.ipynb", tmp_path / "eve" / "Unit")
    assert collected.without == ("bob", "eve", "kim")
