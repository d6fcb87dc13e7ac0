"""Parts of a class: told by names alone, graded beside each other, and entered in the gradebook later."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import standing

from autograder.errors import CourseError
from autograder.gradebook import results
from autograder.grading import batch, planning
from autograder.grading.shards import Shard
from autograder.notebook.places import HandedIn

Put = Callable[..., Path]
COMMAND = [
    sys.executable,
    "-c",
    "from autograder.cli import main; main()",
    "grade",
    "embeddings",
    "--jobs",
    "1",
]
CLASS = [HandedIn(f"student-{number}", Path(f"student-{number}")) for number in range(200)]


@pytest.mark.parametrize("text", ["0/4", "5/4", "x", "1", "1/0", "-1/4", "1/4/8", "", "١/٤", "1.0/4"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(CourseError, match=r"--shard .*: expected I/N with I from 1 to N, such as 3/16"):
        Shard.parse(text)


def test_everyone_is_in_one_part_and_always_in_the_same() -> None:
    parts = [[one.student for one in Shard(number, 16).part(CLASS, {})] for number in range(1, 17)]
    assert sorted(name for part in parts for name in part) == sorted(one.student for one in CLASS)
    assert all(3 <= len(part) <= 30 for part in parts)
    assert parts[2][:3] == [one.student for one in Shard.parse("3/16").part(CLASS[:100], {})][:3]
    assert Shard.parse("3/16").holds("ada") is False
    assert Shard.parse("15/16").holds("ada") is True
    assert Shard(1, 1).part(CLASS, {}) == tuple(CLASS)


def test_a_group_stays_together() -> None:
    team = {"team": [one.student for one in CLASS[:10]]}
    held = [len(Shard(number, 4).part(CLASS[:10], team)) for number in range(1, 5)]
    assert sorted(held) == [0, 0, 0, 10]


@pytest.mark.slow
def test_parts_that_run_at_once_leave_results_and_the_next_run_the_gradebook(
    course_folder: Path, put: Put
) -> None:
    students = ["ada", "bob", "eve", "kim"]
    for student in students:
        put(student)
    assert {Shard(1, 2).holds(student) for student in students} == {True, False}
    first = subprocess.Popen(
        [*COMMAND, "--shard", "1/2"], cwd=course_folder, stdout=subprocess.PIPE, text=True
    )
    second = planning.open_order(course_folder, "embeddings", None, None, shard=Shard(2, 2))
    with batch.alone(course_folder, lambda _: None, second.shard):
        standing.grade(second)
        said, _ = first.communicate()
    assert first.returncode == 0
    assert "results alone; the next run without --shard enters them" in said
    assert results.students(course_folder, "embeddings") == students
    for later in ("gradebook.db", "autograded", "report", "feedback"):
        assert not (course_folder / later).exists()
    with batch.alone(course_folder, lambda _: None):
        done = standing.grade(planning.open_order(course_folder, "embeddings", None, None))
    assert (done.plan.to_grade, len(done.plan.unchanged)) == ((), 4)
    from autograder.gradebook import standings

    assert sorted(standings.read(course_folder, "embeddings")) == students
    assert sorted(path.name for path in (course_folder / "feedback").iterdir()) == students
    assert not list((course_folder / "results" / "embeddings").glob(".being-written*"))
    assert [path.name for path in course_folder.glob(".autograder.lock*")] == [".autograder.lock"]


_HOLD = """
import sys
from pathlib import Path
from autograder.grading import batch
from autograder.grading.shards import Shard
shard = Shard.parse(sys.argv[2]) if sys.argv[2] else None
with batch.alone(Path(sys.argv[1]), lambda _: print("waits", flush=True), shard):
    print("holds", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
def test_parts_go_together_and_the_same_part_or_a_whole_class_waits(tmp_path: Path) -> None:
    def hold(part: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(tmp_path), part],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def line(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def end(process: subprocess.Popen[str]) -> None:
        process.communicate("\n")
        assert process.returncode == 0

    first, second = hold("1/2"), hold("2/2")
    assert (line(first), line(second)) == ("holds", "holds")
    again, whole = hold("1/2"), hold("")
    assert (line(again), line(whole)) == ("waits", "waits")
    end(second)
    end(first)
    # Either may come first, and the other after it.
    rest = []
    for process in (again, whole):
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in (again, whole):
        rest.append(process.communicate()[0])
        assert process.returncode == 0
    assert all("holds" in said for said in rest)
