"""Tries one function of a submission on all its inputs, in the worker, beside the reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from autograder.checking import together
from autograder.checking.answers import Answers
from autograder.checking.compare import changed_inputs, compare, held_against, told_of_hidden
from autograder.checking.together import Together
from autograder.child import questions
from autograder.course import chance, material, secret, smallest
from autograder.course.material import Material
from autograder.course.secret import Family
from autograder.course.steps import Misconception, Procedure
from autograder.data import Value
from autograder.mismatch import Mismatch
from autograder.notebook import takers
from autograder.records import (
    Case,
    Cell,
    Course,
    Definition,
    Died,
    Function,
    Outcome,
    Redefined,
    Returned,
    Submission,
    TracedValue,
    Unit,
)
from autograder.sandbox import worker
from autograder.sandbox.trying import Trying
from autograder.sandbox.worker import Request, Run, Series, Start

# Python's own names are taken afresh: the notebook may have given them to something else.
_EXPERIMENT = """
def _experiment(number):
    import builtins, numpy
    shown = [{lines}][builtins.int(number)]()
    parts = builtins.isinstance(shown, builtins.tuple) and {{builtins.type(part) for part in shown}} == {{numpy.ndarray}}
    return shown if parts else numpy.asarray(shown)
"""
_REPEATED = 2  # explain cases that are called a second time, to see whether the result depends on luck


@dataclass(frozen=True)
class Trial:
    """One case: what was due and what came."""

    case: Case
    expected: Value | tuple[str, ...]
    outcome: Outcome
    mismatch: Mismatch | None  # None: as it should be
    changed: bool  # the function changed its arguments

    @property
    def overwritten(self) -> bool:
        """Whether a later call changed what this one had given."""
        return isinstance(self.outcome, Returned) and self.outcome.overwritten


@dataclass(frozen=True)
class Attempt:
    """One function of one submission on all its inputs."""

    submission: Submission
    function: Function
    hidden: tuple[Trial, ...]  # decide the score; their numbers are never shown
    # Decide nothing, may always be shown; tried where marks were lost. What is made small of them comes last.
    explain: tuple[Trial, ...]
    again: tuple[tuple[Trial, Outcome], ...]  # explain trials, and what a second call gave
    run: Run
    right: tuple[str, ...] = ()  # of the functions with stand-ins, those that are right themselves
    as_it_stood: bool = False  # with names that later cells took as they stood when its cell had run

    def called(self, trials: Sequence[Trial]) -> frozenset[str]:
        """The cases of these trials on which there was a function to call; none comes after the one that ended it."""
        if not self.run.defined or self.definition.unwritten:
            return frozenset()
        ends = next((n for n, trial in enumerate(trials) if isinstance(trial.outcome, Died)), len(trials))
        return frozenset(trial.case.name for trial in trials[: ends + 1])

    @property
    def definition(self) -> Definition:
        """What the student wrote of the function."""
        return self.submission.definitions.get(self.function.name, Definition())


@dataclass(frozen=True)
class Examiner:
    """All that it takes to try the functions of one unit: the course's side of the table."""

    course: Course
    unit: Unit
    material: Material
    secret: bytes
    start: Start  # a fresh locked-in child
    procedures: Mapping[str, Procedure]  # of this unit and all before it
    handout: frozenset[str]  # the texts of the released notebook's code cells
    # By function, of this unit and all before it.
    homes: Mapping[str, Material] = field(default_factory=dict)  # the material of its own unit
    misconceptions: Mapping[str, tuple[Misconception, ...]] = field(default_factory=dict)
    tries_edits: bool = False  # whether small edits of the student's own code may run

    def attempt(
        self,
        submission: Submission,
        function: Function,
        replaced: Sequence[str] = (),
        left_out: Mapping[int, Died] = MappingProxyType({}),
        right: Sequence[str] = (),
        *,
        as_it_stood: bool = False,
        together: Together | None = None,
    ) -> Attempt:
        """Tries `function` on its hidden inputs; calls of the functions in `replaced` are answered by the reference.

        Of those in `right`, which are right themselves, only where they give the same values. `left_out` are cells
        that hung or killed another child, and would only do so again. `as_it_stood`: what the function uses is as it
        was when its own cell had run. Without `together` it has a child of its own.
        """
        cases = self._cases("hidden", submission, function)
        shown = self.material.shown(function.name)
        request = self._request(submission, function, [*cases, *shown], replaced)
        request = replace(request, left_out=left_out, right=right, as_it_stood=as_it_stood)
        run = worker.run(self.start, request) if together is None else together.run(request)
        trials = self._trials(function, cases, run.outcomes[0][: len(cases)])
        hidden = (replace(one, mismatch=one.mismatch and told_of_hidden(one.mismatch)) for one in trials)
        return Attempt(submission, function, tuple(hidden), (), (), run, tuple(right), as_it_stood)

    def proven(self, tried: Attempt) -> Attempt:
        """The attempt as grading has it, where one child may go on for all that is shown: where its code keeps nothing."""
        if tried.as_it_stood:
            return tried
        asks = material.asks(self.material, tried.function.name)
        return replace(
            tried, run=together.proven(tried.run, asks, self._cells(tried.submission), self._names())
        )

    def together(self, submission: Submission) -> Together:
        """What runs all that is asked of a submission, in one child where its code is proven to keep nothing."""
        names = self._names()
        is_audited = secret.is_audited(self.secret, submission.unit, submission.student, submission.digest)
        return together.of(self.start, self._cells(submission), names, is_audited=is_audited)

    def is_right(
        self, submission: Submission, name: str, left_out: Mapping[int, Died], together: Together
    ) -> bool:
        """Whether a function of an earlier unit, which is not graded again, does all that its own hidden inputs ask."""
        from autograder.course import (
            coursefile,  # which a self-check has none of, and what reads it may not be there
        )

        function = coursefile.function(self.course, name)
        at_home = replace(self, material=self.homes[name])
        tried = at_home.attempt(submission, function, (), left_out, together=together)
        return all(
            trial.mismatch is None and not trial.changed and not trial.overwritten for trial in tried.hidden
        )

    def attempts(self, submissions: Sequence[Submission], function: Function) -> list[Attempt]:
        """Tries the same code as it is on the hidden inputs of several students, one after the other in one child.

        For proving what holds for all of them. Grading never does so: code may remember what it was called with.
        """
        families = [self._cases("hidden", submission, function) for submission in submissions]
        if not families:
            return []
        request = self._request(submissions[0], function, (), ())
        batches = [[case.args for case in cases] for cases in families]
        seeds = [[questions.seed_of(case) for case in cases] for cases in families]
        run = worker.run(self.start, replace(request, batches=batches, seeds=seeds))
        return [
            Attempt(submission, function, self._trials(function, cases, outcomes), (), (), run)
            for submission, cases, outcomes in zip(submissions, families, run.outcomes, strict=True)
        ]

    def shown(self, tried: Attempt) -> Series | None:
        """What keeps a child open for all that is shown of a function, where its code is proven to keep nothing."""
        return Series(self.start) if tried.run.proven and self.tries_edits else None

    def explain(self, tried: Attempt, kept: Series | None = None) -> Attempt:
        """The explain inputs of an attempt, some of them twice and some made small, with the stand-ins that it asked for.

        They go to a child of their own, which `kept` keeps: what a student's own text says about an explain input cannot
        have seen a hidden one. From the case on which the function hung or was killed nothing is tried again, which would
        only cost the same time.
        """
        function, before = tried.function, [trial.outcome for trial in tried.hidden]
        cases = self._cases("explain", tried.submission, function)
        alive = next((i for i, outcome in enumerate(before) if isinstance(outcome, Died)), len(cases))
        if before and not tried.run.defined:
            alive = 0
        smaller = smallest.smaller(self.material, function.name, "explain") if alive == len(cases) else ()
        again = [case for case in cases[:alive] if case.kind == "ordinary"][:_REPEATED]
        run = tried.run
        outcomes: list[Outcome] = []
        if alive:
            # Set otherwise, the global generators show what is left to them; where that is asked for, as before.
            otherwise = [
                case
                if chance.by_chance(self.material, function.name, case)
                else replace(case, name=f"{case.name} again")
                for case in again
            ]
            shown = () if before else self.material.shown(function.name)
            called = [*cases[:alive], *otherwise, *smaller, *shown]
            request = self._request(tried.submission, function, called, sorted(tried.run.asked))
            request = _as_tried(request, tried)
            run = worker.run(self.start, request) if kept is None else kept.run(request)
            outcomes = run.outcomes[0]
        trials = self._trials(function, cases, [*outcomes[:alive], *before[alive:]])
        first = {trial.case.name: trial for trial in trials}
        seen = [
            (trial, held_against(trial.case, trial.expected, outcome, function.tolerance))
            for trial, outcome in zip([first[case.name] for case in again], outcomes[alive:], strict=False)
        ]
        came = zip(smaller, outcomes[alive + len(again) :], strict=False)
        small = [self._trial(function, *one) for one in came if not isinstance(one[1], Died)]
        return replace(tried, explain=(*trials, *small), again=tuple(seen), run=run)

    def public(self, tried: Attempt) -> tuple[Trial, ...]:
        """The inputs that are the same for everyone, tried in a child of their own under the conditions of an attempt."""
        function = tried.function
        seed = secret.public_seed(self.course, self.unit.name, function.name)
        cases = material.draw(self.material, function.name, "public", seed)
        request = self._request(tried.submission, function, cases, sorted(tried.run.asked))
        run = worker.run(self.start, _as_tried(request, tried))
        return self._trials(function, cases, run.outcomes[0])

    def without_globals(self, attempt: Attempt, names: Sequence[str]) -> Outcome:
        """The first ordinary explain case once more, with these variables of the notebook taken away."""
        trial = next(trial for trial in attempt.explain if trial.case.kind == "ordinary")
        return self.alone(attempt, trial, hide=names)

    def alone(self, attempt: Attempt, trial: Trial, *, hide: Sequence[str] = ()) -> Outcome:
        """What an explain case gives in a fresh child, where nothing was called before it, without these variables."""
        outcome = self._once_more(attempt, trial.case, hide=hide).outcomes[0][0]
        return held_against(trial.case, trial.expected, outcome, attempt.function.tolerance)

    def traced(self, attempt: Attempt, case: Case) -> list[TracedValue]:
        """The arrays that the function's lines make on an explain case, run once more; they may be forged."""
        return self._once_more(attempt, case, trace=True).traced

    def trying(self, attempt: Attempt, kept: Series | None = None) -> Trying:
        """A child that tries small edits of the code, under the conditions of an attempt: a fresh one, or what is kept."""
        request = self._request(attempt.submission, attempt.function, (), sorted(attempt.run.asked))
        return Trying(self.start, _as_tried(request, attempt), self.course.limits.edit_seconds, kept)

    def experiments(self, attempt: Attempt, lines: Sequence[str], within: object = None) -> list[Outcome]:
        """What each of these expressions gives in the notebook, in a fresh child with the same stand-ins.

        They are the course's own, and may call the function; a list or a number comes back as an array. `within` is
        what has tried edits of the code, if anything has: its child will do, where nothing in it keeps anything.
        """
        cells = self._cells(attempt.submission)
        source = _EXPERIMENT.format(lines=", ".join(f"lambda: (\n{line}\n)" for line in lines))
        own = Cell(max((cell.index for cell, _ in cells), default=-1) + 1, source)
        request = Request(
            function="_experiment",
            cells=[*cells, (own, False)],
            batches=[[(np.array(number),) for number in range(len(lines))]],
            replaced=sorted(attempt.run.asked),
            arity=self._arity(attempt.run.asked),
            answer=self._answers,
            definitions=takers.counting(attempt.submission.definitions),
        )
        request = _as_tried(request, attempt)
        if isinstance(within, Trying) and attempt.run.proven and within.died is None:
            return within.asked(request, Redefined(request.function, own.index, own.source))
        return worker.run(self.start, request).outcomes[0]

    def _once_more(
        self,
        attempt: Attempt,
        case: Case,
        *,
        hide: Sequence[str] = (),
        trace: bool = False,
    ) -> Run:
        """One explain case in a fresh child, with the same stand-ins and without the cells that do not end."""
        request = self._request(attempt.submission, attempt.function, [case], sorted(attempt.run.asked))
        return worker.run(self.start, replace(_as_tried(request, attempt), hide=[hide], trace=trace))

    def _cases(self, family: Family, submission: Submission, function: Function) -> tuple[Case, ...]:
        seed = secret.seed(self.secret, family, submission.unit, submission.student, function.name)
        return material.draw(self.material, function.name, family, seed)

    def _request(
        self, submission: Submission, function: Function, cases: Sequence[Case], replaced: Sequence[str]
    ) -> Request:
        return Request(
            function=function.name,
            cells=self._cells(submission),
            batches=[[case.args for case in cases]],
            seeds=[[questions.seed_of(case) for case in cases]],
            asks=material.asks(self.material, function.name),
            modules=material.modules(self.material),
            replaced=replaced,
            arity=self._arity(replaced),
            answer=self._answers,
            definitions=takers.counting(submission.definitions),
        )

    def _names(self) -> list[str]:
        """The functions that may be asked for: the unit's own, and those that students bring."""
        return [*(function.name for function in self.unit.functions), *self.unit.brings]

    def _cells(self, submission: Submission) -> list[tuple[Cell, bool]]:
        return [(cell, not cell.large and cell.source.strip() in self.handout) for cell in submission.cells]

    def _trials(
        self, function: Function, cases: Sequence[Case], outcomes: Sequence[Outcome]
    ) -> tuple[Trial, ...]:
        return tuple(
            self._trial(function, case, outcome) for case, outcome in zip(cases, outcomes, strict=True)
        )

    def _trial(self, function: Function, case: Case, outcome: Outcome) -> Trial:
        expected = material.expected(self.material, function.name, case)
        outcome = held_against(case, expected, outcome, function.tolerance)
        return Trial(
            case,
            expected,
            outcome,
            compare(case, expected, outcome, function.tolerance),
            changed_inputs(case, outcome),
        )

    @property
    def _answers(self) -> Answers:
        return Answers(self.procedures, self.homes, self.material)

    def _arity(self, names: Iterable[str]) -> dict[str, int]:
        return {name: len(self.procedures[name].parameters) for name in names}


def _as_tried(request: Request, attempt: Attempt) -> Request:
    """The request under the conditions of an attempt that was made before."""
    return replace(
        request, left_out=attempt.run.left_out, right=attempt.right, as_it_stood=attempt.as_it_stood
    )
