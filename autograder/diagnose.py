"""From what a function did on all its inputs to the misconception that reproduces it, and to the worked answer.

Nothing is claimed that the student's own results do not bear out on every ordinary input; where nothing fits,
what is known is told and no guess is made. Verdicts and marks are settled before this stage and not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder import material as materials
from autograder import notebooks, observe
from autograder.attempt import Attempt, Examiner, Trial
from autograder.compare import compare, exception_name, same_outcome
from autograder.general import GENERAL
from autograder.material import Material
from autograder.records import (
    Array,
    Case,
    Diagnosis,
    Died,
    Explanation,
    Mismatch,
    Other,
    Outcome,
    Raised,
    Returned,
    Submission,
    Tolerance,
    WorkedStep,
)
from autograder.steps import Misconception


def diagnose(examiner: Examiner, submission: Submission, attempt: Attempt) -> tuple[Diagnosis, ...]:
    """The findings on a function that lost marks, the best explanation first."""
    whole = _whole_function(submission, attempt)
    if whole is not None:
        return (whole,)
    trials = (*attempt.explain, *attempt.hidden)
    found: list[Diagnosis] = []
    if any(trial.mismatch for trial in _ordinary(trials)):
        found += _first_explanation(examiner, submission, attempt, trials)
    found += _edge_findings(examiner.material, attempt, trials, tuple(found))
    if any(trial.changed for trial in trials):
        found.append(general("mutates-input"))
    if not found:
        found += _plain_findings(attempt, [trial for trial in trials if trial.mismatch])
    return tuple({diagnosis.id: diagnosis for diagnosis in found}.values())


def explain(material: Material, attempt: Attempt) -> Explanation | None:
    """The first wrong explain case with its worked answer; None where every explain case came out right."""
    wrong = [trial for trial in attempt.explain if trial.mismatch is not None]
    # An ordinary case says more than a huge one, and a matrix more than an exception.
    wrong.sort(key=lambda trial: (trial.case.kind != "ordinary", not _arrays_came(trial)))
    return _explanation(material, attempt, wrong[0]) if wrong else None


def general(name: str, *, line: int | None = None, detail: str = "") -> Diagnosis:
    """The general finding of this name."""
    words = GENERAL[name]
    why = f"{words.why} {detail}".strip()
    return Diagnosis(f"general.{name}", words.title, None, line, why, words.look, words.read)


# ------------------------------------------------------------------------------------- the whole function


def _whole_function(submission: Submission, attempt: Attempt) -> Diagnosis | None:
    """What ended the function as a whole: never defined, left as a stub, hung, killed, no memory."""
    run = attempt.run
    if run.ended is not None:
        return general(run.ended.reason, detail=_sentence(run.ended.detail))
    if not run.defined:
        cell = notebooks.defining_cell(submission.cells, attempt.function.name)
        if cell is not None and cell.index in run.left_out:
            died = run.left_out[cell.index]
            return general(died.reason, detail=f"The cell that defines the function {died.detail}.")
        failed = run.failed.get(cell.index) if cell is not None else None
        if failed is not None:
            said = f"{exception_name(failed)}: {failed.message}" if failed.message else exception_name(failed)
            return general("missing", detail=f"The cell that defines it does not run: {said}.")
        return general("missing")
    outcomes = [trial.outcome for trial in (*attempt.explain, *attempt.hidden)]
    ordinary = [trial.outcome for trial in _ordinary((*attempt.explain, *attempt.hidden))]
    if all(
        isinstance(outcome, Raised) and outcome.exception == "NotImplementedError" for outcome in ordinary
    ):
        return general("not-implemented")
    for outcome in outcomes:
        if isinstance(outcome, Died):
            return general(outcome.reason, detail=_sentence(outcome.detail))
    if any(isinstance(outcome, Raised) and outcome.exception == "MemoryError" for outcome in ordinary):
        return general("out-of-memory")
    if any(not same_outcome(trial.outcome, again, Tolerance()) for trial, again in attempt.again):
        return general("random")
    return None


# ----------------------------------------------------------------------------------- the first explanation


def _first_explanation(
    examiner: Examiner, submission: Submission, attempt: Attempt, trials: Sequence[Trial]
) -> list[Diagnosis]:
    """The misconception, or the general finding, that accounts for every ordinary result."""
    ordinary = list(_ordinary(trials))
    for misconception in examiner.material.misconceptions[attempt.function.name]:
        if not misconception.edge and _reproduces(
            misconception.symptom, ordinary, attempt.function.tolerance
        ):
            return [_named(misconception)]
    wrong = [trial for trial in ordinary if trial.mismatch is not None]
    if _reads_globals(examiner, submission, attempt):
        return [general("uses-globals", detail=f"It reads {observe.listed(attempt.run.reads)}.")]
    return _plain_findings(attempt, wrong) if wrong else []


def _reproduces(symptom: Callable[..., Any], trials: Sequence[Trial], tolerance: Tolerance) -> bool:
    """Whether the symptom gives the student's own result on every one of these cases."""
    return all(
        same_outcome(materials.outcome(symptom, trial.case), trial.outcome, tolerance) for trial in trials
    )


