"""The ladder on which findings are told: first where to look, then the cause with its id, then the worked steps.

A course names the cause at once, or gives hints rung by rung (`hints` in course.toml). All findings climb the same
ladder, and pages, terminal, pytest, notebook and other systems ask here what a rung holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from autograder.errors import CourseError
from autograder.records import Diagnosis, Hints

LOOK: Final = 1  # what is wrong with the result, and the line
CAUSE: Final = 2  # what is wrong, with its id, why, and how to see it
STEPS: Final = 3  # the right way, worked out on one cell

# What came back, or that nothing did: whoever looks at the result sees as much, so nothing is kept back of it.
_SEEN: Final = frozenset(
    {
        "crashed", "drawing-differs", "drawing-lacks", "missing", "missing-method", "missing-module", "mutates-input",
        "nan", "no-error", "not-implemented", "out-of-memory", "overwrites-results", "partly-right", "prints-nothing", "raises", "returns-none",
        "timeout", "warns", "wrong-columns", "wrong-index", "wrong-keys", "wrong-shape", "wrong-type", "wrong-value",
    }
)  # fmt: skip


def rung(asked: object, course: Hints) -> int:
    """The rung up to which is told: the one asked for, else where the course begins; CourseError for one there is not."""
    if asked is None:
        return LOOK if course == "ladder" else STEPS
    if isinstance(asked, bool) or not isinstance(asked, int) or not LOOK <= asked <= STEPS:
        raise CourseError(
            f"there is no hint {asked!r}: 1 says where to look, 2 names the cause, 3 works the first wrong number out"
        )
    return asked


def is_seen(diagnosis: Diagnosis) -> bool:
    """Whether a finding says what came back, and no cause: it is told whole on the first rung."""
    function, _, name = diagnosis.id.partition(".")
    # Of an edit in another cell there is no line to tell beside its title.
    return function == "general" and (name in _SEEN or (name == "one-edit" and diagnosis.line is None))


def lead(diagnosis: Diagnosis) -> str:
    """What the first rung says of a finding, in one line: what is wrong with the result, and where to look.

    Neither the step nor the kind of change is named that would give the cause away.
    """
    if is_seen(diagnosis):
        return diagnosis.title
    off = diagnosis.off or "The result is not the expected one"
    if diagnosis.line is None:
        return off
    about = "" if diagnosis.kind is None else f", and there at {_LOOK_AT.get(diagnosis.kind, 'each part')}"
    return f"{off}: look at line {diagnosis.line}{about}"


def steps_at(diagnoses: Iterable[Diagnosis]) -> int:
    """The rung of the worked steps, which come sooner where no cause comes before them."""
    return CAUSE if all(map(is_seen, diagnoses)) else STEPS


# What small edits are about, by their kind (explaining/placed.py).
_ABOUT: Final = {
    "argument": "what a call is given",
    "attribute": "what an object keeps",
    "augmented": "putting anew or adding to",
    "axis": "an axis",
    "braces": "names in braces, in a plain text",
    "branch": "which condition is asked first, or at all",
    "call": "a call",
    "comparison": "a comparison",
    "condition": "a condition",
    "constant": "a number",
    "copy": "one array or list under several names",
    "default": "a default value that all calls share",
    "deletion": "a line too many",
    "dtype": "whole numbers or decimals",
    "grouping": "what is worked out first",
    "in-place": "the None of a call that changes its object",
    "index": "an index",
    "into-loop": "a line that belongs inside a loop",
    "keepdims": "an axis of length 1 that stays or goes",
    "loop": "how often a loop runs",
    "looped": "a list that changes while a loop goes through it",
    "name": "which variable is used",
    "no-return": "a way without a return",
    "operator": "an operator",
    "order": "what comes first",
    "out-of-loop": "a line that belongs outside a loop",
    "printed": "a result that is printed and not returned",
    "return": "what is returned",
    "rounding": "digits that are thrown away",
    "sign": "a sign",
    "size": "a size of the inputs",
    "switch": "a True or a False",
    "term": "a part of the formula",
    "text": "a text",
    "transpose": "rows and columns",
    "turned": "a condition the wrong way round, or its branches",
    "unit": "the unit of a number",
    "unkept": "a result that nothing takes",
}


# What to look at on a line whose edit is of this kind, so that the edit is still to be found.
_LOOK_AT: Final = {
    "argument": "what the call is given",
    "attribute": "which names outlive the call",
    "augmented": "what happens to the variable",
    "axis": "the axis",
    "braces": "what is in the text",
    "branch": "which conditions are asked",
    "call": "the call",
    "comparison": "the comparison",
    "condition": "the condition",
    "constant": "the numbers",
    "copy": "whether each array or list is one of its own",
    "default": "what the parameters hold at first",
    "deletion": "what this line does",
    "dtype": "which kind of numbers comes of it",
    "grouping": "how things are put together",
    "in-place": "what the call returns",
    "index": "the index",
    "into-loop": "how often it runs",
    "keepdims": "the axis",
    "loop": "how often the loop runs",
    "looped": "what the loop goes through",
    "name": "the variables",
    "no-return": "what comes back",
    "operator": "how things are put together",
    "order": "how things are put together",
    "out-of-loop": "how often it runs",
    "printed": "what comes back",
    "return": "what comes back",
    "rounding": "how many digits are left",
    "sign": "how things are put together",
    "size": "the size",
    "switch": "what is turned on or off",
    "term": "how things are put together",
    "text": "the text",
    "transpose": "rows and columns",
    "turned": "the condition and its branches",
    "unit": "the numbers",
    "unkept": "what becomes of the result",
}


def small_edit(kind: str, step: str | None) -> str:
    """What a small edit is about, without the line, for those who look at several students."""
    where = "" if step is None else f", in the step “{step}”"
    return f"A small change is needed: {_ABOUT.get(kind, 'one place')}{where}"


def is_place(observation: str) -> bool:
    """Whether a sentence is about a line of the student's and not what it should be, which the first rung tells too."""
    return observation.startswith("Line ") and " should be the step " not in observation
