"""What the conditions and assertions of a test cell compare, read from their text: their two sides, and by what."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

# By what a comparison goes, beside Python's own operators. close: within a tolerance. true, false: by its truth alone.
# type, isinstance: by its class. raises: an exception is waited for. has: an attribute. calls: that it can be called.
_OPERATORS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPPOSITE: Final = {
    "==": "!=",
    "<": ">=",
    ">": "<=",
    "is": "is not",
    "in": "not in",
    "true": "false",
    "close": "not close",
    "isinstance": "not isinstance",
    "type": "not type",
}
OPPOSITE: Final = {**_OPPOSITE, **{other: one for one, other in _OPPOSITE.items()}}
# A comparison seen from its other side; `holds` is "in" where what came is the container.
TURNED: Final = {
    "<": ">", ">": "<", "<=": ">=", ">=": "<=", "in": "holds", "not in": "holds not",
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two sides that are compared, or one that is looked at alone."""

    sides: tuple[ast.expr, ...]
    comparison: str
    text: str | None = None  # in the place of the other side, where that is no value
    one_way: bool = False  # the first side is what came, whatever it was made of


# Functions of test libraries, by their name in small letters, without underscores and without `assert`.
_EQUAL_CALLS: Final = (
    "equal", "equals", "eq", "arrayequal", "listequal", "dictequal", "setequal", "tupleequal", "sequenceequal",
    "multilineequal", "countequal", "frameequal", "seriesequal", "indexequal", "stringequal", "itemsequal",
)  # fmt: skip
_CLOSE_CALLS: Final = (
    "almostequal", "almostequals", "allclose", "arrayalmostequal", "approxequal", "arrayalmostequalnulp", "arraymaxulp",
)  # fmt: skip
_ASSERTIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_EQUAL_CALLS, "=="),
    **dict.fromkeys(_CLOSE_CALLS, "close"),
    **dict.fromkeys(("notequal", "notequals", "noteq"), "!="),
    "notalmostequal": "not close",
    "is": "is",
    "isnot": "is not",
    "in": "in",
    "notin": "not in",
    "greater": ">",
    "greaterequal": ">=",
    "less": "<",
    "lessequal": "<=",
    "arrayless": "<",
    "isinstance": "isinstance",
    "notisinstance": "not isinstance",
}
_TRUTH: Final = {
    "": "true",
    "true": "true",
    "ok": "true",
    "false": "false",
    "isnone": "is",
    "isnotnone": "is not",
}
_RAISES: Final = frozenset({"raises", "raisesregex", "raisesregexp"})
_KEYWORDS: Final = (
    ("actual", "desired"), ("first", "second"), ("x", "y"), ("left", "right"), ("a", "b"), ("member", "container"),
)  # fmt: skip
_CLOSE: Final = frozenset({"allclose", "isclose"})
_EQUAL: Final = frozenset({"array_equal", "array_equiv"})
_EQUAL_METHODS: Final = frozenset({"equals", "identical"})
_ALL: Final = frozenset({"all", "bool", "alltrue"})
_SIZES: Final = frozenset({"abs", "fabs", "absolute", "norm", "square"})


def pairs(test: ast.expr, *, negated: bool = False) -> tuple[Pair, ...]:
    """What a condition compares, in the order in which Python does; the last one that was reached decides.

    `negated`: it fails where it holds.
    """
    found = tuple(_pairs(test))
    if not negated:
        return found
    return tuple(Pair(one.sides, OPPOSITE.get(one.comparison, ""), one.text, one.one_way) for one in found)


