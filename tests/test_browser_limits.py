"""A self-check under a browser's limits says what it says in a terminal; all of the corpus is compared by `benchmarks/browser.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import browserlike
import pytest
from browserlike import Asked
from forked import Forked
from repository import REPOSITORY
from student import RIGHT, hand_out

from autograder.course import coursefile, material
from autograder.course.corpus import examples
from autograder.records import Cell
from autograder.sandbox.children import Sandbox
from autograder.selfcheck import checkfile, examine, lookup, terminal
from autograder.selfcheck.plain import Processes

COURSE = coursefile.load(REPOSITORY / "course.toml")
# What may not end, or takes all memory, is for a process of its own; luck has no fixed words.
APART = ("general.timeout", "general.out-of-memory", "general.crashed", "general.random")

# Whose edits take as long as all that is said of the other nine, and which are told in the same way.
LONG = ("positional_encoding", "block", "stack")


def corpus(folders: Path, most: int | None = None) -> Iterator[Asked]:
    """The programs of every function, so many of each, the mistaken ones first."""
    for unit in COURSE.units:
        known = material.load(COURSE, unit)
        for function in unit.functions:
            found = [one for one in examples(known, function.name) if one.expect not in APART]
            found.sort(key=lambda one: one.expect == "right")
            for one in found[:most]:
                sources = RIGHT[unit.name] | {function.name: one.source}
                cells = ("import numpy as np", *(source.strip() for source in sources.values()))
                yield Asked(str(folders / unit.name), cells, function.name)


def in_a_terminal(asked: Sequence[Asked], processes: Callable[[Path], Processes] = Processes) -> list[str]:
    """What is said of each where processes can be had, but for notes on how the notebook ran."""
    said = []
    for one in asked:
        folder = Path(one.folder)
        file = checkfile.read(folder / checkfile.FILE_NAME)
        cells = tuple(Cell(number + 1, source) for number, source in enumerate(one.cells))
        with processes(folder) as started:
            examiner = lookup.examiner(file, folder, started.start, frozenset(one.cells))
            submission = examine.submission(file, folder, cells)
            (found,) = examine.functions(examiner, file, submission, [one.function], started)
        said.append(terminal.text(replace(found, notes=())))
    return said


def handed_out(folder: Path) -> Path:
    """The released units beside each other."""
    for unit in COURSE.units:
        hand_out(unit.name, folder / unit.name)
    return folder


@pytest.mark.slow
def test_the_same_words_without_wire_threads_and_processes(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    asked = [one for one in corpus(handed_out(tmp_path), most=1) if one.function not in LONG]
    there = in_a_terminal(asked, lambda folder: Forked(folder, shared_sandbox))
    assert browserlike.checked(asked) == there


ENDLESS = """
def softmax(x):
    while True:
        x = x + 0
"""


def test_what_never_ends_is_ended_without_a_clock_beside_it(tmp_path: Path) -> None:
    hand_out("self-attention", tmp_path)
    (said,) = browserlike.checked(
        [Asked(str(tmp_path), ("import numpy as np", ENDLESS), "softmax")], seconds=0.2
    )
    assert "general.timeout" in said
