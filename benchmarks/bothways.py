"""Grades the corpus of student code in both ways: proven code in one process for all functions, and each function apart.

    python benchmarks/bothways.py [--every N]

Marks, findings and feedback pages must be the same. Told is each notebook whose are not, how many qualified for one
process, and how many processes either way took.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from unittest import mock

from autograder.checking import together
from autograder.course import corpus, coursefile, material, secret, solution
from autograder.gradebook import results
from autograder.grading.pipeline import Pipeline
from autograder.notebook.places import HandedIn
from autograder.pages import student
from autograder.records import Course, Unit
from autograder.sandbox.children import Sandbox

ROOT: Final = Path(__file__).resolve().parents[1]


def main() -> None:
    """Grades, compares and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="one example in so many (all)")
    every = parser.parse_args().every
    loaded = coursefile.load(ROOT / "course.toml")
    counted: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as scratch,
        Sandbox(loaded.limits) as sandbox,
        mock.patch.object(secret, "is_audited", return_value=False),
    ):
        for unit in loaded.units:
            counted += of_unit(loaded, unit, sandbox, Path(scratch), every)
    print(", ".join(f"{count} {what}" for what, count in sorted(counted.items())))
    sys.exit(1 if counted["different"] else 0)


def of_unit(loaded: Course, unit: Unit, sandbox: Sandbox, folder: Path, every: int) -> Counter[str]:
    """What came of the examples of one unit."""
    counted: Counter[str] = Counter()

    def start(*modules: Any) -> Any:
        counted[f"processes {way}"] += 1
        return sandbox.child(*modules)

    way = ""
    pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
    pipeline = replace(pipeline, examiner=replace(pipeline.examiner, start=start))
    known = material.load(loaded, unit)
    examples = [(one.name, two) for one in unit.functions for two in corpus.examples(known, one.name)]
    for number, (function, example) in list(enumerate(examples))[::every]:
        document = solution.solved(loaded, unit)
        solution.rewrite(document, function, example.source)
        place = folder / f"s{number}" / unit.name
        place.mkdir(parents=True)
        (place / f"{unit.name}.ipynb").write_text(json.dumps(document), encoding="utf-8")
        way = "together"
        one = _came(pipeline, HandedIn(f"s{number}", place))
        way = "apart"
        with mock.patch.object(together, "_is_proven", return_value=False):
            other = _came(pipeline, HandedIn(f"s{number}", place))
        counted["notebooks"] += 1
        if one != other:
            counted["different"] += 1
            print(f"{unit.name}, {function}: {example.expect} {example.description}")
    return counted


def _came(pipeline: Pipeline, handed_in: HandedIn) -> tuple[bytes, str]:
    report = pipeline.grade(handed_in)
    return results.encode(report), student.student_page(report)


if __name__ == "__main__":
    main()
