"""What a test cell that students see found, in a sentence with the values that it compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from autograder import nested
from autograder.adopted import comparing, faults
from autograder.adopted.comparing import Compared
from autograder.adopted.papers import Failure
from autograder.adopted.subject import Subject, called, is_call
from autograder.data import Other, Table
from autograder.differences import Beside
from autograder.pages import literals
from autograder.records import Raised, Returned
from autograder.words import a_type, clipped

_SHORT: Final = 60  # characters of a value in a sentence
_LONG: Final = 300  # of a message
_OUT_OF_PLACE: Final = "OutOfPlaceError"  # as `link.py` calls it
_SIMPLE: Final = frozenset({"values", "none", "type"})  # of whose difference the two values say all
# With what a statement begins whose message the author of the test wrote.
_WRITTEN: Final = ("assert ", "assert(", "raise ", "if ", "elif ", "try", "else")
_RAISES: Final = ("raise ", "if ", "elif ")
# What the condition before it may have raised instead.
_OF_PYTHON: Final = frozenset({"TypeError", "AttributeError", "IndexError", "KeyError", "NameError"})


def said_by_test(failure: Failure) -> str:
    """What the author of a test has written to be said; empty where that is nothing, or a library's own words."""
    message = failure.message.strip()
    if failure.how != "assert":
        return ""
    if failure.comparison and not failure.statement.lstrip().startswith(_WRITTEN):
        _, found, own = message.partition(" : ")  # as unittest adds it to its own
        message = own if found and ".assert" in failure.statement else ""
    return literals.printable(clipped(" ".join(message.split()), _LONG))


def is_said(failure: Failure) -> bool:
    """Whether a test raises by itself what it has found, in words of its author."""
    raises = failure.how == "raised" and failure.statement.lstrip().startswith(_RAISES)
    return raises and bool(failure.message.strip()) and failure.exception not in _OF_PYTHON


def sentence(failure: Failure, subject: Subject, found: Compared | None) -> str:
    """What came and what should have, as far as there is anything to be said."""
    outcome = subject.asked.outcome if subject.asked is not None else None
    if failure.exception == faults.STDERR:
        return f"A test cell with anything on the error output gives no points. There it says: {_on_a_line(failure.message)}"
    if failure.how == "died":
        return f"`{subject.said}` {_DEATHS[faults.ended(failure, subject).reason]}." if subject.said else ""
    if failure.how == "bounds":
        return (
            f"{_that(subject)} takes more than it may: {literals.printable(clipped(failure.message, _LONG))}"
        )
    if failure.how == "student" and isinstance(outcome, Raised):
        return f"`{subject.said}` stops with {_error(outcome.exception, outcome.message)}"
    if failure.how != "assert":
        if failure.beside is not None and found is not None and found.mismatch is not None:
            return _compared(failure, subject, failure.beside, found)
        return _stopped(failure, subject)
    if failure.comparison == "raises":
        return _not_raised(failure, subject)
    if failure.beside is None or not failure.comparison:
        return _not_compared(failure)
    told = _compared(failure, subject, failure.beside, found)
    return f"{told}{_from(subject)}"


def _not_compared(failure: Failure) -> str:
    """Of an assertion of which no two sides are known."""
    statement = _on_a_line(failure.statement)
    condition = statement.removeprefix("assert").strip()
    if not statement or failure.message or statement.startswith(_RAISES):
        return ""
    return (
        f"This does not hold: `{condition}`." if condition != statement else f"`{statement}` does not pass."
    )


def _from(subject: Subject) -> str:
    """The call from which it came, where what was looked at does not name it."""
    asked = subject.asked
    if asked is None or not subject.only or "." in subject.said or subject.name in subject.said:
        return ""
    if not is_call(asked):
        return ""
    return f" It comes from `{called(asked)}`."


_DEATHS: Final = {
    "timeout": "did not come to an end in the time allowed",
    "out-of-memory": "used more memory than allowed",
    "crashed": "ended Python before it gave anything",
}


def _error(exception: str, message: str) -> str:
    name = literals.printable(clipped(exception, _SHORT))
    told = literals.printable(clipped(" ".join(message.split()), _LONG))
    return f"{name}: {told}" if told else f"{name}."


def _stopped(failure: Failure, subject: Subject) -> str:
    """A line of the test's that raised."""
    if failure.exception == _OUT_OF_PLACE:
        return f"{_that(subject)} goes on with an object, where the test needs a plain value, such as a number, a text or a list."
    told = f"The test stops with {_error(failure.exception, failure.message)}"
    outcome = subject.asked.outcome if subject.asked is not None else None
    if subject.asked is None or not isinstance(outcome, Returned):
        return told
    if not subject.whole:
        return told
    return f"`{subject.said}` {_verb(subject.said)} {_what(outcome.value)}. {told}"


