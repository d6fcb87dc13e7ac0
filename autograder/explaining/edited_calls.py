"""Small changes of calls: another function, other arguments, none at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import MODULES
from autograder.explaining.placed import Kind
from autograder.explaining.sites import Site, swapped

_KEEPING: Final = frozenset(
    ["sum", "mean", "max", "min", "amax", "amin", "prod", "std", "var", "any", "all", "median", "norm"]
)

# What joins or cuts along an axis, the first where none is given.
_ALONG: Final = frozenset(
    ["concatenate", "stack", "split", "array_split", "append", "take", "repeat", "flip", "roll"]
)

# Functions that are taken for each other.
_FAMILIES: Final = tuple(
    family.split()
    for family in (
        "sum mean max min prod",
        "amax amin max min",
        "argmax argmin",
        "exp log sqrt square abs exp2",
        "log log2 log10 log1p exp",
        "zeros ones",
        "zeros_like ones_like",
        "maximum minimum",
        "max maximum",
        "min minimum",
        "add subtract multiply divide",
        "dot multiply matmul inner outer",
        "array zeros arange",
        "expand_dims squeeze",
        "sin cos tan tanh",
        "radians degrees deg2rad rad2deg",
        "triu tril",
        "any all",
        "std var mean",
        "floor ceil round",
        "vstack hstack",
        "stack concatenate hstack vstack",
        "append extend",
        "cumsum cumprod sum",
        "upper lower",
        "startswith endswith",
        "index count",
        "float int round",
        "isnan isfinite isinf",
        "greater less greater_equal less_equal",
        "argsort sort",
        "repeat tile",
        "sorted list reversed",
        "fmax fmin",
        "power multiply",
        "union intersection difference",
        "keys values items",
        "head tail",
        "ravel squeeze",
    )
)


_ENTRY_BY_ENTRY: Final = {"max": "maximum", "min": "minimum"}


def _siblings(name: str) -> list[str]:
    return [other for family in _FAMILIES if name in family for other in family if other != name]


def is_rounding(node: ast.AST) -> bool:
    """Whether a call rounds, as `round(x, 2)`, `np.round(x)` and `x.round(2)` do."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in ("round", "around")
    return False


def of_call(site: Site, node: ast.Call) -> Iterator[Change]:
    """Another function, other arguments or another order of them, or what it is called with instead."""
    call = _Called(site, node)
    without: Kind = "rounding" if is_rounding(node) else "call"
    if call.name == "range":
        yield from _range(site, call.words)
    if call.is_method and isinstance(node.func, ast.Attribute):
        yield site.change(Rank.PLACE, without, f"({site.owner.of(node.func.value)})", subject=call.name)
    elif call.words:
        yield site.change(Rank.PLACE, without, f"({call.words[0]})", subject=call.name)
    if isinstance(node.func, ast.Name) and call.name in _ENTRY_BY_ENTRY and len(call.words) > 1:
        text = f"np.{_ENTRY_BY_ENTRY[call.name]}({', '.join(call.words)})"
        yield site.change(Rank.ORDER, "call", text, subject=call.name)
    if call.name == "pop" and not call.words:
        yield call.changed(Rank.PLACE, "argument", words=["0"])
    for other in _siblings(call.name):
        if call.is_method and other in _ENTRY_BY_ENTRY.values():
            continue  # of which an array has none
        yield call.changed(Rank.ORDER, "call", f"call {call.name} {other}", function=other)
    yield from swapped(site, node.args, "argument", Rank.ORDER)
    if whole_numbers_asked_for(node):
        yield from _with_decimals(site, node, call)
    yield from _fewer(call)
    if call.name in _KEEPING and (call.words or call.is_method):
        yield from _more_axes(call)
    if call.name in _ALONG and "axis" not in call.named:
        for axis in ("-1", "1"):
            yield call.changed(
                Rank.FORM,
                "axis",
                f"axis {call.name} {axis}",
                words=[*call.words, *call.named.values(), f"axis={axis}"],
            )


