"""The records that walk down the pipeline, each frozen, none with behaviour worth a test of its own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from autograder.data import Argument, Array, Value
from autograder.data import Asks as Asks  # which a child needs without all records
from autograder.dialect import NBGRADERS, Dialect
from autograder.differences import Beside
from autograder.lateness import Late
from autograder.tolerance import Tolerance as Tolerance  # which functions have

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from autograder.earned import Earned

# ------------------------------------------------------------------------------------------- the course


@dataclass(frozen=True)
class Function:
    """One graded function."""

    name: str
    points: float
    tolerance: Tolerance


@dataclass(frozen=True)
class Unit:
    """One unit of the course: a folder with one notebook of the same name, or an assignment that nbgrader made."""

    name: str
    title: str
    functions: tuple[Function, ...]
    brings: tuple[str, ...] = ()  # functions of earlier units that students bring along
    due: datetime | None = None
    groups: bool = False  # whether those of one group on the roster hand in together
    # Of an assignment that nbgrader made, whose functions are its test cells:
    adopted: Path | None = None  # where its source notebooks lie, from the course on; None: a unit of ours
    notebooks: tuple[str, ...] = ()  # their names, in order; of a unit of ours, which has one, empty
    release: Path = Path("release")  # the folder of its student version, from the course's on, is in this one
    unserved: Literal["by-hand"] | None = None  # what becomes of test cells that the kit cannot run
    by_hand: tuple[str, ...] = ()  # those cells, named as its functions are
    explain: Literal["asserts", "steps"] = "asserts"  # what a failed test cell is explained with
    dialect: Dialect = NBGRADERS  # how its notebooks mark solutions and hidden tests

    @property
    def points(self) -> float:
        """The points of all its functions together."""
        return sum(function.points for function in self.functions)


@dataclass(frozen=True)
class Limits:
    """What one graded function may use, and a whole submission with all of them."""

    cpu_seconds: float = 2.0
    memory_mib: int = 512
    output_kib: int = 64  # what is kept of what student code prints
    edit_seconds: float = 0.5  # of CPU time that small edits of one function may use
    submission_seconds: float = 60.0  # what a whole submission may take, waiting included


# How far findings are told to students to begin with (hints.py): the cause at once, or rung by rung.
Hints: TypeAlias = Literal["cause", "ladder"]


@dataclass(frozen=True)
class Course:
    """`course.toml`, read once."""

    root: Path  # the folder of course.toml
    title: str
    public_seed: int
    secret_file: Path
    roster: Path | None
    limits: Limits
    units: tuple[Unit, ...]  # in teaching order
    backups: int = 10  # copies of the gradebook that are kept
    passing_secret: bytes = (
        b""  # in the place of a file that is not there and must not be made; empty: of the file
    )
    hints: Hints = "cause"
    names: Literal["shown", "hidden"] = "shown"  # of students, on class and course pages
    late: Late | None = None  # None: by nbgrader_config.py
    timezone: str = ""  # the IANA name of the zone in which people read times; "": nbgrader's
    # What students type to install the kit; None: that is not said yet, empty: nothing is to be installed.
    install: str | None = None

    def unit(self, name: str) -> Unit:
        """The unit of this name; KeyError where there is none."""
        for unit in self.units:
            if unit.name == name:
                return unit
        raise KeyError(name)

    def released(self, unit: str) -> Path:
        """Where the notebook of a unit lies that students get; of an adopted one, the folder of its notebooks."""
        known = next((one for one in self.units if one.name == unit and one.adopted is not None), None)
        if known is not None:
            return self.root / known.release / unit
        return self.root / "assignments" / unit / f"{unit}.ipynb"

    def source(self, unit: Unit) -> Path:
        """The folder of a unit's source: lesson, reference and graders, or the notebooks of an adopted one."""
        return self.root / (unit.adopted or Path("solutions", unit.name))


# ------------------------------------------------------------------------------------ what is handed in


