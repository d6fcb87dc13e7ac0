"""The whole way of one submission: run → check → diagnose → report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from autograder import budget, celltext
from autograder.budget import Budget
from autograder.checking import checks, examining, rewards, standard
from autograder.checking.attempt import Attempt, Examiner
from autograder.checking.graders import Graders
from autograder.course import coursefile, secret
from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.explaining import alike, diagnose
from autograder.explaining.diagnose import Findings
from autograder.grading import judging, remarks, settled
from autograder.grading.judging import Judged
from autograder.grading.opening import Read
from autograder.notebook import collect, takers
from autograder.notebook.places import HandedIn
from autograder.records import (
    Cell,
    Check,
    Course,
    Died,
    FunctionReport,
    Level,
    Report,
    Status,
    Submission,
    Unit,
)
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Start


@dataclass(frozen=True)
class Pipeline:
    """One unit of one course, made ready to grade any number of submissions, one at a time."""

    examiner: Examiner
    graders: Graders
    level: Level
    read: Read = collect.read

    @classmethod
    def open(cls, loaded: Course, unit: Unit, start: Start, level: Level, read: Read = collect.read) -> Self:
        """Loads the unit's secret material and collects its graders; CourseError where they do not hold together."""
        examiner = examining.examiner(loaded, unit, start)
        own = partial(standard.checks, examiner.material)
        return cls(examiner, Graders(examiner.material.graders, unit, own), level, read)

    @property
    def unit(self) -> Unit:
        """The unit that is graded."""
        return self.examiner.unit

    @property
    def version(self) -> str:
        """What, beside the submission, decides a result: kit, course, graders, secret."""
        return examining.version(self.examiner)

    def grade(self, handed_in: HandedIn) -> Report:
        """The report of one submission, whatever is in it; our own failure is `not-graded`, never a zero."""
        return settled.report(
            handed_in, self.examiner.course.limits.submission_seconds, self._once, self._blank
        )

    def _blank(self, handed_in: HandedIn, *, status: Status, score: float | None, reason: str) -> Report:
        digest = "" if score is None else _digest(handed_in, self.unit)
        return self._report(handed_in.student, digest, status=status, score=score, reason=reason)

    def _once(self, handed_in: HandedIn, own: Budget) -> Report:
        return self.report(self.read(handed_in, self.unit, self.examiner.course.units), own)

    def report(self, submission: Submission, own: Budget) -> Report:
        """The report of a submission that has been read, within a budget; whatever goes wrong on this side is raised."""
        judged = self.judge(submission)
        own.settle()  # a page may go without an explanation, and no student without the marks
        reports = [self._function_report(function, own) for function in judged]
        flags = (*remarks.flags(submission), *remarks.ran_out(own))
        differing = [one.function.name for one in judged if one.attempt.run.differs]
        return self._report(
            submission.student,
            submission.digest,
            score=sum(report.score for report in reports),
            functions=tuple(reports),
            notes=(*flags, *_notes(submission.cells, judged)),
            flags=(*flags, *remarks.differing(differing)),
            left_out=_left_out(submission.cells, judged),
            **_end([function.attempt.run.ended for function in judged]),
        )

    def judge(self, submission: Submission) -> tuple[Judged, ...]:
        """The verdicts on all functions of a submission."""
        return judging.judge(self.examiner, self.graders, submission)

    def findings(self, judged: Judged, *, lines: bool = True) -> Findings:
        """Why a function lost marks; its explain inputs are tried for that. `lines` as in `diagnose`."""
        kept = self.examiner.shown(judged.attempt)
        with kept or nullcontext():
            shown = self.examiner.explain(judged.attempt, kept)
            tried = replace(judged.attempt, explain=shown.explain, again=shown.again)
            trying = None if kept is None else partial(self.examiner.trying, kept=kept)
            return diagnose.diagnose(self.examiner, tried, trying=trying, held=kept, lines=lines)

    def check(self, tried: Attempt) -> Judged:
        """The verdict on one attempt as it stands."""
        return judging.check(self.graders, tried)

    def _function_report(self, judged: Judged, own: Budget) -> FunctionReport:
        function = judged.function
        report = FunctionReport(
            name=function.name,
            score=judged.score,
            max_score=function.points,
            carried_forward=bool(judged.carried_from),
            checks=judged.checks,
            carried_from=judged.carried_from,
            note=_note(judged.checks, judged.score),
            source=judged.attempt.definition.source,
        )
        if judged.full_marks:
            own_work = not judged.carried_from
            earned = rewards.as_it_should_be(self.examiner.material, judged.attempt) if own_work else None
            return replace(report, earned=earned)
        findings = None
        try:
            with own.endable():
                findings = None if own.is_over else self.findings(judged)
        except budget.SpentError:
            own.accept()
        except Exception as error:  # the marks are settled, and must not hang on whether we can explain them
            failure = f"It could not be explained, by a fault of ours ({type(error).__name__}: {error})."
            return replace(report, note=f"{report.note} {failure}".strip())
        if own.is_over or findings is None:  # what ended for want of time is no finding
            return replace(report, note=f"{report.note} It is not explained, for want of time.".strip())
        return replace(
            report,
            diagnoses=findings.diagnoses,
            explanation=findings.explanation,
            cluster=self._cluster(judged, findings, own),
        )

    def _cluster(self, judged: Judged, findings: Findings, own: Budget) -> str:
        """Whose unexplained results these are, if any; what cannot be found out costs nothing that is known."""
        try:
            with own.endable():
                return alike.cluster(self.examiner, judged.attempt, findings.diagnoses)
        except budget.SpentError:
            own.accept()
        except AutograderError:  # a child that could not be had
            pass
        return ""

    def _report(self, student: str, digest: str, **given: object) -> Report:
        report = settled.empty(
            self.examiner.course, self.unit, student, digest, level=self.level, version=self.version
        )
        return replace(report, secret=secret.fingerprint(self.examiner.secret), **given)  # type: ignore[arg-type]  # the fields of Report, by name