def _reads_globals(examiner: Examiner, submission: Submission, attempt: Attempt) -> bool:
    """Whether the function stops working as it does when the notebook's own data is taken away."""
    if not attempt.run.reads:
        return False
    before = next(trial.outcome for trial in _ordinary(attempt.explain))
    after = examiner.without_globals(submission, attempt)[0]
    return not same_outcome(before, after, attempt.function.tolerance)


def _plain_findings(attempt: Attempt, wrong: Sequence[Trial]) -> list[Diagnosis]:
    """What the first broken rung says by itself."""
    first = wrong[0]
    mismatch, outcome = first.mismatch, first.outcome
    assert mismatch is not None
    if _one_answer_for_all([trial.outcome for trial in (*attempt.explain, *attempt.hidden)]):
        return [general("hardcoded-answer")]
    match mismatch.rung:
        case "raises" if isinstance(outcome, Raised):
            where = f"On “{first.case.name}” it raised {exception_name(outcome)}."
            return [general("raises", line=_own_line(attempt, outcome), detail=where)]
        case "none":
            return [general("returns-none")]
        case "type" | "count":
            return [general("wrong-type", detail=mismatch.message)]
        case "shape":
            return [general("wrong-shape", detail=mismatch.message)]
        case "finite":
            return [general("nan", detail=mismatch.message)]
    right = [trial for trial in _ordinary((*attempt.explain, *attempt.hidden)) if trial.mismatch is None]
    pairs = [pair for trial in wrong for pair in _arrays(trial)]
    if pairs and len(pairs) == len(wrong):
        digits = observe.rounded_to(pairs)
        if digits is not None:
            return [
                general("rounded", detail=f"The numbers are right to {digits} decimal places and cut there.")
            ]
        if observe.low_precision(pairs):
            return [general("low-precision")]
    sizes = {_sizes(trial.case) for trial in right}
    if len(sizes) == 1 and not any(_sizes(trial.case) in sizes for trial in wrong):
        return [general("hardcoded-size", detail=f"It is right on “{right[0].case.name}” alone.")]
    return []


def _one_answer_for_all(outcomes: Sequence[Outcome]) -> bool:
    """Whether the function gives one and the same array, whatever it is given."""
    arrays = [outcome.value for outcome in outcomes if isinstance(outcome, Returned)]
    first = arrays[0] if arrays else None
    return (
        len(arrays) == len(outcomes)
        and isinstance(first, np.ndarray)
        and all(
            isinstance(array, np.ndarray) and np.array_equal(array, first, equal_nan=True) for array in arrays
        )
    )


def _own_line(attempt: Attempt, outcome: Raised) -> int | None:
    """The line in the student's cell, where it is one that the cell has."""
    return outcome.line if outcome.line is not None and 0 < outcome.line <= 10_000 else None


# ------------------------------------------------------------------------------------------ edge findings


def _edge_findings(
    material: Material, attempt: Attempt, trials: Sequence[Trial], found: Sequence[Diagnosis]
) -> Iterator[Diagnosis]:
    """Misconceptions that show on edge inputs alone, beside whatever was found on the ordinary ones."""
    if found and found[0].id.startswith("general."):
        return  # one that raises everywhere says nothing more by raising there too
    tolerance = attempt.function.tolerance
    edge = [trial for trial in trials if trial.case.kind != "ordinary"]
    for misconception in material.misconceptions[attempt.function.name]:
        if not misconception.edge:
            continue
        symptoms = [(trial, materials.outcome(misconception.symptom, trial.case)) for trial in edge]
        departs = [pair for pair in symptoms if not _is_due(*pair, tolerance)]
        if departs and all(_same_failure(*pair, tolerance, bool(found)) for pair in departs):
            yield _named(misconception)


def _is_due(trial: Trial, outcome: Outcome, tolerance: Tolerance) -> bool:
    return compare(trial.case, trial.expected, outcome, tolerance) is None


