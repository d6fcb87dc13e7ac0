"""From what a function did on all its inputs to the misconception that reproduces it, and to the worked answer.

Nothing is claimed that the student's own results do not bear out on every ordinary input; where nothing fits,
what is known is told and no guess is made. Verdicts and marks are settled before this stage and not touched.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from autograder.checking.attempt import Attempt, Examiner, Trial
from autograder.errors import SandboxError
from autograder.explaining import (
    altering,
    depending,
    edited,
    experiment,
    facts,
    general,
    idle,
    impression,
    mending,
    precision,
    trace,
    unreturned,
    worked,
)
from autograder.explaining import candidates as all_candidates
from autograder.explaining.candidates import Candidates, Fit, is_changed_step
from autograder.explaining.edited import Found
from autograder.explaining.general import finding
from autograder.explaining.place import Place
from autograder.explaining.placed import Placed
from autograder.explaining.same_arrays import same
from autograder.explaining.search import Search
from autograder.explaining.trials import ordinary, pairs_of, returned_arrays, to_explain
from autograder.explaining.unreturned import Kept
from autograder.explaining.whole import left_over, whole_function
from autograder.explaining.workbench import Held, Open, Workbench
from autograder.notebook import syntax
from autograder.records import Case, Diagnosis, Explanation, Outcome, Raised, Tolerance, TracedValue
from autograder.words import counted


@dataclass(frozen=True)
class Findings:
    """Why a function lost marks."""

    diagnoses: tuple[Diagnosis, ...]  # the best explanation first
    explanation: Explanation | None  # of the first wrong explain case; None where all came out right


@dataclass(frozen=True)
class _Evidence:
    """All that is known of a function that returned something wrong, before anything is concluded from it."""

    examiner: Examiner
    attempt: Attempt
    trials: tuple[Trial, ...]
    search: Search
    traced: Sequence[TracedValue]  # of the explained case; none where no line can be told
    kept: Kept | None  # the right result, where it is not returned
    bench: Workbench | None  # where small edits of the code are tried
    experiments: experiment.Experiments

    @property
    def wrong(self) -> list[Trial]:
        """The ordinary inputs that did not come out right."""
        return [trial for trial in ordinary(self.trials) if trial.mismatch is not None]

    @cached_property
    def edits(self) -> Found:
        """The smallest edits of the student's own code that make it right, as far as they are looked for."""
        shown = to_explain(self.attempt)
        if self.bench is None or (shown is not None and facts.is_told(self.attempt, shown)):
            return Found()
        return edited.find(self.bench)


def diagnose(
    examiner: Examiner,
    attempt: Attempt,
    candidates: Candidates | None = None,
    trying: Open | None = None,
    held: Held | None = None,
    *,
    lines: bool = True,
) -> Findings:
    """The findings on a function that lost marks, with the worked answer and the line where they show.

    `candidates` are what may account for its results, where that is not made of the unit's steps; `trying` is what tries
    small edits of the code, where that is no fresh child of the examiner's, and `held` what it may go on with. Without
    `lines`, it is which finding comes first that is asked for: where it shows is looked for only as far as that hangs on it.
    """
    trials = (*attempt.explain, *attempt.hidden)
    shown = to_explain(attempt)
    with np.errstate(all="ignore"):  # students' numbers overflow where they like
        explanation = worked.explanation(examiner.material, attempt, shown) if shown is not None else None
        whole = whole_function(attempt, trials) or left_over(examiner, attempt, shown)
        if whole is not None:
            return Findings(_about(attempt, (whole,)), explanation)
        start = trying or (examiner.trying if examiner.tries_edits else None)
        with nullcontext() if start is None else Workbench(start, attempt, held) as bench:
            found = _reasoned(examiner, attempt, candidates, explanation, bench, lines=lines)
            told = impression.without_summary(found.diagnoses, found.explanation)
            return replace(found, diagnoses=impression.with_impression(told, found.explanation))


