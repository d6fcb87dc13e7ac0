"""From what a function did on all its inputs to the misconception that reproduces it, and to the worked answer.

Nothing is claimed that the student's own results do not bear out on every ordinary input; where nothing fits,
what is known is told and no guess is made. Verdicts and marks are settled before this stage and not touched.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.checking.attempt import Attempt, Examiner, Trial
from autograder.checking.compare import changed_inputs, exception_name, same_outcome
from autograder.course.material import Material
from autograder.course.steps import Procedure
from autograder.errors import SandboxError
from autograder.explaining import absent, general, observe, trace
from autograder.explaining import search as searching
from autograder.explaining.general import finding
from autograder.explaining.search import Candidates, Fit, Search
from autograder.explaining.trace import Place
from autograder.notebook import syntax
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
    shown = _to_explain(attempt)
    with np.errstate(all="ignore"):  # students' numbers overflow where they like
        explanation = _explanation(examiner.material, attempt, shown) if shown is not None else None
        whole = _whole_function(attempt, trials)
        if whole is not None:
            return Findings(_about(attempt, (whole,)), explanation)
        search = Search(
            candidates or searching.candidates(examiner, attempt.function.name),
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
    wrong = [trial for trial in _ordinary(trials) if trial.mismatch is not None]
    fit, found = None, list[Diagnosis]()
    if wrong:
        fit = search.single()
        answer = (
            None if fit else _one_answer(attempt)
        )  # whatever the inputs: no step of the reference does that
        if fit is None and answer is None:
            fit = _close_explanation(search, trials)
        found = list(fit.diagnoses) if fit else _general_findings(examiner, attempt, search, wrong, answer)
    if fit is not None or not wrong:
        edge, unexplained = search.edge(fit)
        fit = fit or next(iter(edge), None)
    else:
        # Beside something, never first: what is wrong with ordinary inputs is not that.
        # What an early return leaves out may be the very check of an edge.
        whole = found and found[0].id != "general.returns-early"
        edge, unexplained = search.edge_by_results() if whole else [], []
    found += [diagnosis for one in edge for diagnosis in one.diagnoses]
    found += _by_rung(attempt, unexplained)
    if any(trial.changed for trial in trials):
        found.append(finding("mutates-input"))
    return fit, tuple({diagnosis.id: diagnosis for diagnosis in reversed(found)}.values())[::-1]


def _to_explain(attempt: Attempt) -> Trial | None:
    """The first wrong explain case; an ordinary one says more than a huge one, a matrix more than an exception."""
    wrong = [trial for trial in attempt.explain if trial.mismatch is not None]
    return min(
        wrong, key=lambda trial: (trial.case.kind != "ordinary", not arrays_came(trial.outcome)), default=None
    )


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


# ------------------------------------------------------------------------------------- the whole function


def _whole_function(attempt: Attempt, trials: Sequence[Trial]) -> Diagnosis | None:
    """What ended the function as a whole: never defined, left as a stub, hung, killed, no memory, luck."""
    run = attempt.run
    if run.ended is not None:
        return finding(run.ended.reason, detail=_sentence(run.ended.detail))
    if not run.defined:
        return absent.not_defined(attempt)
    ordinary = [trial.outcome for trial in _ordinary(trials)]
    raised = {outcome.exception if isinstance(outcome, Raised) else None for outcome in ordinary}
    if raised == {"NotImplementedError"}:
        return absent.not_implemented(attempt.definition)
    if (
        "MemoryError" in raised
    ):  # first: the time it takes to run out of memory, again and again, may run out too
        return finding("out-of-memory")
    for trial in trials:
        if isinstance(trial.outcome, Died):
            where = f"This was on “{trial.case.name}”."
            detail = f"{_sentence(trial.outcome.detail)} {where}".strip()
            return finding(trial.outcome.reason, detail=detail)
    if any(not same_outcome(trial.outcome, again, Tolerance()) for trial, again in attempt.again):
        return finding("random")
    return None


# -------------------------------------------------------------------------------- what fits every ordinary input


def _close_explanation(search: Search, trials: Sequence[Trial]) -> Fit | None:
    """What accounts for every ordinary result, where no catalogued mistake alone does; the simplest first."""
    pairs = [pair for trial in _ordinary(trials) for pair in _arrays(trial)]
    if pairs and len(pairs) == sum(1 for _ in _ordinary(trials)):
        digits = observe.rounded_to(pairs)
        if digits is not None:
            told = f"The numbers are right to {digits} decimal places and cut there."
            return Fit((finding("rounded", detail=told),), None)
        if observe.low_precision(pairs):
            return Fit((finding("low-precision"),), None)
    digits = observe.decimals([array for trial in _ordinary(trials) for array in _returned_arrays(trial)])
    fit = search.rounded(digits) if digits is not None else None
    return fit or search.pair() or search.variant() or search.mixed_pair()


# ----------------------------------------------------------------------------------------- where nothing fits


def _general_findings(
    examiner: Examiner,
    attempt: Attempt,
    search: Search,
    wrong: Sequence[Trial],
    answer: str | None,
) -> list[Diagnosis]:
    """What is known where no candidate reproduces the results."""
    read = _globals_read(examiner, attempt)
    if read:
        told = f"It reads {observe.listed([f'`{name}`' for name in read])}."
        cell = attempt.definition.cell
        line = None
        if cell is not None and cell.index == attempt.run.cell:
            line = syntax.line_that_reads(attempt.definition.node, read)
        return [finding("uses-globals", line=line, detail=told)]
    if answer is not None:
        return [finding("hardcoded-answer", detail=answer)]
    size = _one_size(examiner.material, attempt, search.source)
    if size is not None:
        return [finding("hardcoded-size", detail=size)]
    line = _first_round(attempt)
    if line is not None:
        return [finding("returns-early", line=line)]
    return _by_rung(attempt, wrong)


def _first_round(attempt: Attempt) -> int | None:
    """The line of a `return` inside a loop, where no result has more than its first row, and that is right."""
    line = syntax.return_in_loop(attempt.definition.node)
    trials = [
        trial
        for trial in _ordinary((*attempt.explain, *attempt.hidden))
        if all(due.ndim == 2 and len(due) > 1 for due in _parts(trial.expected))
    ]
    if line is None or not trials:
        return None
    tolerance = attempt.function.tolerance
    for trial in trials:
        got, due = list(_returned_arrays(trial)), _parts(trial.expected)
        if len(got) != len(due) or not all(
            _has_first_row_alone(one, other, tolerance) for one, other in zip(got, due, strict=True)
        ):
            return None
    return line


def _has_first_row_alone(got: Array, due: Array, tolerance: Tolerance) -> bool:
    if got.shape == due.shape[1:]:
        rows = got[None]
    elif got.ndim == due.ndim and len(got) and not got[1:].any():
        rows = got[:1]
    else:
        return False
    return same_outcome(Returned(due[:1]), Returned(rows), tolerance)


def _globals_read(examiner: Examiner, attempt: Attempt) -> list[str]:
    """The notebook's data without which the function does not do what it does; constants are no such data."""
    constants = _constants(attempt.submission)
    names = [name for name in attempt.run.reads if name not in constants]
    ordinary = list(_ordinary(attempt.explain))
    if not names or not ordinary:
        return []
    after = examiner.without_globals(attempt, names)
    return names if not same_outcome(ordinary[0].outcome, after, attempt.function.tolerance) else []


