"""Checks a student's notebook of an assignment that nbgrader made: runs the test cells that are in it.

They run as when it is graded, without what is hidden: in a process that the notebook's code cannot reach, which asks that
code for what it needs. All that is known of the assignment is the notebook itself and what lies beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from autograder import celltext
from autograder.adopted import explained, intake, merging, sitting
from autograder.adopted.explained import Evidence
from autograder.adopted.papers import Paper, PaperCell, Sitting
from autograder.adopted.plainroom import PlainExamRoom
from autograder.errors import CourseError
from autograder.notebook import notebooks
from autograder.records import Cell, Check
from autograder.selfcheck.checked import FunctionCheck, NotebookCheck
from autograder.selfcheck.plain import Processes

CHECK: Final = "test cell"  # what its one check is called
_OURS: Final = "from autograder import check"  # which each of our lessons begins with


def notebooks_in(folder: Path) -> list[Path]:
    """The notebooks in a folder that have test cells, by name."""
    found = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    return [path for path in found if has_any(path)]


def has_any(path: Path) -> bool:
    """Whether a notebook has test cells of nbgrader's that it shows."""
    try:
        return bool(_tests(intake.paper(path)))
    except CourseError:
        return False


def check_notebook(path: Path) -> NotebookCheck:
    """What each of a notebook's test cells says.

    Raises CourseError where there is none, UnreadableError for what is no notebook and SandboxError where no process can be had.
    """
    raw = notebooks.read_bytes(path)
    cells = notebooks.saved(raw)
    paper = intake.paper(path)
    tests = _tests(paper)
    if not tests:
        raise CourseError(f"{path.name} has no test cells of nbgrader's, and no checks.json lies beside it")
    steps = merging.steps(paper, cells)
    folder = path.parent.absolute()
    with Processes(folder) as processes:
        sat = sitting.sit(PlainExamRoom(paper, folder), steps, processes.start)
    evidence = Evidence(paper, steps, sat)
    run = [Cell(step.index, step.source) for step in steps]
    left_out = [
        f"{celltext.named(run, index)} was left out: it {died.detail}."
        for index, died in sat.left_out.items()
    ]
    return NotebookCheck(
        path,
        path.stem,
        tuple(_checked(evidence, cell, sat) for cell in tests),
        tuple(dict.fromkeys(left_out)),
        adopted=True,
    )


def _tests(paper: Paper) -> list[PaperCell]:
    """The test cells that have any text left; what is hidden in all of its lines tells nothing here.

    None in a lesson of ours, whose check cells say what `checks.json` holds.
    """
    if any(_OURS in cell.source for cell in paper.cells):
        return []
    return [cell for cell in paper.cells if cell.kind == "test" and cell.source.strip()]


def _checked(evidence: Evidence, cell: PaperCell, sat: Sitting) -> FunctionCheck:
    verdict = next(one for one in sat.verdicts if one.grade_id == cell.grade_id)
    passed = verdict.failure is None and verdict.score >= verdict.max_score
    told = None if passed else explained.explained(evidence, cell)
    message = told.message if told is not None else ""
    check = Check(CHECK, passed, cell.points, message, hidden=False)
    if told is None:
        return FunctionCheck(cell.grade_id, (check,), adopted=True)
    return FunctionCheck(
        cell.grade_id,
        (check,),
        diagnoses=told.diagnoses,
        explanation=told.explanation,
        source=told.source,
        notes=(told.note,) if told.note else (),
        adopted=True,
    )
