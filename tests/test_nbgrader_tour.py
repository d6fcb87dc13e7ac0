"""A course's whole way through nbgrader: real commands, an exchange in a temporary folder, several users.

nbgrader runs in this process, as its own tests run it, because each of its commands takes two seconds to start.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader_run import at_home, nbgrader

from autograder.authoring import release
from autograder.course import coursefile
from autograder.errors import AutograderError
from autograder.gradebook import backups, results
from autograder.grading import batch, planning
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order
from autograder.grading.pool import Pool
from autograder.grading.processes import Processes
from autograder.lms import export

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
UNIT = "self-attention"
WRITTEN = {
    "ada": {  # everything right
        "scaled_scores": "def scaled_scores(Query, Key):\n    return Query @ Key.T / np.sqrt(Query.shape[-1])",
        "softmax": "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
        "    return e / e.sum(axis=-1, keepdims=True)",
        "attend": "def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key)) @ Value",
    },
    "bo": {"scaled_scores": "def scaled_scores(Query, Key):\n    return Query @ Key.T"},
    "cy": {"softmax": "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=-1, keepdims=True)"},
    "dee": {"softmax": "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=-1, keepdims=True)"},
}
PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class OnePoint(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0


c.AssignLatePenalties.plugin_class = OnePoint
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The course in `course/`, an exchange beside it, and a home for each student; nothing of this machine's."""
    root = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        at_home(root, patch)
        course = root / "course"
        course.mkdir()
        (root / "exchange").mkdir(mode=0o777)
        (root / "exchange").chmod(0o777)
        exchange = f"c.Exchange.root = {str(root / 'exchange')!r}\n"
        shutil.copytree(ROOT / "solutions", course / "solutions")
        shutil.copy(ROOT / "course.toml", course)
        config = (ROOT / "nbgrader_config.py").read_text()
        (course / "nbgrader_config.py").write_text(config + exchange + PENALTY)
        (course / "roster.csv").write_text(
            "id,first_name,last_name,email,lms_user_id,section\n"
            "ada,Ada,Lovelace,ada@example.org,101,Monday\n"
            "bo,Bo,Diddley,bo@example.org,102,Tuesday\n"
            "cy,Cy,Twombly,cy@example.org,103,Monday\n"
            "dee,Dee,Dee,dee@example.org,104,Tuesday\n"
            "eve,Eve,Absent,eve@example.org,105,Tuesday\n"
        )
        for student in WRITTEN:
            (root / student).mkdir()
            cache = f"c.Exchange.cache = {str(root / student / 'cache')!r}\n"
            name = 'c = get_config()\nc.CourseDirectory.course_id = "self-attention-by-hand"\n'
            (root / student / "nbgrader_config.py").write_text(name + exchange + cache)
        yield root


def order(home: Path, **asked: bool) -> Order:
    course = coursefile.load(home / "course" / "course.toml")
    return Order(course, course.unit(UNIT), course.root / "submitted", course.root, **asked)


@pytest.fixture(scope="module")
def mended(home: Path) -> Iterator[Processes]:
    """What grades from the fifth step on, when the course stays as it is: begun once, as it takes a second."""
    asked = order(home)
    place = Processes(asked.course, asked.unit, 1)
    yield place
    place.close()


def grade(home: Path, place: Processes | None = None, **asked: bool) -> Outcome:
    asked_for = replace(order(home, **asked), ground=place)
    pool = None if place is None else Pool(place)
    outcome = batch.grade(asked_for, planning.plan(asked_for), lambda result: None, pool)
    assert outcome.gradebook_error == ""
    return outcome


