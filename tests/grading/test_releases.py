"""An assignment that nbgrader made, in its gradebook: what nbgrader's own commands write, row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import adopted_course
import made_once
import pytest
from adopted_course import POINTS, UNIT
from nbgrader_run import at_home, nbgrader
from table_rows import rows

from autograder.course import coursefile
from autograder.errors import CourseError
from autograder.gradebook import bookkeeping, standings
from autograder.gradebook.submissions import Entry
from autograder.grading import releases
from autograder.notebook import places
from autograder.notebook.places import HandedIn
from autograder.records import Course, FunctionReport, Report

pytestmark = pytest.mark.slow


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


def test_test_cells_that_are_left_to_a_person_wait_for_one(
    original: Path, loaded: Course, tmp_path: Path
) -> None:
    unit = loaded.unit(UNIT)
    served = tuple(one for one in unit.functions if one.name != "words/stack-test")
    left = replace(unit, functions=served, by_hand=("words/stack-test",), unserved="by-hand")
    ada = entries(original, loaded)[0]
    functions = tuple(one for one in ada.report.functions if one.name != "words/stack-test")
    ada = replace(ada, report=replace(ada.report, functions=functions, score=8.0, max_score=8.0))
    bookkeeping.write(tmp_path, left, [ada], releases.read(replace(loaded, units=(left,)), left))
    (found,) = standings.read(tmp_path, UNIT, by_hand=left.by_hand).values()
    marks = {mark.name: (mark.score, mark.by_hand, mark.needs_review) for mark in found.marks}
    assert marks["words/stack-test"] == (None, True, True)
    assert marks["words/count-test"] == (2.0, False, False)
    assert found.graded


def test_points_that_course_toml_does_not_have_are_told(
    original: Path, loaded: Course, tmp_path: Path
) -> None:
    unit = loaded.unit(UNIT)
    first, *others = unit.functions
    other = replace(unit, functions=(replace(first, points=7.0), *others))
    with pytest.raises(
        CourseError, match=r"squares-test has 2 points.* gives algebra/squares-test 7: .*adopt source/ps1"
    ):
        bookkeeping.write(tmp_path, other, [], releases.read(loaded, unit))
    broken = tmp_path / "algebra.ipynb"
    broken.write_text("{")
    with pytest.raises(CourseError, match="not a notebook that can be read"):
        releases._metadata(broken)
