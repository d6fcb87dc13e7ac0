"""Right functions in the place of a student's own: their calls are answered by the trusted side."""

from __future__ import annotations

import builtins
import contextlib
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from autograder.child import wire
from autograder.child.values import numbers_as_array, value_data


class StandIns:
    """The functions of a notebook whose calls the trusted side answers."""

    def __init__(self, names: Sequence[str], reading: int, writing: int) -> None:
        self._names, self._reading, self._writing = names, reading, writing

    def place(self, variables: dict[str, Any]) -> None:
        """Rebinds the names to functions that ask the trusted side; where they are such, nothing happens."""
        for name in self._names:
            current = variables.get(name)
            if isinstance(current, _StandIn):
                continue
            signature = None
            if callable(current):
                with contextlib.suppress(TypeError, ValueError):
                    signature = inspect.signature(current)
            variables[name] = _StandIn(name, signature, self._ask)

    def _ask(self, name: str, args: Sequence[Any]) -> Any:
        wire.write_message(self._writing, wire.Ask(name, [value_data(numbers_as_array(arg)) for arg in args]))
        answer = wire.read_message(self._reading)
        assert isinstance(answer, wire.Answer)
        if answer.value is None:
            raise getattr(builtins, answer.exception, ValueError)(f"{name} cannot take these inputs")
        if isinstance(answer.value, wire.PartsData):
            return tuple(wire.unpack_array(part, writable=True) for part in answer.value.parts)
        return wire.unpack_array(answer.value, writable=True)


class _StandIn:
    """Takes the place of a function the student wrote: its calls are answered by the trusted side."""

    def __init__(
        self, name: str, signature: inspect.Signature | None, ask: Callable[[str, Sequence[Any]], Any]
    ) -> None:
        self._name, self._signature, self._ask = name, signature, ask

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._signature is None:
            return self._ask(self._name, [*args, *kwargs.values()])
        bound = self._signature.bind(*args, **kwargs)
        given: list[Any] = []
        for name, value in bound.arguments.items():
            match self._signature.parameters[name].kind:
                case inspect.Parameter.VAR_POSITIONAL:
                    given += value
                case inspect.Parameter.VAR_KEYWORD:
                    given += value.values()
                case _:
                    given.append(value)
        return self._ask(self._name, given)
