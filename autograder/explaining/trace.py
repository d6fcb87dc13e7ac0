"""The place: the arrays that a student's lines made, held against the steps of the reference.

A trace comes from the child and could be forged, so all of this is decoration: it names a line and adds a few
sentences, and decides no mark and no finding. Where there is nothing to hold against, no line is named: what
happens inside loops, helpers and comprehensions, or all in one line, leaves no trace of its steps.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from autograder.checking.compare import wrong_cells
from autograder.course.steps import Procedure
from autograder.explaining import observe
from autograder.explaining.changes import changed_steps
from autograder.records import Argument, Array, Definition, Tolerance, TracedValue

_MOST_SENTENCES: Final = 4
_NAME: Final = re.compile(r"(?=.{1,40}\Z)(?:[^\W\d]\w*|return|return\[\d{1,2}\])")


@dataclass(frozen=True)
class Place:
    """Where a function departs from the reference, as far as its trace shows."""

    line: int | None = None  # the first line that departs, within the cell
    sentences: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)  # by name of a step that departs, where it shows
    agrees: tuple[str, ...] = ()  # names of the steps whose right values lines hold


class Named(Protocol):
    """A step in words."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def plain(self) -> str:
        """Its formula, as plain text."""


@dataclass(frozen=True)
class Ways:
    """What a trace is held against on one input: the value of every step, right and with the student's mistake."""

    args: tuple[Argument, ...]
    steps: Mapping[str, Named]  # by symbol, in order
    returns: tuple[str, ...]  # symbols
    right: Mapping[str, Array]  # parameters and steps by symbol, as far as they are arrays
    departed: tuple[tuple[str, Array], ...] = ()  # steps' values with the mistake in them, where they differ
    changed: frozenset[str] = frozenset()  # the steps that the mistake changes; empty where it is not known
    innocent: tuple[Array, ...] = ()  # what other ways to the right result make


def ways(
    args: tuple[Argument, ...],
    reference: Procedure,
    departed: Sequence[Procedure],
    innocent: Sequence[Procedure],
    tolerance: Tolerance,
) -> Ways:
    """What to hold a trace on `args` against.

    `departed` is the reference with the student's mistake in it, as far as it is known, in one or more ways;
    `innocent` are other ways to the right result.
    """
    with np.errstate(all="ignore"):
        symbols = [step.symbol for step in reference.steps]
        right = _arrays(reference, args)
        others = [_arrays(other, args) for other in innocent]
        fine = [
            value
            for values in others
            if all(_same(values.get(symbol), right.get(symbol), tolerance) for symbol in reference.returns)
            for value in values.values()
        ]
        # Only what differs from the right value of the same step tells anything.
        wrong = [
            (symbol, value)
            for one in departed
            for symbol, value in _arrays(one, args).items()
            if symbol in symbols
            and not any(_same(value, known, tolerance) for known in (right.get(symbol), *fine))
        ]
    changed = frozenset(symbol for one in departed for symbol in changed_steps(one, reference))
    steps = {step.symbol: step for step in reference.steps}
    return Ways(args, steps, reference.returns, right, tuple(wrong), changed, tuple(fine))


def find(
    traced: Sequence[TracedValue],
    definition: Definition,
    ways: Ways,
    tolerance: Tolerance,
    named: str | None = None,
) -> Place:
    """The line that departs, and what the lines up to it make.

    `named` is the step that the first finding names: the line is one at which that step shows, or none.
    """
    lines = _Lines.of(definition.node)
    with np.errstate(all="ignore"):
        walk = _Walk(ways, tolerance)
        seen = [
            walk.judged(value, lines.statement[value.line])
            for value in traced
            if value.line in lines.statement and _NAME.fullmatch(value.name)
        ]
        if len({one.line for one in seen}) < 2:  # one line alone: there is nothing between right and wrong
            return Place()
        departing = [place for place, one in enumerate(seen) if one.departs]
        first = next((place for place in departing if walk.shows(seen[place], named)), None)
        if not departing and not ways.changed:
            first = _where_agreement_ends(seen)
        if first is not None and not _is_certain(seen, first, ways, lines):
            first = None
        until = first if first is not None else next(iter(departing), len(seen))
        right = _first_of_each(seen[:until])
        told = [walk.agreement(one) for one in right][-_MOST_SENTENCES + 1 :]
        agrees = tuple(ways.steps[one.agrees].name for one in right)
        if first is None:
            return Place(sentences=tuple(told), agrees=agrees)
        one = seen[first]
        exact = {
            ways.steps[later.departs].name: later.line
            for later in reversed(seen)
            if later.departs in ways.changed
        }
        return Place(one.line, (*told, walk.departure(one)), exact, agrees)


