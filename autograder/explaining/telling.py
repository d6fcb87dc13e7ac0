"""What a small edit says in words: the line and what to look at, and never the edit.

Only names that stand in the student's own line are said, and what kind of thing is not right there. What stands there
once it is right is nowhere in `Placed`, so that no word here can give it away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from autograder.explaining.general import Words, finding
from autograder.explaining.placed import Kind, Placed
from autograder.records import Diagnosis
from autograder.words import agree, listed


@dataclass(frozen=True)
class Look:
    """What is said of one kind of edit, after the line."""

    said: str  # what to look at; {} is the name that stands there
    unnamed: str  # the same where no name can be said
    why: str


LOOKS: Final[Mapping[Kind, Look]] = {
    "argument": Look(
        ": look at what the call at {} is given",
        ": look at what the call is given",
        "A call takes its arguments in their order, or by name. What each of them is for decides what comes back.",
    ),
    "augmented": Look(
        ": does it put something new in the place of {}, or go on with what is there, and which is due?",
        ": does it put something new in its place, or go on with what is there, and which is due?",
        "A plain assignment forgets what was there before, and an augmented one goes on from it.",
    ),
    "axis": Look(
        ": look at the axis at {}",
        ": look at the axis",
        "An axis says along which direction something runs. The one that is named is the one that goes away.",
    ),
    "call": Look(
        ": is the call at {} due here, and is it the right one?",
        ": is what is called due here, and is it the right one?",
        "A function that is called and is not due, is missing, or is another than the one meant often changes the numbers alone.",
    ),
    "comparison": Look(
        ": look at the comparison at {}",
        ": look at the comparison",
        "Which side is the larger one, and whether equal counts, decides what happens at the border.",
    ),
    "constant": Look(
        ": look at the number at {}",
        ": look at the number",
        "A number that is written out stays what it is, whatever the inputs are.",
    ),
    "deletion": Look(
        ": is this line due, and what does it do to {}?",
        ": is this line due?",
        "A line that is right by itself can do harm where it stands.",
    ),
    "grouping": Look(
        ": look at what is worked out first at {}",
        ": look at what is worked out first",
        "Products and quotients come before sums, and what stands in parentheses before both.",
    ),
    "index": Look(
        ": look at the index of {}",
        ": look at the index",
        "Places count from 0, an index has a part for each axis, and a slice ends before its last place.",
    ),
    "into-loop": Look(
        " runs once; it belongs inside the loop",
        " runs once; it belongs inside the loop",
        "What is indented under a loop runs in every round, and what stands beside it runs once.",
    ),
    "keepdims": Look(
        ": does the axis at {} stay, with length 1, or go, and which is due?",
        ": does the axis stay, with length 1, or go, and which is due?",
        "What was summed up has an axis less. Whether it meets the rows or the columns of the next array hangs on that.",
    ),
    "loop": Look(
        ": look at how often the loop runs, where it begins and where it ends",
        ": look at how often the loop runs, where it begins and where it ends",
        "A range begins at 0 unless it is told otherwise, and ends before its last number.",
    ),
    "name": Look(
        ": is {} the variable that is meant?",
        ": is this the variable that is meant?",
        "Variables with like names or like shapes are easily taken for each other.",
    ),
    "operator": Look(
        ": look at how things are put together at {}",
        ": look at how things are put together",
        "Plus, minus, times, divided by and the product of matrices can all give the same shape, and other numbers.",
    ),
    "order": Look(
        ": look at what comes first at {}",
        ": look at what comes first",
        "The order of two sides, or of two lines, counts wherever they cannot be exchanged, as in a difference, a quotient or a product of matrices.",
    ),
    "out-of-loop": Look(
        " runs in every round; it belongs outside the loop",
        " runs in every round; it belongs outside the loop",
        "What is indented under a loop runs in every round, and what stands beside it runs once.",
    ),
    "return": Look(
        ": look at what is returned",
        ": look at what is returned",
        "Only what stands after return comes back, and in that order.",
    ),
    "sign": Look(
        ": look at the sign of {}",
        ": look at the sign",
        "A minus too many or too few turns large into small.",
    ),
    "size": Look(
        ": which size is meant at {}, and along which axis?",
        ": which size is meant, and along which axis?",
        "A shape has a size for each axis. Inputs in which two of them are equal do not show which one is meant; others do.",
    ),
    "term": Look(
        ": look at the parts of the formula at {}, of which one is too many or missing",
        ": look at the parts of the formula, of which one is too many or missing",
        "Part by part, the line should say what the formula of the lesson says.",
    ),
    "transpose": Look(
        ": look at rows and columns of {}",
        ": look at rows and columns",
        "Whether rows and columns are exchanged decides which numbers meet. With square matrices no error says so.",
    ),
}

_LONGEST: Final = 40  # characters of a name


def told(places: Sequence[Placed]) -> tuple[Diagnosis, ...]:
    """The findings that the small edits at these places are, which together make every ordinary input right."""
    return tuple(_told(placed, len(places)) for placed in places)


def _told(placed: Placed, among: int) -> Diagnosis:
    title = f"{_place(placed)}{_look(placed)}"
    here = "One small change here" if among == 1 else "One small change at each of these places"
    sure = f"{here}, with everything else as it stands, gives what is due on every ordinary input."
    line = placed.line if placed.function is None else None
    words = Words(title, f"{LOOKS[placed.kind].why} {sure}")
    return replace(finding("one-edit", step=placed.step, line=line, words=words), kind=placed.kind)


def _place(placed: Placed) -> str:
    """Where it is: the lines, the function where it is a helper, and the step of the lesson."""
    where = f"Line{agree(len(_lines(placed)), '', 's')} {listed([str(line) for line in _lines(placed)])}"
    if placed.function is not None:
        helper = f"`{placed.function}`" if _is_name(placed.function) else "another function"
        where += f" of the cell that defines {helper}"
    return where if placed.step is None else f"{where}, at the step “{placed.step}”"


def _look(placed: Placed) -> str:
    look = LOOKS[placed.kind]
    said = look.said.format(f"`{placed.subject}`") if _is_name(placed.subject) else look.unnamed
    if said.startswith(":"):
        return said
    if len(_lines(placed)) > 1:
        said = said.replace(" runs", " run").replace("it belongs", "they belong")
    return said if placed.step is None else f",{said}"


def _lines(placed: Placed) -> Sequence[int]:
    return sorted(set(placed.lines))


def _is_name(subject: str) -> bool:
    """Whether it is a name, or a chain of names, and short: nothing else of a student's line is said."""
    return len(subject) <= _LONGEST and all(part.isidentifier() for part in subject.split("."))