def _pairs(test: ast.expr) -> Iterator[Pair]:
    match test:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _pairs(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from pairs(operand, negated=True)
        case ast.Compare(left=left, ops=ops, comparators=others):
            for one, operator, other in zip((left, *others), ops, others, strict=False):
                yield _compared(one, _OPERATORS[type(operator)], other)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _pairs(body)
            yield from _pairs(orelse)
        case ast.Call():
            yield from _called(test)
        case ast.Constant():
            return
        case _:
            yield Pair((test,), "true")


def _compared(one: ast.expr, operator: str, other: ast.expr) -> Pair:
    for side, limit, small in ((one, other, ("<", "<=")), (other, one, (">", ">="))):
        apart = _difference(side) if operator in small and not isinstance(limit, ast.Tuple) else None
        if apart is not None:
            return Pair(apart, "close")
    inner = _only(one, "type"), _only(other, "type")
    if operator in ("==", "is", "!=", "is not") and (inner[0] is None) != (inner[1] is None):
        comparison = "type" if operator in ("==", "is") else "not type"
        value, kind = (inner[0], other) if inner[0] is not None else (inner[1], one)
        assert value is not None
        return Pair((value, kind), comparison, one_way=True)
    return Pair((one, other), operator)


def _called(test: ast.Call) -> Iterator[Pair]:
    """What a call that is a condition compares."""
    name, args = _name(test.func), [one for one in test.args if not isinstance(one, ast.Starred)]
    owner = test.func.value if isinstance(test.func, ast.Attribute) else None
    if name in _CLOSE and len(args) >= 2:
        yield Pair((args[0], args[1]), "close")
    elif name in _EQUAL and len(args) >= 2:
        yield Pair((args[0], args[1]), "==")
    elif name in _EQUAL_METHODS and owner is not None and len(args) == 1:
        yield Pair((owner, args[0]), "==")
    elif name == "isinstance" and len(args) == 2:
        yield Pair((args[0], args[1]), "isinstance", one_way=True)
    elif name in _ALL and (inner := _inside(test, owner, args)) is not None:
        yield from _pairs(inner)
    else:
        yield Pair((test,), "true")


def _inside(test: ast.Call, owner: ast.expr | None, args: Sequence[ast.expr]) -> ast.expr | None:
    """The condition of which all have to hold, as `all(…)`, `np.all(…)` and `(…).all()` have it; None: no such."""
    inner = args[0] if args else owner
    if isinstance(inner, ast.GeneratorExp | ast.ListComp):
        inner = inner.elt
    return inner if isinstance(inner, ast.Compare | ast.Call | ast.BoolOp | ast.UnaryOp) else None


def _difference(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The two sides of a difference whose size is taken: of `abs(a - b)`, `np.max(np.abs(a - b))`, `((a - b) ** 2).sum()`."""
    sized = False
    while True:
        match node:
            case ast.Call(func=func, args=args):
                sized = sized or _name(func) in _SIZES
                if args and not isinstance(args[0], ast.Starred):
                    node = args[0]
                elif isinstance(func, ast.Attribute):
                    node = func.value
                else:
                    return None
            case ast.BinOp(left=left, op=ast.Pow()):
                sized, node = True, left
            case ast.BinOp(left=left, op=ast.Sub(), right=right) if sized:
                return left, right
            case ast.BinOp(left=left, op=ast.Div()) if sized:
                node = left
            case _:
                return None


def _only(node: ast.expr, name: str) -> ast.expr | None:
    """The one argument of a call of this function."""
    match node:
        case ast.Call(func=ast.Name(id=called), args=[one], keywords=[]) if called == name:
            return one
    return None


def _name(node: ast.expr) -> str:
    """The last part of what is called."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


# ---------------------------------------------------------------------------------------- assertions that are called


@dataclass(frozen=True)
class Awaited:
    """What should raise, where that is waited for."""

    nodes: tuple[ast.expr, ...] = ()
    said: str = ""  # in a line


def called(call: ast.Call) -> tuple[tuple[Pair, ...] | None, Awaited]:
    """What a call of a test library's compares, and what should raise where it waits for that; None: it is no such."""
    name = _name(call.func).lower().replace("_", "")
    args = [one for one in call.args if not isinstance(one, ast.Starred)]
    if len(args) != len(call.args):
        return None, Awaited()
    asserts = name.startswith("assert")
    bare_name = (
        name.removeprefix("assert") if asserts else {"ok": "ok", "eq": "eq", "raises": "raises"}.get(name)
    )
    if bare_name is None:
        return None, Awaited()
    if bare_name in _RAISES and args:
        return _raised(args)
    if bare_name in _TRUTH and args:
        comparison = _TRUTH[bare_name]
        if comparison in ("is", "is not"):
            return (Pair((args[0], ast.Constant(None)), comparison),), Awaited()
        return pairs(args[0], negated=comparison == "false"), Awaited()
    keywords = {one.arg: one.value for one in call.keywords}
    for first, second in _KEYWORDS:
        if len(args) < 2 and second in keywords and (args or first in keywords):
            args = [args[0] if args else keywords[first], keywords[second]]
    if bare_name not in _ASSERTIONS or len(args) < 2:
        return None, Awaited()
    comparison = _ASSERTIONS[bare_name]
    return (Pair((args[0], args[1]), comparison, one_way=comparison.endswith("isinstance")),), Awaited()


def _raised(args: Sequence[ast.expr]) -> tuple[tuple[Pair, ...], Awaited]:
    """An exception that is waited for; what follows it is the function with its arguments, or a text to be matched."""
    due, *rest = args
    waited = (Pair((), "raises", ast.unparse(due)),)
    if not rest or isinstance(rest[0], ast.Constant):
        return waited, Awaited()
    call = rest[0].body if isinstance(rest[0], ast.Lambda) else ast.Call(rest[0], rest[1:], [])
    return waited, Awaited(tuple(rest), ast.unparse(call))


def waited(block: ast.Try) -> tuple[Pair, ...]:
    """The exceptions that a `try` waits for, which fails where none comes; none where it takes any."""
    kinds = [one.type for one in block.handlers if one.type is not None]
    return (Pair((), "raises", ", ".join(map(ast.unparse, kinds))),) if kinds else ()


def awaited(body: Sequence[ast.stmt]) -> Awaited:
    """What a body runs of which an exception is waited for."""
    values = (one.value for one in body if isinstance(one, ast.Expr | ast.Assign))
    nodes = tuple(value for value in values if not isinstance(value, ast.Constant))
    return Awaited(nodes, "; ".join(map(ast.unparse, nodes)))


def kept(statement: ast.stmt, before: Sequence[ast.stmt]) -> ast.Assign | None:
    """The comparison that `assert ok` looks at, where the last thing that `ok` was given is one; None: it is none."""
    if not isinstance(statement, ast.Assert) or not isinstance(statement.test, ast.Name):
        return None
    name = statement.test.id
    for one in reversed(before):
        match one:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                return one if any(pair.comparison not in ("true", "false") for pair in pairs(value)) else None
        if any(
            isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
            for node in ast.walk(one)
        ):
            return None
    return None


def fails(statement: ast.stmt) -> bool:
    """Whether a statement does nothing but fail: `raise`, `assert False`."""
    match statement:
        case ast.Raise(exc=ast.expr()):
            return True
        case ast.Assert(test=ast.Constant(value=value)):
            return not value
    return False


# ------------------------------------------------------------------------------------------------- what is said of it


def bare(node: ast.expr, name: str) -> ast.expr:
    """An expression as it was written, without the calls of this name that stand round its parts."""

    class Bare(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            if isinstance(node.func, ast.Name) and node.func.id == name:
                return self.visit(node.args[-1])  # type: ignore[no-any-return]
            return self.generic_visit(node)

    made: ast.expr = Bare().visit(deepcopy(node))
    return made


def as_data(value: object) -> object:
    """Classes as their names, and a number that pytest compares approximately as that number; all else as it is."""
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, tuple) and value and all(isinstance(one, type) for one in value):
        return " or ".join(one.__name__ for one in value)
    if is_approximate(value):
        return value.expected  # type: ignore[attr-defined]
    return value


def is_approximate(value: object) -> bool:
    """Whether this is pytest's `approx(…)`."""
    kind = type(value)
    return kind.__name__.startswith("Approx") and kind.__module__.startswith(("_pytest.", "pytest"))
