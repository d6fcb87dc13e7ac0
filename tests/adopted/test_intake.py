from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

import adopted_course
import pytest

from autograder.adopted import intake
from autograder.dialect import Dialect
from autograder.errors import CourseError


def write(path: Path, *cells: dict[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more))
    return path


def cell(source: str = "1", kind: str = "code", **nbgrader: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": nbgrader} if nbgrader else {}}


TEST = {"grade": True, "solution": False, "locked": True, "points": 1}


def test_an_assignment_of_two_notebooks_is_read(tmp_path: Path) -> None:
    adopted_course.course(tmp_path)
    (tmp_path / "source" / "ps1" / "__pycache__").mkdir()
    (tmp_path / "source" / "ps1" / "__pycache__" / "helpers.pyc").touch()
    read = intake.read(tmp_path / "source" / "ps1")
    assert read.name == "ps1"
    assert [paper.name for paper in read.papers] == ["algebra", "words"]
    assert read.files == (Path("helpers.py"), Path("words.txt"))
    counted = {
        read.named(paper, one): one.points
        for paper in read.papers
        for one in paper.cells
        if one.kind == "test"
    }
    assert counted == adopted_course.POINTS
    kinds = [one.kind for one in read.papers[0].cells]
    assert kinds[:6] == ["locked", "locked", "solution", "test", "test", "test"]
    assert kinds[-1] == "manual"
    assert read.papers[1].cells[-2].kind == "task"


def test_what_students_get_is_what_nbgrader_gives_them(tmp_path: Path) -> None:
    adopted_course.course(tmp_path)
    for paper in intake.read(tmp_path / "source" / "ps1").papers:
        given = adopted_course.answered(paper.name, {})["cells"]
        assert [one.shown.strip() for one in paper.cells] == [one["source"].strip() for one in given]
    test = intake.read(tmp_path / "source" / "ps1").papers[0].cells[3]
    assert test.hidden == {3, 4, 5}


def test_a_course_has_markers_of_its_own(tmp_path: Path) -> None:
    dialect = Dialect(begin_hidden="<secret>", end_hidden="</secret>", code_stub="...", ignore=("*.key",))
    (tmp_path / "answers.key").touch()
    write(
        tmp_path / "a.ipynb",
        cell("x = 1", grade_id="x", solution=True, grade=False, locked=False),
        cell("assert x\n# <secret>\nassert x == 1\n# </secret>\n# BEGIN HIDDEN TESTS", grade_id="t", **TEST),
    )
    read = intake.read(tmp_path, dialect=dialect)
    assert [one.shown for one in read.papers[0].cells] == ["...", "assert x\n# BEGIN HIDDEN TESTS"]
    assert read.papers[0].cells[1].hidden == {2, 3, 4}
    assert read.files == ()


def test_one_notebook_may_be_an_assignment(tmp_path: Path) -> None:
    write(tmp_path / "other.ipynb")
    path = write(tmp_path / "lone.ipynb", cell(["a\n", "b"]), metadata={"language_info": {"name": "R"}})
    read = intake.read(path)
    assert (read.name, read.folder) == ("lone", tmp_path)
    (paper,) = read.papers
    assert (paper.name, paper.language, paper.cells[0].source) == ("lone", "r", "a\nb")


def test_metadata_of_early_versions(tmp_path: Path) -> None:
    path = write(
        tmp_path / "old.ipynb",
        cell(grade_id="a", grade=True, points=""),
        cell(grade_id="b", grade=True, points="2.5"),
        cell(grade_id="c", grade=True, points=-1, checksum="x" * 32, cell_type="code", schema_version=1),
        cell(grade_id="d", grade=False, solution=False, locked=False),
        cell(grade_id="e", solution=True),
    )
    found = [(one.kind, one.grade_id, one.points) for one in intake.read(path).papers[0].cells]
    assert found == [
        ("test", "a", 0.0),
        ("test", "b", 2.5),
        ("test", "c", 0.0),
        ("free", "", 0.0),
        ("solution", "e", 0.0),
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([cell(grade_id="t", **TEST)] * 2, "cells 1 and 2 have the same id 't'"),
        ([cell(**TEST)], "cell 1: nbgrader grades or locks it, and it has no id"),
        ([cell(kind="markdown", grade_id="t", **TEST)], r"cell 1 \(t\): a text cell cannot be a test"),
        ([cell(kind="markdown", grade_id="t", solution=True)], "a text cell cannot be a solution without"),
        ([cell(grade_id="t", **TEST | {"points": "many"})], "its points are 'many'"),
        ([cell(grade_id="t", **TEST | {"points": 1e9})], "it has 1000000000.0 points"),
        (
            [cell("\n### BEGIN HIDDEN TESTS", grade_id="t", **TEST)],
            "line 2: 'BEGIN HIDDEN TESTS' has no 'END",
        ),
        (
            [cell("BEGIN HIDDEN TESTS\n" * 2, grade_id="t", **TEST)],
            "line 2: .* stands in hidden tests that begin",
        ),
        (
            [cell("### BEGIN SOLUTION\n### END SOLUTION")],
            "line 1: .* nbgrader does not take for one with a sol",
        ),
    ],
)
def test_what_nbgrader_would_refuse_is_told_with_its_place(
    tmp_path: Path, cells: list[dict[str, Any]], told: str
) -> None:
    path = write(tmp_path / "bad.ipynb", *cells)
    with pytest.raises(CourseError, match=told) as error:
        intake.read(path)
    assert str(path) in str(error.value)


def test_a_notebook_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.ipynb")

    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(CourseError, match=r"a\.ipynb cannot be read \(Permission denied\)"):
        intake.read(path)


def test_what_is_no_notebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="there is no such folder"):
        intake.read(tmp_path / "nowhere")
    with pytest.raises(CourseError, match="holds no notebook"):
        intake.read(tmp_path)
    path = tmp_path / "a.ipynb"
    path.write_text("{")
    with pytest.raises(CourseError, match="no notebook that can be read"):
        intake.read(path)
    write(path, nbformat=3)
    with pytest.raises(CourseError, match="notebook format 3: open it in Jupyter and save"):
        intake.read(path)
    path.unlink()
    path.mkdir()
    (tmp_path / "b.ipynb").symlink_to(path / "nowhere")
    with pytest.raises(CourseError, match="holds no notebook"):
        intake.read(tmp_path)


def test_a_byte_order_mark_is_told_before_nbgrader_trips_over_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ipynb", cell())
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    with pytest.raises(
        CourseError, match=r"a\.ipynb begins with a byte-order mark, .*: save it as UTF-8 without one"
    ):
        intake.read(tmp_path)
