"""A reference function as named steps: the record from which worked answers and misconceptions come.

A `Procedure` is a list of steps. Each step reads parameters and earlier steps by their symbols, and can be
replaced, so that a misconception is the reference with one step changed and its symptom is computed, never
described by hand. The procedures themselves live in the course's `solutions/`, never in this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.course.rounding import certain, nudged
from autograder.data import Array
from autograder.records import Case, Outcome, WorkedStep

_NEAR_ZERO = 1e-9  # of the largest operand
_MOVED = (
    1e-3  # by this part of a number, when inputs change in their last digits: too few of its own are sure
)

Values = Mapping[str, Any]  # parameters and step values by symbol
Index = tuple[int, ...]  # a cell of the result; with several results, which of them comes first


@dataclass(frozen=True)
class Step:
    """One step of a reference function."""

    name: str  # what reports call it: "row maximum"
    symbol: str  # how later steps read its value: "m"
    operands: tuple[str, ...]  # the symbols it reads, the main one first
    op: Callable[..., Any]  # its NumPy, called with the operands' values in order
    formula: str  # LaTeX
    plain: str  # the same for a terminal
    sentence: str
    # The arithmetic behind one cell of the final result; empty where the step plays no part in it.
    cell: Callable[[Values, Index], str]


@dataclass(frozen=True)
class Procedure:
    """A reference function: its parameters, its steps in order, and the symbols it returns."""

    function: str
    parameters: tuple[str, ...]
    steps: tuple[Step, ...]
    returns: tuple[str, ...]  # one symbol, or several where it returns a tuple
    by_chance: bool = field(default=False, kw_only=True)  # what is right depends on the global generators

    def values(self, *args: Any) -> dict[str, Any]:
        """Parameters and every step's value by symbol; raises whatever a step raises."""
        values: dict[str, Any] = dict(zip(self.parameters, args, strict=True))
        for step in self.steps:
            values[step.symbol] = step.op(*(values[symbol] for symbol in step.operands))
        return values

    def __call__(self, *args: Any) -> Any:
        """The result, an array or a tuple of arrays, as the plain function returns it."""
        values = self.values(*args)
        if len(self.returns) == 1:
            return values[self.returns[0]]
        return tuple(values[symbol] for symbol in self.returns)

    def step(self, name: str) -> Step:
        """The step of this name; KeyError where there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(f"{self.function} has no step {name!r}: {[step.name for step in self.steps]}")

    def replacing(
        self, name: str, op: Callable[..., Any], *, operands: tuple[str, ...] | None = None
    ) -> Procedure:
        """The same procedure with another operation (and other operands, if given) in the step of this name."""
        old = self.step(name)
        new = replace(old, op=op, operands=old.operands if operands is None else operands)
        return replace(self, steps=tuple(new if step is old else step for step in self.steps))

    def changing(self, name: str) -> Callable[..., Procedure]:
        """For several mistakes in one step: gives the procedure with the operation that it is called with.

        What follows the operation are the symbols that it reads, where these are others than the step's own.
        """

        def changed(op: Callable[..., Any], *operands: str) -> Procedure:
            return self.replacing(name, op, operands=operands or None)

        return changed

    def replacing_each(self, names: Iterable[str], op: Callable[..., Any]) -> Procedure:
        """The same procedure with one other operation in all the steps of these names."""
        changed = self
        for name in names:
            changed = changed.replacing(name, op)
        return changed

    def settled(self, *args: Any) -> dict[str, Any]:
        """`values` to be read: 0 where the last digits are all there is, as in a sum whose terms cancel out."""
        with np.errstate(all="ignore"):
            values, others = self.values(*args), self.values(*map(nudged, args))
            for step in self.steps:
                value, other = values[step.symbol], others[step.symbol]
                if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                    near_zero = np.abs(value) < _NEAR_ZERO * max(
                        _largest(values[one]) for one in step.operands
                    )
                    moved = np.abs(value - other) > _MOVED * np.abs(value)
                    values[step.symbol] = np.where(near_zero & moved, 0.0, value)
        return values

    def worked(self, args: tuple[Any, ...], index: Index) -> tuple[WorkedStep, ...]:
        """The arithmetic behind cell `index` of the result, step by step; steps that play no part are left out."""
        values = self.settled(*args)
        worked = ((step, step.cell(values, index)) for step in self.steps)
        return tuple(
            WorkedStep(step.name, step.sentence, step.formula, step.plain, arithmetic)
            for step, arithmetic in worked
            if arithmetic
        )


@dataclass(frozen=True)
class Misconception:
    """A catalogued mistake: a function that computes its symptom, and words for the student.

    `symptom` is called like the student's function and may raise; an exception of the same class counts as
    the same result. It is usually `PROCEDURE.replacing(...)`.
    """

    id: str  # "softmax.wrong-axis"
    title: str  # in the student's words
    step: str | None  # name of the step that departs
    symptom: Callable[..., Any]
    why: str  # how it comes about, in two or three plain sentences
    look: str  # one line to run, by which a student can see it
    read: str  # what to read again: a heading of the lesson
    edge: bool = False  # shows on edge inputs alone: a finding of its own beside the first
    # Where no one symptom covers the mistake: whether a case, its outcome and whether that is right bear it out.
    fits: Callable[[Case, Outcome, bool], bool] | None = None
    # Where results alone cannot decide, because another mistake has the same on every input: a regular expression
    # that must be found in the student's source (without comments) for this one to be named.
    telltale: str = ""
    # What the first hint says where hints come rung by rung, such as "The size of the scores is off": what is wrong with
    # the result, and nothing of how it came about. Empty: what can be seen of the numbers.
    off: str = ""
    question: str = ""  # one "why?" to answer for oneself
    # Its title where it is told of another function that shares the step; empty: the same; None: it is told of none.
    elsewhere: str | None = ""

    def also(self, *symptoms: Callable[..., Any], **changes: Any) -> tuple[Misconception, ...]:
        """This misconception, and the same one with each of these symptoms: other ways to make the mistake.

        `changes` are fields in which those other ways differ, such as the step.
        """
        return (self, *(replace(self, symptom=symptom, **changes) for symptom in symptoms))


def number(x: float) -> str:
    """A number as the pages show it: four significant digits, a true minus sign."""
    if np.isneginf(x):
        return "−∞"
    if np.isposinf(x):
        return "∞"
    if np.isnan(x):
        return "nan"
    text = f"{certain(float(x)):.4g}"
    return text.replace("-", "−")


def operand(x: float) -> str:
    """A number on the right of a sign: a negative one in parentheses."""
    text = number(x)
    return f"({text})" if text.startswith("−") else text


def row(vector: Array, *, most: int = 8) -> str:
    """The numbers of a vector in a line, such as `0.5, 1, −2`; the middle is left out if long."""
    return ", ".join(_clipped([number(x) for x in vector], most))


def total(vector: Array, *, most: int = 8) -> str:
    """The sum of a vector written out, such as `0.5 + 1 + (−2) = −0.5`; the middle is left out if long."""
    terms = [number(x) if place == 0 else operand(x) for place, x in enumerate(vector)]
    return f"{' + '.join(_clipped(terms, most)) or '0'} = {number(certain(float(np.sum(vector)), vector))}"


def dot(left: Array, right: Array, *, most: int = 8) -> str:
    """The dot product of two vectors written out, such as `0.5·2 + 1·3 = 4`; the middle is left out if long."""
    signed = [number(a) if place == 0 else operand(a) for place, a in enumerate(left)]
    terms = [f"{a}·{operand(b)}" for a, b in zip(signed, right, strict=True)]
    products = np.multiply(left, right)
    result = certain(float(np.sum(products)), products)
    return f"{' + '.join(_clipped(terms, most)) or '0'} = {number(result)}"


def _largest(operand: Any) -> float:
    """The largest finite number of an array, without sign; 0 for anything else."""
    if not isinstance(operand, np.ndarray) or operand.dtype.kind not in "biuf":
        return 0.0
    return float(np.max(np.abs(operand[np.isfinite(operand)]), initial=0.0))


def _clipped(terms: list[str], most: int) -> list[str]:
    if len(terms) <= most:
        return terms
    return [*terms[: most // 2], "…", *terms[-(most // 2) :]]
