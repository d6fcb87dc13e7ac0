"""A class through the real command's machinery: processes, result files, pages, nbgrader's own database."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import standing
from calling import call
from counted import COUNTED, SMALL_BATCH, grading_processes
from ordinary import without_powers
from waiting import FOREVER, wait_until

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import autograded, looking, results
from autograder.grading import batch, opening, planning, processes
from autograder.grading.batch import Holder
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order
from autograder.grading.pool import Pool
from autograder.grading.processes import Processes

EXPLAINED = {
    "one_hot": "def one_hot(tokens, vocabulary):\n    return np.zeros((len(tokens), len(vocabulary)))"
}
WRONG = {"one_hot": "# it was here yesterday"}  # the same marks, and nothing to search for
# As often as a nightly run likes, and with several processes; a few times for every change.
KILLS = int(os.environ.get("AUTOGRADER_TEST_KILLS", "2"))
JOBS = "2" if "AUTOGRADER_TEST_KILLS" in os.environ else "1"
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "embeddings"]

Put = Callable[..., Path]


def order(folder: Path, **more: Any) -> Order:
    return planning.open_order(folder, more.pop("unit", "embeddings"), None, more.pop("out", None), **more)


def run(asked: Order) -> Outcome:
    return standing.grade(asked)


def run_alone(asked: Order) -> Outcome:
    """With as many processes of its own as it asks for, as the command does."""
    place = Processes(asked.course, asked.unit, asked.jobs)
    with Pool(place) as pool:
        return batch.grade(asked, planning.plan(replace(asked, ground=place)), lambda _: None, pool)


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


def marks(out: Path) -> list[tuple[Any, ...]]:
    """The marks in it, test cell by test cell, as they lie in its file."""
    query = """SELECT submitted.student_id, cell.name, grade.auto_score FROM grade
        JOIN base_cell AS cell ON cell.id = grade.cell_id
        JOIN submitted_notebook AS notebook ON notebook.id = grade.notebook_id
        JOIN submitted_assignment AS submitted ON submitted.id = notebook.assignment_id"""
    with contextlib.closing(sqlite3.connect(out / "gradebook.db")) as book:
        return sorted(book.execute(query), key=repr)


def written(out: Path) -> dict[str, bytes]:
    """All that a run leaves for people, by name; its index is for the next run alone."""
    kept = {}
    for folder in ("results", "feedback", "report", "autograded"):
        for path in sorted((out / folder).rglob("*")):
            if path.is_file() and path.suffix != ".index":
                kept[str(path.relative_to(out))] = path.read_bytes()
    return kept


@pytest.mark.slow
def test_a_class_is_graded_and_everything_promised_is_left_by_many_jobs_as_by_one(
    course_folder: Path, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Here, where it is written, no notebook is read any more: who grades them does it.
    monkeypatch.delattr(autograded, "prepare")
    right = {"ada": 6.0, "bob": 3.0, "eve": 6.0}
    for student, score in right.items():
        put(student, functions=EXPLAINED if score < 6 else None)
    done = run_alone(order(course_folder, jobs=2))
    assert done.gradebook_error == ""
    assert scores(course_folder) == right
    assert gradebook(course_folder) == right
    for student in right:
        assert (course_folder / "feedback" / student / "embeddings" / "embeddings.html").is_file()
        assert (course_folder / "autograded" / student / "embeddings" / "embeddings.ipynb").is_file()
    assert done.class_page == course_folder / "report" / "embeddings.html"
    assert "bob" in done.class_page.read_text()
    leftovers = [path for path in course_folder.rglob(".*") if path.is_file()]
    known = {".autograder.lock", ".autograder-secret", ".embeddings.index"}
    assert {path.name for path in leftovers} <= known
    run(order(course_folder, out=tmp_path / "one"))
    assert written(tmp_path / "one") == written(course_folder)


def test_another_folder_for_all_that_is_written(course_folder: Path, put: Put, tmp_path: Path) -> None:
    put("ada")
    run(order(course_folder, out=tmp_path / "out"))
    assert scores(tmp_path / "out") == {"ada": 6.0}
    assert (tmp_path / "out" / "gradebook.db").is_file()
    assert not (course_folder / "results").exists()


def test_unchanged_work_is_graded_once(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bob")
    run(order(course_folder))
    put("bob", functions=WRONG)
    planned = standing.plan(order(course_folder))
    assert [one.student for one in planned.to_grade] == ["bob"]
    assert planned.unchanged == ("ada",)
    done = run(order(course_folder))
    assert done.changed == [("bob", 6.0, 3.0)]
    assert gradebook(course_folder) == {"ada": 6.0, "bob": 3.0}
    assert len(standing.plan(order(course_folder, force=True)).to_grade) == 2


def test_a_changed_hidden_check_regrades_its_own_unit(course_folder: Path, put: Put) -> None:
    put("ada")
    run(order(course_folder))

    def version() -> str:
        """Of what results of the other unit are made by: where it is another, they are made anew."""
        asked = order(course_folder, unit="self-attention")
        return opening.made_by(asked.course, asked.unit)[0]

    before = version()
    grader = course_folder / "solutions" / "self-attention" / "test_hidden.py"
    grader.write_text(grader.read_text() + "\n# mended\n")
    assert not planning.plan(order(course_folder)).to_grade
    assert version() != before


def test_a_dry_run_says_what_would_change_and_writes_nothing(course_folder: Path, put: Put) -> None:
    put("ada")
    run(order(course_folder))
    before = written(course_folder)
    put("ada", functions=WRONG)
    done = run(order(course_folder, dry_run=True))
    assert done.changed == [("ada", 6.0, 3.0)]
    assert written(course_folder) == before
    assert gradebook(course_folder) == {"ada": 6.0}


@pytest.mark.slow
def test_points_that_only_course_toml_has_are_refused_before_anything_is_written(
    course_folder: Path, put: Put
) -> None:
    """The results would be of other points than the gradebook: 4 and 2 of 5, said the page."""
    put("ada")
    run(order(course_folder))
    before, listing = written(course_folder), course_folder / "course.toml"
    listing.write_text(listing.read_text().replace('"one_hot", points = 3.0', '"one_hot", points = 2.0'))
    trouble = "check-one_hot has 3 points, course.toml gives one_hot 2: make the two agree and run `autograder release embeddings`"
    with pytest.raises(CourseError, match=trouble):
        planning.plan(order(course_folder))
    assert written(course_folder) == before
    (course_folder / "assignments" / "embeddings" / "embeddings.ipynb").unlink()
    assert "run `autograder release` first" in run(order(course_folder)).gradebook_error


def test_named_students_alone(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bob")
    run(order(course_folder, students=("bob",)))
    assert scores(course_folder) == {"bob": 6.0}
    with pytest.raises(CourseError, match="no student 'bobo'"):
        planning.plan(order(course_folder, students=("bobo",)))


def test_a_receipt_that_says_no_time_is_told_before_and_on_the_class_page(
    course_folder: Path, put: Put
) -> None:
    put("ada")
    (course_folder / "submitted" / "ada" / "embeddings" / "timestamp.txt").write_text("yesterday")
    (course_folder / "submitted" / "bob_1_2_embeddings.ipynb").write_text("{}")
    done = run(order(course_folder))
    (receipt,) = done.plan.notices
    (loose,) = done.plan.unplaced
    assert "bob_1_2_embeddings.ipynb" in loose.where
    assert receipt.endswith("its work counts as on time: ada: “yesterday” is no time")
    assert done.class_page is not None
    assert "“yesterday” is no time" in done.class_page.read_text()


def test_the_roster_may_spell_a_folder_in_other_characters(course_folder: Path, put: Put) -> None:
    from nbgrader.api import Gradebook

    apart, together = "Zoe\u0308", "Zo\u00eb"
    put(apart)
    (course_folder / "roster.csv").write_text(f"id;first_name\n{together};Zoë\n")
    text = (course_folder / "course.toml").read_text()
    (course_folder / "course.toml").write_text('roster = "roster.csv"\n' + text)
    assert run(order(course_folder)).plan.missing == ()
    with Gradebook(f"sqlite:///{course_folder / 'gradebook.db'}") as book:
        assert [(one.id, one.first_name) for one in book.students] == [(apart, "Zoë")]


def test_who_is_on_the_roster_without_work_is_listed(course_folder: Path, put: Put) -> None:
    put("ada")
    (course_folder / "roster.csv").write_text("id,first_name\nada,Ada\ngrace,Grace\n")
    text = (course_folder / "course.toml").read_text()
    (course_folder / "course.toml").write_text('roster = "roster.csv"\n' + text)
    done = run(order(course_folder))
    assert done.plan.missing == ("grace",)
    assert done.class_page is not None
    assert '<bdi>Grace</bdi> <bdi class="id">grace</bdi>' in done.class_page.read_text()


def test_nothing_handed_in_is_no_failure(course_folder: Path) -> None:
    (course_folder / "submitted").mkdir()
    done = run(order(course_folder))
    assert done.tally.count == 0


NAMES = ("with space", 'o\'neil "zoë"', "-rf", "=cmd|' calc'!A0", "日本", os.fsdecode(b"\xff"))


def test_names_of_all_kinds_go_all_the_way(course_folder: Path, put: Put) -> None:
    for name in NAMES:
        put(name)
    run(order(course_folder))
    assert scores(course_folder) == dict.fromkeys(NAMES, 6.0)
    for name in NAMES:
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


def test_a_batch_that_takes_long_is_kept_before_it_is_full(
    course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("ada")
    put("bob")
    kept = []
    asked = order(course_folder, force=True)
    for seconds in (FOREVER, 0.0):
        monkeypatch.setattr(batch, "_KEEP_AFTER", seconds)
        standing.grade(asked, progress=lambda _: kept.append(len(scores(asked.out))))
        shutil.rmtree(course_folder / "results")
    assert kept == [0, 0, 1, 2]


# Kilobytes that are free on a disk: for nothing, for some results, for all of them and half of the rest.
_ROOM = (0, 60, 350)
# A small file system of its own, with some of it taken; what is there after each run of the command is copied out of it.
# What grades is begun once.
_FULL_DISK = """
import os, shutil, subprocess, sys
from pathlib import Path
from autograder.cli import main
from autograder.grading import processes

