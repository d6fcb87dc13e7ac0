"""The inputs of a function from the sizes and kinds of its arguments: ordinary ones, and those at the edges.

In ordinary cases all sizes differ, so that a transposed result or a wrong axis has another shape; one has them all
equal, because there a wrong axis raises no error. Then each size is 1 once, and entries are huge where they may be.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.course import drawing, patience
from autograder.course.modules import what
from autograder.course.shapes import Shape
from autograder.course.steps import Procedure
from autograder.data import Argument, Array
from autograder.records import Case, CaseKind

_SIZES: Final = (4, 3, 5, 2, 6, 7, 8, 9)
_EQUAL: Final = 4
_TRIED: Final = (150, 150, 150, 40)  # draws for each set of conditions, the strictest first
_SCALES: Final = (1.3, 0.8, 0.5, 2.0)
_WORDS: Final = ["apple", "bird", "cloud", "drum", "eagle", "forest", "garden", "hill", "island", "jacket", "kettle", "lemon", "meadow", "night", "ocean", "pepper", "river", "stone", "tiger", "umbrella", "valley", "window", "yarn", "zebra"]  # fmt: skip
_APART: Final = "rows of very different size"
_SAFE: Final = 0.5  # how near to the tolerance careless numbers may come, as a factor


@dataclass(frozen=True)
class _Plan:
    """One case before it is drawn."""

    name: str
    sizes: Mapping[str, int]
    leading: tuple[int, ...] = ()  # the axes that stand for "..."
    kind: CaseKind = "ordinary"


def cases(shapes: Sequence[Shape], reference: Procedure, rng: np.random.Generator) -> tuple[Case, ...]:
    """The structures of one family; RuntimeError where the reference takes none of the inputs drawn."""
    return tuple(_drawn(plan, shapes, reference, rng) for plan in _plans(shapes, rng))


def samples(shapes: Sequence[Shape]) -> list[tuple[Any, ...]]:
    """Arguments to look at, drawn without regard to what they tell: of two axes first, where that is open."""
    rng = np.random.default_rng(0)
    plans = [plan for plan in _plans(shapes, rng) if plan.kind == "ordinary"]
    return [_arguments(shapes, plan, rng, 1.0) for plan in plans]


def more(shapes: Sequence[Shape], many: int) -> Iterator[tuple[Any, ...]]:
    """As many other arguments, of any sizes that are allowed."""
    rng = np.random.default_rng(1)
    for _ in range(many):
        for plan in _plans(shapes, rng):
            sizes = {name: int(rng.integers(size, size + 3)) for name, size in plan.sizes.items()}
            yield _arguments(shapes, _Plan(plan.name, sizes, plan.leading, plan.kind), rng, 1.0)


def axes(shapes: Sequence[Shape]) -> dict[str, tuple[str, ...]]:
    """What the axes of each argument are called."""
    return {shape.parameter: shape.sizes for shape in shapes if shape.sizes and "..." not in shape.sizes}


# ------------------------------------------------------------------------------------------------- the plans


@dataclass(frozen=True)
class _Sizes:
    """The sizes that a function's arguments have by name, and how small they may be."""

    least: Mapping[str, int]
    free: tuple[int, ...]  # those to choose from, the first ones first

    @classmethod
    def of(cls, shapes: Sequence[Shape]) -> _Sizes:
        """The sizes of these arguments."""
        least = dict.fromkeys((name for shape in shapes for name in shape.names), 1)
        for shape in shapes:
            least |= {size: max(least.get(size, 1), number) for size, number in shape.least}
        fixed = {int(size) for shape in shapes for size in shape.sizes if size.isdigit()}
        return cls(least, tuple(size for size in (*_SIZES, *range(10, 30)) if size not in fixed))

    def distinct(self, order: Sequence[int]) -> dict[str, int]:
        """Another size for each, as far as they go by this order."""
        chosen: dict[str, int] = {}
        for place, (name, least) in enumerate(self.least.items()):
            wish = (*order[place:], *self.free)
            chosen[name] = next(size for size in wish if size >= least and size not in chosen.values())
        return chosen


