"""What a test hands to student code, as data: plain values, objects that the child has already, and others in parts.

Anything else than data and functions is made again in the child, out of the class of the same name that it has too (a
library's, or one of a locked cell, which it has run) and of what pickling would take of the object. Nothing of that goes the
other way: what comes back is data and handles.
"""

from __future__ import annotations

import contextlib
import copyreg
import os
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograder.adopted.standing import Held, held
from autograder.child import frames, kin, nodes, packing
from autograder.child.nodes import HandleData, OtherData, ValueData, WireError

if TYPE_CHECKING:
    from autograder.adopted.link import Link

UNHANDED: Final = "your code cannot be handed"  # how each message says that something cannot be
_OBJECT: Final = "an object of class"
_MAX_MADE: Final = 10_000  # values of an iterator that are handed over as a list
_MAX_DEPTH: Final = 20  # objects in objects
_FUNCTIONS: Final = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    np.ufunc,
)
MUTABLE: Final = (list, dict, set, bytearray, np.ndarray)


@dataclass
class _Own:
    """An object of a class of the instructor's that the child has too."""

    value: Any
    stands: Held  # for the child's
    state: Mapping[str, ValueData]  # the child's attributes, as they were last


class Giving:
    """What is handed over in one sitting."""

    def __init__(self, link: Link, variables: Mapping[str, Any]) -> None:
        """`variables` are the instructor's: of classes in them the child has its own of the same name."""
        self._link, self._variables = link, variables
        self._memo: dict[int, tuple[Any, HandleData]] = {}  # of one call, by the identity of an object
        self._kept: list[
            Any
        ] = []  # what stands for objects that are handed over: they stay until that is done
        self._own: dict[int, _Own] = {}  # by the identity of an object
        self._depth = 0

    @contextlib.contextmanager
    def call(self) -> Iterator[Giving]:
        """One call: an object that is handed over twice in it is one object there too."""
        before, self._memo, self._kept = (self._memo, self._kept), {}, []
        try:
            yield self
        finally:
            self._memo, self._kept = before

    def data(self, value: Any) -> ValueData:
        """A value as data; TypeError where it is none that can be handed over."""
        try:
            return packing.pack_with(value, self._plain)
        except WireError as error:
            raise TypeError(f"{UNHANDED} {error}") from None

    def take_back(self, sent: Sequence[tuple[Any, ValueData]], after: Sequence[ValueData]) -> None:
        """What student code did to values it was handed, done to them here too."""
        for (value, before), now in zip(sent, after, strict=False):
            changed = not isinstance(now, OtherData) and not nodes.alike(now, before)
            if changed and (isinstance(value, MUTABLE) or frames.is_pandas(value)):
                with contextlib.suppress(TypeError, ValueError):
                    become(value, self._link.value(now))
        for value, _ in list(self._memo.values()):
            if (own := self._own.get(id(value))) is not None:
                self._take_attributes(own)

    def given(self, number: int) -> Any:
        """The instructor's object for which the child has this one; None where it is none."""
        return next((own.value for own in self._own.values() if held(own.stands).number == number), None)

    def shared(self, kind: Any) -> type | None:
        """The instructor's own class for which the child has this one; None where it has none."""
        if not isinstance(kind, Held):
            return None
        name = self._link.ask("attribute", held(kind).number, name="__name__")
        for one in self._classes():
            found = self._referred(one) if one.__name__ == name else None
            if found is not None and found.id == held(kind).number:
                return one
        return None

    def forget(self) -> None:
        """From here on there is another child."""
        self._own.clear()

    def _classes(self) -> Iterator[type]:
        for value in list(self._variables.values()):
            if isinstance(value, type) and _is_own(value):
                yield value

    def _take_attributes(self, own: _Own) -> None:
        """An object of an instructor's class, as it is in the child now."""
        now = self._link.ask("attribute", held(own.stands).number, name="__dict__")
        attributes = own.value.__dict__
        if type(now) is not dict or not all(type(name) is str for name in now):
            return
        for name in attributes.keys() - now.keys():
            del attributes[name]
        for name, one in now.items():
            if name not in attributes or not (isinstance(one, MUTABLE) and become(attributes[name], one)):
                attributes[name] = one
        own.state = self._state(own.value)

    def _state(self, value: Any) -> Mapping[str, ValueData]:
        return {name: self.data(one) for name, one in value.__dict__.items()}

    # ------------------------------------------------------------------------------------------------ the inside

    def _plain(self, value: Any) -> Any:
        """What goes in the place of a value that is no plain one."""
        if isinstance(value, Held):
            return _node(value)
        if isinstance(value, type) and (number := self._link.raising.handle(value)) is not None:
            return HandleData(number, "exception", value.__name__)
        if frames.is_pandas(value):
            with contextlib.suppress(WireError):
                return frames.table(value)
        elif (named := kin.library(value)) is not None:
            return named
        elif (parted := kin.parted(value)) is not None:
            return parted
        if isinstance(value, type | types.ModuleType):
            return self._reference(value)
        if isinstance(value, _FUNCTIONS):
            return self._referred(value) or self._link.function(value)
        return self._made(value)

    def _reference(self, value: Any) -> HandleData:
        found = self._referred(value)
        if found is None:
            raise TypeError(f"{UNHANDED} {value!r}, which it does not have")
        return found

    def _referred(self, value: Any) -> HandleData | None:
        """The child's own object of the same name; None where it has none."""
        if isinstance(value, types.ModuleType):
            return _node(self._link.library(value.__name__, ""))
        module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if type(module) is not str or type(name) is not str:
            return None
        if module == "__main__":
            if not isinstance(value, type) or self._variables.get(name) is not value:
                return None
            try:
                found = self._link.ask("fetch", name=name)
            except NameError:  # of a test cell, which the child does not run
                return None
            self._kept.append(found)
        else:
            with contextlib.suppress(AttributeError, KeyError):
                if attrgetter(name)(sys.modules[module]) is value:
                    found = self._link.library(module, name)
                    return _node(found) if isinstance(found, Held) else None
            return None
        return _node(found) if isinstance(found, Held) else None

    def _made(self, value: Any) -> Any:
        """An object made again in the child, in parts."""
        if id(value) in self._memo:
            return self._memo[id(value)][1]
        if (own := self._own.get(id(value))) is not None:
            return self._again(own)
        if isinstance(value, types.GeneratorType | map | filter | zip):
            return self._iterator(value)
        if self._depth > _MAX_DEPTH:
            raise TypeError(f"{UNHANDED} objects that are nested so deeply")
        self._depth += 1
        try:
            return self._from_parts(value)
        except Exception as error:
            if callable(value):
                return self._link.function(value)
            # The object that the test hands over is named, and of those inside it only why the innermost cannot be.
            why = str(error).removeprefix(f"{UNHANDED} ")
            why = why.partition(": ")[2] if why.startswith(_OBJECT) else why
            raise TypeError(f"{UNHANDED} {_OBJECT} {type(value).__name__}: {why}") from None
        finally:
            self._depth -= 1

    def _again(self, own: _Own) -> HandleData:
        """An object that the child has already, with what a test has done to it since."""
        node = _node(own.stands)
        self._memo[id(own.value)] = (own.value, node)
        state = self._state(own.value)
        for name, one in state.items():
            if name not in own.state or not nodes.alike(own.state[name], one):
                self._link.ask("set-attribute", node.id, name=name, args=[own.value.__dict__[name]])
        own.state = state
        return node

    def _from_parts(self, value: Any) -> HandleData:
        reduce = copyreg.dispatch_table.get(type(value))
        parts: Any = reduce(value) if reduce is not None else value.__reduce_ex__(4)
        if type(parts) is not tuple or not 2 <= len(parts) <= 6:
            raise TypeError("it is no value")
        make, args, state, items, entries = (*parts, None, None, None)[:5]
        ask = self._link.ask
        made = ask("call", self._reference(make).id, args=args)
        if not isinstance(made, Held):
            raise TypeError("it is another value there")
        node = _node(made)
        self._kept.append(made)
        self._memo[id(value)] = (value, node)
        if state is not None:
            self._set_state(value, node.id, state)
        for one in items or ():
            ask("method", node.id, name="append", args=[one])
        for key, one in entries or ():
            ask("set-item", node.id, args=[key, one])
        if _is_own(type(value)) and type(getattr(value, "__dict__", None)) is dict:
            self._own[id(value)] = _Own(value, made, self._state(value))
        return node

    def _set_state(self, value: Any, number: int, state: Any) -> None:
        if hasattr(value, "__setstate__"):
            self._link.ask("method", number, name="__setstate__", args=[state])
            return
        parts = state if isinstance(state, tuple) and len(state) == 2 else (state,)
        for part in parts:
            for name, one in (part or {}).items():
                self._link.ask("set-attribute", number, name=name, args=[one])

    def _iterator(self, value: Iterator[Any]) -> HandleData:
        taken = []
        for one in value:
            taken.append(one)
            if len(taken) > _MAX_MADE:
                raise TypeError(f"{UNHANDED} an iterator of so many values")
        made = self._link.ask("call", _node(self._link.library("builtins", "iter")).id, args=[taken])
        self._memo[id(value)] = (value, _node(made))
        self._kept.append(made)
        return _node(made)


