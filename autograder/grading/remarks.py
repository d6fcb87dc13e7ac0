"""What the text of a notebook says that its student should know, and that a person should look at."""

from __future__ import annotations

from collections.abc import Sequence

from autograder import celltext
from autograder.budget import Budget
from autograder.checking.compare import exception_name
from autograder.naming import as_text
from autograder.notebook import newer, notebooks
from autograder.records import Cell, Definition, Raised, Submission
from autograder.words import few, listed


def flags(submission: Submission) -> tuple[str, ...]:
    """A line on each sign that another notebook was meant to be handed in."""
    lines = []
    if submission.other_unit:
        lines.append(
            f"This is the notebook of “{submission.other_unit}”: it holds functions of that unit, and none of this one."
        )
    if submission.copies:
        lines.append(
            f"Graded was {as_text(submission.path.name)}, in which none of the functions is written. Beside it lies "
            f"{few(submission.copies)} with code for them, which was not graded."
        )
    lines += [
        f"Cell {cell.index + 1}, counted from the top, was left out: it holds {cell.cut:,} characters, and "
        f"{notebooks.MAX_CODE:,} are allowed."
        for cell in submission.cells
        if cell.cut
    ]
    return tuple(lines)


def ran_out(own: Budget) -> tuple[str, ...]:
    """A line where a submission took all the time that one may take."""
    if not own.is_over:
        return ()
    return (
        f"The whole submission may take {own.seconds:g} s, sleeping and waiting included, and has used them up: what"
        " was left then was not tried.",
    )


def differing(functions: Sequence[str]) -> tuple[str, ...]:
    """A line where functions did something else in one process together than each in a process of its own."""
    if not functions:
        return ()
    named = listed([f"`{name}`" for name in functions])
    return (
        f"{named} gave other results in one process with the other functions than in one of its own, which counts. "
        "Code that keeps nothing between calls does not do so: please report it.",
    )


def defined_again(function: str, definition: Definition) -> tuple[str, ...]:
    """A line where several cells define a function, of which one counts."""
    if definition.cell is None or not definition.earlier:
        return ()
    *numbers, last = (str(cell.index + 1) for cell in (*definition.earlier, definition.cell))
    return (
        f"`{function}` is defined in cells {', '.join(numbers)} and {last}, counted from the top: the last one counts.",
    )


def stopped(cells: Sequence[Cell], index: int, raised: Raised) -> str:
    """A line on a cell that ended with an exception."""
    line = f"{celltext.named(cells, index)} stopped with {exception_name(raised)}"
    cell = next((cell for cell in cells if cell.index == index), None)
    small = cell is not None and not cell.large and raised.exception == "SyntaxError"
    version = newer.needed(cell.source) if cell is not None and small else None
    return f"{line}." if version is None else f"{line}: it {newer.needs(version)}."