def _constants(submission: Submission) -> set[str]:
    """Names bound to a number that is no size, or to a single text: settings, which a function may read."""
    found = set()
    for cell in submission.cells:
        parsed = syntax.tree(cell.source)
        for statement in parsed.body if parsed is not None else ():
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_setting(value):
                    found.add(name)
    return found


def _is_setting(value: ast.expr) -> bool:
    match value:
        case ast.UnaryOp(op=ast.USub()):
            return True
        case ast.Constant(value=constant):
            return not isinstance(constant, int) or constant < 2
    return False


def _one_answer(attempt: Attempt) -> str | None:
    """Whether the numbers it is given play no part, in words: inputs of the same sizes give the same answer."""
    pairs = list(zip(_ordinary(attempt.explain), _ordinary(attempt.hidden), strict=False))
    trials = [trial for pair in pairs for trial in pair]
    if not trials or not all(_numbers_came(trial) for trial in trials):
        return None
    exact = Tolerance(0.0, 0.0)
    if all(same_outcome(trials[0].outcome, trial.outcome, exact) for trial in trials):
        zeros = all(not array.any() for array in _returned_arrays(trials[0]))
        return f"It returned the same array for every input{', all zeros' if zeros else ''}."
    # A self-check has one family of inputs: there, both of a pair are the same.
    apart = all(changed_inputs(shown.case, Returned(None, graded.case.args)) for shown, graded in pairs)
    if apart and all(same_outcome(shown.outcome, graded.outcome, exact) for shown, graded in pairs):
        if any(array.any() for trial in trials for array in _returned_arrays(trial)):
            return "Inputs of the same sizes get the same answer, whatever is in them."
        whole = all(array.dtype.kind in "iu" for trial in trials for array in _returned_arrays(trial))
        dropped = (
            " An array of whole numbers drops the decimals of whatever is put into it: look for dtype=int."
        )
        return f"The answer is all zeros.{dropped if whole else ''}"
    return None


def _one_size(material: Material, attempt: Attempt, source: str) -> str | None:
    """Where it is right exactly where a size of the inputs has a value that its code spells out: which, in words.

    None where it is not so, and no words where more than one size fits. Those that are the same on every input,
    such as the features of queries and of keys, count as one.
    """
    trials = list(_ordinary((*attempt.explain, *attempt.hidden)))
    right = [trial.mismatch is None for trial in trials]
    if all(right) or not any(right):
        return None
    places: dict[tuple[int, ...], list[str]] = {}
    for number, parameter in enumerate(material.procedures[attempt.function.name].parameters):
        shapes = [np.shape(trial.case.args[number]) for trial in trials]
        for axis in range(min(map(len, shapes))):
            words = f"`{parameter}.shape[{axis}]`"
            if not isinstance(trials[0].case.args[number], np.ndarray):
                words = f"the length of `{parameter}`"
            places.setdefault(tuple(shape[axis] for shape in shapes), []).append(words)
    first = right.index(True)
    fitting = [
        (sizes[first], words)
        for sizes, words in places.items()
        if all((size == sizes[first]) == fine for size, fine in zip(sizes, right, strict=True))
        and syntax.spells_out(source, sizes[first])
    ]
    if not fitting:
        return None
    (size, named), *more = fitting
    verb = "is" if len(named) == 1 else "are"
    return "" if more else f"It is right exactly where {observe.listed(named)} {verb} {size}."


