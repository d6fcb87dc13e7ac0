"""Small changes of formulas: operators and their sides, comparisons, signs, terms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from autograder.explaining.changed import Change
from autograder.explaining.placed import Kind
from autograder.explaining.sites import Names, Site

_OPERATORS: Final[dict[type[ast.operator], str]] = {
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
    "/": ("*", "//", "-"),
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
    of, symbol = site.owner.of, _OPERATORS[type(node.op)]
    left, right = f"({of(node.left)})", f"({of(node.right)})"
    for other in _INSTEAD[symbol]:
        yield site.change(1, "operator", f"({left} {other} {right})", f"operator {symbol} {other}")
    if symbol in _ORDERED:
        yield site.change(1, "order", f"({right} {symbol} {left})")
    if symbol == "@":
        yield site.change(2, "transpose", f"({left} @ {right}.T)")
        yield site.change(2, "transpose", f"({left}.T @ {right})")
        yield site.change(2, "transpose", f"({left} @ {right}.swapaxes(-1, -2))")
    yield site.change(1, "term", left)
    yield site.change(1, "term", right)
    match node.left, node.right:
        case ast.BinOp(left=first, op=inner, right=second), _:
            text = f"({of(first)}) {_OPERATORS[type(inner)]} (({of(second)}) {symbol} {right})"
            yield site.change(1, "grouping", f"({text})")
    match node.left, node.right:
        case _, ast.BinOp(left=first, op=inner, right=second):
            text = f"({left} {symbol} ({of(first)})) {_OPERATORS[type(inner)]} ({of(second)})"
            yield site.change(1, "grouping", f"({text})")


def of_comparison(site: Site, node: ast.Compare) -> Iterator[Change]:
    """Other comparisons of the same two sides."""
    symbol, of = _COMPARISONS[type(node.ops[0])], site.owner.of
    for other in _COMPARED_INSTEAD[symbol]:
        text = f"({of(node.left)} {other} {of(node.comparators[0])})"
        yield site.change(1, "comparison", text, f"comparison {symbol} {other}")


def added(site: Site, node: ast.expr, names: Names) -> Iterator[Change]:
    """What may be missing around a whole expression, or a part of a formula."""
    parent = site.parent
    whole = isinstance(parent, ast.Assign | ast.Return | ast.AugAssign | ast.AnnAssign) and (
        getattr(parent, "value", None) is node
    )
    part = isinstance(parent, ast.BinOp) or (isinstance(parent, ast.Call) and node in parent.args)
    if not (whole or part) or isinstance(node, ast.Constant | ast.Starred | ast.Tuple | ast.List):
        return
    text = f"({site.owner.of(node)})"
    kind: Kind = "transpose"
    if not isinstance(node, ast.Attribute) or node.attr != "T":
        yield site.change(3, kind, f"{text}.T", f"transpose + {text}")
        yield site.change(4, kind, f"{text}.swapaxes(-1, -2)")
    yield site.change(3, "sign", f"(-{text})")
    if whole:
        yield site.change(3, "call", f"abs{text}")
        for other in names.at(node.lineno):
            if other not in {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}:
                for symbol in "+-*/":
                    yield site.change(4, "term", f"({text} {symbol} {other})")