def _reasoned(
    examiner: Examiner,
    attempt: Attempt,
    candidates: Candidates | None,
    explanation: Explanation | None,
    bench: Workbench | None,
    *,
    lines: bool,
) -> Findings:
    """The findings on a function that did return something wrong; `explanation` is of the explain case to show."""
    trials, shown = (*attempt.explain, *attempt.hidden), to_explain(attempt)
    known = candidates or all_candidates.candidates(examiner, attempt.function.name)
    search = Search(
        known,
        trials,
        attempt.function.tolerance,
        partial(syntax.code_of, attempt.submission.cells, attempt.function.name, examiner.procedures),
    )
    trace_of: Callable[[Case], list[TracedValue]] = partial(examiner.traced, attempt)
    if bench is not None and examiner.tries_edits:  # which has a child for it
        trace_of = bench.traced
    traced = _traced(trace_of, attempt, shown)
    kept = unreturned.find(trace_of, attempt, shown, traced) if shown is not None else None
    experiments = experiment.Experiments(partial(_run, examiner, attempt, bench), known.due)
    evidence = _Evidence(examiner, attempt, trials, search, traced, kept, bench, experiments)
    if shown is None or explanation is None:
        _, found = _found(evidence)
    else:
        found, explanation = _explained(evidence, shown, explanation, lines=lines)
    if not lines:  # what follows changes no order
        return Findings(found, explanation)
    found = depending.on_only_line(found, attempt)
    return Findings(experiment.borne_out(experiments, attempt, _about(attempt, found)), explanation)


def _run(
    examiner: Examiner, attempt: Attempt, bench: Workbench | None, lines: Sequence[str]
) -> list[Outcome]:
    """What lines to run give with the student's function: beside the edits of it, where it keeps nothing."""
    within = bench.going() if bench is not None and examiner.tries_edits and attempt.run.proven else None
    if bench is not None and within is None:
        bench.close()
    return examiner.experiments(attempt, lines, within)


def _explained(
    evidence: _Evidence, shown: Trial, explanation: Explanation, *, lines: bool
) -> tuple[tuple[Diagnosis, ...], Explanation]:
    """All findings, with the lines at which they show, and what else the student's own lines tell."""
    fit, found = _found(evidence)
    if not lines and mending.is_settled(found, evidence.attempt):
        return found, explanation
    # Before edits are tried, for which the child may have to be another one.
    if lines and evidence.attempt.run.proven:
        evidence.experiments.make([one.look for one in _about(evidence.attempt, found)])
    place = _place(evidence, fit, found, shown)
    right: set[str] = set()  # what no finding may say is changed
    while wrongly := _contradicted(found, place) - right:
        right |= {*wrongly, *(step for step in place.agrees if step != place.departs)}
        fit, found = _found(evidence, right)
        place = _place(evidence, fit, found, shown)
    found = _with_lines(found, place)
    places = evidence.edits.places([line for line in (found[0].line if found else None, place.line) if line])
    if places:
        places = tuple(_in_step_words(one, place) for one in places)
        found = mending.with_edits(found, places, shown)
        # What else may be returned says nothing against what lines make.
        made = [one for one in places if one.kind != "return"]
        if made:
            place = place.beside([line for one in made if one.function is None for line in one.lines])
    order = [step.name for step in explanation.worked]
    found, agrees = _consistent(found, place, order, explanation.agrees)
    known = (fact for fact in explanation.observations if not any(fact in told for told in place.sentences))
    rethink = mending.rethink(found, evidence.edits, explanation)
    unused = idle.sentences(evidence.attempt.definition.node, [one.line for one in found])
    observed = (*known, *place.sentences, *unused, *rethink)
    return found, replace(explanation, observations=observed, agrees=agrees)


def _in_step_words(placed: Placed, place: Place) -> Placed:
    """The place of an edit with the step that its line should make, where the trace shows it."""
    shows = placed.function is None and placed.line == place.line
    return replace(placed, step=place.departs) if shows else placed


