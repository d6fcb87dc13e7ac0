"""Takes assignments of nbgrader's into the kit as they are, and holds the kit's points against nbgrader's own.

    python benchmarks/adopted.py FOLDER ... [--only NAME ...] [--work DIR] [--timed N] [--write]

Each FOLDER is an assignment, or holds assignments; an `origins.json` beside them says where each is from and under
which licence: `[{"name": …, "repository": …, "licence": …, "subject": …}]`. For each, the instructor's own solution,
the stub that students get and one wrong version are graded by plain nbgrader and by the kit, and every served cell's
points are compared. With `--timed N`, N signed copies of the solution more say what a submission costs. Nothing of an
assignment is written anywhere but under `--work`: the table in `docs/adopted.md` has names and counts alone.

Assignments of others are programs of others: run this where they have no network, such as
`unshare -rn sh -c 'ip link set lo up; python benchmarks/adopted.py …'`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

import compare
import handins
import msgspec
import tables
from handins import NO_MARK, Course, Mark, Notebook
from measure import CommandFailedError
from rich.progress import Progress

from autograder.version import __version__

RESULTS: Final = compare.ROOT / "benchmarks" / "results" / "adopted.json"
PAGE: Final = compare.ROOT / "docs" / "adopted.md"
VERSIONS: Final = ("solution", "stub", "wrong")  # who hands them in
Notebooks: TypeAlias = dict[str, Notebook]  # by name
Seen: TypeAlias = Mapping[str, Mapping[str, Mark]]  # by version and cell


@dataclass(frozen=True)
class Origin:
    """Where an assignment is from."""

    name: str
    repository: str = "its own"
    licence: str = "none stated"
    subject: str = ""


@dataclass(frozen=True)
class Cell:
    """What `autograder adopt` says of one test cell."""

    name: str  # as results name it
    served: str  # "served", "handles", "not-served"
    why: str = ""


@dataclass(frozen=True)
class Difference:
    """A served cell to which the two give other points."""

    cell: str
    version: str
    nbgrader: float | None
    kit: float | None


@dataclass(frozen=True)
class Row:
    """What came of one assignment."""

    origin: Origin
    notebooks: int
    cells: int  # test cells
    passing: int = (
        0  # of them, those in which the instructor's solution earns full points under nbgrader itself
    )
    served: int = 0  # of the passing
    handles: int = 0  # of the served, those that use objects which stay with the student's code
    unserved: Mapping[str, str] = field(default_factory=dict)  # why, by cell; of the passing
    differences: tuple[Difference, ...] = ()
    compared: int = 0  # points: served cells times versions
    nbgrader_cpu: float | None = None  # seconds a submission
    kit_cpu: float | None = None
    date: str = ""  # of the measurement
    version: str = __version__  # of the kit
    failed: str = ""  # the assignment as a whole could not be taken, and why


def main() -> None:
    """Grades, compares, prints, and writes where asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "folders", nargs="+", type=Path, metavar="FOLDER", help="an assignment, or assignments"
    )
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME", help="those whose names begin so")
    parser.add_argument("--work", type=Path, help="keep the courses here; what nbgrader has graded stays")
    parser.add_argument("--timed", type=int, default=0, metavar="N", help="copies to time each grader with")
    parser.add_argument("--write", action="store_true", help="write the results and the table in the docs")
    asked = parser.parse_args()
    chosen = [one for one in assignments(asked.folders) if one[1].name.startswith(tuple(asked.only) or "")]
    with tempfile.TemporaryDirectory(prefix="autograder-adopted-") as scratch, Progress() as progress:
        rows = []
        for folder, origin in progress.track(chosen, description="assignments"):
            rows.append(tried(folder, origin, asked.work or Path(scratch), asked.timed))
            progress.console.print(told(rows[-1]), markup=False, highlight=False, soft_wrap=True)
            if asked.write:
                _write(rows)
    print(table(rows))
    sys.exit(1 if any(row.differences or row.failed for row in rows) else 0)


def _write(rows: Sequence[Row]) -> None:
    """Writes results and table; of assignments that were not tried now what is there stays."""
    kept = json.loads(RESULTS.read_bytes())["rows"] if RESULTS.exists() else []
    names = {row.origin.name for row in rows}
    before = (msgspec.convert(one, Row) for one in kept if one["origin"]["name"] not in names)
    found = sorted([*rows, *before], key=lambda row: row.origin.name)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"rows": list(map(asdict, found))}, indent=1) + "\n")
    tables.rewrite(PAGE, "measured assignments", table(found))


