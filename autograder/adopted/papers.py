"""The records of an adopted assignment: what its notebooks ask, what a student answers, and what came of each test cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from autograder.data import Argument
from autograder.differences import Beside
from autograder.records import Died, Outcome, Raised

# Of nbgrader's cells, by what they are for. `solution`: students write it, test cells grade it. `test`: graded by
# running it. `manual`: students write it, a person grades it. `task`: a person grades it, and students write in cells
# of their own. `locked`: the instructor's, ungraded. `free`: no cell of nbgrader's, or an editable one; code of students'.
PaperKind: TypeAlias = Literal["solution", "test", "manual", "task", "locked", "free"]


@dataclass(frozen=True)
class PaperCell:
    """One cell of an instructor's notebook."""

    index: int  # among all cells of the notebook, from 0
    kind: PaperKind
    source: str  # as the instructor wrote it: solutions, hidden tests and all
    grade_id: str = ""
    points: float = 0.0
    shown: str = ""  # what students get of it
    is_code: bool = True
    hidden: frozenset[int] = frozenset()  # the lines of `source`, from 1, that students do not get


@dataclass(frozen=True)
class Paper:
    """One notebook of an assignment, as the instructor wrote it."""

    name: str  # of its file, without .ipynb
    cells: tuple[PaperCell, ...]
    path: Path
    language: str = "python"  # of its kernel


def as_shown(paper: Paper) -> Paper:
    """The notebook with what students get of its test cells alone: lines keep their numbers, hidden ones are empty."""
    return replace(paper, cells=tuple(map(_as_shown, paper.cells)))


def _as_shown(cell: PaperCell) -> PaperCell:
    if cell.kind != "test" or not cell.hidden:
        return cell
    lines = enumerate(cell.source.split("\n"), start=1)
    text = "\n".join("" if number in cell.hidden else line for number, line in lines)
    return replace(cell, source=text, hidden=frozenset())


@dataclass(frozen=True)
class Assignment:
    """An assignment of nbgrader's: its notebooks and what lies beside them."""

    name: str
    folder: Path  # in which its source notebooks lie
    papers: tuple[Paper, ...]  # by name, as nbgrader goes through them
    files: tuple[Path, ...] = ()  # beside the notebooks and handed out with them, from `folder` on

    def named(self, paper: Paper, cell: PaperCell) -> str:
        """How a cell is called in course.toml and in results: with its notebook where there are several."""
        return cell.grade_id if len(self.papers) == 1 else f"{paper.name}/{cell.grade_id}"


@dataclass(frozen=True)
class Step:
    """One code cell as it is run for a student: their own text, or the instructor's where that is locked."""

    index: int  # in the order in which they run, from 0
    source: str
    kind: PaperKind
    grade_id: str = ""
    own: bool = (
        True  # the text is the student's; else it is the instructor's and is run as `locked` or `test`
    )


@dataclass(frozen=True)
class Asked:
    """One thing that a test cell asked of a student's code: a call, or the value of a variable."""

    said: str  # as the test cell has it, such as "squares(3)"
    name: str  # of the function or the variable
    arguments: tuple[Argument, ...]  # as they were before the call; what is no plain value is `Other`
    keywords: Mapping[str, Argument]
    outcome: Outcome
    line: int  # of the test cell, from 1
    printed: str = ""
    hidden: bool = False  # the line is none that students get, or uses what such a line has made


@dataclass(frozen=True)
class Failure:
    """Why a test cell did not pass. Nothing of it is shown as it is: `hidden` decides what people see."""

    # assert: a condition of the test's did not hold. raised: the test's own line raised. student: student code raised,
    # and the test let it pass. died: student code did not finish, or ended its process. bounds: what the test did with
    # a value of the student's took more than it may.
    how: Literal["assert", "raised", "student", "died", "bounds"]
    exception: str  # its class
    message: str
    line: int | None  # of the test cell as it ran, from 1
    hidden: bool  # that line is none that students get
    statement: str = ""  # the source of the statement that failed
    beside: Beside | None = None  # what came beside what was due, where the statement compares two values
    comparison: str = ""  # by what it compared them: "==", "allclose", "in", …
    died: Died | None = None
    said: str = ""  # what was looked at, as the test cell has it: "squares(3)", "result[0]"
    names: tuple[str, ...] = ()  # the student's names that it was made with, what was called first


@dataclass(frozen=True)
class Verdict:
    """What one test cell gave."""

    grade_id: str
    score: float
    max_score: float
    failure: Failure | None = None  # None: it ran to its end
    asked: tuple[Asked, ...] = ()  # in order, the last ones before a failure among them
    printed: str = ""


@dataclass(frozen=True)
class Sitting:
    """What came of one notebook of one submission."""

    verdicts: tuple[Verdict, ...]  # of its test cells, in order
    failed: Mapping[int, Raised] = field(default_factory=dict)  # steps that raised, by their index
    left_out: Mapping[int, Died] = field(default_factory=dict)  # steps that hung or ended Python
    absent: tuple[str, ...] = ()  # modules that the grader has not
    printed: str = ""
    handles: frozenset[str] = (
        frozenset()
    )  # the test cells, by grade_id, that used an object which stayed with the child
    # Where a test handed a value to such an object: of the instructor's solution, where one may (`sitting.sit`).
    places: frozenset[str] = frozenset()
