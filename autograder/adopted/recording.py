"""What was asked and how it failed, as records: values that people look at, of the closed union or the name of a type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.adopted.papers import Asked, Failure
from autograder.adopted.slips import Compared, Failing, Question
from autograder.child import frames, nodes, spoken, unpacking
from autograder.child.nodes import HandleData, ValueData, WireError
from autograder.data import Other, Value
from autograder.differences import Beside
from autograder.records import Died, Outcome, Raised, Returned

_SHOWN = frozenset({"call", "method", "fetch"})
_LARGE = 1024 * 1024  # bytes that a value takes, about, from which on it is not kept
_OF_NODE = 50  # bytes that a value in a value takes beside what it holds


def asked(question: Question, answer: spoken.Done | spoken.Failed | Died) -> Asked | None:
    """What one question was, where people are told of it: a call, or the value of a variable."""
    do = question.do
    if do.does not in _SHOWN:
        return None
    outcome: Outcome
    match answer:
        case Died():
            outcome = answer
        case spoken.Failed():
            outcome = Raised(answer.exception, answer.message, answer.line, tuple(answer.ancestors))
        case spoken.Done(value=value):
            if do.does == "fetch" and isinstance(value, HandleData):
                return None
            outcome = Returned(recorded(value), tuple(map(recorded, answer.args_after)))
    return Asked(
        question.said,
        question.name,
        tuple(map(recorded, do.args)),
        {name: recorded(one) for name, one in do.keywords.items()},
        outcome,
        question.line,
        answer.printed if not isinstance(answer, Died) else "",
        question.hidden,
    )


def failure(failing: Failing, died: Died | None) -> Failure:
    """Why a cell failed; `died` is how student code ended in it, if it did."""
    return Failure(
        failing.how,
        failing.exception,
        failing.message,
        failing.line,
        failing.hidden,
        failing.statement,
        None if failing.compared is None else _beside(failing.compared),
        "" if failing.compared is None else failing.compared.comparison,
        died if failing.how == "died" else None,
        "" if failing.compared is None else failing.compared.said,
        () if failing.compared is None else tuple(failing.compared.names),
    )


def _beside(compared: Compared) -> Beside | None:
    if compared.got is None and compared.expected is None:
        return None
    got = None if compared.got is None else recorded(compared.got)
    expected = None if compared.expected is None else recorded(compared.expected)
    absent: Any = "got" if compared.got is None else "expected" if compared.expected is None else ""
    return Beside(got, expected, (), absent)


def recorded(data: ValueData) -> Value:
    """A value as it is kept: what stays in the child, and what is none of the closed union, as the name of its type."""
    if size(data) > _LARGE:
        return Other("value of more than is kept")
    try:
        return _plainly(unpacking.unpack(data, held=_named))
    except WireError:
        return Other("value that is none")


def _named(node: unpacking.Held) -> Any:
    match node:
        case HandleData(type_name=name):
            return Other(name)
        case nodes.LibraryData(name=name):
            return Other(name)
    return Other("function")


def _plainly(value: Any) -> Value:
    """A value of further kinds as the nearest of the closed union."""
    if isinstance(value, dict | set | frozenset) and not all(map(_is_key, value)):
        return Other(type(value).__name__)
    if isinstance(value, dict):
        return {key: _plainly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plainly(one) for one in value]
    if isinstance(value, tuple):
        return tuple(_plainly(one) for one in tuple(value))
    if isinstance(value, set | frozenset | str | bytes | int | float | complex | Other) or value is None:
        return value
    if frames.is_pandas(value):
        return frames.table(value)
    return value if _crosses(value) else Other(type(value).__name__)


def _is_key(value: Any) -> bool:
    """Whether the closed union has it by which others are found; of further kinds what is nearest might be one of others."""
    if type(value) in (tuple, frozenset):
        return all(map(_is_key, value))
    return value is None or type(value) in (str, bytes, bool, int, float, complex) or _crosses(value)


def _crosses(value: Any) -> bool:
    """Whether it is an array or a scalar of NumPy's that crosses."""
    return isinstance(value, np.ndarray | np.generic) and nodes.is_allowed(value.dtype.newbyteorder("<").str)


def size(data: ValueData) -> int:
    """The bytes that a value takes, about."""
    parts: Sequence[nodes.Node] = data.nodes if isinstance(data, nodes.Tree) else [data]
    return sum(map(_held, parts)) + _OF_NODE * len(parts)


def weight(question: Question, answer: spoken.Done | spoken.Failed | Died) -> int:
    """The bytes that what is kept of a question takes, about, and no more than so."""
    values = [*question.do.args, *question.do.keywords.values()]
    if isinstance(answer, spoken.Done):
        values += [answer.value, *answer.args_after]
    printed = 0 if isinstance(answer, Died) else len(answer.printed)
    return printed + sum(min(size(value), _LARGE) for value in values)


def _held(part: nodes.Node) -> int:
    match part:
        case nodes.ArrayData(data=data) | nodes.BytesData(data=data):
            return len(data)
        case nodes.PlainData(value=str() as text):
            return len(text)
    return 0
