"""Measures the diagnosis on the corpus of student code: is it right, and what does it cost?

    python benchmarks/diagnosis.py [--function NAME] [--json FILE]

Every example goes through the real worker. Told are how many are named first, right ones earning full marks and
no finding among them, and what it costs to explain one wrong function once its marks are settled: the CPU time
of this process, and the wall time, which holds that of the children that run the code again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring import rehearsal
from autograder.course import corpus, coursefile
from autograder.course.corpus import Example
from autograder.grading.pipeline import Pipeline
from autograder.records import Course
from autograder.sandbox.children import Sandbox


@dataclass(frozen=True)
class Measured:
    """One example, diagnosed."""

    function: str
    expect: str
    description: str
    found: tuple[str, ...]  # ids, the first first
    right: bool
    milliseconds: float = 0.0  # of CPU in this process; 0 where nothing was to be explained
    wall_milliseconds: float = 0.0


def main() -> int:
    """Measures, prints a table, and exits 1 where a finding is wrong or too dear."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--function", help="this function alone")
    parser.add_argument("--json", type=Path, help="where to write every measurement")
    chosen = parser.parse_args()
    loaded = coursefile.load(coursefile.find(Path(__file__).parent))
    with Sandbox(loaded.limits) as sandbox:
        measured = list(_measure(loaded, sandbox, chosen.function))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(one) for one in measured], indent=1))
    return _report(measured)


def _measure(loaded: Course, sandbox: Sandbox, only: str | None) -> Iterator[Measured]:
    for unit in loaded.units:
        pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
        solved = rehearsal.Notebook.solved(loaded, unit)
        for function in unit.functions:
            if only in (None, function.name):
                for example in corpus.examples(pipeline.examiner.material, function.name):
                    yield _one(pipeline, solved, function.name, example)


def _one(pipeline: Pipeline, solved: rehearsal.Notebook, function: str, example: Example) -> Measured:
    submission = solved.with_function(function, example.source)
    (judged,) = (one for one in pipeline.judge(submission) if one.function.name == function)
    if judged.full_marks:
        return Measured(function, example.expect, example.description, (), example.expect == "right")
    began, wall_began = time.process_time(), time.perf_counter()
    findings = pipeline.findings(judged)
    spent, wall = time.process_time() - began, time.perf_counter() - wall_began
    found = tuple(diagnosis.id for diagnosis in findings.diagnoses)
    right = bool(found) and found[0] == example.expect
    return Measured(function, example.expect, example.description, found, right, 1000 * spent, 1000 * wall)


def _report(measured: list[Measured]) -> int:
    table = Table(title="Diagnosis of the corpus")
    for heading in ("function", "examples", "as expected", "median ms", "slowest ms", "median wall ms"):
        table.add_column(heading, justify="left" if heading == "function" else "right")
    for name in dict.fromkeys(one.function for one in measured):
        own = [one for one in measured if one.function == name]
        table.add_row(name, *_numbers(own))
    table.add_row("all", *_numbers(measured), style="bold")
    console = Console()
    console.print(table)
    for one in measured:
        if not one.right:
            console.print(f"{one.function}: {one.expect}, {one.description}: {one.found or 'nothing'}")
    wrong = [one.milliseconds for one in measured if one.milliseconds]
    dear = statistics.median(wrong) > 30 or max(wrong) > 500
    return int(dear or not all(one.right for one in measured))


def _numbers(measured: list[Measured]) -> tuple[str, ...]:
    wrong = [one for one in measured if one.milliseconds]
    spent, wall = [one.milliseconds for one in wrong], [one.wall_milliseconds for one in wrong]
    return (
        str(len(measured)),
        str(sum(one.right for one in measured)),
        f"{statistics.median(spent):.1f}",
        f"{max(spent):.1f}",
        f"{statistics.median(wall):.1f}",
    )


if __name__ == "__main__":
    sys.exit(main())