CellKind: TypeAlias = Literal["code", "markdown", "raw"]


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook, as the student left it."""

    index: int  # among all cells of the notebook, from 0
    source: str
    kind: CellKind = "code"
    large: bool = False  # too much code for the trusted side to parse: what is in it, the child alone learns
    cut: int = 0  # characters that it had beyond what a cell may have


@dataclass(frozen=True)
class SetAside:
    """The text of a definition that is not run as code."""

    cell: Cell
    how: Literal["markdown", "raw", "comment", "magic"]  # a comment in code, or a cell that begins with %%


@dataclass(frozen=True)
class Definition:
    """What a student wrote of one function, one class or one variable, as far as it can be read."""

    cell: Cell | None = None  # the last that defines it, as the last definition counts
    # Its last `def` or `class` in that cell; None for a lambda or a variable, and where it is no Python.
    node: ast.FunctionDef | ast.ClassDef | None = None
    unwritten: bool = False  # it is the stub that the notebook came with
    earlier: tuple[Cell, ...] = ()  # those before it that define it too
    newer: tuple[int, int] | None = None  # the Python that reads its cell, where this one cannot
    set_aside: tuple[SetAside, ...] = ()  # where nothing is written in its place
    alike: tuple[str, ...] = ()  # functions of the notebook with a similar name, where none has its own

    @property
    def source(self) -> str | None:
        """The text of that cell."""
        return self.cell.source if self.cell is not None else None


@dataclass(frozen=True)
class Unplaced:
    """Work that was found and that no result stands for, as people are told of it."""

    where: str  # inside `submitted/`, as text
    why: str  # it is not graded, and what to do
    student: str = ""  # whose it may be, as text; empty where that is not known
    lost: bool = False  # it lies where it belongs, and no result of it can be kept


@dataclass(frozen=True)
class Submission:
    """One student's notebook for one unit, as data."""

    unit: str
    student: str  # the folder's name, unchanged
    path: Path
    cells: tuple[Cell, ...]  # code cells in order
    digest: str  # of the file's bytes
    definitions: Mapping[str, Definition]  # of the unit's functions, and of those that students bring
    other_unit: str = ""  # the title of the unit whose notebook this is, where it is none of its own
    copies: tuple[str, ...] = ()  # notebooks beside it with code for the functions, where it has none


# ------------------------------------------------------------------------------- inputs and what came back

# All but the first are edges. "empty" and "single" are the words of other subjects for no tokens and for one.
CaseKind: TypeAlias = Literal[
    "ordinary", "empty", "single", "large", "edge", "no-tokens", "one-token", "huge", "minus-inf", "unknown-word"
]  # fmt: skip


# Puts other numbers or words in the place of those of a case, drawn from the generator.
Vary: TypeAlias = "Callable[[np.random.Generator, tuple[Argument, ...]], tuple[Argument, ...]]"


@dataclass(frozen=True)
class Case:
    """One input of a function. The three families hold the same cases with different numbers, but for what does not ship."""

    name: str  # the same in every family and under every seed, such as "more queries than keys"
    args: tuple[Argument, ...]
    kind: CaseKind = "ordinary"
    raises: tuple[str, ...] = ()  # the exception classes that are due instead of a value
    asks: Asks = "result"
    # How its structure gets a student's own numbers (course/drawing.py); None: its numbers move a little.
    vary: Vary | None = field(default=None, compare=False, repr=False)
    # What must be true of its arguments, whatever numbers are put in.
    holds: Callable[..., bool] | None = field(default=None, compare=False, repr=False)
    # What must be true of its arguments where it is made small (course/smallest.py); None: what `holds` says.
    small: Callable[..., bool] | None = field(default=None, compare=False, repr=False)
    of: str = ""  # of one that is made small: the name of the case that it is made of
    ships: bool = True  # it is among the visible checks too, and not too large for them


@dataclass(frozen=True)
class Returned:
    """The function returned."""

    value: Value
    args_after: tuple[Argument | None, ...] = ()  # its arguments, asked back; None where no longer such
    overwritten: bool = field(default=False, compare=False)  # what it gave, by a later call


@dataclass(frozen=True)
class Raised:
    """The function raised."""

    exception: str  # class name
    message: str = ""  # the student's own text: shown for explain and public inputs alone
    line: int | None = None  # within the cell that defines the function, from 1
    ancestors: tuple[str, ...] = field(default=(), compare=False)  # of its class, nearest first
    args_after: tuple[Argument | None, ...] = field(default=(), compare=False)  # as where it returned

    def is_a(self, name: str) -> bool:
        """Whether it is an exception of this class or of one that inherits from it."""
        return name == self.exception or name in self.ancestors


@dataclass(frozen=True)
class Died:
    """The process ended before this call was answered."""

    reason: Literal["timeout", "out-of-memory", "crashed"]
    detail: str = ""


Outcome: TypeAlias = Returned | Raised | Died


@dataclass(frozen=True)
class Redefined:
    """One definition of a notebook, written otherwise."""

    name: str  # that it binds
    cell: int  # that it is from
    source: str


