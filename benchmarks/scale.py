"""Measures how time and memory grow with the class, and what grading again costs.

    python benchmarks/scale.py [SIZE ...]

The class is mixed, and nobody hangs. After each first run the same command is given again, over unchanged work.
Writes `benchmarks/results/scale.json`, the table in `docs/performance.md` and the picture `docs/scale.svg`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any, Final

import classes
import compare
import tables

RESULTS: Final = compare.ROOT / "benchmarks" / "results" / "scale.json"


def main() -> None:
    """Measures, writes and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[100, 1000], metavar="SIZE", help="(100 1000)")
    asked = parser.parse_args()
    # Sizes measured at other times stay: ten thousand take a while.
    points: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as folder:
        startup = point(Path(folder) / "20", 20)
        for size in asked.sizes:
            found = point(Path(folder) / str(size), size)
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
    """A class of one size, graded twice."""
    made = compare.course(folder)
    released = made / "assignments" / classes.UNIT / f"{classes.UNIT}.ipynb"
    classes.hand_in(made / "submitted", released, "mixed-without-hangs", size)
    first, again = compare.grade(made), compare.grade(made)
    kept = [
        path for name in ("results", "feedback", "autograded", "report") for path in (made / name).rglob("*")
    ]
    return {
        "first_cpu": first.cpu,
        "first_wall": first.wall,
        "again_cpu": again.cpu,
        "again_wall": again.wall,
        "memory": first.memory,
        "files": sum(path.stat().st_size for path in kept if path.is_file()),
        "gradebook": (made / "gradebook.db").stat().st_size,
        "class_page": (made / "report" / f"{classes.UNIT}.html").stat().st_size,
    }


if __name__ == "__main__":
    main()
