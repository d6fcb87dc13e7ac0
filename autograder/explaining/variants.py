"""Mistakes that nobody listed: a reference with one step changed, generated from the steps, told in words.

A step can be left out, run along another axis, take another operand or a flipped one, give its result flipped,
rounded, or times a constant, or be another operation of its kind. Which of these a student made is decided by
results (`search.py`); here they are only made. What was listed for another function counts too, where the two
share a step: attention scales as the scores do.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.course.rounding import rounded
from autograder.course.steps import Misconception, Procedure, Step, Values
from autograder.records import Array, Case

Op = Callable[..., Any]


@dataclass(frozen=True)
class Variant:
    """The reference with one step changed, or with a group of steps changed alike."""

    procedure: Procedure
    step: str  # name of the first changed step
    how: str  # one plain sentence
    of_a_part: bool = True  # False: listed for a longer function, of which this one is a part


def changed_steps(procedure: Procedure, reference: Procedure) -> tuple[str, ...]:
    """The symbols of the steps in which a procedure differs from the reference it was made from."""
    return tuple(
        own.symbol
        for own, due in zip(procedure.steps, reference.steps, strict=True)
        if own is not due and own != due
    )


def composed(one: Procedure, other: Procedure, reference: Procedure) -> Procedure | None:
    """Both changes at once; None where they change the same step."""
    theirs = set(changed_steps(other, reference))
    if not theirs or theirs.intersection(changed_steps(one, reference)):
        return None
    steps = zip(one.steps, other.steps, strict=True)
    return replace(one, steps=tuple(right if right.symbol in theirs else left for left, right in steps))


def variants(procedure: Procedure, cases: Sequence[Case], lent: Sequence[Variant] = ()) -> list[Variant]:
    """All variants of a procedure, the plainest first; `cases` tell how many dimensions its values have.

    `lent` are those that are listed for other functions: plainer than most that are generated.
    """
    cases = [case for case in cases if case.kind == "ordinary"]
    samples = [procedure.values(*case.args) for case in cases]
    made: list[Variant] = []
    for kind in (_left_out, _swapped, _flipped_operands, _flipped_results, _other_operands):
        made += kind(procedure, samples)
    made += lent
    made += _alike(procedure, samples)
    for kind in (
        _other_operations,
        _other_axes,
        _stopped_early,
        _partial_sums,
        _later,
        _with_input,
        _times_a_size,
        _adjusted,
        _twice,
    ):
        made += kind(procedure, samples)
    return made


def borrowed(
    procedure: Procedure, others: Mapping[str, tuple[Procedure, Sequence[Misconception]]]
) -> list[Variant]:
    """The mistakes catalogued for other functions, in the steps that this one shares with them."""
    found = []
    for other, misconceptions in others.values():
        if other.function == procedure.function:
            continue
        ours = _counterparts(other, procedure)
        for misconception in misconceptions:
            if misconception.edge or not isinstance(misconception.symptom, Procedure):
                continue
            moved = _moved(misconception.symptom, other, procedure, ours)
            if moved is not None:
                first, changed = moved
                ours_changed = {
                    step.name for step in changed.steps if step.symbol in changed_steps(changed, procedure)
                }
                step = misconception.step if misconception.step in ours_changed else first
                is_part = len(other.steps) <= len(procedure.steps)
                found.append(Variant(changed, step, f"{misconception.title}.", is_part))
    return found


def _counterparts(other: Procedure, procedure: Procedure) -> dict[str, str]:
    """Which of our symbols plays the part of each of theirs: parameters by name, steps by name and operation."""
    ours = {name: name for name in other.parameters if name in procedure.parameters}
    mine = {step.name: step for step in procedure.steps}
    for theirs in other.steps:
        own = mine.get(theirs.name)
        if own is not None and _same_operation(own.op, theirs.op):
            ours[theirs.symbol] = own.symbol
            ours |= dict(zip(theirs.operands, own.operands, strict=True))
    return ours


def _same_operation(one: Op, other: Op) -> bool:
    """Whether two operations are one and the same; each unit's material has functions of its own."""
    if one is other:
        return True
    names = [
        (getattr(op, "__module__", None), getattr(op, "__qualname__", "<unnamed>")) for op in (one, other)
    ]
    return names[0] == names[1] and "<" not in names[0][1]