def _what(value: Any) -> str:
    """A value as Python writes it, or of which type the object is that cannot be written."""
    if isinstance(value, Table):
        return a_type(nested.type_name(value))
    told = literals.line(value, _SHORT)
    return told if isinstance(value, Other) else _code(told)


def _not_raised(failure: Failure, subject: Subject) -> str:
    due = literals.printable(clipped(str(failure.beside.expected) if failure.beside else "an error", _SHORT))
    asked = subject.asked
    gave = ""
    if asked is not None and isinstance(asked.outcome, Returned):
        gave = f"gives {_what(asked.outcome.value)} instead"
    due = due.strip("()").replace(", ", " or ")
    return f"{_that(subject)} should stop with {due}, and {gave or 'does not'}."


def _that(subject: Subject) -> str:
    return f"`{_on_a_line(subject.said)}`" if subject.said else "What the test looks at"


def _verb(said: str) -> str:
    return "gives" if said.endswith(")") else "is"


# By the comparison: what is said of it. `due` is the other side, `types` its types with their article.
_SENTENCES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("!=", "is not", "not close"), "{that} {gives} {got}, and should {give} something else."),
    "<": "{that} {gives} {got}, and should {give} less than {due}.",
    "<=": "{that} {gives} {got}, and should {give} at most {due}.",
    ">": "{that} {gives} {got}, and should {give} more than {due}.",
    ">=": "{that} {gives} {got}, and should {give} at least {due}.",
    "in": "{that} {gives} {got}, and should {give} one of {due}.",
    "not in": "{that} {gives} {got}, and should {give} none of {due}.",
    "holds": "{that} {gives} {got}, and {due} should be in it.",
    "holds not": "{that} {gives} {got}, and {due} should not be in it.",
    **dict.fromkeys(("isinstance", "type"), "{that} {gives} {kind}, and should {give} {types}."),
    **dict.fromkeys(("not isinstance", "not type"), "{that} should not {give} {types}."),
    "true": "{that} {gives} {got}, and should {give} {truth}.",
    "false": "{that} {gives} {got}, and should {give} {truth}.",
    "": "{that} {gives} {got}.",
}


def _compared(failure: Failure, subject: Subject, beside: Beside, found: Compared | None) -> str:
    """The two sides of a comparison, as values."""
    if comparing.is_hashed(failure):
        return f"`{subject.name}` is not what it should be. Only a checksum of it is compared, so there is nothing to show."
    gives = _verb(subject.said)
    words = {"that": _that(subject), "gives": gives, "give": "give" if gives == "gives" else "be"}
    got, due = map(_code, literals.apart(beside.got, beside.expected, _SHORT))
    if isinstance(beside.got, Other | Table):
        got = a_type(nested.type_name(beside.got))
    if isinstance(beside.expected, Table):
        due = a_type(nested.type_name(beside.expected))
    if failure.comparison in ("==", "close", "is"):
        return _unequal(words, got, due, found)
    name, types = nested.type_name(beside.got), _types(beside.expected)
    return _SENTENCES.get(failure.comparison, _SENTENCES[""]).format(
        **words,
        got=got,
        due=due,
        # NumPy's `float64` is a float too, in words, and not to `type(x) is float`.
        kind=f"an object of class `{name}`" if _of_type(name) == types else _of_type(name),
        types=types,
        truth=_truth(beside.got, right=failure.comparison == "true"),
    )


def _unequal(words: Mapping[str, str], got: str, due: str, found: Compared | None) -> str:
    """What came and what was due, where both fit into a sentence, and how they differ where that is not seen."""
    mismatch = found.mismatch if found is not None else None
    # Two tables are both a `DataFrame` there.
    short = got != due and literals.CUT not in got and literals.CUT not in due and "\n" not in got + due
    how = "" if mismatch is None or (short and mismatch.rung in _SIMPLE) else f" {mismatch.message}"
    if found is not None and found.is_dust:
        how = " The two differ in their last digits alone."
    if short:
        return "{that} {gives} {got}, and should {give} {due}.{how}".format(
            **words, got=got, due=due, how=how
        )
    return "{that} {gives} something else than it should.{how}".format(**words, how=how)


def _code(value: str) -> str:
    """A value as code, as far as it can be set off as such."""
    return value if "`" in value else f"`{value}`"


def _types(expected: Any) -> str:
    """Types with their article, by their names as text."""
    if not isinstance(expected, str):
        return "another type"
    return " or ".join(_of_type(name) for name in expected.split(" or "))


def _of_type(name: str) -> str:
    """A type with its article; of a class of the notebook's, where types are all that is told, its name."""
    own = a_type(name) == a_type("") and name.isidentifier() and len(name) <= _SHORT
    return f"an object of class `{name}`" if own else a_type(name)


def _truth(got: Any, *, right: bool) -> str:
    if isinstance(got, bool):
        return f"`{right}`"
    return "something that counts as true" if right else "something that counts as false"


def _on_a_line(text: str) -> str:
    return literals.printable(clipped(" ".join(text.split()), _LONG)).replace("`", "'")
