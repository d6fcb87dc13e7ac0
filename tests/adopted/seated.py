"""A sitting as it is where people are graded: real processes, one notebook, its instructor's solution or other answers."""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from autograder.adopted import marked
from autograder.adopted.examroom import ExamRoom
from autograder.adopted.papers import Paper, PaperCell, Sitting, Step, Verdict
from autograder.adopted.sitting import sit
from autograder.dialect import NBGRADERS
from autograder.records import Limits
from autograder.sandbox.children import Sandbox

POINTS = 2.0
# What never ends uses them up, in several tests again and again.
LIMITS = Limits(cpu_seconds=0.3, memory_mib=384, submission_seconds=60.0)
# Cells of a notebook, each "kind name" with its text: "solution", "test", "locked", "free".
Cells = Mapping[str, str]


def paper(cells: Cells, folder: Path) -> Paper:
    """The notebook of these cells."""
    made = []
    for index, (title, source) in enumerate(cells.items()):
        kind, name = title.split(" ", 1)
        shown, hidden = marked.shown(source, kind, True, NBGRADERS)  # type: ignore[arg-type]
        grade_id = "" if kind == "free" else name
        points = POINTS if kind == "test" else 0.0
        if kind != "test":
            hidden = frozenset()
        made.append(PaperCell(index, kind, source, grade_id, points, shown, True, hidden))  # type: ignore[arg-type]
    return Paper("ps1", tuple(made), folder / "ps1.ipynb")


def steps(of: Paper, answers: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    """What runs for a student with these answers, by name; of cells without one the solution."""
    return tuple(
        Step(
            number,
            (answers or {}).get(cell.grade_id, cell.source),
            cell.kind,
            cell.grade_id,
            cell.kind not in ("locked", "test"),
        )
        for number, cell in enumerate(of.cells)
    )


class Room:
    """An open room for a notebook, and a sandbox."""

    def __init__(self, of: Paper, room: ExamRoom, sandbox: Sandbox) -> None:
        self.paper, self.room, self.sandbox = of, room, sandbox

    def sit(self, answers: Mapping[str, str] | None = None, **options: Any) -> Sitting:
        """What comes of these answers."""
        return sit(self.room, steps(self.paper, answers), self.sandbox.child, **options)


@contextlib.contextmanager
def opened(cells: Cells, files: Mapping[str, str] | None = None, limits: Limits = LIMITS) -> Iterator[Room]:
    """A room for these cells, with these files beside the notebook."""
    if files is None and limits == LIMITS:
        folder, sandbox = _without_files()
        of = paper(cells, folder)
        with ExamRoom(of, folder) as room:
            yield Room(of, room, sandbox)
        return
    folder = _folder()
    try:
        for name, text in (files or {}).items():
            (folder / name).write_text(text, "utf-8")
        of = paper(cells, folder)
        names = [Path(name) for name in files or {}]
        with Sandbox(limits, folder=folder, lasting=True) as sandbox, ExamRoom(of, folder, names) as room:
            yield Room(of, room, sandbox)
    finally:
        shutil.rmtree(folder)


@cache
def _without_files() -> tuple[Path, Sandbox]:
    """An empty folder and a sandbox on it, for all rooms that need no more: it ends with this process."""
    folder = _folder()
    sandbox = Sandbox(LIMITS, folder=folder, lasting=True)
    atexit.register(shutil.rmtree, folder)
    atexit.register(sandbox.close)
    return folder, sandbox


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="seated-"))
    folder.chmod(0o755)
    return folder


def scores(sitting: Sitting) -> Mapping[str, float]:
    """By cell."""
    return {one.grade_id: one.score for one in sitting.verdicts}


def verdict(sitting: Sitting, name: str) -> Verdict:
    """Of one cell."""
    return next(one for one in sitting.verdicts if one.grade_id == name)


def tests(cells: Cells) -> Sequence[str]:
    """The names of the test cells."""
    return [title.split(" ", 1)[1] for title in cells if title.startswith("test ")]