def _found(evidence: _Evidence, right: Collection[str] = ()) -> tuple[Fit | None, tuple[Diagnosis, ...]]:
    """What accounts for the ordinary results, and all findings; no step of those seen `right` is said to be changed."""
    search, wrong = evidence.search, evidence.wrong
    fit, found = _on_ordinary_inputs(evidence, right) if wrong else (None, [])
    if fit is not None or not wrong:
        edge, unexplained = search.edge(fit)
        fit = fit or next(iter(edge), None)
    else:
        # Beside something, never first: what is wrong with ordinary inputs is not that.
        # What an early return leaves out may be the very check of an edge.
        whole = found and found[0].id != "general.returns-early"
        edge, unexplained = search.edge_by_results() if whole else [], []
    found += [diagnosis for one in edge for diagnosis in one.diagnoses]
    found += facts.by_rung(evidence.attempt, unexplained)
    if any(trial.changed for trial in evidence.trials):
        found.append(finding("mutates-input", line=altering.line(evidence.attempt.definition.node)))
    if any(trial.overwritten for trial in evidence.trials):
        found.append(finding("overwrites-results"))
    return fit, tuple({diagnosis.id: diagnosis for diagnosis in reversed(found)}.values())[::-1]


def _on_ordinary_inputs(evidence: _Evidence, right: Collection[str]) -> tuple[Fit | None, list[Diagnosis]]:
    """What accounts for the ordinary results, and the findings on them, what is wrong with most of them first."""
    attempt, search, kept, wrong = evidence.attempt, evidence.search, evidence.kept, evidence.wrong
    fit = search.single()
    if kept is not None and not kept.is_used:
        nothing = [one for one in facts.by_rung(attempt, wrong) if one.id == "general.returns-none"]
        return fit, [*nothing, kept.diagnosis]
    if kept is not None and fit is not None and search.leaves_out(fit):
        return None, [kept.diagnosis]  # it was done, and undone after that
    # Whatever the inputs: no step of the reference does that.
    answer = None if fit else facts.one_answer(attempt)
    if fit is None and answer is None:
        fit = _close_explanation(search, evidence, evidence.trials, right)
    if kept is not None and (fit is None or all(map(is_changed_step, fit.diagnoses))):
        return fit, [kept.diagnosis, *(fit.diagnoses if fit else ())]
    if fit is not None:
        return fit, list(fit.diagnoses)
    part = search.where_arrays_came() if answer is None else None
    if part is not None:
        came = [trial for trial in evidence.trials if not isinstance(trial.outcome, Raised)]
        fit = part.single() or _close_explanation(part, evidence, came, right)
    if fit is not None:
        raised = [trial for trial in wrong if isinstance(trial.outcome, Raised)]
        return fit, [*fit.diagnoses, *facts.by_rung(attempt, raised)]
    if evidence.bench is not None:  # which may run the code in a child of its own
        evidence.bench.close()
    return None, facts.general_findings(evidence.examiner, attempt, search, wrong, answer)


def _traced(
    trace_of: Callable[[Case], list[TracedValue]], attempt: Attempt, shown: Trial | None
) -> list[TracedValue]:
    """The arrays that the student's lines make on the explained case, none where the cell that ran is not shown."""
    cell = attempt.definition.cell
    # Where the code that ran is not the code that is shown, its lines would mark the wrong text.
    if shown is None or cell is None or cell.index != attempt.run.cell or _calls_itself(attempt):
        return []
    try:
        traced = trace_of(shown.case)
    except SandboxError:  # what decorates must not cost what is known without it
        return []
    return traced if _is_of_this_run(traced, shown) else []


def _is_of_this_run(traced: Sequence[TracedValue], shown: Trial) -> bool:
    """Whether the same came back: code that keeps something between calls may do right what it did wrong before."""
    parts = list(returned_arrays(shown))
    came = {"return": parts[0]} if len(parts) == 1 else {f"return[{n}]": part for n, part in enumerate(parts)}
    again = [one for one in traced if one.name.startswith("return") and not one.held]
    if isinstance(shown.outcome, Raised):
        return not again
    return all(same(one.value, came.get(one.name, one.value), Tolerance()) for one in again)


def _calls_itself(attempt: Attempt) -> bool:
    """Whether the lines of several calls of the function would be taken for those of one."""
    node, name = attempt.definition.node, attempt.function.name
    return node is not None and any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == name
        for one in ast.walk(node)
    )