def _plans(shapes: Sequence[Shape], rng: np.random.Generator) -> Iterator[_Plan]:
    sizes, open_ended = _Sizes.of(shapes), any("..." in shape.sizes for shape in shapes)
    names = list(sizes.least)
    if not names and not open_ended:
        yield from (_Plan(name, {}) for name in ("some values", "other values", "more values"))
        return

    def plan(
        name: str, chosen: Mapping[str, int], leading: tuple[int, ...] = (3,), kind: CaseKind = "ordinary"
    ) -> _Plan:
        return _Plan(name, chosen, leading if open_ended else (), kind)

    first = [int(size) for size in rng.permutation(sizes.free[: max(3, len(names))])]
    one, other = sizes.distinct(first), sizes.distinct(first[::-1])
    yield plan("all sizes different", one)
    yield plan("other sizes", other, (2,))
    if len(names) > 1 or open_ended:
        equal = max(_EQUAL, *sizes.least.values())
        yield plan("all sizes equal", dict.fromkeys(names, equal), (equal,))
    else:
        yield plan("a larger size", dict.fromkeys(names, max(9, *sizes.least.values(), 1)))
    if open_ended:
        yield plan("a single row", one, ())
        yield plan("a stack of tables", other, (2, 3))
    for name in names:
        if sizes.least[name] <= 1:
            yield plan(f"{name} is 1", {**one, name: 1}, kind="one-token")
    if any(shape.huge for shape in shapes):
        yield plan("huge entries", one, kind="huge")
    if any(shape.huge and len(shape.sizes) > 1 for shape in shapes):
        yield plan(_APART, one, (4,), kind="huge")


# -------------------------------------------------------------------------------------------------- the draws


def _drawn(plan: _Plan, shapes: Sequence[Shape], reference: Procedure, rng: np.random.Generator) -> Case:
    """The case with numbers that tell as much as they can: conditions that no draw meets are given up in turn."""
    failed: Counter[str] = Counter()
    vary = _still_probabilities(shapes) if any(shape.kind == "probabilities" for shape in shapes) else None

    def due(args: tuple[Any, ...]) -> Any:
        try:
            with patience.within(f"on the case “{plan.name}”"), np.errstate(all="ignore"):
                result = reference(*map(_copy, args))
        except Exception as error:
            failed[f"without an error ({what(error)})"] += 1
            return None
        if any(np.any(np.isnan(one)) or (one.size and np.all(np.isinf(one))) for one in _numbers(result)):
            failed["with a result of finite numbers"] += 1
            return None
        return result

    def holds(tells: Callable[[Any], bool]) -> Callable[..., bool]:
        def met(*args: Any) -> bool:
            result = due(args)
            return result is not None and tells(result)

        return met

    ladder: tuple[tuple[Callable[[Any], bool], bool], ...] = (
        (_tells, True),
        (_is_decided, True),
        (lambda result: True, True),
        (lambda result: True, False),
    )
    for (tells, steady), most in zip(ladder, _TRIED, strict=True):
        scales = iter(range(10**9))
        try:
            return drawing.drawn(
                plan.name,
                lambda scales=scales: _arguments(shapes, plan, rng, _SCALES[next(scales) % len(_SCALES)]),  # type: ignore[misc]
                holds(tells),
                of=reference if steady else None,
                kind=plan.kind,
                vary=vary,
                most=most,
            )
        except RuntimeError:
            continue
    why = failed.most_common(1)[0][0] if failed else "at all"
    raise RuntimeError(f"no inputs for the case “{plan.name}” that the solution takes {why}")


def _copy(argument: Argument) -> Any:
    """One of its own, as a solution may write over what it is given."""
    if type(argument) is np.ndarray and argument.dtype.kind != "O":  # as most are, for a tenth of the time
        return argument.copy()
    return copy.deepcopy(argument)


def _numbers(result: Any) -> list[Array]:
    """The arrays and lone numbers with decimals in a result."""
    if type(result) is np.ndarray:  # as most are
        return [result] if result.dtype.kind == "f" else []
    arrays = [np.asarray(leaf) for leaf in nested.leaves(result) if isinstance(leaf, np.ndarray | float)]
    return [one for one in arrays if one.dtype.kind == "f"]


def _finite(result: Any) -> list[Array]:
    """The same without what is infinite in them."""
    return [one[np.isfinite(one)] for one in _numbers(result)]


