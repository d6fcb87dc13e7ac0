"""A class through the real command's machinery: processes, result files, pages, nbgrader's own database."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder import batch, results
from autograder.batch import Order, Outcome
from autograder.errors import AutograderError, CourseError

WRONG = {"one_hot": "def one_hot(tokens, vocabulary):\n    return np.zeros((len(tokens), len(vocabulary)))"}
# As often as a nightly run likes; a few times for every change.
KILLS = int(os.environ.get("AUTOGRADER_TEST_KILLS", "5"))

Put = Callable[..., Path]


def order(folder: Path, **more: Any) -> Order:
    return batch.open_order(folder, more.pop("unit", "embeddings"), None, more.pop("out", None), **more)


def run(asked: Order) -> Outcome:
    return batch.grade(asked, batch.plan(asked), lambda _: None)


def scores(out: Path, unit: str = "embeddings") -> dict[str, float | None]:
    return {student: result.score for student, result in results.every(out, unit)}


def gradebook(out: Path) -> dict[str, float]:
    """What nbgrader's own export would say, read from its own tables through its own API."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        return {
            one.student.id: max(0.0, one.score - one.late_submission_penalty)
            for one in book.assignment_submissions("embeddings")
        }


def written(out: Path) -> dict[str, bytes]:
    """All that a run leaves for people, by name."""
    kept = {}
    for folder in ("results", "feedback", "report", "autograded"):
        for path in sorted((out / folder).rglob("*")):
            if path.is_file():
                kept[str(path.relative_to(out))] = path.read_bytes()
    return kept


