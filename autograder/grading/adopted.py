"""The way of one submission of an assignment that nbgrader made: merge → sit → explain → report.

Each of its notebooks sits for itself, as nbgrader's autograde runs each for itself. Where one is not there or cannot be read,
its test cells earn nothing and the others are graded.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self, TypeAlias

from autograder import budget, celltext
from autograder.adopted import explained, intake, merging, papers, sitting
from autograder.adopted.beside import handed_out
from autograder.adopted.examroom import ExamRoom
from autograder.adopted.explained import Evidence
from autograder.adopted.papers import Assignment, Paper, PaperCell, Sitting, Step, Verdict
from autograder.adopted.stepwise import Stepwise
from autograder.budget import Budget
from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.grading import remarks, settled
from autograder.notebook import collect, notebooks
from autograder.notebook.collect import Sheet
from autograder.notebook.notebooks import SavedCell
from autograder.notebook.places import HandedIn
from autograder.records import Cell, Check, Course, FunctionReport, Level, Report, Status, Unit
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Start
from autograder.version import code
from autograder.words import few, in_full

CHECK: Final = "test cell"  # what its one check is called, in results and on pages

Sheets: TypeAlias = Callable[[HandedIn, Unit], tuple[Sheet, ...]]


def read(course: Course, unit: Unit) -> Assignment:
    """The assignment of a unit, which course.toml must still fit; CourseError says what to do where it does not."""
    assignment = intake.read(course.source(unit), unit.name, unit.dialect)
    again = f"run `autograder adopt {unit.adopted}` again"
    found = {
        assignment.named(paper, cell): cell
        for paper in assignment.papers
        for cell in paper.cells
        if cell.kind == "test"
    }
    for function in unit.functions:
        cell = found.get(function.name)
        if cell is None:
            raise CourseError(
                f"unit {unit.name!r}: no test cell {function.name!r} in {unit.adopted}: {again}"
            )
        if cell.points != function.points:
            raise CourseError(
                f"unit {unit.name!r}: {function.name!r} has {in_full(function.points)} points in course.toml and {in_full(cell.points)} in "
                f"{unit.adopted}: {again}"
            )
    served = {function.name for function in unit.functions}
    if unserved := [name for name in found if name not in served and name not in unit.by_hand]:
        raise CourseError(
            f"unit {unit.name!r}: {few(unserved)} in {unit.adopted} not in course.toml: {again}"
        )
    if unit.by_hand and unit.unserved is None:
        raise CourseError(
            f"unit {unit.name!r}: {few(list(unit.by_hand))} cannot be graded here (`autograder adopt` says why): change the "
            'cells, or set unserved = "by-hand" to leave their points to a person'
        )
    return assignment


def version(course: Course, unit: Unit, assignment: Assignment | None = None) -> str:
    """The kit's code, unit, notebooks and files in one word: by it a result that still holds is known."""
    assignment = assignment or read(course, unit)
    digest = hashlib.sha256()
    decides = (unit.functions, unit.by_hand, unit.explain, course.limits, course.hints)
    digest.update("\0".join((code(), repr(decides))).encode("utf-8", "replace"))
    for paper in assignment.papers:
        digest.update(repr((paper.name, paper.cells)).encode("utf-8", "replace"))
    for file in assignment.files:
        data = (assignment.folder / file).read_bytes()
        digest.update(f"\0{file.as_posix()} {len(data)}\0".encode("utf-8", "replace") + data)
    return digest.hexdigest()[:32]


@dataclass(frozen=True)
class _Room:
    """Where one notebook of the assignment is graded, and where it is looked at again for what may be shown."""

    paper: Paper
    exam: ExamRoom
    shown: ExamRoom
    # At which its author's own solution has objects that stay in the child: a test hands values to a student's there alone.
    places: tuple[str, ...]
    stepwise: Stepwise | None  # where the solution explains as well


