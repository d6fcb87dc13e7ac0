"""One notebook of one submission against the test cells of its instructor's: what each of them gives.

Theory of operation. Three processes, of which this one alone speaks to the other two. The child (`sandbox/dialogue.py`) runs
the student's cells and the instructor's locked ones, locked in. The exam process (`exam.py`) runs the instructor's locked cells
and test cells. Cell by cell, in the notebook's order, each runs what is its; what a test asks of the student's names goes
through here, is written down, and comes back as data.

Who is to blame where the exam process itself ends or hangs in a cell: the student, if that cell had asked anything of the
notebook, as the instructor's solution passes it; else it is our failure.
"""

from __future__ import annotations

import contextlib
import functools
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from autograder.adopted import outline, recording, slips
from autograder.adopted.examroom import ExamEndedError
from autograder.adopted.papers import Asked, Failure, Paper, PaperCell, Sitting, Step, Verdict
from autograder.budget import current
from autograder.child import spoken
from autograder.child.nodes import WireError
from autograder.errors import SandboxError
from autograder.records import Died, Raised
from autograder.sandbox.dialogue import Dialogue
from autograder.sandbox.worker import Start

_MAX_ASKED: Final = 200  # of one cell that are written down, the last ones
_MAX_KEPT: Final = 8 * 2**20  # bytes, about, that what is written down of one cell takes
_MAX_PRINTED: Final = 64 * 1024
_MAX_TRIES: Final = 8  # cells in which the exam process may end until those after them are not tried any more


class Exam(Protocol):
    """One exam process: `examroom.Exam` where people are graded, `plainroom.PlainExam` in self-checks."""

    def allow(self) -> None:
        """Gives it the full time of a cell."""

    def send(self, message: slips.ToExam) -> None:
        """Delivers one message; ExamEndedError where it has ended."""

    def receive(self) -> slips.FromExam:
        """Its next message; ExamEndedError where it has ended, or its time was up and it was ended."""

    def close(self) -> None:
        """Ends the process."""


class Room(Protocol):
    """Where exam processes of one notebook are had."""

    @property
    def paper(self) -> Paper:
        """The notebook."""

    def exam(self, permitted: Collection[str] | None = None) -> Exam:
        """A fresh exam process; SandboxError where none can be had."""


def sit(
    room: Room,
    steps: Sequence[Step],
    start: Start,
    *,
    permitted: Collection[str] | None = None,
    keep: bool = False,
) -> Sitting:
    """What the test cells of a room's notebook give for these steps of a student's; SandboxError is our own failure.

    `start` makes a child. `permitted` are the places at which the instructor's own solution has objects that stay in the
    child (`Sitting.places`): a test hands values to a student's object nowhere else. None: everywhere.
    With `keep`, what was asked is kept of cells that pass too.
    """
    ended: dict[int, Failure] = {}
    while True:
        one = _One(room, steps, start, permitted, ended, keep)
        try:
            return one.sit()
        except _LostError as lost:
            over = len(ended) >= _MAX_TRIES  # it is the student's, as each of these is
            left = [step.index for step in steps if step.index > lost.step] if over else []
            ended.update(dict.fromkeys([lost.step, *left], lost.failure))
            if (own := current()) is not None and own.taken >= own.seconds:
                own.is_over = True  # nothing is asked of the notebook any more


class _LostError(Exception):
    """The exam process ended in this step."""

    def __init__(self, step: int, failure: Failure) -> None:
        super().__init__(failure.message)
        self.step, self.failure = step, failure


@dataclass
class _Running:
    """The step that runs."""

    asked: list[Asked] = field(default_factory=list)
    anything: bool = False
    died: Died | None = None
    _weights: deque[int] = field(default_factory=deque)

    def keep(self, asked: Asked, weight: int) -> None:
        """Writes down what was asked, and forgets the first where it becomes too much."""
        self.asked.append(asked)
        self._weights.append(weight)
        while len(self.asked) > _MAX_ASKED or (len(self.asked) > 1 and sum(self._weights) > _MAX_KEPT):
            del self.asked[0]
            self._weights.popleft()