def _place(evidence: _Evidence, fit: Fit | None, found: Sequence[Diagnosis], shown: Trial) -> Place:
    """The student's lines on the explained case, held against the steps."""
    attempt, kept = evidence.attempt, evidence.kept
    if kept is not None and not kept.is_used:
        fit = None  # the right result is forgotten: no mistake has made what is returned
    ways = evidence.search.ways(fit, shown.case) if evidence.traced else None
    if ways is None:
        return Place()
    named = found[0].step if found else None
    return trace.find(evidence.traced, attempt.definition, ways, attempt.function.tolerance, named)


def _contradicted(found: Sequence[Diagnosis], place: Place) -> set[str]:
    """The steps that are said to be changed, and of which the student's lines show that they are not.

    A line makes the step's right value and uses it, and no later line changes it; or a line makes the right value of a step
    that would come out wrong with this one changed.
    """
    changed = {one.step for one in found if is_changed_step(one) and one.step is not None}
    if set(place.against) - ({place.departs} & changed):
        return changed
    return {step for step in changed if step in place.agrees and step != place.departs}


def _consistent(
    found: Sequence[Diagnosis], place: Place, order: Sequence[str], returned: Sequence[str]
) -> tuple[tuple[Diagnosis, ...], tuple[str, ...]]:
    """The findings and the steps that agree, so that no step is both named by a finding and said to be right.

    Where the right value of a step was made and used, a mistake that shows in the next one is named there. Where it
    was made and changed again, or where the finding is about other inputs, it does not count as right. Nor does the
    last of the steps, `order`, unless its result is `returned`.
    """
    agrees = dict.fromkeys((*returned, *place.agrees))
    right, told = [step for step in agrees if step not in order[-1:] or step in returned], []
    for number, one in enumerate(found):
        step = one.step
        if step in right and (number or step == place.departs):
            right.remove(step)
        elif step in right:
            later = order[order.index(step) + 1 :] if step in order else ()
            left = [name for name in (place.departs, *later) if name is not None and name not in right]
            step = next(iter(left), None)
        told.append(replace(one, step=step))
    return tuple(told), tuple(right)


def _about(attempt: Attempt, found: Sequence[Diagnosis]) -> tuple[Diagnosis, ...]:
    """The findings, with the function's own name where a general one speaks of any."""
    name, asks = attempt.function.name, {trial.case.asks for trial in attempt.hidden}

    def look(line: str) -> str:
        if general.ANY_FUNCTION in line and "printed" in asks:
            line = f"{general.ANY_FUNCTION}(...)"  # what it returns is not looked at
        if general.ANY_FUNCTION in line and "script" in asks:
            return "Make the calls that are shown here, and look at what each of them gives"
        if "variable" in asks:  # which is not called
            line = line.replace(f"{general.ANY_FUNCTION}(...)", name)
        return line.replace(general.ANY_FUNCTION, name)

    return tuple(replace(one, look=look(one.look)) for one in found)


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


def _close_explanation(
    search: Search, evidence: _Evidence, trials: Sequence[Trial], right: Collection[str]
) -> Fit | None:
    """What accounts for every ordinary result, where no catalogued mistake alone does; the simplest first.

    Where one edit mends it, two mistakes at once are not looked for.
    """
    pairs = [pair for trial in ordinary(trials) for pair in pairs_of(trial)]
    # Where all that came is right, no digits are lost: whole numbers that are due are no rounded ones.
    off = any(trial.mismatch is not None for trial in ordinary(trials))
    if off and pairs and len(pairs) == sum(1 for _ in ordinary(trials)):
        digits = precision.rounded_to(pairs)
        if digits is not None:
            told = f"The numbers are right to {counted(digits, 'decimal place')} and cut there."
            came = [got for trial in ordinary(trials) for got in returned_arrays(trial)]
            if came and all(got.dtype.kind in "iu" for got in came):
                told = f"{told} {facts.WHOLE_NUMBERS}"
            return Fit((finding("rounded", detail=told),), None)
        if precision.low_precision(pairs, asked_for=precision.asks_for_half(search.source)):
            return Fit((finding("low-precision"),), None)
    digits = precision.decimals([array for trial in ordinary(trials) for array in returned_arrays(trial)])
    fit = search.rounded(digits) if digits is not None else None
    if fit is not None or evidence.edits.single_place:
        return fit or search.variant(right)
    return search.pair() or search.variant(right) or search.mixed_pair(right)
