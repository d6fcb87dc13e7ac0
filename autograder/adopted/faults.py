"""Of what kind a failure of a test cell is: its general finding, in words that hold nothing of inputs and values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.adopted import comparing
from autograder.adopted.comparing import Compared
from autograder.adopted.papers import Failure
from autograder.adopted.subject import Subject
from autograder.checking.compare import exception_name
from autograder.data import Table
from autograder.mismatch import Rung
from autograder.records import Asks, Died, Raised, Returned
from autograder.words import a_type

STDERR: Final = "stderr"  # in the place of an exception, where only something was written there
NOT_SHOWN: Final = "for an input that is not shown"


@dataclass(frozen=True)
class Fault:
    """A kind of failure."""

    id: str  # of a general finding, without "general."
    does: str  # what the function does: "gives a list of the wrong length"


_DIED: Final = {
    "timeout": "does not come to an end in time",
    "out-of-memory": "needs more memory than it may",
    "crashed": "ends Python",
}
_OF_RUNG: Final[dict[Rung, Fault]] = {
    "none": Fault("returns-none", "gives None"),
    "type": Fault("wrong-type", "gives a value of another type than it should"),
    "count": Fault("wrong-type", "gives another number of results than it should"),
    "shape": Fault("wrong-shape", "gives an array of the wrong shape"),
    "finite": Fault("nan", "gives nan or infinity where a number should be"),
    "dtype": Fault("wrong-type", "gives values of another kind than it should"),
    "keys": Fault("wrong-keys", "gives a dictionary with other keys than it should"),
    "items": Fault("wrong-value", "gives a set with other items than it should"),
    "text": Fault("wrong-value", "gives another text than it should"),
    "columns": Fault("wrong-columns", "gives a table with other columns than it should"),
    "index": Fault("wrong-index", "gives a table with other row labels than it should"),
}
_OF_EXCEPTION: Final = {
    "AttributeError": Fault("missing-method", "gives something that lacks what the test uses of it"),
    "IndexError": Fault("wrong-value", "gives fewer entries than the test looks at"),
    "KeyError": Fault("wrong-keys", "gives something without a key that the test looks up"),
}
_NO_ATTRIBUTE: Final = re.compile(r"has no attribute '(\w{1,100})'")
_WRONG: Final = Fault("wrong-value", "gives a wrong value")


def of(failure: Failure, subject: Subject, found: Compared | None) -> Fault:
    """The kind of a failure."""
    outcome = subject.asked.outcome if subject.asked is not None else None
    if failure.exception == STDERR:
        return Fault("warns", "writes to the error output")
    if failure.how == "died":
        reason = ended(failure, subject).reason
        return Fault(reason, _DIED[reason])
    if failure.how == "bounds":
        return Fault("timeout", "gives something that a test does not come to an end with")
    if failure.how == "student" and not isinstance(outcome, Raised) and _lacks(failure):
        return _OF_EXCEPTION["AttributeError"]
    if failure.how == "student":
        raised = outcome if isinstance(outcome, Raised) else Raised(failure.exception)
        return Fault("raises", f"stops with {exception_name(raised)}")
    if isinstance(outcome, Returned) and outcome.value is None and _stumbles(failure, found):
        return _OF_RUNG["none"]
    if failure.how == "raised" and (found is None or found.mismatch is None):
        unusable = Fault("wrong-type", "gives something that the test cannot go on with")
        return _OF_EXCEPTION.get(failure.exception, unusable)
    return _of_comparison(failure, subject, found)


def ended(failure: Failure, subject: Subject) -> Died:
    """How student code ended."""
    outcome = subject.asked.outcome if subject.asked is not None else None
    return outcome if isinstance(outcome, Died) else failure.died or Died("crashed")


def _lacks(failure: Failure) -> bool:
    """Whether the line itself asks for the attribute that an object has not, and no code of the student's stopped."""
    named = _NO_ATTRIBUTE.search(failure.message) if failure.exception == "AttributeError" else None
    return named is not None and re.search(rf"\.{named[1]}\b", failure.statement) is not None


def _stumbles(failure: Failure, found: Compared | None) -> bool:
    """Whether None in the place of a value is all that there is to say."""
    if failure.how == "raised":
        return failure.exception in ("TypeError", "AttributeError")
    beside = failure.beside
    return (
        beside is not None
        and not beside.absent
        and beside.got is None
        and (found is None or found.mismatch is not None)
    )


def _of_comparison(failure: Failure, subject: Subject, found: Compared | None) -> Fault:
    if failure.comparison == "raises":
        return Fault("no-error", "does not stop with an error where it should")
    if comparing.type_is_wrong(failure):
        return _OF_RUNG["type"]
    if comparing.length_is_wrong(failure):
        return Fault("wrong-value", "gives something of the wrong length")
    if comparing.shape_is_wrong(failure):
        return Fault("wrong-shape", "gives something of the wrong shape")
    if found is None or found.mismatch is None or comparing.is_hashed(failure) or not subject.whole:
        return _WRONG  # what is made of a result need not be wrong as the result is
    mismatch = found.mismatch
    if mismatch.rung == "length":
        return Fault("wrong-value", f"gives {a_type(nested.type_name(found.got))} of the wrong length")
    if mismatch.rung == "type" and mismatch.differences and mismatch.differences[0].path:
        whole = a_type(nested.type_name(found.expected))
        return Fault("wrong-type", f"gives {whole} with something of another type in it than it should")
    return _OF_RUNG.get(mismatch.rung) or Fault("wrong-value", f"gives {_wrong(found.expected)}")


def _wrong(expected: Any) -> str:
    """What is given where a value of the right form has something wrong in it."""
    if isinstance(expected, np.ndarray) and expected.ndim:
        return "an array with wrong numbers in it"
    if isinstance(expected, Table):
        return "a table with wrong cells in it"
    if isinstance(expected, dict):
        return "a dictionary with wrong values in it"
    if isinstance(expected, list | tuple):
        return f"{a_type(nested.type_name(expected))} with wrong entries in it"
    return "a wrong number" if nested.is_number(expected) else "a wrong value"


def told(subject: Subject, fault: Fault, asks: Asks, *, hidden: bool = False) -> str:
    """The kind of a failure with the name of what it is about, in a sentence without its full stop."""
    if fault.id == "warns":
        return f"Something is written to the error output{' in a test that is not shown' if hidden else ''}"
    if not subject.name:
        where = "that is not shown " if hidden else ""
        return f"A test {where}does not come out as it should"
    if asks == "variable":
        does = fault.does.replace("gives ", "is ", 1)
        return f"`{subject.name}` {does}{', as a test that is not shown looks at it' if hidden else ''}"
    if asks == "script":
        does = fault.does.replace("gives something that lacks", "lacks")
        return f"An object of `{subject.name}` {does}{' in a test that is not shown' if hidden else ''}"
    return f"`{subject.name}` {fault.does}{f' {NOT_SHOWN}' if hidden else ''}"