def _same_failure(trial: Trial, symptom: Outcome, tolerance: Tolerance, beside_another: bool) -> bool:
    """Whether the student fails this case as the symptom does.

    Beside another mistake the numbers differ; where they stop being numbers must still be the same.
    """
    if trial.mismatch is None:
        return False
    if same_outcome(trial.outcome, symptom, tolerance):
        return True
    if not beside_another or not isinstance(trial.outcome, Returned) or not isinstance(symptom, Returned):
        return False
    if trial.case.raises:
        return True  # it returns something where an exception is due, as the symptom does
    one, other = trial.outcome.value, symptom.value
    return (
        isinstance(one, np.ndarray)
        and isinstance(other, np.ndarray)
        and bool(np.any(~np.isfinite(one)) and np.any(~np.isfinite(other)))
    )


def _named(misconception: Misconception) -> Diagnosis:
    return Diagnosis(
        misconception.id,
        misconception.title,
        misconception.step,
        None,
        misconception.why,
        misconception.look,
        misconception.read,
    )


# ------------------------------------------------------------------------------------------ the worked cell


def _explanation(material: Material, attempt: Attempt, trial: Trial) -> Explanation:
    mismatch, case = trial.mismatch, trial.case
    assert mismatch is not None
    procedure = material.procedures[attempt.function.name]
    expected, got = _shown(trial, mismatch)
    part = None if mismatch.part is None else procedure.returns[mismatch.part]
    first = mismatch.first
    if first is None and expected is not None and expected.size:
        first = (0,) * expected.ndim
    worked: tuple[WorkedStep, ...] = ()
    if first is not None and not case.raises:
        index = (
            first if mismatch.part is None and len(procedure.returns) == 1 else (mismatch.part or 0, *first)
        )
        worked = procedure.worked(case.args, index)
    known: tuple[str, ...] = ()
    if expected is not None and got is not None and got.shape == expected.shape:
        known = observe.observations(got, expected, case.args, attempt.function.tolerance)
    return Explanation(
        case=case.name,
        inputs=tuple(zip(procedure.parameters, case.args, strict=True)),
        expected=expected,
        got=got,
        wrong=mismatch.wrong,
        first=first,
        part=part,
        summary=_summary(trial, mismatch),
        worked=worked,
        observations=known,
        labels=_labels(case),
    )


def _summary(trial: Trial, mismatch: Mismatch) -> str:
    """The mismatch in one sentence; the exception's own message may be shown on explain inputs."""
    if isinstance(trial.outcome, Raised) and trial.outcome.message:
        return f"{mismatch.message} It says: {trial.outcome.message}"
    return mismatch.message


def _shown(trial: Trial, mismatch: Mismatch) -> tuple[Array | None, Array | None]:
    """The arrays to put side by side; of several results the one that is wrong first."""
    expected: Any = trial.expected
    got: Any = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    if trial.case.raises:
        expected = None
    elif isinstance(expected, tuple):
        part = mismatch.part or 0
        expected = expected[part]
        if isinstance(got, tuple):
            got = got[part] if part < len(got) else None
        elif isinstance(got, np.ndarray) and mismatch.part is not None:
            got = got[part]
    elif isinstance(got, tuple):
        got = got[0]
    return expected, got if isinstance(got, np.ndarray) else None


def _labels(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Words that name rows and columns, where the function was given words."""
    words = [tuple(argument) for argument in case.args if isinstance(argument, list)]
    return (words[0], words[1]) if len(words) == 2 else None


# ------------------------------------------------------------------------------------------------ helpers


def _ordinary(trials: Sequence[Trial]) -> Iterator[Trial]:
    return (trial for trial in trials if trial.case.kind == "ordinary")


def _arrays_came(trial: Trial) -> bool:
    return isinstance(trial.outcome, Returned) and not isinstance(trial.outcome.value, Other | None)


def _arrays(trial: Trial) -> Iterator[tuple[Array, Array]]:
    """Got and expected where both are arrays of one shape."""
    mismatch = trial.mismatch
    assert mismatch is not None
    expected, got = _shown(trial, mismatch)
    if got is not None and expected is not None and got.shape == expected.shape:
        yield got, expected


def _sizes(case: Case) -> tuple[tuple[int, ...], ...]:
    return tuple(
        argument.shape if isinstance(argument, np.ndarray) else (len(argument),) for argument in case.args
    )


def _sentence(detail: str) -> str:
    return f"It {detail}." if detail else ""