@dataclass(frozen=True)
class _Judged:
    """One traced value, held against the steps."""

    line: int
    name: str
    value: Array
    agrees: str = ""  # the symbol of the step whose right value it is
    departs: str = ""  # the symbol of the step whose wrong value it is, as the mistake makes it
    harmless: bool = False  # an input, a flipped one, or a step of another right way


class _Walk:
    """A trace on its way along the steps."""

    def __init__(self, ways: Ways, tolerance: Tolerance) -> None:
        self._ways, self._tolerance = ways, tolerance
        self._claimed: dict[str, str] = {}  # by symbol, the variable that had its right value first

    def judged(self, traced: TracedValue, line: int) -> _Judged:
        """What one traced value is."""
        value, name = traced.value, traced.name
        part = re.fullmatch(r"return\[(\d+)\]", name)
        if part is not None and int(part[1]) < len(self._ways.returns):
            return self._returned(traced, line, self._ways.returns[int(part[1])])
        wrong = [symbol for symbol, one in self._ways.departed if self._alike(value, one)]
        right = [symbol for symbol in self._ways.steps if self._same(value, self._ways.right.get(symbol))]
        fresh = [symbol for symbol in right if self._claimed.get(symbol, name) == name]
        if right and (fresh or not wrong) and not self._is_wrong_result(name, right):
            for symbol in fresh[:1]:
                self._claimed[symbol] = name
            return _Judged(line, name, value, agrees=fresh[0] if fresh else "", harmless=not fresh)
        if wrong:
            return _Judged(line, name, value, departs=wrong[0])
        return _Judged(line, name, value, harmless=name != "return" and self._is_harmless(value))

    def shows(self, one: _Judged, named: str | None) -> bool:
        """Whether a departing value takes the place of the step of this name, or of a later one; True for no name.

        One of several results is made for itself: there only its own step counts.
        """
        symbol = self._symbol(one)
        places = {step.name: place for place, step in enumerate(self._ways.steps.values())}
        if named not in places or symbol not in self._ways.steps:
            return True
        own = self._ways.steps[symbol].name
        if len(self._ways.returns) > 1 and symbol in self._ways.returns:
            return own == named
        return places[own] >= places[named]

    def agreement(self, one: _Judged) -> str:
        """The sentence about a line that is right."""
        step = self._ways.steps[one.agrees]
        return f"Line {one.line}: {_what(one.name)} is right, the step “{step.name}” ({step.plain})."

    def departure(self, one: _Judged) -> str:
        """The sentence about the first line that departs."""
        symbol = self._symbol(one)
        if not symbol:
            return f"Line {one.line}: {_what(one.name)} is none of the steps; before it all is right."
        step, due = self._ways.steps[symbol], self._ways.right[symbol]
        facts = observe.observations(one.value, due, self._ways.args, self._tolerance)
        told = (
            f"Line {one.line}: {_what(one.name)} should be the step “{step.name}” ({step.plain}), and is not."
        )
        return " ".join((told, *(fact for fact in facts if "as they should" not in fact)))

    def _symbol(self, one: _Judged) -> str:
        """Of the step whose place a departing value takes; empty where that is not known."""
        return one.departs or (self._ways.returns[-1] if one.name.startswith("return") else "")

    def _returned(self, traced: TracedValue, line: int, symbol: str) -> _Judged:
        """One of several returned arrays, which has a place of its own."""
        if self._same(traced.value, self._ways.right.get(symbol)):
            return _Judged(line, traced.name, traced.value, harmless=True)
        return _Judged(line, traced.name, traced.value, departs=symbol)

    def _is_wrong_result(self, name: str, symbols: Sequence[str]) -> bool:
        """Whether a step's right value is returned in the place of the result."""
        return name == "return" and len(self._ways.returns) == 1 and self._ways.returns[0] not in symbols

    def _is_harmless(self, value: Array) -> bool:
        known = [*self._ways.right.values(), *self._ways.innocent]
        return any(self._alike(value, one) for one in known)

    def _alike(self, one: Array, other: Array) -> bool:
        """Whether two arrays are the same, one of them flipped or without its axes of length 1 maybe."""
        return (
            self._same(one, other)
            or (one.size == other.size and self._same(np.squeeze(one), np.squeeze(other)))
            or self._same(one, np.swapaxes(other, -1, -2) if other.ndim >= 2 else None)
        )

    def _same(self, one: Array | None, other: Array | None) -> bool:
        return _same(one, other, self._tolerance)


