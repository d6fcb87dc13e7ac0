"""Why a test cell gave less than its points, from what it compared to what people read.

Of a line that students get, all is told: the call, what came back, and what is wrong with it. Of a hidden one only the
function and the kind of difference. What is told comes from a sitting in which nothing hidden was asked: student code
could keep what it was given, and hand it out where it is shown.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from autograder import nested
from autograder.adopted import causes, comparing, faults, sayings, stepwise, subject
from autograder.adopted.causes import Wrote
from autograder.adopted.comparing import Compared
from autograder.adopted.papers import Asked, Failure, Paper, PaperCell, Sitting, Step, Verdict
from autograder.adopted.stepwise import Looking
from autograder.adopted.subject import Subject
from autograder.checking.compare import are_arrays
from autograder.data import Argument
from autograder.differences import Beside
from autograder.explaining import alike, observe
from autograder.explaining.general import finding
from autograder.records import Asks, Diagnosis, Explanation, Raised, Returned, Tested
from autograder.words import counted, in_short

_KEPT: Final = frozenset({"general.no-error", "general.raises"})
_MOST_INPUTS: Final = 6


@dataclass(frozen=True)
class Evidence:
    """What is known of one notebook of one submission."""

    paper: Paper
    steps: tuple[Step, ...]
    sitting: Sitting  # by which it is graded
    # Of the same steps with what students get of the test cells alone (papers.as_shown), where `needs_shown` asks for it.
    shown: Sitting | None = None
    steps_at: Looking | None = None  # where the solution explains as well


@dataclass(frozen=True)
class Told:
    """What people read of one test cell that gave less than its points."""

    message: str  # one or two sentences
    diagnoses: tuple[Diagnosis, ...]  # the best explanation first; never none
    explanation: Explanation | None = None  # what came beside what was due, where that may be seen
    source: str | None = None  # the student's own cell that it is about
    note: str = ""  # a line about the score
    cluster: str = ""  # what those share of whom a line that is shown got the same, where no cause is named


def needs_shown(paper: Paper, sitting: Sitting) -> bool:
    """Whether something failed that may be shown, after hidden tests had asked: then another sitting is shown."""
    cells = {cell.grade_id: cell for cell in paper.cells if cell.kind == "test"}
    return any(
        verdict.grade_id in cells and _may_have_seen(paper, cells[verdict.grade_id], verdict.failure)
        for verdict in sitting.verdicts
        if verdict.failure is not None and not verdict.failure.hidden
    )


def _may_have_seen(paper: Paper, cell: PaperCell, failure: Failure) -> bool:
    """Whether student code may have been asked by a hidden line before it came to this failure."""
    before = (one for one in paper.cells if one.kind == "test" and one.index < cell.index)
    until = failure.line if failure.line is not None else len(cell.source)
    return any(one.hidden for one in before) or any(line < until for line in cell.hidden)


def explained(evidence: Evidence, cell: PaperCell) -> Told | None:
    """Why this test cell gave less than its points; None where it gave all, or was not run."""
    verdict = _of(evidence.sitting, cell)
    if verdict is None or (verdict.failure is None and verdict.score >= verdict.max_score):
        return None
    if verdict.failure is None:
        return _partly(evidence, cell, verdict)
    seen = _seen(evidence, cell, verdict, verdict.failure)
    failure = _read(seen or verdict, verdict.failure)
    about = _about(evidence, seen or verdict, failure)
    wrote = _wrote(evidence, about.name)
    place = next((one.index for one in evidence.steps if not one.own and one.grade_id == cell.grade_id), None)
    unwritten = causes.unwritten(wrote, failure, place)
    if unwritten is not None:
        said = _sentence(unwritten.title)
        if "because the cell" in unwritten.why:
            said = f"{said} {unwritten.why}"
        return Told(said, (unwritten,), None, wrote.source)
    if seen is not None and (unmade := causes.unmade(failure, evidence.paper.cells)) is not None:
        return Told(f"{_sentence(unmade.title)} {unmade.why}", (unmade,))
    found = comparing.compared(failure, about)
    fault = faults.of(failure, about, found)
    if seen is None:
        told = faults.told(about, fault, wrote.asks, hidden=True)
        plain = Told(_sentence(told), (causes.hidden(fault, told),), None, wrote.source)
    else:
        diagnoses = causes.of(failure, about, found, wrote, fault)
        explanation = _explanation(failure, about, found, wrote)
        plain = Told(
            explanation.summary or _sentence(diagnoses[0].title), diagnoses, explanation, wrote.source
        )
    if failure.how in ("died", "bounds"):
        return plain
    result = about.asked if about.is_result and seen is not None else None
    whole = _with_steps(plain, evidence, about.name, result)
    return whole if seen is None else replace(whole, cluster=_cluster(cell, failure, about, whole))


def _cluster(cell: PaperCell, failure: Failure, about: Subject, told: Told) -> str:
    """Whose results at this line agree with these."""
    beside = failure.beside
    came = Returned(beside.got) if beside is not None and beside.absent != "got" else None
    outcome = came or (about.asked.outcome if about.asked is not None else None)
    if outcome is None:
        return ""
    return alike.of_outcome(cell.grade_id, outcome, told.diagnoses, str(failure.line), about.said)


def _read(verdict: Verdict, failure: Failure) -> Failure:
    """A failure as it is told: what a test raises by itself is its verdict, and what student code raised the student's."""
    failure = verdict.failure or failure
    last = verdict.asked[-1].outcome if verdict.asked else None
    if failure.how == "bounds" and isinstance(last, Raised) and last.exception == failure.exception:
        return replace(failure, how="student")
    return replace(failure, how="assert") if sayings.is_said(failure) else failure


