"""What a test changes of its surroundings that student code is to find changed too.

Under nbgrader both are one process. Here, before student code runs next, there goes over: that a test has taken a function of
the student's away, or put another in its place; a function in the place of `input`, `print` or `open`; the state of a global
random generator that a test has seeded or drawn from; by which of the test's names a value is known that it is handed. None of
it comes back.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from autograder.adopted.handing import MUTABLE
from autograder.adopted.link import Link
from autograder.adopted.namespace import DELETED, Namespace
from autograder.adopted.standing import Held, held
from autograder.child import frames

_PATCHED: Final = ("input", "print", "open")
_REAL: Final[Mapping[str, Any]] = {name: getattr(builtins, name) for name in _PATCHED}


class _Seeding:
    """Whether a generator was seeded, though its state may be the one that it had."""

    def __init__(self) -> None:
        self.seeded: set[str] = set()

    def noted(self, name: str, seed: Callable[..., Any]) -> Callable[..., Any]:
        """The function that seeds, which notes that it did."""

        def noting(*args: Any, **keywords: Any) -> Any:
            self.seeded.add(name)
            return seed(*args, **keywords)

        return noting


_seeding: Final = _Seeding()
_STATES: Final[Mapping[str, Callable[[], Any]]] = {"numpy": np.random.get_state, "random": random.getstate}
_SETTERS: Final = {"numpy": ("numpy.random", "set_state"), "random": ("random", "setstate")}


def note_seeding() -> None:
    """Has this process note when a global generator is seeded; before anything imports `seed` by its name."""
    np.random.seed = _seeding.noted("numpy", np.random.seed)
    np.random.set_state = _seeding.noted("numpy", np.random.set_state)
    random.seed = _seeding.noted("random", random.seed)
    random.setstate = _seeding.noted("random", random.setstate)


class Surroundings:
    """Of one sitting."""

    def __init__(
        self, link: Link, names: Namespace, settings: frozenset[str], known: frozenset[str] = frozenset()
    ) -> None:
        """`settings` are variables of the instructor's solution that its functions read, `known` those of tests that they may."""
        self._link, self._names, self._settings, self._known = link, names, settings, known
        self._states: dict[str, Any] = {}
        self._generation = 0
        self._originals: dict[
            str, Any
        ] = {}  # of the child's functions, by name, those that others stand in for
        self._patched: dict[str, Any] = {}
        self._busy = False
        self.settle()

    def settle(self) -> None:
        """The generators of both sides are alike now."""
        self._states = {name: state() for name, state in _STATES.items()}
        _seeding.seeded.clear()

    def bring_up(self) -> None:
        """Hands over what has changed."""
        if self._busy:
            return
        self._busy = True
        try:
            if self._link.generation != self._generation:
                self._generation = self._link.generation
                self._originals.clear()
                self._patched.clear()
            while self._names.rebound:
                self._rebind(*self._names.rebound.popitem())
            for name in _PATCHED:
                if getattr(builtins, name) is not self._patched.get(name, _REAL[name]):
                    self._patch(name, getattr(builtins, name))
            for name, state in _STATES.items():
                self._seed(name, state())
        finally:
            self._busy = False

    def known_as(self, value: object, said: Callable[[], str]) -> Sequence[str]:
        """The test's own variables by which a notebook finds a value that it is handed: `said` gives what the call has there.

        It learns no value by that. But Python has one 3 and one True for all: that two variables hold the same one would tell
        what is due, and so such a variable has to stand in the call itself.
        """
        names = [name for name in self._known if self._names.own(name) is value]
        if not names or isinstance(value, MUTABLE) or frames.is_pandas(value):
            return names
        handed = _handed(said())
        return [name for name in names if name in handed]

    def _rebind(self, name: str, value: Any) -> None:
        """A name of the student's that a test has taken away, or bound to another function or object.

        Data goes over to what is a setting in the instructor's solution too. Any other stays here: a test may call what is
        due by a name that a student has chosen for that.
        """
        if value is DELETED:
            with contextlib.suppress(NameError):
                self._link.ask("delete-attribute", name=name)
        elif isinstance(value, Held) or callable(value) or name in self._settings:
            self._link.ask("set-attribute", name=name, args=[value])

    def _patch(self, name: str, function: Any) -> None:
        module = held(self._link.library("builtins", "")).number
        if name not in self._originals:
            self._originals[name] = self._link.ask("attribute", module, name=name)
        self._patched[name] = function
        given = self._originals[name] if function is _REAL[name] else _CalledBack(function)
        self._link.ask("set-attribute", module, name=name, args=[given])

    def _seed(self, name: str, state: Any) -> None:
        if name not in _seeding.seeded and _alike(state, self._states.get(name)):
            return
        _seeding.seeded.discard(name)
        self._states[name] = state
        setter = self._link.library(*_SETTERS[name])
        if isinstance(setter, Held):
            self._link.ask("call", held(setter).number, args=[state])


class _CalledBack:
    """A function of the test's, which cannot be handed over as anything else."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return self._function(*args, **keywords)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a function of the test's is called back")


def _handed(said: str) -> set[str]:
    """The variables that are arguments of a call, as the test has it."""
    try:
        call = ast.parse(said.strip(), mode="eval").body
    except SyntaxError:
        return set()
    given = [*call.args, *(one.value for one in call.keywords)] if isinstance(call, ast.Call) else []
    return {one.id for one in given if isinstance(one, ast.Name)}


def _alike(state: Any, other: Any) -> bool:
    """Whether two states of a generator are one."""
    if isinstance(state, tuple) and isinstance(other, tuple) and len(state) == len(other):
        return all(
            np.array_equal(one, two) if isinstance(one, np.ndarray) else one == two
            for one, two in zip(state, other, strict=True)
        )
    return bool(state == other)