def _digest(handed_in: HandedIn, unit: Unit) -> str:
    """By which what was handed in is known again, though it cannot be read; empty where not even its bytes can be."""
    try:
        return collect.digest(handed_in, unit)
    except UnreadableError:
        return ""


def attempt_for_pytest(grader: Path, notebook: Path) -> checks.Attempt:
    """What plain pytest's fixture `attempt` gives: all functions of `notebook`, tried for the unit of `grader`.

    Raises CourseError where grader and course do not fit, UnreadableError for what is no notebook.
    """
    loaded = coursefile.load(coursefile.find(grader.parent))
    (unit,) = coursefile.choose(loaded, [grader.parent.name])
    notebook = notebook.absolute()
    submission = collect.read(HandedIn(notebook.parent.parent.name, notebook.parent), unit)
    with Sandbox(loaded.limits) as sandbox:
        if sandbox.level == "none":
            raise CourseError("this machine cannot lock student code in: see `autograder doctor`")
        pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
        judged = pipeline.judge(submission)
    return checks.Attempt([function.attempt for function in judged])


def _end(ended: list[Died | None]) -> dict[str, str]:
    """The status of a submission none of whose functions could be run at all."""
    deaths = [died for died in ended if died is not None]
    if deaths and len(deaths) == len(ended):
        return {"status": deaths[0].reason, "reason": f"The notebook {deaths[0].detail}."}
    return {}


def _note(checks: tuple[Check, ...], score: float) -> str:
    if not score and any(check.passed for check in checks):
        return "Checks of shape and other properties count once at least one ordinary input comes out right."
    return ""


def _notes(cells: Sequence[Cell], judged: Sequence[Judged]) -> tuple[str, ...]:
    """What a student should know about how the notebook ran, each line once."""
    notes = list(_left_out(cells, judged))
    for tried in (one.attempt for one in judged):
        graded = takers.counting(tried.submission.definitions)
        notes += takers.lines(cells, tried.definition, graded, as_it_stood=tried.as_it_stood)
    for function in (one for one in judged if not one.full_marks):
        notes += remarks.defined_again(function.function.name, function.attempt.definition)
    for run in (function.attempt.run for function in judged):
        notes += [
            remarks.stopped(cells, index, raised)
            for index, raised in run.failed.items()
            if raised.exception != "NotImplementedError"
        ]
        if run.absent:
            notes.append(f"Not available when graded, and passed over: {', '.join(run.absent)}.")
    return tuple(dict.fromkeys(notes))


def _left_out(cells: Sequence[Cell], judged: Sequence[Judged]) -> tuple[str, ...]:
    """A line on each cell that hung or ended Python."""
    ends = [(index, died) for one in judged for index, died in one.attempt.run.left_out.items() if index >= 0]
    lines = (f"{celltext.named(cells, index)} was left out: it {died.detail}." for index, died in ends)
    return tuple(dict.fromkeys(lines))
