"""Small changes of formulas: operators and their sides, comparisons, signs, terms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from autograder.explaining import flow
from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import Editable
from autograder.explaining.placed import Kind
from autograder.explaining.sites import Names, Site, has_two_ways, is_whole

OPERATORS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}

_INSTEAD: Final[dict[str, tuple[str, ...]]] = {
    "+": ("-", "*"),
    "-": ("+", "/"),
    "*": ("/", "@", "+", "**"),
    "/": ("*", "//", "-", "%"),
    "//": ("/", "%"),
    "%": ("//", "/"),
    "**": ("*",),
    "@": ("*",),
    "&": ("|",),
    "|": ("&",),
    "^": ("**",),
    "<<": (">>",),
    ">>": ("<<",),
}

_LONG: Final = 40  # characters of a term that may be missing elsewhere

_ORDERED: Final = frozenset({"-", "/", "//", "%", "**", "@"})

_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}

_TRUTHS: Final = frozenset({"in", "not in", "is", "is not"})  # that have no border at which both are equal

_OPPOSITES: Final = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
    "is": "is not",
    "is not": "is",
}

_MOST_COMPARED: Final = 4  # comparisons in a row

_COMPARED_INSTEAD: Final[dict[str, tuple[str, ...]]] = {
    "<": ("<=", ">", ">="),
    "<=": ("<", ">=", ">"),
    ">": (">=", "<", "<="),
    ">=": (">", "<=", "<"),
    "==": ("!=", "<=", ">=", "<", ">"),
    "!=": ("==",),
    "in": ("not in",),
    "not in": ("in",),
    "is": ("is not",),
    "is not": ("is",),
}


def of_operator(site: Site, node: ast.BinOp) -> Iterator[Change]:
    """Another operator, its sides exchanged, one of them alone, another order of calculation."""
    of, symbol = site.owner.of, OPERATORS[type(node.op)]
    left, right = f"({of(node.left)})", f"({of(node.right)})"
    for other in _INSTEAD[symbol]:
        yield site.change(Rank.SYMBOL, "operator", f"({left} {other} {right})", f"operator {symbol} {other}")
    if symbol in _ORDERED:
        yield site.change(Rank.ORDER, "order", f"({right} {symbol} {left})")
    if symbol == "@":
        yield site.change(Rank.ADDED, "transpose", f"({left} @ {right}.T)")
        yield site.change(Rank.ADDED, "transpose", f"({left}.T @ {right})")
        yield site.change(Rank.ADDED, "transpose", f"({left} @ {right}.swapaxes(-1, -2))")
    yield site.change(Rank.SYMBOL, "term", left)
    yield site.change(Rank.SYMBOL, "term", right)
    match node.left, node.right:
        case ast.BinOp(left=first, op=inner, right=second), _:
            text = f"({of(first)}) {OPERATORS[type(inner)]} (({of(second)}) {symbol} {right})"
            yield site.change(Rank.ORDER, "grouping", f"({text})")
    match node.left, node.right:
        case _, ast.BinOp(left=first, op=inner, right=second):
            text = f"({left} {symbol} ({of(first)})) {OPERATORS[type(inner)]} ({of(second)})"
            yield site.change(Rank.ORDER, "grouping", f"({text})")


def of_comparison(site: Site, node: ast.Compare) -> Iterator[Change]:
    """Other comparisons of the same sides, each in its turn; x == 1 == 2 where either of them will do."""
    of = site.owner.of
    sides, symbols = [of(node.left), *map(of, node.comparators)], [_COMPARISONS[type(op)] for op in node.ops]
    if len(symbols) > _MOST_COMPARED:
        return
    for place, symbol in enumerate(symbols):
        for other in _COMPARED_INSTEAD[symbol]:
            written = [*symbols[:place], other, *symbols[place + 1 :]]
            after = "".join(f" {one} {side}" for one, side in zip(written, sides[1:], strict=True))
            kind: Kind = "condition" if symbol in _TRUTHS else "comparison"
            if len(symbols) == 1 and _OPPOSITES[symbol] == other and has_two_ways(site.parent):
                kind = "turned"
            yield site.change(Rank.WORD, kind, f"({sides[0]}{after})", f"comparison {symbol} {other}")
    if len(symbols) > 1 and set(symbols) == {"=="}:
        text = " or ".join(f"({sides[0]} == {side})" for side in sides[1:])
        yield site.change(Rank.SYMBOL, "condition", f"({text})")


def of_sides(site: Site, node: ast.BoolOp) -> Iterator[Change]:
    """`and` for `or`, one side alone, and x == 1 or x == 2 where 2 is a side of its own, which is always true."""
    of = site.owner.of
    word, other = (" or ", " and ") if isinstance(node.op, ast.Or) else (" and ", " or ")
    sides = [f"({of(one)})" for one in node.values]
    yield site.change(Rank.SYMBOL, "condition", f"({other.join(sides)})")
    for side in sides:
        yield site.change(Rank.SYMBOL, "term", side)
    match node.values[0]:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as op]):
            asked = f"({of(left)}) {_COMPARISONS[type(op)]} "
            text = word.join(
                f"({asked}{side})" if isinstance(one, ast.Constant) else side
                for one, side in zip(node.values, sides, strict=True)
            )
            if any(isinstance(one, ast.Constant) for one in node.values):
                yield site.change(Rank.WORD, "condition", f"({text})")


class Terms:
    """What may be missing from a formula of a definition: variables that nothing reads, and what stands in other formulas."""

    def __init__(self, owner: Editable, names: Names) -> None:
        self._names = names
        nodes = list(ast.walk(owner.node))
        read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        if isinstance(owner.node, ast.FunctionDef):
            read &= flow.used(owner.node) | {name for name in names.all if names.is_whole(name)}
        self._unread = dict.fromkeys(name for name in names.all if name not in read)
        # What stands before and after the other side of a formula.
        self._like: dict[tuple[str, str], None] = {}
        for node in nodes:
            if isinstance(node, ast.BinOp):
                left, symbol, right = owner.of(node.left), OPERATORS[type(node.op)], owner.of(node.right)
                if not isinstance(node.left, ast.Constant) and len(left) <= _LONG:
                    self._like[f"({left}) {symbol} ", ""] = None
                if not isinstance(node.right, ast.Constant) and len(right) <= _LONG:
                    self._like["", f" {symbol} ({right})"] = None

    def is_size(self, name: str) -> bool:
        """Whether a variable holds whole numbers."""
        return self._names.is_whole(name)

    def makes_size(self, node: ast.AST | None) -> bool:
        """Whether a statement gives a variable a whole number."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                return self.is_size(name)
        return False

    def around(self, node: ast.expr, text: str, *, whole: bool) -> Iterator[tuple[Rank, str, str]]:
        """What may be missing before and after a formula, and how plain that is."""
        there = dict.fromkeys(self._names.at(node.lineno))
        # Where a term is left out, a variable often stands alone that nothing has been done with.
        rank = Rank.FORM if whole and isinstance(node, ast.Name) else Rank.ADDED
        for name in (one for one in self._unread if one in there):
            for symbol in "-/*+@":
                # As beside the same formula elsewhere: `values.append(token)` after `keys.append(token @ W_K)`.
                like = (f"({text}) {symbol} ", "") in self._like
                yield (Rank.PLACE if like else rank), "", f" {symbol} {name}"
            yield from ((rank, "", f" {symbol} np.sqrt({name})") for symbol in "/*")
            yield from ((rank, "", f" {symbol} {name}[..., None]") for symbol in "-/")
            yield from ((rank, f"{name} {symbol} ", "") for symbol in "-/@")
        yield from ((Rank.FAR, *pair) for pair in self._like)
        if whole:
            has = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            for name in there:
                if name not in has and name not in self._unread:
                    yield from ((Rank.FAR, "", f" {symbol} {name}") for symbol in "+-*/")


