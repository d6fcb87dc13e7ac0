"""A name and a sentence for a step that has none of its author's: what it does, and to what, never how it is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

_ENTRIES: Final = {  # name, sentence of what it is done to
    "add": ("add", "Add {1} to {0}."),
    "subtract": ("subtract", "Subtract {1} from {0}."),
    "multiply": ("multiply", "Multiply {0} by {1}, entry by entry."),
    "divide": ("divide", "Divide {0} by {1}."),
    "floor_divide": ("divide and round down", "Divide {0} by {1}, and drop the decimals."),
    "remainder": ("remainder", "Take what is left of {0} when it is divided by {1}."),
    "power": ("power", "Raise {0} to the power of {1}."),
    "square": ("square", "Square each entry of {0}."),
    "negative": ("change the sign", "Change the sign of {0}."),
    "sqrt": ("square root", "Take the square root of each entry of {0}."),
    "exp": ("exponential", "Take the exponential of each entry of {0}."),
    "log": ("logarithm", "Take the logarithm of each entry of {0}."),
    "absolute": ("absolute value", "Take each entry of {0} without its sign."),
    "tanh": ("hyperbolic tangent", "Take the hyperbolic tangent of each entry of {0}."),
    "maximum": ("the larger one", "Take the larger of {0} and {1}, entry by entry."),
    "minimum": ("the smaller one", "Take the smaller of {0} and {1}, entry by entry."),
    "where": ("choose", "Choose each entry by a condition."),
    "clip": ("cut", "Cut what lies outside of a range."),
    "greater": ("compare", "See where {0} is greater than {1}."),
    "greater_equal": ("compare", "See where {0} is at least {1}."),
    "less": ("compare", "See where {0} is less than {1}."),
    "less_equal": ("compare", "See where {0} is at most {1}."),
    "equal": ("compare", "See where {0} equals {1}."),
    "not_equal": ("compare", "See where {0} differs from {1}."),
}
_FOLDS: Final = {  # name, sentence of what it runs along
    "sum": ("sum", "Add up {}."),
    "mean": ("mean", "Take the mean of {}."),
    "max": ("maximum", "Find the largest entry of {}."),
    "min": ("minimum", "Find the smallest entry of {}."),
    "prod": ("product of all", "Multiply all entries of {}."),
    "std": ("standard deviation", "Take the standard deviation of {}."),
    "var": ("variance", "Take the variance of {}."),
    "median": ("median", "Take the median of {}."),
    "any": ("any", "See whether any entry is true in {}."),
    "all": ("all", "See whether all entries are true in {}."),
    "argmax": ("place of the maximum", "Find the place of the largest entry of {}."),
    "argmin": ("place of the minimum", "Find the place of the smallest entry of {}."),
    "ptp": ("spread", "Take the difference between the largest and the smallest entry of {}."),
    "norm": ("length", "Take the length of {}."),
}
_OTHERS: Final = {
    "loop": ("loop", "Do the same for one after the other."),
    "choice": ("choice", "Choose by a condition."),
    "set": ("set entries", "Put other numbers into some of the cells."),
    "made": ("start", "Start with numbers that depend on nothing but sizes."),
    "each": ("one by one", "Make one result for each, one by one."),
    "pick": ("pick", "Pick entries of {0} by their places."),
    "joined": ("join", "Put the parts together."),
    "copy": ("copy", "Begin with a copy of {0}."),
    "moved": ("rearrange", "Put the entries of {0} in other places."),
    "kept": ("check the input", "Refuse what cannot be computed."),
}


def of_entries(key: str, operands: Sequence[str]) -> tuple[str, str]:
    """Of an operation entry by entry on these operands."""
    if key == "power" and operands[1:] == ["2"]:
        key, operands = "square", operands[:1]
    name, sentence = _ENTRIES.get(key, (key.replace("_", " "), ""))
    if not sentence or sentence.count("{") > len(operands):
        words = key.replace("_", " ")
        return name, f"Apply {words} to each entry of {operands[0]}."
    return name, sentence.format(*operands)


def of_fold(key: str, along: str, what: str) -> tuple[str, str]:
    """Of a fold `along` each "row" or "column", or, where that is empty, over all of `what`."""
    name, sentence = _FOLDS.get(key, (key.replace("_", " "), f"Take the {key.replace('_', ' ')} of {{}}."))
    if not along:
        return name, sentence.format(what)
    head, of, end = name.rpartition("of the ")
    return f"{head}{of}{along} {end}", sentence.format(f"each {along} of {what}")


def of_product(operands: Sequence[str]) -> tuple[str, str]:
    """Of a product of matrices or vectors."""
    return "product", f"Multiply {' with '.join(operands)}: multiply entry by entry, then add up."


def of_other(key: str, operands: Sequence[str]) -> tuple[str, str]:
    """Of anything else; `key` is a kind of statement, or the name of a function."""
    name, sentence = _OTHERS.get(key, (key.replace("_", " "), ""))
    what = operands[0] if operands else "the inputs"
    return name, sentence.format(what) if sentence else f"Work out “{name}” from {_listed(operands) or what}."


def unique(name: str, taken: Collection[str], within: str = "") -> str:
    """The name, or what tells it apart from those taken: the function that it stands in, a number."""
    if name in taken and within:
        name = f"{within}: {name}"
    wish, number = name, 2
    while name in taken:
        name = f"{wish} {number}"
        number += 1
    return name


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