def assignments(folders: Sequence[Path]) -> Iterator[tuple[Path, Origin]]:
    """The assignments in folders: a folder with notebooks is one, else each folder in it that has some."""
    for folder in folders:
        places = [folder] if any(folder.glob("*.ipynb")) else sorted(filter(Path.is_dir, folder.iterdir()))
        register = (folder if folder not in places else folder.parent) / "origins.json"
        known = json.loads(register.read_bytes()) if register.exists() else []
        origins = {
            one["name"]: Origin(one["name"], one["repository"], one["licence"], one["subject"])
            for one in known
        }
        for place in places:
            if any(place.glob("*.ipynb")):
                yield place, origins.get(place.name, Origin(place.name))


def cells_told(printed: str) -> dict[str, Cell]:
    """The test cells in what `autograder adopt --json` printed, by name."""
    found = json.loads(printed[printed.index("{") :])
    return {one["name"]: Cell(one["name"], one["served"], one["why"]) for one in found["cells"]}


def told(row: Row) -> str:
    """A line for each assignment, and one for each cell that is not as under nbgrader."""
    if row.failed:
        return f"{row.origin.name}: {row.failed}"
    cost = ""
    if row.nbgrader_cpu is not None and row.kit_cpu is not None:
        cost = f", {row.nbgrader_cpu:.2f} s and {row.kit_cpu:.3f} s of CPU a submission"
    return "\n".join(
        [
            f"{row.origin.name}: {row.cells} test cells, {row.passing} pass under nbgrader, {row.served} of them served, "
            f"{row.handles} with handles; {len(row.differences)} of {row.compared} points differ{cost}",
            *(f"    {name} not served: {why}" for name, why in row.unserved.items()),
            *(
                f"    {one.cell} {one.version}: nbgrader {one.nbgrader}, kit {one.kit}"
                for one in row.differences
            ),
        ]
    )


