"""Whether the kit can hold a test cell as a grader, as seen on the author's solution; if not, why, and what to change.

What can be read off a cell's text is told first. All else is decided by running the solution: a cell that gives it full marks
is served, and one that does not says by its failure why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from autograder.adopted import faults, outline
from autograder.adopted.handing import UNHANDED
from autograder.adopted.papers import Assignment, Failure, Paper, PaperCell, Sitting, Verdict
from autograder.words import clipped, few, in_full

How: TypeAlias = Literal["served", "handles", "not-served"]

# Distributions whose modules are called otherwise.
_DISTRIBUTIONS: Final[Mapping[str, str]] = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_NETWORK: Final = frozenset(
    {
        "URLError",
        "HTTPError",
        "gaierror",
        "ConnectionError",
        "ConnectTimeout",
        "NameResolutionError",
        "MaxRetryError",
    }
)
_LEFT: Final = "or leave it to a person"
_LONG: Final = 300  # characters of a message
_PICTURE: Final = re.compile(r"\.(?:png|jpe?g|pdf|svg|gif)\b", re.IGNORECASE)
# What the student's code is handed is not there, or is no more than something to be called.
_HANDED: Final = re.compile(rf"^{UNHANDED} |^'function' object has no attribute ")
_HAND_OVER: Final = (
    "hand the student's code plain values, functions, and objects whose class is of a locked cell or a module beside the "
    f"notebook, and let it make others itself (a connection, a figure, a file), {_LEFT}"
)
_AUTOTEST: Final = re.compile(r"^\s*#.*\bAUTOTEST\b")
_MAGIC: Final = re.compile(r"^\s*(?:\w+\s*=\s*)?(%%?|!)\s*([A-Za-z_]\w*)")
# Of line magics those that only concern how Jupyter shows things.
_HARMLESS: Final = frozenset(
    {"matplotlib", "load_ext", "reload_ext", "autoreload", "config", "pylab", "precision"}
)


@dataclass(frozen=True)
class CellServed:
    """One test cell of an assignment."""

    notebook: str
    name: str  # in course.toml and in results
    grade_id: str
    points: float
    served: How
    why: str = ""  # it is not; one line
    change: str = ""  # what would help; one line
    fails: bool = False  # the solution loses marks under nbgrader as well


# The text of a failure of the solution under nbgrader itself by the cells' names; a cell that is not there has full marks.
Original: TypeAlias = Callable[[], Mapping[str, str]]


def served(
    assignment: Assignment, sittings: Mapping[str, Sitting], original: Original
) -> tuple[CellServed, ...]:
    """Every test cell, in order; `sittings` by notebook are what came of the solution, and `original` is asked once or not at all.

    A notebook that could not be run at all has no sitting, and then what its text says has to tell why.
    """
    found: list[CellServed] = []
    doubtful: list[int] = []
    for paper in assignment.papers:
        for cell in paper.cells:
            if cell.kind != "test":
                continue
            known = foreseen(paper, cell)
            found.append(_cell(assignment, paper, cell, known, sittings.get(paper.name)))
            if known is None and found[-1].served == "not-served":
                doubtful.append(len(found) - 1)
    under = original() if doubtful else {}
    for place in doubtful:
        found[place] = _beside(found[place], under)
    return tuple(found)


def foreseen(paper: Paper, cell: PaperCell) -> tuple[str, str] | None:
    """Why a test cell cannot be served, whatever the solution does, and what to change; None where its text says nothing."""
    if "python" not in paper.language:
        return (
            f"its notebook is in {paper.language}, and the kit runs Python",
            "grade this assignment with nbgrader alone",
        )
    for number, line in enumerate(cell.source.split("\n"), start=1):
        if _AUTOTEST.match(line):
            return (
                f"nbgrader writes its tests in the place of line {number}, `{line.strip()}`, when the assignment is released",
                "run `nbgrader generate_assignment --source_with_tests`, and adopt the folder source_with_tests/ in its place",
            )
        magic = _MAGIC.match(line)
        if magic and magic[2] not in _HARMLESS:
            return (
                f"line {number}, `{line.strip()}`, is for Jupyter alone",
                f"take the line out, or write it in Python, {_LEFT}",
            )
        if "get_ipython()" in line.partition("#")[0]:
            return f"line {number} uses get_ipython(), which is Jupyter's", f"write it in Python, {_LEFT}"
    return None


def _cell(
    assignment: Assignment,
    paper: Paper,
    cell: PaperCell,
    known: tuple[str, str] | None,
    sitting: Sitting | None,
) -> CellServed:
    one = CellServed(
        paper.name, assignment.named(paper, cell), cell.grade_id, cell.points, served="not-served"
    )
    verdict = _verdict(sitting, cell)
    if known is not None or sitting is None or verdict is None:
        why, change = known or ("its notebook could not be run", _LEFT.removeprefix("or "))
        return replace(one, why=why, change=change)
    if verdict.failure is None and verdict.score >= cell.points:
        return replace(one, served="handles" if cell.grade_id in sitting.handles else "served")
    why, change = _reason(assignment, paper, cell, verdict, sitting)
    return replace(one, why=why, change=change)


def _verdict(sitting: Sitting | None, cell: PaperCell) -> Verdict | None:
    verdicts = sitting.verdicts if sitting is not None else ()
    return next((one for one in verdicts if one.grade_id == cell.grade_id), None)


def _beside(one: CellServed, under: Mapping[str, str]) -> CellServed:
    """What is told of a cell that the solution fails under nbgrader as well: that is its author's to mend."""
    if one.name not in under:
        return one
    return replace(
        one,
        fails=True,
        why=f"the solution loses marks there under nbgrader as well: {under[one.name]}",
        change="mend the solution or the test" if not one.change.startswith("pip ") else one.change,
    )


