"""Checks a notebook as it is saved: once, or again on every save."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.notebook import notebooks
from autograder.records import Cell
from autograder.selfcheck import checkfile, examine, lookup
from autograder.selfcheck.checked import NotebookCheck
from autograder.selfcheck.checkfile import FILE_NAME
from autograder.selfcheck.plain import Processes

MOST_TRIES: Final = 5  # at a notebook that cannot be read, before it is no longer taken for half written


def check_notebook(path: Path) -> NotebookCheck:
    """Checks all functions of the notebook at `path`, each in a process of its own.

    A notebook that nbgrader made is checked by its own test cells. Raises CourseError where it has none and `checks.json` is not
    beside it, UnreadableError for what is no notebook and
    SandboxError where no process can be had.
    """
    path = find_notebook(path)
    if _has_test_cells(path):
        from autograder.selfcheck import testcells

        return testcells.check_notebook(path)
    with Processes(path.parent) as processes:
        return in_processes(path, processes)


def in_processes(path: Path, processes: Processes) -> NotebookCheck:
    """The same of a notebook that has `checks.json` beside it, in these processes."""
    file = checkfile.read(path.parent / FILE_NAME)
    cells = _cells(path)
    as_it_came = {cell.source.strip() for cell in cells if checkfile.cell_digest(cell.source) in file.handout}
    names = [data.name for data in file.functions if not data.brought]
    examiner = lookup.examiner(file, path.parent, processes.start, frozenset(as_it_came))
    functions = examine.functions(examiner, file, examine.submission(file, path, cells), names, processes)
    return NotebookCheck(
        path,
        file.title,
        functions=tuple(replace(function, notes=()) for function in functions),
        notes=tuple(dict.fromkeys(note for function in functions for note in function.notes)),
    )


def check_all(path: Path) -> tuple[NotebookCheck, ...]:
    """The same of every notebook that is meant: of a folder that nbgrader made, all that have test cells."""
    if path.is_dir() and not (path / FILE_NAME).exists():
        from autograder.selfcheck import testcells

        if several := testcells.notebooks_in(path):
            return tuple(map(testcells.check_notebook, several))
    return (check_notebook(path),)


def _has_test_cells(path: Path) -> bool:
    """Whether a notebook is one of nbgrader's own: no checks of ours lie beside it, and it has test cells."""
    if (path.parent / FILE_NAME).exists():
        return False
    from autograder.selfcheck import testcells

    return testcells.has_any(path)


def watch(path: Path, *, seconds: float = 0.3) -> Iterator[NotebookCheck | AutograderError]:
    """Checks the notebook at once and again whenever it is saved, looking every so many seconds; does not end.

    What is wrong with the files is handed on, and watched until it is mended; a notebook that is read while it is
    being written is read again first. Raises CourseError where there is no notebook to watch.
    """
    path = find_notebook(path)
    seen: object = None
    tries = 0
    while True:
        stamp = _stamp(path)
        if stamp is not None and stamp != seen:
            found = _checked(path)
            tries = tries + 1 if isinstance(found, UnreadableError) else 0
            if not 0 < tries <= MOST_TRIES:
                seen, tries = stamp, 0
                yield found
                continue
        time.sleep(seconds)


def _checked(path: Path) -> NotebookCheck | AutograderError:
    try:
        return check_notebook(path)
    except AutograderError as error:
        return error


def _cells(path: Path) -> tuple[Cell, ...]:
    try:
        return notebooks.code_cells(notebooks.read_bytes(path))
    except UnreadableError as error:
        raise UnreadableError(
            f"{path.name} cannot be read: {error}. Open it in Jupyter and save it again; if it does not open there"
            " either, go back to the last copy that does, or paste your functions into a fresh copy of the unit"
        ) from None


def visible_checks(folder: Path) -> list[tuple[str, str]]:
    """The visible checks that ship in `folder`, as names of functions and checks; CourseError where there are none."""
    file = checkfile.read(folder / FILE_NAME)
    return [
        (data.name, check)
        for data in file.functions
        if not data.brought
        for check in (
            *(case.name for case in data.checks),
            *([examine.INPUTS_LEFT_ALONE] if examine.has_inputs(data.asks) else []),
        )
    ]


def find_notebook(path: Path) -> Path:
    """The notebook at `path`, or the only one in that folder; CourseError says why there is none."""
    if path.is_dir():
        found = sorted(one for one in path.glob("*.ipynb") if not one.name.startswith("."))
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            # Copies made by hand lie beside the one that counts, which is named like its unit.
            is_ours = (path / FILE_NAME).exists()
            named = [one for one in found if is_ours and one.stem == checkfile.read(path / FILE_NAME).unit]
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
    """By which a save is noticed, of the checks beside it too; None while the notebook is being replaced."""
    notebook, checks = _written(path), _written(path.parent / FILE_NAME)
    return (notebook, checks) if notebook is not None else None


def _written(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
