"""Gradescope: an autograder to upload, what it runs there, and the results file that Gradescope reads.

Gradescope unpacks the zip to `/autograder/source`, runs `setup.sh` once, and for each submission puts the student's
files in `/autograder/submission` and calls `/autograder/run_autograder`, which leaves `results/results.json`. The
same works in any folder that is laid out so. The zip holds solutions and secret: it is for the instructor alone.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.course import coursefile, secret
from autograder.errors import AutograderError, CourseError, SandboxError
from autograder.gradebook import safe_text, verdicts
from autograder.gradebook.standings import Mark, Standing
from autograder.grading import opening
from autograder.installed import DISTRIBUTION
from autograder.notebook.places import HandedIn
from autograder.records import Course, FunctionReport, Hints, Report, Unit
from autograder.words import counted, in_full

_NOT_THERE = ("nbgrader", "jupyter", "jupytext")  # of the instructor's extra: nothing of it grades
_SKIPPED = ("__pycache__", ".ipynb_checkpoints", "examples")
_SECRET = "course/.secret"
_SEE_PAGE = "Your feedback page says where to look."

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image. Choose the newest Ubuntu it offers.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap libseccomp2 python3 python3-venv
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get install -y --no-install-recommends python3.11 python3.11-venv
    python=python3.11
fi
"$python" -m venv "$here/venv"
"$here/venv/bin/python" -m pip install --no-cache-dir -r "$here/requirements.txt"
"""

_RUN = """\
#!/usr/bin/env bash
# Gradescope calls this for every submission; it grades what is in submission/ and writes results/results.json.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
[ -d "$here/source" ] || {{ echo "expected $here/source: keep Gradescope's layout" >&2; exit 1; }}
python="$here/source/venv/bin/python"
[ -x "$python" ] || python="${{PYTHON:-python3}}"
export PYTHONPATH="$here/source/kit"
export AUTOGRADER_SECRET_FILE="$here/source/{secret}"
exec "$python" -m autograder.lms.gradescope "$here" {unit}
"""


