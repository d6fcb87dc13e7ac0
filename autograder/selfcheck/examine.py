"""Checks a student's own work on the student's own machine, and explains what is wrong as grading would.

The visible checks are arrays that shipped with the notebook (`checks.json`); the code runs in a process of its
own with a time limit. Nothing here needs a course, isolation or a network.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from autograder.checking.attempt import Attempt, Examiner
from autograder.errors import CourseError, SandboxError, UnreadableError
from autograder.explaining import diagnose
from autograder.notebook import notebooks, syntax
from autograder.records import Array, Cell, Check, Diagnosis, Explanation, Submission
from autograder.sandbox.worker import Child, Run
from autograder.selfcheck import checkfile, kernel, lookup
from autograder.selfcheck.checkfile import FILE_NAME, CheckFile
from autograder.selfcheck.plain import PlainChild

INPUTS_LEFT_ALONE: Final = "leaves its inputs alone"
MOST_TRIES: Final = 5  # at a notebook that cannot be read, before it is no longer taken for half written


@dataclass(frozen=True)
class FunctionCheck:
    """What the visible checks say of one function."""

    name: str
    checks: tuple[Check, ...]
    diagnoses: tuple[Diagnosis, ...] = ()  # the best explanation first
    explanation: Explanation | None = None
    waits_for: tuple[str, ...] = ()  # functions it calls that are not right yet: they come first
    notes: tuple[str, ...] = ()  # what else is worth knowing about this check
    source: str | None = None  # the student's own cell
    # What each step of the right way gives on the case that is explained; not those of every case ship.
    steps: tuple[tuple[str, Array], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every visible check passed."""
        return all(check.passed for check in self.checks)

    @property
    def unwritten(self) -> bool:
        """Whether it is still the stub that came with the notebook."""
        return any(diagnosis.id == "general.not-implemented" for diagnosis in self.diagnoses)


@dataclass(frozen=True)
class NotebookCheck:
    """What the visible checks say of one notebook."""

    path: Path
    title: str
    functions: tuple[FunctionCheck, ...]

    @property
    def passed(self) -> bool:
        """Whether every visible check passed."""
        return all(function.passed for function in self.functions)


def check_notebook(path: Path) -> NotebookCheck:
    """Checks all functions of the notebook at `path`, each in a process of its own.

    Raises CourseError where `checks.json` is not beside it, UnreadableError for what is no notebook and
    SandboxError where no process can be had.
    """
    path = find_notebook(path)
    file = checkfile.read(path.parent / FILE_NAME)
    cells = notebooks.code_cells(notebooks.read_bytes(path))
    as_it_came = {cell.source.strip() for cell in cells if checkfile.cell_digest(cell.source) in file.handout}
    names = [data.name for data in file.functions if not data.brought]
    with _Processes(path.parent) as processes:
        examiner = lookup.examiner(file, path.parent, processes.start, frozenset(as_it_came))
        functions = _check(examiner, file, _submission(file, path, cells), names, processes)
    return NotebookCheck(path, file.title, tuple(functions))


def check_function(function: object) -> FunctionCheck:
    """Checks one function of a running notebook, as it is now.

    Raises CourseError where `function` or `checks.json` is not what it should be.
    """
    file = checkfile.read(Path.cwd() / FILE_NAME)
    name = _name(file, function)
    cells = kernel.cells_for(function)
    submission = _submission(file, Path.cwd(), cells)
    # What was run so far may take long and draw plots: only what the function needs is run again.
    all_cells = frozenset(cell.source.strip() for cell in cells)
    why = ""
    if cells:
        try:
            with _Processes(Path.cwd()) as processes:
                examiner = lookup.examiner(file, Path.cwd(), processes.start, all_cells)
                (result,) = _check(examiner, file, submission, [name], processes)
            if not any(diagnosis.id == "general.missing" for diagnosis in result.diagnoses):
                return result
        except SandboxError as error:  # some kernels cannot start processes, those in a browser among them
            why = f" ({error})"
    assert callable(function)
    examiner = lookup.examiner(file, Path.cwd(), lambda: kernel.KernelChild(function, cells), all_cells)
    (result,) = _check(examiner, file, submission, [name])
    note = f"Checked inside this kernel{why}, without a time limit: should it hang, press the stop button."
    return replace(result, notes=(note,))


