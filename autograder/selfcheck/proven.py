"""Tries small edits of a student's code right here, where nothing locks code in: only code that is proven to do no harm.

Theory of operation. On a student's own machine a changed path could delete files, and a dropped `i += 1` would never end.
So of the notebook only what `notebook/pure.py` proves is run, in variables of its own, and an edit only where it is
proven too; and it runs under a meter (`meter.py`), whose limits are counted and not timed. That takes no process, no
thread and no clock, and so works in a browser's kernel as in a terminal. What is proven keeps nothing from call to call,
so all edits share one set of variables.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np

from autograder.checking.attempt import Attempt
from autograder.child import given, messages, packing, questions
from autograder.child.allowance import TooManyStepsError
from autograder.child.values import failure, handed_back, value_data
from autograder.notebook import pure, syntax
from autograder.records import Case, Died, Outcome, Redefined
from autograder.sandbox.outcomes import outcome_of
from autograder.selfcheck.meter import STEPS, Meter
from autograder.selfcheck.metered import METER, metered

ALL_STEPS: Final = 400_000  # of all calls of a search together
MOST_LINES: Final = 1_000  # of the function and of all that it needs
AN_EDIT: Final = 400  # of them: what it takes to prove an edit and to make it run
_MORE: Final = 1_000  # steps that a call of an edit may take beyond
_TIMES: Final = 4  # as many as the student's own code takes
_ASKED: Final = frozenset({"result", "printed"})
_UNPROVEN: Final = Died("crashed", "is not proven to do no harm")


@dataclass
class ProvenCode:
    """Runs edits of one proven function; see `explaining/edited.Runner`. A context manager."""

    name: str
    extract: pure.Extract
    died: Died | None = None  # where the steps of the whole search are used up
    _left: int = ALL_STEPS
    _variables: dict[str, Any] = field(default_factory=dict)
    _limits: dict[str, int] = field(
        default_factory=dict
    )  # by case: how many steps a call of an edit may take

    def __enter__(self) -> Self:
        if self._variables:
            return self
        self._variables |= {"__name__": "__main__", METER: Meter()}
        for statement in self.extract.statements:
            with contextlib.suppress(Exception):  # as in the notebook, what cannot be made is not there
                self._run(ast.Module([copy.deepcopy(statement)], []))
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is to be ended: what is proven has kept nothing, and may be used again."""

    def outcomes(
        self, edits: Sequence[Sequence[Redefined]], cases: Sequence[Case], *, back: bool = True
    ) -> list[list[Outcome]]:
        """For each edit what it gives on each of the cases; fewer where the steps of the search are used up.

        With `back` the arguments come back with each result.
        """
        found: list[list[Outcome]] = []
        with _quietly():
            limits = {case.name: self._limit(case) for case in cases}
            for edit in edits:
                self._left -= AN_EDIT
                outcomes = self._tried(edit, cases, limits, back)
                if self._left < 0:
                    self.died = Died("timeout", "all edits together run too long")
                    break
                found.append(outcomes)
        return found

    def _tried(
        self, edit: Sequence[Redefined], cases: Sequence[Case], limits: Mapping[str, int], back: bool
    ) -> list[Outcome]:
        trees = [self.extract.takes(one.source, one.name) for one in edit]
        proven = [tree for tree in trees if tree is not None]
        if len(proven) < len(edit) or self._left < 0:
            return [_UNPROVEN] * len(cases)
        with self._edited([one.name for one in edit], proven):
            return [self._outcome(case, limits[case.name], back) for case in cases]

    @contextlib.contextmanager
    def _edited(self, names: Sequence[str], trees: Sequence[ast.Module]) -> Iterator[None]:
        """The notebook with some of its functions written otherwise."""
        before = {name: self._variables.get(name) for name in names}
        for tree in trees:
            self._run(tree)
        try:
            yield
        finally:
            self._variables.update(before)

    def _run(self, tree: ast.Module) -> None:
        exec(compile(metered(tree), "<edit>", "exec"), self._variables)

    def _limit(self, case: Case) -> int:
        """How many steps an edit may take on a case: some times what the student's own code takes."""
        if case.name not in self._limits:
            left = self._left
            self._outcome(case, STEPS)
            self._limits[case.name] = min(STEPS, _MORE + _TIMES * (left - self._left))
        return self._limits[case.name]

    def _outcome(self, case: Case, steps: int, back: bool = True) -> Outcome:
        """What the function gives on a case."""
        meter = self._variables[METER] = Meter(steps)
        args = [given.unpacked(packing.pack(argument)) for argument in case.args]
        try:
            value = value_data(questions.ask(self._variables.get(self.name), args, case.asks))
            return outcome_of(messages.Result(0, value, handed_back(args) if back else []), 0)
        except (Exception, TooManyStepsError) as error:
            return outcome_of(failure(0, error, after=handed_back(args) if back else []), 0)
        finally:
            self._left -= steps - meter.steps


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Nothing that an edit prints or warns of is the student's."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def start(attempt: Attempt) -> Callable[[Attempt], ProvenCode] | None:
    """What tries edits of the function of an attempt; None where its code is not proven to do no harm."""
    cell, asks = attempt.definition.cell, {trial.case.asks for trial in attempt.explain}
    if cell is None or not asks <= _ASKED:
        return None
    name = attempt.function.name
    extract = pure.extract(
        [syntax.plain(one) for one in attempt.submission.cells if one.kind == "code"], name
    )
    if extract is None or sum(map(_lines, extract.statements)) > MOST_LINES:
        return None
    code = ProvenCode(name, extract)
    return lambda _: code


def _lines(statement: ast.stmt) -> int:
    return (statement.end_lineno or statement.lineno) - statement.lineno + 1
