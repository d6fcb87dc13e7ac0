"""`solutions/` to `assignments/`: the student version of a unit, made by nbgrader.

nbgrader works in a staging folder that holds the unit's notebook and its handout and nothing else, so that
what lies beside the notebook in `solutions/` cannot ship. It strips by markers, and passes over a marker that
is misspelt; so every marker is read here first, and anything that only resembles one is refused.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.authoring import coherence, handouts, pytestfile, visible
from autograder.authoring.markers import (
    MARKERS,
    SOURCE,
    Cell,
    graded_by_machine,
    refuse_bad_install,
    refuse_bad_markers,
    refuse_bad_metadata,
    refuse_unread,
)
from autograder.course import coursefile, installing, predictions
from autograder.course.lesson import Lesson
from autograder.errors import CourseError
from autograder.records import Course, Function, Unit
from autograder.selfcheck import checkfile
from autograder.words import counted, in_full

CONFIG_FILE, RELEASE = "nbgrader_config.py", "assignments"

_COMMENTS = re.compile(r"^[ \t]*#.*\n", re.MULTILINE)
_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def release(
    course: Course, units: Sequence[Unit], tell: Callable[[str], None] = visible.nobody
) -> list[Path]:
    """Makes `assignments/<unit>/` of every unit's notebook, or what an adopted one has in its place; all are replaced, or none.

    Returns the folders made; `tell` is given a line about each unit of which not all could ship. Raises CourseError where a notebook's markers, cells or points are not as
    `course.toml` and nbgrader need them, naming unit, cell and line.
    """
    with tempfile.TemporaryDirectory(prefix=".release-", dir=course.root) as folder:
        staging = Path(folder)
        for unit in units:
            _make(course, unit, staging, tell)
        return [_replace(course, unit, staging) for unit in units]


def rehearse(course: Course, unit: Unit, tell: Callable[[str], None] = visible.nobody) -> None:
    """Makes the student version of a unit and throws it away; tells and raises what `release` would."""
    with tempfile.TemporaryDirectory(prefix=".release-", dir=course.root) as folder:
        _make(course, unit, Path(folder), tell)


def handout(course: Course, unit: Unit, tell: Callable[[str], None] = visible.nobody) -> dict[str, bytes]:
    """The files that ship beside a unit's notebook, by name: its visible checks, and the pytest file that runs them.

    `tell` is given a line that says what of the checks is left out for want of room.
    CourseError where the unit's files do not hold together.
    """
    coherence.refuse(course, unit)
    return {
        checkfile.FILE_NAME: visible.data(course, unit, tell),
        f"test_{unit.name.replace('-', '_')}.py": pytestfile.test_file(course, unit),
    }


def untold(course: Course, units: Sequence[Unit]) -> list[str]:
    """Why students who open these units' handouts are not told how to install the kit, a line each; empty where they are.

    Adopted units are handed out as they are, and say nothing of the kit.
    """
    units = [unit for unit in units if unit.adopted is None]
    if not units:
        return []
    if course.install is None:
        return [
            f"students are not told how to install the kit: set `install` in {coursefile.FILE_NAME} to what they type, as in "
            'install = "pip install https://…", or to "" where they need not, and release again'
        ]
    if not course.install:
        return []
    return [
        f"{SOURCE}/{unit.name}/{unit.name}.py does not say how to install the kit: write {installing.MARKER} on a line of its own "
        "into a text cell, and release again"
        for unit in units
        if not any(
            installing.is_marker(line.removeprefix("#"))
            for line in _lesson(course, unit).read_text(encoding="utf-8").splitlines()
        )
    ]


# ------------------------------------------------------------------------------------------- the stages


def _make(course: Course, unit: Unit, staging: Path, tell: Callable[[str], None]) -> None:
    """The student version of a unit in the staging folder, proven."""
    adopted = handouts.read(course, unit) if unit.adopted is not None else None
    if adopted is None:
        files = _stage(course, unit, staging, tell)
    else:
        files = handouts.stage(adopted, staging / SOURCE)
        handouts.surround(course.root, staging)
    with _without_signs(staging) as plain:
        _generate(course, unit, plain)
    _prove(unit, staging / RELEASE / unit.name, files)
    if adopted is not None:
        handouts.prove(unit, adopted, staging / RELEASE / unit.name)


def _stage(course: Course, unit: Unit, staging: Path, tell: Callable[[str], None]) -> frozenset[str]:
    """Writes all that nbgrader may see of a unit, and returns the names of the files."""
    notebook = _read(course, unit)
    files = {
        f"{unit.name}.ipynb": nbformat.writes(notebook).encode(),
        **handout(course, unit, tell),
    }
    folder = staging / SOURCE / unit.name
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return frozenset(files)


def _read(course: Course, unit: Unit) -> Any:
    """The unit's notebook from its percent-format file, checked, with ids that depend on nothing but its text."""
    path = _lesson(course, unit)
    text = Lesson.content(path)
    notebook = jupytext.reads(text, fmt="py:percent")
    cells = _cells(unit, text, notebook)
    for cell in cells:
        refuse_unread(cell)
        refuse_bad_markers(cell)
        refuse_bad_install(cell)
    _refuse_bad_cells(unit, cells)
    for cell in cells:
        refuse_bad_metadata(cell)
    notebook.metadata = nbformat.from_dict(_NOTEBOOK_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    taken: set[str] = set()
    for node, cell in zip(notebook.cells, cells, strict=True):
        node.metadata.pop("lines_to_next_cell", None)
        if node.cell_type == "markdown":
            node.source = installing.filled(node.source, course.install)
        else:
            node.source = _unanswered(cell)
        node.id = _id(cell, taken)
        taken.add(node.id)
    return notebook


def _unanswered(cell: Cell) -> str:
    """The code of a cell without the answers to what students predict."""
    try:
        return predictions.blanked(cell.source)[0]
    except predictions.PredictionError as error:
        raise cell.refuse(str(error), error.line) from None


def _lesson(course: Course, unit: Unit) -> Path:
    return course.root / SOURCE / unit.name / f"{unit.name}.py"


@contextlib.contextmanager
def _without_signs(folder: Path) -> Iterator[Path]:
    """The folder by a name in which nbgrader finds its files: it takes [, * and ? in names for a pattern."""
    with tempfile.TemporaryDirectory(prefix="release-") as elsewhere:
        plain = Path(elsewhere, "course") if glob.has_magic(str(folder)) else folder
        if plain != folder:
            plain.symlink_to(folder, target_is_directory=True)
        yield plain


def _generate(course: Course, unit: Unit, staging: Path) -> None:
    """Runs nbgrader's generate_assignment from one staging folder to the other, without a gradebook."""
    config = _config(course)
    config.SaveCells.enabled = False
    if unit.adopted is not None:
        handouts.without_ours(config)
    log = logging.Logger("nbgrader")  # of its own, so that nbgrader's lines reach no terminal
    errors = _Errors()
    log.addHandler(errors)
    folders = CourseDirectory(
        config=config,
        log=log,
        root=str(staging),
        source_directory=SOURCE,
        release_directory=RELEASE,
        assignment_id=unit.name,
        ignore=[],  # the staging folder is an allow-list already
    )
    try:
        GenerateAssignment(coursedir=folders, config=config, log=log, no_database=True).start()
    except NbGraderException as error:
        reason = errors.first or str(error)
        raise CourseError(f"unit {unit.name!r}: nbgrader cannot make its assignment: {reason}") from None


def _config(course: Course) -> Config:
    """What the course's own nbgrader_config.py says, so that nbgrader's commands and ours make the same."""
    if not (course.root / CONFIG_FILE).is_file():
        return Config()
    try:
        return PyFileConfigLoader(CONFIG_FILE, str(course.root)).load_config()
    except Exception as error:  # it is Python: anything may be wrong with it
        raise CourseError(f"{course.root / CONFIG_FILE}: {type(error).__name__}: {error}") from error


def _prove(unit: Unit, folder: Path, files: frozenset[str]) -> None:
    """What came out is what went in, by name, and no marker is left in the notebook."""
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if made != files:
        names = ", ".join(sorted(made ^ files))
        raise CourseError(f"unit {unit.name!r}: nbgrader added or left out {names}: look at {CONFIG_FILE}")
    if unit.adopted is not None:
        return
    text = (folder / f"{unit.name}.ipynb").read_text(encoding="utf-8")
    for phrase in {f"{edge} {region}" for edge, region in MARKERS.values()}:
        if phrase in text:
            raise CourseError(
                f"unit {unit.name!r}: {phrase!r} is left in the notebook: look at {CONFIG_FILE}"
            )


def _replace(course: Course, unit: Unit, staging: Path) -> Path:
    """Moves a finished folder to its place, and the old one back should that fail."""
    target = course.released(unit.name)
    if unit.adopted is None:
        target = target.parent
    new, old = staging / RELEASE / unit.name, staging / f".old-{unit.name}"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if target.exists():
            os.rename(target, old)
        os.rename(new, target)
    except OSError as error:
        if old.exists():
            os.rename(old, target)
        raise CourseError(f"unit {unit.name!r}: {target} cannot be replaced ({error.strerror})") from None
    return target


class _Errors(logging.Handler):
    """Keeps the first error nbgrader logs: its exceptions only say that there was one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the first message that is more than a headline; of a traceback, its last line."""
        message = record.getMessage().strip()
        if message.startswith("Traceback"):
            message = message.splitlines()[-1]
        if not self.first and not message.startswith("There was an error processing assignment"):
            self.first = " ".join(message.split())


# --------------------------------------------------------------------------------------------- the cells


def _cells(unit: Unit, text: str, notebook: Any) -> tuple[Cell, ...]:
    starts = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"#\s*%%(\s|$)", line)]
    if len(starts) != len(notebook.cells):
        raise CourseError(
            f"unit {unit.name!r}: its notebook has {counted(len(notebook.cells), 'cell')} and {counted(len(starts), 'line')} `# %%`:"
            " begin every cell with such a line"
        )
    return tuple(
        _cell(unit, number, start, node)
        for number, (start, node) in enumerate(zip(starts, notebook.cells, strict=True), 1)
    )


