"""One function's check, ready to be drawn: what a terminal, plain text and a notebook show alike."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from autograder import hints
from autograder.notebook import syntax
from autograder.pages import arguments, comparison, listing, portraits, scripts
from autograder.pages.arguments import Input
from autograder.pages.comparison import Comparison
from autograder.pages.listing import Code
from autograder.pages.portraits import Drawing
from autograder.pages.tables import Tables, tables, writer
from autograder.records import Check, Diagnosis, Explanation, WorkedStep
from autograder.selfcheck.checked import FunctionCheck
from autograder.words import agree, clipped, counted, listed, passing

if TYPE_CHECKING:
    from autograder.pages.contrast import Contrast

MOST_TEXT: Final = 600  # characters of one sentence
MOST_CODE: Final = 13  # lines of the student's cell
MOST_STEPS: Final = 5  # of a worked cell; of more, those far from the one that departs are folded

Sign: TypeAlias = Literal["✗", "·", "✓"]  # does not pass, was not tried, passes

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Step:
    """One step of the worked cell, and what is known of the student's own."""

    step: WorkedStep
    state: listing.StepState


@dataclass(frozen=True)
class Steps:
    """Steps of the worked cell that follow one another, shown together or folded together."""

    steps: tuple[Step, ...]
    folded: str  # what is said in their place; empty where they are shown


@dataclass(frozen=True)
class Verdicts:
    """Checks that went alike."""

    sign: Sign
    names: tuple[str, ...]
    message: str = ""


@dataclass(frozen=True)
class Hint:
    """One piece of advice."""

    heading: str
    said: str
    code: bool = False  # whether it is Python


