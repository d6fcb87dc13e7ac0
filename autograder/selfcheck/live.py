"""Checks a function of a running notebook, as it is now."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from autograder.errors import CourseError, SandboxError
from autograder.selfcheck import checkfile, examine, kernel, lookup
from autograder.selfcheck.checked import FunctionCheck
from autograder.selfcheck.checkfile import FILE_NAME, CheckFile
from autograder.selfcheck.plain import Processes


def check_function(function: object) -> FunctionCheck:
    """Checks one function of a running notebook, as it is now; `function` is the function or its name.

    Raises CourseError where `function` or `checks.json` is not what it should be.
    """
    file = checkfile.read(Path.cwd() / FILE_NAME)
    if isinstance(function, str):
        function = _named(file, function)
    name = _name(file, function)
    cells = kernel.cells_for(function)
    submission = examine.submission(file, Path.cwd(), cells)
    # What was run so far may take long and draw plots: only what the function needs is run again.
    all_cells = frozenset(cell.source.strip() for cell in cells)
    why = ""
    if cells:
        try:
            with Processes(Path.cwd()) as processes:
                examiner = lookup.examiner(file, Path.cwd(), processes.start, all_cells)
                (result,) = examine.functions(examiner, file, submission, [name], processes)
            if not result.undefined:
                return result
        except SandboxError as error:  # some kernels cannot start processes, those in a browser among them
            why = f" ({error})"
    assert callable(function)
    examiner = lookup.examiner(file, Path.cwd(), lambda: kernel.KernelChild(function, name, cells), all_cells)
    (result,) = examine.functions(examiner, file, submission, [name])
    note = f"Checked inside this kernel{why}, without a time limit: should it hang, press the stop button."
    return replace(result, notes=(note,))


def _named(file: CheckFile, name: str) -> object:
    """What the notebook calls by this name; CourseError where nothing is called so yet."""
    variables = kernel.variables()
    if name not in variables and file.function(name) is not None:
        raise CourseError(kernel.not_yet(name))
    return variables.get(name, name)


def _name(file: CheckFile, function: object) -> str:
    """What the unit calls this function; CourseError where it is none of the unit's."""
    known = [data.name for data in file.functions]
    names = [function] if isinstance(function, str) else kernel.names_of(function)
    taken = next((name for name in names if name in known), None)
    if not callable(function) and not isinstance(function, str):
        if taken is not None:
            raise CourseError(
                f"{taken} is no function any more: a later cell has given the name to something else. Run the cell"
                f" that defines it again, and use another name in the later one"
            )
        raise CourseError(f"check takes the function itself, without parentheses: check({known[0]})")
    if taken is not None:
        return taken
    called = re.sub(r"[^\w<>]", "", names[0]) if names else "this"
    raise CourseError(
        f"there are no checks for {called} in {FILE_NAME} of unit {file.unit!r}, but for {', '.join(known)}:"
        " is the notebook in the folder it came in?"
    )