@dataclass(frozen=True)
class AdoptedPipeline:
    """One assignment made ready to grade any number of submissions, one at a time."""

    course: Course
    unit: Unit
    rooms: tuple[_Room, ...]
    start: Start
    level: Level
    version: str
    sheets: Sheets

    @classmethod
    @contextlib.contextmanager
    def opened(cls, course: Course, unit: Unit, sheets: Sheets = collect.sheets) -> Iterator[Self]:
        """Loads the assignment and starts a sandbox in which its files can be read, and rooms for its test cells.

        Raises CourseError where course.toml and the notebooks do not hold together, SandboxError where no sandbox can be had.
        """
        assignment = read(course, unit)
        with contextlib.ExitStack() as until:
            folder = until.enter_context(handed_out(assignment))
            sandbox = until.enter_context(Sandbox(course.limits, folder=folder, lasting=True))
            sandbox.begin()  # while the process of the tests starts
            rooms = []
            for paper in assignment.papers:
                exam, shown = (
                    until.enter_context(ExamRoom(one, assignment.folder, assignment.files))
                    for one in (paper, papers.as_shown(paper))
                )
                by_steps = unit.explain == "steps"
                solved = sitting.sit(
                    exam, merging.steps(paper, _solution(paper)), sandbox.child, keep=by_steps
                )
                stepwise = Stepwise.open(course, unit, paper, solved) if by_steps else None
                rooms.append(_Room(paper, exam, shown, tuple(solved.places), stepwise))
            made_by = version(course, unit, assignment)
            yield cls(course, unit, tuple(rooms), sandbox.child, sandbox.level, made_by, sheets)

    def grade(self, handed_in: HandedIn) -> Report:
        """The report of one submission, whatever is in it; our own failure is `not-graded`, never a zero."""
        return settled.report(handed_in, self.course.limits.submission_seconds, self._once, self._blank)

    def _once(self, handed_in: HandedIn, own: Budget) -> Report:
        sheets = self.sheets(handed_in, self.unit)
        sat = [_Sat(self, room, sheet) for room, sheet in zip(self.rooms, sheets, strict=True)]
        if len(sat) == 1 and sat[0].trouble:
            raise UnreadableError(sat[0].trouble)
        own.settle()  # a page may go without an explanation, and no student without the marks
        reports = {report.name: report for one in sat for report in one.reports(own)}
        functions = tuple(reports[function.name] for function in self.unit.functions)
        flags = (*(line for one in sat for line in one.flags), *remarks.ran_out(own))
        return self._report(
            handed_in.student,
            collect.digest_of(sheets),
            score=sum(function.score for function in functions),
            functions=functions,
            notes=(*flags, *(line for one in sat for line in one.notes)),
            flags=flags,
            left_out=tuple(line for one in sat for line in one.left_out),
        )

    def _blank(self, handed_in: HandedIn, *, status: Status, score: float | None, reason: str) -> Report:
        digest = ""
        if score is not None:
            with contextlib.suppress(UnreadableError):
                digest = collect.digest_of(self.sheets(handed_in, self.unit))
        return self._report(handed_in.student, digest, status=status, score=score, reason=reason)

    def _report(self, student: str, digest: str, **given: object) -> Report:
        report = settled.empty(
            self.course, self.unit, student, digest, level=self.level, version=self.version
        )
        return replace(report, adopted=True, **given)  # type: ignore[arg-type]  # the fields of Report, by name


