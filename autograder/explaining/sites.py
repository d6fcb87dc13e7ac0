"""An expression of a definition, with what is known of where it stands, and the variables of its function."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import Editable
from autograder.explaining.placed import Kind
from autograder.explaining.roles import whole_numbers

_REDUCTIONS: Final = frozenset(
    [
        "sum",
        "mean",
        "max",
        "min",
        "amax",
        "amin",
        "argmax",
        "argmin",
        "prod",
        "std",
        "var",
        "any",
        "all",
        "cumsum",
        "cumprod",
        "median",
        "norm",
        "nansum",
        "nanmax",
        "argsort",
        "sort",
        "concatenate",
        "stack",
        "take",
        "repeat",
        "flip",
        "expand_dims",
        "squeeze",
        "softmax",
        "roll",
        "split",
        "array_split",
    ]
)


class Site:
    """One expression, with what is known of where it stands."""

    def __init__(self, owner: Editable, node: ast.expr, parents: dict[ast.AST, ast.AST]) -> None:
        self.owner, self.node, self.parents = owner, node, parents

    def change(
        self, rank: Rank, kind: Kind, text: str, like: str = "", at: ast.expr | None = None, subject: str = ""
    ) -> Change:
        """`text` in the place of the expression, or of another that it stands in."""
        node = at if at is not None else self.node
        start, end = self.owner.span(node)
        return Change(
            rank,
            kind,
            self.node.lineno,
            subject or self.subject,
            ((start, end, text),),
            like=f"{kind} {self.owner.of(node)} {text}" if like == "same" else like,
        )

    @cached_property
    def subject(self) -> str:
        """What is indexed, where it is a part of an index; else the nearest name that stands on its line."""
        inner: ast.AST = self.node
        while isinstance(outer := self.parents.get(inner), ast.expr) and not isinstance(outer, ast.Call):
            if isinstance(outer, ast.Subscript) and outer.slice is inner:
                return self.owner.name_on(outer.lineno, outer.col_offset)
            inner = outer
        return self.owner.name_on(self.node.lineno, self.node.col_offset)

    @property
    def parent(self) -> ast.AST | None:
        """What it is a part of."""
        return self.parents.get(self.node)


class Names:
    """The variables of a function, and from which line on each has a value."""

    def __init__(self, node: ast.AST) -> None:
        self.parameters: list[str] = []
        self.filled: set[str] = set()  # that something is appended to
        # That code asks for a size or an element of.
        self._sized: dict[str, None] = {}
        self._since: dict[str, int] = {}
        self._whole = whole_numbers(node)
        for one in ast.walk(node):
            if isinstance(one, ast.arg):
                self._since.setdefault(one.arg, 0)
                if one.arg not in ("self", "cls"):
                    self.parameters.append(one.arg)
            elif isinstance(one, ast.Attribute | ast.Subscript) and isinstance(one.value, ast.Name):
                self._sized[one.value.id] = None
            elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                self._since[one.id] = min(one.lineno, self._since.get(one.id, one.lineno))
            elif isinstance(one, ast.Call):
                self.filled |= _filled_by(one)

    def at(self, line: int) -> list[str]:
        """The variables that may have a value on a line."""
        return [name for name, since in self._since.items() if since <= line]

    def sized(self, line: int) -> list[str]:
        """The parameters, and the other variables there that are taken for arrays."""
        return [name for name in self.at(line) if name in self.parameters or name in self._sized]

    @property
    def all(self) -> list[str]:
        """All variables."""
        return list(self._since)

    def is_whole(self, name: str) -> bool:
        """Whether a variable holds whole numbers alone."""
        return name in self._whole

    def alike(self, name: str, line: int) -> list[str]:
        """The other variables there that may be taken for one: whole numbers for a whole number, others for others."""
        is_whole = name in self._whole
        return [other for other in self.at(line) if other != name and (other in self._whole) == is_whole]

    def __contains__(self, name: object) -> bool:
        return name in self._since


def _filled_by(call: ast.Call) -> set[str]:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr="append" | "extend" | "insert" | "add" | "update"):
            return {name}
    return set()


def role(site: Site) -> Kind:
    """What a number is for."""
    parent = site.parent
    while isinstance(parent, ast.BinOp | ast.UnaryOp):
        parent = site.parents.get(parent)
    if isinstance(parent, ast.Tuple):
        grand = site.parents.get(parent)
        if isinstance(grand, ast.Subscript):
            return "index"
        parent = grand
    match parent:
        case ast.keyword(arg="axis" | "axes" | "dim"):
            return "axis"
        case ast.keyword(arg="keepdims"):
            return "keepdims"
        case ast.Subscript(value=ast.Attribute(attr="shape")):
            return "size"
        case ast.Subscript():
            return "index"
        case ast.Slice():
            return "index"
        case ast.Call(func=ast.Name(id="range")):
            return "loop"
        case ast.Call(func=ast.Attribute(attr=called)) if called in _REDUCTIONS:
            return "axis"
        case ast.Call(func=ast.Attribute(attr="swapaxes" | "transpose" | "moveaxis")):
            return "axis"
    return "constant"


def is_whole(site: Site) -> bool:
    """Whether it is all that is assigned, returned or made an element, or one of several that are."""
    node, parent = site.node, site.parent
    if isinstance(parent, ast.Tuple):
        node, parent = parent, site.parents.get(parent)
    match parent:
        case ast.Assign() | ast.Return() | ast.AugAssign() | ast.AnnAssign():
            return parent.value is node
        case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) | ast.Lambda(body=element):
            return element is node
    return False


def has_two_ways(node: ast.AST | None) -> bool:
    """Whether a condition decides between two ways that are both written down, so that either may stand in the other's place."""
    match node:
        case ast.If(body=[*_, last], orelse=other):
            return bool(other) or isinstance(last, ast.Return)
    return isinstance(node, ast.IfExp)


def swapped(site: Site, parts: list[ast.expr], kind: Kind, rank: Rank) -> Iterator[Change]:
    """Two neighbours in each other's place."""
    for one, other in itertools.pairwise(parts):
        texts = site.owner.of(one), site.owner.of(other)
        if texts[0] != texts[1]:
            spans = (*site.owner.span(one), texts[1]), (*site.owner.span(other), texts[0])
            yield Change(rank, kind, one.lineno, site.subject, spans)