def _moved(
    symptom: Procedure, other: Procedure, procedure: Procedure, ours: Mapping[str, str]
) -> tuple[str, Procedure] | None:
    """A change of another function's steps made in ours; None where a step or operand has no counterpart."""
    changed = procedure
    names = changed_steps(symptom, other)
    for step in symptom.steps:
        if step.symbol not in names:
            continue
        if step.symbol not in ours or any(symbol not in ours for symbol in step.operands):
            return None
        (own,) = (one for one in procedure.steps if one.symbol == ours[step.symbol])
        operands = tuple(ours[symbol] for symbol in step.operands)
        if not _known_before(procedure, own, operands):
            return None
        changed = changed.replacing(own.name, step.op, operands=operands)
    first = next((step.name for step in symptom.steps if step.symbol in names), None)
    return None if first is None else (first, changed)


def _known_before(procedure: Procedure, step: Step, operands: Iterable[str]) -> bool:
    return set(operands) <= set(_before(procedure, step))


# ---------------------------------------------------------------------------------------------- the kinds
# Each takes the procedure and the step values of a few inputs, and gives its variants.


def _left_out(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        for operand in step.operands[:2]:
            if _all_arrays(samples, operand):
                rest = "" if operand == step.operands[0] else f": {_what(procedure, operand)} is handed on"
                changed = procedure.replacing(step.name, _same, operands=(operand,))
                yield Variant(changed, step.name, f"The step “{step.name}” is left out{rest}.")


def _swapped(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        if len(step.operands) == 2:
            changed = procedure.replacing(step.name, step.op, operands=step.operands[::-1])
            how = f"In the step “{step.name}” {_both(procedure, step)} have changed places."
            yield Variant(changed, step.name, how)


def _flipped_operands(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        matrices = [
            place
            for place, symbol in enumerate(step.operands)
            if _least_dimensions(samples, symbol) >= 2 and not _gives_its_size_alone(step, place, samples)
        ]
        for places in itertools.chain(((place,) for place in matrices), itertools.combinations(matrices, 2)):
            which = " and ".join(_what(procedure, step.operands[place]) for place in places)
            # Whoever forgot to flip it would not know it as flipped.
            lies, their = ("lies", "its") if len(places) == 1 else ("lie", "their")
            yield Variant(
                procedure.replacing(step.name, _with_flipped(step.op, places)),
                step.name,
                f"In the step “{step.name}” {which} {lies} the wrong way: {their} rows should be {their} columns.",
            )
        for place in matrices:
            what = _what(procedure, step.operands[place])
            yield Variant(
                procedure.replacing(step.name, _with_reshaped(step.op, place)),
                step.name,
                f"In the step “{step.name}” {what} is reshaped where it should be flipped: each number then stands elsewhere.",
            )


def _flipped_results(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        if _least_dimensions(samples, step.symbol) >= 2:
            how = f"The result of the step “{step.name}” is flipped, so that its rows and columns change places."
            yield Variant(procedure.replacing(step.name, _then(step.op, _flipped)), step.name, how)


def _alike(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """Steps that do the same with different operands, as a helper does that all of them call, changed alike."""
    groups: dict[tuple[int, str], list[Step]] = {}
    for step in procedure.steps:
        groups.setdefault((id(step.op), step.operands[0]), []).append(step)
    for group in groups.values():
        if len(group) < 2:
            continue
        names = [f"“{step.name}”" for step in group]
        together = f"steps {', '.join(names[:-1])} and {names[-1]}"
        for kind in (_partial_sums, _adjusted):
            made = list(kind(procedure, samples))
            each = [[variant for variant in made if variant.step == step.name] for step in group]
            for alike in zip(*each, strict=True):
                changed: Procedure | None = alike[0].procedure
                for variant in alike[1:]:
                    changed = None if changed is None else composed(changed, variant.procedure, procedure)
                if changed is not None:
                    how = alike[0].how.replace("The result of the step", "The result of each of the step", 1)
                    yield Variant(changed, alike[0].step, how.replace(f"step {names[0]}", together, 1))


_SIBLINGS: tuple[tuple[Op, str], ...] = (
    (np.add, "adds"),
    (np.subtract, "subtracts"),
    (np.multiply, "multiplies entry by entry"),
    (np.divide, "divides"),
    (np.floor_divide, "divides and drops the decimals"),
    (np.power, "takes a power"),
)
_FOLDS: tuple[tuple[Op, str], ...] = (
    (np.sum, "adds up"),
    (np.mean, "takes the mean"),
    (np.max, "takes the largest"),
    (np.min, "takes the smallest"),
    (np.median, "takes the median"),
    (np.prod, "multiplies all"),
    (np.linalg.norm, "takes the length"),
    (np.std, "takes the standard deviation"),
)
_OF_ONE: tuple[tuple[Op, str], ...] = (
    (np.exp2, "a power of 2"),
    (np.expm1, "the exponential less 1"),
    (np.exp, "the exponential"),
    (np.log1p, "a logarithm"),
    (np.square, "the square"),
    (np.tanh, "the hyperbolic tangent"),
    (np.abs, "the absolute value"),
)


def _other_operations(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        where = f"The step “{step.name}”"
        if len(step.operands) == 2 and all(_all_arrays(samples, symbol) for symbol in step.operands):
            known = next((does for op, does in _SIBLINGS if op is step.op), "")
            for op, does in _SIBLINGS:
                if op is not step.op:
                    how = f"{where} {does}, where it should {_bare(known)}." if known else f"{where} {does}."
                    yield Variant(procedure.replacing(step.name, op), step.name, how)
        if len(step.operands) == 1 and _folds(step, samples):
            for op, does in _FOLDS:
                fold = _along(op, -1)
                yield Variant(procedure.replacing(step.name, fold), step.name, f"{where} {does} of each row.")
        if len(step.operands) == 1 and step.op in [op for op, _ in _OF_ONE]:
            for op, does in _OF_ONE:
                if op is not step.op:
                    yield Variant(procedure.replacing(step.name, op), step.name, f"{where} takes {does}.")


def _other_axes(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """Folds along another axis: one of them alone, then all of them together, as a whole softmax would."""
    folding = [step for step in procedure.steps if len(step.operands) == 1 and _folds(step, samples)]
    groups = [(step,) for step in folding] + ([tuple(folding)] if len(folding) > 1 else [])
    for group in groups:
        most = max(np.ndim(values[group[0].operands[0]]) for values in samples)
        # A shift that is the same down a whole column changes nothing there: only the last of them is known to do it.
        last = group[-1].name
        subject = f"The step “{last}” runs"
        for axis, along in ((-2, _down), (0, _over_first), (None, _over_all)):
            if axis == 0 and most < 3:
                continue
            changed = procedure
            for step in group:
                changed = changed.replacing(step.name, _moved_axis(step.op, axis))
            yield Variant(changed, last, f"{subject} {along}, not along the rows.")
        changed = procedure
        for step in group:
            changed = changed.replacing(step.name, _then(step.op, _flat))
        yield Variant(changed, last, f"{subject} into a flat list, which then meets the columns.")


_down, _over_first, _over_all = "down the columns", "along the first axis", "over all numbers at once"


def _other_operands(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        known = [symbol for symbol in _before(procedure, step) if _all_arrays(samples, symbol)]
        for place, due in enumerate(step.operands):
            # Another array's size is told as a size.
            if not _all_arrays(samples, due) or _gives_its_size_alone(step, place, samples):
                continue
            for symbol in known:
                if symbol == due:
                    continue
                operands = (*step.operands[:place], symbol, *step.operands[place + 1 :])
                changed = procedure.replacing(step.name, step.op, operands=operands)
                taken, wanted = _what(procedure, symbol), _what(procedure, due)
                how = f"The step “{step.name}” takes {taken}, where {wanted} is due."
                yield Variant(changed, step.name, how)


_TERMS: tuple[tuple[slice, str], ...] = (
    (slice(1, None), "the first column of {} plays no part"),
    (slice(None, -1), "the last column of {} plays no part"),
    (slice(-1, None), "only the last column of {} counts: the products before it are lost, not added up"),
    (slice(None, 1), "only the first column of {} counts: the products after it are not added"),
)


def _partial_sums(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """Products of matrices in which terms are left out, as a loop does that starts late, stops early or overwrites."""
    for step in procedure.steps:
        if len(step.operands) != 2 or not all(
            _least_dimensions(samples, symbol) >= 2 for symbol in step.operands
        ):
            continue
        if all(
            np.shape(values[step.symbol])[-1:] == np.shape(values[step.operands[0]])[-1:]
            for values in samples
        ):
            continue  # entry by entry
        for kept, told in _TERMS:
            how = f"In the step “{step.name}” {told.format(_what(procedure, step.operands[0]))}."
            yield Variant(procedure.replacing(step.name, _with_terms(step.op, kept)), step.name, how)


def _later(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """A step that changes numbers by what the inputs say, done after another one instead."""
    for place, step in enumerate(procedure.steps):
        rest = step.operands[1:]
        if not rest or not set(rest) <= set(procedure.parameters) or not _keeps_shape(step, samples):
            continue
        without = procedure.replacing(step.name, _same, operands=step.operands[:1])
        for later in procedure.steps[place + 1 :]:
            changed = without.replacing(
                later.name,
                _followed(later.op, len(later.operands), step.op),
                operands=(*later.operands, *rest),
            )
            how = f"The step “{step.name}” comes too late, after the step “{later.name}”."
            yield Variant(changed, step.name, how)


def _with_input(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    last = procedure.steps[-1]
    if len(procedure.returns) != 1 or not _all_arrays(samples, last.symbol):
        return
    for parameter in procedure.parameters:
        if _all_arrays(samples, parameter) and any(
            np.shape(values[parameter]) == np.shape(values[last.symbol]) for values in samples
        ):
            changed = procedure.replacing(
                last.name,
                _followed(last.op, len(last.operands), np.add),
                operands=(*last.operands, parameter),
            )
            yield Variant(
                changed, last.name, f"The result of the step “{last.name}” has `{parameter}` added to it."
            )


def _stopped_early(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    if len(procedure.returns) != 1:
        return
    last = procedure.steps[-1]
    for step in procedure.steps[:-1]:
        changed = procedure.replacing(last.name, _same, operands=(step.symbol,))
        yield Variant(
            changed,
            last.name,
            f"It returns the result of the step “{step.name}”: the steps after it are missing.",
        )


_BY_SIZE: tuple[tuple[Callable[[int], float], str], ...] = (
    (lambda size: size**-0.5, "divided by the square root of"),
    (lambda size: size**0.5, "multiplied by the square root of"),
    (lambda size: 1.0 / size, "divided by"),
    (float, "multiplied by"),
    (lambda size: float(np.cbrt(1.0 / size)), "divided by the third root of"),
    (lambda size: size**-2.0, "divided by the square of"),
    (lambda size: 1.0 / np.log(size), "divided by the logarithm of"),
    (lambda size: 1.0 / np.log2(size), "divided by the logarithm to base 2 of"),
    (lambda size: 1.0 / (size + 1), "divided by 1 more than"),
    (lambda size: 1.0 / (size - 1), "divided by 1 less than"),
    (lambda size: (size + 1) ** -0.5, "divided by the square root of 1 more than"),
    (lambda size: (size - 1) ** -0.5, "divided by the square root of 1 less than"),
)


def _times_a_size(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """A size of the inputs in the place of what a step does, then on top of it."""
    sizes = _sizes(procedure, samples)
    for step in procedure.steps:
        if not _keeps_shape(step, samples):
            continue
        for (parameter, axis, size), (factor, told) in itertools.product(sizes, _BY_SIZE):
            operands = (step.operands[0], parameter)
            changed = procedure.replacing(step.name, _times_size(_same, axis, factor), operands=operands)
            what = _what(procedure, step.operands[0])
            yield Variant(changed, step.name, f"In the step “{step.name}” {what} is {told} {size}.")
    for step in reversed(procedure.steps):
        if not _all_arrays(samples, step.symbol):
            continue
        for (parameter, axis, size), (factor, told) in itertools.product(sizes, _BY_SIZE[:4]):
            changed = procedure.replacing(
                step.name, _times_size(step.op, axis, factor), operands=(*step.operands, parameter)
            )
            yield Variant(changed, step.name, f"The result of the step “{step.name}” is {told} {size}.")


def _adjusted(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    # A factor goes through the steps after it: the last place where it fits is the plainest.
    for step in reversed(procedure.steps):
        if _all_arrays(samples, step.symbol):
            for factor, told in _FACTORS:
                how = f"The result of the step “{step.name}” {told}."
                yield Variant(procedure.replacing(step.name, _then(step.op, _times(factor))), step.name, how)
    for step in procedure.steps:
        if _all_arrays(samples, step.symbol):
            is_list = all(np.ndim(values[step.symbol]) == 1 for values in samples)
            for after, told in _LIST_ADJUSTMENTS if is_list else _ADJUSTMENTS:
                how = f"The result of the step “{step.name}” {told}."
                yield Variant(procedure.replacing(step.name, _then(step.op, after)), step.name, how)


def _twice(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        if _all_arrays(samples, step.operands[0]):
            how = f"The step “{step.name}” is done twice."
            yield Variant(procedure.replacing(step.name, _done_twice(step.op)), step.name, how)


# -------------------------------------------------------------------------------- what is done to an array


def _times(factor: float) -> Op:
    return lambda result: result * factor


def _plus(term: float) -> Op:
    return lambda result: result + term


def _settled(result: Array) -> Array:
    """A result without its last digits, which decide on which side of a step a number lies that is on its edge."""
    return rounded(result, 1e-9 * float(np.max(np.abs(result), initial=0.0, where=np.isfinite(result))))


def _rounded(decimals: int) -> Op:
    return lambda result: np.round(_settled(result), decimals)


_FACTORS: tuple[tuple[float, str], ...] = (
    (-1, "has the wrong sign"),  # a whole number stays one
    (2.0, "is doubled"),
    (0.5, "is halved"),
    (10.0, "is 10 times too large"),
    (0.1, "is 10 times too small"),
    (100.0, "is 100 times too large"),
    (0.01, "is 100 times too small"),
)
_OF_ANY: tuple[tuple[Op, str], ...] = (
    (_plus(1.0), "is 1 too large"),
    (_plus(-1.0), "is 1 too small"),
    *((_rounded(decimals), f"is rounded to {decimals} decimal places") for decimals in (4, 3, 2, 1)),
    (_rounded(0), "is rounded to whole numbers"),
    (lambda result: np.trunc(_settled(result)), "has lost its decimals"),
    (lambda result: np.floor(_settled(result)), "is rounded down"),
    (lambda result: np.asarray(result, np.float16).astype(float), "has only half precision"),
    (np.abs, "has lost its signs"),
    (lambda result: np.maximum(result, 0), "has its negative numbers replaced by 0"),
    (lambda result: np.clip(result, 0, 1), "is cut to the range from 0 to 1"),
    (np.square, "is squared"),
    (np.sqrt, "has its square root taken"),
    (np.exp, "has its exponential taken"),
    (np.log, "has its logarithm taken"),
    (_plus(1e-8), "has a small number added"),
    (_plus(1e-6), "has a small number added"),
    (_plus(1e-3), "has a small number added"),
)
_LIST_ADJUSTMENTS: tuple[tuple[Op, str], ...] = (
    *_OF_ANY,
    (lambda result: result[::-1], "is in reverse order"),
    (np.sort, "is sorted"),
    (np.cumsum, "is added up as it goes"),
)
_ADJUSTMENTS: tuple[tuple[Op, str], ...] = (
    *_OF_ANY,
    (lambda result: result[..., ::-1], "has its columns in reverse order"),
    (lambda result: result[::-1], "has its rows in reverse order"),
    (lambda result: np.sort(result, axis=-1), "has each row sorted"),
    (lambda result: np.cumsum(result, axis=-1), "is added up along each row as it goes"),
    (lambda result: _triangle(np.tril, result), "has all above its diagonal set to 0"),
    (lambda result: _triangle(np.triu, result), "has all below its diagonal set to 0"),
    (lambda result: result - result.mean(axis=-1, keepdims=True), "has the mean of each row taken away"),
    (
        lambda result: result / np.linalg.norm(result, axis=-1, keepdims=True),
        "has each row divided by its length",
    ),
    (lambda result: result / result.sum(axis=-1, keepdims=True), "has each row divided by its sum"),
)


def _same(value: Any) -> Any:
    return value


def _flipped(value: Array) -> Array:
    return np.swapaxes(value, -1, -2)


def _triangle(part: Op, value: Array) -> Any:
    """A triangle of a table; NumPy would make a table of a list."""
    return part(value) if np.ndim(value) > 1 else value


def _flat(value: Array) -> Array:
    return value[..., 0]


def _then(op: Op, after: Op) -> Op:
    return lambda *args: after(op(*args))


def _with_flipped(op: Op, places: Sequence[int]) -> Op:
    return lambda *args: op(*(_flipped(arg) if place in places else arg for place, arg in enumerate(args)))


def _with_reshaped(op: Op, place: int) -> Op:
    """What comes of a reshape to the flipped shape, which keeps the numbers in their order."""

    def changed(*args: Array) -> Any:
        matrix = args[place]
        flipped_shape = (*matrix.shape[:-2], matrix.shape[-1], matrix.shape[-2])
        return op(*args[:place], _flipped(matrix.reshape(flipped_shape)), *args[place + 1 :])

    return changed


def _followed(op: Op, count: int, after: Op) -> Op:
    """`op` on the first `count` arguments, and `after` on its result and the others."""
    return lambda *args: after(op(*args[:count]), *args[count:])


def _with_terms(op: Op, kept: slice) -> Op:
    """A product in which some columns of the first operand count as 0."""

    def changed(first: Array, *rest: Array) -> Any:
        terms = np.zeros_like(first)
        terms[..., kept] = first[..., kept]
        return op(terms, *rest)

    return changed


def _done_twice(op: Op) -> Op:
    return lambda first, *rest: op(op(first, *rest), *rest)


def _along(op: Op, axis: int) -> Op:
    return lambda value: op(value, axis=axis, keepdims=True)


def _moved_axis(op: Op, axis: int | None) -> Op:
    """`op`, which folds the last axis, along another one; None: over all numbers."""

    def moved(value: Array) -> Array:
        if axis is None:
            return np.reshape(op(value.reshape(1, -1)), (1,) * value.ndim)
        return np.swapaxes(op(np.swapaxes(value, -1, axis)), -1, axis)

    return moved


def _times_size(op: Op, axis: int, factor: Callable[[int], float]) -> Op:
    return lambda *args: op(*args[:-1]) * factor(np.shape(args[-1])[axis])


# ------------------------------------------------------------------------------------------ about the steps


def _before(procedure: Procedure, step: Step) -> list[str]:
    """The symbols that are known when a step begins."""
    known = list(procedure.parameters)
    for earlier in procedure.steps:
        if earlier.symbol == step.symbol:
            return known
        known.append(earlier.symbol)
    return known


def _what(procedure: Procedure, symbol: str) -> str:
    """A value in words: a parameter by its name, a step's result by the step's."""
    for step in procedure.steps:
        if step.symbol == symbol:
            return f"the result of “{step.name}”"
    return f"`{symbol}`"


def _both(procedure: Procedure, step: Step) -> str:
    return " and ".join(_what(procedure, symbol) for symbol in step.operands)


def _bare(verb: str) -> str:
    """ "subtracts" as it stands after "should"."""
    first, _, rest = verb.partition(" ")
    return f"{first.removesuffix('s') if not first.endswith('ies') else first[:-3] + 'y'} {rest}".strip()


def _all_arrays(samples: Sequence[Values], symbol: str) -> bool:
    return all(isinstance(values[symbol], np.ndarray) for values in samples)


def _least_dimensions(samples: Sequence[Values], symbol: str) -> int:
    return min(np.ndim(values[symbol]) for values in samples) if _all_arrays(samples, symbol) else 0


def _keeps_shape(step: Step, samples: Sequence[Values]) -> bool:
    """Whether a step changes numbers and nothing else about its first operand."""
    return _all_arrays(samples, step.operands[0]) and all(
        np.shape(values[step.symbol]) == np.shape(values[step.operands[0]]) for values in samples
    )


def _gives_its_size_alone(step: Step, place: int, samples: Sequence[Values]) -> bool:
    """Whether the numbers of an operand play no part in a step."""
    for values in samples:
        operands = [values[symbol] for symbol in step.operands]
        operands[place] = np.zeros_like(operands[place])
        if len(operands) < 2 or not np.array_equal(step.op(*operands), values[step.symbol]):
            return False
    return True


def _folds(step: Step, samples: Sequence[Values]) -> bool:
    """Whether a step makes one number of each row."""
    return _all_arrays(samples, step.operands[0]) and all(
        np.shape(values[step.symbol]) == (*np.shape(values[step.operands[0]])[:-1], 1) for values in samples
    )


def _sizes(procedure: Procedure, samples: Sequence[Values]) -> list[tuple[str, int, str]]:
    """The sizes that differ from each other on some input: a parameter, its axis, and words for it."""
    found: dict[tuple[int, ...], tuple[str, int, str]] = {}
    for parameter in procedure.parameters:
        dimensions = {np.ndim(values[parameter]) for values in samples}
        least = min(dimensions) if _all_arrays(samples, parameter) else 0
        for axis in range(-least, 0):
            sizes = tuple(values[parameter].shape[axis] for values in samples)
            if set(sizes) != {1}:
                found.setdefault(sizes, (parameter, axis, _size_in_words(parameter, axis, least)))
    return list(found.values())


def _size_in_words(parameter: str, axis: int, dimensions: int) -> str:
    places = {-1: "columns", -2: "rows", -3: "tables"}
    return f"the number of {places.get(axis, 'blocks')} of `{parameter}`"