class _Sat:
    """One notebook of one submission, and what came of it."""

    def __init__(self, pipeline: AdoptedPipeline, room: _Room, sheet: Sheet) -> None:
        self._pipeline, self._room, self._sheet = pipeline, room, sheet
        self.trouble = sheet.trouble
        self._cells: tuple[SavedCell, ...] = ()
        self._steps: tuple[Step, ...] = ()
        self._sitting: Sitting | None = None
        self._gathered: Evidence | None = None
        if not self.trouble:
            try:
                self._cells = notebooks.saved(sheet.raw)
            except UnreadableError as error:
                self.trouble = str(error)
                return
            self._steps = merging.steps(room.paper, self._cells)
            self._sitting = sitting.sit(room.exam, self._steps, pipeline.start, permitted=room.places)

    @property
    def flags(self) -> tuple[str, ...]:
        """A line on what a person should look at."""
        cut = [f"A cell of {cell.cut:,} characters was left out." for cell in self._code if cell.cut]
        return self._named([f"it earns nothing: {self.trouble}." if self.trouble else "", *cut])

    @property
    def left_out(self) -> tuple[str, ...]:
        """A line on each cell that hung or ended Python."""
        found = self._sitting.left_out if self._sitting is not None else {}
        return self._named(
            f"{celltext.named(self._run, index)} was left out: it {died.detail}."
            for index, died in found.items()
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a student should know about how the notebook ran, each line once."""
        if self._sitting is None:
            return ()
        stopped = [
            remarks.stopped(self._run, index, raised)
            for index, raised in self._sitting.failed.items()
            if raised.exception != "NotImplementedError"
        ]
        absent = self._sitting.absent
        lacking = [f"Not available when graded, and passed over: {', '.join(absent)}."] if absent else []
        return (*self.left_out, *self._named([*stopped, *lacking]))

    def reports(self, own: Budget) -> Iterator[FunctionReport]:
        """Of each test cell that the unit counts, in the notebook's order."""
        wanted = {function.name for function in self._pipeline.unit.functions}
        alone = len(self._pipeline.rooms) == 1
        verdicts = {one.grade_id: one for one in self._sitting.verdicts} if self._sitting is not None else {}
        for cell in self._room.paper.cells:
            name = cell.grade_id if alone else f"{self._room.paper.name}/{cell.grade_id}"
            if cell.kind != "test" or name not in wanted:
                continue
            if self._sitting is None:
                yield _nothing(name, cell, f"{self._sheet.name}.ipynb: {self.trouble}.")
                continue
            report = _plain(name, cell, verdicts[cell.grade_id])
            if report.score < report.max_score or verdicts[cell.grade_id].failure is not None:
                report = self._explained(report, cell, own)
            yield report

    def _evidence(self, own: Budget) -> Evidence:
        """What failures are explained by: what may be shown comes from a run that saw nothing hidden."""
        if self._gathered is not None:
            return self._gathered
        assert self._sitting is not None
        shown = None
        if explained.needs_shown(self._room.paper, self._sitting) and not own.is_over:
            steps = merging.steps(papers.as_shown(self._room.paper), self._cells)
            with contextlib.suppress(AutograderError):
                shown = sitting.sit(
                    self._room.shown, steps, self._pipeline.start, permitted=self._room.places
                )
        stepwise, start = self._room.stepwise, self._pipeline.start
        looking = None if stepwise is None else stepwise.look(self._steps, self._sitting, start)
        self._gathered = Evidence(self._room.paper, self._steps, self._sitting, shown, looking)
        return self._gathered

    def _explained(self, report: FunctionReport, cell: PaperCell, own: Budget) -> FunctionReport:
        try:
            evidence = self._evidence(own)
            with own.endable():
                told = None if own.is_over else explained.explained(evidence, cell)
        except budget.SpentError:
            own.accept()
            told = None
        except Exception as error:  # the marks are settled, and must not hang on whether we can explain them
            failure = f"It could not be explained, by a fault of ours ({type(error).__name__}: {error})."
            return replace(report, note=failure)
        if own.is_over or told is None:
            return replace(report, note="It is not explained, for want of time.")
        return replace(
            report,
            checks=tuple(replace(check, message=told.message) for check in report.checks),
            diagnoses=told.diagnoses,
            explanation=told.explanation,
            source=told.source,
            note=told.note,
            cluster=told.cluster,
            test=cell.shown,
        )

    @property
    def _code(self) -> list[Cell]:
        return [one.cell for one in self._cells if one.cell.kind == "code"]

    @property
    def _run(self) -> list[Cell]:
        """The steps as cells, by whose first lines people find them again."""
        return [Cell(step.index, step.source) for step in self._steps]

    def _named(self, lines: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
        """Lines about this notebook, said of which one where there are several."""
        several = len(self._pipeline.rooms) > 1
        found = dict.fromkeys(line for line in lines if line)
        return tuple(f"{self._sheet.name}.ipynb: {line}" if several else line for line in found)


def _solution(paper: Paper) -> list[SavedCell]:
    """The author's own notebook, as one that hands in the solution has it."""
    return [
        SavedCell(
            Cell(cell.index, cell.source, "code" if cell.is_code else "markdown"),
            grade_id=cell.grade_id or None,
        )
        for cell in paper.cells
    ]


def _plain(name: str, cell: PaperCell, verdict: Verdict) -> FunctionReport:
    """A verdict as it stands, without why."""
    passed = verdict.failure is None and verdict.score >= cell.points
    check = Check(CHECK, passed, cell.points, hidden=not cell.shown.strip())
    return FunctionReport(name, verdict.score, cell.points, carried_forward=False, checks=(check,))


def _nothing(name: str, cell: PaperCell, why: str) -> FunctionReport:
    """Of a test cell whose notebook cannot be read."""
    check = Check(CHECK, False, cell.points, hidden=not cell.shown.strip(), tried=False)
    return FunctionReport(name, 0.0, cell.points, carried_forward=False, checks=(check,), note=why)
