"""Measures what students are told where a unit is no more than its lesson: solutions and sizes, and no catalogue at all.

    python benchmarks/leastform.py [--sample N] [--seed TEXT] [--function NAME] [--json FILE]

The functions of the course that are straight lines of NumPy, as a unit in least form: `openworld.py` on it, with the same
right forms and the same makers of mistakes, of which nobody has listed one. Exits 1 where a right form is found fault
with, or where fewer than three in four mistakes get the step or the line.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import openworld
from rich.console import Console

from autograder.authoring.rehearsal import Rehearsal
from autograder.course import corpus, coursefile
from autograder.course.lesson import Lesson
from autograder.grading.pipeline import Pipeline
from autograder.records import Course

DUE: Final = 0.75
_ROOT: Final = Path(__file__).parents[1]
_UNITS: Final = {"embeddings": ["project_qkv"], "self-attention": ["scaled_scores", "softmax", "attend"], "multi-head": ["multi_head"]}  # fmt: skip
_SIZES: Final = {
    "project_qkv": 'embeddings: "n d_model", W_Q: "d_model d_k", W_K: "d_model d_k", W_V: "d_model d_v"',
    "scaled_scores": 'Query: "n_q d_k", Key: "n_k d_k"',
    "softmax": 'x: "... n, huge"',
    "attend": 'Query: "n_q d_k", Key: "n_k d_k", Value: "n_k d_v"',
    "multi_head": 'embeddings: "n d_model", W_Q: "h d_model d_k, h >= 2", W_K: "h d_model d_k", W_V: "h d_model d_v", W_O: "h*d_v d_model"',
}  # fmt: skip
_CELL: Final = '# %% nbgrader={{"grade": {1}, "grade_id": "{0}", "locked": {1}, {3}"schema_version": 3, "solution": {2}, "task": false}}\n'


def course(root: Path) -> Course:
    """The course of one unit in least form, written into a folder."""
    cells = ["# %%\nimport numpy as np\n\nfrom autograder import check\n\n"]
    for unit, names in _UNITS.items():
        lesson = Lesson.read(_ROOT / "solutions" / unit / f"{unit}.py", names)
        for name in names:
            source = re.sub(
                rf"def {name}\(.*?\):", f"def {name}({_SIZES[name]}):", lesson.source(lesson.written(name))
            )
            cells.append(_CELL.format(name, "false", "true", "") + f"{source}\n\n")
            cells.append(
                _CELL.format(f"check-{name}", "true", "false", '"points": 3, ') + f"check({name})\n\n"
            )
    folder = root / "solutions" / "least"
    folder.mkdir(parents=True)
    folder.joinpath("least.py").write_text("".join(cells), encoding="utf-8")
    listed = "".join(f'{{ name = "{name}", points = 3.0 }}, ' for name in _SIZES)
    root.joinpath("course.toml").write_text(
        f'format = 1\ntitle = "Least"\npublic_seed = 11\n[[units]]\nname = "least"\nfunctions = [{listed}]\n',
        encoding="utf-8",
    )
    return coursefile.load(root / "course.toml")


def functions(
    loaded: Course, sandbox: openworld.Counting, only: str | None
) -> list[tuple[str, openworld.Measuring]]:
    """Each function with its right forms: those of the course's corpus, and of `benchmarks/forms/`."""
    (unit,) = loaded.units
    pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
    rehearsal = Rehearsal.of(pipeline)
    found = []
    for home, names in _UNITS.items():
        for function in (one for one in unit.functions if one.name in names and only in (None, one.name)):
            forms = []
            for folder in (_ROOT / "solutions" / home / "examples", openworld.FORMS):
                held = replace(pipeline.examiner.material, examples=folder)
                forms += [one for one in corpus.examples(held, function.name) if one.expect == "right"]
            found.append((function.name, openworld.Measuring(rehearsal, function, tuple(forms), sandbox)))
    return found


def main() -> int:
    """Measures, prints the tables of `openworld.py`, and says whether enough is told."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sample", type=int, default=200, help="mistakes, over all functions")
    parser.add_argument("--seed", default="1", help="which they are")
    parser.add_argument("--function", help="this function alone")
    parser.add_argument("--json", type=Path, help="where to write every measurement")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        loaded = course(Path(folder))
        with openworld.Counting(loaded.limits) as sandbox:
            measured = functions(loaded, sandbox, chosen.function)
            wrongly = [line for _, one in measured for line in one.faults()]
            told = list(openworld.measured(measured, chosen.sample, chosen.seed, double=False))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(one) for one in told], indent=1))
    openworld.report(told, chosen.seed)
    for line in wrongly:
        Console().print(line)
    either = sum(one.cause or one.off == 0 for one in told) / max(1, len(told))
    Console().print(f"{either:.1%} of {len(told)} mistakes get the step or the line; {DUE:.0%} are due")
    return int(bool(wrongly) or either < DUE)


if __name__ == "__main__":
    sys.exit(main())