@dataclass(frozen=True)
class TracedValue:
    """An array that one line of a student's function made; it comes from the child, and decides nothing."""

    line: int  # within the cell, from 1
    name: str  # the variable; `return`, or `return[0]` and so on, for what was returned
    value: Array
    held: bool = (
        False  # what the variable holds as the function returns; `line` made it, 0 where that is not known
    )


# --------------------------------------------------------------------------------------- the explanation


@dataclass(frozen=True)
class WorkedStep:
    """One step of the worked answer, for one cell, on inputs that may be shown."""

    name: str  # such as "row maximum"
    sentence: str
    formula: str  # LaTeX
    plain: str  # the same formula for a terminal
    arithmetic: str  # such as "exp(1.20 − 3.40) = 0.1108"


@dataclass(frozen=True)
class Tested:
    """Where an explanation is not about a case that was made for it, but about what a test cell compares."""

    statement: str  # as the test cell has it
    call: str  # what was looked at: "squares(3)", "result[0]"
    name: str  # of the student's function or variable


@dataclass(frozen=True)
class Explanation:
    """Why one function's result is wrong, on one explain input."""

    case: str  # name of the explain case
    inputs: tuple[tuple[str, Argument], ...]  # parameter name and value
    expected: Array | None  # None where an exception was due
    got: Array | None  # None where no array came back
    wrong: npt.NDArray[np.bool_] | None
    first: tuple[int, ...] | None
    part: str | None  # "Key", where one of several returned arrays is shown
    summary: str  # the mismatch in one sentence
    worked: tuple[WorkedStep, ...]  # the first wrong cell, step by step
    observations: tuple[str, ...] = ()  # what is known where nothing is claimed
    labels: tuple[tuple[str, ...], tuple[str, ...]] | None = None  # row and column labels, for tokens
    agrees: tuple[str, ...] = ()  # names of the steps whose right values the function is seen to have
    beside: Beside | None = (
        None  # in place of `got` and `expected`, where a value came or was due that is no array
    )
    tested: Tested | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One misconception that reproduces the student's own results, or a general finding."""

    id: str  # "softmax.wrong-axis"
    title: str
    step: str | None = None  # name of the step where it departs
    line: int | None = None  # within the function's cell, from 1
    why: str = ""  # a few plain sentences: how it comes about
    look: str = ""  # how to see it oneself: one line to run
    read: str = ""  # what to read again in the lesson
    # Of what kind the small edit at this line is that makes it right (explaining/placed.py), where one does.
    kind: str | None = None
    off: str = ""  # what is wrong with the result, and nothing of how it came about
    question: str = ""  # one "why?" to answer for oneself


# ---------------------------------------------------------------------------------------------- verdicts


@dataclass(frozen=True, slots=True)  # a class has hundreds of thousands
class Check:
    """The verdict of one named check."""

    name: str
    passed: bool
    points: float  # what it is worth
    message: str = ""  # never a hidden number
    hidden: bool = True
    tried: bool = True  # whether there was anything to hold it against


@dataclass(frozen=True, slots=True)
class FunctionReport:
    """All that is known of one graded function of one submission."""

    name: str
    score: float
    max_score: float
    carried_forward: bool
    checks: tuple[Check, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    carried_from: tuple[str, ...] = ()  # the functions that a right one stood in for
    note: str = ""  # a line about the score, such as why property checks did not count
    source: str | None = None  # the student's own cell
    test: str = ""  # of a test cell of nbgrader's, what students get of it
    explanation: Explanation | None = None
    earned: Earned | None = None  # what full marks earn, where the author says so
    cluster: str = ""  # what those share whose unexplained results agree (explaining/alike.py)


Status: TypeAlias = Literal["graded", "unreadable", "timeout", "out-of-memory", "crashed", "not-graded"]
Level: TypeAlias = Literal["full", "reduced", "none"]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result of one submission; `results.py` and the pages render it."""

    unit: str
    unit_title: str
    student: str
    status: Status
    score: float | None  # None: not graded, our own failure
    max_score: float
    functions: tuple[FunctionReport, ...]
    reason: str = ""  # why it is not `graded`
    notes: tuple[str, ...] = ()  # cells left out, output cut, and the like
    left_out: tuple[str, ...] = ()  # those of the notes that are about cells which hung or ended Python
    flags: tuple[str, ...] = ()  # those of the notes that a person should look at: another notebook was meant
    level: Level = "full"
    course: str = ""  # digest of course and graders
    submission: str = ""  # digest of what was handed in
    secret: str = ""  # fingerprint of the course secret behind the hidden inputs
    hints: Hints = "cause"
    adopted: bool = False  # of an assignment that nbgrader made: its functions are test cells