# ------------------------------------------------------------------------------------ a failure in the kit


def _reason(
    assignment: Assignment, paper: Paper, cell: PaperCell, verdict: Verdict, sitting: Sitting
) -> tuple[str, str]:
    """Why the solution has not full marks, and what to change."""
    failure = verdict.failure
    if failure is None:
        return (
            f"the solution gets {in_full(verdict.score)} of {in_full(cell.points)} points",
            "mend the solution, or what the test cell's last line gives",
        )
    for explained in (
        _absent(assignment, sitting, failure),
        _picture(paper, failure),
        _unhanded(paper, failure),
        _surroundings(sitting, failure),
    ):
        if explained is not None:
            return explained
    if failure.exception == faults.STDERR:
        return (
            f"something is written to the error output, for which nbgrader gives no points: {_on_a_line(failure.message)}",
            f"compare plain values there and let nothing warn, {_LEFT}",
        )
    if _HANDED.search(failure.message):
        return _place(failure), _HAND_OVER
    return _place(failure), _advice(failure)


def _absent(assignment: Assignment, sitting: Sitting, failure: Failure) -> tuple[str, str] | None:
    """A module that is not there: a package, or what lies somewhere else."""
    told = (
        re.search(r"No module named '([\w.]+)'", failure.message) if "Module" in failure.exception else None
    )
    absent = [told[1].partition(".")[0]] if told else [name.partition(".")[0] for name in sitting.absent]
    if not absent:
        return None
    names = list(dict.fromkeys(absent))
    if any(name == paper.name for name in names for paper in assignment.papers):
        return (
            f"it imports the notebook {names[0]!r} as a module, which a student's work is not here",
            f"name the student's functions without importing them, {_LEFT}",
        )
    wanted = " ".join(_DISTRIBUTIONS.get(name, name) for name in names)
    return (
        f"the module {few(names)} is not installed here, nor does it lie beside the notebook",
        f"pip install {wanted}",
    )


def _picture(paper: Paper, failure: Failure) -> tuple[str, str] | None:
    """A picture that the solution saves, which nothing does where student code runs."""
    saves = any("savefig(" in cell.source for cell in paper.cells if cell.is_code and cell.kind != "test")
    if not saves or not _PICTURE.search(f"{failure.statement} {failure.message}"):
        return None
    return (
        "it looks for a picture that the solution saves, and `savefig` saves nothing where student code runs",
        f"look at the figure in place of the file, {_LEFT}",
    )


def _unhanded(paper: Paper, failure: Failure) -> tuple[str, str] | None:
    """A variable of the test's that the solution reads, without being handed it."""
    told = re.search(r"^name '(\w+)' is not defined", failure.message)
    if failure.exception != "NameError" or failure.how != "student" or told is None:
        return None
    name = told[1]
    if not any(name in outline.of(cell.source).binds for cell in paper.cells if cell.kind == "test"):
        return None
    return (
        f"{_place(failure)}, as the solution reads `{name}`, which the test binds and does not hand to it",
        f"hand `{name}` over as an argument, or bind it in a locked cell before the solution",
    )


def _surroundings(sitting: Sitting, failure: Failure) -> tuple[str, str] | None:
    """Files and the network, which student code has not: in the test itself, or in a cell before it."""
    raised = [(failure.exception, failure.message)]
    raised += [(one.exception, one.message) for one in sitting.failed.values()]
    for exception, message in raised:
        if exception in _NETWORK or "Temporary failure in name resolution" in message:
            return (
                f"its notebook uses the network ({exception}), which student code has not here",
                f"put what it loads into a file beside the notebook, {_LEFT}",
            )
        if exception in ("FileNotFoundError", "PermissionError", "NotADirectoryError"):
            return (
                f"its notebook reads a file that does not lie beside it ({exception}: {message})",
                "put the file into the assignment's folder, and name it from there",
            )
    return None


_WHAT: Final[Mapping[str, str]] = {
    "assert": "it does not hold for the solution",
    "raised": "it raises",
    "student": "the solution's code raises",
    "died": "the solution's code does not finish",
    "bounds": "it takes more than it may out of what the solution gives",
}


def _place(failure: Failure) -> str:
    line = f"at line {failure.line}" if failure.line is not None else "somewhere"
    statement = " ".join(failure.statement.split())
    quoted = f", `{statement if len(statement) <= 80 else statement[:79] + '…'}`" if statement else ""
    error = f"{failure.exception}: {failure.message}" if failure.message else failure.exception
    error = _on_a_line(error)
    said = _WHAT[failure.how] if failure.how == "assert" else f"{_WHAT[failure.how]} {error}"
    if failure.how == "died" and failure.died is not None:
        said = f"{_WHAT['died']} ({failure.died.reason})"
    return f"in the kit it stops {line}{quoted}: {said}"


def _on_a_line(text: str) -> str:
    return clipped(" ".join(text.split()), _LONG)


def _advice(failure: Failure) -> str:
    if (
        failure.how == "died"
        and failure.died is not None
        and failure.died.reason in ("timeout", "out-of-memory")
    ):
        key = "cpu_seconds" if failure.died.reason == "timeout" else "memory_mib"
        return f"give student code more under [limits] in course.toml: {key}"
    if failure.how == "bounds":
        return f"look at less of it in the test, {_LEFT}"
    return f"compare plain values there, such as numbers, text, lists and tables, {_LEFT}"


def standing(cells: Sequence[CellServed]) -> Iterator[tuple[How, int, float]]:
    """How many cells are served in which way, and their points together."""
    for how in ("served", "handles", "not-served"):
        some = [one for one in cells if one.served == how]
        yield how, len(some), sum(one.points for one in some)
