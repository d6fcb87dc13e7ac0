"""What the smallest edit adds to the findings: the line of a cause that is known, or a finding of its own."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.numbers import wrong_cells
from autograder.explaining import nothing, telling
from autograder.explaining.candidates import is_changed_step
from autograder.explaining.editable import Editable, editables
from autograder.explaining.edited import Found
from autograder.explaining.edited_calls import whole_numbers_asked_for
from autograder.explaining.edited_statements import copies
from autograder.explaining.mishaps import STOPPED
from autograder.explaining.placed import Kind, Placed
from autograder.explaining.trials import parts_of, returned_arrays
from autograder.records import Diagnosis, Explanation, Tolerance

# What says what comes out wrong and not why: an edit that makes it right says more.
_FACTS: Final = frozenset(
    f"general.{name}" for name in ("wrong-type", "wrong-shape", "raises", "nan", "returns-none")
)

# What is wrong with a plain value: an edit says beside it how that came about.
_SYMPTOMS: Final = frozenset(
    f"general.{name}"
    for name in ("wrong-keys", "wrong-value", "wrong-columns", "other-order", "extra-item", "missing-item")
)

_HARDCODED: Final = "general.hardcoded-answer"

# Where a line stands, and that it rounds, says more than what comes of it.
_PLAINER: Final[frozenset[Kind]] = frozenset({"into-loop", "out-of-loop", "rounding"})

# What says why by itself: one array under several names, decimals that an array of whole numbers cuts off.
_CAUSES: Final[frozenset[Kind]] = frozenset({"copy", "dtype"})
_TRUE: Final = _FACTS | {"general.rounded", "general.right-not-returned"}  # beside such a cause as well

# What comes out wrong and says nothing about the way to it; an error, or a value of another type, is met by itself first.
_OPEN: Final = frozenset({"general.wrong-shape", "general.nan"})
# The line that gives None is to be looked at, and the class of an error.
_TOLD_WHOLE: Final = (nothing.SINCE, STOPPED["other-class"].why)
_TRIED: Final = "None of the small changes that were tried, at one place or at two, makes it right: it may be the way itself."
RETHINK: Final = (
    f"{_TRIED} Go through the number that is worked out here step by step, and ask at each step which of your lines makes it.",
    f"{_TRIED} Take the input that is shown here, go through your lines with pencil and paper, and find "
    "the first of them that does something else than you meant.",
)


def with_edits(found: Sequence[Diagnosis], places: Sequence[Placed], shown: Trial) -> tuple[Diagnosis, ...]:
    """The findings with these places, of which there is one at least."""
    told = telling.told(places)
    # An answer that one small edit makes right is not written down for one input alone.
    rest = [one for one in found if one.id != _HARDCODED]
    if not rest:
        return told
    first = rest[0]
    if first.id == "general.raises" and any(why in first.why for why in _TOLD_WHOLE):
        return tuple(rest)  # whatever else would do
    if is_changed_step(first) and any(one.kind in _PLAINER for one in places):
        return (*told, *rest)
    if first.id not in _TRUE and any(one.kind in _CAUSES for one in places):
        return (*told, *rest[1:])  # which gives what another mistake would
    if first.id in _SYMPTOMS:
        return (_on_line(first, places), *told, *rest[1:])
    if first.id not in _FACTS:
        return (_on_line(first, places), *rest[1:])
    if _says_why(first, places, shown):
        return (_on_line(first, places), *told, *rest[1:])
    return (*told, *rest)


def is_settled(found: Sequence[Diagnosis], attempt: Attempt) -> bool:
    """Whether no edit, and no line that makes the right value of a step, can have another finding come first."""
    changeable = {*_FACTS, _HARDCODED}
    if not found or found[0].id in changeable or any(map(is_changed_step, found)):
        return False
    return not any(_may_say_why(owner) for owner in editables(attempt))


def _may_say_why(owner: Editable) -> bool:
    """Whether an edit of a definition may say why by itself."""
    return any(True for _ in copies(owner)) or any(map(whole_numbers_asked_for, ast.walk(owner.node)))


def rethink(found: Sequence[Diagnosis], edits: Found, explanation: Explanation) -> tuple[str, ...]:
    """The sentence on what no small edit makes right, where no cause is known either."""
    known = any(one.id not in _OPEN for one in found)
    return (RETHINK[not explanation.worked],) if edits.none and not known else ()


def _on_line(diagnosis: Diagnosis, places: Sequence[Placed]) -> Diagnosis:
    """A finding with the line and the kind of the edit at its own line, else of the first one.

    What else may be returned is no better a line than where what is returned is made.
    """
    forgotten = diagnosis.id == "general.right-not-returned"
    if diagnosis.line is not None and places[0].kind == "return" and not forgotten:
        return diagnosis
    here = [one for one in places if one.function is None]
    agreeing = next((one for one in here if diagnosis.line in one.lines), None)
    if agreeing is not None:
        return replace(diagnosis, kind=agreeing.kind)
    return replace(diagnosis, line=here[0].line, kind=here[0].kind) if here else diagnosis


def _says_why(fact: Diagnosis, places: Sequence[Placed], shown: Trial) -> bool:
    """Whether a fact is all there is to say: the error that names what is wrong, right numbers in another form."""
    if fact.id == "general.raises":
        return any(fact.line in one.lines for one in places if one.function is None)
    return fact.id != "general.wrong-shape" or _only_the_shape_is_wrong(shown)


def _only_the_shape_is_wrong(shown: Trial) -> bool:
    got, due = list(returned_arrays(shown)), parts_of(shown.expected)
    return len(got) == len(due) and all(
        one.size == other.size and not wrong_cells(one.reshape(other.shape), other, Tolerance()).any()
        for one, other in zip(got, due, strict=True)
    )
