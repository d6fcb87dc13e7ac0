"""Steps taken from a solution: its assignments and expressions, in the order in which they are worked out.

A function is walked statement by statement on an example. Each array that it makes on the way becomes a step; sizes and
constants belong to the step that uses them, and so do views of an array, such as a transpose or a slice. Other functions
of the lesson are walked where they are called, and the rounds of a loop that makes one result each are walked as one
(`rounds.py`). What cannot be followed cell by cell is a step with a name, a sentence and its value; a function that is
no straight line of such statements has no steps.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.course import rounds, wording
from autograder.course.arithmetic import Operation, Read
from autograder.course.blocks import Block, block_of
from autograder.course.expressions import Expressions
from autograder.course.lesson import Lesson, Words
from autograder.course.making import Environment, Making, NotStraightError, Operand
from autograder.course.steps import Procedure

_DEEPEST: Final = 8  # calls within calls
_MOST_STEPS: Final = 60
LAST_DIGITS: Final = 1e-10  # of the largest number: less is the order of a sum


def derive(
    lesson: Lesson,
    name: str,
    samples: Sequence[tuple[Any, ...]],
    axes: Mapping[str, Sequence[str]] | None = None,
) -> Procedure | None:
    """A function of the lesson as steps; None where it is no straight line of statements that make numbers.

    `samples` are arguments: formulas go by the first. `axes` are the names of a parameter's axes, as far as known.
    CourseError where a comment does not fit or the lesson does not run.
    """
    function = lesson.function(name)
    if function is None or not samples or not _takes_places(function):
        return None
    if not all(map(_is_plain, samples[0])):
        return None
    lesson.words(function)
    for follows in (
        True,
        False,
    ):  # a loop that makes a list where its rounds would make an array is a step as it is
        found = _derived(lesson, function, samples, axes or {}, follows=follows)
        if found is not None and all(
            same(found, lesson.names[name], sample, near=LAST_DIGITS) for sample in samples
        ):
            return found
    return found


def same(
    one: Callable[..., Any], other: Callable[..., Any], sample: tuple[Any, ...], *, near: float = 0.0
) -> bool:
    """Whether two functions, such as steps and what they are of, give just the same: bit for bit, or as `near`.

    That is a part of the largest number: the last digits of a sum need not be the same twice on every machine.
    """
    results = []
    for call in (one, other):
        try:
            with np.errstate(all="ignore"):
                results.append(call(*copy.deepcopy(sample)))
        except Exception as error:
            results.append(type(error))
    return _identical(results[0], results[1], near)


def _identical(one: Any, other: Any, near: float) -> bool:
    if isinstance(one, tuple | list) and type(one) is type(other) and len(one) == len(other):
        return all(_identical(left, right, near) for left, right in zip(one, other, strict=True))
    if isinstance(one, np.ndarray | np.generic):
        if type(one) is not type(other) or one.dtype != other.dtype or one.shape != other.shape:
            return False
        if one.dtype.kind not in "fc":
            return bool(np.array_equal(one, other))
        if np.array_equal(one, other, equal_nan=True):
            return True
        largest = float(np.max(np.abs(one), initial=0.0, where=np.isfinite(one)))
        return near > 0 and bool(np.allclose(one, other, rtol=0, atol=near * largest, equal_nan=True))
    return type(one) is type(other) and (one == other or one != one)


def _derived(
    lesson: Lesson,
    function: ast.FunctionDef,
    samples: Sequence[tuple[Any, ...]],
    axes: Mapping[str, Sequence[str]],
    *,
    follows: bool,
) -> Procedure | None:
    parameters = tuple(argument.arg for argument in function.args.args)
    example = dict(zip(parameters, copy.deepcopy(samples[0]), strict=False))
    making = Making(example, lesson.names, axes)
    environment = {one: Operand(ast.Name(one, ast.Load()), "value") for one in parameters}
    with np.errstate(all="ignore"):
        try:
            returned = _Walk(lesson, making, follows).function(function, environment)
            returns = tuple(making.symbol(one) for one in returned)
            procedure = making.procedure(function.name, parameters, returns)
            values = [procedure.values(*copy.deepcopy(sample)) for sample in samples]
        except NotStraightError:
            return None
        except Exception:  # an example on which the function itself fails has no steps to show
            return None
    kinds = [draft.operation.kind for draft in making.drafts]
    if not procedure.steps or len(procedure.steps) > _MOST_STEPS or kinds == ["other"]:
        return None
    if not all(_is_numbers(one[step.symbol]) for one in values for step in procedure.steps):
        return None
    return procedure


def _takes_places(function: ast.FunctionDef) -> bool:
    """Whether its parameters are told by their places alone."""
    arguments = function.args
    return not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or function.decorator_list)


def _is_plain(argument: Any) -> bool:
    """Whether it can be worked with step by step, as a function, a generator or a table cannot."""
    kinds = np.ndarray | np.generic | int | float | complex | str | bytes | None
    return all(isinstance(leaf, kinds) for leaf in nested.leaves(argument))


def _is_numbers(value: Any) -> bool:
    if not isinstance(value, np.ndarray | np.generic | list | tuple | int | float):
        return False
    if any(isinstance(leaf, str) for leaf in nested.leaves(value)):
        return False
    try:
        return np.asarray(value).dtype.kind in "biuf"
    except ValueError:  # arrays of unlike shapes
        return False


@dataclass(frozen=True)
class _Walk:
    """One function on its way."""

    lesson: Lesson
    making: Making
    follows: bool  # the rounds of loops

    @property
    def expressions(self) -> Expressions:
        """What reads an expression."""
        return Expressions(self.making, self.inlined, self.followed)

    def function(self, function: ast.FunctionDef, environment: Environment) -> list[Operand]:
        """What a function returns, its steps made on the way."""
        within = self.making.within
        if function.name in within or len(within) > _DEEPEST:
            raise NotStraightError
        words = self.lesson.words(function)
        within.append(function.name)
        for place, statement in enumerate(function.body):
            self._give_words(statement, words)
            if isinstance(statement, ast.Return):
                if statement.value is None:
                    raise NotStraightError
                several = isinstance(statement.value, ast.Tuple)
                parts = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
                if len(parts) < 2 and several:
                    raise NotStraightError
                returned = [self.expressions.operand(part, environment) for part in parts]
                within.pop()
                return returned
            self.statement(statement, function.body[place + 1 :], environment, words)
        raise NotStraightError

    def statement(
        self,
        statement: ast.stmt,
        rest: Sequence[ast.stmt],
        environment: Environment,
        words: Mapping[int, Words],
    ) -> None:
        """What a statement binds, put into the environment; `rest` are those after it."""
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                self._bind(target, value, environment)
            case ast.AnnAssign(target=ast.Name(id=target), value=value) if value is not None:
                self._bind(target, value, environment)
            case ast.AugAssign(target=ast.Name(id=target), op=op, value=value) if target in environment:
                both = ast.copy_location(ast.BinOp(ast.Name(target, ast.Load()), op, value), value)
                if id(value) in self.making.spoken:
                    self.making.spoken[id(both)] = self.making.spoken[id(value)]
                self._bind(target, both, environment)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
                names = [one.id for one in targets if isinstance(one, ast.Name)]
                if len(names) != len(targets):
                    raise NotStraightError
                self._unpacked(names, value, environment)
            case _:
                if self.follows and isinstance(statement, ast.For):
                    collected = rounds.of_loop(statement, rest, self.making, environment, self._round)
                    if collected is not None:
                        environment |= collected
                        return
                block = block_of(statement, rest, environment)
                if block is None:
                    raise NotStraightError
                self._block(block, environment, words)

    def _bind(self, target: str, value: ast.expr, environment: Environment) -> None:
        found = self.expressions.operand(value, environment, target)
        if found.form == "size":
            self.making.sizes.setdefault(ast.unparse(found.node), target)
        environment[target] = found

    def _unpacked(self, targets: Sequence[str], value: ast.expr, environment: Environment) -> None:
        """Several names at once: of a tuple as it is written, of a call, of a shape."""
        read = self.expressions.operand
        if isinstance(value, ast.Tuple) and len(value.elts) == len(targets):
            found = [read(one, environment, target) for one, target in zip(value.elts, targets, strict=True)]
        elif (called := self.inlined(value, environment)) is not None and len(called) == len(targets):
            found = called
        else:
            whole = read(value, environment)
            if whole.form != "size" or len(self.making.value(whole.node)) != len(targets):
                raise NotStraightError
            places = [
                ast.Subscript(whole.node, ast.Constant(place), ast.Load()) for place in range(len(targets))
            ]
            found = [Operand(place, "size") for place in places]
            for place, target in zip(places, targets, strict=True):
                self.making.sizes.setdefault(ast.unparse(place), target)
        environment |= dict(zip(targets, found, strict=True))

    def _block(self, block: Block, environment: Environment, words: Mapping[int, Words]) -> None:
        """A loop, a condition or a change in place, as one step."""
        make, statement = self.making, block.statement
        needed = {name: environment[name].node for name in block.reads}
        used = tuple(dict.fromkeys(symbol for node in needed.values() for symbol in make.symbols(node)))
        op = block.op(needed, used, make.names)
        lines = range(statement.lineno, (statement.end_lineno or 0) + 1)
        said = next((words[line] for line in lines if line in words), None)
        operation = Operation("other", block.key)
        if block.key == "kept":
            made = make.symbols(environment[block.makes].node)
            if len(made) != 1:
                raise NotStraightError
            place = used.index(made[0])
            operation = Operation("kept", "kept", (Read(made[0], lambda *operands: operands[place]),))
        symbol = make.made(
            block.makes, used, op, operation, said, wording.of_other(block.key, make.told(used))
        )
        environment[block.makes] = Operand(ast.Name(symbol, ast.Load()), "value")

    def _give_words(self, statement: ast.stmt, words: Mapping[int, Words]) -> None:
        """Gives each comment to the outermost expression that ends on its line."""
        value = getattr(statement, "value", None)
        if value is None:
            return
        for line, said in words.items():
            if line == statement.end_lineno:
                self.making.spoken[id(value)] = said
            elif statement.lineno <= line < (statement.end_lineno or 0):
                ends = (
                    node for node in ast.walk(value) if isinstance(node, ast.expr) and node.end_lineno == line
                )
                made = next((node for node in ends if not isinstance(node, ast.Name | ast.Constant)), None)
                if made is not None:
                    self.making.spoken[id(made)] = said

    # ------------------------------------------------------------------------------- functions and rounds of loops

    def inlined(self, node: ast.expr, environment: Environment) -> list[Operand] | None:
        """What a function of the lesson returns where it is called; None where it is none that can be walked."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name not in environment:
                function = self.lesson.function(name)
            case _:
                return None
        if function is None or not _takes_places(function):
            return None
        back = self.making.before()
        try:
            parameters = [one.arg for one in function.args.args]
            given = [self.expressions.operand(one, environment) for one in args]
            bound = dict(zip(parameters, given, strict=False))
            bound |= {str(one.arg): self.expressions.operand(one.value, environment) for one in keywords}
            defaults = function.args.defaults
            for parameter, default in zip(
                parameters[len(parameters) - len(defaults) :], defaults, strict=True
            ):
                bound.setdefault(parameter, self.expressions.operand(default, {}))
            if set(bound) != set(parameters) or any(one.form == "thing" for one in bound.values()):
                raise NotStraightError
            return self.function(function, bound)
        except NotStraightError:
            back()
            return None

    def followed(self, node: ast.ListComp, environment: Environment, wish: str) -> Operand | None:
        """What the rounds of a comprehension make."""
        return rounds.of_comprehension(node, self.making, environment, self._round) if self.follows else None

    def _round(
        self, making: Making, body: Sequence[ast.stmt], result: ast.expr, environment: Environment
    ) -> Operand:
        """What one round makes, walked in a making of its own."""
        walk = replace(self, making=making)
        function = self.lesson.function(making.within[-1])
        words = {} if function is None else self.lesson.words(function)
        last = ast.copy_location(ast.Expr(result), result)
        for place, statement in enumerate(body):
            walk._give_words(statement, words)
            walk.statement(statement, [*body[place + 1 :], last], environment, words)
        walk._give_words(last, words)
        return walk.expressions.operand(result, environment)
