"""`checks.json`: the visible checks of a unit as arrays and words, which is all that ships of them.

The instructor's side writes it (`visible.py`), the student's machine reads it (`lookup.py`). Arrays are
written as the pipe to a child writes them: dtype, shape and bytes, nothing that could be run.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from autograder import nested
from autograder.child import unpacking
from autograder.child.nodes import ArrayData, ValueData
from autograder.child.structs import Struct
from autograder.course import installing
from autograder.course.predictions import Plain
from autograder.data import Argument, Value
from autograder.earned import Form, FullMarks, Shown
from autograder.errors import CourseError
from autograder.records import Asks, Case, CaseKind, Hints, Outcome, Raised, Returned
from autograder.selfcheck import plainjson
from autograder.tolerance import TablePart

FILE_NAME: Final = "checks.json"
FORMAT: Final = 4
LESSONS: Final = (
    Path(__file__).resolve().parents[1] / "lessons"
)  # `<place>.<unit>/` for each, in a browser alone
_COLAB: Final = "google.colab"  # which Colab has imported when a notebook begins
# Of the second, nothing has changed but that there are no small inputs. The third has no other kinds of cases than these, and
# all of a table counts in it: a kit that reads it takes any other kind for damage, and passes over what does not count.
_READ: Final = (2, 3, FORMAT)
_KINDS_OF_THIRD: Final[frozenset[CaseKind]] = frozenset(
    {"ordinary", "no-tokens", "one-token", "huge", "minus-inf", "unknown-word"}
)


class OutcomeData(Struct, omit_defaults=True):
    """What a function did on one case."""

    value: ValueData | None = None
    raises: str = ""  # class of an exception, empty where a value came back


class CaseData(Struct, omit_defaults=True):
    """One input and what is due."""

    name: str
    args: list[ValueData]
    kind: CaseKind = "ordinary"
    raises: list[str] = []  # exception classes, where one is due
    asks: Asks = "result"
    expected: ValueData | None = None  # none where an exception is due
    # For each cell of the result, such as "2,0", the arithmetic of each step; empty where it was left out.
    worked: dict[str, list[str]] = {}
    # The value of each step by its symbol, where this case may be explained step by step, and what other ways to
    # the right result make; here and below, arrays are told by their place in the function's `arrays`.
    steps: dict[str, int] = {}
    innocent: list[int] = []
    of: str = ""  # of an input that is made small to be shown, and is no check: the case that it is made of


class StepData(Struct):
    """One step of the reference in words."""

    name: str
    symbol: str
    sentence: str
    formula: str
    plain: str


class WayData(Struct, array_like=True):
    """What steps give on one case with a mistake in them, where that is not the right value."""

    case: int  # its place among the cases
    changed: list[str]  # the symbols of the steps that the mistake changes
    values: list[tuple[str, int]]
    others: list[str] = []  # the symbols of further steps to which it gives another value


class SymptomData(Struct, omit_defaults=True):
    """One misconception: words, and what it does on each case."""

    id: str
    title: str
    why: str
    look: str
    read: str
    outcomes: list[OutcomeData | None]  # None: as it should be
    step: str | None = None
    edge: bool = False
    off: str = ""
    question: str = ""
    telltale: str = ""
    experiment: OutcomeData | None = None  # what the line of `look` gives with the right function
    ways: list[WayData] = []
    # Where the mistake is known by more than one symptom: for each case, which of "right", "returned" and "raised"
    # bear it out.
    fits: list[list[str]] = []


class GuessData(Struct, array_like=True, omit_defaults=True):
    """What results may come of besides the catalogued mistakes: two of them at once, or a step changed in some way."""

    symptoms: list[int] = []  # the catalogued mistakes in it, by place
    ways: list[WayData] = []
    telltales: list[str] = []  # regular expressions that the student's source must hold, all of them
    step: str = ""  # name of the step that is changed in a way that is not catalogued
    how: str = ""  # in one sentence; empty where words would say too much


class BothData(Struct, array_like=True):
    """A catalogued mistake together with one that shows on edge inputs alone, by their places."""

    first: int
    edge: int


class FullMarksData(Struct, omit_defaults=True):
    """What full marks earn; see `earned.py`. Of the picture only the inputs ship."""

    understood: str
    stretch: str = ""
    args: list[ValueData] = []
    rows: list[str] = []  # none: there is no picture
    columns: list[str] = []
    titles: list[str] = []
    form: Form = "map"
    says: str = ""
    of: list[str] = []


class SketchesData(Struct, array_like=True):
    """What mistakes do on one case, a row for each; see `sketch.py`."""

    forms: list[str]  # the different ones; an empty one stands for what is as it should be
    form: ArrayData  # (mistakes,) which of them
    sums: ArrayData  # (mistakes, sketch.SUMS)


class FunctionData(Struct, omit_defaults=True):
    """The visible checks of one function."""

    name: str
    parameters: list[str]
    results: list[str]  # what its parts are called; a single one where it returns an array
    points: float
    absolute: float  # tolerance
    relative: float
    cases: list[CaseData]
    steps: list[StepData]
    symptoms: list[SymptomData]
    guesses: list[GuessData] = []  # the plainest first
    sketches: list[SketchesData] = []  # of the guesses, for each check
    both: list[BothData] = []
    both_sketches: list[SketchesData] = []  # for each check
    arrays: list[ArrayData] = []
    exact: bool = False  # the types must be the same too
    overlooked: list[TablePart] = []  # what does not count in tables
    by_chance: bool = False  # what is right depends on the global generators
    full_marks: FullMarksData | None = None
    brought: bool = False  # written in an earlier unit: looked at only to explain what builds on it

    @property
    def checks(self) -> list[CaseData]:
        """The cases that are checks: all but those that are made small."""
        return [case for case in self.cases if not case.of]

    @property
    def asks(self) -> Asks:
        """What is asked in all its cases."""
        return self.cases[0].asks if self.cases else "result"


class PredictionData(Struct, omit_defaults=True):
    """What students guess before they run a cell; each answer is a list, of one value where the form is "one"."""

    question: str
    form: Literal["one", "shape", "several"]  # several: in any order
    answer: list[Plain]
    why: str
    others: list[list[Plain]] = []  # right as well
    wrong: list[tuple[list[Plain], str]] = []  # guesses that have a sentence of their own


class CheckFile(Struct, omit_defaults=True):
    """The whole file."""

    unit: str
    title: str
    handout: list[str]  # digests of the code cells that students leave as they are
    functions: list[FunctionData]
    format: int
    hints: Hints | None = None  # only where they are given rung by rung
    install: str | None = None  # what students type to install the kit, where that is known
    predictions: list[PredictionData] = []

    def function(self, name: str) -> FunctionData | None:
        """The function of this name, None where the unit has none."""
        return next((function for function in self.functions if function.name == name), None)


_read = plainjson.reader(CheckFile)
_SEAL: Final = re.compile(rb',"seal":"([0-9a-f]{64})"\}\s*\Z')


def least_format(functions: Sequence[FunctionData]) -> int:
    """The earliest format that says all of these: whoever has a kit that reads it need not upgrade."""
    known = all(case.kind in _KINDS_OF_THIRD for function in functions for case in function.cases)
    return 3 if known and not any(function.overlooked for function in functions) else FORMAT


def write(file: CheckFile) -> bytes:
    """The bytes of `checks.json`, with a seal by which it is known to be whole."""
    import msgspec  # which who only reads need not have

    content = msgspec.json.encode(file)
    return b'%s,"seal":"%s"}' % (content[:-1], _digest(content))


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _is_whole(content: bytes) -> bool:
    """Whether a file is as it was written: what a download or an editor changed can still be JSON of this form."""
    seal = _SEAL.search(content, max(0, len(content) - 200))
    return seal is not None and seal[1] == _digest(content[: seal.start()] + b"}")


def _missing(path: Path) -> str:
    """What to do where there are no visible checks of ours: a notebook that nbgrader made never had any."""
    from autograder.selfcheck import testcells

    if found := testcells.notebooks_in(path.parent):
        return (
            f"{found[0].name} is an assignment of nbgrader's and has no functions to check one by one: run its test cells, or "
            f"`autograder check {found[0].name}` in a terminal"
        )
    if _COLAB in sys.modules:
        return (
            f"{path} is missing, as a notebook comes to Colab alone: drag {FILE_NAME} from the unit's folder into the list of files on "
            "the left (the folder icon), and again whenever Colab starts anew"
        )
    return f"{path} is missing: keep the notebook in the folder it came in, or copy {FILE_NAME} beside it"


def read(path: Path) -> CheckFile:
    """The visible checks at `path`; CourseError where they are missing or not whole."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(_missing(path)) from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror})") from None
    damaged = CourseError(f"{path} is damaged: download the unit's folder again")
    try:
        data = json.loads(content)
        version, install = data["format"], data.get("install", "")
        if version in _READ:
            file: CheckFile = _read(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged from None
    if type(version) is not int or type(install) is not str:
        raise damaged
    if version > FORMAT:
        raise CourseError(f"{path} is of a later version: upgrade the kit{_upgrade(install)}")
    if version not in _READ:
        raise CourseError(f"{path} is of an earlier version of the kit: download the unit's folder again")
    if not _is_whole(content):
        raise damaged
    return file


def here(function: str | None = None, question: str | None = None) -> CheckFile:
    """The visible checks of the notebook that runs: those beside it, or in a browser those of its lesson.

    Files that are JSON reach a kernel in a browser changed, and on some servers not at all, so there they lie among the
    kit's own. Which lesson runs is told by its folder, or else by the `function` that is asked for, or the `question` that
    is answered. CourseError as of `read`.
    """
    beside = Path.cwd() / FILE_NAME
    known = sorted(LESSONS.glob(f"*/{FILE_NAME}"))
    if beside.exists() or not known:
        return _kept(beside)
    for path in known:
        if path.parent.name.partition(".")[2] == beside.parent.name:
            return _kept(path)
    files = map(_kept, known)
    return next((one for one in files if _asks(one, function, question)), None) or read(beside)


def _asks(file: CheckFile, function: str | None, question: str | None) -> bool:
    """Whether a unit teaches this function, or has its students predict this."""
    data = file.function(function or "")
    return (data is not None and not data.brought) or question in [one.question for one in file.predictions]


def _kept(path: Path) -> CheckFile:
    """The checks at a path, read once as long as the file is the same."""
    try:
        status = path.stat()
    except OSError:
        return read(path)  # which says what is wrong
    return _read_once(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=8)
def _read_once(path: Path, *_: int) -> CheckFile:
    return read(path)


def _upgrade(command: str) -> str:
    """How; a file that says something else than a command is not repeated."""
    return installing.upgrade("" if installing.trouble(command) else command)


def case(data: CaseData) -> Case:
    """The case as a record, its arrays read-only."""
    args = [unpacking.unpack(arg, given=_as_it_is) for arg in data.args]
    for array in nested.arrays(args):
        array.setflags(write=False)
    return Case(data.name, tuple(args), data.kind, tuple(data.raises), data.asks, of=data.of)


def _as_it_is(argument: Argument) -> Argument:
    return argument


def full_marks(data: FullMarksData) -> FullMarks:
    """What full marks earn, as a record."""
    if not data.rows:
        return FullMarks(data.understood, data.stretch)
    args = tuple(unpacking.unpack(arg, given=_as_it_is) for arg in data.args)
    shown = Shown(args, data.rows, data.columns, data.titles, data.form, data.says, data.of)
    return FullMarks(data.understood, data.stretch, shown)


def expected(data: CaseData) -> Value | tuple[str, ...]:
    """What is due: a value, or exception classes."""
    return tuple(data.raises) if data.expected is None else unpacking.unpack_value(data.expected)


def outcome(data: OutcomeData) -> Outcome:
    """An outcome as a record."""
    if data.value is None:
        return Raised(data.raises)
    return Returned(unpacking.unpack_value(data.value))


def cell_digest(source: str) -> str:
    """By which a code cell is known to be as it came."""
    return hashlib.sha256(source.strip().encode("utf-8", "replace")).hexdigest()[:16]
