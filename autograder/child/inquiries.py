"""What one question about a notebook does: among its variables, or with an object that stays in the child."""

from __future__ import annotations

import copy
import importlib
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from autograder.child import figures
from autograder.child.handles import OPERATORS, Handles
from autograder.child.nodes import ValueData
from autograder.child.scratch import Files
from autograder.child.spoken import Do

MAX_TEXT: Final = 1_000_000  # characters of what `str`, `repr` or `format` gives
# A value, the same as data, and of an iterator whether it has not ended.
Answer: TypeAlias = tuple[Any, ValueData, bool]
_deepcopy, _copy = copy.deepcopy, copy.copy  # before any cell has run


class Inquiries:
    """Asks a notebook's variables and the objects behind handles."""

    def __init__(self, variables: dict[str, Any], handles: Handles) -> None:
        self._variables, self._handles = variables, handles
        self.files: Files | None = None  # that the notebook has written
        self._ahead: dict[
            int, Iterator[Any]
        ] = {}  # by an iterator's number, it with what could not be sent yet

    def answer(self, asked: Do, args: Sequence[Any], keywords: Mapping[str, Any]) -> Answer:
        """What comes of one question; whatever that raises, and ReferenceError where its object is not kept."""
        if asked.does in _OF_OBJECTS:
            value = _OF_OBJECTS[asked.does](self._handles[asked.target], asked.name, args, keywords)
            return value, self._handles.data(value), False
        match asked.does:
            case "iterate":
                value = iter(self._handles[asked.target])
                return value, self._handles.hold(value), False
            case "next":
                return self._next(asked)
            case "array":
                value = self._handles[asked.target]
                return value, self._handles.array(value), False
            case "plain":
                return None, self._handles.plain(self._handles[asked.target]), False
        value = self._of_variables(asked, args)
        return value, self._handles.data(value), False

    def _of_variables(self, asked: Do, args: Sequence[Any]) -> Any:
        name = asked.name
        match asked.does:
            case "fetch" if name in self._variables:
                return self._variables[name]
            case "fetch":
                raise NameError(f"name {name!r} is not defined", name=name)
            case "module":
                return importlib.import_module(name)
            case "set-attribute" if asked.target is None:
                self._variables[name] = args[0]
            case "set-attribute":
                setattr(self._handles[asked.target], name, args[0])
            case "delete-attribute" if asked.target is None:
                if self._variables.pop(name, _MISSING) is _MISSING:
                    raise NameError(f"name {name!r} is not defined", name=name)
            case "delete-attribute":
                delattr(self._handles[asked.target], name)
            case "file" if self.files is not None:
                return self.files.content(name)
            case "axes":
                return figures.held(None if asked.target is None else self._handles[asked.target])
            case _:
                raise NotImplementedError(asked.does)
        return None

    def _next(self, asked: Do) -> Answer:
        """The next values of an iterator, fewer where it ends, raises or they become too much to be sent."""
        number = asked.target
        iterator = self._handles[number]
        assert number is not None
        values = self._ahead.pop(number, None) or iter(iterator)
        data, left, error = self._handles.each(values, asked.count)
        if error is not None and not isinstance(error, StopIteration):
            if data.nodes[0].size == 0:  # type: ignore[union-attr]
                raise error
            left = [_Raising(error)]
        if left:
            self._ahead[number] = itertools.chain(_drawn(left), values)
        return None, data, error is None or bool(left)


class _Raising:
    """What an iterator raises in the place of its next value."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


_MISSING: Final = object()


def _drawn(left: Sequence[Any]) -> Iterator[Any]:
    for one in left:
        if type(one) is _Raising:
            raise one.error
        yield one


def _text(value: Any) -> Any:
    """No more of it than people would read; what is none is sent as it is."""
    return value[:MAX_TEXT] if type(value) is str else value


def _operated(target: Any, name: str, args: Sequence[Any], _: Mapping[str, Any]) -> Any:
    if name not in OPERATORS:
        raise NotImplementedError(name)
    return OPERATORS[name](target, *args)


def _set_item(target: Any, _: str, args: Sequence[Any], __: Mapping[str, Any]) -> None:
    target[args[0]] = args[1]


def _delete_item(target: Any, _: str, args: Sequence[Any], __: Mapping[str, Any]) -> None:
    del target[args[0]]


def _parameters(target: Any, *_: Any) -> list[tuple[str, str, bool, Any]]:
    """Of each parameter its name, its kind, whether it has a default, and that."""
    return [
        (
            one.name,
            one.kind.name,
            has := one.default is not inspect.Parameter.empty,
            one.default if has else None,
        )
        for one in inspect.signature(target).parameters.values()
    ]


# By what is asked, what is done with the object, the name, the arguments and the keywords.
_OF_OBJECTS: Final[Mapping[str, Callable[[Any, str, Sequence[Any], Mapping[str, Any]], Any]]] = {
    "call": lambda target, _, args, keywords: target(*args, **keywords),
    "attribute": lambda target, name, *_: getattr(target, name),
    "method": lambda target, name, args, keywords: getattr(target, name)(*args, **keywords),
    "item": lambda target, _, args, __: target[args[0]],
    "set-item": _set_item,
    "delete-item": _delete_item,
    "length": lambda target, *_: len(target),
    "contains": lambda target, _, args, __: args[0] in target,
    "truth": lambda target, *_: bool(target),
    "text": lambda target, *_: _text(str(target)),
    "representation": lambda target, *_: _text(repr(target)),
    "format": lambda target, name, *_: _text(format(target, name)),
    "operator": _operated,
    "is-a": lambda target, _, args, __: isinstance(target, args[0]),
    "is-kind": lambda target, _, args, __: issubclass(target, args[0]),
    "copy": lambda target, name, *_: _deepcopy(target) if name == "deep" else _copy(target),
    "parameters": _parameters,
}
