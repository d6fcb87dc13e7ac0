"""Processes that grade: begun early, and asked how well they lock in."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import parts
import psutil
import pytest
import standing
from waiting import wait_until

from autograder.errors import SandboxError
from autograder.grading import planning
from autograder.grading import processes as processes_module
from autograder.grading.processes import Processes
from autograder.notebook.places import HandedIn

Put = Callable[..., Path]


@pytest.fixture(autouse=True)
def _none_stands() -> None:
    """All that this process has begun are counted here."""
    standing.close()


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


@pytest.mark.slow
@parts.BUBBLEWRAP.mark  # without, a run asks each time whether it can lock in better by now
def test_none_is_started_where_there_is_nothing_to_grade(course_folder: Path, put: Put) -> None:
    put("ada")
    place = processes(course_folder, [])
    order = planning.open_order(course_folder, "embeddings", None, None)
    standing.grade(order)
    standing.close()
    try:
        assert planning.plan(replace(order, ground=place)).to_grade == ()
        assert multiprocessing.active_children() == []
        put("bo")
        assert len(planning.plan(replace(order, ground=place)).to_grade) == 1
        assert len(multiprocessing.active_children()) == 1
    finally:
        place.close()


@pytest.mark.slow
@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="this machine has one processor")
def test_where_all_processors_grade_each_process_keeps_to_one_with_its_children(
    course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = sorted(os.sched_getaffinity(0))[:2]
    work = [(HandedIn(name, put(name).parent),) for name in ("ada", "bo")]
    before = set(psutil.Process().children())

    def python(one: psutil.Process) -> list[int]:
        """The processors of one that is a Python; none of any other, or of one that has just ended, as one that tries does."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.name().startswith("python"):
                return one.cpu_affinity() or []
        return []

    def kept() -> list[list[list[int]]]:
        """The processors of each process that grades, and of the zygote that belongs to it."""
        found = []
        for one in set(psutil.Process().children()) - before:
            with contextlib.suppress(psutil.NoSuchProcess):
                if "spawn_main" in " ".join(one.cmdline()):
                    found.append([*filter(None, map(python, (one, *one.children(recursive=True))))])
        return found

    place = processes(course_folder, [])
    monkeypatch.setattr(processes_module, "_processors", lambda: two)
    try:
        futures = [place.submit([one]) for one in work]
        assert [future.result()[0].student for future in futures] == ["ada", "bo"]
        # The second may be opening still, and is not kept to its own before it has a zygote.
        wait_until(lambda: sorted(kept()) == [[[one], [one]] for one in two])
    finally:
        place.close()
    place = processes(course_folder, [])
    monkeypatch.setattr(processes_module, "_processors", lambda: [*two, 1000])
    try:
        assert place.submit([work[0]]).result()[0].student == "ada"
        everywhere = sorted(os.sched_getaffinity(0))
        assert kept() == [[everywhere, everywhere]], "others may have to share one while others idle"
    finally:
        place.close()


def test_no_process_but_those_that_grade_is_ended_with_them(course_folder: Path) -> None:
    place = processes(course_folder, [])
    other = multiprocessing.get_context("spawn").Process(target=signal.pause)
    other.start()
    try:
        place.begin()
        place.end()  # while it begins
        assert multiprocessing.active_children() == [other]
    finally:
        other.kill()
        other.join()
        place.close()


def kill_all() -> None:
    for process in multiprocessing.active_children():
        process.kill()


@pytest.mark.slow
def test_one_that_is_ended_before_it_can_say_so_has_another_in_its_place(course_folder: Path) -> None:
    place = processes(course_folder, [])
    try:
        place.begin()
        kill_all()
        assert place.level in ("full", "reduced")
    finally:
        place.close()


def test_two_that_are_ended_before_they_can_say_so_are_told(
    course_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = processes(course_folder, [])
    begin = place.begin

    def begin_and_lose() -> None:
        begin()
        kill_all()

    monkeypatch.setattr(place, "begin", begin_and_lose)
    try:
        with pytest.raises(SandboxError, match="was ended from outside, twice"):
            _ = place.level
    finally:
        place.close()
