"""Small changes of the unit in which a number is taken: degrees and radians, percent and parts of one, all and all but one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.sites import Names, Site

_TAKE_ANGLES: Final = frozenset(["sin", "cos", "tan"])
_GIVE_ANGLES: Final = frozenset(
    ["asin", "acos", "atan", "atan2", "arcsin", "arccos", "arctan", "arctan2", "angle"]
)
_SEVERAL: Final = "*"  # is no name, so that none is said
_ONE_FEWER: Final = frozenset(["std", "var"])  # which divide by the number of values, or by one fewer


def of_angle(site: Site, node: ast.Call) -> Iterator[Change]:
    """An angle in degrees that a function takes in radians, or the other way round."""
    called, of = _called(node), site.owner.of
    if called in _TAKE_ANGLES and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        (angle,) = node.args
        yield site.change(Rank.FORM, "unit", f"np.radians({of(angle)})", "radians", at=angle)
        yield site.change(Rank.FAR, "unit", f"({of(angle)}) * np.pi", "pi", at=angle)
    elif called in _GIVE_ANGLES:
        yield site.change(Rank.FORM, "unit", f"np.degrees({of(node)})", "degrees")


def of_share(site: Site, node: ast.expr, names: Names) -> Iterator[Change]:
    """A parameter that is handed as percent and used as a part of one, or the other way round.

    In a product it does not show which side that is: it is said of the product.
    """
    parent = site.parent.op if isinstance(site.parent, ast.BinOp) else None
    match node:
        case ast.BinOp(op=ast.Mult()) if not isinstance(parent, ast.Mult):
            read = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
            subject = _SEVERAL
        case ast.Name(id=subject) if isinstance(parent, ast.Add | ast.Sub | ast.Div):
            read = [subject]
        case _:
            return
    if any(name in names.parameters for name in read):
        text = site.owner.of(node)
        for scaled in (f"({text} / 100)", f"({text} * 100)"):
            yield site.change(Rank.FAR, "unit", scaled, f"unit {scaled}", subject=subject)


def of_number_of_values(site: Site, node: ast.expr, names: Names) -> Iterator[Change]:
    """One fewer than all values, where something is divided by how many there are."""
    parent, of = site.parent, site.owner.of
    divides = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div) and parent.right is node
    if divides and _counts(node, names):
        yield site.change(Rank.FORM, "term", f"({of(node)} - 1)")
    match node:
        case ast.Call(keywords=named) if _called(node) in _ONE_FEWER:
            given = [*map(of, node.args), *(f"{one.arg}={of(one.value)}" for one in named)]
            if not any(one.arg in ("ddof", None) for one in named):
                text = f"{of(node.func)}({', '.join([*given, 'ddof=1'])})"
                yield site.change(Rank.FORM, "argument", text, "one fewer", subject=_called(node))


def _counts(node: ast.expr, names: Names) -> bool:
    """Whether it is how many there are of something."""
    match node:
        case ast.Name(id=name):
            return names.is_whole(name)
        case ast.Call(func=ast.Name(id="len")):
            return True
        case ast.Attribute(attr="size") | ast.Subscript(value=ast.Attribute(attr="shape")):
            return True
    return False


def _called(node: ast.Call) -> str:
    """The name of what is called, without that of its module."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
