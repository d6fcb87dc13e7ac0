"""A self-check and the grading's own child say the same of every program of the corpus, on the visible inputs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from repository import REPOSITORY
from student import hand_out, solved, write

from autograder.course import coursefile, material
from autograder.notebook import notebooks
from autograder.records import Check, Course
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Child
from autograder.selfcheck import checkfile, examine, lookup
from autograder.selfcheck.checkfile import FILE_NAME
from autograder.selfcheck.plain import PlainChild, Processes

COURSE = coursefile.load(REPOSITORY / "course.toml")
FUNCTIONS = [(unit.name, function.name) for unit in COURSE.units for function in unit.functions]
# The portable child has no limit of memory, and would take all that the machine has; luck has no fixed verdict.
APART = ("general.out-of-memory", "general.random")
SECONDS = 2.0


def verdict(start: Callable[[], Child], notebook: Path, function: str) -> list[tuple[str, bool, str]]:
    """The visible checks of one function, tried in a child that `start` makes."""
    file = checkfile.read(notebook.parent / FILE_NAME)
    cells = notebooks.code_cells(notebooks.read_bytes(notebook))
    examiner = lookup.examiner(file, notebook.parent, start, frozenset())
    submission = examine.submission(file, notebook, cells)
    checks: tuple[Check, ...] = examine.visible(examiner, submission, function)
    # How many numbers are wrong may hang on the order of a set.
    return [(check.name, check.passed, re.sub(r"\d+", "…", check.message)) for check in checks]


@pytest.mark.parametrize(("unit", "function"), FUNCTIONS)
def test_the_portable_child_and_the_locked_one_agree(
    unit: str, function: str, tmp_path: Path, shared_sandbox: Sandbox, own_course: Course
) -> None:
    corpus = material.examples(material.load(own_course, own_course.unit(unit)), function)
    notebook = solved(unit, tmp_path)
    programs = {
        f"{example.expect}: {example.description}": example.source
        for example in corpus
        if example.expect not in APART
    }
    assert len(programs) > 40
    folders = {name: tmp_path / f"{number}" for number, name in enumerate(programs)}
    for name, source in programs.items():
        write(solved(unit, hand_out(unit, folders[name]).parent), {function: source})

    def portable(name: str) -> list[tuple[str, bool, str]]:
        folder = folders[name]
        return verdict(lambda: PlainChild(folder, SECONDS), folder / notebook.name, function)

    with Processes(tmp_path) as processes:
        there = processes.each(portable, list(programs))
    for name, folder in folders.items():
        assert there[name] == verdict(shared_sandbox.child, folder / notebook.name, function), name
