"""Mistakes that nobody listed: a reference with one step changed, generated from the steps, told in words.

A step can be left out, run along another axis, take another operand or a flipped one, give its result flipped,
rounded, or times a constant, or be another operation of its kind. Which of these a student made is decided by
results (`search.py`); here they are only made. What was listed for another function counts too, where the two
share a step: attention scales as the scores do.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from autograder.course.steps import Procedure, Step, Values
from autograder.explaining import operations
from autograder.explaining.changes import Variant, composed, known_before
from autograder.explaining.samples import (
    all_arrays,
    differing_sizes,
    folds,
    gives_its_size_alone,
    keeps_shape,
    least_dimensions,
)
from autograder.records import Case


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


# ---------------------------------------------------------------------------------------------- the kinds
# Each takes the procedure and the step values of a few inputs, and gives its variants.


def _left_out(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        for operand in step.operands[:2]:
            if all_arrays(samples, operand):
                rest = "" if operand == step.operands[0] else f": {_what(procedure, operand)} is handed on"
                changed = procedure.replacing(step.name, operations.unchanged, operands=(operand,))
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
            if least_dimensions(samples, symbol) >= 2 and not gives_its_size_alone(step, place, samples)
        ]
        for places in itertools.chain(((place,) for place in matrices), itertools.combinations(matrices, 2)):
            which = " and ".join(_what(procedure, step.operands[place]) for place in places)
            # Whoever forgot to flip it would not know it as flipped.
            lies, their = ("lies", "its") if len(places) == 1 else ("lie", "their")
            yield Variant(
                procedure.replacing(step.name, operations.with_flipped(step.op, places)),
                step.name,
                f"In the step “{step.name}” {which} {lies} the wrong way: {their} rows should be {their} columns.",
            )
        for place in matrices:
            what = _what(procedure, step.operands[place])
            yield Variant(
                procedure.replacing(step.name, operations.with_reshaped(step.op, place)),
                step.name,
                f"In the step “{step.name}” {what} is reshaped where it should be flipped: each number then stands elsewhere.",
            )


def _flipped_results(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        if least_dimensions(samples, step.symbol) >= 2:
            how = f"The result of the step “{step.name}” is flipped, so that its rows and columns change places."
            yield Variant(
                procedure.replacing(step.name, operations.then(step.op, operations.flipped)), step.name, how
            )


def _alike(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """Steps that do the same with different operands, as a helper does that all of them call, changed alike."""
    groups: dict[tuple[Hashable, str], list[Step]] = {}
    for step in procedure.steps:
        what = step.op if isinstance(step.op, Hashable) else id(step.op)
        groups.setdefault((what, step.operands[0]), []).append(step)
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


def _other_operations(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        where = f"The step “{step.name}”"
        if len(step.operands) == 2 and all(all_arrays(samples, symbol) for symbol in step.operands):
            known = next((does for op, does in operations.SIBLINGS if op is step.op), "")
            for op, does in operations.SIBLINGS:
                if op is not step.op:
                    how = f"{where} {does}, where it should {_bare(known)}." if known else f"{where} {does}."
                    yield Variant(procedure.replacing(step.name, op), step.name, how)
        if len(step.operands) == 1 and folds(step, samples):
            for op, does in operations.FOLDS:
                fold = operations.along(op, -1)
                yield Variant(procedure.replacing(step.name, fold), step.name, f"{where} {does} of each row.")
        if len(step.operands) == 1 and step.op in [op for op, _ in operations.OF_ONE]:
            for op, does in operations.OF_ONE:
                if op is not step.op:
                    yield Variant(procedure.replacing(step.name, op), step.name, f"{where} takes {does}.")


def _other_axes(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """Folds along another axis: one of them alone, then all of them together, as a whole softmax would."""
    folding = [step for step in procedure.steps if len(step.operands) == 1 and folds(step, samples)]
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
                changed = changed.replacing(step.name, operations.moved_axis(step.op, axis))
            yield Variant(changed, last, f"{subject} {along}, not along the rows.")
        changed = procedure
        for step in group:
            changed = changed.replacing(step.name, operations.then(step.op, operations.flat))
        # The list is right: what goes wrong is the step that it meets.
        meets = next((step.name for step in procedure.steps if group[-1].symbol in step.operands), last)
        yield Variant(changed, meets, f"{subject} into a flat list, which then meets the columns.")


_down, _over_first, _over_all = "down the columns", "along the first axis", "over all numbers at once"


def _other_operands(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        known = [symbol for symbol in known_before(procedure, step) if all_arrays(samples, symbol)]
        for place, due in enumerate(step.operands):
            # Another array's size is told as a size.
            if not all_arrays(samples, due) or gives_its_size_alone(step, place, samples):
                continue
            for symbol in known:
                if symbol == due:
                    continue
                operands = (*step.operands[:place], symbol, *step.operands[place + 1 :])
                changed = procedure.replacing(step.name, step.op, operands=operands)
                taken, wanted = _what(procedure, symbol), _what(procedure, due)
                how = f"The step “{step.name}” takes {taken}, and should take {wanted}."
                yield Variant(changed, step.name, how)


def _partial_sums(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """Products of matrices in which terms are left out, as a loop does that starts late, stops early or overwrites."""
    for step in procedure.steps:
        if len(step.operands) != 2 or not all(
            least_dimensions(samples, symbol) >= 2 for symbol in step.operands
        ):
            continue
        if all(
            np.shape(values[step.symbol])[-1:] == np.shape(values[step.operands[0]])[-1:]
            for values in samples
        ):
            continue  # entry by entry
        for kept, told in operations.TERMS:
            how = f"In the step “{step.name}” {told.format(_what(procedure, step.operands[0]))}."
            yield Variant(
                procedure.replacing(step.name, operations.with_terms(step.op, kept)), step.name, how
            )


def _later(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """A step that changes numbers by what the inputs say, done after another one instead."""
    for place, step in enumerate(procedure.steps):
        rest = step.operands[1:]
        if not rest or not set(rest) <= set(procedure.parameters) or not keeps_shape(step, samples):
            continue
        without = procedure.replacing(step.name, operations.unchanged, operands=step.operands[:1])
        for later in procedure.steps[place + 1 :]:
            changed = without.replacing(
                later.name,
                operations.followed(later.op, len(later.operands), step.op),
                operands=(*later.operands, *rest),
            )
            how = f"The step “{step.name}” comes too late, after the step “{later.name}”."
            yield Variant(changed, step.name, how)


def _with_input(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    last = procedure.steps[-1]
    if len(procedure.returns) != 1 or not all_arrays(samples, last.symbol):
        return
    for parameter in procedure.parameters:
        if all_arrays(samples, parameter) and any(
            np.shape(values[parameter]) == np.shape(values[last.symbol]) for values in samples
        ):
            changed = procedure.replacing(
                last.name,
                operations.followed(last.op, len(last.operands), np.add),
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
        changed = procedure.replacing(last.name, operations.unchanged, operands=(step.symbol,))
        yield Variant(
            changed,
            last.name,
            f"It returns the result of the step “{step.name}”: the steps after it are missing.",
        )


def _times_a_size(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    """A size of the inputs in the place of what a step does, then on top of it."""
    sizes = differing_sizes(procedure, samples)
    for step in procedure.steps:
        if not keeps_shape(step, samples):
            continue
        for (parameter, axis, size), (factor, told) in itertools.product(sizes, operations.BY_SIZE):
            operands = (step.operands[0], parameter)
            changed = procedure.replacing(
                step.name, operations.times_size(operations.unchanged, axis, factor), operands=operands
            )
            what = _what(procedure, step.operands[0])
            yield Variant(changed, step.name, f"In the step “{step.name}” {what} is {told} {size}.")
    for step in reversed(procedure.steps):
        if not all_arrays(samples, step.symbol):
            continue
        for (parameter, axis, size), (factor, told) in itertools.product(sizes, operations.BY_SIZE[:4]):
            changed = procedure.replacing(
                step.name, operations.times_size(step.op, axis, factor), operands=(*step.operands, parameter)
            )
            yield Variant(changed, step.name, f"The result of the step “{step.name}” is {told} {size}.")


def _adjusted(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    # A factor goes through the steps after it: the last place where it fits is the plainest.
    for step in reversed(procedure.steps):
        if all_arrays(samples, step.symbol):
            for factor, told in operations.FACTORS:
                how = f"The result of the step “{step.name}” {told}."
                yield Variant(
                    procedure.replacing(step.name, operations.then(step.op, operations.times(factor))),
                    step.name,
                    how,
                )
    for step in procedure.steps:
        if all_arrays(samples, step.symbol):
            is_list = all(np.ndim(values[step.symbol]) == 1 for values in samples)
            for after, told in operations.LIST_ADJUSTMENTS if is_list else operations.ADJUSTMENTS:
                how = f"The result of the step “{step.name}” {told}."
                yield Variant(procedure.replacing(step.name, operations.then(step.op, after)), step.name, how)


def _twice(procedure: Procedure, samples: Sequence[Values]) -> Iterator[Variant]:
    for step in procedure.steps:
        if all_arrays(samples, step.operands[0]):
            how = f"The step “{step.name}” is done twice."
            yield Variant(procedure.replacing(step.name, operations.done_twice(step.op)), step.name, how)


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
