"""Right functions in the place of a student's own: their calls are answered by the trusted side.

They stand in for what is wrong. A call may say more than the trusted side knows an answer to, such as an axis or a
temperature that the student's own function has a parameter for. It is answered only where leaving that out changes
nothing in the student's own function; else that one answers itself, as what it was asked for is its own.

Where the student's own function is right, and others still cannot use what it hands on, such as a matrix of its own
kind, the answer takes its place only where both have the same value.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.child import given, messages, wire
from autograder.child.values import value_data


class StandIns:
    """The functions of a notebook whose calls the trusted side answers."""

    def __init__(self, asked: messages.Program | messages.Turn, reading: int, writing: int) -> None:
        self._names, self._arity, self._right = asked.replaced, asked.arity, set(asked.right)
        self._reading, self._writing = reading, writing

    def place(self, variables: dict[str, Any]) -> None:
        """Rebinds the names to functions that ask the trusted side; where they are such, nothing happens."""
        for name in self._names:
            current = variables.get(name)
            if not isinstance(current, _StandIn):
                kind = _Plain if name in self._right else _StandIn
                variables[name] = kind(name, current, self._arity.get(name), self._ask)

    def turn(self, asked: messages.Turn, variables: dict[str, Any]) -> None:
        """Gives the names back to the student's own functions, and others in their place to those that are due now."""
        for name in self._names:
            if isinstance(current := variables.get(name), _StandIn):
                if current.own is None:
                    del variables[name]
                else:
                    variables[name] = current.own
        self._names, self._arity, self._right = asked.replaced, asked.arity, set(asked.right)
        self.place(variables)

    def _ask(self, name: str, args: Sequence[Any]) -> Any:
        wire.write_message(self._writing, messages.Ask(name, [value_data(arg) for arg in args]))
        answer = wire.read_message(self._reading)
        assert isinstance(answer, messages.Answer)
        if answer.value is None:
            raise getattr(builtins, answer.exception, ValueError)(f"{name} cannot take these inputs")
        return given.unpacked(answer.value)


class _StandIn:
    """Takes the place of a function the student wrote: its calls are answered by the trusted side."""

    def __init__(
        self, name: str, own: Any, arity: int | None, ask: Callable[[str, Sequence[Any]], Any]
    ) -> None:
        self._name, self._arity, self._ask = name, arity, ask
        self.own = own  # the student's; None where there is none
        self._signature: inspect.Signature | None = None
        if callable(own):
            with contextlib.suppress(TypeError, ValueError):
                self._signature = inspect.signature(own)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = self._given(args, kwargs)
        if self._arity is not None and len(given) > self._arity:
            if not callable(self.own):
                raise TypeError(
                    f"{self._name}() was called with {len(given)} arguments, and takes {self._arity}"
                )
            if not self._changes_nothing(args, kwargs, given[: self._arity]):
                return self.own(*args, **kwargs)
            given = given[: self._arity]
        return self._ask(self._name, given)

    def _given(self, args: Sequence[Any], kwargs: dict[str, Any]) -> list[Any]:
        """The arguments in the order of the student's own parameters.

        Where they do not fit these, and are as many as the right function takes, it is the parameters that are wrong, as
        of a multi_head that takes no mask: they stay as they are. TypeError where they fit neither.
        """
        if self._signature is None:
            return [*args, *kwargs.values()]
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError:
            if len(args) + len(kwargs) != self._arity:
                raise
            return [*args, *kwargs.values()]
        given: list[Any] = []
        for name, value in bound.arguments.items():
            match self._signature.parameters[name].kind:
                case inspect.Parameter.VAR_POSITIONAL:
                    given += value
                case inspect.Parameter.VAR_KEYWORD:
                    given += value.values()
                case _:
                    given.append(value)
        return given

    def _changes_nothing(self, args: Sequence[Any], kwargs: dict[str, Any], fewer: Sequence[Any]) -> bool:
        """Whether the student's own function does the same with fewer arguments; it gets copies to work on."""
        whole = _came(self.own, *copy.deepcopy((tuple(args), kwargs)))
        return _same(whole, _came(self.own, copy.deepcopy(tuple(fewer)), {}))


class _Plain(_StandIn):
    """Takes the place of a right function: its own values, as plain arrays."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = self._given(args, kwargs)[: self._arity]
        own = self.own(*args, **kwargs)
        answer = self._ask(self._name, given)
        return answer if _same_values(own, answer) else own


def _same_values(own: Any, answer: Any) -> bool:
    """Whether both hold the same numbers, whatever they are kept in."""
    if isinstance(answer, tuple):
        parts = list(own) if isinstance(own, Sequence | np.ndarray) else []
        return len(parts) == len(answer) and all(map(_same_values, parts, answer))
    with contextlib.suppress(TypeError, ValueError):
        plain = np.array(own, dtype=complex)
        return plain.shape == answer.shape and bool(np.allclose(plain, answer, equal_nan=True))
    return False


def _came(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """What a call returns, or the class of what it raises."""
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error)


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(_same, one, other))
    with contextlib.suppress(TypeError, ValueError):
        return bool(np.array_equal(one, other, equal_nan=True))
    return bool(np.array_equal(one, other))
