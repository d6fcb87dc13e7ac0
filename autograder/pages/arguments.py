"""The inputs that an explanation is about: to look at, and as code to paste into a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from autograder.data import Argument, Code, Seeded, Value
from autograder.pages import scripts
from autograder.pages.literals import printable, written
from autograder.pages.tables import Tables, shape_in_words, tables, writer
from autograder.records import Explanation
from autograder.words import clipped, counted

if TYPE_CHECKING:
    from autograder.pages.contrast import Shown

MOST_PASTED: Final = 400  # numbers in the inputs offered as code
MOST_WORDS: Final = 60  # of a list of strings
ON_A_LINE: Final = 72  # characters of a value that is written as Python writes it


@dataclass(frozen=True)
class Input:
    """One argument of the function, in exactly one form."""

    name: str
    shape: str = ""
    tables: Tables | None = None  # an array
    words: tuple[str, ...] | None = None  # a list of strings
    left_out: int = 0  # words
    line: str = ""  # what fits on a line, as Python writes it
    shown: Shown | None = None  # a text, a tree, a pandas table
    code: tuple[str, ...] = ()  # a function as the lines of its source


def as_inputs(function: str, given: Sequence[tuple[str, Argument]]) -> tuple[Input, ...]:
    """The arguments of one call as the pages show them; of a script, its steps."""
    if scripts.is_script(given):
        return (Input("script", counted(len(given) - 1, "step"), code=_script(function, given)),)
    # An empty list holds words where others do: `one_hot([], vocabulary)`.
    words = any(_is_words(value) and value for _, value in given)
    return tuple(_input(name, value, words) for name, value in given)


def as_code(function: str, explanation: Explanation) -> str:
    """Python that rebuilds the inputs and calls the student's function; empty where that is too long or none does."""
    from autograder.pages import sources

    values = [value for _, value in explanation.inputs]
    if scripts.is_script(explanation.inputs):
        return "\n".join(_script(function, explanation.inputs))
    if not values or sum(map(sources.size, values)) > MOST_PASTED:
        return ""
    try:
        lines = [sources.assignment(name, value) for name, value in explanation.inputs]
    except sources.NoSourceError:
        return ""
    imports = sources.imports(*values)
    arguments = ", ".join(name for name, _ in explanation.inputs)
    return "\n".join([*imports, *([""] if imports else []), *lines, "", f"{function}({arguments})"])


def _script(function: str, given: Sequence[tuple[str, Argument]]) -> tuple[str, ...]:
    made = f"one = {scripts.making(function, given)}"
    return (made, *(f"one.{step}" for step in scripts.steps(given)[:MOST_PASTED]))


def _input(name: str, value: Argument, words: bool) -> Input:
    if isinstance(value, np.ndarray):
        return Input(name, shape_in_words(value.shape), tables(value, write=writer(value)))
    if isinstance(value, Code):
        lines = [line.expandtabs(4) for line in value.source.strip().split("\n")]
        return Input(name, "a function", code=tuple(printable(clipped(line, 160)) for line in lines[:40]))
    if isinstance(value, Seeded):
        return Input(name, "a random generator", line=written(value).text)
    if isinstance(value, list) and _is_words(value) and (value or words):
        told = tuple(printable(clipped(word, 40)) for word in value[:MOST_WORDS])
        return Input(name, counted(len(value), "word"), words=told, left_out=len(value) - len(told))
    line = written(value, ON_A_LINE)
    if line.whole and not (isinstance(value, str) and "\n" in value):
        return Input(name, line=line.text)
    return _at_length(name, value, line.text)


def _at_length(name: str, value: Value, line: str) -> Input:
    """What does not fit on a line, or only a part of it, which is `line`."""
    # Loaded where there is such a value: to load it costs a self-check of arrays more than to show them.
    from autograder.pages import textdiff
    from autograder.pages.contrast import Shown, shown

    if isinstance(value, str):
        text = textdiff.text(value)
        return Input(name, text.size, shown=Shown(text.size, text=text))
    form = shown(value)
    return Input(name, form.size, shown=form) if form.tree or form.tables else Input(name, line=line)


def _is_words(value: Argument) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