def table(rows: Sequence[Row]) -> str:
    """All assignments, as Markdown: no word of theirs but their names."""
    lines = [
        f"Measured on {', '.join(sorted({row.date for row in rows}))}.",
        "",
        "| assignment | subject | from | licence | test cells | pass under nbgrader | served | with handles | points compared | equal | CPU, times nbgrader's |",
        "|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    good = [row for row in rows if not row.failed]
    for row in good:
        faster = f"1/{row.nbgrader_cpu / row.kit_cpu:.0f}" if row.nbgrader_cpu and row.kit_cpu else ""
        cells = (
            row.origin.name,
            row.origin.subject,
            row.origin.repository,
            row.origin.licence,
            *map(str, (row.cells, row.passing, row.served, row.handles, row.compared)),
            str(row.compared - len(row.differences)),
            faster,
        )
        lines.append(f"| {' | '.join(cells)} |")
    sums = [
        sum(counts)
        for counts in zip(
            *((row.cells, row.passing, row.served, row.handles, row.compared) for row in good), strict=True
        )
    ]
    if sums:
        equal = sums[4] - sum(len(row.differences) for row in good)
        share = f"{sums[2] / sums[1]:.0%}" if sums[1] else ""
        lines.append(
            f"| **together** | | | | **{sums[0]}** | **{sums[1]}** | **{sums[2]}** ({share}) | **{sums[3]}** | **{sums[4]}** | **{equal}** | |"
        )
    return "\n".join(lines)


def tried(folder: Path, origin: Origin, work: Path, timed: int) -> Row:
    """One assignment under both graders, in two courses below `work`."""
    source = handins.notebooks(folder)
    full = handins.tests(source)
    row = Row(origin, len(source), len(full), date=f"{datetime.now(UTC):%Y-%m-%d}")
    place = work / origin.name
    try:
        released, theirs = _by_nbgrader(folder, place / "nbgrader", origin.name)
        handed_in = _handed_in(source, released)
        made, cells, ours = _by_kit(folder, place / "kit", origin.name, handed_in)
    except CommandFailedError as error:
        return replace(row, failed=str(error).strip().splitlines()[-1])
    passing = [name for name, points in full.items() if theirs["solution"].get(name) == Mark(points, True)]
    served = [name for name in passing if name in ours["solution"]]
    differences = tuple(
        Difference(name, version, *marks)
        for version in VERSIONS
        for name in ours["solution"]
        if (
            marks := _difference(
                theirs[version].get(name, NO_MARK), ours[version].get(name, NO_MARK), full[name]
            )
        )
    )
    row = replace(
        row,
        passing=len(passing),
        served=len(served),
        handles=sum(cells[name].served == "handles" for name in served),
        unserved={name: cells[name].why for name in passing if name not in ours["solution"]},
        differences=differences,
        compared=len(ours["solution"]) * len(VERSIONS),
    )
    if timed and served:
        nbgrader, kit = _costs(folder, place, origin.name, source, made, timed)
        row = replace(row, nbgrader_cpu=nbgrader, kit_cpu=kit)
    return row


def _difference(nbgrader: Mark, kit: Mark, full: float) -> tuple[float | None, float | None] | None:
    """Both's points where they differ; of a cell of no points 1 where it passes, for it earns them either way."""
    if nbgrader.points != kit.points:
        return nbgrader.points, kit.points
    if full or nbgrader.passed == kit.passed:
        return None
    return float(nbgrader.passed), float(kit.passed)


def _handed_in(source: Mapping[str, Notebook], released: Mapping[str, Notebook]) -> dict[str, Notebooks]:
    """What is handed in, by version."""
    return {"solution": dict(source), "stub": dict(released), "wrong": handins.wronged(source)}


def _by_nbgrader(folder: Path, place: Path, unit: str) -> tuple[Notebooks, Seen]:
    """What students get, and nbgrader's points; as they are where they were kept."""
    kept = place / "marks.json"
    if kept.exists():
        marks = {
            version: {name: Mark(*mark) for name, mark in cells.items()}
            for version, cells in json.loads(kept.read_bytes()).items()
        }
        return handins.notebooks(place / "release" / unit), marks
    shutil.rmtree(place, ignore_errors=True)
    made = handins.course(place, folder, unit)
    released = handins.released(made)
    for version, notebooks in _handed_in(handins.notebooks(made.source), released).items():
        made.hand_in(version, notebooks)
    made.nbgrader("autograde", unit, check=False)
    points = handins.by_nbgrader(made, VERSIONS)
    kept.write_text(json.dumps(points, indent=1))
    return released, points


def _by_kit(
    folder: Path, place: Path, unit: str, handed_in: Mapping[str, Notebooks]
) -> tuple[Course, dict[str, Cell], Seen]:
    """What the kit says of each cell, and its points."""
    shutil.rmtree(place, ignore_errors=True)
    made = handins.course(place, folder, unit)
    said = made.autograder("adopt", f"source/{unit}", "--json", check=False)
    if "{" not in said:
        raise CommandFailedError("autograder adopt says nothing of it")
    cells = cells_told(said)
    for version, notebooks in handed_in.items():
        made.hand_in(version, notebooks)
    made.autograder("grade", unit)
    return made, cells, handins.by_kit(made, VERSIONS)


def _costs(
    folder: Path, place: Path, unit: str, source: Mapping[str, Notebook], kit: Course, count: int
) -> tuple[float, float]:
    """Seconds of CPU time that one submission more costs either: a large class less a small one.

    nbgrader gets one submission and `count`, the kit `count` and ten times as many.
    """
    shutil.rmtree(place / "timed", ignore_errors=True)
    plain = handins.course(place / "timed", folder, unit)
    handins.released(plain)
    found = []
    graders: tuple[tuple[Literal["nbgrader", "autograder"], Course, tuple[str, ...], int, int], ...] = (
        ("nbgrader", plain, ("autograde", "generate_feedback"), 1, count),
        ("autograder", kit, ("grade",), count, 10 * count),
    )
    for program, made, commands, few, many in graders:
        spent = []
        shutil.rmtree(made.folder / "submitted", ignore_errors=True)
        for size in (few, many):
            for student in (f"student{number}of{size}" for number in range(size)):
                made.hand_in(student, handins.signed(source, student))
            spent.append(sum(made.cost(program, command, unit).cpu for command in commands))
        found.append((spent[1] - spent[0]) / (many - few))
    return found[0], found[1]


if __name__ == "__main__":
    main()