def watch(path: Path, *, seconds: float = 0.3) -> Iterator[NotebookCheck]:
    """Checks the notebook at once and again whenever it is saved, looking every so many seconds; does not end.

    Raises as `check_notebook` does, but for a notebook that is read while it is being written.
    """
    path = find_notebook(path)
    seen: object = None
    tries = 0
    while True:
        stamp = _stamp(path)
        if stamp is not None and stamp != seen:
            try:
                found = check_notebook(path)
            except UnreadableError:
                tries += 1
                if tries > MOST_TRIES:
                    raise
            else:
                seen, tries = stamp, 0
                yield found
                continue
        time.sleep(seconds)


def visible_checks(folder: Path) -> list[tuple[str, str]]:
    """The visible checks that ship in `folder`, as names of functions and checks; CourseError where there are none."""
    file = checkfile.read(folder / FILE_NAME)
    return [
        (data.name, check)
        for data in file.functions
        if not data.brought
        for check in (*(case.name for case in data.cases), INPUTS_LEFT_ALONE)
    ]


def find_notebook(path: Path) -> Path:
    """The notebook at `path`, or the only one in that folder; CourseError says why there is none."""
    if path.is_dir():
        found = sorted(one for one in path.glob("*.ipynb") if not one.name.startswith("."))
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            # Copies made by hand lie beside the one that counts, which is named like its unit.
            unit = checkfile.read(path / FILE_NAME).unit
            named = [one for one in found if one.stem == unit]
            if named:
                return named[0]
            raise CourseError(f"{path} holds {len(found)} notebooks: name the one to check")
        raise CourseError(f"{path} holds no notebook (.ipynb): is this the unit's folder?")
    if not path.exists():
        raise CourseError(f"{path} does not exist: give the path of your notebook")
    if path.suffix != ".ipynb":
        raise CourseError(f"{path} is no notebook: its name should end in .ipynb")
    return path