def _cell(unit: Unit, number: int, start: int, node: Any) -> Cell:
    nbgrader = node.metadata.get("nbgrader")
    unread = node.metadata.get("incorrectly_encoded_metadata", "")  # as Jupytext calls it
    if "nbgrader" in node.metadata and not (nbgrader and isinstance(nbgrader, dict)):
        nbgrader, unread = {}, f"nbgrader={json.dumps(nbgrader)}"
    return Cell(
        unit=unit.name,
        name=f"cell {(nbgrader or {}).get('grade_id', number)!r}",
        first_line=start + 1,
        kind=node.cell_type,
        source=node.source,
        nbgrader=dict(nbgrader or {}),
        unread=unread,
    )


def _id(cell: Cell, taken: set[str]) -> str:
    """An id that stays the same as long as the cell does; jupytext would draw one at random."""
    name = cell.nbgrader.get("grade_id") or hashlib.sha256(cell.source.encode()).hexdigest()[:8]
    number = 1
    while (unique := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return str(unique)


def _refuse_bad_cells(unit: Unit, cells: Sequence[Cell]) -> None:
    """Every function has its solution cell, its check right below, and its points; nothing else has any."""
    by_id: dict[str, int] = {}
    for place, cell in enumerate(cells):
        grade_id = cell.nbgrader.get("grade_id")
        if grade_id in by_id:
            raise cell.refuse(
                f"the grade_id {grade_id!r} is taken by an earlier cell: give it one of its own"
            )
        if grade_id is not None:
            by_id[grade_id] = place
    for name in (*unit.brings, *(function.name for function in unit.functions)):
        if name not in by_id:
            raise CourseError(
                f"unit {unit.name!r}: no solution cell for {name!r}: give it a code cell with grade_id {name!r}"
            )
        _refuse_bad_solution(cells[by_id[name]], name)
    for function in unit.functions:
        place = by_id[function.name] + 1
        if by_id.get(f"check-{function.name}") != place:
            raise cells[place - 1].refuse(
                f"no check cell for {function.name!r} right below: add one with grade_id 'check-{function.name}'"
            )
        _refuse_bad_check(cells[place], function)
    checks = {f"check-{function.name}" for function in unit.functions}
    for cell in cells:
        if graded_by_machine(cell) and cell.nbgrader.get("grade_id") not in checks:
            raise cell.refuse(
                "it has points, but course.toml lists no function for it: nothing would grade it"
            )
    _refuse_copied_solutions(cells)


def _refuse_bad_solution(cell: Cell, name: str) -> None:
    begins = rf"^(def {name}\(|class {name}\b|{name}[ \t]*(:[^=\n]*)?=[^=])"
    if cell.kind != "code" or not re.search(begins, cell.source, re.MULTILINE):
        raise cell.refuse(f"the solution cell of {name!r} has no `def {name}(`, `class {name}` or `{name} =`")
    if not cell.nbgrader.get("solution") or cell.nbgrader.get("grade"):
        raise cell.refuse(f'the solution cell of {name!r} needs "solution": true and "grade": false')


def _refuse_bad_check(cell: Cell, function: Function) -> None:
    if cell.source.strip() not in (f"check({function.name})", f'check("{function.name}")'):
        raise cell.refuse(
            f"the check cell of {function.name!r} holds more or less than `check({function.name})`,"
            f' or `check("{function.name}")` for a variable'
        )
    if not graded_by_machine(cell) or not cell.nbgrader.get("locked"):
        raise cell.refuse(
            f'the check cell of {function.name!r} needs "grade": true, "solution": false, "locked": true'
        )
    if cell.nbgrader.get("points") != function.points:
        raise cell.refuse(
            f'{function.name!r} has "points": {cell.nbgrader.get("points")!r} here'
            f" and {in_full(function.points)} in course.toml: make them agree"
        )


def _refuse_copied_solutions(cells: Sequence[Cell]) -> None:
    """nbgrader strips a solution where it is marked; a copy of it elsewhere would ship."""
    for cell in cells:
        for region in _SOLUTION.findall(cell.source):
            solution = _flat(_COMMENTS.sub("", region))
            if len(solution) < 20:  # too short to give anything away, such as `return x`
                continue
            for other in cells:
                if f"\n{solution}\n" in f"\n{_flat(_COMMENTS.sub('', _SOLUTION.sub('', other.source)))}\n":
                    raise other.refuse(f"it repeats the solution of {cell.name}: students would see it")


def _flat(source: str) -> str:
    return "\n".join(line.strip() for line in source.strip().splitlines())