def marks(home: Path) -> dict[str, tuple[float, float, float]]:
    """Raw score, late penalty and score by nbgrader's own export."""
    nbgrader(home / "course", "export", "--to", str(home / "grades.csv"))
    with open(home / "grades.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == UNIT and row["timestamp"]]
    return {
        row["student_id"]: (
            float(row["raw_score"]),
            float(row["late_submission_penalty"]),
            float(row["score"]),
        )
        for row in rows
    }


def solve(home: Path, student: str, answer: str, only: tuple[str, ...] | None = None) -> None:
    path = home / student / UNIT / f"{UNIT}.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in WRITTEN[student] and (only is None or name in only):
            cell["source"] = WRITTEN[student][name]
        elif name == "why-sqrt-d_k":
            cell["source"] = answer
    path.write_text(json.dumps(notebook))


# The steps of the tour, in order: each goes on from where the one before it stopped.


def test_1_the_assignment_goes_out(
    home: Path, handouts: Mapping[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = coursefile.load(home / "course" / "course.toml")
    monkeypatch.setattr(release, "handout", lambda _course, unit, _tell: handouts[unit.name])
    release.release(course, [course.unit(UNIT)])
    nbgrader(course.root, "release_assignment", UNIT)
    for student in WRITTEN:
        nbgrader(home / student, "fetch_assignment", UNIT, "--student", student)
        assert (home / student / UNIT / f"{UNIT}.ipynb").exists()
        shipped = [path.name for path in (home / student / UNIT).rglob("*")]
        assert not {"reference.py", "inputs.py", "misconceptions.py", "test_hidden.py"} & set(shipped)


def test_2_students_hand_in_one_of_them_twice_two_late(home: Path) -> None:
    solve(home, "ada", "First try.", only=("scaled_scores",))
    nbgrader(home / "ada", "submit", UNIT, "--student", "ada")
    solve(home, "ada", "Dot products grow with $d_k$.")
    nbgrader(home / "ada", "submit", UNIT, "--student", "ada")
    solve(home, "bo", "<script>alert('hacked')</script>")
    nbgrader(home / "bo", "submit", UNIT, "--student", "bo")
    due = datetime.now(UTC)
    for student in ("cy", "dee"):
        solve(home, student, "Late, but here.")
        nbgrader(home / student, "submit", UNIT, "--student", student)
    path = home / "course" / "course.toml"
    text = path.read_text().replace(f'name = "{UNIT}"', f'name = "{UNIT}"\ndue = {due.isoformat()}', 1)
    path.write_text('roster = "roster.csv"\n' + text)


def test_3_the_last_attempt_is_collected_and_graded(home: Path) -> None:
    said = nbgrader(home / "course", "collect", UNIT)
    assert "Processing 4 submissions" in said
    hidden = home / "course" / "solutions" / UNIT / "inputs.py"
    right = hidden.read_text()
    check = '"huge entries": 1,'
    assert check in right
    hidden.write_text(right.replace(check, '"huge entries": (1, "a single row"),'))
    (home / "right_inputs.py").write_text(right)
    outcome = grade(home)
    assert outcome.tally.count == 4
    assert {student: result.score for student, result in results.every(home / "course", UNIT)} == {
        "ada": 10.0,
        "bo": 0.0,
        "cy": 2.75,
        "dee": 2.75,
    }
    assert outcome.plan.missing == ("eve",)
    assert marks(home) == {
        "ada": (10.0, 0.0, 10.0),
        "bo": (0.0, 0.0, 0.0),
        "cy": (2.75, 1.0, 1.75),
        "dee": (2.75, 1.0, 1.75),
    }


def test_4_a_person_marks_and_gives_an_extension(home: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{home / 'course' / 'gradebook.db'}") as book:
        for student, cell, score in (("ada", "why-sqrt-d_k", 1.5), ("bo", "check-scaled_scores", 1.0)):
            given = book.find_grade(cell, UNIT, UNIT, student)
            given.manual_score, given.needs_manual_grade = score, False
        book.find_comment("why-sqrt-d_k", UNIT, UNIT, "ada").manual_comment = "Say <b>why</b> they grow."
        book.find_submission(UNIT, "dee").extension = timedelta(days=1)
        book.db.commit()


def test_5_after_the_check_is_mended_the_changes_are_listed_before_anything_is_written(
    home: Path, mended: Processes
) -> None:
    shutil.copy(home / "right_inputs.py", home / "course" / "solutions" / UNIT / "inputs.py")
    before = (home / "course" / "gradebook.db").read_bytes()
    would = grade(home, mended, dry_run=True)
    assert sorted(would.changed) == [("cy", 2.75, 2.5), ("dee", 2.75, 2.5)]
    assert (home / "course" / "gradebook.db").read_bytes() == before
    did = grade(home, mended)
    assert sorted(did.changed) == sorted(would.changed)
    assert marks(home) == {
        "ada": (11.5, 0.0, 11.5),
        "bo": (1.0, 0.0, 1.0),
        "cy": (2.5, 1.0, 1.5),
        "dee": (2.5, 0.0, 2.5),
    }


def test_6_plain_nbgrader_gives_the_same_marks(home: Path) -> None:
    before = marks(home)
    kept = (home / "course" / "results" / UNIT / "ada.json").read_bytes()
    said = nbgrader(home / "course", "autograde", UNIT, "--force")
    assert "ada: 10 of 10 points" in said
    assert marks(home) == before
    assert (home / "course" / "results" / UNIT / "ada.json").read_bytes() == kept


def test_7_feedback_comes_back_and_is_the_same_by_either_way(home: Path, mended: Processes) -> None:
    course = home / "course"
    nbgrader(course, "generate_feedback", UNIT, "--force")
    nbgrader(course, "release_feedback", UNIT)
    for student in ("ada", "bo"):
        nbgrader(home / student, "fetch_feedback", UNIT, "--student", student)
    (ada,) = [path.read_text() for path in (home / "ada" / UNIT / "feedback").rglob("*.html")]
    assert "From your instructor" in ada
    assert "1.5 of 2 points<br>Say &lt;b&gt;why&lt;/b&gt; they grow." in ada
    assert '<p class="total"><b>11.5</b> of 12 points</p>' in ada
    (bo,) = [path.read_text() for path in (home / "bo" / UNIT / "feedback").rglob("*.html")]
    assert "scaled_scores.unscaled" in bo
    assert "1 of 3 points, in place of the 0 from the checks" in bo
    assert "alert(" not in bo
    page = (course / "feedback" / "bo" / UNIT / f"{UNIT}.html").read_text()
    grade(home, mended, force=True)
    assert (course / "feedback" / "bo" / UNIT / f"{UNIT}.html").read_text() == page
    nbgrader(course, "release_feedback", UNIT)


def test_8_every_export_says_the_same(home: Path) -> None:
    course = coursefile.load(home / "course" / "course.toml")
    done = export.export(course, course.root, "canvas")
    rows = list(csv.reader(done.files[0].read_text().splitlines()))
    assert [(row[0], row[4], row[5]) for row in rows[1:]] == [
        ("    Points Possible", "", "12"),
        ("Lovelace, Ada", "Monday", "11.5"),
        ("Diddley, Bo", "Tuesday", "1"),
        ("Twombly, Cy", "Monday", "1.5"),
        ("Dee, Dee", "Tuesday", "2.5"),
        ("Absent, Eve", "Tuesday", ""),
    ]


def test_9_a_gradebook_that_is_gone_comes_back_with_what_people_gave(home: Path) -> None:
    course = home / "course"
    before = marks(home)
    grade(home)  # what was given is copied by the next run, whatever that does
    (course / "gradebook.db").unlink()
    with pytest.raises(AutograderError, match="holds 2 marks, 1 comment and 1 extension given by hand"):
        grade(home)
    backups.restore(course, backups.chosen(course, None))
    grade(home)
    assert marks(home) == before


def test_10_without_copies_it_is_made_from_the_results(home: Path) -> None:
    course = home / "course"
    (course / "gradebook.db").unlink()
    shutil.rmtree(course / "gradebook-backups")
    grade(home)
    assert marks(home) == {
        "ada": (10.0, 0.0, 10.0),
        "bo": (0.0, 0.0, 0.0),
        "cy": (2.5, 1.0, 1.5),
        "dee": (2.5, 1.0, 1.5),
    }, "what people gave was in the gradebook alone: that is what its backups are for"