def _stamp(path: Path) -> object:
    """By which a save is noticed; None while the file is being replaced."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


# ------------------------------------------------------------------------------------------ the functions


def _check(
    examiner: Examiner,
    file: CheckFile,
    submission: Submission,
    names: Sequence[str],
    processes: _Processes | None = None,
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
    return [_result(examiner, file, submission, name, tried) for name in names]


def _attempt(examiner: Examiner, submission: Submission, name: str) -> Attempt:
    (function,) = (one for one in examiner.unit.functions if one.name == name)
    # All inputs here are public, so that one family serves for both.
    shown = examiner.explain(submission, Attempt(function, (), (), (), Run([])))
    return replace(shown, hidden=shown.explain)


def _result(
    examiner: Examiner, file: CheckFile, submission: Submission, name: str, tried: dict[str, Attempt]
) -> FunctionCheck:
    attempt = tried[name]
    cell = notebooks.defining_cell(submission.cells, name)
    result = FunctionCheck(
        name, _checks(attempt), notes=_notes(attempt), source=cell.source if cell is not None else None
    )
    if _is_right(attempt):
        return result
    waits_for = tuple(
        other for other in _calls(submission, name, file) if other in tried and not _is_right(tried[other])
    )
    known = lookup.candidates(file, examiner, name)
    findings = diagnose.diagnose(examiner, submission, attempt, known)
    diagnoses, explanation = findings.diagnoses, findings.explanation
    # A function that calls a wrong one may itself be right; its own stub is its own affair.
    if waits_for and not any(diagnosis.id == "general.missing" for diagnosis in diagnoses):
        diagnoses = ()
    else:
        waits_for = ()
    return FunctionCheck(
        name=name,
        checks=result.checks,
        diagnoses=diagnoses,
        explanation=explanation,
        waits_for=waits_for,
        notes=result.notes,
        source=result.source,
        steps=_steps(file, name, explanation),
    )


def _checks(attempt: Attempt) -> tuple[Check, ...]:
    """One check for each public input, and one for leaving them alone."""
    checks = [
        Check(
            trial.case.name,
            trial.mismatch is None,
            points=0.0,
            message="" if trial.mismatch is None else trial.mismatch.message,
            hidden=False,
        )
        for trial in attempt.explain
    ]
    changed = [trial.case.name for trial in attempt.explain if trial.changed]
    message = "This counts once some result is right."
    if changed:
        message = f"It changes its inputs, on “{changed[0]}” for one."
    elif any(check.passed for check in checks):
        message = ""
    return (*checks, Check(INPUTS_LEFT_ALONE, not message, 0.0, message, hidden=False))


def _steps(file: CheckFile, name: str, explanation: Explanation | None) -> tuple[tuple[str, Array], ...]:
    """The value of every step where it is for the inputs that are explained."""
    data = file.function(name)
    if data is None or explanation is None:
        return ()
    values = lookup.step_values(data, next(case for case in data.cases if case.name == explanation.case))
    return tuple((step.name, values[step.symbol]) for step in data.steps if step.symbol in values)


def _is_right(attempt: Attempt) -> bool:
    return all(check.passed for check in _checks(attempt))


def _calls(submission: Submission, name: str, file: CheckFile) -> list[str]:
    """Which other functions of the file the cell that defines `name` uses."""
    cell = notebooks.defining_cell(submission.cells, name)
    if cell is None:
        return []
    parsed = syntax.tree(cell.source)
    nodes = ast.walk(parsed) if parsed is not None else ()
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return [data.name for data in file.functions if data.name in used and data.name != name]


def _notes(attempt: Attempt) -> tuple[str, ...]:
    """What a student should know about how the notebook ran."""
    run = attempt.run
    notes = [
        f"Cell {index + 1} was left out: it {died.detail}."
        for index, died in run.left_out.items()
        if index >= 0
    ]
    if run.absent:
        notes.append(f"Not available, and passed over: {', '.join(run.absent)}.")
    return tuple(notes)


def _submission(file: CheckFile, path: Path, cells: tuple[Cell, ...]) -> Submission:
    return Submission(file.unit, "", path, cells, "")


def _name(file: CheckFile, function: object) -> str:
    """What the unit calls this function; CourseError where it is none of the unit's."""
    known = [data.name for data in file.functions]
    if not callable(function):
        raise CourseError(
            f"check takes the function itself, without parentheses or quotes: check({known[0]})"
        )
    names = kernel.names_of(function)
    for name in names:
        if name in known:
            return name
    called = re.sub(r"[^\w<>]", "", names[0]) if names else "this"
    raise CourseError(
        f"there are no checks for {called} in {FILE_NAME} of unit {file.unit!r}, but for {', '.join(known)}:"
        " is the notebook in the folder it came in?"
    )


class _Processes:
    """Runs functions side by side, and ends all of their processes where the check itself is interrupted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[PlainChild] = []
        self._stopped = False
        self._threads = ThreadPoolExecutor()

    def start(self) -> Child:
        """A fresh child; SandboxError where none can be had any more."""
        if self._stopped:
            raise SandboxError("the check was stopped")
        child = PlainChild(self._folder)
        self._started.append(child)
        return child

    def each(self, attempt: Callable[[str], Attempt], names: Sequence[str]) -> dict[str, Attempt]:
        """The attempts at the functions of these names, all at once."""
        return dict(zip(names, self._threads.map(attempt, names), strict=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        for child in self._started:
            child.stop()
        self._threads.shutdown()
