"""A self-check and the grading's own child say the same of the corpus, on the visible inputs.

Each program takes the portable child a Python of its own, so it is asked for one of each kind: of a function's right
ones, and of all in a unit whose first failure is said in the same words but for numbers and names, the longest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from catalogue import MATERIALS
from student import RIGHT, hand_out, write
from waiting import FOREVER

from autograder.checking.attempt import Examiner
from autograder.course.corpus import examples
from autograder.notebook import notebooks
from autograder.records import Course, Submission
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Child
from autograder.selfcheck import checkfile, examine, lookup
from autograder.selfcheck.checkfile import FILE_NAME
from autograder.selfcheck.plain import PlainChild, Processes

# The portable child has no limit of memory, and would take all that the machine has; luck has no fixed verdict.
APART = ("general.out-of-memory", "general.random")
HANGS = "general.timeout"
# More programs than these are in the corpus of each function; those of the last unit are short, with fewer ways to write them.
LEAST = {"embeddings": 40, "self-attention": 40, "multi-head": 40, "layers": 30}


def corpus(unit: str, function: str, *, hangs: bool = False) -> list[str]:
    """The programs of a function by their source: those that hang, or all others."""
    found = examples(MATERIALS[unit], function)
    return [one.source for one in found if one.expect not in APART and hangs == (one.expect == HANGS)]


def agree(
    unit: str,
    programs: Mapping[str, str],
    folder: Path,
    locked: Callable[[], Child],
    seconds: float = FOREVER,
) -> int:
    """Holds the two children together on one program of each kind, each with its function; returns on how many.

    The portable one has so many seconds; what ends by itself may take as long as it takes.
    """
    notebook = hand_out(unit, folder / unit)
    file = checkfile.read(notebook.parent / FILE_NAME)

    def verdict(examiner: Examiner, source: str) -> list[tuple[str, bool, str]]:
        """The visible checks; how many numbers are wrong may hang on the order of a set."""
        checks = examine.visible(examiner, submissions[source], programs[source])
        return [(check.name, check.passed, re.sub(r"\d+", "…", check.message)) for check in checks]

    submissions: dict[str, Submission] = {}
    for source, function in programs.items():
        cells = notebooks.code_cells(write(notebook, RIGHT[unit] | {function: source}).read_bytes())
        submissions[source] = examine.submission(file, notebook, cells)
    there = lookup.examiner(file, notebook.parent, locked, frozenset())
    kinds: dict[str, tuple[str, list[tuple[str, bool, str]]]] = {}
    for source in sorted(programs, key=len):
        said = verdict(there, source)
        first = next((message for _, passed, message in said if not passed), programs[source])
        kinds[re.sub(r"`.*?`|“.*?”|'.*?'", "…", first)] = source, said
    here = lookup.examiner(file, notebook.parent, lambda: PlainChild(notebook.parent, seconds), frozenset())
    with Processes(folder) as processes:
        portable = processes.each(
            lambda source: verdict(here, source), [source for source, _ in kinds.values()]
        )
    for source, said in kinds.values():
        assert portable[source] == said, source
    return len(kinds)


@pytest.mark.parametrize("unit", LEAST)
def test_the_portable_child_and_the_locked_one_agree(
    unit: str, tmp_path: Path, shared_sandbox: Sandbox, own_course: Course
) -> None:
    functions = [function.name for function in own_course.unit(unit).functions]
    programs = {}
    for function in functions:
        found = corpus(unit, function)
        assert len(found) > LEAST[unit]
        programs |= dict.fromkeys(found, function)
    assert agree(unit, programs, tmp_path, shared_sandbox.child) > 6 + len(functions)


def test_both_end_what_hangs(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    (hanging,) = corpus("self-attention", "softmax", hangs=True)
    assert agree("self-attention", {hanging: "softmax"}, tmp_path, shared_sandbox.child, 1.0) == 1
