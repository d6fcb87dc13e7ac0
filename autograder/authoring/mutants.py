"""Small changes to a right function, each of which the graders should catch.

The usual operators of mutation testing (numbers, signs, comparisons, conditions, statements), and those that
matter for matrices: operands exchanged, a transpose or a keyword dropped, one NumPy function for its neighbour.
Ready-made mutation tools change files and run whole test suites in a process each; here a mutant is a cell of a
notebook, and a grader runs in milliseconds.
"""

from __future__ import annotations

import ast
import copy
import functools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from autograder.notebook import syntax


@dataclass(frozen=True)
class Mutant:
    """A function with one small change."""

    function: str
    statement: str  # that is changed, its first line
    change: str  # such as "-1 → 0"
    source: str  # the cell
    line: int = 0  # of what is changed, within the cell, from 1; 0 where that is not known


def mutants(source: str, function: str) -> Iterator[Mutant]:
    """All mutants of one function, class or variable in the source of its cell, none of them twice.

    None where it is not there.
    """
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    places = {node: place for place, node in enumerate(ast.walk(tree))}
    holders = dict(_holders(tree))
    for statements, parameters in _parts(tree, function):
        for node in sorted(statements, key=lambda node: places[node]):
            for replacement in _replacements(node, parameters):
                changed = _replaced(tree, *holders[node], node, replacement)
                if changed not in seen:
                    seen.add(changed)
                    change = f"{_short(node)} → {_short(replacement)}"
                    line = getattr(node, "lineno", statements[node].lineno)
                    yield Mutant(function, _short(statements[node]), change, changed, line)


def _parts(tree: ast.Module, name: str) -> Iterator[tuple[dict[ast.AST, ast.stmt], list[str]]]:
    """What may be changed of a function, of each method of a class, or of the statements that make a variable.

    With each the parameters that may take one another's place.
    """
    for written in tree.body:
        if getattr(written, "name", None) != name:
            continue
        if isinstance(written, ast.FunctionDef):
            yield _statements(written.body), [argument.arg for argument in written.args.args]
            return
        if isinstance(written, ast.ClassDef):
            for method in (one for one in written.body if isinstance(one, ast.FunctionDef)):
                yield _statements(method.body), [argument.arg for argument in method.args.args[1:]]
            return
    yield _statements([one for one in syntax.values_of(tree, name) if not syntax.holds_nothing(one)]), []


def random_edits(sources: Sequence[str], function: str, many: int, rng: random.Random) -> Iterator[Mutant]:
    """Small changes at random, one or two at a time, to cells that define one function; none of them twice.

    Fewer than asked for where there are no more.
    """
    seen = set(sources)
    for _ in range(20 * many):
        if len(seen) >= len(set(sources)) + many:
            return
        edits: list[Mutant] = []
        source = rng.choice(sources)
        for _ in range(rng.choice((1, 1, 2))):
            fresh = [mutant for mutant in every(source, function) if mutant.source not in seen]
            if not fresh:
                break
            edits.append(rng.choice(fresh))
            source = edits[-1].source
        if edits:
            seen.add(source)
            change = ", then ".join(edit.change for edit in edits)
            yield Mutant(function, edits[0].statement, change, source)


@functools.lru_cache(maxsize=128)
def every(source: str, function: str) -> tuple[Mutant, ...]:
    """`mutants`, for one source again and again: to write each of them out takes as long as a small drawing."""
    return tuple(mutants(source, function))


def _statements(body: Sequence[ast.stmt]) -> dict[ast.AST, ast.stmt]:
    """The statement that each node belongs to; a docstring is left alone."""
    found: dict[ast.AST, ast.stmt] = {}
    for statement in body[1:] if _is_docstring(body[:1]) else body:
        for node in ast.walk(statement):
            found[node] = statement
        for node in ast.walk(statement):  # outer statements come first, so that the innermost stays
            if isinstance(node, ast.stmt):
                found |= dict.fromkeys(ast.walk(node), node)
    return found


def _is_docstring(statements: Sequence[ast.stmt]) -> bool:
    match statements:
        case [ast.Expr(value=ast.Constant(value=str()))]:
            return True
    return False


def _holders(tree: ast.Module) -> Iterator[tuple[ast.AST, tuple[ast.AST, str]]]:
    """Each node with the one that holds it, and with the name of the field in which it does."""
    for holder in ast.walk(tree):
        for name, value in ast.iter_fields(holder):
            for node in value if isinstance(value, list) else [value]:
                if isinstance(node, ast.AST):
                    yield node, (holder, name)


def _replaced(tree: ast.Module, holder: ast.AST, name: str, node: ast.AST, replacement: ast.AST) -> str:
    """The source with a node replaced that `holder` holds in the field `name`; the tree is as before."""
    held = getattr(holder, name)
    changed = [replacement if one is node else one for one in held] if isinstance(held, list) else replacement
    setattr(holder, name, changed)
    text = ast.unparse(tree)
    setattr(holder, name, held)
    return text


