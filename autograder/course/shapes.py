"""What a function is called with, as the lesson says it: sizes and kinds in the annotations of its `def`.

    def scaled_scores(Query: "n_q d_k", Key: "n_k d_k"):

Sizes of the same name are the same size. What follows a comma is the kind of the numbers, and what else is allowed:
`"n k, probabilities"`, `"... d, huge"`, `"n, labels < k"`, `"n d, n >= 2"`. The kit draws the inputs (`declared.py`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

from autograder.course.lesson import Lesson

Kind: TypeAlias = Literal[
    "real", "positive", "integer", "bool", "probabilities", "labels", "words", "text", "number", "size"
]
LONE: Final = frozenset({"number", "text", "size"})  # kinds of what is no array and has no sizes

_SIZE: Final = re.compile(r"\.\.\.|\d+|[^\W\d]\w*(\*[^\W\d]\w*)*")
_LEAST: Final = re.compile(r"(?P<size>[^\W\d]\w*) *>= *(?P<least>\d+)")
_LABELS: Final = re.compile(r"labels *< *(?P<below>\d+|[^\W\d]\w*)")
_OF: Final = re.compile(r"words +of +(?P<of>[^\W\d]\w*)")
_OF_SIZE: Final = re.compile(r"size +(?P<size>[^\W\d]\w*)")
_EXAMPLE: Final = (
    'sizes, as in "n d", and after a comma a kind: real, positive, integer, bool, probabilities,'
)
_KINDS: Final = (
    f"{_EXAMPLE} labels < k, words, words of vocabulary; or alone: number, integer, positive, text, size n"
)


@dataclass(frozen=True)
class Shape:
    """What one argument is."""

    parameter: str
    kind: Kind = "real"
    sizes: tuple[
        str, ...
    ] = ()  # names, numbers, products such as "h*d"; "..." for any number of axes in front
    array: bool = True  # else a lone value
    below: str = ""  # of labels: the size, or the number, below which they are
    of: str = ""  # of words: the parameter whose words they are
    huge: bool = False  # its entries may be as large as 1000
    least: tuple[tuple[str, int], ...] = ()  # sizes that must not be smaller

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sizes in it."""
        parts = (part for size in (*self.sizes, self.below) for part in size.split("*"))
        return tuple(dict.fromkeys(part for part in parts if part.isidentifier()))


def of_function(lesson: Lesson, name: str) -> tuple[Shape, ...] | None:
    """What a function of the lesson is called with; None where its annotations say nothing.

    CourseError where some do and others do not, or one cannot be read.
    """
    function = lesson.function(name)
    if function is None:
        return None
    arguments = list(function.args.args)
    said = [_said(argument) for argument in arguments]
    if not arguments or not any(one is not None for one in said):
        return None
    found: list[Shape] = []
    for argument, text in zip(arguments, said, strict=True):
        if text is None:
            raise lesson.refuse(
                argument,
                f"{name!r} says nothing of its argument {argument.arg!r}, and the others have their sizes beside"
                f' them: write {argument.arg}: "…" with {_KINDS}',
            )
        found.append(_read(lesson, argument, text))
    _refuse_unknown(lesson, arguments, found)
    return tuple(found)


def _said(argument: ast.arg) -> str | None:
    match argument.annotation:
        case ast.Constant(value=str(text)):
            return text
    return None


def _read(lesson: Lesson, argument: ast.arg, text: str) -> Shape:
    head, *words = (part.strip() for part in text.split(","))
    fields: dict[str, Any] = {}
    if head in get_args(Kind) or _OF_SIZE.fullmatch(head) or head in ("", "text"):
        fields["array"], words = False, [head, *words]
        if head in ("words", "probabilities", "bool", "real", ""):
            raise _refused(lesson, argument, text, head)
    else:
        sizes = tuple(head.split())
        if not all(_SIZE.fullmatch(size) for size in sizes) or "..." in sizes[1:]:
            raise _refused(lesson, argument, text, head)
        fields["sizes"] = sizes
    least: list[tuple[str, int]] = []
    for word in words:
        if match := _LEAST.fullmatch(word):
            least.append((match["size"], int(match["least"])))
        elif match := _LABELS.fullmatch(word):
            fields |= {"kind": "labels", "below": match["below"]}
        elif match := _OF.fullmatch(word):
            fields |= {"kind": "words", "of": match["of"]}
        elif match := _OF_SIZE.fullmatch(word):
            fields |= {"kind": "size", "below": match["size"]}
        elif word == "huge":
            fields["huge"] = True
        elif word in get_args(Kind) and word not in ("labels", "size"):
            fields["kind"] = word
        else:
            raise _refused(lesson, argument, text, word)
    return Shape(argument.arg, least=tuple(least), **fields)


def _refused(lesson: Lesson, argument: ast.arg, text: str, word: str) -> Exception:
    what = f" has {word!r}, which says nothing" if word and word != text else " says nothing that is known"
    return lesson.refuse(argument, f"the annotation {text!r} of {argument.arg!r}{what}: write {_KINDS}")


def _refuse_unknown(lesson: Lesson, arguments: Sequence[ast.arg], found: Sequence[Shape]) -> None:
    sizes = {name for shape in found for size in shape.sizes for name in size.split("*")}
    sizes |= {shape.below for shape in found if shape.kind == "size"}
    words = {shape.parameter for shape in found if shape.kind == "words" and not shape.of}
    for argument, shape in zip(arguments, found, strict=True):
        asked = [*(size for size, _ in shape.least)]
        asked += [shape.below] if shape.below.isidentifier() else []
        for size in asked:
            if size not in sizes and shape.kind != "size":
                raise lesson.refuse(
                    argument, f"{argument.arg!r} speaks of a size {size!r}, and no argument has it"
                )
        if shape.of and shape.of not in words:
            raise lesson.refuse(
                argument,
                f'{argument.arg!r} takes words of {shape.of!r}: annotate that argument as "v, words"',
            )
