"""Measures this kit, plain nbgrader and Otter-Grader on the same submissions in one run on one machine.

    python benchmarks/compare.py [--students N] [--peer-students N] [--without-peers]

The kit does all it does: lock-in, hidden checks, diagnosis, feedback pages, gradebook, class page. The peers, which
take seconds for each submission, get fewer of them. Costs are those of a submission once everything has started: of a
large class less those of a small one; start-up is told apart. Writes `benchmarks/results/compare.json`, and the
tables in `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import classes
import measure
import peers
import tables
from classes import UNIT, Kind, Student
from measure import Cost

from autograder.version import __version__

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "compare.json"
KIT: Final = "this kit"
RELEASE: Final = ROOT / "assignments" / UNIT / f"{UNIT}.ipynb"
_COMPARED: Final[tuple[Kind, ...]] = ("right", "mixed-without-hangs")
_KINDS: Final[tuple[Kind, ...]] = (
    *_COMPARED,
    "mixed",
)  # what a hang costs is a matter of limits, which differ


@dataclass(frozen=True)
class Row:
    """What one grader costs for one kind of class."""

    grader: str
    version: str
    kind: Kind
    students: int
    startup: float  # seconds of CPU time
    cpu: float  # seconds of CPU time a submission
    wall: float  # seconds a submission
    memory: int  # bytes of the whole tree at the peak


def main() -> None:
    """Measures, writes and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--students", type=int, default=1000, help="submissions for the kit (1000)")
    parser.add_argument("--peer-students", type=int, default=10, help="submissions for each peer (10)")
    parser.add_argument("--without-peers", action="store_true", help="measure the kit alone")
    asked = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as folder:
        for kind in _KINDS:
            rows.append(kit(Path(folder) / f"kit-{kind}", kind, asked.students))
            say(rows[-1])
        for kind in () if asked.without_peers else _COMPARED:
            students = list(classes.students(RELEASE, kind, asked.peer_students))
            rows.append(_nbgrader(Path(folder) / f"nbgrader-{kind}", kind, students))
            say(rows[-1])
            rows.append(_otter(Path(folder) / f"otter-{kind}", kind, students))
            say(rows[-1])
    machine = {
        "processor": tables.processor(),
        "processors": tables.processors(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    RESULTS.parent.mkdir(exist_ok=True)
    found = {"machine": machine, "rows": [asdict(row) for row in rows]}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")
    tables.rewrite(ROOT / "docs" / "performance.md", "compare", tables.comparison(found))
    print(tables.comparison(found))


def kit(folder: Path, kind: Kind, count: int) -> Row:
    """The whole of `autograder grade`, for a small class and a large one."""
    small = min(20, count // 2)
    few, many = (_grade(folder / str(size), kind, size) for size in (small, count))
    return _row(KIT, __version__, kind, small, few, count, many)


def course(folder: Path) -> Path:
    """A copy of the course in this repository, with nothing handed in."""
    folder.mkdir(parents=True)
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def grade(folder: Path, *options: str) -> Cost:
    """What `autograder grade` costs in a course folder."""
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", UNIT, *options]
    return measure.run(command, folder=folder, log=folder / "grade.log")


def say(row: Row) -> None:
    """A line while it goes on."""
    print(
        f"{row.grader} {row.kind}: {row.cpu * 1000:.1f} ms CPU, {row.wall * 1000:.1f} ms a submission",
        flush=True,
    )


def _grade(folder: Path, kind: Kind, count: int) -> Cost:
    made = course(folder)
    classes.hand_in(made / "submitted", RELEASE, kind, count)
    return grade(made)


def _nbgrader(folder: Path, kind: Kind, students: list[Student]) -> Row:
    peer = peers.install("nbgrader")
    few = peers.nbgrader(peer, folder / "one", RELEASE, students[:1])
    many = peers.nbgrader(peer, folder / "all", RELEASE, students)
    return _row("nbgrader", peer.version, kind, 1, few, len(students), many)


def _otter(folder: Path, kind: Kind, students: list[Student]) -> Row:
    peer = peers.install("otter-grader")
    cost = peers.otter(peer, folder, students)
    count = len(students)
    return Row(
        "Otter-Grader", peer.version, kind, count, 0.0, cost.cpu / count, cost.wall / count, cost.memory
    )


def _row(grader: str, version: str, kind: Kind, small: int, few: Cost, count: int, many: Cost) -> Row:
    """A line through two sizes of class: what each more costs, and what is left at none."""
    cpu = (many.cpu - few.cpu) / (count - small)
    wall = (many.wall - few.wall) / (count - small)
    return Row(grader, version, kind, count, few.cpu - small * cpu, cpu, wall, max(few.memory, many.memory))


if __name__ == "__main__":
    main()
