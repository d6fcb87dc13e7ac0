"""Expressions of a solution as steps: what each stands for, and the steps that it makes on the way."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from autograder.course import calls, notation, wording
from autograder.course.arithmetic import Operation
from autograder.course.making import Environment, Making, NotStraightError, Operand
from autograder.course.rewriting import replaced

_COMPARED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}
_UNARY: Final[Mapping[type[ast.unaryop], str]] = {
    ast.USub: "negative",
    ast.UAdd: "positive",
    ast.Invert: "invert",
}
_MADE: Final = (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.Lambda)


class Inline(Protocol):
    """Walks a function where it is called."""

    def __call__(self, node: ast.expr, environment: Environment) -> list[Operand] | None:
        """What it returns; None where the expression is no call of a function that can be walked."""


class Follow(Protocol):
    """Walks the rounds of a comprehension."""

    def __call__(self, node: ast.ListComp, environment: Environment, wish: str) -> Operand | None:
        """What it makes; None where its rounds cannot be walked."""


@dataclass(frozen=True)
class Expressions:
    """Reads expressions into steps."""

    making: Making
    inline: Inline
    follow: Follow

    def operand(self, node: ast.expr, environment: Environment, wish: str = "") -> Operand:
        """What an expression stands for; what it makes on the way become steps, its own called `wish`."""
        found = self._operand(node, environment, wish)
        if wish and found.form == "view":  # a view with a name of its own is a step
            return self.making.moved("moved", found, node, wish)
        return found

    def _operand(self, node: ast.expr, environment: Environment, wish: str) -> Operand:
        match node:
            case ast.Constant():
                return Operand(node, "size")
            case ast.Name(id=name):
                return environment[name] if name in environment else Operand(node, self._form_of(node))
            case ast.Attribute():
                return self._attribute(node, environment)
            case ast.Subscript():
                return self._subscript(node, environment, wish)
            case ast.BinOp(left=left, op=op, right=right):
                key = "matmul" if isinstance(op, ast.MatMult) else notation.BINARY.get(type(op), "")
                parts = [self._operand(left, environment, ""), self._operand(right, environment, "")]
                whole: ast.expr = ast.BinOp(parts[0].node, op, parts[1].node)
            case ast.UnaryOp(op=sign, operand=value) if type(sign) in _UNARY:
                key = _UNARY[type(sign)]
                parts = [self._operand(value, environment, "")]
                whole = ast.UnaryOp(sign, parts[0].node)
            case ast.Compare(left=left, ops=[op_], comparators=[right]) if type(op_) in _COMPARED:
                key = _COMPARED[type(op_)]
                parts = [self._operand(left, environment, ""), self._operand(right, environment, "")]
                whole = ast.Compare(parts[0].node, [op_], [parts[1].node])
            case ast.Tuple() | ast.List():
                return self._listed(node, environment, wish)
            case ast.ListComp() if (followed := self.follow(node, environment, wish)) is not None:
                return followed
            case ast.Call():
                return self._call(node, environment, wish)
            case _:
                return self.making.other(_key(node), self._over_symbols(node, environment), node, wish)
        return self.making.entries(key, parts, whole, node, wish)

    def _form_of(self, node: ast.Name) -> Any:
        value = self.making.names.get(node.id, getattr(builtins, node.id, None))
        return "size" if isinstance(value, int | float | str | tuple | np.number | None) else "thing"

    def _listed(self, node: ast.Tuple | ast.List, environment: Environment, wish: str) -> Operand:
        if not any(isinstance(one, ast.Starred) for one in node.elts):
            parts = [self._operand(one, environment, "") for one in node.elts]
            if all(part.form == "size" for part in parts):
                return Operand(type(node)([part.node for part in parts], ast.Load()), "size")
        return self.making.other("joined", self._over_symbols(node, environment), node, wish)

    def _attribute(self, node: ast.Attribute, environment: Environment) -> Operand:
        base = self._operand(node.value, environment, "")
        whole = ast.Attribute(base.node, node.attr, ast.Load())
        if base.form == "thing":
            known = isinstance(self.making.value(whole), int | float | None)
            return Operand(whole, "size" if known else "thing")
        if node.attr in calls.SIZES or base.form == "size":
            return Operand(whole, "size")
        return Operand(whole, "view") if node.attr == "T" else self.making.other(node.attr, whole, node, "")

    def _subscript(self, node: ast.Subscript, environment: Environment, wish: str) -> Operand:
        base, parts = self._operand(node.value, environment, ""), []

        def over(one: ast.expr) -> ast.expr:
            if isinstance(one, ast.Slice):
                ends = (one.lower, one.upper, one.step)
                return ast.Slice(*(None if end is None else over(end) for end in ends))
            if isinstance(one, ast.Tuple):
                return ast.Tuple([over(element) for element in one.elts], ast.Load())
            parts.append(self._operand(one, environment, ""))
            return parts[-1].node

        whole = ast.Subscript(base.node, over(node.slice), ast.Load())
        if base.form == "thing" or (base.form == "size" and any(part.form != "size" for part in parts)):
            return self.making.other("pick", whole, node, wish)
        if all(part.form == "size" for part in parts):
            return Operand(whole, "size" if base.form == "size" else "view")
        return self.making.moved("pick", Operand(whole, "view"), node, wish)

    # ------------------------------------------------------------------------------------------------ calls

    def _call(self, node: ast.Call, environment: Environment, wish: str) -> Operand:
        called = self.inline(node, environment)
        if called is not None:
            if len(called) != 1:
                raise NotStraightError
            return called[0]
        given = [*node.args, *(word.value for word in node.keywords)]
        if any(isinstance(one, ast.Starred) for one in given) or any(
            one.arg is None for one in node.keywords
        ):
            return self._as_it_is(node, environment, wish)
        if isinstance(node.func, ast.Attribute) and not self._is_thing(node.func.value, environment):
            return self._method(node, node.func, environment, wish)
        if not self._is_thing(node.func, environment):
            return self._as_it_is(node, environment, wish)
        function = self.making.value(node.func)
        if calls.joins(function) and node.args and isinstance(node.args[0], ast.List | ast.Tuple):
            return self._join(function, node, node.args[0], environment, wish)
        if any(isinstance(one, _MADE) for part in given for one in ast.walk(part)) and not (
            calls.joins(function) and self._has_rounds(node, environment)
        ):
            return self._as_it_is(node, environment, wish)
        parts, words = self._given(node, environment)
        whole = ast.Call(node.func, [part.node for part in parts], words)
        if function is len:
            return Operand(whole, "size")
        if all(part.form == "size" for part in parts) and not self._reads_numbers(whole):
            return self.making.of_sizes(whole, node, wish)
        return self._known(function, parts, words, whole, node, wish)

    def _has_rounds(self, node: ast.Call, environment: Environment) -> bool:
        """Whether a list that is put together is a step of its own: not where one name is given to both."""
        if not isinstance(node.args[0], ast.ListComp) or id(node) not in self.making.spoken:
            return isinstance(node.args[0], ast.ListComp)
        back = self.making.before()
        followed = self.follow(node.args[0], environment, "") is not None
        back()
        return followed

    def _known(
        self,
        function: Callable[..., Any],
        parts: list[Operand],
        words: list[ast.keyword],
        whole: ast.expr,
        node: ast.Call,
        wish: str,
    ) -> Operand:
        """A call of a function by the table of what these do."""
        make, of_numbers = self.making, bool(parts) and parts[0].form in ("value", "view")
        if (key := calls.entries(function)) and not words:
            return make.entries(key, parts, whole, node, wish)
        if (key := calls.fold(function)) and of_numbers:
            return make.fold(key, parts, words, whole, node, wish)
        if calls.moves(function) and of_numbers:
            return Operand(whole, "view")
        if calls.joins(function) and of_numbers:  # of a list that was made before
            return make.moved("joined", Operand(whole, "view"), node, wish)
        if function is np.matmul and not words:
            return make.entries("matmul", parts, whole, node, wish)
        if (
            function is np.dot
            and len(parts) == 2
            and all(np.ndim(make.value(part.node)) <= 2 for part in parts)
        ):
            return make.entries("matmul", parts, whole, node, wish)
        if function is np.einsum and isinstance(node.args[0], ast.Constant):
            return make.einsum(str(node.args[0].value), parts[1:], whole, node, wish)
        return make.other(_key(node), whole, node, wish)

    def _method(self, node: ast.Call, func: ast.Attribute, environment: Environment, wish: str) -> Operand:
        make, base = self.making, self._operand(func.value, environment, "")
        given = [*node.args, *(word.value for word in node.keywords)]
        if any(isinstance(one, _MADE) for part in given for one in ast.walk(part)):
            return self._as_it_is(node, environment, wish)
        parts, words = self._given(node, environment)
        whole = ast.Call(
            ast.Attribute(base.node, func.attr, ast.Load()), [part.node for part in parts], words
        )
        sized = all(part.form == "size" for part in parts)
        if base.form == "size" and sized:
            return make.of_sizes(whole, node, wish)
        if isinstance(make.value(base.node), np.ndarray | np.generic):
            if func.attr in calls.FOLD_METHODS and sized:
                return make.fold(func.attr, [base, *parts], words, whole, node, wish)
            if func.attr in calls.MOVE_METHODS and sized:
                return Operand(whole, "view")
            if func.attr == "dot" and len(parts) == 1 and np.ndim(make.value(parts[0].node)) <= 2:
                return make.entries("matmul", [base, *parts], whole, node, wish)
        return make.other(func.attr, whole, node, wish)

    def _join(
        self,
        function: Callable[..., Any],
        node: ast.Call,
        listed: ast.List | ast.Tuple,
        environment: Environment,
        wish: str,
    ) -> Operand:
        if any(isinstance(one, ast.Starred) for one in listed.elts):
            return self._as_it_is(node, environment, wish)
        make = self.making
        parts = [self._operand(one, environment, "") for one in listed.elts]
        rest = [self._operand(one, environment, "") for one in node.args[1:]]
        _, words = self._given(ast.Call(node.func, [], node.keywords), environment)
        held = ast.List([part.node for part in parts], ast.Load())
        whole = ast.Call(node.func, [held, *(one.node for one in rest)], words)
        if all(part.form == "size" for part in parts):
            return make.of_sizes(whole, node, wish)
        if not all(part.form in ("value", "view") for part in parts):
            return make.other("joined", whole, node, wish)
        places = [make.value(one.node) for one in rest]
        named = {str(one.arg): make.value(one.value) for one in words if one.arg != "dtype"}
        operation = Operation("joined", "joined", axes=lambda arrays: function(arrays, *places, **named))
        return make.step(operation, parts, whole, node, wish, wording.of_other("joined", ()))

    def _given(self, node: ast.Call, environment: Environment) -> tuple[list[Operand], list[ast.keyword]]:
        parts = [self._operand(one, environment, "") for one in node.args]
        words = [
            ast.keyword(one.arg, self._operand(one.value, environment, "").node) for one in node.keywords
        ]
        return parts, words

    # ------------------------------------------------------------------------------------------------ the rest

    def _as_it_is(self, node: ast.Call, environment: Environment, wish: str) -> Operand:
        return self.making.other(_key(node), self._over_symbols(node, environment), node, wish)

    def _over_symbols(self, node: ast.expr, environment: Environment) -> ast.expr:
        found = replaced(node, {name: operand.node for name, operand in environment.items()})
        if found is None:
            raise NotStraightError
        return found

    def _is_thing(self, node: ast.expr, environment: Environment) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id not in environment

    def _reads_numbers(self, node: ast.expr) -> bool:
        """Whether it reads the numbers of a value, and not its sizes alone."""
        known = {*self.making.values} - {*self.making.running}
        return any(isinstance(one, ast.Name) and one.id in known for one in ast.walk(_without_sizes(node)))


def _key(node: ast.expr) -> str:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
        case ast.ListComp() | ast.GeneratorExp():
            return "each"
        case ast.IfExp() | ast.BoolOp():
            return "choice"
    return "part"


def _without_sizes(node: ast.expr) -> ast.expr:
    """The expression with what an array says of itself taken out."""

    class Gone(ast.NodeTransformer):
        def visit_Attribute(self, one: ast.Attribute) -> ast.AST:
            return ast.Constant(0) if one.attr in calls.SIZES else self.generic_visit(one)

        def visit_Call(self, one: ast.Call) -> ast.AST:
            named = isinstance(one.func, ast.Name) and one.func.id == "len"
            return ast.Constant(0) if named else self.generic_visit(one)

    return Gone().visit(copy.deepcopy(node))  # type: ignore[no-any-return]
