"""What grading and self-checking cost in one checkout of this repository against another, in one run.

    python benchmarks/checkouts.py BASE [NEW] [--right | --wrong PERCENT] [--students N] [--rounds N]

The corpus of student code is handed in for each unit of the course, the same notebooks in both; with --right what of it
is right in its own way, of which nothing is explained; with --wrong so many in a hundred students have something wrong. The
checkouts take turns, so that a busy machine slows both alike. Told is the CPU time of the whole process tree: the median of the rounds, and
the ratio of NEW (by default the checkout that this file is in) to BASE. Each runs with the environment in its own `.venv`,
which `make .venv/instructor` sets up there.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import measure

from autograder.course import corpus, coursefile, material, solution
from autograder.records import Course, Unit

ROOT: Final = Path(__file__).resolve().parents[1]
_COMMAND: Final = "from autograder.cli import main; main()"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("new", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--right", action="store_true", help="right code alone")
    parser.add_argument(
        "--wrong", type=int, help="so many percent of the students are wrong, the others right"
    )
    parser.add_argument("--students", type=int, default=20, help="of each unit (20)")
    parser.add_argument("--rounds", type=int, default=3, help="(3)")
    asked = parser.parse_args()
    checkouts = {"base": asked.base.resolve(), "new": asked.new.resolve()}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        loaded = coursefile.load(ROOT / "course.toml")
        for unit in loaded.units:
            for student, notebook in _notebooks(
                loaded, unit, asked.students, wrong=0 if asked.right else asked.wrong
            ):
                place = folder / "submitted" / student / unit.name
                place.mkdir(parents=True)
                (place / f"{unit.name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        spent = _spent(checkouts, folder, [unit.name for unit in loaded.units], asked.rounds)
    print(f"{'':32}  base s   new s   ratio")
    for what, by in spent.items():
        base, new = (statistics.median(by[name]) for name in checkouts)
        print(f"{what:32}  {base:6.2f}  {new:6.2f}  {new / base:6.2f}")


def _notebooks(
    course: Course, unit: Unit, most: int, *, wrong: int | None = None
) -> Iterator[tuple[str, dict[str, object]]]:
    """Students by turns of the unit's functions, each with one example in the place of the solution.

    So many percent of them have a wrong one, all along the class; by default they are as in the corpus.
    """
    if wrong is None:
        turns = list(_turns(course, unit, {True, False}))[:most]
    else:
        right, others = (_turns(course, unit, {kind}) for kind in (True, False))
        is_wrong = [n * wrong // 100 > (n - 1) * wrong // 100 for n in range(1, most + 1)]
        found = (next(others if one else right, None) for one in is_wrong)
        turns = [pair for pair in found if pair is not None]
    for number, (function, example) in enumerate(turns, 1):
        document = solution.solved(course, unit)
        solution.rewrite(document, function, example.source)
        yield f"student-{number:03}", document


def _turns(course: Course, unit: Unit, right: set[bool]) -> Iterator[tuple[str, material.Example]]:
    """Functions by turns, each with an example of it; `right`: which kinds."""
    known = material.load(course, unit)
    examples = [
        [(one.name, two) for two in corpus.examples(known, one.name) if (two.expect == "right") in right]
        for one in unit.functions
    ]
    for row in itertools.zip_longest(*examples):
        yield from (pair for pair in row if pair is not None)


def _spent(
    checkouts: dict[str, Path], folder: Path, units: list[str], rounds: int
) -> dict[str, dict[str, list[float]]]:
    """CPU seconds by what was done and by checkout."""
    spent: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds):
        for name, checkout in list(checkouts.items())[:: 1 if number % 2 else -1]:
            for unit in units:
                out, own = folder / f"out-{name}", folder / f"own-{name}"
                grade = (
                    "grade",
                    unit,
                    "--submitted",
                    str(folder / "submitted"),
                    "--out",
                    str(out),
                    "--jobs",
                    "1",
                )
                shutil.copytree(checkout / "assignments" / unit, own)
                shutil.copy(folder / "submitted" / "student-002" / unit / f"{unit}.ipynb", own)
                for what, arguments in (("grade", grade), ("check", ("check", str(own)))):
                    cost = measure.run(
                        [str(checkout / ".venv" / "bin" / "python"), "-c", _COMMAND, *arguments],
                        folder=checkout,
                        log=folder / "log",
                        environment={"AUTOGRADER_SECRET_FILE": str(folder / "secret")},
                        check=what == "grade",  # a self-check exits with 1 where it finds something
                    )
                    spent.setdefault(f"{what} {unit}", {}).setdefault(name, []).append(cost.cpu)
                shutil.rmtree(out)
                shutil.rmtree(own)
    return spent


if __name__ == "__main__":
    main()
