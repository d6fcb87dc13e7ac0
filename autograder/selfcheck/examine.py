"""Tries functions of a notebook on the visible inputs, and explains what is wrong as grading would.

The visible checks are arrays that shipped with the notebook (`checks.json`); the code runs in a process of its
own with a time limit. Nothing here needs a course, isolation or a network.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from autograder import celltext
from autograder.checking import rewards
from autograder.checking.attempt import Attempt, Examiner
from autograder.course import asking
from autograder.data import Array
from autograder.explaining import diagnose
from autograder.notebook import definitions, syntax, takers
from autograder.records import Asks, Cell, Check, Explanation, Submission
from autograder.sandbox.worker import Run
from autograder.selfcheck import candidates, lookup, proven
from autograder.selfcheck.checked import FunctionCheck, Inputs
from autograder.selfcheck.checkfile import CheckFile
from autograder.selfcheck.plain import Processes

INPUTS_LEFT_ALONE: Final = "leaves its inputs alone"


def submission(file: CheckFile, path: Path, cells: tuple[Cell, ...]) -> Submission:
    """The student's cells as the stages take them."""
    return definitions.submission(file.unit, [data.name for data in file.functions], cells, path=path)


def functions(
    examiner: Examiner,
    file: CheckFile,
    submission: Submission,
    names: Sequence[str],
    processes: Processes | None = None,
) -> list[FunctionCheck]:
    """Checks the functions of these names; where one is wrong, those it calls too, to say what comes first.

    Without processes there is one function alone that can be called.
    """
    if processes is None:
        tried = {name: _attempt(examiner, submission, name) for name in names}
        return [_result(examiner, file, submission, name, tried) for name in names]
    tried = processes.each(lambda name: _attempt(examiner, submission, name), names)
    called = {
        other
        for name in names
        if not _is_right(tried[name])
        for other in _calls(submission, name, file)
        if other not in tried
    }
    tried |= processes.each(lambda name: _attempt(examiner, submission, name), sorted(called))
    if any(_is_to_explain(tried[name]) for name in names):
        processes.ahead()  # whose lines are traced
    return [_result(examiner, file, submission, name, tried) for name in names]


def _is_to_explain(attempt: Attempt) -> bool:
    """Whether there is something written that is wrong, which takes another child to explain."""
    return attempt.run.defined and not attempt.definition.unwritten and not _is_right(attempt)


def visible(examiner: Examiner, submission: Submission, name: str) -> tuple[Check, ...]:
    """What the visible checks say of one function, without an explanation."""
    return _checks(_attempt(examiner, submission, name))


def _attempt(examiner: Examiner, submission: Submission, name: str) -> Attempt:
    (function,) = (one for one in examiner.unit.functions if one.name == name)
    tried = _shown(examiner, Attempt(submission, function, (), (), (), Run([])))
    if _is_right(tried) or not takers.taken(
        submission.cells, tried.definition, takers.counting(submission.definitions)
    ):
        return tried
    stood = _shown(examiner, Attempt(submission, function, (), (), (), Run([]), as_it_stood=True))
    return max(tried, stood, key=_right_results)


def _right_results(attempt: Attempt) -> int:
    return sum(trial.mismatch is None for trial in attempt.explain if not trial.case.of)


def _shown(examiner: Examiner, attempt: Attempt) -> Attempt:
    """An attempt on the public inputs, of which one family serves for both."""
    shown = examiner.explain(attempt)
    return replace(shown, hidden=shown.explain)


def _result(
    examiner: Examiner, file: CheckFile, submission: Submission, name: str, tried: dict[str, Attempt]
) -> FunctionCheck:
    attempt = tried[name]
    result = FunctionCheck(
        name,
        _checks(attempt),
        notes=_notes(attempt),
        source=attempt.definition.source,
        hints=file.hints or "cause",
    )
    if _is_right(attempt):
        return replace(result, earned=rewards.as_it_came(examiner.material, attempt))
    waits_for = tuple(
        other for other in _calls(submission, name, file) if other in tried and not _is_right(tried[other])
    )
    known = candidates.shipped(file, examiner, name)
    # Of one that waits for another nothing is said, and so nothing is searched.
    findings = diagnose.diagnose(examiner, attempt, known, None if waits_for else proven.start(attempt))
    diagnoses, explanation = findings.diagnoses, findings.explanation
    # A function that calls a wrong one may itself be right; its own stub is its own affair.
    if waits_for and not any(diagnosis.id == "general.missing" for diagnosis in diagnoses):
        diagnoses = ()
    else:
        waits_for = ()
    return replace(
        result,
        diagnoses=diagnoses,
        explanation=explanation,
        waits_for=waits_for,
        steps=_steps(file, name, explanation),
        inputs=_inputs(file, name, attempt, explanation),
    )