class _Called:
    """One call in its parts."""

    def __init__(self, site: Site, node: ast.Call) -> None:
        self._site, function, of = site, node.func, site.owner.of
        self.name: str = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        self.is_method = isinstance(function, ast.Attribute) and not (
            isinstance(function.value, ast.Name) and function.value.id in MODULES
        )
        self._prefix = of(function)[: -len(self.name)] if self.name else of(function)
        self.words = [of(argument) for argument in node.args]
        self.named = {
            one.arg or "**": f"{one.arg}={of(one.value)}" if one.arg else f"**{of(one.value)}"
            for one in node.keywords
        }

    def changed(
        self,
        rank: Rank,
        kind: Kind,
        like: str = "",
        *,
        function: str = "",
        words: Sequence[str] | None = None,
    ) -> Change:
        """The call with another function or other arguments."""
        given = [*self.words, *self.named.values()] if words is None else words
        text = f"{self._prefix}{function or self.name}({', '.join(given)})"
        return self._site.change(rank, kind, text, like, subject=self.name)


def whole_numbers_asked_for(node: ast.AST) -> bool:
    """Whether a call asks for an array of whole numbers, as `np.zeros(n, dtype=int)` and `np.full(n, 0)` do."""
    if not isinstance(node, ast.Call):
        return False
    given = [*node.args, *(one.value for one in node.keywords if one.arg == "dtype")]
    return any(map(_is_whole, given)) or _filled_with(node) is not None


def _is_whole(node: ast.expr) -> bool:
    """Whether this is a type of whole numbers."""
    match node:
        case ast.Name(id="int" | "bool"):
            return True
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name) | ast.Constant(value=str(name)):
            return re.fullmatch(r"u?int(\d+|p|c|_)?|[ui]\d", name) is not None
    return False


def _filled_with(node: ast.Call) -> ast.expr | None:
    """The whole number that `np.full` fills an array with."""
    match node:
        case ast.Call(func=ast.Attribute(attr="full"), args=[_, ast.Constant(value=int()) as filling]):
            return filling
    return None


def _with_decimals(site: Site, node: ast.Call, call: _Called) -> Iterator[Change]:
    """The same array, where nothing cuts the decimals off its numbers."""
    if call.name == "astype" and isinstance(node.func, ast.Attribute):
        text = f"({site.owner.of(node.func.value)})"
        yield site.change(Rank.WORD, "dtype", text, subject=call.name)
        return
    filling = _filled_with(node)
    words = [
        f"float({text})" if one is filling else text
        for text, one in zip(call.words, node.args, strict=True)
        if not _is_whole(one)
    ]
    named = [call.named[one.arg or "**"] for one in node.keywords if not _is_whole(one.value)]
    yield call.changed(Rank.WORD, "dtype", words=[*words, *named])


def _fewer(call: _Called) -> Iterator[Change]:
    """The same call with one argument fewer."""
    words, named = call.words, call.named
    for place in range(len(words)):
        if len(words) > 1 or call.is_method:
            less = [*words[:place], *words[place + 1 :], *named.values()]
            yield call.changed(Rank.ADDED, "argument", words=less)
    for word in named:
        kind: Kind = "axis" if word == "axis" else "keepdims" if word == "keepdims" else "argument"
        less = [*words, *(text for name, text in named.items() if name != word)]
        yield call.changed(Rank.PLACE, kind, words=less)


def _more_axes(call: _Called) -> Iterator[Change]:
    """A sum, a maximum or the like along an axis, or with the axis kept, where nothing says so."""
    given, name = [*call.words, *call.named.values()], call.name
    if "axis" in call.named or len(call.words) > (0 if call.is_method else 1):
        if "keepdims" not in call.named:
            yield call.changed(Rank.FORM, "keepdims", "keepdims", words=[*given, "keepdims=True"])
        return
    for axis in ("-1", "0"):
        yield call.changed(Rank.FORM, "axis", f"axis {name} {axis}", words=[*given, f"axis={axis}"])
        if "keepdims" not in call.named:
            words = [*given, f"axis={axis}", "keepdims=True"]
            yield call.changed(Rank.FORM, "axis", f"axis {name} {axis} keepdims", words=words)


def _range(site: Site, words: list[str]) -> Iterator[Change]:
    """A range that begins or ends one earlier or later."""
    if len(words) == 1:
        for text in (f"({words[0]}) - 1", f"({words[0]}) + 1", f"1, {words[0]}"):
            yield site.change(Rank.PLACE, "loop", f"range({text})")
    elif len(words) >= 2:
        rest = words[2:]
        for first, last in (
            (words[0], f"({words[1]}) + 1"),
            (words[0], f"({words[1]}) - 1"),
            (f"({words[0]}) + 1", words[1]),
            (f"({words[0]}) - 1", words[1]),
            ("0", words[1]),
        ):
            yield site.change(Rank.PLACE, "loop", f"range({', '.join([first, last, *rest])})")
