"""Marks of the kit held against those of nbgrader, which runs here itself, once."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.adopted import intake
from autograder.adopted.papers import Failure, Sitting, Verdict
from autograder.authoring import parity, trial
from autograder.authoring.original import Marks, Original
from autograder.course import coursefile
from autograder.errors import CourseError
from autograder.records import Course

LISTING = """
format = 1
title = "T"
public_seed = 1
[[units]]
name = "ps1"
adopted = "source/ps1"
functions = [{ name = "double-test", points = 2 }, { name = "part-test", points = 3 }]
"""


def cell(source: str, grade_id: str, points: float | None = None) -> dict[str, Any]:
    own = {
        "schema_version": 3, "grade_id": grade_id, "grade": points is not None, "solution": points is None,
        "locked": points is not None, "task": False,
    } | ({} if points is None else {"points": points})  # fmt: skip
    return {
        "cell_type": "code", "source": source, "metadata": {"nbgrader": own}, "execution_count": None,
        "outputs": [], "id": grade_id,
    }  # fmt: skip


@pytest.fixture
def course(tmp_path: Path) -> Course:
    cells = [
        cell("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "double"),
        cell("assert double(4) == 8", "double-test", 2.0),
        cell("points = 1\nif double(1) == 2:\n    points += 2\npoints", "part-test", 3.0),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    (tmp_path / "source" / "ps1" / "a.ipynb").write_text(json.dumps(document))
    (tmp_path / "source" / "ps1" / "data.txt").write_text("1")
    (tmp_path / "course.toml").write_text(LISTING)
    # What hands work to the kit is passed over: nbgrader is to grade as it would without.
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        'c.Autograde.autograde_preprocessors = ["autograder.nbgrader_bridge.GradeInWorker"]\n'
        'c.Autograde.exporter_class = "autograder.nbgrader_bridge.SubmissionExporter"\n'
    )
    return coursefile.load(tmp_path / "course.toml")


@pytest.mark.slow
def test_solution_stub_and_a_wrong_version_earn_what_nbgrader_gives(course: Course) -> None:
    told: list[None] = []
    found = parity.report(course, course.unit("ps1"), lambda: told.append(None))
    assert found.holds, found.failures
    assert [(one.function, one.part, one.detail) for one in found.proofs] == [
        ("double-test", "solution", "2"), ("double-test", "stub", "0"), ("double-test", "wrong", "0"),
        ("part-test", "solution", "3"), ("part-test", "stub", "0"), ("part-test", "wrong", "1"),
    ]  # fmt: skip
    assert len(told) == parity.count(course, course.unit("ps1"))
    assert not list(course.root.glob("gradebook.db"))  # it ran elsewhere


@pytest.mark.slow
@pytest.mark.parametrize(("place", "transport"), [("t", "ipc"), ("t" * 90, "tcp")], ids=["usual", "far away"])
def test_the_kernels_that_nbgrader_starts_need_no_port_that_was_found_free(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, transport: str
) -> None:
    """Somebody else could have it before the kernel listens; where a socket's path would be too long there is no other way."""
    with tempfile.TemporaryDirectory() as short:
        folder = Path(short, place)
        folder.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        path = course.root / "source" / "ps1" / "a.ipynb"
        document = json.loads(path.read_text())
        told = "from ipykernel import get_connection_info as told\nassert told(unpack=True)['transport'] == "
        document["cells"][1]["source"] = f"{told}{transport!r}"
        path.write_text(json.dumps(document))
        with Original(intake.read(path.parent), course.root) as nbgraders:
            marks = nbgraders.graded({"ada": nbgraders.work({}), "bo": nbgraders.work({})})
    assert [one.scores["double-test"] for one in marks.values()] == [2.0, 2.0]


def test_a_mark_that_is_not_nbgraders_is_told(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def graded(_: Original, works: Mapping[str, Any]) -> dict[str, Marks]:
        scores = {"double-test": 2.0, "part-test": 1.0}
        return dict.fromkeys(works, Marks(scores, {"part-test": "1 of 3 points"}))

    def sittings(*_: Any) -> dict[str, dict[str, Sitting]]:
        failure = Failure("raised", "TypeError", "two\nlines", 1, hidden=False)
        verdicts = (Verdict("double-test", 0.0, 2.0, failure), Verdict("part-test", 2.0, 3.0))
        return {"solution": {"a": Sitting(verdicts)}, "stub": {"a": Sitting(verdicts)}, "wrong": {}}

    monkeypatch.setattr(Original, "graded", graded)
    monkeypatch.setattr(Original, "work", lambda *_: {})
    monkeypatch.setattr(trial, "sittings", sittings)
    found = parity.report(course, course.unit("ps1"))
    details = {(one.part, one.function): one.detail for one in found.failures}
    assert details["solution", "double-test"] == "nbgrader gives 2, and the kit 0 (TypeError: two lines)"
    assert details["solution", "part-test"] == "nbgrader gives 1, and the kit 2 (1 of 3 points)"
    assert details["wrong", "double-test"] == "nbgrader gives 2, and the kit no mark"


def test_what_nbgrader_refuses_is_told_in_its_words(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    assignment = intake.read(course.root / "source" / "ps1")

    class Done:
        returncode = 1
        stderr = (
            b"[App | ERROR] There was an error\nTraceback\nValueError: no  such\tlanguage\n[App | ERROR] last"
        )

    monkeypatch.setattr("subprocess.run", lambda *_, **__: Done)
    with (
        Original(assignment, course.root) as nbgraders,
        pytest.raises(CourseError, match="own generate_assignment refuses it: ValueError: no such language"),
    ):
        nbgraders.released()


def test_a_student_at_whom_nbgrader_fails_is_told(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader import api

    class Empty:
        def __init__(self, _: str) -> None:
            pass

        def __enter__(self) -> Empty:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def find_grade(self, *_: str) -> None:
            raise api.MissingEntry

    monkeypatch.setattr(api, "Gradebook", Empty)
    monkeypatch.setattr(Original, "released", lambda _: {})
    monkeypatch.setattr(Original, "_run", lambda *_: None)
    assignment = intake.read(course.root / "source" / "ps1")
    with (
        Original(assignment, course.root) as nbgraders,
        pytest.raises(CourseError, match="does not get to the end of the work 'ada'"),
    ):
        nbgraders.graded({"ada": {}})
