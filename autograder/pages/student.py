"""The page that a student reads about one submission."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from markupsafe import Markup

from autograder import hints
from autograder.naming import as_text
from autograder.pages import listing, portraits, scripts
from autograder.pages.arguments import Input, as_code, as_inputs
from autograder.pages.comparison import Comparison, compare
from autograder.pages.items import NEARLY
from autograder.pages.listing import Code
from autograder.pages.rendering import in_text, render
from autograder.records import Diagnosis, FunctionReport, Hints, Report, WorkedStep

if TYPE_CHECKING:
    from autograder.pages.contrast import Contrast

LARGEST_PAGE = 300_000  # bytes
MOST_LINES = 80

State: TypeAlias = Literal["full", "carried", "partial", "none"]


def student_page(report: Report) -> str:
    """The feedback page of one submission, as HTML of at most 300 kB."""
    page = render("student.html", report=report, sections=_sections(report, lean=False))
    if len(page.encode()) <= LARGEST_PAGE:
        return page
    return render("student.html", report=report, sections=_sections(report, lean=True))


@dataclass(frozen=True)
class Worked:
    """One step of the worked answer, and what is known of the student's own."""

    step: WorkedStep
    state: listing.StepState


@dataclass(frozen=True)
class Section:
    """One function as its part of the page shows it."""

    function: FunctionReport
    lean: bool  # the page would be too large: code and inputs are left out, sentences cut short
    hints: Hints = "cause"
    adopted: bool = False  # it is a test cell of nbgrader's

    def is_folded(self, diagnosis: Diagnosis) -> bool:
        """Whether only the line and what to look at are shown of a finding, and its cause is folded."""
        return self.hints == "ladder" and not hints.is_seen(diagnosis)

    @property
    def known(self) -> tuple[str, ...]:
        """What is known besides the findings, and shown at once."""
        explanation = self.function.explanation
        return (
            ()
            if explanation is None
            else tuple(one for one in explanation.observations if one not in self.kept_back)
        )

    @property
    def kept_back(self) -> tuple[str, ...]:
        """What tells of the cause and is folded with it: all but where to look."""
        explanation = self.function.explanation
        if explanation is None or not any(map(self.is_folded, self.function.diagnoses)):
            return ()
        return tuple(one for one in explanation.observations if not hints.is_place(one))

    @property
    def steps_hint(self) -> str:
        """What the worked steps are called where they are folded; empty where they are shown at once."""
        if self.hints == "cause":
            return ""
        return f"Hint {hints.steps_at(self.function.diagnoses)}"

    @property
    def words(self) -> int:
        """How many characters a sentence may have."""
        return 100 if self.lean else 400

    @property
    def state(self) -> State:
        """How it went, in one word."""
        if self.function.score >= self.function.max_score - NEARLY:
            return "carried" if self.function.carried_forward else "full"
        return "partial" if self.function.score > 0 else "none"

    @cached_property
    def picture(self) -> Markup | None:
        """What full marks show: the function's own result, drawn."""
        earned = self.function.earned
        if earned is None or earned.picture is None or self.lean:
            return None
        drawn = portraits.drawn(earned.picture)
        return None if drawn is None else Markup(drawn.html)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say of it: a test cell that passes."""
        return self.adopted and self.state == "full" and not self.function.note

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.passed for check in self.function.checks)

    @property
    def tried(self) -> bool:
        """Whether there was anything to hold a check against."""
        return any(check.tried for check in self.function.checks)

    @cached_property
    def code(self) -> Code | None:
        """The student's own code, where it is of use."""
        function = self.function
        if function.source is None or self.lean or self.state in ("full", "carried"):
            return None
        return listing.code(function.source, function.diagnoses, MOST_LINES)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The matrices side by side, where there is anything to see."""
        explanation = self.function.explanation
        return None if explanation is None else compare(explanation)

    @cached_property
    def contrast(self) -> Contrast | None:
        """Other values than arrays side by side, where there are any."""
        explanation = self.function.explanation
        if explanation is None or explanation.beside is None:
            return None
        from autograder.pages.contrast import contrast  # loaded where there is something to show by it

        return contrast(explanation, lean=self.lean)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """The arguments the explanation is about."""
        explanation = self.function.explanation
        return () if explanation is None or self.lean else as_inputs(self._called, explanation.inputs)

    @property
    def _called(self) -> str:
        """The function that the inputs are for: a test cell is called otherwise than what it calls."""
        explanation = self.function.explanation
        tested = explanation.tested if explanation is not None else None
        return self.function.name if tested is None else tested.name

    @property
    def values(self) -> bool:
        """Whether other values than arrays and lists of words are shown."""
        return self.contrast is not None or any(
            input.words is None and not input.tables for input in self.inputs
        )

    @property
    def script(self) -> bool:
        """Whether the inputs are the calls of a script, which as code to paste are all that there is to see."""
        explanation = self.function.explanation
        return bool(self.pasted) and explanation is not None and scripts.is_script(explanation.inputs)

    @cached_property
    def pasted(self) -> str:
        """The same arguments as code to paste into a cell; empty where they are too long."""
        explanation = self.function.explanation
        return "" if explanation is None or self.lean else as_code(self._called, explanation)

    @cached_property
    def worked(self) -> tuple[Worked, ...]:
        """The first wrong cell, step by step."""
        explanation = self.function.explanation
        if explanation is None:
            return ()
        departs = self.function.diagnoses[0].step if self.function.diagnoses else None
        return tuple(map(Worked, explanation.worked, listing.states(explanation, departs)))


def _sections(report: Report, *, lean: bool) -> tuple[Section, ...]:
    return tuple(Section(function, lean, report.hints, report.adopted) for function in report.functions)


def renamed(page: str, old: str, new: str) -> str:
    """A page with another name of its student, by folders' names, where it says whose it is."""
    for before, after in ((": feedback for ", "</title>"), ("Feedback for <bdi>", "</bdi>")):
        page = page.replace(
            f"{before}{in_text(as_text(old))}{after}", f"{before}{in_text(as_text(new))}{after}", 1
        )
    return page
