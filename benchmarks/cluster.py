"""Measures what a Dask cluster costs beside the same class in two processes of this machine.

    python benchmarks/cluster.py [--students N]

A scheduler and two workers run on this machine, over TLS with certificates of their own. Counted is all of it: what hands
out and writes, scheduler, workers, what grades. Costs are those of a submission, of a class less those of a small one,
so that no start counts. Writes the table in `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import classes
import compare
import measure
import tables
from measure import Cost

sys.path.insert(0, str(compare.ROOT / "tests"))

import dasks  # of the tests: the same cluster

_FEW = 40


def main() -> None:
    """Measures, writes and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--students", type=int, default=440, help="submissions of the large class (440)")
    count = parser.parse_args().students
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as name:
        folder = Path(name)
        few, many = (handed_in(folder / str(size), size) for size in (_FEW, count))
        jobs = _each(count, *(local(place) for place in (few, many)))
        ways = []
        # Around all of it, so that the cluster's own processes are in it.
        with measure.counted() as spent, dasks.running(folder) as dask:
            os.environ.update(dask.environment)
            for place in (few, many):
                before = spent.cpu
                cost = on(place, dask.address)
                ways.append((cost.wall, spent.cpu - before))
        cluster = _each(count, *ways)
    text = table({"two jobs": jobs, "a cluster of two workers": cluster})
    tables.rewrite(compare.ROOT / "docs" / "performance.md", "cluster", text)
    print(text)


def handed_in(folder: Path, count: int) -> Path:
    """A course with a class of right submissions."""
    made = compare.course(folder)
    classes.hand_in(made / "submitted", compare.RELEASE, "right", count)
    return made


def local(place: Path) -> tuple[float, float]:
    """Wall and CPU seconds of two jobs."""
    cost = compare.grade(place, "--jobs", "2", "--out", str(place / "local"))
    return cost.wall, cost.cpu


def on(place: Path, address: str) -> Cost:
    """What the command alone costs that hands out to a cluster; its workers are not below it."""
    return compare.grade(place, "--cluster", address, "--out", str(place / "cluster"))


def _each(count: int, few: tuple[float, float], many: tuple[float, float]) -> tuple[float, float]:
    wall, cpu = ((of_many - of_few) / (count - _FEW) for of_few, of_many in zip(few, many, strict=True))
    return wall, cpu


def table(found: dict[str, tuple[float, float]]) -> str:
    """Side by side, the first being what the others are held against."""
    lines = [
        "| | CPU a submission | wall a submission | CPU, times | wall, times |",
        "|---|---:|---:|---:|---:|",
    ]
    base_wall, base_cpu = next(iter(found.values()))
    for name, (wall, cpu) in found.items():
        lines.append(
            f"| {name} | {cpu * 1000:.1f} ms | {wall * 1000:.1f} ms | {cpu / base_cpu:.2f} | {wall / base_wall:.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