def test_a_class_is_graded_and_everything_promised_is_left(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bob", functions=WRONG)
    done = run(order(course_folder, jobs=2))
    assert done.gradebook_error == ""
    assert scores(course_folder) == {"ada": 6.0, "bob": 3.0}
    assert gradebook(course_folder) == {"ada": 6.0, "bob": 3.0}
    for student in ("ada", "bob"):
        assert (course_folder / "feedback" / student / "embeddings" / "embeddings.html").is_file()
        assert (course_folder / "autograded" / student / "embeddings" / "embeddings.ipynb").is_file()
    assert done.class_page == course_folder / "report" / "embeddings.html"
    assert "bob" in done.class_page.read_text()
    leftovers = [path for path in course_folder.rglob(".*") if path.is_file()]
    assert {path.name for path in leftovers} <= {".autograder.lock", ".autograder-secret"}


def test_another_folder_for_all_that_is_written(course_folder: Path, put: Put, tmp_path: Path) -> None:
    put("ada")
    run(order(course_folder, out=tmp_path / "out"))
    assert scores(tmp_path / "out") == {"ada": 6.0}
    assert (tmp_path / "out" / "gradebook.db").is_file()
    assert not (course_folder / "results").exists()


def test_one_job_and_many_say_the_same(course_folder: Path, put: Put, tmp_path: Path) -> None:
    for student in ("ada", "bob", "eve", "kim"):
        put(student, functions=WRONG if student in ("bob", "kim") else None)
    run(order(course_folder, jobs=1, out=tmp_path / "one"))
    run(order(course_folder, jobs=3, out=tmp_path / "many"))
    assert written(tmp_path / "one") == written(tmp_path / "many")


def test_unchanged_work_is_graded_once(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bob")
    run(order(course_folder))
    put("bob", functions=WRONG)
    planned = batch.plan(order(course_folder))
    assert [one.student for one in planned.to_grade] == ["bob"]
    assert planned.unchanged == ("ada",)
    done = run(order(course_folder))
    assert done.changed == [("bob", 6.0, 3.0)]
    assert gradebook(course_folder) == {"ada": 6.0, "bob": 3.0}
    assert len(batch.plan(order(course_folder, force=True)).to_grade) == 2


def test_a_changed_hidden_check_regrades_its_own_unit(course_folder: Path, put: Put) -> None:
    for unit in ("embeddings", "self-attention"):
        put("ada", unit)
        run(order(course_folder, unit=unit))
    grader = course_folder / "solutions" / "self-attention" / "test_hidden.py"
    grader.write_text(grader.read_text() + "\n# mended\n")
    assert not batch.plan(order(course_folder)).to_grade
    assert len(batch.plan(order(course_folder, unit="self-attention")).to_grade) == 1


def test_a_dry_run_says_what_would_change_and_writes_nothing(course_folder: Path, put: Put) -> None:
    put("ada")
    run(order(course_folder))
    before = written(course_folder)
    put("ada", functions=WRONG)
    done = run(order(course_folder, dry_run=True))
    assert done.changed == [("ada", 6.0, 3.0)]
    assert written(course_folder) == before
    assert gradebook(course_folder) == {"ada": 6.0}


def test_named_students_alone(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bob")
    run(order(course_folder, students=("bob",)))
    assert scores(course_folder) == {"bob": 6.0}
    with pytest.raises(CourseError, match="no student 'bobo'"):
        batch.plan(order(course_folder, students=("bobo",)))


def test_who_is_on_the_roster_without_work_is_listed(course_folder: Path, put: Put) -> None:
    put("ada")
    (course_folder / "roster.csv").write_text("id,first_name\nada,Ada\ngrace,Grace\n")
    text = (course_folder / "course.toml").read_text()
    (course_folder / "course.toml").write_text('roster = "roster.csv"\n' + text)
    done = run(order(course_folder))
    assert done.plan.missing == ("grace",)
    assert done.class_page is not None
    assert "grace" in done.class_page.read_text()


def test_nothing_handed_in_is_no_failure(course_folder: Path) -> None:
    (course_folder / "submitted").mkdir()
    done = run(order(course_folder))
    assert done.graded == []


@pytest.mark.parametrize(
    "name", ["with space", 'o\'neil "zoë"', "-rf", "=cmd|' calc'!A0", "日本", os.fsdecode(b"\xff")]
)
def test_names_of_all_kinds_go_all_the_way(course_folder: Path, put: Put, name: str) -> None:
    put(name)
    run(order(course_folder))
    assert scores(course_folder) == {name: 6.0}
    assert (course_folder / "feedback" / name / "embeddings" / "embeddings.html").is_file()


# ------------------------------------------------------------------------------------------- what goes wrong


def test_a_gradebook_that_is_lost_is_made_again_from_the_results(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bob", functions=WRONG)
    run(order(course_folder))
    (course_folder / "gradebook.db").unlink()
    run(order(course_folder))
    assert gradebook(course_folder) == {"ada": 6.0, "bob": 3.0}


def test_a_gradebook_that_cannot_be_used_is_told_and_brought_in_line_later(
    course_folder: Path, put: Put
) -> None:
    put("ada")
    (course_folder / "gradebook.db").write_bytes(b"this is no database" * 100)
    done = run(order(course_folder))
    assert "gradebook.db" in done.gradebook_error
    assert scores(course_folder) == {"ada": 6.0}
    assert (course_folder / "feedback" / "ada" / "embeddings" / "embeddings.html").is_file()
    (course_folder / "gradebook.db").unlink()
    assert run(order(course_folder)).gradebook_error == ""
    assert gradebook(course_folder) == {"ada": 6.0}


def test_hand_given_marks_survive_a_regrade(course_folder: Path, put: Put) -> None:
    from nbgrader.api import Gradebook

    put("ada")
    run(order(course_folder))
    with Gradebook(f"sqlite:///{course_folder / 'gradebook.db'}") as book:
        notebook = book.find_submission_notebook("embeddings", "embeddings", "ada")
        by_hand = next(grade for grade in notebook.grades if grade.auto_score is None)
        by_hand.manual_score = 1.5
        book.db.commit()
    put("ada", functions=WRONG)
    run(order(course_folder))
    assert gradebook(course_folder) == {"ada": 4.5}


def test_a_disk_that_is_full_is_said_and_loses_nothing(
    course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("ada")
    run(order(course_folder))
    before = written(course_folder)
    put("ada", functions=WRONG)
    real = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AutograderError, match=r"No space left on device.*make room and run"):
        run(order(course_folder))
    monkeypatch.setattr(os, "fsync", real)
    assert {name: data for name, data in written(course_folder).items() if "/." not in name} == before
    run(order(course_folder))
    assert scores(course_folder) == {"ada": 3.0}


def test_a_machine_that_cannot_lock_in_needs_trust(
    course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("ada")
    from autograder.sandbox import Sandbox

    monkeypatch.setattr(Sandbox, "level", "none")
    with pytest.raises(CourseError, match="--trust-students"):
        batch.plan(order(course_folder))
    assert batch.plan(order(course_folder, trust_students=True)).level == "none"


def test_a_process_that_is_killed_costs_no_result(course_folder: Path, put: Put) -> None:
    """One of the grading processes is killed from outside: the submission is graded again."""
    for student in ("ada", "bob", "eve", "kim"):
        put(student)
    command = [
        sys.executable,
        "-c",
        "from autograder.cli import main; main()",
        "grade",
        "embeddings",
        "--jobs",
        "2",
    ]
    process = subprocess.Popen(command, cwd=course_folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    victim = None
    deadline = time.monotonic() + 30
    while victim is None and time.monotonic() < deadline and process.poll() is None:
        victim = next(iter(_grading_processes(process.pid)), None)
        time.sleep(0.02)
    if victim is not None:
        os.kill(victim, signal.SIGKILL)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output.decode()
    assert scores(course_folder) == dict.fromkeys(("ada", "bob", "eve", "kim"), 6.0)


def _grading_processes(parent: int) -> list[int]:
    """Spawned children of `parent` that grade, its helpers for shared resources left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(status[1]) == parent and b"spawn_main" in words:
                found.append(int(entry.name))
    return found


def test_runs_that_are_killed_at_any_moment_end_in_the_same_results(
    course_folder: Path, put: Put, tmp_path: Path
) -> None:
    for number in range(8):
        put(f"s{number}", functions=WRONG if number % 3 == 0 else None)
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "embeddings"]
    began = time.monotonic()
    subprocess.run(
        [*command, "--out", str(tmp_path / "calm")], cwd=course_folder, check=True, capture_output=True
    )
    whole = time.monotonic() - began
    undisturbed = written(tmp_path / "calm")
    chance = random.Random(7)
    out = tmp_path / "killed"
    killed = 0
    while killed < KILLS:
        fresh, began = not out.exists(), time.monotonic()
        process = subprocess.Popen(
            [*command, "--out", str(out)], cwd=course_folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(chance.uniform(0.1, 1.0) * whole)
            if fresh:  # the machine is not always as busy, and kills should fall everywhere
                whole = time.monotonic() - began
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        if chance.random() < 0.5:  # else the next run goes on where this one was stopped
            subprocess.run([*command, "--out", str(out)], cwd=course_folder, check=True, capture_output=True)
            assert {name: data for name, data in written(out).items() if "/." not in name} == undisturbed
            assert gradebook(out) == gradebook(tmp_path / "calm")
            subprocess.run(["rm", "-rf", str(out)], check=True)


def test_two_runs_at_once_take_turns(course_folder: Path, put: Put) -> None:
    for student in ("ada", "bob"):
        put(student)
    command = [
        sys.executable,
        "-c",
        "from autograder.cli import main; main()",
        "grade",
        "embeddings",
        "--force",
    ]
    runs = [
        subprocess.Popen(command, cwd=course_folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in "ab"
    ]
    outputs = [process.communicate(timeout=120)[0].decode() for process in runs]
    assert [process.returncode for process in runs] == [0, 0], outputs
    assert sum("waiting for it to end" in output for output in outputs) == 1
    assert scores(course_folder) == {"ada": 6.0, "bob": 6.0}
    assert gradebook(course_folder) == {"ada": 6.0, "bob": 6.0}


def test_a_journal_that_was_left_is_entered(course_folder: Path, put: Put) -> None:
    put("ada")
    run(order(course_folder))
    with sqlite3.connect(course_folder / "gradebook.db") as database:
        database.execute("UPDATE grade SET auto_score = 0")
    database.close()
    (course_folder / "results" / "embeddings" / ".being-written").write_text(json.dumps(["ada"]))
    run(order(course_folder))
    assert gradebook(course_folder) == {"ada": 6.0}
    assert not (course_folder / "results" / "embeddings" / ".being-written").exists()


def test_a_run_that_changes_the_gradebook_keeps_a_copy_of_it(course_folder: Path, put: Put) -> None:
    put("ada")
    run(order(course_folder))
    put("ada", functions=WRONG)
    run(order(course_folder))
    (copy,) = (course_folder / "gradebook-backups").iterdir()
    for path in course_folder.glob("gradebook.db*"):
        path.unlink()
    copy.rename(course_folder / "gradebook.db")
    assert gradebook(course_folder) == {"ada": 6.0}


def test_settings_that_decide_no_mark_regrade_nobody(course_folder: Path, put: Put) -> None:
    put("ada")
    run(order(course_folder))
    text = (course_folder / "course.toml").read_text()
    (course_folder / "course.toml").write_text("backups = 3\n" + text)
    assert not batch.plan(order(course_folder)).to_grade
    (course_folder / "course.toml").write_text(text.replace("cpu_seconds = 2.0", "cpu_seconds = 3.0"))
    assert len(batch.plan(order(course_folder)).to_grade) == 1


def test_a_gradebook_that_was_put_back_is_brought_in_line_at_the_start(course_folder: Path, put: Put) -> None:
    put("ada")
    run(order(course_folder))
    older = (course_folder / "gradebook.db").read_bytes()
    put("ada", functions=WRONG)
    put("bob")
    run(order(course_folder))
    assert gradebook(course_folder) == {"ada": 3.0, "bob": 6.0}
    (course_folder / "gradebook.db").write_bytes(older)
    done = run(order(course_folder))
    assert done.graded == []
    assert gradebook(course_folder) == {"ada": 3.0, "bob": 6.0}


def test_a_late_policy_follows_due_date_receipt_and_extension_without_grading_again(
    course_folder: Path, put: Put
) -> None:
    from nbgrader.api import Gradebook

    config = course_folder / "nbgrader_config.py"
    config.write_text(config.read_text().replace('penalty_method = "none"', 'penalty_method = "zero"'))
    receipt = put("ada").parent / "timestamp.txt"
    receipt.write_text("2026-11-02 12:00:00 UTC")
    run(order(course_folder))
    assert gradebook(course_folder) == {"ada": 6.0}
    text = (course_folder / "course.toml").read_text()
    due = 'name = "embeddings"\ndue = 2026-11-01'
    (course_folder / "course.toml").write_text(text.replace('name = "embeddings"', due))
    assert run(order(course_folder)).graded == []
    assert gradebook(course_folder) == {"ada": 0.0}
    receipt.write_text("2026-10-31 12:00:00 UTC")
    assert run(order(course_folder)).graded == []
    assert gradebook(course_folder) == {"ada": 6.0}
    receipt.write_text("2026-11-02 12:00:00 UTC")
    run(order(course_folder))
    with Gradebook(f"sqlite:///{course_folder / 'gradebook.db'}") as book:
        book.grant_extension("embeddings", "ada", days=3)
    assert run(order(course_folder)).graded == []
    assert gradebook(course_folder) == {"ada": 6.0}
