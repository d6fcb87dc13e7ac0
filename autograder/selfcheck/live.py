"""Checks a function of a running notebook, as it is now."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from autograder.errors import CourseError, SandboxError
from autograder.selfcheck import checkfile, examine, kernel, lookup
from autograder.selfcheck.checked import FunctionCheck
from autograder.selfcheck.checkfile import FILE_NAME, CheckFile, FunctionData
from autograder.selfcheck.plain import Processes


def check_function(function: object) -> FunctionCheck:
    """Checks one function of a running notebook, as it is now; `function` is the function or its name.

    Or a class or its name, or the name of a variable. Raises CourseError where `function` or `checks.json` is not
    what it should be.
    """
    file = checkfile.here(_asked(function))
    name = _name(file, function)
    data = file.function(name)
    assert data is not None
    if isinstance(function, str):
        function = _named(data)
    is_variable = data.asks == "variable"
    cells = kernel.cells_now() if is_variable else kernel.cells_for(function)
    submission = examine.submission(file, Path.cwd(), cells)
    # What was run so far may take long and draw plots: only what the function needs is run again.
    all_cells = frozenset(cell.source.strip() for cell in cells)
    why = ""
    if cells and not is_variable:  # whose value is the one that it has here
        try:
            with Processes(Path.cwd()) as processes:
                examiner = lookup.examiner(file, Path.cwd(), processes.start, all_cells)
                (result,) = examine.functions(examiner, file, submission, [name], processes)
            if not result.undefined:
                return result
        except (
            SandboxError
        ) as error:  # some kernels can start no processes or no clock beside them, those in a browser neither
            why = f" ({error})"
    examiner = lookup.examiner(file, Path.cwd(), lambda: kernel.KernelChild(function, name, cells), all_cells)
    (result,) = examine.functions(examiner, file, submission, [name])
    if is_variable:
        return replace(result, notes=())
    if sys.platform == "emscripten":  # in a browser there is no other way, and no stop button
        return replace(result, notes=())
    note = f"Checked inside this kernel{why}. Should it hang in one line for long, press the stop button."
    return replace(result, notes=(note,))


def _named(data: FunctionData) -> object:
    """What the notebook calls by the name of an exercise; CourseError where nothing is called so yet."""
    variables = kernel.variables()
    if data.name not in variables:
        raise CourseError(kernel.not_yet(data.name, data.asks))
    found: object = variables[data.name]
    if data.asks != "variable" and not callable(found):
        raise CourseError(_TAKEN.format(data.name))
    return found


_TAKEN: Final = (
    "{} is no function any more: a later cell has given the name to something else. Run the cell that defines it"
    " again, and use another name in the later one"
)


def _asked(function: object) -> str | None:
    """The first name that a notebook has for what is to be checked."""
    return function if isinstance(function, str) else next(iter(kernel.names_of(function)), None)


def _name(file: CheckFile, function: object) -> str:
    """What the unit calls this function; CourseError where it is none of the unit's."""
    known = {data.name: data.asks for data in file.functions}
    names = [function] if isinstance(function, str) else kernel.names_of(function)
    taken = next((name for name in names if name in known), None)
    if not callable(function) and not isinstance(function, str) and known.get(taken or "") != "variable":
        if taken is not None:
            raise CourseError(_TAKEN.format(taken))
        first = next(iter(known))
        how = f'a variable by its name: check("{first}")'
        if known[first] != "variable":
            how = f"the function itself, without parentheses: check({first})"
        raise CourseError(f"check takes {how}")
    if taken is not None:
        return taken
    called = re.sub(r"[^\w<>]", "", names[0]) if names else "this"
    raise CourseError(
        f"there are no checks for {called} in {FILE_NAME} of unit {file.unit!r}, but for {', '.join(known)}:"
        " is the notebook in the folder it came in?"
    )
