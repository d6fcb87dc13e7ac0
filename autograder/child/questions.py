"""What is asked of student code, and how the answer comes about: one way, wherever such code runs.

A locked-in child, the process of a self-check, a notebook's own kernel and, for the reference, the trusted side all
ask through `ask`. Whatever is asked, the answer is a value: what a call gave back, printed or drew, what a variable
holds, or what each step of a script gave.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import hashlib
import io
import random
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograder.child import figures
from autograder.data import Asks, Column, Table

if TYPE_CHECKING:
    from autograder.records import Case  # which no child needs

MAX_PRINTED: Final = 100_000  # characters of an answer
RETURNED, RAISED = "returned", "raised"  # the key of what one step of a script gave
_IMMUTABLE: Final = frozenset({type(None), bool, int, float, complex, str, bytes})
# Taken before any cell has run: `np.random.seed = 1` is an honest mistake, and must not break more than itself.
_seed_numpy, _seed_python = np.random.seed, random.seed
_deepcopy = copy.deepcopy


class NoSuchNameError(AttributeError):
    """A script of the course's own names what the object has not."""


def ask(subject: Any, args: Sequence[Any], asks: Asks, *, strict: bool = False) -> Any:
    """The answer to one question about a function, a class or a variable; raises whatever that raises.

    `args` are what `given.py` makes of arguments. Of a script, `strict` raises NoSuchNameError for what the object has not, in place of counting
    it as what that step raised.
    """
    match asks:
        case "result":
            return subject(*args)
        case "variable":
            return subject
        case "printed":
            return _printed(subject, args)
        case "drawing":
            return figures.drawn(subject, args)
        case "script":
            return _followed(subject, args, strict=strict)


def modules(asks: Asks) -> tuple[str, ...]:
    """The modules that a question takes beside NumPy."""
    return (figures.MODULE,) if asks == "drawing" else ()


# ------------------------------------------------------------------------------------------------ printed


def _printed(function: Callable[..., Any], args: Sequence[Any]) -> str:
    """What a call prints; what comes after the first MAX_PRINTED characters is passed over."""
    with contextlib.redirect_stdout(_Paper()) as paper:
        function(*args)
    return io.StringIO.getvalue(paper)


class _Paper(io.StringIO):
    """Takes what is printed, up to a limit."""

    def __init__(self) -> None:
        super().__init__()
        self._room = MAX_PRINTED

    def write(self, text: str, /) -> int:
        kept = text[: self._room]
        self._room -= len(kept)
        super().write(kept)
        return len(text)


# ------------------------------------------------------------------------------------------------ scripts


def _followed(make: Callable[..., Any], args: Sequence[Any], *, strict: bool) -> list[dict[str, Any]]:
    """What each step of a script gave: under RETURNED its value, under RAISED the class of an exception.

    The first of `args` holds the arguments of the class; each other is a method's name with its arguments, or an
    attribute's name alone. NotImplementedError ends the script: there is no such method yet.
    """
    making, *steps = args
    made = make(*making)
    found = []
    for name, *calling in steps:
        if strict and not hasattr(made, name):
            raise NoSuchNameError(name, made)
        try:
            value = getattr(made, name)
            if calling:
                value = value(*calling[0])
            found.append({RETURNED: _as_it_is(value)})
        except NotImplementedError:
            raise
        except Exception as error:
            found.append({RAISED: known_class(error)})
    return found


def _as_it_is(value: Any) -> Any:
    """A copy of what a step gave, which later steps do not change; the value itself where there can be none."""
    if type(value) in _IMMUTABLE:
        return value
    try:
        return _deepcopy(value)
    except Exception:
        return value


def known_class(error: BaseException) -> str:
    """The class of an exception, or of Python's own the nearest that it inherits from."""
    known = (kind for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind)
    return str(next(known).__name__)


# ------------------------------------------------------------------------------------------------- chance


def seed_of(case: Case) -> int:
    """The seed of the global generators for a case: of its name and arguments alone, so that all sides agree on it."""
    digest = hashlib.sha256(case.name.encode())
    for part in canonical(case.args):
        digest.update(part)
    return int.from_bytes(digest.digest()[:4], "little")


def seed(number: int) -> None:
    """Sets the global generators of NumPy and Python."""
    _seed_numpy(number)
    _seed_python(number)


@contextlib.contextmanager
def seeded(number: int) -> Iterator[None]:
    """The global generators set for a while, and as they were after it."""
    of_numpy, of_python = np.random.get_state(), random.getstate()
    seed(number)
    try:
        yield
    finally:
        np.random.set_state(of_numpy)
        random.setstate(of_python)


def canonical(value: Any) -> Iterator[bytes]:
    """Bytes that are the same for equal values of the same types, in every process."""
    yield type(value).__name__.encode()
    match value:
        case np.ndarray() | np.generic():
            yield f"{value.dtype.str} {value.shape}".encode()
            yield np.asarray(value).tobytes()
        case list() | tuple() if set(map(type, value)) == {str}:  # words, most often: read as one
            yield repr(value).encode()
        case list() | tuple():
            yield b"%d" % len(value)
            for inner in value:
                yield from canonical(inner)
        case dict():
            yield b"%d" % len(value)
            for entry in value.items():
                yield from canonical(entry)
        case set() | frozenset():  # their order is another in every process
            yield b"%d" % len(value)
            yield from sorted(b"\0".join(canonical(inner)) for inner in value)
        case Table(kind=kind, columns=columns, index=index):
            yield kind.encode()
            yield from canonical(columns)
            yield from canonical(index)
        case Column(name=name, dtype=dtype, cells=cells):
            yield dtype.encode()
            yield from canonical(name)
            yield from canonical(cells)
        case _:
            yield repr(value).encode("utf-8", "surrogatepass")
            yield b"\0"