def _about(evidence: Evidence, verdict: Verdict, failure: Failure) -> Subject:
    """What a failure is about; where its values do not tell, the one name of a solution's that its line mentions, or its cell."""
    about = subject.of(verdict, failure)
    cells = evidence.paper.cells
    if about.name in causes.known(cells):
        return about
    # A module's name, or a method's of a library's object, is nobody's whom a student could ask.
    cell = next((one.source for one in cells if one.grade_id == verdict.grade_id), "")
    for text in (failure.statement.lstrip(), cell):
        names = causes.mentioned(text, cells)
        if len(names) == 1:
            return replace(about, name=names[0])
    return replace(about, name="")


def _with_steps(told: Told, evidence: Evidence, name: str, asked: Asked | None = None) -> Told:
    """What is told with the steps of the solution, where these tell more; `asked` is the call that is told of."""
    shown = evidence.steps_at.at(name) if evidence.steps_at is not None and name else None
    if shown is None:
        return told
    own, first = told.explanation, told.diagnoses[0]
    if first.id in _KEPT and own is not None:  # what the steps tell is about other inputs, or less plain
        others = tuple(one for one in shown.diagnoses if one.id != first.id)
        return replace(told, diagnoses=(first, *others), note=shown.note)
    explanation = shown.explanation or own
    if explanation is not None and explanation is not own:
        if own is not None and asked is not None and stepwise.is_of(explanation, asked.arguments):
            explanation = replace(explanation, summary=own.summary, tested=own.tested)
        else:
            on = f"On `{explanation.case}`: {explanation.summary}"
            explanation = replace(explanation, summary=f"{told.message} {on}")
    return replace(
        told, diagnoses=shown.diagnoses or told.diagnoses, explanation=explanation, note=shown.note
    )


def _sentence(title: str) -> str:
    return title if title.endswith((".", "?", "!")) else f"{title}."


def _of(sitting: Sitting | None, cell: PaperCell) -> Verdict | None:
    """What a test cell gave."""
    verdicts = sitting.verdicts if sitting is not None else ()
    return next((one for one in verdicts if one.grade_id == cell.grade_id), None)


def _seen(evidence: Evidence, cell: PaperCell, verdict: Verdict, failure: Failure) -> Verdict | None:
    """The verdict of which all may be told, the same one or its like without hidden tests; None where there is none."""
    if failure.hidden:
        return None
    if not _may_have_seen(evidence.paper, cell, failure):
        return verdict
    again = _of(evidence.shown, cell)
    other = again.failure if again is not None else None
    same = other is not None and (other.line, other.how, other.comparison) == (
        failure.line,
        failure.how,
        failure.comparison,
    )
    return again if same else None


