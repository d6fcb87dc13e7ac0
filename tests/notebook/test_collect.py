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


def test_a_student_is_named_in_either_spelling(tmp_path: Path) -> None:
    put(tmp_path, "Zoe\u0308")
    (handed_in,) = collect.collect(tmp_path, UNIT, ["Zo\u00eb"]).handed_in
    assert handed_in.student == "Zoe\u0308"


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
    with pytest.raises(UnreadableError, match=r"unit\.ipynb was expected, and there is notes\.txt"):
        collect.find_notebook(put(tmp_path, "bob", "notes.txt"), UNIT)
    empty = tmp_path / "kim" / "unit"
    empty.mkdir(parents=True)
    with pytest.raises(UnreadableError, match=r"unit\.ipynb was expected$"):
        collect.find_notebook(HandedIn("kim", empty), UNIT)


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


@pytest.mark.parametrize("name", ["unit.ipynb.txt", "unit (2).ipynb.json", "UNIT.IPYNB", "unit.ipynb.TXT"])
def test_a_notebook_with_an_ending_that_a_browser_gave_it(tmp_path: Path, name: str) -> None:
    handed_in = put(tmp_path, "ada", name)
    assert collect.find_notebook(handed_in, UNIT) == handed_in.folder / name
    put(tmp_path, "ada", "draft.ipynb")
    assert collect.find_notebook(handed_in, UNIT).name == "draft.ipynb", "an ending of its own goes first"


@pytest.mark.parametrize("inside", ["unit", "work/hand-in 2/unit", "unit/deep.ipynb"])
def test_a_notebook_in_the_folders_of_a_zip(tmp_path: Path, inside: str) -> None:
    handed_in = put(tmp_path, "ada", "notes.txt")
    for place in (inside, "__MACOSX/unit", "unit/.ipynb_checkpoints"):
        put(tmp_path, "ada", "notes.txt")
        (handed_in.folder / place).mkdir(parents=True, exist_ok=True)
        (handed_in.folder / place / "unit.ipynb").write_text(NOTEBOOK)
    assert collect.find_notebook(handed_in, UNIT) == handed_in.folder / inside / "unit.ipynb"


def test_of_several_further_down_the_named_one_is_taken(tmp_path: Path) -> None:
    handed_in = put(tmp_path, "ada", "notes.txt")
    for place in ("a/draft.ipynb", "b/unit.ipynb", "b/old.ipynb"):
        (handed_in.folder / place).parent.mkdir(exist_ok=True)
        (handed_in.folder / place).write_text(NOTEBOOK)
    assert collect.find_notebook(handed_in, UNIT) == handed_in.folder / "b" / "unit.ipynb"
    (handed_in.folder / "b" / "unit.ipynb").rename(handed_in.folder / "a" / "mine.ipynb")
    with pytest.raises(
        UnreadableError, match=r"3 notebooks in it \(a/draft.ipynb, a/mine.ipynb, b/old.ipynb\)"
    ):
        collect.find_notebook(handed_in, UNIT)


def test_a_link_further_down_leads_nowhere(tmp_path: Path) -> None:
    other = put(tmp_path / "elsewhere", "eve")
    handed_in = put(tmp_path, "ada", "notes.txt")
    (handed_in.folder / "unit").symlink_to(other.folder)
    with pytest.raises(UnreadableError, match="no notebook in it"):
        collect.find_notebook(handed_in, UNIT)


def test_a_search_further_down_comes_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "_MOST_ENTRIES", 10)
    handed_in = put(tmp_path, "ada", "notes.txt")
    for number in range(30):
        (handed_in.folder / f"{number:02}").mkdir()
    (handed_in.folder / "99").mkdir()
    (handed_in.folder / "99" / "unit.ipynb").write_text(NOTEBOOK)
    with pytest.raises(UnreadableError, match="no notebook in it"):
        collect.find_notebook(handed_in, UNIT)


def test_work_in_no_students_folder_is_pointed_out(tmp_path: Path) -> None:
    put(tmp_path, "ada")
    for name in ("canvas_ada_1_2_unit.ipynb", "all.zip", "roster.csv", ".hidden.ipynb"):
        (tmp_path / name).write_text(NOTEBOOK)
    (tmp_path / "kim.ipynb").mkdir()
    assert collect.collect(tmp_path, UNIT).loose == ("all.zip", "canvas_ada_1_2_unit.ipynb")


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