def _short(node: ast.AST) -> str:
    lines = ast.unparse(node).splitlines()
    text = lines[0] if isinstance(node, ast.For | ast.If | ast.While) else " ".join(lines)
    return text if len(text) <= 60 else f"{text[:28]} … {text[-28:]}"


# ------------------------------------------------------------------------------------------ the operators

_OPERATORS: Final[dict[type[ast.operator], tuple[type[ast.operator], ...]]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Pow: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
}
_COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_NEIGHBOURS: Final = {
    "max": ("min", "mean"),
    "min": ("max",),
    "sum": ("mean", "max"),
    "mean": ("sum",),
    "exp": ("exp2", "expm1"),
    "log": ("log2",),
    "sqrt": ("cbrt", "square"),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "concatenate": ("stack",),
    "argmax": ("argmin",),
    "index": ("count",),
    "append": ("extend",),
    "matmul": ("multiply",),
    "dot": ("multiply",),
}


@functools.singledispatch
def _replacements(node: ast.AST, parameters: Sequence[str]) -> Iterator[ast.AST]:
    """What may stand in the place of a node, by its kind; the node itself is not changed."""
    return iter(())


@_replacements.register
def _(node: ast.BinOp, parameters: Sequence[str]) -> Iterator[ast.AST]:
    for other in _OPERATORS.get(type(node.op), ()):
        yield _with(node, op=other())
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield _with(node, left=node.right, right=node.left)
    yield node.left
    yield node.right


@_replacements.register
def _(node: ast.UnaryOp, parameters: Sequence[str]) -> Iterator[ast.AST]:
    if not isinstance(node.op, ast.USub | ast.Not):
        return
    yield node.operand
    if isinstance(node.operand, ast.Constant) and node.operand.value == 1:  # an axis or a last place
        yield ast.Constant(0)
        yield ast.UnaryOp(ast.USub(), ast.Constant(2))


@_replacements.register
def _(node: ast.Constant, parameters: Sequence[str]) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1) if value > 0 else ast.UnaryOp(ast.USub(), ast.Constant(1 - value))


@_replacements.register
def _(node: ast.Compare, parameters: Sequence[str]) -> Iterator[ast.AST]:
    if len(node.ops) == 1:
        for comparison in _COMPARISONS[type(node.ops[0])]:
            yield _with(node, ops=[comparison()])


@_replacements.register
def _(node: ast.BoolOp, parameters: Sequence[str]) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


@_replacements.register
def _(node: ast.If | ast.IfExp | ast.While, parameters: Sequence[str]) -> Iterator[ast.AST]:
    yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


@_replacements.register
def _(node: ast.For, parameters: Sequence[str]) -> Iterator[ast.AST]:
    yield _with(node, iter=ast.List([], ast.Load()))
    for start, stop in ((1, None), (None, -1)):
        sliced = ast.Slice(_constant(start), _constant(stop))
        listed = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
        yield _with(node, iter=ast.Subscript(listed, sliced, ast.Load()))


@_replacements.register
def _(node: ast.comprehension, parameters: Sequence[str]) -> Iterator[ast.AST]:
    if node.ifs:
        yield _with(node, ifs=node.ifs[1:])


@_replacements.register
def _(node: ast.Attribute, parameters: Sequence[str]) -> Iterator[ast.AST]:
    if node.attr == "T":
        yield node.value
    for neighbour in _NEIGHBOURS.get(node.attr, ()):
        yield _with(node, attr=neighbour)


@_replacements.register
def _(node: ast.Call, parameters: Sequence[str]) -> Iterator[ast.AST]:
    arguments, keywords = node.args, node.keywords
    for place in range(len(keywords)):
        yield _with(node, keywords=[*keywords[:place], *keywords[place + 1 :]])
    for place in range(len(arguments) - 1):
        swapped = [*arguments]
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        yield _with(node, args=swapped)
    if len(arguments) == 1 and not keywords:
        yield arguments[0]


@_replacements.register
def _(node: ast.Name, parameters: Sequence[str]) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load) and node.id in parameters:
        yield from (ast.Name(other, ast.Load()) for other in parameters if other != node.id)


@_replacements.register
def _(node: ast.Tuple, parameters: Sequence[str]) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        first, second, *others = node.elts
        yield _with(node, elts=[second, first, *others])


@_replacements.register
def _(
    node: ast.Assign | ast.AugAssign | ast.Expr | ast.Raise | ast.Continue | ast.Break,
    parameters: Sequence[str],
) -> Iterator[ast.AST]:
    yield ast.Pass()


@_replacements.register
def _(node: ast.Return, parameters: Sequence[str]) -> Iterator[ast.AST]:
    if node.value is not None:
        yield ast.Return(ast.Constant(None))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _constant(value: int | None) -> ast.expr | None:
    if value is None:
        return None
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))
