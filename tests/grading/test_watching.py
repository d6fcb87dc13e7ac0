"""Turns of a watch: between them the folder is anybody's, and what others have done there is taken up at the next."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import standing
from waiting import wait_until

from autograder.gradebook import results, standings
from autograder.grading import batch, index, planning, watching
from autograder.grading.batch import Holder
from autograder.grading.pool import Pool

Put = Callable[..., Path]


def is_held(holder: Holder) -> None:
    raise AssertionError(f"the folder is held by a {holder}")


@pytest.mark.slow
def test_what_others_do_between_turns_is_taken_up_and_nothing_newer_is_written_over(
    course_folder: Path, put: Put
) -> None:
    put("ada")
    order = planning.open_order(course_folder, "embeddings", None, None)
    done = standing.grade(order)
    pool = Pool(standing.Lent(order.course, order.unit, 1))
    course = course_folder / "course.toml"
    turns: list[str] = []

    def others(what: str) -> None:
        turns.append(what)
        with batch.alone(course_folder, is_held):
            pass

    def arriving() -> Iterator[list[str]]:
        others("whoever has left while the work was graded has no result")
        put("bob")
        yield ["bob"]
        wait_until(lambda: pool.is_ready)
        shutil.rmtree(course_folder / "submitted" / "bob")
        yield []
        assert results.students(course_folder, "embeddings") == ["ada"]

        others("what another run has graded since stays")
        put("eve", functions={"one_hot": "# it was here yesterday"})
        yield ["eve"]
        wait_until(lambda: pool.is_ready)
        put("eve")
        standing.grade(planning.open_order(course_folder, "embeddings", None, None))
        yield []
        assert dict(_scores(course_folder)) == {"ada": 6.0, "eve": 6.0}

        others("a gradebook that has been changed is brought in line")
        with closing(sqlite3.connect(course_folder / "gradebook.db")) as database:
            database.execute("UPDATE grade SET auto_score = 0")
            database.commit()
        yield ["eve"]
        assert standings.read(course_folder, "embeddings")["ada"].score == 6.0

        others("where the course is another, it has to be opened again")
        course.write_text(course.read_text() + "\n# another\n")
        put("kim")
        yield ["kim"]
        raise AssertionError("it went on with the course as it was")

    seen = index.course(order)
    outcomes = list(watching.follow(order, done, seen, arriving(), lambda _: None, pool, is_held))
    assert len(turns) == 4
    assert not any(outcome.gradebook_error for outcome in outcomes)
    assert index.course(order) != seen
    assert planning.opened_anew(order).course.root == order.course.root


def _scores(folder: Path) -> Iterator[tuple[str, float | None]]:
    for student, result in results.every(folder, "embeddings"):
        yield student, result.score
