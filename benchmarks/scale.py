"""Measures how time and memory grow with the class, and what grading again and one more submission cost.

    python benchmarks/scale.py [SIZE ...] [--folder DIR]

The class is mixed, and nobody hangs. After the first run the same command is given again, over unchanged work, and three
times more when one student has handed in besides, of which the middle counts. A large class is handed in and graded in parts of ten thousand; with --folder
it stays there, and a measurement that was stopped goes on after the last part that was whole. A hundred thousand take some
25 ms of wall time each on two quiet processors, three quarters of an hour, and 12 GB of disk. Writes
`benchmarks/results/scale.json`, the table in `docs/performance.md` and the picture `docs/scale.svg`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import classes
import compare
import tables

_SETTLED: Final = 2.5  # seconds after which what was written is known again by its time
PART: Final = 10_000  # students that are graded in one run for the first time
RESULTS: Final = compare.ROOT / "benchmarks" / "results" / "scale.json"


def main() -> None:
    """Measures, writes and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[100, 1000], metavar="SIZE", help="(100 1000)")
    parser.add_argument("--folder", type=Path, help="where classes are made and kept (a temporary one)")
    asked = parser.parse_args()
    # Sizes measured at other times stay: ten thousand take a while.
    points: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as temporary:
        folder = asked.folder or Path(temporary)
        startup = point(folder / "20", 20)
        for size in asked.sizes:
            found = point(folder / str(size), size)
            each = (found["first_cpu"] - startup["first_cpu"]) / (size - 20)
            points[str(size)] = {**found, "students": size, "cpu_each": each}
            print(points[str(size)], flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(points, indent=1) + "\n")
    rows = sorted(points.values(), key=lambda row: row["students"])
    tables.rewrite(compare.ROOT / "docs" / "performance.md", "scale", tables.growth(rows))
    curve = [(row["students"], row["cpu_each"] * 1000, row["memory"] / 1e6) for row in rows]
    (compare.ROOT / "docs" / "scale.svg").write_text(tables.curve(curve), encoding="utf-8")


def point(folder: Path, size: int) -> dict[str, Any]:
    """A class of one size, graded for the first time, again, and with one more submission."""
    if not folder.exists():
        compare.course(folder)
    released = folder / "assignments" / classes.UNIT / f"{classes.UNIT}.ipynb"
    first = _first(folder, released, size)
    time.sleep(_SETTLED)
    again = compare.grade(folder)
    more = []
    for count in range(size, size + 3):
        time.sleep(_SETTLED)
        classes.hand_in(folder / "submitted", released, "mixed-without-hangs", count + 1, start=count)
        more.append(compare.grade(folder))
    pages = [*(folder / "report").glob(f"{classes.UNIT}*.html")]
    return {
        "first_cpu": sum(part["cpu"] for part in first),
        "first_wall": sum(part["wall"] for part in first),
        "again_cpu": again.cpu,
        "again_wall": again.wall,
        "more_cpu": statistics.median(one.cpu for one in more),
        "more_wall": statistics.median(one.wall for one in more),
        "memory": max(part["memory"] for part in first),
        "files": sum(map(_size, (folder / name for name in ("results", "feedback", "autograded", "report")))),
        "gradebook": (folder / "gradebook.db").stat().st_size,
        "class_page": max(path.stat().st_size for path in pages),
    }


def _first(folder: Path, released: Path, size: int) -> list[dict[str, Any]]:
    """What the first run cost, part by part: those that were measured before are taken as they were."""
    kept = folder / "measured.json"
    parts: list[dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else []
    for start in range(len(parts) * PART, size, PART):
        upto = min(start + PART, size)
        classes.hand_in(folder / "submitted", released, "mixed-without-hangs", upto, start=start)
        cost = compare.grade(folder)
        parts.append({"students": upto, "cpu": cost.cpu, "wall": cost.wall, "memory": cost.memory})
        kept.write_text(json.dumps(parts, indent=1) + "\n")
        print(f"{upto:,} of {size:,}: {cost.wall:.0f} s", flush=True)
    return parts


def _size(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(
        os.lstat(os.path.join(place, name)).st_size for place, _, names in os.walk(folder) for name in names
    )


if __name__ == "__main__":
    main()
