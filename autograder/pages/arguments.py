"""The inputs that an explanation is about: to look at, and as code to paste into a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.pages.tables import Tables, shape_in_words, tables, writer
from autograder.records import Explanation
from autograder.words import clipped, counted

MOST_PASTED = 400  # numbers in the inputs offered as code
MOST_WORDS = 60  # of a list of strings


@dataclass(frozen=True)
class Input:
    """One argument of the function."""

    name: str
    shape: str
    tables: Tables | None  # an array
    words: tuple[str, ...]  # a list of strings
    left_out: int  # words


def as_input(name: str, value: Any) -> Input:
    """One argument as the page shows it."""
    if isinstance(value, np.ndarray):
        return Input(name, shape_in_words(value.shape), tables(value, write=writer(value)), (), 0)
    words = tuple(clipped(word, 40) for word in value[:MOST_WORDS])
    return Input(name, counted(len(value), "word"), None, words, len(value) - len(words))


def as_code(function: str, explanation: Explanation) -> str:
    """Python that rebuilds the inputs and calls the student's function."""
    arrays = [value for _, value in explanation.inputs if isinstance(value, np.ndarray)]
    words: list[Any] = [value for _, value in explanation.inputs if not isinstance(value, np.ndarray)]
    if sum(array.size for array in arrays) + sum(map(len, words)) > MOST_PASTED or not explanation.inputs:
        return ""
    lines = ["import numpy as np", ""] if arrays else []
    for name, value in explanation.inputs:
        lines.append(f"{name} = {_literal(value, indent=len(name) + 3)}")
    arguments = ", ".join(name for name, _ in explanation.inputs)
    return "\n".join([*lines, "", f"{function}({arguments})"])


def _literal(value: Any, indent: int) -> str:
    if not isinstance(value, np.ndarray):
        return repr(list(value))
    if value.size == 0:
        return f"np.zeros({value.shape})"
    body = _nested(value.tolist(), indent + len("np.array("))
    return f"np.array({body})"


def _nested(value: object, indent: int) -> str:
    if not isinstance(value, list):
        text = f"{value:.6g}"
        return (
            f"{'-' * text.startswith('-')}np.{text.lstrip('-')}"
            if text.lstrip("-") in ("inf", "nan")
            else text
        )
    between = f",\n{' ' * (indent + 1)}" if value and isinstance(value[0], list) else ", "
    return f"[{between.join(_nested(one, indent + 1) for one in value)}]"
