"""Text for people: numbers with the words that follow them, and long texts cut."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Final

_KNOWN_TYPES: Final = {name for name, thing in vars(builtins).items() if isinstance(thing, type)} | {
    "function", "generator", "Generator", "module", "method", "matrix", "Tensor", "DataFrame", "Series", "Index",
    "Figure", "Axes", "Counter", "defaultdict", "deque", "datetime", "date", "timedelta", "Decimal", "Fraction",
}  # fmt: skip
_CALLED: Final = {"NoneType": "None", "ndarray": "a NumPy array", "type": "a class"}
_SCALARS: Final = {
    "float": "a float",
    "int": "an int",
    "uint": "an int",
    "complex": "a complex",
    "str": "a str",
    "bool": "a bool",
}
ARRAY_OF: Final = (
    "array of "  # before the dtype of an array, as it is called where it does not cross or holds no numbers
)
_MOST, _FEW, _READ = (
    6,
    4,
    3,
)  # decimals that a mark has, those that are said in full, and those of what has more
TOO_LARGE: Final = " that is too large"  # after the name of the type of what would cross, were it smaller


def in_full(value: float) -> str:
    """Points, or another number, with the decimals that it has, and without the dust of binary fractions: "7.125", "8".

    For what is read back or held against another number; people read `in_short`.
    """
    return _trimmed(f"{value:.{_MOST}f}")


def in_short(value: float) -> str:
    """The same as people read it: what has no end, such as a third, is "0.333", and never nothing."""
    return _trimmed(f"{value:.{_decimals(value)}f}")


def counted(count: float, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 check", "1,200 checks", "0.125 points"; `plural` where it takes more than an s."""
    said = _trimmed(f"{count:,.{_decimals(count)}f}")
    return f"{said} {noun if count == 1 else plural or f'{noun}s'}"


def commonest(found: Mapping[str, int]) -> tuple[str, int]:
    """What was counted most often, and how often: of several the first by the alphabet, whoever was counted first."""
    return min(found.items(), key=lambda one: (-one[1], one[0]), default=("", 0))


def _decimals(value: float) -> int:
    """How many people read: all of a number that has few, and else three, where they are not all noughts."""
    has_few = len(in_full(value).partition(".")[2]) <= _FEW
    return _MOST if has_few or abs(value) < 10**-_READ else _READ


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".")


def agree(count: float, one: str, many: str) -> str:
    """The form of a verb, or of any other word, that goes with a number."""
    return one if count == 1 else many


def passing(right: int, every: int, noun: str) -> str:
    """How many of all pass: "1 of 8 checks passes", "0 of 1 check passes"."""
    return f"{right} of {counted(every, noun)} {agree(1 if every == 1 else right, 'passes', 'pass')}"


def few(names: Sequence[str], most: int = 5) -> str:
    """A few of many names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """`a`, `b` and `c`, in words."""
    *most, last = names
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def clipped(text: str, most: int = 400) -> str:
    """A long text with its middle left out, `most` characters of it staying."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-(most // 2) :]}"


def a_type(name: str) -> str:
    """A type with its article, "a list", by the name that a child gives of it; a student's own types have no name here."""
    plain = name.removesuffix(TOO_LARGE)
    if plain != name:
        return f"{a_type(plain)}{TOO_LARGE}"
    if name.startswith(ARRAY_OF):
        dtype = name.removeprefix(ARRAY_OF)
        is_text = dtype.startswith(("<U", ">U", "|S"))
        return f"an array of {'text' if is_text else 'objects' if dtype.startswith('object') else 'another kind'}"
    if name in _CALLED:
        return _CALLED[name]
    if name not in _KNOWN_TYPES:
        return _SCALARS.get(name.rstrip("_0123456789"), "an object of another type")
    return f"an {name}" if name[:1] in "aeiouAEIOU" else f"a {name}"