def _wrote(evidence: Evidence, name: str) -> Wrote:
    """What the student wrote of a name."""
    cells = subject.cells_of(evidence.steps)
    home = causes.defining(evidence.paper.cells, name) if name else None
    step = None
    if home is not None and home.grade_id:
        step = next((one for one in evidence.steps if one.own and one.grade_id == home.grade_id), None)
    asks: Asks = "variable"
    if subject.is_function(evidence.paper, name):
        asks = "script" if subject.is_class(evidence.paper, name) else "result"
    hides = any(one.hidden for one in evidence.paper.cells)
    told = evidence.shown or (None if hides else evidence.sitting)
    submission = subject.submission(evidence.paper.name, cells, name)
    return Wrote(name, submission, asks, told, home, step)


def _partly(evidence: Evidence, cell: PaperCell, verdict: Verdict) -> Told:
    """A test cell that gives a number of points, and not all."""
    points = counted(verdict.max_score, "point")
    some = in_short(verdict.score) if verdict.score else "none"
    told = finding("partly-right", title=f"The test cell gives {some} of {points}")
    if not verdict.score:
        told = replace(told, why="Nothing of what it tries comes out right.")
    names = causes.mentioned(cell.shown, evidence.paper.cells)
    name = names[0] if len(names) == 1 else ""
    source = _wrote(evidence, name).source if name else None
    return _with_steps(Told(f"It gives {some} of {points}.", (told,), None, source), evidence, name)


# ----------------------------------------------------------------------------------------------- what may be seen


def _explanation(failure: Failure, about: Subject, found: Compared | None, wrote: Wrote) -> Explanation:
    """What came beside what was due."""
    said = sayings.said_by_test(failure)
    summary = " ".join(
        part
        for part in (f"The test says: “{said}”." if said else "", sayings.sentence(failure, about, found))
        if part
    )
    tested = Tested(failure.statement, about.said, wrote.name)
    inputs = _inputs(about, wrote)
    mismatch = found.mismatch if found is not None else None
    plain = Explanation(about.said, inputs, None, None, None, None, None, summary, (), tested=tested)
    if found is None or mismatch is None or comparing.is_hashed(failure):
        return plain
    if not are_arrays(found.expected):
        beside = Beside(found.got, found.expected, mismatch.differences)
        return Explanation(
            about.said, inputs, None, None, None, None, None, summary, (), beside=beside, tested=tested
        )
    got, expected = found.got, found.expected
    if isinstance(expected, tuple):
        part = mismatch.part or 0
        expected, got = expected[part], got[part] if isinstance(got, tuple) and part < len(got) else None
    shown = got if isinstance(got, np.ndarray) else None
    args = about.asked.arguments if about.asked is not None and about.is_result else ()
    facts = observe.observations(shown, expected, args, comparing.DEFAULT)
    if not any(map(nested.shape, args)):  # what is said of the sizes of inputs, where none has any
        facts = tuple(one for one in facts if "input" not in one)
    return Explanation(
        about.said,
        inputs,
        expected,
        shown,
        mismatch.wrong,
        mismatch.first,
        None,
        summary,
        (),
        facts,
        tested=tested,
    )


def _inputs(about: Subject, wrote: Wrote) -> tuple[tuple[str, Argument], ...]:
    """The arguments of the call, where its text does not hold them."""
    asked = about.asked
    if (
        asked is None
        or not about.is_result
        or subject.called(asked) != asked.said
        or _is_written_out(asked.said)
    ):
        return ()
    names = [one.arg for one in wrote.node.args.args] if isinstance(wrote.node, ast.FunctionDef) else []
    given = [
        (names[place] if place < len(names) else f"argument_{place + 1}", value)
        for place, value in enumerate(asked.arguments)
    ]
    return tuple([*given, *asked.keywords.items()][:_MOST_INPUTS])


def _is_written_out(said: str) -> bool:
    """Whether a call holds its arguments, and no variables."""
    try:
        call = ast.parse(said, mode="eval").body
    except SyntaxError:
        return False
    given = [*call.args, *(one.value for one in call.keywords)] if isinstance(call, ast.Call) else [call]
    return not any(isinstance(node, ast.Name) for one in given for node in ast.walk(one))
