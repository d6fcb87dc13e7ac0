"""Small changes of names, numbers and other constants."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.placed import Kind
from autograder.explaining.sites import Names, Site, role


def _holds_itself(site: Site, other: str, names: Names) -> bool:
    """Whether a list would be put into itself: what works with such a one may never end."""
    node: ast.AST = site.node
    while (parent := site.parents.get(node)) is not None and not isinstance(node, ast.stmt):
        match parent:
            case ast.Call(
                func=ast.Attribute(attr="append" | "extend" | "insert" | "add" | "update") as function
            ):
                if node in parent.args:
                    return other in names.filled
                if node is function:
                    return any(isinstance(one, ast.Name) and one.id == other for one in ast.walk(parent))
        node = parent
    match node:
        case ast.AugAssign(target=ast.Name(id=name)) if name == other:
            return any(isinstance(one, ast.List | ast.Tuple) for one in ast.walk(node.value))
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]):
            return name == other
    return False


_NUMBERS: Final = (0, 1, -1, 2, -2)
_A_SCALE: Final = 10  # as in percent and degrees, from which on it may be half or a tenth of what is due
# Of whole numbers: of thousands of digits, which code may hold, Python writes none down.
_LARGEST: Final = 10**18
_LONGEST: Final = 100  # characters of an einsum's letters
_SMALL: Final = 1e-8


def of_name(site: Site, node: ast.Name, names: Names) -> Iterator[Change]:
    """Another variable in its place."""
    if node.id not in names:
        return
    kind: Kind = "name"
    if isinstance(site.parent, ast.Return):
        kind = "return"
    elif isinstance(site.parent, ast.Subscript) and site.parent.slice is node:
        kind = "index"
    for other in names.alike(node.id, node.lineno):
        if not _holds_itself(site, other, names):
            yield site.change(Rank.WORD, kind, other, f"name {node.id} {other}", subject=node.id)


def of_constant(site: Site, node: ast.Constant, names: Names) -> Iterator[Change]:
    """Another constant in its place, or a size of the inputs."""
    value = node.value
    if isinstance(site.parent, ast.UnaryOp) and isinstance(site.parent.op, ast.USub):
        return
    kind = role(site)
    if isinstance(value, bool):
        yield site.change(
            Rank.WORD,
            "keepdims" if kind == "keepdims" else "switch",
            str(not value),
            subject=_given(site, kind),
        )
    elif isinstance(value, int) and abs(value) <= _LARGEST:
        yield from _integer(site, value, kind, names)
    elif isinstance(value, float):
        inverse = 1 / value if value else 1.0
        near = [-value, 0.0, 1.0, value / 2, value * 2, inverse, value - 1, value + 1, 0.5, -0.5]
        near += [_SMALL] if _SMALL < value < 1 else []  # what only keeps a number from 0, and is too large
        for other in dict.fromkeys(near):
            if other != value:
                like = f"{kind} {value} {other}"
                yield site.change(Rank.SYMBOL, kind, f"({other!r})", like, subject=_given(site, kind))
    elif value is None and kind == "axis":
        for other in (-1, 0, 1):
            yield site.change(Rank.WORD, "axis", str(other), f"axis None {other}")


def _given(site: Site, kind: Kind) -> str:
    """The word that says what a constant is given for, as in `ddof=0`; empty where there is none, or it says no more."""
    return site.parent.arg or "" if isinstance(site.parent, ast.keyword) and kind == "constant" else ""


def _integer(site: Site, value: int, kind: Kind, names: Names) -> Iterator[Change]:
    far = (value * 2, value // 2, value * 10, value // 10) if value >= _A_SCALE else ()
    for other in dict.fromkeys((*_NUMBERS, value + 1, value - 1, *far)):
        if other != value:
            text, like = f"({other})" if other < 0 else str(other), f"{kind} {value} {other}"
            yield site.change(Rank.WORD, kind, text, like, subject=_given(site, kind))
    if kind == "axis":
        yield site.change(Rank.WORD, kind, "None", f"{kind} {value} None")
    elif kind in ("constant", "loop") and value > 1:
        for parameter in names.sized(site.node.lineno):
            yield site.change(Rank.FORM, "size", f"len({parameter})", f"size {value} len({parameter})")
            for axis in (-1, 0, 1):
                text = f"{parameter}.shape[{axis}]"
                yield site.change(Rank.FORM, "size", text, f"size {value} {text}")


def of_negative(site: Site, node: ast.UnaryOp) -> Iterator[Change]:
    """A number with a minus before it."""
    value = node.operand.value if isinstance(node.operand, ast.Constant) else None
    kind = role(site)
    if isinstance(value, int) and abs(value) > _LARGEST:
        return
    if isinstance(value, int) and not isinstance(value, bool):
        for other in dict.fromkeys((*_NUMBERS, value, 1 - value, -1 - value)):
            if other != -value:
                yield site.change(
                    Rank.WORD, kind, f"({other})" if other < 0 else str(other), f"{kind} {-value} {other}"
                )
        if kind == "axis":
            yield site.change(Rank.WORD, kind, "None", f"{kind} {-value} None")
    else:
        yield site.change(Rank.WORD, "sign", f"({site.owner.of(node.operand)})")


def is_einsum(parent: ast.AST | None, node: ast.Constant) -> bool:
    """Whether these are the letters that an einsum is told its indices by."""
    match parent:
        case ast.Call(func=ast.Attribute(attr="einsum") | ast.Name(id="einsum"), args=[first, *_]):
            text = str(node.value)
            return first is node and "->" in text and len(text) <= _LONGEST
    return False


def of_letters(site: Site, value: str) -> Iterator[Change]:
    """The letters of an einsum in another order, or others of them."""
    letters = sorted(set(re.findall("[a-zA-Z]", value)))
    for place in range(len(value) - 1):
        one, other = value[place], value[place + 1]
        if one.isalpha() and other.isalpha():
            yield site.change(Rank.ORDER, "index", repr(value[:place] + other + one + value[place + 2 :]))
    for place, one in enumerate(value):
        for other in letters if one.isalpha() else ():
            if other != one:
                yield site.change(Rank.ORDER, "index", repr(value[:place] + other + value[place + 1 :]))