def added(site: Site, node: ast.expr, terms: Terms) -> Iterator[Change]:
    """What may be missing around a whole expression, or a part of a formula."""
    parent, whole = site.parent, is_whole(site)
    part = isinstance(parent, ast.BinOp) or (isinstance(parent, ast.Call) and node in parent.args)
    if not (whole or part) or isinstance(node, ast.Constant | ast.Starred):
        return
    text = f"({site.owner.of(node)})"
    if isinstance(parent, ast.Return | ast.Lambda):
        yield site.change(Rank.FORM, "call", f"np.array{text}")
    if isinstance(node, ast.Tuple | ast.List):
        return
    # Around a variable inside a formula it is the same as where the variable is made, which is plainer.
    inside = not whole and isinstance(node, ast.Name)
    far = Rank.AROUND if inside else Rank.FAR
    kind: Kind = "transpose"
    if not isinstance(node, ast.Attribute) or node.attr != "T":
        yield site.change(Rank.AROUND if inside else Rank.ADDED, kind, f"{text}.T", f"transpose + {text}")
        yield site.change(far, kind, f"{text}.swapaxes(-1, -2)")
    yield site.change(far, "sign", f"(-{text})")
    # A size keeps its name, and is changed where it is used.
    sized = isinstance(node, ast.Name) and terms.is_size(node.id)
    used = Rank.FAR if sized else Rank.AROUND if inside or terms.makes_size(parent) else Rank.FAR
    for name in ("sqrt", "exp") if not isinstance(parent, ast.Call) else ():
        yield site.change(used, "call", f"np.{name}{text}")
    if whole:
        yield site.change(far, "call", f"abs{text}")
    if whole:
        yield site.change(far, "term", f"(1 / {text})")
    if (reduced := _reduced(node)) is not None:
        yield from (site.change(Rank.ADDED, "term", f"({reduced} {symbol} {text})") for symbol in "/-")
    for rank, before, after in terms.around(node, site.owner.of(node), whole=whole):
        plain = rank if not inside or rank == Rank.PLACE else Rank.AROUND
        yield site.change(plain, "term", f"({before}{text}{after})")


_REDUCING: Final = frozenset(["sum", "max", "min", "mean", "amax", "amin"])


def _reduced(node: ast.expr) -> str | None:
    """The variable whose sum or maximum this is."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name), args=[ast.Name(id=of), *_]
        ):
            return of if name in _REDUCING else None
        case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr=name)):
            return of if name in _REDUCING else None
    return None
