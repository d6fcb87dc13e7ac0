"""Predictions in a lesson: what students guess before they run a cell, with the answer that only its author writes.

In the lesson the call holds the right answer, and the comments below it say why:

    predict("the shape of the scores", (10, 10))
    # why: Each of ten tokens has a score for each of ten tokens.
    # (10, 6): That is the shape of Query, and of Key.
    # or: [10, 10]

Students get `predict("the shape of the scores", ...)`. `why` is told with every guess, a line that begins with a value
is told to whoever guesses that, and `or` is another answer that is right. What is indented below such a line goes on with it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Plain: TypeAlias = bool | int | float | str
Form: TypeAlias = Literal["one", "shape", "several"]  # several: in any order
Answer: TypeAlias = tuple[Plain, ...]  # a single value where the form is "one"

_COMMENT: Final = re.compile(r"#(?P<gap>[ \t]*)(?P<said>.*?)[ \t]*")
_DEEPER: Final = 2  # blanks after the sign of a comment that goes on with the one above


class PredictionError(ValueError):
    """A prediction that students could not make, with the line of its cell."""

    def __init__(self, trouble: str, line: int) -> None:
        super().__init__(trouble)
        self.line = line


@dataclass(frozen=True)
class Prediction:
    """One question with what is told of its answers."""

    question: str  # by which it is known in its unit
    form: Form
    answer: Answer
    why: str
    others: tuple[Answer, ...] = ()  # right as well
    wrong: tuple[tuple[Answer, str], ...] = ()  # guesses that have a sentence of their own


def blanked(source: str, *, again: bool = False) -> tuple[str, tuple[Prediction, ...]]:
    """A cell of code as students get it, and the predictions that were in it; `again`: dots that are there may stay.

    Raises PredictionError where an answer is missing or no plain value, or where nothing says why.
    """
    if "predict(" not in source:
        return source, ()
    try:
        tree = ast.parse(source)
    except SyntaxError:  # of a magic, which a lesson may begin with
        return source, ()
    lines = source.split("\n")
    found = []
    for call in reversed([*_calls(tree)]):
        if again and len(call.args) == 2 and ast.unparse(call.args[1]) == "...":
            continue
        below, said = _said(lines, call.end_lineno or call.lineno)
        found.append(_prediction(call, said))
        _blank(lines, call, below)
    return "\n".join(lines).rstrip("\n"), tuple(reversed(found))


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """The predictions of a cell, each a statement of its own; `predict()` alone only lists them."""
    for node in tree.body:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id="predict"), args=[_, *_]) as call):
                yield call


def _said(lines: list[str], end: int) -> tuple[int, list[tuple[int, str]]]:
    """How far the comments below a call reach, and each with its line; what is indented is part of the one above."""
    said: list[tuple[int, str]] = []
    number = end
    for number in range(end, len(lines) + 1):
        comment = _COMMENT.fullmatch(lines[number]) if number < len(lines) else None
        if comment is None:
            break
        if said and len(comment["gap"]) >= _DEEPER:
            said[-1] = (said[-1][0], f"{said[-1][1]} {comment['said']}")
        else:
            said.append((number + 1, comment["said"]))
    return number, said


def _prediction(call: ast.Call, said: list[tuple[int, str]]) -> Prediction:
    match call:
        case ast.Call(args=[ast.Constant(value=str(question)), given], keywords=[]) if question.strip():
            form, answer = _answer(given, call.lineno)
        case _:
            raise PredictionError(
                'a prediction is a question and its answer: predict("the shape of the scores", (10, 10))',
                call.lineno,
            )
    why = ""
    others: list[Answer] = []
    wrong: list[tuple[Answer, str]] = []
    for line, words in said:
        value, sentence = _parted(words)
        if not sentence:
            raise PredictionError(
                f"{words!r} below a prediction: write `# why: …`, `# or: another answer`, or `# a wrong answer: …`",
                line,
            )
        if value == "why":
            why = sentence
        elif value == "or":
            others.append(_written(sentence, form, line))
        else:
            wrong.append((_written(value, form, line), sentence))
    if not why:
        raise PredictionError(
            f"nothing says why: write `# why: …` below predict({question!r}, …)", call.lineno
        )
    return Prediction(question, form, answer, why, tuple(others), tuple(wrong))


def _parted(words: str) -> tuple[str, str]:
    """What stands before the first colon outside of quotes, and what stands after it; empty where there is none."""
    parted = re.match(r"""("[^"]*"|'[^']*'|[^:]*):\s*(.*)""", words)
    return (parted[1].strip(), parted[2]) if parted else (words, "")


def _written(text: str, form: Form, line: int) -> Answer:
    """A value as it is written in a comment, of the same form as the right answer."""
    try:
        found, answer = _answer(ast.parse(text, mode="eval").body, line)
    except SyntaxError:
        found, answer = "one", ()
    if found != form or not answer:
        raise PredictionError(f"{text!r} is no answer of the same form as the right one", line)
    return answer


def _answer(node: ast.expr, line: int) -> tuple[Form, Answer]:
    """What is written there; PredictionError where it is no answer that somebody could type."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        value = None
    parts = value if isinstance(value, list | tuple | set) else [value]
    if not parts or not all(isinstance(one, Plain) for one in parts):
        raise PredictionError(
            f"{ast.unparse(node)} is no answer to type: write a number, a word in quotes, True, a shape,"
            " or several in braces",
            line,
        )
    if isinstance(value, set):
        return "several", tuple(sorted(parts, key=str))
    return "shape" if isinstance(value, list | tuple) else "one", tuple(parts)


def _blank(lines: list[str], call: ast.Call, below: int) -> None:
    """Puts dots in the place of the answer, and takes away what is said of it."""
    given, end = call.args[1], call.end_lineno or call.lineno
    # Places count bytes of UTF-8.
    before = lines[given.lineno - 1].encode()[: given.col_offset].decode()
    after = lines[(given.end_lineno or given.lineno) - 1].encode()[given.end_col_offset :].decode()
    lines[given.lineno - 1 : below] = [f"{before}...{after}", *lines[given.end_lineno : end]]