class Kept(processes.Processes):
    def close(self): pass

kept = []
def begun(course, unit, jobs, meanwhile):
    kept[:] = kept or [Kept(course, unit, jobs)]
    kept[0]._meanwhile = meanwhile
    return kept[0]

processes.Processes = begun
folder, rooms, *command = sys.argv[1:]
folder = Path(folder)
out, said = folder / "out", folder / "said"
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", out], check=True)
for room in rooms.split():
    for old in out.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(folder / "before", out, dirs_exist_ok=True)
    (out / "others").write_bytes(bytes(shutil.disk_usage(out).free - int(room) * 1024))
    for run in ("full", "again"):
        with open(said, "wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        try:
            main(command)
        except SystemExit as ended:
            print("exit", ended.code or 0, flush=True)
        shutil.copytree(out, folder / f"{run}-{room}")
        shutil.move(said, folder / f"{run}-{room}/said")
        (out / "others").unlink(missing_ok=True)
"""


@pytest.mark.slow
def test_a_disk_that_is_really_full_loses_nothing_wherever_it_is_noticed(
    course_folder: Path, put: Put, tmp_path: Path
) -> None:
    """A file system of three megabytes, most of them taken by others."""
    mount = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    try:
        subprocess.run([*mount, "mount", "-t", "tmpfs", "none", tmp_path], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here")
    put("ada")
    run(order(course_folder, out=tmp_path / "before"))
    for student in ("bob", "eve", "kim"):
        put(student, functions=EXPLAINED)
    (tmp_path / "out").mkdir()
    command = ["grade", "embeddings", "--out", tmp_path / "out", "--jobs", "1"]
    rooms = " ".join(map(str, _ROOM))
    subprocess.run(
        [*mount, sys.executable, "-c", _FULL_DISK, tmp_path, rooms, *command], cwd=course_folder, check=True
    )
    run(order(course_folder, out=tmp_path / "calm"))
    undisturbed = written(tmp_path / "calm")
    for room in _ROOM:
        full, again = tmp_path / f"full-{room}", tmp_path / f"again-{room}"
        said = (full / "said").read_text()
        assert "exit 1" in said
        assert "No space left on device" in said or "disk is full" in said
        assert "Traceback" not in said
        assert "exit 0" in (again / "said").read_text()
        kept = {student: undisturbed[f"results/embeddings/{student}.json"] for student in scores(full)}
        assert len(kept) == (4 if room == _ROOM[-1] else 1)
        for student, result in kept.items():
            assert (full / "results" / "embeddings" / f"{student}.json").read_bytes() == result
        assert {name: data for name, data in written(again).items() if "/." not in name} == undisturbed
        assert gradebook(again) == gradebook(tmp_path / "calm")
        assert not list(again.glob(".gradebook*"))


_HOLD = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], isolation_level=None)
held = [book.execute(statement) for statement in sys.argv[2:]]
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.parametrize("hold", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN; SELECT * FROM grade"])
def test_a_gradebook_that_another_program_holds_is_told_and_brought_in_line_later(
    course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch, hold: str
) -> None:
    """As formgrader does while it saves a mark, or another program that reads and does not let go."""
    put("ada")
    run(order(course_folder))
    put("ada", functions=WRONG)
    put("bob")
    monkeypatch.setattr(looking, "PATIENCE", 0.1)
    command = [sys.executable, "-c", _HOLD, str(course_folder / "gradebook.db"), *hold.split("; ")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        done = run(order(course_folder))
        holder.communicate()
    assert "gradebook.db: locked by another program: close formgrader" in done.gradebook_error
    assert scores(course_folder) == {"ada": 3.0, "bob": 6.0}
    assert (course_folder / "feedback" / "bob" / "embeddings" / "embeddings.html").is_file()
    assert gradebook(course_folder) == {"ada": 6.0}
    assert run(order(course_folder)).gradebook_error == ""
    assert gradebook(course_folder) == {"ada": 3.0, "bob": 6.0}


def test_a_gradebook_that_is_let_go_of_in_time_is_waited_for(
    course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is held from when there is a result on, which is to be entered next."""
    put("ada")
    run(order(course_folder))
    put("ada", functions=WRONG)
    monkeypatch.setattr(looking, "PATIENCE", FOREVER)
    holder = sqlite3.connect(course_folder / "gradebook.db", isolation_level=None, check_same_thread=False)
    still_asked = []
    ended = threading.Event()

    def let_go() -> None:
        still_asked.append(not ended.wait(0.5))  # it asks again and again
        holder.close()

    letting_go = threading.Thread(target=let_go)

    def hold(_: results.ResultFile) -> None:
        holder.execute("BEGIN EXCLUSIVE")
        letting_go.start()

    done = standing.grade(order(course_folder), progress=hold)
    ended.set()
    letting_go.join()
    assert still_asked == [True]
    assert done.gradebook_error == ""
    assert gradebook(course_folder) == {"ada": 3.0}


def test_a_disk_that_says_so_at_the_last_moment_loses_nothing(
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


@pytest.mark.parametrize("closed", [".autograder.lock", "."], ids=["another instructor's lock", "the folder"])
def test_a_folder_that_another_instructor_graded_in_alone_is_said(course_folder: Path, closed: str) -> None:
    out = course_folder / "out"
    out.mkdir()
    (out / ".autograder.lock").touch()
    (out / closed).chmod(0o555)
    where = out / ("new" if closed == "." else "")
    with without_powers(), pytest.raises(CourseError, match=r"Permission denied.*chmod -R g\+rwX"), batch.alone(where, lambda _: None):  # fmt: skip
        pass
    (out / closed).chmod(0o755)


def test_a_machine_that_cannot_lock_in_needs_trust(
    course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("ada")
    from autograder.sandbox.children import Sandbox

    monkeypatch.setattr(Sandbox, "level", "none")
    with pytest.raises(CourseError, match="--trust-students"):
        planning.plan(order(course_folder))
    assert planning.plan(order(course_folder, trust_students=True)).level == "none"


@pytest.mark.slow
def test_a_process_that_is_killed_costs_no_result(course_folder: Path, put: Put) -> None:
    """One of the grading processes is killed from outside: the submission is graded again."""
    for student in ("ada", "bob", "eve", "kim"):
        put(student)
    command = [*COMMAND, "--jobs", "2"]
    process = subprocess.Popen(command, cwd=course_folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_until(lambda: grading_processes(process.pid), process)
    os.kill(grading_processes(process.pid)[0], signal.SIGKILL)
    output, _ = process.communicate()
    assert process.returncode == 0, output.decode()
    assert scores(course_folder) == dict.fromkeys(("ada", "bob", "eve", "kim"), 6.0)


@pytest.mark.slow
def test_runs_that_are_killed_at_any_moment_end_in_the_same_results(
    course_folder: Path, put: Put, tmp_path: Path
) -> None:
    """And nobody whose result was kept is graded again: at most the last batch is."""
    students = {f"s{number}" for number in range(5)}
    for student in students:
        put(student, functions=WRONG if student in ("s0", "s3") else None)
    names = course_folder / "graded"
    command = [sys.executable, "-c", COUNTED, "grade", "embeddings", "--jobs", JOBS]

    def taken() -> set[str]:
        """Who was graded since this was asked last."""
        asked = names.read_text().split() if names.exists() else []
        names.unlink(missing_ok=True)
        assert len(asked) == len(set(asked))
        return set(asked)

    def has_come(count: int, process: subprocess.Popen[bytes]) -> bool:
        """Whether so many were graded since then, or no more will be."""
        asked = names.read_text().split() if names.exists() else []
        return len(asked) >= count or process.poll() is not None

    run(order(course_folder, out=tmp_path / "calm"))
    undisturbed = written(tmp_path / "calm")
    chance = random.Random(47)
    out = tmp_path / "killed"
    killed = 0
    while killed < KILLS:
        before = set(scores(out))
        left = len(students - before)
        process = subprocess.Popen(
            [*command, "--out", str(out)], cwd=course_folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        # While it starts, after so many, or while it writes what is left to write.
        wait_until(partial(has_come, chance.randint(0, left), process))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0.0, 0.3))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        graded, kept = taken(), set(scores(out))
        assert not graded & before, "what was kept is graded again"
        assert before <= kept <= before | graded, "what was kept is lost"
        assert len(graded - kept) <= SMALL_BATCH, "more than the last batch has to be graded again"
        if killed == KILLS or chance.random() < 0.5:  # else the next run goes on where this one was stopped
            subprocess.run([*command, "--out", str(out)], cwd=course_folder, check=True, capture_output=True)
            assert taken() == students - kept
            assert {name: data for name, data in written(out).items() if "/." not in name} == undisturbed
            assert gradebook(out) == gradebook(tmp_path / "calm")
            subprocess.run(["rm", "-rf", str(out)], check=True)


class PowerCut(BaseException):
    """Nothing catches it."""


@pytest.mark.slow
def test_a_run_cut_short_before_any_file_gets_its_name_ends_in_the_same_results(
    course_folder: Path, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a killed run hardly ever stops: between the files of one batch."""
    put("ada")
    put("bob", functions=WRONG)
    honest = os.replace
    left = 1000

    def rename(*paths: Any) -> None:
        nonlocal left
        # Compiled templates get their names elsewhere, and an index decides nothing.
        if tmp_path in Path(paths[1]).parents and not str(paths[1]).endswith(".index"):
            left -= 1
            if left < 0:
                raise PowerCut
        honest(*paths)

    monkeypatch.setattr(os, "replace", rename)
    run(order(course_folder, out=tmp_path / "calm"))
    assert gradebook(tmp_path / "calm") == {"ada": 6.0, "bob": 3.0}
    undisturbed, entered = written(tmp_path / "calm"), marks(tmp_path / "calm")
    names = 1000 - left
    assert (
        names >= 11
    )  # journal, two results and pages, gradebook, two notebooks and what students get, class page
    planned = standing.plan(order(course_folder, out=tmp_path / "any that is new"))
    for left_now in range(names):
        asked = order(course_folder, out=tmp_path / str(left_now))
        left = left_now
        with pytest.raises(PowerCut):
            standing.grade(asked, planned)
        left = 1000
        run(asked)
        found = {name: data for name, data in written(asked.out).items() if "/." not in name}
        assert found == undisturbed, f"cut short before rename {left_now}"
        assert marks(asked.out) == entered


@pytest.mark.parametrize(
    ("holder", "said"),
    [("run", "a run is grading in this folder: waiting"), ("watch", "a watch is keeping in this folder")],
)
def test_two_runs_at_once_take_turns_and_the_second_says_for_whom_it_waits(
    holder: Holder,
    said: str,
    course_folder: Path,
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And the second looks at what there is once it is its turn."""
    held, over = threading.Event(), threading.Event()

    def first() -> None:
        with batch.alone(course_folder, lambda _: None, by=holder):
            held.set()
            over.wait()

    class Told(io.StringIO):
        """Where the second says that it waits: only then somebody else hands in, and the first run is over."""

        def write(self, text: str) -> int:
            if said in text:
                put("bob")
                over.set()
            return super().write(text)

    put("ada")
    monkeypatch.chdir(course_folder)
    monkeypatch.setattr(processes, "Processes", standing.Lent)
    running = threading.Thread(target=first)
    running.start()
    held.wait()
    try:
        run(order(course_folder))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", told := Told())
            code, out, _ = call(capsys, "grade", "embeddings", "--force")
        assert over.is_set(), "it did not wait"
    finally:
        over.set()
        running.join()
    assert code == 0, told.getvalue()
    assert "graded now: 2" in out
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
    assert not planning.plan(order(course_folder)).to_grade
    (course_folder / "course.toml").write_text(text.replace("cpu_seconds = 2.0", "cpu_seconds = 3.0"))
    assert len(standing.plan(order(course_folder)).to_grade) == 1


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
    assert done.tally.count == 0
    assert gradebook(course_folder) == {"ada": 3.0, "bob": 6.0}


@pytest.mark.slow
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
    assert run(order(course_folder)).tally.count == 0
    assert gradebook(course_folder) == {"ada": 0.0}
    receipt.write_text("2026-10-31 12:00:00 UTC")
    assert run(order(course_folder)).tally.count == 0
    assert gradebook(course_folder) == {"ada": 6.0}
    receipt.write_text("2026-11-02 12:00:00 UTC")
    run(order(course_folder))
    with Gradebook(f"sqlite:///{course_folder / 'gradebook.db'}") as book:
        book.grant_extension("embeddings", "ada", days=3)
    assert run(order(course_folder)).tally.count == 0
    assert gradebook(course_folder) == {"ada": 6.0}