@dataclass(frozen=True)
class View:
    """One function's check, ready to be drawn."""

    check: FunctionCheck
    asked: int | None = None  # the rung of the ladder up to which is shown, where one was asked for
    asking: str = ""  # how the next one is asked for, with its number as {}

    @cached_property
    def rung(self) -> int:
        """The rung of the ladder up to which is shown."""
        return hints.rung(self.asked, self.check.hints)

    @property
    def findings(self) -> tuple[Diagnosis, ...]:
        """The findings that are shown; of those of which the first rung says the same, one."""
        told: dict[tuple[str, str], Diagnosis] = {}
        for one in self.check.diagnoses:
            told.setdefault((one.id, one.title) if self.is_named(one) else ("", hints.lead(one)), one)
        return tuple(told.values())

    def line_of(self, diagnosis: Diagnosis) -> int | None:
        """The line at which a finding shows, where its title does not begin with it."""
        return None if diagnosis.id == "general.one-edit" else diagnosis.line

    def is_named(self, diagnosis: Diagnosis) -> bool:
        """Whether title and id are shown, and all that the finding says."""
        return self.rung >= hints.CAUSE or hints.is_seen(diagnosis)

    @property
    def further(self) -> str:
        """How to get the next rungs; empty where there is nothing on them."""
        if self.rung >= hints.STEPS or self.check.passed or not self.asking:
            return ""
        names = not all(map(self.is_named, self.check.diagnoses))
        told = [f"`{self.asking.format(hints.CAUSE)}` names the cause"] if names else []
        if self._has_steps and not self.worked:
            told.append(
                f"`{self.asking.format(hints.steps_at(self.check.diagnoses))}` works the first wrong number out, step by step"
            )
        return f"{', '.join(told)}." if told else ""

    @property
    def verdict(self) -> str:
        """How it went, in a few words."""
        check = self.check
        if check.adopted and not check.unwritten:
            return "it passes" if check.passed else "it fails"
        if check.passed:
            return agree(
                len(check.checks), "the visible check passes", f"all {len(check.checks)} visible checks pass"
            )
        if check.unwritten:
            return "not written yet"
        if check.waits_for:
            return f"waits for {listed(check.waits_for)}"
        return passing(len(self.passing), len(check.checks), "visible check")

    @cached_property
    def picture(self) -> Drawing | None:
        """What passing all checks shows: the function's own result, drawn."""
        earned = self.check.earned
        return None if earned is None or earned.picture is None else portraits.drawn(earned.picture)

    @property
    def sign(self) -> str:
        """The verdict in one character."""
        if self.check.passed:
            return "✓"
        return "·" if self.check.unwritten or self.check.waits_for else "✗"

    @property
    def passing(self) -> list[Check]:
        """The checks that pass."""
        return [check for check in self.check.checks if check.passed]

    @property
    def verdicts(self) -> tuple[Verdicts, ...]:
        """Which checks pass and which do not; those that fail in the same way together."""
        if self.check.unwritten or self.check.waits_for or self.check.adopted:
            return ()
        alike: dict[tuple[Sign, str], list[str]] = {}
        for check in self.check.checks:
            sign: Sign = "✓" if check.passed else "✗" if check.tried else "·"
            message = "" if check.passed else check.message or ("" if check.tried else "not tried.")
            alike.setdefault((sign, message), []).append(check.name)
        groups = [Verdicts(sign, tuple(names), message) for (sign, message), names in alike.items()]
        return tuple(sorted(groups, key=lambda group: "✗·✓".index(group.sign)))

    @property
    def waiting(self) -> str:
        """What comes first, where this function calls others that are wrong."""
        names = self.check.waits_for
        are, them = ("is", "it") if len(names) == 1 else ("are", "them")
        return (
            f"{self.check.name} calls {listed([f'`{name}`' for name in names])}, which {are} not right yet."
            f" Put {them} right first and check again: {self.check.name} itself may well be right."
        )

    @property
    def unexplained(self) -> str:
        """What is said where no finding is named."""
        result = "this result" if self.contrast else "these numbers"
        return f"No known mistake gives exactly {result}, so none is named"

    @property
    def explanation(self) -> Explanation | None:
        """The explanation, where there is something to see in it."""
        check = self.check
        nothing = check.unwritten or check.waits_for or check.undefined
        return None if nothing else check.explanation

    @property
    def observations(self) -> tuple[str, ...]:
        """What is known besides: what tells of the cause comes with it."""
        if self.explanation is None:
            return ()
        known = self.explanation.observations
        if all(map(self.is_named, self.check.diagnoses)):
            return known
        return tuple(filter(hints.is_place, known))

    @property
    def _has_steps(self) -> bool:
        """Whether the function computed an array that the worked cell is one of."""
        return (
            self.explanation is not None
            and self.explanation.got is not None
            and bool(self.explanation.worked)
        )

    @property
    def _is_worked_out(self) -> bool:
        """Whether the ladder is as high as the worked steps, which come sooner where no cause comes before them."""
        return self.rung >= hints.steps_at(self.check.diagnoses)

    @property
    def worked(self) -> tuple[Step, ...]:
        """The first wrong cell, step by step; nothing where there is none or the ladder is not that high."""
        if self.explanation is None or not self._has_steps:
            return ()
        if not self._is_worked_out:
            return ()
        departs = self.check.diagnoses[0].step if self.check.diagnoses else None
        return tuple(map(Step, self.explanation.worked, listing.states(self.explanation, departs)))

    @property
    def ladder(self) -> tuple[Steps, ...]:
        """The worked cell with the steps folded that lie away from the one that departs.

        Where none is known to depart, it is the last that matters: there the wrong number is seen.
        """
        steps = self.worked
        if len(steps) <= MOST_STEPS:
            return (Steps(steps, ""),) if steps else ()
        departs = [place for place, step in enumerate(steps) if step.state == "departs"]
        here = departs[0] if departs else len(steps) - 1
        start, stop = max(0, here - 1), min(len(steps), here + 2)
        # One step alone takes no more room than what would be said of it.
        start, stop = 0 if start == 1 else start, len(steps) if stop == len(steps) - 1 else stop
        runs = (
            _folded(steps[:start], "before"),
            Steps(steps[start:stop], ""),
            _folded(steps[stop:], "after"),
        )
        return tuple(run for run in runs if run.steps)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs on which the mistake shows."""
        if self.check.inputs is None or (self.explanation is None and self.check.explanation is not None):
            return ()
        return arguments.as_inputs(self.check.name, self.check.inputs.args)

    @property
    def values(self) -> bool:
        """Whether other values than arrays and lists of words are shown."""
        return self.contrast is not None or any(one.words is None and not one.tables for one in self.inputs)

    @property
    def script(self) -> bool:
        """Whether the inputs are the calls of a script, which are all that there is to see."""
        return self.check.inputs is not None and scripts.is_script(self.check.inputs.args)

    @property
    def calling(self) -> tuple[str, ...]:
        """Lines of Python that call the function on these inputs; of a script, its calls."""
        if not self.inputs or self.check.inputs is None:
            return ()
        if self.script:
            return tuple(line for one in self.inputs for line in one.code)
        name, case = self.check.name, json.dumps(self.check.inputs.case, ensure_ascii=False)
        return ("from autograder import case", f'inputs = case("{name}", {case})', f"{name}(*inputs)")

    def hints(self, diagnosis: Diagnosis) -> list[Hint]:
        """What a diagnosis advises; a call is one of the inputs that are shown."""
        look, call = diagnosis.look, f"{self.check.name}(...)"
        if call in look:
            called = look.replace(call, f"{self.check.name}(*inputs)")
            look = f"{called}  # inputs: as loaded below" if self.inputs else ""
        hints = [
            Hint("Ask yourself", clipped(diagnosis.question, MOST_TEXT)),
            Hint("See it yourself", clipped(look, MOST_TEXT), code=syntax.tree(look) is not None),
            Hint("Read again", clipped(diagnosis.read, MOST_TEXT)),
        ]
        return [hint for hint in hints if hint.said]

    @property
    def code(self) -> Code | None:
        """The student's own cell around the line that a diagnosis names, where one does."""
        check = self.check
        if check.unwritten or check.waits_for or check.source is None:
            return None
        code = listing.code(check.source, check.diagnoses, MOST_CODE)
        return code if code.marked else None

    @property
    def matrices(self) -> tuple[tuple[str, Tables], ...]:
        """What each step of the right way gives on the inputs that are explained."""
        if self.explanation is None or not self._is_worked_out:
            return ()
        return tuple((name, tables(array, write=writer(array))) for name, array in self.check.steps)

    @property
    def comparison(self) -> Comparison | None:
        """The matrices side by side, where there are any."""
        return comparison.compare(self.explanation) if self.explanation is not None else None

    @cached_property
    def contrast(self) -> Contrast | None:
        """Other values than arrays side by side, where there are any."""
        if self.explanation is None or self.explanation.beside is None:
            return None
        from autograder.pages import contrast  # loaded where there is something to show by it

        return contrast.contrast(self.explanation)


def _folded(steps: tuple[Step, ...], where: str) -> Steps:
    agree = " agree" if all(step.state == "agrees" for step in steps) else ""
    return Steps(steps, f"{counted(len(steps), 'step')} {where}{agree}")


def words(shown: Input) -> str:
    """A list of words as Python writes it, as far as it is shown; of another value what fits on a line."""
    if shown.words is None:
        return shown.line
    listed = json.dumps(shown.words, ensure_ascii=False)
    return f"{listed[:-1]}, … {counted(shown.left_out, 'word')} more]" if shown.left_out else listed


def printable(said: str) -> str:
    """The text without what a terminal or a browser would take for a command."""
    return _UNPRINTABLE.sub("\ufffd", said)
