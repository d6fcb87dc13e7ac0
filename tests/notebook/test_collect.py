from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import CourseError, UnreadableError
from autograder.notebook import collect, notebooks
from autograder.notebook.places import HandedIn
from autograder.records import Function, Tolerance, Unit, Unplaced

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
    names = ["ada", "bob", "Zoe\u0308", "J\udcf6rg", "Kim", "kim"]
    assert collect.choose(names, ["bob"], tmp_path) == ("bob",)
    assert collect.choose(names, ["Zo\u00eb", "ADA", "J\udcf6rg"], tmp_path) == (
        "Zoe\u0308",
        "ada",
        "J\udcf6rg",
    )
    assert collect.choose(names, ["J=F6rg", "kim"], tmp_path) == ("J\udcf6rg", "kim"), (
        "as it is shown, and as it is"
    )
    with pytest.raises(CourseError, match=r"no student 'adda'.*did you mean 'ada'"):
        collect.choose(names, ["adda"], tmp_path)
    with pytest.raises(CourseError, match=r"no student 'KIM'.*did you mean 'Kim' or 'kim'\?"):
        collect.choose(names, ["KIM"], tmp_path)
    with pytest.raises(CourseError, match=r"no student 'xyz' in [^(]*$"):
        collect.choose(names, ["xyz"], tmp_path)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(
        CourseError,
        match=r"should hold a folder for each student.*: `autograder import .* DOWNLOAD` fills it",
    ):
        collect.collect(tmp_path / "none", UNIT)


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


OTHER = Unit("other-unit", "The other", (Function("g", 1.0, Tolerance()),))


def test_work_that_lies_flat_is_whose_name_it_bears(tmp_path: Path) -> None:
    put(tmp_path, "ada")
    (tmp_path / "bo").mkdir()
    flat = (
        "bo_unit.ipynb",
        "Unit - Cy.ipynb.txt",
        "ada_unit.ipynb",
        "bo other unit.ipynb",
        "dan.ipynb",
        "unit.ipynb",
    )
    for name in (*flat, "roster.csv", ".unit_bo.ipynb"):
        (tmp_path / name).write_text(NOTEBOOK)
    collected = collect.collect(tmp_path, UNIT, (UNIT, OTHER), known=("cy", "dan"))
    assert {one.student: one.file for one in collected.handed_in} == {
        "ada": None,
        "bo": tmp_path / "bo_unit.ipynb",
        "cy": tmp_path / "Unit - Cy.ipynb.txt",
    }
    assert collected.without == ()
    assert collected.unplaced == (
        Unplaced(
            "dan.ipynb", "it lies in no student's folder: it is looked for at dan/unit/unit.ipynb", "dan"
        ),
        Unplaced("unit.ipynb", "it lies in no student's folder: it is looked for at STUDENT/unit/unit.ipynb"),
        Unplaced("ada_unit.ipynb", "ada handed in for unit elsewhere", "ada"),
    )
    (bo,) = [one for one in collected.handed_in if one.student == "bo"]
    assert collect.read(bo, UNIT).cells[0].source == "x"


def test_names_of_what_changed_are_looked_at_alone(tmp_path: Path) -> None:
    put(tmp_path, "ada")
    put(tmp_path, "bo")
    (tmp_path / "cy").mkdir()
    (tmp_path / "cy_unit.ipynb").write_text(NOTEBOOK)

    def found(*names: str) -> list[str]:
        return [one.student for one in collect.collect(tmp_path, UNIT, (UNIT, OTHER), only=names).handed_in]

    assert found("bo", "gone") == ["bo"]
    assert found("cy_unit.ipynb") == found("cy") == ["cy"]


def test_what_lies_beside_flat_work_is_other_students(tmp_path: Path) -> None:
    (tmp_path / "ada_unit.ipynb").write_text(STUB)
    (tmp_path / "bo_unit.ipynb").write_text(code("def f(x):\n    return x"))
    collected = collect.collect(tmp_path, UNIT, known=("ada", "bo"))
    assert [collect.read(one, UNIT).copies for one in collected.handed_in] == [(), ()]


def code(*sources: str) -> str:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"nbformat": 4, "cells": cells})


STUB = code("def f(x):\n    raise NotImplementedError")


def test_a_written_copy_beside_an_untouched_release(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", content=STUB)
    put(tmp_path, "ada", "unit (1).ipynb", code("def f(x):\n    return x"))
    put(tmp_path, "ada", "unit (2).ipynb", STUB)
    put(tmp_path, "ada", "unit (3).ipynb", "{")
    put(tmp_path, "ada", ".unit.ipynb", code("def f(x):\n    return x"))
    (handed_in.folder / "unit (4).ipynb").symlink_to(handed_in.folder / "unit (1).ipynb")
    assert collect.read(handed_in, UNIT).copies == ("unit (1).ipynb",)
    put(tmp_path, "ada", content=code("def f(x):\n    return 2 * x"))
    assert collect.read(handed_in, UNIT).copies == ()


def test_not_many_copies_are_looked_into(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", content=STUB)
    for number in range(9):
        put(tmp_path, "ada", f"{number}.ipynb", code("def f(x):\n    return x"))
    assert len(collect.read(handed_in, UNIT).copies) == 5


def test_the_notebook_of_another_unit_is_known(tmp_path: Path) -> None:
    other = Unit("other", "The other", (Function("g", 1.0, Tolerance()),))
    handed_in = put(tmp_path, "ada", content=code("def g(x):\n    return x"))
    assert collect.read(handed_in, UNIT, (UNIT, other)).other_unit == "The other"
    assert collect.read(handed_in, UNIT).other_unit == ""


def test_one_of_several_notebooks_that_is_not_there_leaves_the_others(tmp_path: Path) -> None:
    several = replace(UNIT, notebooks=("algebra", "words"))
    handed_in = put(tmp_path, "ada", "algebra.ipynb")
    first, second = collect.sheets(handed_in, several)
    assert first.raw == NOTEBOOK.encode()
    assert (second.path, second.trouble) == (None, "it is not there")
    before = collect.digest(handed_in, several)
    put(tmp_path, "ada", "words.ipynb", "")
    assert collect.sheets(handed_in, several)[1].trouble == "the file is empty"
    assert collect.digest(handed_in, several) != before
    put(tmp_path, "ada", "algebra.ipynb", "")
    with pytest.raises(UnreadableError, match=r"algebra\.ipynb: the file is empty; words\.ipynb: the file"):
        collect.sheets(handed_in, several)


def test_the_digest_of_one_notebook_is_its_own(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada")
    assert collect.digest(handed_in, UNIT) == notebooks.digest(NOTEBOOK.encode())
    handed_in.folder.joinpath("unit.ipynb").unlink()
    with pytest.raises(UnreadableError, match="was expected"):
        collect.digest(handed_in, UNIT)
