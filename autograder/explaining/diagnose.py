"""From what a function did on all its inputs to the misconception that reproduces it, and to the worked answer.

Nothing is claimed that the student's own results do not bear out on every ordinary input; where nothing fits,
what is known is told and no guess is made. Verdicts and marks are settled before this stage and not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.checking.attempt import Attempt, Examiner, Trial
from autograder.errors import SandboxError
from autograder.explaining import candidates as all_candidates
from autograder.explaining import facts, general, precision, trace, worked
from autograder.explaining.candidates import Candidates, Fit
from autograder.explaining.general import finding
from autograder.explaining.search import Search
from autograder.explaining.trace import Place
from autograder.explaining.trials import ordinary, pairs_of, returned_arrays, to_explain
from autograder.explaining.whole import whole_function
from autograder.notebook import syntax
from autograder.records import (
    Diagnosis,
    Explanation,
)


@dataclass(frozen=True)
class Findings:
    """Why a function lost marks."""

    diagnoses: tuple[Diagnosis, ...]  # the best explanation first
    explanation: Explanation | None  # of the first wrong explain case; None where all came out right


def diagnose(examiner: Examiner, attempt: Attempt, candidates: Candidates | None = None) -> Findings:
    """The findings on a function that lost marks, with the worked answer and the line where they show.

    `candidates` are what may account for its results, where that is not made of the unit's steps.
    """
    trials = (*attempt.explain, *attempt.hidden)
    shown = to_explain(attempt)
    with np.errstate(all="ignore"):  # students' numbers overflow where they like
        explanation = worked.explanation(examiner.material, attempt, shown) if shown is not None else None
        whole = whole_function(attempt, trials)
        if whole is not None:
            return Findings(_about(attempt, (whole,)), explanation)
        search = Search(
            candidates or all_candidates.candidates(examiner, attempt.function.name),
            trials,
            attempt.function.tolerance,
            syntax.code_of(attempt.submission.cells, attempt.function.name, examiner.procedures),
        )
        fit, found = _found(examiner, attempt, search, trials)
        if shown is None or explanation is None:
            return Findings(_about(attempt, found), None)
        place = _place(examiner, attempt, search, fit, found[0].step if found else None, shown)
        known = (
            fact for fact in explanation.observations if not any(fact in told for told in place.sentences)
        )
        observations = (*known, *place.sentences)
        agrees = tuple(dict.fromkeys((*explanation.agrees, *place.agrees)))
        return Findings(
            _about(attempt, _with_lines(found, place)),
            replace(explanation, observations=observations, agrees=agrees),
        )


def _found(
    examiner: Examiner, attempt: Attempt, search: Search, trials: Sequence[Trial]
) -> tuple[Fit | None, tuple[Diagnosis, ...]]:
    """What accounts for the ordinary results, and all findings."""
    wrong = [trial for trial in ordinary(trials) if trial.mismatch is not None]
    fit, found = None, list[Diagnosis]()
    if wrong:
        fit = search.single()
        answer = (
            None if fit else facts.one_answer(attempt)
        )  # whatever the inputs: no step of the reference does that
        if fit is None and answer is None:
            fit = _close_explanation(search, trials)
        found = (
            list(fit.diagnoses) if fit else facts.general_findings(examiner, attempt, search, wrong, answer)
        )
    if fit is not None or not wrong:
        edge, unexplained = search.edge(fit)
        fit = fit or next(iter(edge), None)
    else:
        # Beside something, never first: what is wrong with ordinary inputs is not that.
        # What an early return leaves out may be the very check of an edge.
        whole = found and found[0].id != "general.returns-early"
        edge, unexplained = search.edge_by_results() if whole else [], []
    found += [diagnosis for one in edge for diagnosis in one.diagnoses]
    found += facts.by_rung(attempt, unexplained)
    if any(trial.changed for trial in trials):
        found.append(finding("mutates-input"))
    return fit, tuple({diagnosis.id: diagnosis for diagnosis in reversed(found)}.values())[::-1]


def _place(
    examiner: Examiner,
    attempt: Attempt,
    search: Search,
    fit: Fit | None,
    named: str | None,
    shown: Trial,
) -> Place:
    """The student's lines on the explained case, held against the steps."""
    cell = attempt.definition.cell
    # Where the code that ran is not the code that is shown, its lines would mark the wrong text.
    ways = search.ways(fit, shown.case) if cell is not None and cell.index == attempt.run.cell else None
    if cell is None or ways is None:
        return Place()
    try:
        traced = examiner.traced(attempt, shown.case)
    except SandboxError:  # what decorates must not cost what is known without it
        return Place()
    return trace.find(traced, attempt.definition, ways, attempt.function.tolerance, named)


def _about(attempt: Attempt, found: Sequence[Diagnosis]) -> tuple[Diagnosis, ...]:
    """The findings, with the function's own name where a general one speaks of any."""
    name = attempt.function.name
    return tuple(replace(one, look=one.look.replace(general.ANY_FUNCTION, name)) for one in found)


def _with_lines(found: Sequence[Diagnosis], place: Place) -> tuple[Diagnosis, ...]:
    """The findings with the lines at which they show: the first one's, and those of others with a step of their own.

    A general one without a step speaks of the whole function, unless it says what is wrong with an array.
    """

    def line(number: int, diagnosis: Diagnosis) -> int | None:
        if number or (
            diagnosis.step is None
            and diagnosis.id.startswith("general.")
            and diagnosis.id not in ("general.wrong-shape", "general.nan")
        ):
            return place.lines.get(diagnosis.step or "")
        return place.line

    return tuple(
        diagnosis if diagnosis.line is not None else replace(diagnosis, line=line(number, diagnosis))
        for number, diagnosis in enumerate(found)
    )


# -------------------------------------------------------------------------------- what fits every ordinary input


def _close_explanation(search: Search, trials: Sequence[Trial]) -> Fit | None:
    """What accounts for every ordinary result, where no catalogued mistake alone does; the simplest first."""
    pairs = [pair for trial in ordinary(trials) for pair in pairs_of(trial)]
    if pairs and len(pairs) == sum(1 for _ in ordinary(trials)):
        digits = precision.rounded_to(pairs)
        if digits is not None:
            told = f"The numbers are right to {digits} decimal places and cut there."
            return Fit((finding("rounded", detail=told),), None)
        if precision.low_precision(pairs):
            return Fit((finding("low-precision"),), None)
    digits = precision.decimals([array for trial in ordinary(trials) for array in returned_arrays(trial)])
    fit = search.rounded(digits) if digits is not None else None
    return fit or search.pair() or search.variant() or search.mixed_pair()
