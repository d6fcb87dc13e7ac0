"""Steps in the making: each with a symbol, a name, a sentence, what it does, and the way back to its cells."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np

from autograder.course import notation, wording
from autograder.course.arithmetic import Cell, Chain, Link, Operation, Read
from autograder.course.lesson import Words
from autograder.course.notation import Formula, Sign
from autograder.course.rewriting import compiled, names_in
from autograder.course.steps import Procedure, Step

# What an expression is: made of numbers, a view of such, of sizes and constants alone, or a module or a function.
Form: TypeAlias = Literal["value", "view", "size", "thing"]


class NotStraightError(Exception):
    """The solution cannot be told as steps."""


@dataclass(frozen=True)
class Operand:
    """What an expression stands for, written in the symbols of parameters and steps."""

    node: ast.expr
    form: Form


Environment: TypeAlias = dict[str, Operand]  # by the name that the solution has for it


@dataclass(frozen=True)
class Draft:
    """A step before its formula is known."""

    symbol: str
    name: str
    sentence: str
    operands: tuple[str, ...]
    op: Callable[..., Any]
    operation: Operation
    numbers: tuple[Sign, ...] = ()  # of each read that is a number alone
    letter: str = ""  # what its author has it called in formulas


@dataclass
class Making:
    """The steps of one function so far, with their values on an example."""

    values: dict[str, Any]  # by symbol: parameters and steps
    names: Mapping[str, Any]  # what the lesson has beside
    axes: Mapping[str, Sequence[str]]  # what the axes of parameters are called, as far as known
    drafts: list[Draft] = field(default_factory=list)
    within: list[str] = field(default_factory=list)  # the functions that are being walked
    spoken: dict[int, Words] = field(default_factory=dict)  # by the id of the expression that it is said of
    sizes: dict[str, str] = field(
        default_factory=dict
    )  # what a size is called, by its expression over symbols
    running: list[str] = field(default_factory=list)  # symbols that count the rounds of a loop: no data

    def before(self) -> Callable[[], None]:
        """What takes back all that is made from now on."""
        drafts, values, within = list(self.drafts), dict(self.values), list(self.within)

        def back() -> None:
            self.drafts, self.values, self.within = drafts, values, within

        return back

    # -------------------------------------------------------------------------------------- kinds of steps

    def entries(self, key: str, parts: list[Operand], whole: ast.expr, node: ast.expr, wish: str) -> Operand:
        """An operation entry by entry, or a product of matrices."""
        if any(part.form == "thing" for part in parts) or not key:
            return self.other(key or "part", whole, node, wish)
        if all(part.form == "size" for part in parts):
            return self.of_sizes(whole, node, wish)
        told = [self.told_of(part) for part in parts]
        if key == "matmul":
            return self.step(Operation("product", key), parts, whole, node, wish, wording.of_product(told))
        return self.step(Operation("entries", key), parts, whole, node, wish, wording.of_entries(key, told))

    def of_sizes(self, whole: ast.expr, node: ast.expr, wish: str) -> Operand:
        """What is made of sizes and constants: an array is a step, a number is part of the step that uses it."""
        if isinstance(self.value(whole), np.ndarray):
            return self.other("made", whole, node, wish)
        return Operand(whole, "size")

    def fold(
        self,
        key: str,
        parts: list[Operand],
        words: list[ast.keyword],
        whole: ast.expr,
        node: ast.expr,
        wish: str,
    ) -> Operand:
        """One number of many: of each row, of each column, or of all."""
        named = {str(one.arg): one.value for one in words}
        axis = named.get("axis", parts[1].node if len(parts) > 1 else None)
        unknown = set(named) - {"axis", "keepdims", "ddof", "dtype"}
        if unknown or len(parts) > 2 or (key == "norm" and len(parts) > 1):
            return self.other(key, whole, node, wish)
        number = None if axis is None else self.value(axis)
        dimensions = np.ndim(self.value(parts[0].node))
        along = ""
        if isinstance(number, int) and dimensions > 1:
            along = {dimensions - 1: "row", dimensions - 2: "column"}.get(number % dimensions, "")
        said = wording.of_fold(key, along, self.told_of(parts[0]))
        return self.step(
            Operation("fold", key), parts[:1], whole, node, wish, said, None if number is None else axis
        )

    def einsum(
        self, letters: str, parts: list[Operand], whole: ast.expr, node: ast.expr, wish: str
    ) -> Operand:
        """A product that says which indices are summed over."""
        left, arrow, output = letters.replace(" ", "").partition("->")
        inputs = tuple(left.split(","))
        followed = all(part.form in ("value", "view") for part in parts) and "." not in letters
        if not followed or any(len(set(one)) != len(one) for one in inputs):
            return self.other("einsum", whole, node, wish)
        if not arrow:
            every = "".join(inputs)
            output = "".join(sorted(one for one in set(every) if every.count(one) == 1))
        operation = Operation("product", "einsum", letters=(inputs, output))
        said = wording.of_product([self.told_of(one) for one in parts])
        return self.step(operation, parts, whole, node, wish, said)

    def moved(self, key: str, view: Operand, node: ast.expr, wish: str) -> Operand:
        """A view that is a step of its own."""
        copied = isinstance(view.node, ast.Call) and ast.unparse(view.node.func).endswith("copy")
        said = wording.of_other("copy" if copied else key, [self.told_of(view)])
        return self.step(Operation("moved", key), [view], view.node, node, wish, said)

    def other(self, key: str, whole: ast.expr, node: ast.expr, wish: str) -> Operand:
        """A step that is taken as it is."""
        used = self.symbols(whole) or tuple(self.values)[:1]  # what hangs on no input stands beside the first
        op = compiled(whole, used, self.names)
        words = wording.of_other(key, self.told([one for one in used if one not in self.running]))
        symbol = self.made(wish, used, op, Operation("other", key), self.spoken.get(id(node)), words)
        return Operand(ast.Name(symbol, ast.Load()), "value")

    def step(
        self,
        operation: Operation,
        parts: Sequence[Operand],
        whole: ast.expr,
        node: ast.expr,
        wish: str,
        words: tuple[str, str],
        axis: ast.expr | None = None,
    ) -> Operand:
        """A step that does this `operation` with these `parts`: the expression `whole`, written as `node`."""
        used = self.symbols(whole)
        reads = []
        for part in parts:
            of = [one for one in self.symbols(part.node) if one not in self.running]
            symbol = of[0] if of and part.form != "size" else ""
            root = None if symbol else notation.root(part.node)
            beneath = None if root is None else compiled(root, used, self.names)
            reads.append(Read(symbol, compiled(part.node, used, self.names), beneath))
        axes = operation.axes if axis is None else compiled(axis, used, self.names)
        operation = replace(operation, reads=tuple(reads), axes=axes)
        op: Callable[..., Any] = compiled(whole, used, self.names)
        own = getattr(np, operation.key, None)
        leaves = tuple(part.node.id for part in parts if isinstance(part.node, ast.Name))
        arrays = all(isinstance(self.values[leaf], np.ndarray) for leaf in leaves if leaf in self.values)
        if isinstance(own, np.ufunc) and leaves == used and len(leaves) == len(parts) and arrays:
            op = own  # NumPy's own is known for what it is
        numbers = tuple(
            Sign("", "") if read.symbol else self.sign(part) for part, read in zip(parts, reads, strict=True)
        )
        symbol = self.made(wish, used, op, operation, self.spoken.get(id(node)), words, numbers)
        return Operand(ast.Name(symbol, ast.Load()), "value")

    def made(
        self,
        wish: str,
        used: tuple[str, ...],
        op: Callable[..., Any],
        operation: Operation,
        said: Words | None,
        words: tuple[str, str],
        numbers: tuple[Sign, ...] = (),
    ) -> str:
        """Adds a step and returns its symbol."""
        if not any(one not in self.running for one in used):
            raise NotStraightError  # it hangs on no input
        name, sentence, letter = (*words, "") if said is None else (said.name, said.sentence, said.letter)
        within = self.within[-1] if len(self.within) > 1 else ""
        name = wording.unique(name, {draft.name for draft in self.drafts}, within)
        symbol = self._fresh(wish or "_".join("".join(c if c.isalnum() else " " for c in name).split()))
        self.values[symbol] = op(*(self.values[one] for one in used))
        self.drafts.append(Draft(symbol, name, sentence, used, op, operation, numbers, letter))
        return symbol

    def symbol(self, returned: Operand) -> str:
        """The symbol of what is returned."""
        if not (isinstance(returned.node, ast.Name) and returned.node.id in self.values):
            whole = returned.node
            returned = (
                self.moved("moved", returned, whole, "result")
                if returned.form == "view"
                else self.other("made", whole, whole, "result")
            )
        assert isinstance(returned.node, ast.Name)
        return returned.node.id

    # ------------------------------------------------------------------------------------------- the rest

    def _fresh(self, wish: str) -> str:
        base = wish if wish.isidentifier() else "value"
        if base in self.names or hasattr(builtins, base):
            base = f"{base}_"
        symbol, number = base, 2
        while symbol in self.values or symbol in self.names:
            symbol = f"{base.rstrip('_')}_{number}"
            number += 1
        return symbol

    def symbols(self, node: ast.expr) -> tuple[str, ...]:
        """The parameters and steps that an expression reads, in order."""
        return tuple(name for name in names_in(node) if name in self.values)

    def value(self, node: ast.expr) -> Any:
        """What an expression over symbols is on the example."""
        used = self.symbols(node)
        return compiled(node, used, self.names)(*(self.values[one] for one in used))

    def sign(self, part: Operand) -> Sign:
        """A size or a constant in a formula; empty where there is no sign for it."""
        return notation.size(part.node, self._name_of)

    def told_of(self, part: Operand) -> str:
        """An operand in words."""
        if part.form == "size":
            return self.sign(part).plain or "a number"
        symbols = [one for one in self.symbols(part.node) if one not in self.running]
        return self.told(symbols[:1])[0] if symbols else "a number"

    def told(self, symbols: Sequence[str]) -> list[str]:
        """Parameters by their name, steps by theirs."""
        names = {draft.symbol: f"“{draft.name}”" for draft in self.drafts}
        return [names.get(symbol, symbol) for symbol in symbols]

    def _name_of(self, node: ast.expr) -> str | None:
        """What a size is called: by the solution, or by the axis of a parameter."""
        if (name := self.sizes.get(ast.unparse(node))) is not None:
            return name
        match node:
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=symbol), attr="shape"), slice=place):
                axis = notation.place_of(place)
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=symbol)]):
                axis = 0
            case _:
                return None
        known = self.axes.get(symbol, ())
        fits = axis is not None and -len(known) <= axis < len(known) and known[axis].isidentifier()
        return known[axis] if fits and axis is not None else None

    def procedure(self, name: str, parameters: tuple[str, ...], returns: tuple[str, ...]) -> Procedure:
        """The steps that the result comes of, with their formulas and the arithmetic of a cell."""
        needed = set(returns)
        for draft in reversed(self.drafts):
            if draft.symbol in needed or draft.operation.kind == "kept":
                needed |= {draft.symbol, *draft.operands}
        drafts = [draft for draft in self.drafts if draft.symbol in needed]
        links = tuple(Link(draft.symbol, draft.operands, draft.operation) for draft in drafts)
        chain = Chain(links, returns)
        signs = notation.letters(parameters, {draft.symbol: draft.letter for draft in drafts})
        steps = []
        for draft, link in zip(drafts, links, strict=True):
            operands = {symbol: self.values[symbol] for symbol in draft.operands}
            made = signs[draft.symbol]
            told = notation.formula(
                draft.operation, made, signs, draft.numbers, operands, self.values[draft.symbol]
            )
            if not told.plain:
                told = Formula(rf"{made.latex} = \text{{{draft.name}}}", f"{made.plain} = {draft.name}")
            cell = Cell(chain, link)
            steps.append(
                Step(
                    draft.name,
                    draft.symbol,
                    draft.operands,
                    draft.op,
                    told.latex,
                    told.plain,
                    draft.sentence,
                    cell,
                )
            )
        return Procedure(name, parameters, tuple(steps), returns)
