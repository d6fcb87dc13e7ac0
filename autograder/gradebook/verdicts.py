"""What the checks said of a function, in words that graders and other systems read."""

from __future__ import annotations

from autograder import hints
from autograder.gradebook.safe_text import harmless, plain
from autograder.records import FunctionReport, Hints
from autograder.words import counted, in_short


def verdict(function: FunctionReport, course: Hints = "cause") -> str:
    """What the checks said of one function, as plain text with a line each, for students too.

    Where the course gives hints rung by rung, of a finding the first: what cannot fold does not tell the cause.
    """
    lines = [points(function)]
    if function.note:
        lines.append(function.note)
    for check in function.checks:
        sign = "passed" if check.passed else "NOT passed" if check.tried else "not tried"
        message = f": {check.message}" if check.message and check.tried and not check.passed else ""
        lines.append(f"{sign}  {check.name} ({in_short(check.points)}){message}")
    lines += dict.fromkeys(
        hints.lead(diagnosis)
        if course == "ladder" and not hints.is_seen(diagnosis)
        else finding(diagnosis.title, diagnosis.id, diagnosis.line)
        for diagnosis in function.diagnoses
    )
    if function.carried_forward:
        lines.append(f"marked with a right {' and '.join(function.carried_from)} in place of the student's")
    return "\n".join(plain(line) for line in lines) + "\n"


def points(function: FunctionReport) -> str:
    """Score and points of a function, such as `softmax: 2.5 of 3 points`."""
    return f"{function.name}: {in_short(function.score)} of {counted(function.max_score, 'point')}"


def finding(title: str, id: str, line: int | None) -> str:
    """One diagnosis with its full id, by which it can be searched for."""
    place = "" if line is None else f", line {line} of the cell"
    return f"{title} ({id}{place})"


def comment(function: FunctionReport) -> str:
    """A function's verdict as Markdown that reads well as plain text too: formgrader shows it so."""
    lines = [
        finding(diagnosis.title, f"`{diagnosis.id}`", diagnosis.line) for diagnosis in function.diagnoses
    ]
    for check in function.checks:
        if not check.passed:
            message = f". {check.message}" if check.message and check.tried else ""
            lines.append(f"Not {'passed' if check.tried else 'tried'}: {check.name}{message}")
    if function.carried_forward:
        lines.append(f"Marked with a right {' and '.join(function.carried_from)} in place of the student's.")
    if function.note:
        lines.append(function.note)
    bullets = "".join(f"\n- {harmless(plain(line))}" for line in lines)
    return points(function) + ("\n" + bullets if bullets else "")
