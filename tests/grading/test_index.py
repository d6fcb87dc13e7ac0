"""The index of what the last run found: what it lets a run pass over, and what it never does."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import parts
import pytest
import standing

from autograder.gradebook import results
from autograder.grading import index, planning
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Plan

Put = Callable[..., Path]
UNIT = "embeddings"
_SAID = """
import sys
from autograder.cli import main
from autograder.grading import index
# The course was made a moment ago.
index._FINE = index._COARSE = 0
try:
    main(["grade", "embeddings"])
finally:
    heavy = {"numpy", "sqlalchemy", "nbgrader", "jinja2", "autograder.sandbox.children"}
    print("imported:", sorted(heavy & set(sys.modules)))
"""


def plan(folder: Path, **more: bool) -> Plan:
    return standing.plan(planning.open_order(folder, UNIT, None, None, **more))


def run(folder: Path) -> Plan:
    """Grades what there is to grade, and gives the plan by which."""
    order = planning.open_order(folder, UNIT, None, None)
    planned = standing.plan(order)
    assert standing.grade(order, planned).gradebook_error == ""
    return planned


def place(folder: Path) -> Path:
    return folder / "results" / f".{UNIT}.index"


def to_grade(planned: Plan) -> list[str]:
    return [one.student for one in planned.to_grade]


@pytest.fixture
def graded(course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course in which two have handed in, with the index of a run that had nothing to do.

    Who was graded less locked in than is possible stands in no index: a later run asks whether it can do better.
    """
    parts.BUBBLEWRAP.require()
    for tick in ("_FINE", "_COARSE"):
        monkeypatch.setattr(index, tick, 0)
    put("ada")
    put("bo")
    run(course_folder)
    run(course_folder)
    return course_folder


def test_only_what_has_changed_is_looked_at(graded: Path, put: Put) -> None:
    assert plan(graded).looked_at == frozenset()
    assert plan(graded).unchanged == ("ada", "bo")
    assert plan(graded, force=True).looked_at is None

    # In place, of the same length, and with the time that it had: the system knows when anything changed.
    notebook = put("ada")
    before = notebook.stat()
    text = notebook.read_bytes()
    notebook.write_bytes(text.replace(b"embeddings", b"EMBEDDINGS", 1))
    os.utime(notebook, ns=(before.st_atime_ns, before.st_mtime_ns))
    planned = plan(graded)
    assert (planned.looked_at, to_grade(planned)) == ({"ada"}, ["ada"])
    notebook.write_bytes(text)
    planned = plan(graded)
    assert (planned.looked_at, to_grade(planned)) == ({"ada"}, []), "its content is what counts"

    # A result that is gone or another is made again or held against the gradebook.
    results.path(graded, UNIT, "bo").unlink()
    assert to_grade(plan(graded)) == ["bo"]
    put("cy")
    (graded / "submitted" / "di").mkdir()
    planned = run(graded)
    assert to_grade(planned) == ["bo", "cy"]
    assert planned.missing == ("di",)
    assert planned.looked_at == {"ada", "bo", "cy", "di"}
    planned = plan(graded)
    assert (planned.looked_at, planned.missing, to_grade(planned)) == ({"di"}, ("di",), [])
    assert planned.unchanged == ("ada", "bo", "cy")


@pytest.mark.slow
def test_what_concerns_everyone_makes_a_run_look_at_everything(graded: Path, put: Put) -> None:
    kept = place(graded).read_bytes()
    with closing(sqlite3.connect(graded / "gradebook.db")) as book:
        book.execute("UPDATE grade SET manual_score = 1, needs_manual_grade = 0")
        book.commit()
    assert plan(graded).looked_at is None
    run(graded)
    assert place(graded).read_bytes() != kept
    assert plan(graded).looked_at == frozenset()
    with open(graded / "course.toml", "a") as file:
        file.write("\n# A comment.\n")
    assert plan(graded).looked_at is None
    run(graded)
    (graded / "submitted" / "bo" / UNIT / f"{UNIT}.ipynb").unlink()
    (graded / "submitted" / "bo" / UNIT).rmdir()
    assert any("not in submitted/ now, mark and page stay" in one for one in plan(graded).notices)
    (graded / "submitted" / "bo").rmdir()
    assert plan(graded).looked_at is None
    for rest in (b"", b"\xff" * 40, place(graded).read_bytes()[:-9]):
        place(graded).write_bytes(rest)
        assert plan(graded).looked_at is None


def test_what_is_new_within_a_tick_of_the_clock_is_looked_at_again(
    graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tick in ("_FINE", "_COARSE"):
        monkeypatch.setattr(index, tick, 10**15)
    assert index.everyone(planning.open_order(graded, UNIT, None, None)) is None
    assert plan(graded).looked_at is None
    run(graded)
    assert not place(graded).exists()


@pytest.mark.parametrize(
    ("changed", "age", "known"),
    [
        (1_700_000_000_123_456_789, 30_000_000, True),
        (1_700_000_000_123_456_789, 10_000_000, False),
        (1_700_000_000_000_000_000, 1_900_000_000, False),  # whole seconds, as of a clock that counts no less
        (1_700_000_000_120_000_000, 1_900_000_000, False),
        (1_700_000_000_000_000_000, 2_100_000_000, True),
    ],
)
def test_how_new_is_too_new_follows_from_the_digits_of_a_files_time(
    changed: int, age: int, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: changed + age)
    assert (index._together((0, 0, 0, 0, changed)) is not None) == known


def test_what_could_not_be_graded_or_was_graded_less_locked_in_is_not_passed_over(
    graded: Path, put: Put
) -> None:
    for student, old, new in (
        ("ada", '"level": "full"', '"level": "none"'),
        ("bo", '"graded"', '"not-graded"'),
    ):
        path = results.path(graded, UNIT, student)
        path.write_text(path.read_text().replace(old, new))
    assert to_grade(plan(graded)) == ["ada", "bo"]


def test_who_was_not_graded_before_a_run_was_stopped_and_takes_the_work_away_has_handed_in_nothing(
    graded: Path, put: Put
) -> None:
    notebook = put("cy")
    order = planning.open_order(graded, UNIT, None, None)
    planned = standing.plan(order)
    index.keep(order, Outcome(planned, counter=planned.counter))  # as a run does that is stopped
    assert to_grade(plan(graded)) == ["cy"]
    assert plan(graded).looked_at == {"cy"}
    shutil.rmtree(notebook.parent.parent)
    assert plan(graded).looked_at is None


def test_a_run_with_nothing_to_do_imports_little(graded: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SAID], cwd=graded, capture_output=True, text=True, check=True
    )
    assert "2 of 2 submissions are graded already" in done.stdout
    assert done.stdout.endswith("imported: []\n")