def _tells(result: Any) -> bool:
    """Whether careless numbers, rounded or in half precision, are clearly outside the tolerance."""
    parts = [one for one in _finite(result) if one.size]
    return bool(parts) and drawing.telling(tuple(parts))


def _is_decided(result: Any) -> bool:
    """Whether careless numbers are clearly outside the tolerance, or clearly within, for every student."""
    for part in _finite(result):
        tolerance = 1e-8 + 1e-5 * float(np.max(np.abs(part), initial=0.0))
        for rough in (np.round(part, 4), np.round(part, 3), part.astype(np.float16)):
            away = float(np.max(np.abs(rough - part), initial=0.0)) / tolerance
            if _SAFE < away < 1 / _SAFE:
                return False
    return True


def _arguments(
    shapes: Sequence[Shape], plan: _Plan, rng: np.random.Generator, scale: float
) -> tuple[Argument, ...]:
    made: dict[str, Any] = {}
    for shape in sorted(shapes, key=lambda one: bool(one.of)):  # a vocabulary before the words of it
        made[shape.parameter] = _value(shape, plan, rng, scale, made)
    return tuple(made[shape.parameter] for shape in shapes)


def _value(
    shape: Shape, plan: _Plan, rng: np.random.Generator, scale: float, made: Mapping[str, Any]
) -> Argument:
    sizes = tuple(
        length
        for size in shape.sizes
        for length in (plan.leading if size == "..." else (_size(size, plan.sizes),))
    )
    if shape.kind == "text":
        return " ".join(str(word) for word in rng.choice(_WORDS, size=5))
    if shape.kind == "words":
        known = made.get(shape.of)
        count = sizes[0] if sizes else 1
        if known is None:
            return [str(word) for word in rng.permutation(_WORDS)[:count]]
        return [str(word) for word in rng.choice(known, size=count)]
    if shape.kind == "size":
        return _size(shape.below, plan.sizes)
    numbers = _array(shape, sizes, plan, rng, scale)
    return numbers if shape.array else numbers[()].item()


def _array(
    shape: Shape, sizes: tuple[int, ...], plan: _Plan, rng: np.random.Generator, scale: float
) -> Array:
    match shape.kind:
        case "positive":
            return np.asarray(np.round(rng.uniform(0.25, 2.5 * scale, size=sizes), 2))
        case "integer":
            return np.asarray(rng.integers(-9, 10, size=sizes))
        case "bool":
            return np.asarray(rng.random(size=sizes) < 0.5)
        case "labels":
            return np.asarray(rng.integers(_size(shape.below, plan.sizes), size=sizes))
        case "probabilities":
            drawn = rng.uniform(0.1, 1, size=sizes)
            return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))
    if plan.kind == "huge" and shape.huge:
        # Multiples of 1/32, which single precision holds exactly, far above and far below zero.
        small = rng.integers(-64, 65, size=sizes) / 32
        if plan.name == _APART and len(sizes) > 1:  # what is done to all rows at once spoils some of them
            rows = np.resize([1500.0, 0.0, -1500.0, 500.0], sizes[-2])
            return np.asarray(small + rng.permutation(rows)[:, None])
        return np.asarray(small + 1000 * rng.choice([-1, 1], size=sizes))
    return np.asarray(np.round(rng.normal(0.3, scale, size=sizes), 2))


def _size(size: str, sizes: Mapping[str, int]) -> int:
    product = 1
    for part in size.split("*"):
        product *= int(part) if part.isdigit() else sizes[part]
    return product


def _still_probabilities(
    shapes: Sequence[Shape],
) -> Callable[[np.random.Generator, tuple[Argument, ...]], tuple[Argument, ...]]:
    """A student's own numbers, of which each row still adds up to 1."""

    def vary(rng: np.random.Generator, args: tuple[Argument, ...]) -> tuple[Argument, ...]:
        moved = drawing.other_numbers(rng, args)
        return tuple(
            one / one.sum(axis=-1, keepdims=True)
            if shape.kind == "probabilities" and isinstance(one, np.ndarray)
            else one
            for shape, one in zip(shapes, moved, strict=True)
        )

    return vary
