"""A step's formula, in LaTeX and as plain text, from what it does on an example: letters, and indices that run.

Which cell of an operand belongs to which cell of the result is read off the places themselves (`arithmetic.py`), so that
a transpose shows as exchanged indices and a slice as a shifted one, however the author wrote it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder.course.arithmetic import Operation
from autograder.data import Array

_RUNNING: Final = "ijklmn"  # indices
_GREEK: Final = dict(
    zip(
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "eps",
            "epsilon",
            "eta",
            "theta",
            "kappa",
            "lam",
            "mu",
            "nu",
            "rho",
            "sigma",
            "tau",
            "phi",
            "omega",
        ],
        ["α", "β", "γ", "δ", "ε", "ε", "η", "θ", "κ", "λ", "μ", "ν", "ρ", "σ", "τ", "φ", "ω"],
        strict=True,
    )
)
_LATEX_OF: Final = {"eps": "epsilon", "lam": "lambda"}
_FOLDS: Final = {  # LaTeX and words
    "sum": (r"\sum", "the sum of"),
    "mean": (r"\operatorname{mean}", "the mean of"),
    "max": (r"\max", "the largest"),
    "min": (r"\min", "the smallest"),
    "prod": (r"\prod", "the product of"),
    "argmax": (r"\operatorname{argmax}", "the place of the largest"),
    "argmin": (r"\operatorname{argmin}", "the place of the smallest"),
}
_ENTRIES: Final = {  # LaTeX and plain, of the operands
    "add": ("{} + {}", "{} + {}"),
    "subtract": ("{} - {}", "{} − {}"),
    "multiply": (r"{} \cdot {}", "{} · {}"),
    "divide": (r"\frac{{{}}}{{{}}}", "{} / {}"),
    "floor_divide": (r"\lfloor \frac{{{}}}{{{}}} \rfloor", "⌊{} / {}⌋"),
    "remainder": (r"{} \bmod {}", "{} mod {}"),
    "power": ("{{{}}}^{{{}}}", "{}^{}"),
    "negative": ("-{}", "−{}"),
    "square": ("{{{}}}^{{2}}", "{}²"),
    "sqrt": (r"\sqrt{{{}}}", "√{}"),
    "abs": ("|{}|", "|{}|"),
    "absolute": ("|{}|", "|{}|"),
    "exp": (r"\exp({})", "exp({})"),
    "log": (r"\log({})", "log({})"),
    "tanh": (r"\tanh({})", "tanh({})"),
    "sin": (r"\sin({})", "sin({})"),
    "cos": (r"\cos({})", "cos({})"),
    "round": (r"\operatorname{{round}}({})", "round({})"),
    "maximum": (r"\max({}, {})", "max({}, {})"),
    "minimum": (r"\min({}, {})", "min({}, {})"),
    "greater": ("{} > {}", "{} > {}"),
    "greater_equal": (r"{} \ge {}", "{} ≥ {}"),
    "less": ("{} < {}", "{} < {}"),
    "less_equal": (r"{} \le {}", "{} ≤ {}"),
    "equal": ("{} = {}", "{} = {}"),
    "not_equal": (r"{} \ne {}", "{} ≠ {}"),
}


@dataclass(frozen=True)
class Sign:
    """What stands for a value in a formula."""

    latex: str
    plain: str


@dataclass(frozen=True)
class Formula:
    """One in both forms; both empty where there is no notation for it."""

    latex: str = ""
    plain: str = ""


def named(name: str) -> Sign:
    """The sign of a name as it stands, such as `d_k` or `alpha`."""
    head, _, below = name.partition("_")
    if head in _GREEK:
        latex, plain = rf"\{_LATEX_OF.get(head, head)}", _GREEK[head]
    else:
        latex, plain = (head if len(head) == 1 else rf"\mathrm{{{head}}}"), head
    if not below:
        return Sign(latex, plain)
    below_latex = below if len(below) == 1 else rf"{{\text{{{below.replace('_', ' ')}}}}}"
    return Sign(f"{latex}_{below_latex}", f"{plain}_{below}")


def letter(symbol: str, taken: Iterable[str]) -> Sign:
    """A short sign for a value that none of those `taken` (in plain text) is."""
    head, _, below = symbol.partition("_")
    known = set(taken) | set(_RUNNING)
    wishes = [symbol] if head in _GREEK or (len(head) == 1 and 0 < len(below) < 4) else []
    wishes += [*symbol[:1], symbol[:1].swapcase(), *symbol[1:], *"abcdefghpqrstuvwxyz"]
    for wish in wishes:
        if wish.isidentifier() and wish != "_" and (sign := named(wish)).plain not in known:
            return sign
    return Sign(rf"\mathrm{{{symbol}}}".replace("_", " "), symbol)


def letters(parameters: Sequence[str], steps: Mapping[str, str]) -> dict[str, Sign]:
    """The signs of parameters and of steps, which may have one that their author gives them, by symbol."""
    signs: dict[str, Sign] = {}
    given = [named(sign).plain for sign in steps.values() if sign]
    for symbol in (*parameters, *steps):
        taken = [sign.plain for sign in signs.values()]
        own = steps.get(symbol, "")
        if not own or named(own).plain in taken:
            signs[symbol] = letter(symbol, [*taken, *given])
        else:
            signs[symbol] = named(own)
    return signs


def root(expression: ast.expr) -> ast.expr | None:
    """What a number is the square root of; None where it is none."""
    match expression:
        case ast.Call(func=ast.Attribute(attr="sqrt"), args=[inner], keywords=[]):
            return inner
    return None


def size(expression: ast.expr, known: Callable[[ast.expr], str | None]) -> Sign:
    """The sign of a number made of sizes and constants; `known` says what an expression is called, if anything."""
    if (name := known(expression)) is not None:
        return named(name)
    match expression:
        case ast.Constant(value=value):
            return Sign(f"{value!r}" if value is not None else "", f"{value!r}")
        case ast.Name(id=name):
            return named(name)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            sign = size(inner, known)
            return Sign(f"-{sign.latex}", f"−{sign.plain}")
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr="shape"), slice=place):
            return _size_of(name, place_of(place))
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return _size_of(name, 0)
        case ast.Call(func=ast.Attribute(attr="sqrt"), args=[inner]):
            sign = size(inner, known)
            bare = sign.plain if re.fullmatch(r"\w+|\(.*\)", sign.plain) else f"({sign.plain})"
            return Sign(rf"\sqrt{{{sign.latex}}}", f"√{bare}")
        case ast.BinOp(left=left, op=op, right=right):
            one, other = size(left, known), size(right, known)
            form = _ENTRIES.get(BINARY.get(type(op), ""))
            if form is not None and one.plain and other.plain:
                return Sign(
                    form[0].format(one.latex, other.latex), f"({form[1].format(one.plain, other.plain)})"
                )
    return Sign("", "")


def place_of(node: ast.expr) -> int | None:
    """The place that is written as a number; None where it is none."""
    try:
        place = ast.literal_eval(node)
    except ValueError:
        return None
    return place if isinstance(place, int) else None


def _size_of(name: str, axis: int | None) -> Sign:
    what = {-1: "columns", 1: "columns", 0: "rows", -2: "rows"}.get(9 if axis is None else axis, "size")
    return Sign(rf"\text{{{what} of }} {named(name).latex}", f"({what} of {name})")


BINARY: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder",
    ast.Pow: "power",
}


def formula(
    operation: Operation,
    made: Sign,
    signs: Mapping[str, Sign],
    numbers: Sequence[Sign],
    operands: Mapping[str, Any],
    result: Any,
) -> Formula:
    """The formula of a step on an example; `numbers` are the signs of the reads that are numbers alone."""
    if operation.kind in ("other", "kept", "joined") or not np.size(result):
        return Formula()
    shape = np.shape(result)
    running = list(_RUNNING[: len(shape)])
    if len(running) < len(shape):
        return Formula()
    cells = np.arange(np.size(result))
    sources = operation.sources(operands, result, cells)
    whole = _indexed(
        made, [letter if length > 1 else "" for letter, length in zip(running, shape, strict=True)]
    )
    if operation.kind == "product":
        return _product(operation, whole, made, signs, operands, result, sources, running)
    if operation.kind == "fold":
        return _fold(operation, whole, signs, operands, shape, sources[0], running)
    if _is_whole(operation, made, signs, sources, shape):
        running, whole = [""] * len(shape), made
    terms: list[Sign] = []
    for place, (read, found) in enumerate(zip(operation.reads, sources, strict=True)):
        if not read.symbol:
            terms.append(numbers[place])
            continue
        indices = _fitted(found[:, 0], shape, np.shape(operands[read.symbol]), running)
        if indices is None:
            return Formula()
        terms.append(_indexed(signs[read.symbol], indices))
    if not all(term.plain for term in terms):
        return Formula()
    return _equation(whole, terms[0] if operation.kind == "moved" else _entries(operation.key, terms))


def _entries(key: str, terms: Sequence[Sign]) -> Sign:
    """An operation entry by entry on these terms."""
    form = _ENTRIES.get(key)
    if form is None:
        listed = [", ".join(one) for one in zip(*((term.latex, term.plain) for term in terms), strict=True)]
        name = key.replace("_", " ")
        return Sign(rf"\operatorname{{{name}}}({listed[0]})", f"{name}({listed[1]})")
    latex, plain = form
    if key == "power" and terms[1].plain == "2":
        plain = "{}²"
    return Sign(latex.format(*(t.latex for t in terms)), plain.format(*(t.plain for t in terms)))


def _is_whole(
    operation: Operation,
    made: Sign,
    signs: Mapping[str, Sign],
    sources: Sequence[Array],
    shape: tuple[int, ...],
) -> bool:
    """Whether it is said of matrices as a whole: one is scaled, or several are added up, all in capital letters."""
    symbols = [read.symbol for read in operation.reads if read.symbol]
    known = ("multiply", "divide") if len(symbols) == 1 else ("add", "subtract")
    if operation.kind != "entries" or operation.key not in known or len(shape) != 2 or 1 in shape:
        return False
    if operation.key == "divide" and not operation.reads[0].symbol:
        return False
    own = np.arange(int(np.prod(shape)))
    capital = all(sign.plain[:1].isupper() for sign in (made, *(signs[symbol] for symbol in symbols)))
    straight = [np.array_equal(np.ravel(found), own) for found in sources if found.size]
    return capital and len(straight) == len(symbols) and all(straight)


def _equation(left: Sign, right: Sign) -> Formula:
    return Formula(f"{left.latex} = {right.latex}", f"{left.plain} = {right.plain}")


def _indexed(sign: Sign, indices: Sequence[str]) -> Sign:
    """A value with its indices; axes of length 1 have none."""
    shown = [index for index in indices if index]
    if not shown:
        return sign
    inner = "".join(shown) if all(len(one) == 1 for one in shown) else r",\,".join(shown)
    base = sign.latex if "_" not in sign.latex else f"{{{sign.latex}}}"
    below = inner if len(inner) == 1 else f"{{{inner}}}"
    return Sign(f"{base}_{below}", f"{sign.plain}[{', '.join(one.replace('-', '−') for one in shown)}]")


def _fitted(
    places: Array, shape: tuple[int, ...], held: tuple[int, ...], running: Sequence[str]
) -> list[str] | None:
    """Where the cells stand that make those of a result, axis by axis, as `i`, `j+1` or `0`; None where no rule shows."""
    at = np.indices(shape).reshape(len(shape), -1) if shape else ()
    found = []
    for axis, own in enumerate(np.unravel_index(places, held) if held else ()):
        if held[axis] == 1:
            found.append("")
            continue
        fits = None
        for letter, index in zip(running, at, strict=True):
            shift = own - index
            if np.all(shift == shift[0]) and index.any():
                fits = letter if shift[0] == 0 else f"{letter}{int(shift[0]):+d}"
                break
        if fits is None and np.all(own == own[0]):
            last = own[0] == held[axis] - 1 and own[0] > 0
            fits = r"\text{last}" if last else str(own[0])
        if fits is None:
            return None
        found.append(fits.replace(r"\text{last}", "last"))
    return found


def _fold(
    operation: Operation,
    whole: Sign,
    signs: Mapping[str, Sign],
    operands: Mapping[str, Any],
    shape: tuple[int, ...],
    sources: Array,
    running: Sequence[str],
) -> Formula:
    symbol = operation.reads[0].symbol
    held = np.shape(operands[symbol])
    known = _FOLDS.get(operation.key)
    if known is None or not held or len(held) > 4:
        return Formula()
    # An axis along which a row of places changes is run over; the others go with the result's.
    indices, over = [], []
    first = _fitted(sources[:, 0], shape, held, running)
    varying = np.unravel_index(sources[0], held)
    if first is None:
        return Formula()
    spare = [one for one in _RUNNING if one not in first]
    for axis, fits in enumerate(first):
        if held[axis] > 1 and np.any(varying[axis] != varying[axis][0]):
            over.append(spare.pop(0))
            indices.append(over[-1])
        else:
            indices.append(fits)
    latex, words = known
    of = _indexed(signs[symbol], indices)
    below = "" if not over else f"_{over[0]}" if len(over) == 1 else f"_{{{''.join(over)}}}"
    along = f" over {' and '.join(over)}" if over else ""
    return Formula(f"{whole.latex} = {latex}{below} {of.latex}", f"{whole.plain} = {words} {of.plain}{along}")


def _product(
    operation: Operation,
    whole: Sign,
    made: Sign,
    signs: Mapping[str, Sign],
    operands: Mapping[str, Any],
    result: Any,
    sources: Sequence[Array],
    running: Sequence[str],
) -> Formula:
    shape, factors = np.shape(result), []
    over = next(one for one in _RUNNING if one not in running)
    for read, found in zip(operation.reads, sources, strict=True):
        held = np.shape(operands[read.symbol])
        first, varying = _fitted(found[:, 0], shape, held, running), np.unravel_index(found[0], held)
        if first is None or len(operation.reads) != 2:
            return Formula()
        indices = [
            over if held[axis] > 1 and np.any(varying[axis] != varying[axis][0]) else fits
            for axis, fits in enumerate(first)
        ]
        if indices.count(over) > 1:
            return Formula()
        factors.append((signs[read.symbol], indices, len(held)))
    (left, ones, dims), (right, others, more) = factors
    if len(shape) == dims == more == 2 and "" not in (*ones, *others):
        # The same without indices, as a matrix product.
        names = [sign if indices in wanted else None for (sign, indices, _), wanted in zip(
            factors, ([[running[0], over]], [[over, running[1]]]), strict=True)]  # fmt: skip
        flipped = [indices in ([over, running[0]], [running[1], over]) for _, indices, _ in factors]
        if all(name is not None or turn for name, turn in zip(names, flipped, strict=True)):
            latex = " ".join(f"{one[0].latex}^{{\\top}}" if turn else one[0].latex for one, turn in zip(factors, flipped, strict=True))  # fmt: skip
            plain = " · ".join(f"{one[0].plain}ᵀ" if turn else one[0].plain for one, turn in zip(factors, flipped, strict=True))  # fmt: skip
            return Formula(f"{made.latex} = {latex}", f"{made.plain} = {plain}")
    one, other = _indexed(left, ones), _indexed(right, others)
    return Formula(
        rf"{whole.latex} = \sum_{over} {one.latex} {other.latex}",
        f"{whole.plain} = the sum of {one.plain} · {other.plain} over {over}",
    )
