"""What a course of nbgrader's has configured, read by nbgrader itself, in a process of its own.

`nbgrader_config.py` is a program: it may print, change folders, or end the process that reads it. Run as a program, this
module reads it and leaves what it says in a file.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec

from autograder import unneeded
from autograder.dialect import NBGRADERS, Dialect
from autograder.errors import CourseError

FILE_NAME: Final = "nbgrader_config.py"
OURS: Final = "autograder.nbgrader_bridge"
_SECONDS: Final = 120.0  # the file may ask a server for what it says


class Configured(msgspec.Struct, frozen=True):
    """What nbgrader would do in a folder."""

    root: str  # of the course, in which its folders lie
    course_id: str = ""
    source: str = "source"
    release: str = "release"
    with_tests: str = "source_with_tests"  # with the tests that nbgrader writes in the place of lines
    structure: str = "{nbgrader_step}/{student_id}/{assignment_id}"
    timeout: int | None = 30  # seconds that a cell may run; None: no limit
    delegated: bool = False  # whether it hands submissions to the kit already
    before: tuple[str, ...] = ()  # steps of the course's own before work is graded, by their classes
    after: tuple[str, ...] = ()  # of those with which it is graded
    dialect: Dialect = NBGRADERS

    def source_of(self, assignment: str) -> Path:
        """The folder in which nbgrader looks for the source of an assignment."""
        return self._place(self.source, assignment)

    def with_tests_of(self, assignment: str) -> Path:
        """The folder in which nbgrader leaves an assignment's source with the tests that it has written."""
        return self._place(self.with_tests, assignment)

    def _place(self, step: str, assignment: str) -> Path:
        named = self.structure.format(nbgrader_step=step, student_id=".", assignment_id=assignment)
        return Path(os.path.normpath(Path(self.root, named)))


def read(root: Path) -> Configured:
    """What is configured for the course in `root`, nbgrader's own where nothing is; CourseError where its file is broken."""
    file = root / FILE_NAME
    return _read(root, file.read_bytes() if file.is_file() else None)


@functools.cache
def _read(root: Path, _: bytes | None) -> Configured:
    """The same as long as the file is: nbgrader takes seconds to start."""
    with tempfile.TemporaryDirectory(prefix="configured-") as folder:
        told = Path(folder, "told.json")
        command = [sys.executable, "-m", __name__, str(told)]
        try:
            done = subprocess.run(
                command,
                cwd=root,
                capture_output=True,
                timeout=_SECONDS,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CourseError(f"{root / FILE_NAME} runs for more than {_SECONDS:.0f} s") from None
        if done.returncode or not told.exists():
            lines = done.stderr.decode(errors="replace").strip().splitlines() or ["it ends the process"]
            raise CourseError(f"{root / FILE_NAME} cannot be read by nbgrader: {lines[-1]}")
        return msgspec.json.decode(told.read_bytes(), type=Configured)


# ---------------------------------------------------------------------------------- in a process of its own


def said(root: Path) -> Configured:
    """What nbgrader's configuration says in `root`, which is the current folder; whatever its files raise."""
    from nbgrader.apps.baseapp import NbGrader
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions, Execute

    app = NbGrader()
    app.raise_config_file_errors = True
    app.load_config_file(suppress_errors=False)
    folders = CourseDirectory(parent=app)
    solutions, hidden = ClearSolutions(parent=app), ClearHiddenTests(parent=app)
    scheme, autograde = ClearMarkScheme(parent=app), Autograde(coursedir=folders, parent=app)
    before, after = (
        _named(steps) for steps in (autograde.sanitize_preprocessors, autograde.autograde_preprocessors)
    )
    return Configured(
        root=folders.root or str(root),
        course_id=folders.course_id,
        source=folders.source_directory,
        release=folders.release_directory,
        with_tests=folders.source_with_tests_directory,
        structure=folders.directory_structure,
        timeout=Execute(parent=app).timeout,
        delegated=any(name.startswith(OURS) for name in after),
        before=tuple(name for name in before if not name.startswith(("nbgrader.", "nbconvert.", OURS))),
        after=tuple(name for name in after if not name.startswith(("nbgrader.", "nbconvert.", OURS))),
        dialect=Dialect(
            solutions.begin_solution_delimeter,
            solutions.end_solution_delimeter,
            hidden.begin_test_delimeter,
            hidden.end_test_delimeter,
            scheme.begin_mark_scheme_delimeter,
            scheme.end_mark_scheme_delimeter,
            solutions.code_stub.get("python", NBGRADERS.code_stub),
            solutions.text_stub,
            tuple(folders.ignore),
        ),
    )


def _named(steps: list[Any]) -> list[str]:
    """The classes of preprocessors, which are named or given."""
    return [step if isinstance(step, str) else f"{step.__module__}.{step.__qualname__}" for step in steps]


if __name__ == "__main__":
    unneeded.pass_over()
    Path(sys.argv[1]).write_bytes(msgspec.json.encode(said(Path.cwd())))