def has_inputs(asks: Asks) -> bool:
    """Whether what is asked takes inputs, which must be left alone."""
    return asks != "variable"


def _checks(attempt: Attempt) -> tuple[Check, ...]:
    """One check for each public input, and one for leaving them alone where there may be any."""
    called = attempt.called(attempt.explain)
    checks = [
        Check(
            trial.case.name,
            trial.mismatch is None,
            points=0.0,
            message=trial.mismatch.message
            if trial.mismatch is not None and trial.case.name in called
            else "",
            hidden=False,
            tried=trial.case.name in called,
        )
        for trial in attempt.explain
        if not trial.case.of
    ]
    if not has_inputs(attempt.explain[0].case.asks):
        return tuple(checks)
    changed = [trial.case.name for trial in attempt.explain if trial.changed and not trial.case.of]
    overwritten = [trial.case.name for trial in attempt.explain if trial.overwritten and not trial.case.of]
    any_right = any(check.passed for check in checks)
    message = ""
    if changed:
        message = f"It changes its inputs, on “{changed[0]}” for one."
    elif overwritten:
        message = f"A later call changes the result that it returned, on “{overwritten[0]}” for one."
    elif called and not any_right:
        message = "This counts once some result is right."
    touched = bool(changed or overwritten)
    passed, seen = any_right and not touched, any_right or touched
    left_alone = Check(INPUTS_LEFT_ALONE, passed, 0.0, message, hidden=False, tried=seen)
    return (*checks, left_alone)


def _steps(file: CheckFile, name: str, explanation: Explanation | None) -> tuple[tuple[str, Array], ...]:
    """The value of every step where it is for the inputs that are explained."""
    data = file.function(name)
    if data is None or explanation is None:
        return ()
    values = lookup.step_values(data, next(case for case in data.cases if case.name == explanation.case))
    return tuple((step.name, values[step.symbol]) for step in data.steps if step.symbol in values)


def _inputs(file: CheckFile, name: str, attempt: Attempt, explanation: Explanation | None) -> Inputs | None:
    """The inputs that are explained; where every result is right, those that the function changed,
    or whose result it changed."""
    data = file.function(name)
    changed = (
        trial.case for trial in attempt.explain if (trial.changed or trial.overwritten) and not trial.case.of
    )
    case = explanation.case if explanation is not None else next((one.name for one in changed), None)
    if data is None or case is None:
        return None
    asked = next(trial.case for trial in attempt.explain if trial.case.name == case)
    return Inputs(case, asking.named(data.parameters, asked))


def _is_right(attempt: Attempt) -> bool:
    return all(check.passed for check in _checks(attempt))


def _calls(submission: Submission, name: str, file: CheckFile) -> list[str]:
    """Which other functions of the file the cell that defines `name` uses."""
    cell = submission.definitions[name].cell
    if cell is None:
        return []
    parsed = syntax.tree_of(cell)
    nodes = ast.walk(parsed) if parsed is not None else ()
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return [data.name for data in file.functions if data.name in used and data.name != name]


def _notes(attempt: Attempt) -> tuple[str, ...]:
    """What a student should know about how the notebook ran."""
    run = attempt.run
    notes = [
        # The same whichever function is checked: each has times of its own.
        f"{celltext.named(attempt.submission.cells, index)} was left out: it "
        f"{'took too long' if died.reason == 'timeout' else died.detail}."
        for index, died in run.left_out.items()
        if index >= 0
    ]
    if run.absent:
        notes.append(f"Not available, and passed over: {', '.join(run.absent)}.")
    cells, definition = attempt.submission.cells, attempt.definition
    graded = takers.counting(attempt.submission.definitions)
    notes += takers.lines(cells, definition, graded, as_it_stood=attempt.as_it_stood)
    return tuple(notes)