def _is_own(kind: type) -> bool:
    """Whether a class is of a locked cell or of a module beside the notebook: the child has run the same text."""
    module = sys.modules.get(kind.__module__)
    return kind.__module__ == "__main__" or beside(getattr(module, "__file__", None))


def beside(file: str | None) -> bool:
    """Whether a file lies where the modules beside the notebook do, which Python looks through first."""
    return file is not None and bool(sys.path) and os.path.dirname(os.path.abspath(file)) == sys.path[0]


def number(value: Any) -> int:
    """The handle of what stands for an object; TypeError where it stays nowhere."""
    return _node(value).id


def _node(value: Any) -> HandleData:
    """The handle of what stands for an object."""
    if not isinstance(value, Held):
        raise TypeError("it stays nowhere")
    one = held(value)
    return HandleData(one.number, one.kind, one.type_name)


def become(old: Any, new: Any) -> bool:
    """Changes a value in place to what another is, as far as that can be; whether it could."""
    if type(old) is not type(new):
        return False
    if type(old) is list:
        old[:] = [_merged(*pair) for pair in zip(old, new, strict=False)] + new[len(old) :]
    elif isinstance(old, dict):
        merged = {key: _merged(old[key], one) if key in old else one for key, one in new.items()}
        old.clear()
        old.update(merged)
    elif type(old) is set:
        old.clear()
        old.update(new)
    elif type(old) is bytearray:
        old[:] = new
    elif type(old) is np.ndarray and old.shape == new.shape and old.dtype == new.dtype:
        old[...] = new
    elif frames.is_pandas(old) and hasattr(old, "_update_inplace"):
        old._update_inplace(new)
    else:
        return False
    return True


def _merged(old: Any, new: Any) -> Any:
    """What stands in the place of a part: the part itself, changed, where it can be."""
    return old if isinstance(old, MUTABLE) and become(old, new) else new