def _by_rung(attempt: Attempt, wrong: Sequence[Trial]) -> list[Diagnosis]:
    """What the first broken rung says by itself; nothing where there are just other numbers."""
    first = next((trial for trial in wrong if trial.mismatch and trial.mismatch.rung != "values"), None)
    if first is None:
        return []
    mismatch, outcome = first.mismatch, first.outcome
    assert mismatch is not None
    where = f"On “{first.case.name}”: {mismatch.message}"
    match mismatch.rung:
        case "raises" if isinstance(outcome, Raised):
            return [finding("raises", line=outcome.line, detail=_where_raised(attempt, outcome, first))]
        case "none":
            return [finding("returns-none")]
        case "type" | "count":
            title = "Not as many arrays come back as are due" if mismatch.rung == "count" else ""
            return [finding("wrong-type", title=title, detail=mismatch.message)]
        case "shape":
            return [finding("wrong-shape", detail=where)]
        case "finite":
            return [finding("nan", detail=where)]
    return []


def _where_raised(attempt: Attempt, outcome: Raised, first: Trial) -> str:
    """On which inputs it raised, where not on all, and what it said there; only explain inputs may be quoted."""
    name = exception_name(outcome)
    trials = [trial for trial in attempt.explain if not trial.case.raises]
    raised = [(trial.case.name, trial.outcome) for trial in trials if isinstance(trial.outcome, Raised)]
    if not raised and first.mismatch is not None and first.case.raises:
        return f"On “{first.case.name}”: {first.mismatch.message}"
    if not raised:
        return f"On “{first.case.name}” it raised {name}."
    if len(raised) == len(trials):
        return f"It raised {name} on every input."
    cases = observe.listed([f"“{case}”" for case, _ in raised])
    shown = _to_explain(attempt)
    case, quoted = raised[0]
    told = f"It raised {name} on {cases}, and returned on the others."
    if quoted.message and not (shown is not None and isinstance(shown.outcome, Raised)):
        told += f" On “{case}” it says: {quoted.message}"
    return told


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
        # The first of several arrays is shown, but is no result of its own where one is due.
        observations=()
        if mismatch.rung == "type"
        else observe.observations(got, expected, case.args, attempt.function.tolerance),
        labels=_labels(case),
        agrees=_right_results(procedure, trial, attempt.function.tolerance),
    )


def _right_results(procedure: Procedure, trial: Trial, tolerance: Tolerance) -> tuple[str, ...]:
    """Of several results, the names of the steps behind those that are right."""
    due, got = trial.expected, trial.outcome.value if isinstance(trial.outcome, Returned) else None
    if not isinstance(due, tuple) or not isinstance(got, tuple) or len(got) != len(due):
        return ()
    steps = {step.symbol: step.name for step in procedure.steps}
    return tuple(
        steps[symbol]
        for symbol, one, other in zip(procedure.returns, got, due, strict=True)
        if symbol in steps and same_outcome(Returned(other), Returned(one), tolerance)  # type: ignore[arg-type]
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


def arrays_came(outcome: Outcome) -> bool:
    """Whether there is something to be seen in an outcome."""
    return isinstance(outcome, Returned) and not isinstance(outcome.value, Other | None)


def _numbers_came(trial: Trial) -> bool:
    """Whether finite arrays came back, as many as are due."""
    if trial.mismatch is not None and trial.mismatch.rung not in ("shape", "values"):
        return False
    return all(bool(np.all(np.isfinite(array))) for array in _returned_arrays(trial))


def _arrays(trial: Trial) -> Iterator[tuple[Array, Array]]:
    """Got and expected as one pair, where both are arrays, or as many, of the same shapes."""
    got, expected = list(_returned_arrays(trial)), _parts(trial.expected)
    if len(got) == len(expected) and all(
        one.shape == due.shape and one.dtype.kind != "c" for one, due in zip(got, expected, strict=True)
    ):
        flat = [np.concatenate([part.ravel() for part in parts]) for parts in (got, expected) if parts]
        if len(flat) == 2:
            yield flat[0], flat[1]


def _returned_arrays(trial: Trial) -> Iterator[Array]:
    if isinstance(trial.outcome, Returned):
        yield from _parts(trial.outcome.value)


def _parts(value: Any) -> list[Array]:
    parts = value if isinstance(value, tuple) else (value,)
    return [part for part in parts if isinstance(part, np.ndarray)]


def _sentence(detail: str) -> str:
    return f"It {detail}." if detail else ""
