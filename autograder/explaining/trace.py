"""The place: the arrays that a student's lines made, held against the steps of the reference.

A trace comes from the child and could be forged, so all of this is decoration: it names a line and adds a few
sentences, and decides no mark and no finding. Where there is nothing to hold against, no line is named: what
happens inside loops, helpers and comprehensions, or all in one line, leaves no trace of its steps.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np

from autograder.course.steps import Procedure
from autograder.data import Argument, Array
from autograder.explaining import observe
from autograder.explaining.changes import changed_steps
from autograder.explaining.lines import Lines
from autograder.explaining.place import Place
from autograder.explaining.same_arrays import Alike, same
from autograder.records import Definition, Tolerance, TracedValue

_MOST_SENTENCES: Final = 4
NAME: Final = re.compile(r"(?=.{1,40}\Z)(?:[^\W\d]\w*|return|return\[\d{1,2}\])")


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
    mistaken: frozenset[str] = frozenset()  # the steps that come out otherwise with it, in its plainest way
    innocent: tuple[Array, ...] = ()  # what other ways to the right result make

    def is_innocent(self, value: Array, tolerance: Tolerance) -> bool:
        """Whether another way to the right result makes this value."""
        alike = self._alike.get(value.shape)
        return alike is not None and any(same(value, one, tolerance) for one in alike.near(value, tolerance))

    @cached_property
    def _alike(self) -> Mapping[tuple[int, ...], Alike]:
        """What other ways make, by shape."""
        found: dict[tuple[int, ...], list[Array]] = {}
        for value in self.innocent:
            found.setdefault(value.shape, []).append(value)
        return {shape: Alike.of(values) for shape, values in found.items()}


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
    right = right_ways(args, reference, innocent, tolerance)
    return departing(right, reference, departed, tolerance, right.steps)


def right_ways(
    args: tuple[Argument, ...], reference: Procedure, innocent: Sequence[Procedure], tolerance: Tolerance
) -> Ways:
    """The same where no mistake is known yet: the same for all mistakes on these inputs."""
    with np.errstate(all="ignore"):
        right = _arrays(reference, args)
        others = [_arrays(other, args) for other in innocent]
        fine = {
            (value.shape, value.dtype.str, value.tobytes()): value  # most ways share most of their steps
            for values in others
            if all(same(values.get(symbol), right.get(symbol), tolerance) for symbol in reference.returns)
            for value in values.values()
        }
    steps = {step.symbol: step for step in reference.steps}
    return Ways(args, steps, reference.returns, right, innocent=tuple(fine.values()))


def departing(
    ways: Ways,
    reference: Procedure,
    departed: Sequence[Procedure],
    tolerance: Tolerance,
    symbols: Collection[str],
) -> Ways:
    """`right_ways` with a mistake, which is the reference with it in one or more ways, as far as these steps go."""
    with np.errstate(all="ignore"):
        # Only what differs from the right value of the same step tells anything, as that of no step before the mistake does.
        # Of the plainest way, the first, all steps are looked at: which come out otherwise counts where no value is asked for.
        wrong = [
            [
                (symbol, value)
                for after in [_after_changes(one, reference)]
                for symbol, value in _arrays(one, ways.args).items()
                if symbol in after
                and (symbol in symbols or not number)
                and not same(value, ways.right.get(symbol), tolerance)
                and not ways.is_innocent(value, tolerance)
            ]
            for number, one in enumerate(departed)
        ]
    return replace(
        ways,
        departed=tuple(found for one in wrong for found in one if found[0] in symbols),
        changed=frozenset(symbol for one in departed for symbol in changed_steps(one, reference)),
        mistaken=frozenset(symbol for symbol, _ in wrong[0]) if wrong else frozenset(),
    )


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
    lines = Lines.of(definition.node if isinstance(definition.node, ast.FunctionDef) else None)
    with np.errstate(all="ignore"):
        walk = _Walk(ways, tolerance, lines)
        judged = (
            walk.judged(value, lines.statement[value.line])
            for value in traced
            if value.line in lines.statement
            and NAME.fullmatch(value.name)
            and not value.held
            # One array is none of several, and the first of several not the one that is due.
            and (value.name != "return" if len(ways.returns) > 1 else not value.name.startswith("return["))
        )
        # An array of zeros to be filled is no step, unless it is one.
        seen = [one for one in judged if one.agrees or (one.line, one.name) not in lines.containers]
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
        used = [one for one in right if walk.is_used(one)]
        place = Place(
            sentences=tuple(map(walk.agreement, right))[-_MOST_SENTENCES + 1 :],
            agrees=tuple(ways.steps[one.agrees].name for one in used),
            on=tuple(map(walk.bound_to, right))[-_MOST_SENTENCES + 1 :],
            agrees_on=tuple(map(walk.bound_to, used)),
            against=tuple(ways.steps[one.agrees].name for one in used if one.agrees in ways.mistaken),
        )
        if first is None:
            return place
        one = seen[first]
        changing = [later for later in reversed(seen) if later.departs in ways.changed]
        matched = all(before.agrees or before.harmless for before in seen[:first])
        matched = matched and not any(loop < one.line for loop in lines.loops)
        departs = ways.steps.get(walk.symbol(one))
        return replace(
            place,
            line=one.line,
            sentences=(*place.sentences, walk.departure(one, matched=matched)),
            lines={ways.steps[later.departs].name: later.line for later in changing},
            departs=departs.name if departs is not None else None,
            on=(*place.on, one.line),
        )


@dataclass(frozen=True)
class _Judged:
    """One traced value, held against the steps."""

    line: int
    name: str
    value: Array
    agrees: str = ""  # the symbol of the step whose right value it is
    departs: str = ""  # the symbol of the step whose wrong value it is, as the mistake makes it
    harmless: bool = False  # an input, a flipped one, or a step of another right way
    flat: bool = False  # it agrees but for an axis of length 1
    other: str = ""  # the symbol of the step whose right value stands in the place of that one


class _Walk:
    """A trace on its way along the steps."""

    def __init__(self, ways: Ways, tolerance: Tolerance, lines: Lines) -> None:
        self._ways, self._tolerance, self._lines = ways, tolerance, lines
        self._own = _own_steps(ways, lines)
        self._claimed: dict[str, str] = {}  # by symbol, the variable that had its right value first

    def judged(self, traced: TracedValue, line: int) -> _Judged:
        """What one traced value is."""
        value, name = traced.value, traced.name
        part = re.fullmatch(r"return\[(\d+)\]", name)
        if part is not None and int(part[1]) < len(self._ways.returns):
            return self._returned(traced, line, self._ways.returns[int(part[1])])
        wrong = [symbol for symbol, one in self._ways.departed if self._alike(value, one)]
        right = [symbol for symbol in self._ways.steps if self._same(value, self._ways.right.get(symbol))]
        own = self._own.get(name)
        if own is not None and right and own not in right:
            return _Judged(line, name, value, departs=own, other=right[0])
        fresh = [symbol for symbol in right if self._claimed.get(symbol, name) == name]
        if right and (fresh or not wrong) and not self._is_wrong_result(name, right):
            for symbol in fresh[:1]:
                self._claimed[symbol] = name
            return _Judged(line, name, value, agrees=fresh[0] if fresh else "", harmless=not fresh)
        flat = [symbol for symbol in self._ways.steps if self._is_flat(value, self._ways.right.get(symbol))]
        if flat and name != "return":
            return _Judged(line, name, value, agrees=flat[0], flat=True)
        if wrong:
            return _Judged(line, name, value, departs=wrong[0])
        return _Judged(line, name, value, harmless=name != "return" and self._is_harmless(value))

    def shows(self, one: _Judged, named: str | None) -> bool:
        """Whether a departing value takes the place of the step of this name, or of a later one; True for no name.

        One of several results is made for itself: there only its own step counts.
        """
        symbol = self.symbol(one)
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
        told = f"Line {one.line}: {_what(one.name)} is right, the step “{step.name}” ({step.plain})"
        if one.flat:
            told += ", but for an axis of length 1"
        return f"{told}." if self.is_used(one) else f"{told}, and plays no part in what is returned."

    def is_used(self, one: _Judged) -> bool:
        """Whether a value may play a part in what is returned."""
        return one.name.startswith("return") or one.name in self._lines.used

    def bound_to(self, one: _Judged) -> int:
        """The line on which nothing is wrong if this value is right; 0 where only its axes may be."""
        return 0 if one.flat else one.line

    def departure(self, one: _Judged, *, matched: bool) -> str:
        """The sentence about the first line that departs; `matched`: every array before it is known to be right."""
        symbol = self.symbol(one)
        if not symbol:
            before = "; before it all is right" if matched else ""
            return f"Line {one.line}: {_what(one.name)} is none of the steps{before}."
        step, due = self._ways.steps[symbol], self._ways.right[symbol]
        facts = observe.observations(one.value, due, self._ways.args, self._tolerance)
        told = (
            f"Line {one.line}: {_what(one.name)} should be the step “{step.name}” ({step.plain}), and is not."
        )
        if one.other:
            return f"{told} It is the step “{self._ways.steps[one.other].name}”."
        return " ".join((told, *(fact for fact in facts if "as they should" not in fact)))

    def symbol(self, one: _Judged) -> str:
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

    def _is_flat(self, one: Array, right: Array | None) -> bool:
        """Whether an array is a right one without an axis of length 1."""
        return (
            right is not None
            and 1 < one.size == right.size
            and one.ndim < right.ndim
            and self._same(one, np.squeeze(right))
        )

    def _alike(self, one: Array, other: Array) -> bool:
        """Whether two arrays are the same, one of them flipped or without its axes of length 1 maybe."""
        return (
            self._same(one, other)
            or (one.size == other.size and self._same(np.squeeze(one), np.squeeze(other)))
            or self._same(one, np.swapaxes(other, -1, -2) if other.ndim >= 2 else None)
        )

    def _same(self, one: Array | None, other: Array | None) -> bool:
        return same(one, other, self._tolerance)


_LETTERS: Final = re.compile("(?<![A-Za-z])[A-Za-z](?![A-Za-z])")


def _own_steps(ways: Ways, lines: Lines) -> dict[str, str]:
    """By name of a variable, the symbol of the step that it stands for, among steps that do alike.

    `Key` is held against the keys, whatever it holds; so is a variable of any name that is returned in their place.
    Only steps whose formulas differ in their letters alone can be mistaken for each other in this way. A variable that
    several lines give a value may stand for one of them after the other.
    """
    alike: dict[str, list[str]] = {}
    for symbol, step in ways.steps.items():
        alike.setdefault(_LETTERS.sub("", step.plain), []).append(symbol)
    groups = [symbols for form, symbols in alike.items() if form.strip() and len(symbols) > 1]
    among = [symbol for symbols in groups for symbol in symbols]
    found: dict[str, str] = {}
    for symbol in among:
        step = ways.steps[symbol]
        for name in (symbol, step.name, *_LETTERS.findall(step.plain)[:1]):
            for written in {name, name.lower(), name.upper()}:
                found[written] = symbol
    if len({*lines.returned}) == len(lines.returned) == len(ways.returns) > 1:
        in_place = zip(lines.returned, ways.returns, strict=True)
        found = {name: symbol for name, symbol in in_place if symbol in among} | found
    return {name: symbol for name, symbol in found.items() if name not in lines.rebound}


def _where_agreement_ends(seen: Sequence[_Judged]) -> int | None:
    """The first value after the last right one, where none of those that follow is right or harmless."""
    known = [place for place, one in enumerate(seen) if one.agrees or one.harmless]
    if not any(one.agrees for one in seen) or known[-1] == len(seen) - 1:
        return None
    return known[-1] + 1


def _is_certain(seen: Sequence[_Judged], first: int, ways: Ways, lines: Lines) -> bool:
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


def _after_changes(procedure: Procedure, reference: Procedure) -> set[str]:
    """The symbols of the steps in which a procedure differs from the reference, and of those that read what these give."""
    found: set[str] = set()
    for own, due in zip(procedure.steps, reference.steps, strict=True):
        if own is not due or not found.isdisjoint(own.operands):
            found.add(own.symbol)
    return found


def _arrays(procedure: Procedure, args: Sequence[Argument]) -> dict[str, Array]:
    """A procedure's inputs and step values up to where it raises, those that are arrays."""
    values: dict[str, Any] = dict(zip(procedure.parameters, args, strict=False))
    try:
        for step in procedure.steps:
            values[step.symbol] = step.op(*(values[symbol] for symbol in step.operands))
    except Exception:  # a mistake may make a step impossible; what came before it still counts
        pass
    return {symbol: value for symbol, value in values.items() if isinstance(value, np.ndarray)}
