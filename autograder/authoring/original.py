"""Work graded by nbgrader itself, as it would be without the kit: in a course of its own that is thrown away.

nbgrader's own commands run there, with what the course's `nbgrader_config.py` says, but for what hands student code to the kit. They
run the code of the assignment and of the work unprotected: the author's own, and versions of it.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from autograder import unneeded
from autograder.adopted.papers import Assignment
from autograder.authoring import handouts
from autograder.authoring.configured import FILE_NAME, OURS
from autograder.closing import Closing
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import database
from autograder.words import in_full

_SECONDS: Final = 3600.0  # for all of it
_STUB: Final = "stub"
# Read after the course's own file, which it looks at: what that hands to the kit is nbgrader's own again.
_CONFIG: Final = """\
import os
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
c = get_config()
if os.path.exists({own!r}):
    load_subconfig({own!r})
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.directory_structure = os.path.join("{{nbgrader_step}}", "{{student_id}}", "{{assignment_id}}")
c.CourseDirectory.db_url = "sqlite:///" + os.path.join({root!r}, "gradebook.db")
c.NbGrader.logfile = ""
{kernels}
for converter in (Autograde, GenerateAssignment):
    plain, said = converter(coursedir=CourseDirectory()), c[converter.__name__]
    for key in ("sanitize_preprocessors", "autograde_preprocessors", "preprocessors", "exporter_class"):
        if {ours!r} in str(said.get(key, "")):
            said[key] = getattr(plain, key)
"""

# A port that is found free for a kernel may be another's before that listens; a socket in a folder of its own may not.
_KERNELS: Final = """\
c.KernelManager.transport = "ipc"
c.KernelManager.ip = {place!r}
"""
_LONGEST: Final = (
    90  # characters of the path of a socket, of which the kernel of the system takes 103 at least
)


@dataclass(frozen=True)
class Marks:
    """What one version of the work got, by the test cells' names."""

    scores: Mapping[str, float]
    failures: Mapping[str, str] = field(default_factory=dict)  # the error of those that raised, in one line


