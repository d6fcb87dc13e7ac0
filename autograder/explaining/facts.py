"""What is known of a function where no mistake reproduces its results; no guess is made."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

import numpy as np

from autograder import nested
from autograder.checking.attempt import Attempt, Examiner, Trial
from autograder.checking.compare import are_arrays, changed_inputs, exception_name, same_outcome, same_value
from autograder.course.material import Material
from autograder.data import Array, Other
from autograder.explaining import absent, flow, nothing, stopped
from autograder.explaining.general import WRONG_TYPE, finding
from autograder.explaining.mishaps import STOPPED
from autograder.explaining.search import Search
from autograder.explaining.trials import numbers_came, ordinary, parts_of, returned_arrays, to_explain
from autograder.notebook import syntax
from autograder.records import Diagnosis, Raised, Returned, Submission, Tolerance
from autograder.words import listed


def general_findings(
    examiner: Examiner,
    attempt: Attempt,
    search: Search,
    wrong: Sequence[Trial],
    answer: str | None,
) -> list[Diagnosis]:
    """What is known where no candidate reproduces the results."""
    read = _globals_read(examiner, attempt)
    if read:
        told = f"It reads {listed([f'`{name}`' for name in read])}."
        cell = attempt.definition.cell
        line = None
        if cell is not None and cell.index == attempt.run.cell:
            line = syntax.line_that_reads(attempt.definition.node, read)
        return [finding("uses-globals", line=line, detail=told)]
    if attempt.run.lacking:
        return [absent.missing_module(attempt.run.lacking, attempt.definition.cell)]
    alike = _alike(attempt, wrong)
    if any(one.id == "general.missing-method" for one in alike):
        return alike
    if answer is not None and not any(one.id in _NOTHING for one in alike):
        return [finding("hardcoded-answer", detail=answer)]
    size = _one_size(examiner.material, attempt, search.source)
    if size is not None:
        return [finding("hardcoded-size", detail=size)]
    line = _first_round(attempt)
    if line is not None:
        return [finding("returns-early", line=line)]
    return alike or by_rung(attempt, wrong)


def _alike(attempt: Attempt, wrong: Sequence[Trial]) -> list[Diagnosis]:
    """What other values than arrays have in common with those that are due, or a class lacks; none where arrays are due."""
    if not wrong or all(are_arrays(trial.expected) for trial in wrong):
        return []
    from autograder.explaining import likeness, scripted  # loaded where there are such values

    missing = scripted.missing_methods(wrong, attempt.definition)
    told = missing or scripted.stopped(wrong, attempt.definition)
    if told is not None:
        return [told]
    right = any(trial.mismatch is None for trial in ordinary((*attempt.explain, *attempt.hidden)))
    return likeness.found(wrong, attempt.function.tolerance, some_right=right)


# Nothing is the same whatever the inputs are.
_NOTHING: Final = ("general.prints-nothing", "general.drawing-lacks")


def _first_round(attempt: Attempt) -> int | None:
    """The line of a `return` inside a loop, where no result has more than its first row, and that is right."""
    line = syntax.return_in_loop(attempt.definition.node)
    trials = [
        trial
        for trial in ordinary((*attempt.explain, *attempt.hidden))
        if all(due.ndim == 2 and len(due) > 1 for due in parts_of(trial.expected))
    ]
    if line is None or not trials:
        return None
    tolerance = attempt.function.tolerance
    for trial in trials:
        got, due = list(returned_arrays(trial)), parts_of(trial.expected)
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
    trials = list(ordinary(attempt.explain))
    if not names or not trials:
        return []
    after = examiner.without_globals(attempt, names)
    return names if not same_outcome(trials[0].outcome, after, attempt.function.tolerance) else []


def _constants(submission: Submission) -> set[str]:
    """Names bound to a number that is no size, or to a single text: settings, which a function may read."""
    found = set()
    for cell in submission.cells:
        parsed = syntax.tree_of(cell)
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


def one_answer(attempt: Attempt) -> str | None:
    """Whether the numbers it is given play no part, in words: inputs of the same sizes give the same answer."""
    pairs = list(zip(ordinary(attempt.explain), ordinary(attempt.hidden), strict=False))
    trials = [trial for pair in pairs for trial in pair]
    if trials and not are_arrays(trials[0].expected):
        others = [one for one in (*attempt.explain, *attempt.hidden) if not one.case.raises]
        return _one_plain_answer(trials, others)
    if not trials or not all(numbers_came(trial) for trial in trials):
        return None
    arrays = [array for trial in trials for array in returned_arrays(trial)]
    zeros = not any(array.any() for array in arrays)
    if all(_same_answer(trials[0], trial) for trial in trials):
        return f"It returned the same array for every input{', all zeros' if zeros else ''}."
    # A self-check has one family of inputs: there, both of a pair are the same.
    apart = all(changed_inputs(shown.case, Returned(None, graded.case.args)) for shown, graded in pairs)
    if not apart or not all(_same_answer(shown, graded) for shown, graded in pairs):
        return None
    if not zeros and all(array.dtype.kind in "iu" for array in arrays):
        return None  # whose decimals may be cut off
    if not zeros:
        return "Inputs of the same sizes get the same answer, whatever is in them."
    if all(array.dtype.kind in "iu" for array in arrays):
        return f"The answer is all zeros. {WHOLE_NUMBERS}"
    return "The answer is all zeros."


def _one_plain_answer(trials: Sequence[Trial], every: Sequence[Trial]) -> str | None:
    """Whether one value came back for all inputs, edges as well, and others are due for some ordinary ones; None too where nothing came."""
    first = trials[0]
    values = [trial.outcome.value for trial in every if isinstance(trial.outcome, Returned)]
    dues = [trial.expected for trial in trials]
    if len(values) < len(every) or any(value is None or isinstance(value, Other) for value in values):
        return None
    if all(same_value(first.expected, due, Tolerance(0.0, 0.0)) for due in dues):
        return None
    same = all(same_value(values[0], value, Tolerance(0.0, 0.0)) for value in values)
    return "It returned the same value for every input." if same else None


WHOLE_NUMBERS: Final = (
    "An array of whole numbers drops the decimals of whatever is put into it: look for dtype=int."
)


def _same_answer(one: Trial, other: Trial) -> bool:
    return same_outcome(one.outcome, other.outcome, Tolerance(0.0, 0.0))


def _one_size(material: Material, attempt: Attempt, source: str) -> str | None:
    """Where it is right exactly where a size of the inputs has a value that its code spells out: which, in words.

    None where it is not so, and no words where more than one size fits. Those that are the same on every input,
    such as the features of queries and of keys, count as one.
    """
    trials = list(ordinary((*attempt.explain, *attempt.hidden)))
    right = [trial.mismatch is None for trial in trials]
    # One that was made small for a page does not tell it: two tokens may be right for many a reason.
    drawn = [not trial.case.of for trial in trials]
    if all(right) or not any(fine and own for fine, own in zip(right, drawn, strict=True)):
        return None
    places: dict[tuple[int, ...], list[str]] = {}
    given = min(len(trial.case.args) for trial in trials)  # a parameter with a default may be left out
    for number, parameter in enumerate(material.procedures[attempt.function.name].parameters[:given]):
        shapes = [nested.shape(trial.case.args[number]) for trial in trials]
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
    return "" if more else f"It is right exactly where {listed(named)} {verb} {size}."


def by_rung(attempt: Attempt, wrong: Sequence[Trial]) -> list[Diagnosis]:
    """What the first broken rung says by itself; nothing where there are just other numbers."""
    broken = [trial for trial in wrong if trial.mismatch and trial.mismatch.rung != "values"]
    first = next((trial for trial in broken if not trial.case.of), None)
    if first is None:  # what is made small only shows what others show
        return []
    mismatch, outcome = first.mismatch, first.outcome
    assert mismatch is not None
    where = f"On “{first.case.name}”: {mismatch.message}"
    match mismatch.rung:
        case "raises" if isinstance(outcome, Raised):
            came = any(isinstance(trial.outcome, Returned) for trial in (*attempt.explain, *attempt.hidden))
            title = "It stops with an error on some inputs" if came else ""
            told, line, parsed = _where_raised(attempt, outcome, first), outcome.line, _parsed(attempt)
            if (stops := stopped.cause(parsed, outcome)) is not None:
                told = f"{told} {stops.told}"
                return [finding("raises", line=stops.line, detail=told, words=STOPPED[stops.how])]
            none = nothing.origin(parsed, outcome)
            if none is not None:
                told, line = f"{told} {none.told}", none.line
            elif (handed := _handed_on(attempt, outcome)) is not None:
                told, line = f"{told} Line {handed} hands None on.", handed
            return [
                finding(
                    "raises", title=title, line=line, detail=told, words=stopped.by_class(outcome, parsed)
                )
            ]
        case "none":
            title = "It returns None on some inputs" if _came(attempt) else ""
            return [finding("returns-none", title=title, line=_none_line(attempt))]
        case "type" if (step := _of_step(attempt, first)) is not None:
            return [step]
        case "type" if not are_arrays(first.expected) and not first.case.raises:
            return [finding("wrong-type", words=WRONG_TYPE["any"], detail=where)]
        case "type" | "count":
            line = _none_line(attempt) or _handed_on(attempt) or _return_line(attempt)
            words = WRONG_TYPE["count"] if mismatch.rung == "count" else None
            return [finding("wrong-type", line=line, detail=mismatch.message, words=words)]
        case "shape":
            return [finding("wrong-shape", detail=where)]
        case "finite":
            return [finding("nan", line=_handed_on(attempt), detail=where)]
    return []


def _came(attempt: Attempt) -> bool:
    """Whether something came back from an ordinary input."""
    trials = ordinary((*attempt.explain, *attempt.hidden))
    return any(isinstance(one.outcome, Returned) and one.outcome.value is not None for one in trials)


def _of_step(attempt: Attempt, trial: Trial) -> Diagnosis | None:
    """Of which method something comes back that should not, or nothing that should."""
    if trial.case.asks != "script":
        return None
    from autograder.explaining import scripted  # loaded where there are such values

    return scripted.other_type(trial, (trial, *attempt.explain, *attempt.hidden))


def is_told(attempt: Attempt, trial: Trial) -> bool:
    """Whether a variable that holds None, or the line of an error itself, accounts for a wrong result: no edit says more."""
    if isinstance(trial.outcome, Raised):
        parsed = _parsed(attempt)
        origin = stopped.cause(parsed, trial.outcome) or nothing.origin(parsed, trial.outcome)
        return origin is not None or _handed_on(attempt, trial.outcome) is not None
    rung = trial.mismatch.rung if trial.mismatch is not None else ""
    if rung in ("none", "type", "count") and _none_line(attempt) is not None:
        return True
    return rung in ("type", "finite") and _handed_on(attempt) is not None


def _parsed(attempt: Attempt) -> ast.Module | None:
    """The cell that defines the function."""
    cell = attempt.definition.cell
    return syntax.tree_of(cell) if cell is not None else None


# What Python raises where None meets something that cannot use it.
_OVER_NONE: Final = frozenset({"TypeError", "AttributeError", "ValueError"})


def _handed_on(attempt: Attempt, raised: Raised | None = None) -> int | None:
    """The line that hands None on, where that may account for what came."""
    if raised is not None and raised.exception not in _OVER_NONE:
        return None
    return nothing.handed_on(attempt.definition.node)


def _none_line(attempt: Attempt) -> int | None:
    """The line that gave None to a variable that is returned."""
    none = nothing.returned(attempt.definition.node)
    return none.line if none is not None else None


def _return_line(attempt: Attempt) -> int | None:
    """The line that decides in which form a result comes back."""
    node = attempt.definition.node
    return flow.return_line(node) if isinstance(node, ast.FunctionDef) else None


def _where_raised(attempt: Attempt, outcome: Raised, first: Trial) -> str:
    """On which inputs it raised, where not on all, and what it said there; only explain inputs may be quoted."""
    name = exception_name(outcome)
    trials = [trial for trial in attempt.explain if not trial.case.raises and not trial.case.of]
    raised = [(trial.case.name, trial.outcome) for trial in trials if isinstance(trial.outcome, Raised)]
    if not raised and first.mismatch is not None and first.case.raises:
        return f"On “{first.case.name}”: {first.mismatch.message}"
    if not raised:
        return f"On “{first.case.name}” it raised {name}."
    if len(raised) == len(trials):
        return f"It raised {name} on every input."
    named = [case for case, _ in raised]
    others = [trial.case.name for trial in trials if trial.case.name not in named]
    shown = to_explain(attempt)
    case, quoted = raised[0]
    told = f"It raised {name} on {_quoted(named)}, and returned on the others."
    if len(others) < len(named):  # the fewer names, the sooner one sees what they have in common
        told = f"It raised {name} on all inputs but {_quoted(others)}."
    if quoted.message and not (shown is not None and isinstance(shown.outcome, Raised)):
        told += f" On “{case}” it says: {quoted.message}"
    return told


def _quoted(names: Sequence[str]) -> str:
    return listed([f"“{name}”" for name in names])