class _One:
    """One try."""

    def __init__(
        self,
        room: Room,
        steps: Sequence[Step],
        start: Start,
        permitted: Collection[str] | None,
        ended: Mapping[int, Failure],
        keep: bool,
    ) -> None:
        self._room, self._steps, self._start = room, steps, start
        self._permitted, self._ended, self._keep = permitted, ended, keep
        self._paper = {cell.grade_id: cell for cell in room.paper.cells if cell.grade_id and cell.is_code}
        self._failed: dict[int, Raised] = {}
        self._absent: dict[str, None] = {}
        self._printed: list[str] = []
        self._handles: set[str] = set()
        self._places: set[str] = set()
        self._verdicts: list[Verdict] = []
        self._running = _Running()
        self._bound: list[str] = []  # in the notebook, since the exam process was told

    def sit(self) -> Sitting:
        """All of it."""
        modules = _modules(self._room.paper)
        shown = outline.needed(self._room.paper.cells)
        steps = [_for_child(step, shown) for step in self._steps]
        with Dialogue(self._start, steps, modules=modules) as child:
            exam = self._room.exam(self._permitted)
            try:
                for step in self._steps:
                    self._run(step, child, exam)
            finally:
                exam.close()
            return Sitting(
                tuple(self._verdicts),
                self._failed,
                dict(child.left_out),
                tuple(self._absent),
                "".join(self._printed)[:_MAX_PRINTED],
                frozenset(self._handles),
                frozenset(self._places),
            )

    def _run(self, step: Step, child: Dialogue, exam: Exam) -> None:
        ran = self._ran(step, child, exam)
        if isinstance(ran, spoken.CellRan):
            if ran.exception and step.own:
                self._failed[step.index] = Raised(ran.exception, ran.message, ran.line, tuple(ran.ancestors))
            self._absent.update(dict.fromkeys(ran.absent))
            self._printed.append(ran.printed)
            self._bound += ran.binds
        cell = self._paper.get(step.grade_id)
        if step.own or cell is None:
            return
        self._running = _Running()
        if step.index in self._ended:
            self._note(step, cell, Verdict(cell.grade_id, 0.0, cell.points, self._ended[step.index]))
            return
        try:
            exam.allow()
            exam.send(slips.RunStep(cell.index, self._bound, cell.points))
            self._bound = []
            done = self._relayed(child, exam)
        except (ExamEndedError, WireError) as error:
            raise self._lost(step, str(error)) from None
        if done.handles:
            self._handles.add(cell.grade_id)
        self._places.update(done.places)
        failure = None if done.failing is None else recording.failure(done.failing, self._running.died)
        asked = tuple(self._running.asked) if failure is not None or self._keep else ()
        score = done.score if failure is None else 0.0
        self._note(step, cell, Verdict(cell.grade_id, score, cell.points, failure, asked, done.printed))

    def _ran(self, step: Step, child: Dialogue, exam: Exam) -> spoken.CellRan | Died:
        """Runs a cell in the child; it may call functions that a test has bound, but where the exam process ended of that."""
        if step.index in self._ended:
            return child.run(step.index)
        try:
            exam.allow()
            return child.run(step.index, lambda call: self._called_back(call, child, exam))
        except (ExamEndedError, WireError) as error:
            failure = Failure("bounds", "BoundsError", str(error), None, True)
            raise _LostError(step.index, failure) from None

    def _note(self, step: Step, cell: PaperCell, verdict: Verdict) -> None:
        if cell.kind == "test":
            self._verdicts.append(verdict)

    def _lost(self, step: Step, reason: str) -> Exception:
        """The exam process has ended in a step."""
        if not self._running.anything:
            return SandboxError(
                f"the test cell {step.grade_id!r} {reason}, and had asked nothing of the notebook"
            )
        failure = Failure("bounds", "BoundsError", reason, None, True)
        return _LostError(step.index, failure)

    def _relayed(self, child: Dialogue, exam: Exam) -> slips.StepDone:
        """Hands on what a cell asks, until it has run."""
        while True:
            match exam.receive():
                case slips.StepDone() as done:
                    return done
                case other:
                    self._answer(other, child, exam)

    def _answer(self, message: slips.FromExam, child: Dialogue, exam: Exam) -> None:
        match message:
            case spoken.Drop(handles=handles):
                child.drop(handles)
            case slips.Question() as question:
                self._running.anything = True
                answer = child.do(question.do, lambda call: self._called_back(call, child, exam))
                if not (self._running.died and isinstance(answer, Died)):  # after the first, objects are gone
                    self._write_down(question, answer)
                if isinstance(answer, Died):
                    self._running.died = self._running.died or answer
                exam.send(slips.Gone(answer.reason, answer.detail) if isinstance(answer, Died) else answer)
            case _:
                raise WireError("the exam process spoke out of turn")

    def _called_back(self, call: spoken.CallBack, child: Dialogue, exam: Exam) -> spoken.Reply:
        """What a function of the test's gives; it may ask the notebook itself."""
        exam.send(call)
        while True:
            match exam.receive():
                case spoken.Reply() as reply:
                    return reply
                case other:
                    self._answer(other, child, exam)

    def _write_down(self, question: slips.Question, answer: spoken.Done | spoken.Failed | Died) -> None:
        if (asked := recording.asked(question, answer)) is not None:
            self._running.keep(asked, recording.weight(question, answer))


@dataclass(frozen=True)
class _ForChild:
    """What the child runs of a step."""

    index: int
    source: str


def _for_child(step: Step, shown: Mapping[str, str]) -> _ForChild:
    """A step as the child runs it: of a test cell no more than what students see of it and later cells need."""
    tests = not step.own and step.kind == "test"
    return _ForChild(step.index, shown.get(step.grade_id, "") if tests else step.source)


@functools.lru_cache(maxsize=64)
def _modules(paper: Paper) -> tuple[str, ...]:
    """What the author's text imports, and what modules beside it do, to be loaded before a child's time begins."""
    found: dict[str, None] = {}
    texts = [cell.source for cell in paper.cells if cell.is_code]
    while texts:
        for one in outline.of(texts.pop()).imports:
            if not one.module or one.module in found:
                continue
            found[one.module] = None
            beside = paper.path.parent / f"{one.module.partition('.')[0]}.py"
            with contextlib.suppress(OSError, ValueError):
                texts.append(beside.read_text("utf-8"))
    return tuple(found)
