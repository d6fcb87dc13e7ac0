"""Processes that grade: begun early, and asked how well they lock in."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.grading import planning
from autograder.grading.processes import Processes


def processes(folder: Path, done: list[str]) -> Processes:
    order = planning.open_order(folder, "embeddings", None, None)
    return Processes(order.course, order.unit, 2, lambda: done.append("meanwhile"))


def test_one_says_how_well_it_locks_in_while_other_things_are_done(course_folder: Path) -> None:
    done: list[str] = []
    place = processes(course_folder, done)
    try:
        place.begin()
        assert done == [], "nobody waits yet"
        assert place.level in ("full", "reduced")
        assert done == ["meanwhile"]
        assert len(multiprocessing.active_children()) == 1, "the second is not needed yet"
    finally:
        place.close()


def test_one_that_is_ended_before_it_can_say_so_is_told(course_folder: Path) -> None:
    place = processes(course_folder, [])
    try:
        place.begin()
        for process in multiprocessing.active_children():
            process.kill()
        with pytest.raises(SandboxError, match="was ended from outside"):
            _ = place.level
    finally:
        place.close()
