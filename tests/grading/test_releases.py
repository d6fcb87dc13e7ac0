"""An assignment that nbgrader made, in its gradebook: what nbgrader's own commands write, row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import adopted_course
import made_once
import pytest
from adopted_course import POINTS, UNIT
from nbgrader_run import at_home, nbgrader
from table_rows import rows

from autograder.course import coursefile
from autograder.gradebook import bookkeeping
from autograder.gradebook.submissions import Entry
from autograder.grading import releases
from autograder.notebook import places
from autograder.notebook.places import HandedIn
from autograder.records import Course, FunctionReport, Report


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which nbgrader itself has graded three: all right, mostly wrong with a notebook missing, untouched."""

    def fill(folder: Path) -> None:
        adopted_course.course(folder)
        adopted_course.hand_in(folder, "ada", adopted_course.solved())
        adopted_course.hand_in(folder, "bo", adopted_course.WRONG, without=("words",))
        adopted_course.hand_in(folder, "cy", {})
        with pytest.MonkeyPatch.context() as patch:
            at_home(folder, patch)
            nbgrader(folder, "generate_assignment", UNIT)
            nbgrader(folder, "autograde", UNIT)

    return made_once.once_in(tmp_path_factory, "adopted-by-nbgrader", fill)


@pytest.fixture
def loaded(original: Path) -> Course:
    return coursefile.load(original / "course.toml")


def entries(original: Path, loaded: Course) -> list[Entry]:
    """The marks that nbgrader gave, as results of ours."""
    unit = loaded.unit(UNIT)
    query = """
        SELECT submitted.student_id, lesson.name || '/' || cell.name, grade.auto_score FROM grade
        JOIN base_cell AS cell ON cell.id = grade.cell_id JOIN notebook AS lesson ON lesson.id = cell.notebook_id
        JOIN submitted_notebook AS notebook ON notebook.id = grade.notebook_id
        JOIN submitted_assignment AS submitted ON submitted.id = notebook.assignment_id
    """
    with closing(sqlite3.connect(original / "gradebook.db")) as book:
        scores = {(student, name): score for student, name, score in book.execute(query)}
    found = []
    for student in ("ada", "bo", "cy"):
        functions = tuple(
            FunctionReport(name, scores[student, name] or 0.0, points, False, ())
            for name, points in POINTS.items()
        )
        total = sum(one.score for one in functions)
        report = Report(UNIT, unit.title, student, "graded", total, unit.points, functions, submission="d")
        handed_in = HandedIn(student, original / "submitted" / student / UNIT)
        found.append(Entry(report, places.find_notebooks(handed_in, unit), handed_in.folder))
    return found


def test_every_row_is_the_one_that_nbgraders_commands_write(
    original: Path, loaded: Course, tmp_path: Path
) -> None:
    """With a notebook that is missing, a free answer given and not given, a task, and code left as it came."""
    unit, config = loaded.unit(UNIT), original / "nbgrader_config.py"
    for _ in range(2):
        bookkeeping.write(
            tmp_path, unit, entries(original, loaded), releases.read(loaded, unit), config=config
        )
        ours, theirs = rows(tmp_path), rows(original)
        theirs["course"].remove("[('id', 'default_course')]")  # which its commands leave beside
        for table in theirs:
            assert sorted(set(ours[table]) ^ set(theirs[table])) == [], table
            assert ours[table] == theirs[table], table


def test_a_gradebook_of_nbgraders_own_is_brought_in_line(
    original: Path, loaded: Course, tmp_path: Path
) -> None:
    unit, before = loaded.unit(UNIT), rows(original)
    (tmp_path / "gradebook.db").write_bytes((original / "gradebook.db").read_bytes())
    bookkeeping.write(
        tmp_path,
        unit,
        entries(original, loaded),
        releases.read(loaded, unit),
        config=original / "nbgrader_config.py",
    )
    assert rows(tmp_path) == before
    assert sorted(path.name for path in (tmp_path / "autograded" / "ada" / UNIT).glob("*.ipynb")) == [
        "algebra.ipynb",
        "words.ipynb",
    ]
