"""A self-check and the grading's own child say the same of the corpus, on the visible inputs.

Each program takes either child a process of its own, so they are asked for one of each kind: of a unit's right ones, and
of all whose first failure, in this process, is said in the same words but for numbers and names, the shortest. That every
function's right one is right in both, test_lessons and test_diagnose show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from catalogue import COURSE, MATERIALS
from example_runs import ELSEWHERE, run
from student import RIGHT, hand_out, write
from waiting import FOREVER

from autograder.checking.attempt import Examiner
from autograder.checking.compare import changed_inputs
from autograder.course import material, secret
from autograder.course.corpus import Example, examples
from autograder.notebook import notebooks
from autograder.records import Case, Course, Submission
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


def corpus(unit: str, function: str, *, hangs: bool = False) -> list[Example]:
    """The programs of a function: those that hang, or all others."""
    found = examples(MATERIALS[unit], function)
    return [one for one in found if one.expect not in APART and hangs == (one.expect == HANGS)]


def kinds(unit: str, function: str) -> dict[str, str]:
    """One program of each kind, by what is first wrong with its results."""
    seed = secret.public_seed(COURSE, unit, function)
    cases = material.draw(MATERIALS[unit], function, "public", seed)
    drawn = [(case, material.expected(MATERIALS[unit], function, case)) for case in cases]
    found: dict[str, str] = {}
    for example in sorted(corpus(unit, function), key=lambda one: len(one.source)):
        if example.expect in ELSEWHERE:
            found.setdefault(example.expect, example.source)
            continue
        wrong = first_wrong(function, example, drawn)
        said = re.sub(r"`.*?`|“.*?”|'.*?'|\d+", "…", wrong) or f"right in {unit}"
        found.setdefault(said, example.source)
    return found


def first_wrong(function: str, example: Example, drawn: Sequence[tuple[Case, Any]]) -> str:
    """What is said of the first wrong result, after which nothing is tried; else whether it changes its inputs."""
    changed = False
    for one in drawn:
        ((case, outcome, mismatch),) = run(function, example, [one])
        if mismatch is not None:
            return mismatch.message
        changed = changed or changed_inputs(case, outcome)
    return "its inputs" if changed else ""


def agree(
    unit: str,
    programs: Mapping[str, str],
    folder: Path,
    locked: Callable[[], Child],
    seconds: float = FOREVER,
) -> None:
    """Holds the two children together on these programs, each with its function.

    The portable one has so many seconds; what ends by itself may take as long as it takes. Cells that came with the
    notebook are known as such, as in a self-check: what hangs or dies does so where it is called for its answer alone.
    """
    notebook = hand_out(unit, folder / unit)
    file = checkfile.read(notebook.parent / FILE_NAME)
    handout = notebooks.code_cells(notebook.read_bytes())

    def verdict(examiner: Examiner, source: str) -> list[tuple[str, bool, str]]:
        """The visible checks; how many numbers are wrong may hang on the order of a set."""
        checks = examine.visible(examiner, submissions[source], programs[source])
        return [(check.name, check.passed, re.sub(r"\d+", "…", check.message)) for check in checks]

    submissions: dict[str, Submission] = {}
    for source, function in programs.items():
        cells = notebooks.code_cells(write(notebook, RIGHT[unit] | {function: source}).read_bytes())
        submissions[source] = examine.submission(file, notebook, cells)
    as_they_came = frozenset(cell.source.strip() for cell in handout)
    there = lookup.examiner(file, notebook.parent, locked, as_they_came)
    here = lookup.examiner(file, notebook.parent, lambda: PlainChild(notebook.parent, seconds), as_they_came)
    with Processes(folder) as processes:
        portable = processes.each(lambda source: verdict(here, source), list(programs))
    for source, said in portable.items():
        assert verdict(there, source) == said, source


@pytest.mark.slow
def test_the_portable_child_and_the_locked_one_agree(
    tmp_path: Path, shared_sandbox: Sandbox, own_course: Course
) -> None:
    found: dict[str, tuple[str, str, str]] = {}
    for unit in LEAST:
        for function in own_course.unit(unit).functions:
            assert len(corpus(unit, function.name)) > LEAST[unit]
            for kind, source in kinds(unit, function.name).items():
                one = source, function.name, unit
                found[kind] = min(one, found.get(kind, one), key=lambda one: len(one[0]))
    right = {kind for kind in found if kind.startswith("right ")}
    assert len(right) == len(LEAST)
    assert len(found) > 20 + len(right)
    for unit in LEAST:
        programs = {source: function for source, function, of in found.values() if of == unit}
        agree(unit, programs, tmp_path, shared_sandbox.child)


@pytest.mark.slow
def test_both_end_what_hangs(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    (hanging,) = corpus("embeddings", "one_hot", hangs=True)
    agree("embeddings", {hanging.source: "one_hot"}, tmp_path, shared_sandbox.child, 0.3)