def _where_agreement_ends(seen: Sequence[_Judged]) -> int | None:
    """The first value after the last right one, where none of those that follow is right or harmless."""
    known = [place for place, one in enumerate(seen) if one.agrees or one.harmless]
    if not any(one.agrees for one in seen) or known[-1] == len(seen) - 1:
        return None
    return known[-1] + 1


def _is_certain(seen: Sequence[_Judged], first: int, ways: Ways, lines: _Lines) -> bool:
    """Whether the mistake was made in this very line, and not out of sight in a loop before it."""
    if seen[first].departs in ways.changed and seen[first].line not in lines.handed_on:
        return True
    since = max((one.line for one in seen[:first] if one.agrees or one.harmless), default=lines.first)
    return not any(since <= loop < seen[first].line for loop in lines.loops)


def _first_of_each(seen: Sequence[_Judged]) -> list[_Judged]:
    """The values that are right, the first of each step."""
    found: dict[str, _Judged] = {}
    for one in seen:
        if one.agrees:
            found.setdefault(one.agrees, one)
    return list(found.values())


def _what(name: str) -> str:
    return "what it returns" if name.startswith("return") else f"`{name}`"


# --------------------------------------------------------------------------------------------- the values


def _same(one: Array | None, other: Array | None, tolerance: Tolerance) -> bool:
    if one is None or other is None or one.shape != other.shape:
        return False
    return not np.any(wrong_cells(one, other, tolerance) & ~(np.isnan(one) & np.isnan(other)))


def _arrays(procedure: Procedure, args: Sequence[Argument]) -> dict[str, Array]:
    """A procedure's inputs and step values up to where it raises, those that are arrays."""
    values: dict[str, Any] = dict(zip(procedure.parameters, args, strict=True))
    try:
        for step in procedure.steps:
            values[step.symbol] = step.op(*(values[symbol] for symbol in step.operands))
    except Exception:  # a mistake may make a step impossible; what came before it still counts
        pass
    return {symbol: value for symbol, value in values.items() if isinstance(value, np.ndarray)}


# ---------------------------------------------------------------------------------------------- the lines


@dataclass(frozen=True)
class _Lines:
    """Which lines of a cell can be held against steps."""

    statement: dict[int, int]  # by line, the first line of its statement; without those in loops
    loops: tuple[int, ...]  # the lines at which loops begin
    first: int
    handed_on: frozenset[int] = frozenset()  # the lines that return a name, and make nothing

    @classmethod
    def of(cls, found: ast.FunctionDef | None) -> _Lines:
        """No line at all where the cell is no Python, or does not define the function with `def`."""
        if found is None:
            return cls({}, (), 0)
        lines = cls({}, (), found.lineno)
        loops: list[int] = []
        lines._add(found.body, loops)
        handed_on = frozenset(
            node.lineno
            for node in ast.walk(found)
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Name)
        )
        return cls(lines.statement, tuple(loops), lines.first, handed_on)

    def _add(self, body: Sequence[ast.stmt], loops: list[int]) -> None:
        waiting = list(reversed(body))
        while waiting:  # and no recursion: a thousand times `elif` is a thousand levels
            statement = waiting.pop()
            inner = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
            inner += [handler.body for handler in getattr(statement, "handlers", [])]
            if isinstance(statement, ast.For | ast.AsyncFor | ast.While):
                loops.append(statement.lineno)
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            elif any(inner):
                waiting += reversed([child for part in inner for child in part])
            else:
                for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
                    self.statement.setdefault(line, statement.lineno)
