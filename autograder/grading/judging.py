"""The verdicts on the functions of one submission: each on its own merits, with right ones in the place of wrong ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder import budget
from autograder.checking import examining
from autograder.checking.attempt import Attempt, Examiner
from autograder.checking.graders import Graders
from autograder.checking.together import Together
from autograder.notebook import takers
from autograder.records import Check, Died, Function, Submission
from autograder.sandbox.worker import Run


@dataclass(frozen=True)
class Judged:
    """The verdict on one function, and the attempt it rests on."""

    attempt: Attempt
    checks: tuple[Check, ...]
    score: float
    carried_from: tuple[str, ...] = ()  # wrong functions that right ones stood in for
    is_presumed: bool = False  # it may call a function that hangs, and was not tried so

    @property
    def function(self) -> Function:
        """The function that was judged."""
        return self.attempt.function

    @property
    def full_marks(self) -> bool:
        """Whether nothing was lost."""
        return self.score == self.function.points

    @property
    def timed_out(self) -> bool:
        """Whether it used up its time, or would."""
        if self.is_presumed:
            return True
        outcomes = (trial.outcome for trial in self.attempt.hidden)
        return any(isinstance(outcome, Died) and outcome.reason == "timeout" for outcome in outcomes)

    @property
    def hangs(self) -> bool:
        """Whether it used up its time on the very first of its inputs."""
        first = self.attempt.hidden[0].outcome if self.attempt.hidden else None
        return self.attempt.run.defined and isinstance(first, Died) and first.reason == "timeout"


def judge(examiner: Examiner, graders: Graders, submission: Submission) -> tuple[Judged, ...]:
    """The verdicts on all functions of a submission.

    Each is graded on its own merits: where it lost marks and calls functions that are wrong or missing, it is
    tried again with right ones in their place.
    """
    with examiner.together(submission) as together:
        judge = _Judge(examiner, graders, submission, together)
        judged: list[Judged] = []
        for function in examiner.unit.functions:
            judged.append(judge.verdict(function, judged))
    return tuple(judged)


def check(graders: Graders, tried: Attempt) -> Judged:
    """The verdict on one attempt as it stands."""
    checks = graders.check(tried)
    if (own := budget.current()) is not None:
        own.refuse()  # what ends a grader of pytest's ends there, and looks like a check that failed
    return Judged(tried, checks, _score(tried, checks))


@dataclass(frozen=True)
class _Judge:
    """All that it takes to judge one submission."""

    examiner: Examiner
    graders: Graders
    submission: Submission
    together: Together

    def verdict(self, function: Function, earlier: Sequence[Judged]) -> Judged:
        """The verdict on one function; `earlier` are those on the functions before it."""
        left_out = earlier[-1].attempt.run.left_out if earlier else {}
        carried = self._without_what_hangs(function, earlier, left_out)
        if carried is not None and carried.attempt.run.asked:
            return carried
        own = carried or self._tried(function, left_out=left_out)
        stood = None if own.full_marks else self._as_it_stood(own)
        if stood is not None and stood.score > own.score:
            own, stood = stood, None
        if not own.full_marks:
            own = self._carried_forward(own, earlier)
        if stood is not None and not own.full_marks:
            stood = self._carried_forward(stood, earlier)
            own = stood if stood.score > own.score else own
        return own

    def _tried(
        self,
        function: Function,
        replaced: Sequence[str] = (),
        right: Sequence[str] = (),
        *,
        left_out: Mapping[int, Died],
        as_it_stood: bool = False,
    ) -> Judged:
        tried = self.examiner.attempt(
            self.submission,
            function,
            replaced,
            left_out,
            right,
            as_it_stood=as_it_stood,
            together=self.together,
        )
        return check(self.graders, tried)

    def _without_what_hangs(
        self, function: Function, earlier: Sequence[Judged], left_out: Mapping[int, Died]
    ) -> Judged | None:
        """The verdict on a function that calls one that hangs, with right ones in the place of wrong ones alone.

        What hangs costs its time once, and not once more for each that calls it. Where none was called, it is the verdict
        on the function as it is. None where that is not known yet: where it calls others that are wrong and none that
        hangs, or earned nothing, or where its names are taken by later cells and are to be tried in two ways.
        """
        hanging = {one.function.name for one in earlier if one.hangs}
        if hanging.isdisjoint(examining.replaceable(self.examiner, self.submission, function)):
            return None
        run = Run([], defined=True, left_out=dict(left_out))
        own = Judged(Attempt(self.submission, function, (), (), (), run), (), 0.0, is_presumed=True)
        if self._are_taken(own.attempt):
            return None
        carried = self._carried_forward(own, earlier)
        asked = carried.attempt.run.asked
        is_known = not carried.is_presumed if not asked else not hanging.isdisjoint(asked)
        return carried if is_known else None

    def _as_it_stood(self, own: Judged) -> Judged | None:
        """The verdict with names that a later cell took as they stood when the function's cell had run.

        None where no cell took any.
        """
        if not self._are_taken(own.attempt):
            return None
        return self._tried(own.function, left_out=own.attempt.run.left_out, as_it_stood=True)

    def _are_taken(self, tried: Attempt) -> bool:
        """Whether a later cell took a name that the function uses."""
        graded = takers.counting(self.submission.definitions)
        return bool(takers.taken(self.submission.cells, tried.definition, graded))

    def _carried_forward(self, own: Judged, earlier: Sequence[Judged]) -> Judged:
        """The verdict on a function that lost marks, with right ones in the place of those that it calls.

        That is, of those that are wrong: a right one is the student's own affair, and what it is called with too.
        """
        verdicts = {one.function.name: one.full_marks for one in earlier}
        left_out = own.attempt.run.left_out

        def tried(replaced: Sequence[str], right: Sequence[str] = ()) -> Judged:
            return self._tried(
                own.function, replaced, right, left_out=left_out, as_it_stood=own.attempt.as_it_stood
            )

        mentioned = examining.replaceable(self.examiner, self.submission, own.function)
        wrong = [name for name in mentioned if not verdicts.get(name)]
        best = own
        called: tuple[str, ...] = ()
        if wrong:
            helped = tried(wrong)
            brought = [name for name in helped.attempt.run.asked if name not in verdicts]
            ends_now = own.timed_out and helped.score > own.score  # then it is one of these that hangs
            for name in brought:
                verdicts[name] = not ends_now and self.examiner.is_right(
                    self.submission, name, left_out, self.together
                )
            if any(verdicts[name] for name in brought):
                wrong = [name for name in wrong if not verdicts.get(name)]
                helped = tried(wrong)
            called = tuple(sorted(helped.attempt.run.asked))
            if helped.score > own.score:
                best = replace(helped, carried_from=called)
            elif helped.score == own.score and called:
                best = helped
        # One that earned its marks can still hand on what others cannot use, such as a matrix of its own kind. With
        # the same again in its place, a function that ran out of time would only do so again.
        right = [name for name in mentioned if verdicts.get(name)]
        if right and not best.full_marks and not own.timed_out:
            plain = tried(mentioned, right)
            if plain.score > best.score:
                best = replace(plain, carried_from=called or tuple(sorted(plain.attempt.run.asked)))
        return best


def _score(tried: Attempt, checks: tuple[Check, ...]) -> float:
    """The points of the checks that passed; nothing where no ordinary input came out right."""
    if not any(trial.mismatch is None for trial in tried.hidden if trial.case.kind == "ordinary"):
        return 0.0
    if all(check.passed for check in checks):
        return tried.function.points
    return sum(check.points for check in checks if check.passed)
