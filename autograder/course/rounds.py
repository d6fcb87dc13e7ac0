"""Loops whose rounds each make one result, walked as one: what a step makes in each round is stacked.

So the heads of multi-head attention are steps like any others, whether they come of a comprehension, of a list that grows
or of an array that is filled row by row.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np

from autograder.course.arithmetic import Operation
from autograder.course.making import Draft, Environment, Making, NotStraightError, Operand
from autograder.course.rewriting import compiled

_ROUND: Final = "_round"  # the symbol that counts the rounds

Walk: TypeAlias = Callable[[Making, Sequence[ast.stmt], ast.expr, Environment], Operand]


@dataclass(frozen=True)
class _Each:
    """What a step does in every round, its results stacked."""

    op: Callable[..., Any]
    operands: tuple[str, ...]  # as it reads them in one round
    outer: tuple[str, ...]  # as it reads them here
    stacked: frozenset[str]  # those that were made by the rounds
    count: Callable[..., int]  # how many rounds, of the operands `outer`
    text: str = ""

    def __call__(self, *values: Any) -> Any:
        return np.stack([self.op(*self.in_round(number, values)) for number in range(self.count(*values))])

    def in_round(self, number: int, values: Sequence[Any]) -> list[Any]:
        """The operands in one round."""
        held = dict(zip(self.outer, values, strict=True))
        return [
            number if one == _ROUND else held[one][number] if one in self.stacked else held[one]
            for one in self.operands
        ]


@dataclass(frozen=True)
class _Repeated(Operation):
    """Where the cells of stacked results come from."""

    each: _Each | None = field(default=None, kw_only=True)
    inner: Operation | None = field(default=None, kw_only=True)

    def _round_of(self, operands: Mapping[str, Any], number: int) -> dict[str, Any]:
        assert self.each is not None
        values = self.each.in_round(number, [operands[one] for one in self.each.outer])
        return dict(zip(self.each.operands, values, strict=True))

    def sources(self, operands: Mapping[str, Any], result: Any, cells: Any) -> list[Any]:
        """As in one round, at the place of that round."""
        assert self.each is not None
        assert self.inner is not None
        size = max(1, int(np.prod(np.shape(result)[1:], dtype=int)))
        rows: list[list[Any]] = [[None] * len(cells) for _ in self.inner.reads]
        for number in np.unique(cells // size):
            chosen = np.flatnonzero(cells // size == number)
            own = self._round_of(operands, int(number))
            found = self.inner.sources(own, result[int(number)], cells[chosen] % size)
            for place, (read, places) in enumerate(zip(self.inner.reads, found, strict=True)):
                shift = int(number) * np.size(own[read.symbol]) if read.symbol in self.each.stacked else 0
                for at, row in zip(chosen, places, strict=True):
                    rows[place][at] = np.where(row < 0, row, row + shift)
        return [np.array(one, dtype=int).reshape(len(cells), -1) for one in rows]

    def told(self, operands: Mapping[str, Any], result: Any, cell: int) -> str:
        """As in one round."""
        assert self.inner is not None
        size = max(1, int(np.prod(np.shape(result)[1:], dtype=int)))
        number, inner = divmod(cell, size)
        return self.inner.told(self._round_of(operands, number), result[number], inner)


def of_comprehension(
    node: ast.ListComp, making: Making, environment: Environment, walk: Walk
) -> Operand | None:
    """What `[… for … in …]` makes, stacked; None where its rounds cannot be walked."""
    match node.generators:
        case [ast.comprehension(target=target, iter=over, ifs=[], is_async=0)]:
            return _walked(target, over, [], node.elt, making, environment, walk)
    return None


def of_loop(
    loop: ast.For, rest: Sequence[ast.stmt], making: Making, environment: Environment, walk: Walk
) -> Environment | None:
    """What `for` makes that ends each round with `list.append(…)` or `array[i] = …`, by its name; else None."""
    *body, last = loop.body
    match last:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[result])
        ):
            held = environment.get(name)
            if held is None or not isinstance(held.node, ast.List) or held.node.elts:
                return None
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=index))], value=result
        ):
            if not (isinstance(loop.target, ast.Name) and loop.target.id == index) or name not in environment:
                return None
        case _:
            return None
    made = {one.id for one in ast.walk(loop) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    later = {one.id for part in rest for one in ast.walk(part) if isinstance(one, ast.Name)}
    within = {one.id for part in (*body, result) for one in ast.walk(part) if isinstance(one, ast.Name)}
    if loop.orelse or made & later or name in within:
        return None
    found = _walked(loop.target, loop.iter, body, result, making, environment, walk)
    return None if found is None else {name: found}


def _walked(
    target: ast.expr,
    over: ast.expr,
    body: Sequence[ast.stmt],
    result: ast.expr,
    making: Making,
    environment: Environment,
    walk: Walk,
) -> Operand | None:
    if _ROUND in making.values:  # loops within loops are steps as they are
        return None
    back = making.before()
    try:
        bound, count = _bound(target, over, making, environment)
        inner = replace(
            making,
            values={**making.values, _ROUND: 0},
            drafts=list(making.drafts),
            within=list(making.within),
            running=[_ROUND],
        )
        before = len(inner.drafts)
        made = walk(inner, body, result, {**environment, **bound})
        symbol = inner.symbol(made) if made.form in ("value", "view") else ""
        fresh = inner.drafts[before:]
        stacked = frozenset(draft.symbol for draft in fresh)
        if symbol not in stacked:
            raise NotStraightError
        for draft in fresh:
            _stack(draft, stacked, count, making)
    except NotStraightError:
        back()
        return None
    return Operand(ast.Name(symbol, ast.Load()), "value")


def _bound(
    target: ast.expr, over: ast.expr, making: Making, environment: Environment
) -> tuple[Environment, ast.expr]:
    """What the names of a loop stand for in a round, and how many rounds there are."""
    turn = ast.Name(_ROUND, ast.Load())

    def element(one: ast.expr) -> tuple[Operand, ast.expr]:
        match one:
            case ast.Name(id=name) if name in environment and isinstance(
                making.value(environment[name].node), np.ndarray
            ):
                node = environment[name].node
                length = ast.Call(ast.Name("len", ast.Load()), [node], [])
                return Operand(ast.Subscript(node, turn, ast.Load()), "view"), length
        raise NotStraightError

    match target, over:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=[size]):
            return {name: Operand(turn, "size")}, _over(size, environment)
        case ast.Name(id=name), _:
            one, length = element(over)
            return {name: one}, length
        case ast.Tuple(elts=[ast.Name(id=number), ast.Name(id=name)]), ast.Call(
            func=ast.Name(id="enumerate"), args=[of]
        ):
            one, length = element(of)
            return {number: Operand(turn, "size"), name: one}, length
        case ast.Tuple(elts=names), ast.Call(func=ast.Name(id="zip"), args=several) if len(names) == len(
            several
        ):
            found = [element(one) for one in several]
            bound = {
                name.id: one
                for name, (one, _) in zip(names, found, strict=True)
                if isinstance(name, ast.Name)
            }
            if len(bound) == len(names):
                return bound, found[0][1]
    raise NotStraightError


def _over(node: ast.expr, environment: Environment) -> ast.expr:
    """How many rounds, in symbols: of sizes alone."""
    match node:
        case ast.Constant(value=int()):
            return node
        case ast.Name(id=name) if name in environment:
            return environment[name].node
        case ast.Call(func=ast.Name(id="len"), args=[inner]) if isinstance(inner, ast.Name):
            return ast.Call(node.func, [_over(inner, environment)], [])
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr="shape"), slice=place) if (
            name in environment and isinstance(place, ast.Constant | ast.UnaryOp)
        ):
            shape = ast.Attribute(environment[name].node, "shape", ast.Load())
            return ast.Subscript(shape, place, ast.Load())
    raise NotStraightError


def _stack(draft: Draft, stacked: frozenset[str], count: ast.expr, making: Making) -> None:
    """Adds a step of a round as the step that it is of all rounds."""
    own = tuple(one for one in draft.operands if one != _ROUND)
    of_rounds = [one for one in own if one in stacked]
    values = [making.values[one] for one in own]
    at_once = len(of_rounds) == len(draft.operands) and len({np.ndim(value) for value in values}) == 1
    if at_once and isinstance(draft.op, np.ufunc) and draft.op.signature is None:  # entry by entry
        making.values[draft.symbol] = draft.op(*values)
        making.drafts.append(draft)
        return
    if of_rounds:
        count = ast.Call(ast.Name("len", ast.Load()), [ast.Name(of_rounds[0], ast.Load())], [])
    outer = (*own, *(one for one in making.symbols(count) if one not in own))
    if not outer:
        raise NotStraightError
    number = compiled(count, outer, making.names)
    each = _Each(draft.op, draft.operands, outer, stacked, number, getattr(draft.op, "text", repr(draft.op)))
    operation = _Repeated(
        draft.operation.kind, draft.operation.key, draft.operation.reads, each=each, inner=draft.operation
    )
    making.values[draft.symbol] = each(*(making.values[one] for one in outer))
    making.drafts.append(replace(draft, operands=outer, op=each, operation=operation))