class Original(Closing):
    """An assignment in a course of its own, released by nbgrader, which is thrown away at the end."""

    def __init__(self, assignment: Assignment, root: Path) -> None:
        """`root` is the course's folder, whose configuration counts."""
        self._assignment = assignment
        self._root = root
        self._folder = tempfile.TemporaryDirectory(prefix="original-")
        self._course = Path(os.path.realpath(self._folder.name), "course")
        self._released: dict[str, dict[str, Any]] | None = None

    def close(self) -> None:
        """Throws the course away."""
        self._folder.cleanup()

    def released(self) -> Mapping[str, dict[str, Any]]:
        """What nbgrader gives students, by notebook; CourseError where it refuses the assignment."""
        if self._released is None:
            self._found()
            self._run("generate_assignment", self._assignment.name)
            folder = self._course / "release" / self._assignment.name
            self._released = {
                paper.name: json.loads((folder / f"{paper.name}.ipynb").read_text("utf-8"))
                for paper in self._assignment.papers
            }
        return self._released

    def work(self, answers: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
        """A student's notebooks with these answers, by notebook and grade_id, in the place of what they were given."""
        made = copy.deepcopy(dict(self.released()))
        for notebook, document in made.items():
            for cell in document["cells"]:
                grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
                cell["source"] = answers.get(notebook, {}).get(grade_id, cell["source"])
        return made

    def graded(self, works: Mapping[str, Mapping[str, dict[str, Any]]]) -> dict[str, Marks]:
        """The marks of each student's notebooks, each student graded anew; CourseError where nbgrader fails at it."""
        name = self._assignment.name
        self.released()
        for student, documents in works.items():
            folder = self._course / "submitted" / student / name
            folder.mkdir(parents=True)
            for notebook, document in documents.items():
                (folder / f"{notebook}.ipynb").write_text(json.dumps(document), "utf-8")
            for file in self._assignment.files:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self._assignment.folder / file, folder / file)
        self._run("autograde", name)
        return {student: self._marks(student) for student in works}

    # -------------------------------------------------------------------------------------------- nbgrader's

    def _found(self) -> None:
        """The course, of which nbgrader knows nothing yet."""
        handouts.stage(self._assignment, self._course / "source")
        handouts.surround(self._root, self._course)
        text = _CONFIG.format(
            own=str(self._root / FILE_NAME), root=str(self._course), ours=OURS, kernels=self._kernels()
        )
        (self._course / FILE_NAME).write_text(text, "utf-8")
        # One that is there already: nbgrader asks another program for its layout, which takes seconds.
        with contextlib.suppress(AutograderError), database.transaction(self._course / database.FILE_NAME):
            pass  # and of a layout that the kit does not know, nbgrader makes its own

    def _kernels(self) -> str:
        """How nbgrader speaks to the kernels that it starts."""
        place = str(self._course.parent / "kernel")
        has_room = len(os.fsencode(place)) <= _LONGEST
        return _KERNELS.format(place=place) if has_room and sys.platform != "win32" else ""

    def _run(self, *command: str) -> None:
        arguments = [sys.executable, "-c", unneeded.NBGRADER, *command]
        # nbgrader looks for its helpers on the path, which need not have the folder of this Python.
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
        done = subprocess.run(
            arguments,
            cwd=self._course,
            env=os.environ | {"PATH": path},
            capture_output=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise CourseError(
                f"{self._assignment.folder}: nbgrader's own {command[0]} refuses it: {_reason(done.stderr)}"
            )

    def _marks(self, student: str) -> Marks:
        from nbgrader.api import Gradebook, MissingEntry

        scores: dict[str, float] = {}
        failures: dict[str, str] = {}
        with Gradebook(f"sqlite:///{self._course / 'gradebook.db'}") as gradebook:
            for paper in self._assignment.papers:
                errors = self._errors(student, paper.name)
                for cell in paper.cells:
                    if cell.kind != "test":
                        continue
                    name = self._assignment.named(paper, cell)
                    try:
                        grade = gradebook.find_grade(
                            cell.grade_id, paper.name, self._assignment.name, student
                        )
                    except MissingEntry:  # nbgrader failed at this student, whose work it takes out again
                        raise CourseError(
                            f"{self._assignment.folder}: nbgrader's own autograde does not get to the end of the work {student!r}"
                        ) from None
                    scores[name] = float(grade.auto_score or 0.0)
                    if scores[name] < cell.points:
                        failures[name] = errors.get(
                            cell.grade_id, f"{in_full(scores[name])} of {in_full(cell.points)} points"
                        )
        return Marks(scores, failures)

    def _errors(self, student: str, notebook: str) -> dict[str, str]:
        """What the cells of an autograded notebook raised or said on stderr, by grade_id, in a line each."""
        path = self._course / "autograded" / student / self._assignment.name / f"{notebook}.ipynb"
        if not path.exists():
            return {}
        found: dict[str, str] = {}
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            for output in cell.get("outputs", ()):
                if output["output_type"] == "error":
                    found[grade_id] = " ".join(f"{output['ename']}: {output['evalue']}".split())
                elif output.get("name") == "stderr":
                    text = output["text"] if isinstance(output["text"], str) else "".join(output["text"])
                    found.setdefault(grade_id, " ".join(f"it writes to stderr: {text}".split()))
        return found


def _reason(stderr: bytes) -> str:
    """The first of nbgrader's errors; its last lines only say that there was one."""
    lines = [" ".join(line.split()) for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    errors = [line.partition("ERROR]")[2].strip() for line in lines if "ERROR]" in line]
    raised = [line for line in lines if line.partition(":")[0].endswith(("Error", "Exception"))]
    return next(iter([*raised, *errors, *lines[-1:]]), "it says nothing")