def package(course: Course, unit: Unit) -> bytes:
    """The zip to upload as Gradescope's autograder for this unit; the same course gives the same bytes."""
    files: dict[str, bytes] = {
        "setup.sh": _SETUP.encode(),
        "run_autograder": _RUN.format(secret=_SECRET, unit=unit.name).encode(),
        f"course/{course_file()}": (course.root / course_file()).read_bytes(),
    }
    if unit.adopted is None:  # else nothing is drawn from it
        secret.load(course)
        files[_SECRET] = secret.path(course).read_bytes()
    kit = Path(__file__).parents[1]
    files |= {f"kit/autograder/{name}": content for name, content in _files(kit)}
    for place in _places(course, unit):
        files |= {f"course/{place}/{name}": content for name, content in _files(course.root / place)}
    solutions = [content for name, content in files.items() if not name.startswith("kit/")]
    extras = ["instructor"]
    if any(module in content for content in solutions for module in (b"pandas", b"matplotlib")):
        extras.append("values")
    files["requirements.txt"] = "\n".join([*_requirements(extras), ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _places(course: Course, unit: Unit) -> list[str]:
    """The folders of a course that grading a unit needs, from the course's own on."""
    if unit.adopted is not None:
        return [unit.adopted.as_posix()]
    names = [known.name for known in course.units if known.adopted is None]
    # Later units use what earlier ones teach.
    return [f"{kind}/{name}" for name in names for kind in ("solutions", "assignments")]


def course_file() -> str:
    """The name of the file that says what the course is."""
    return coursefile.FILE_NAME


def of_standing(
    standing: Standing, course: Hints = "cause", said: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """Gradescope's results of one student as the gradebook has them; `course`: how it gives hints to students.

    `said` is by cell what the gradebook has no comment for.
    """
    output = [] if not standing.penalty else [f"Late penalty: {counted(standing.penalty, 'point')}."]
    return {
        "score": round(standing.score, 6),
        "output": "\n".join(output),
        "output_format": "text",
        "visibility": "visible",
        "tests": [_mark(mark, course, said.get(mark.name, "")) for mark in standing.marks],
    }


def of_report(report: Report) -> dict[str, Any]:
    """Gradescope's results of one submission that has just been graded."""
    lines = [*([f"{report.status}: {report.reason}"] if report.status != "graded" else []), *report.notes]
    return {
        "score": round(report.score or 0.0, 6),
        "output": "\n".join(safe_text.plain(line) for line in lines),
        "output_format": "text",
        "visibility": "visible",
        "tests": [_function(function, report.hints) for function in report.functions],
    }


def main(base: Path, unit_name: str) -> None:
    """Grades `base/submission` and writes `base/results/results.json`.

    AutograderError where the submission could not be graded by our own fault: Gradescope then shows the submission
    as failed to run, which is not a zero.
    """
    loaded = coursefile.load(base / "source" / "course" / coursefile.FILE_NAME)
    (unit,) = coursefile.choose(loaded, [unit_name])
    with opening.opened(loaded, unit) as grader:
        if grader.level == "none":
            raise SandboxError("this machine cannot lock student code in, so nothing of it was run")
        report = grader.grade(HandedIn(_student(base), base / "submission"))
    if report.score is None:
        raise SandboxError(report.reason)
    (base / "results").mkdir(exist_ok=True)
    (base / "results" / "results.json").write_text(json.dumps(of_report(report), ensure_ascii=False), "utf-8")


def _student(base: Path) -> str:
    """Who handed in, as far as Gradescope says: it decides the numbers of the hidden inputs, never the verdict."""
    try:
        users = json.loads((base / "submission_metadata.json").read_bytes())["users"]
        return "+".join(str(user["id"]) for user in users) or "submission"
    except (OSError, ValueError, KeyError, TypeError):
        return "submission"


def _function(function: FunctionReport, course: Hints) -> dict[str, Any]:
    return {
        "name": function.name,
        "score": round(function.score, 6),
        "max_score": function.max_score,
        "status": "passed" if function.score >= function.max_score else "failed",
        "output": verdicts.verdict(function, course),
        "output_format": "text",
        "visibility": "visible",
    }


def _mark(mark: Mark, course: Hints, known: str) -> dict[str, Any]:
    # The gradebook's own comment is for graders, and names the cause where marks were lost.
    lost = not mark.by_hand and (mark.score or 0.0) < mark.max_score
    told = _SEE_PAGE if course == "ladder" and lost else mark.auto_comment or known
    said = (
        f"Your instructor says: {safe_text.plain(mark.manual_comment)}" if mark.manual_comment.strip() else ""
    )
    machine = None if mark.manual_score is None or mark.by_hand else mark.auto_score
    changed = "" if machine is None else f"The mark was set by hand, in place of {in_full(machine)}."
    test: dict[str, Any] = {
        "name": mark.name.removeprefix("check-"),
        "score": round(mark.score or 0.0, 6),
        "max_score": mark.max_score,
        "output": "\n\n".join(text for text in (said, changed, told) if text),
        "output_format": "text",
        "visibility": "visible",
    }
    if not mark.by_hand:
        test["status"] = "passed" if (mark.score or 0.0) >= mark.max_score else "failed"
    return test


def _requirements(extras: Sequence[str]) -> list[str]:
    """What the kit with these extras needs to grade, without what it needs to release and to keep a gradebook."""
    try:
        declared = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        raise CourseError(
            f"{DISTRIBUTION} is not installed: run `pip install -e .` in its folder first"
        ) from None
    needed = []
    for line in declared:
        requirement, _, marker = (part.strip() for part in line.partition(";"))
        wanted = not marker or any(f'extra == "{extra}"' in marker for extra in extras)
        if wanted and not requirement.startswith(_NOT_THERE):
            needed.append(requirement)
    return sorted(set(needed))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part in _SKIPPED for part in inside.parts):
            yield inside.as_posix(), path.read_bytes()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except AutograderError as error:
        sys.exit(f"autograder: {error}")
