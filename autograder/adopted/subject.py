"""What a failure of a test cell is about: which function or variable of the student's, and by which words it is told."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from autograder import nested
from autograder.adopted import alterations
from autograder.adopted.papers import Asked, Failure, Paper, Step, Verdict
from autograder.checking import kinds
from autograder.data import Other
from autograder.notebook import definitions, syntax
from autograder.pages import literals
from autograder.records import Cell, Definition, Died, Raised, Returned, Submission, Tolerance

_EXACT: Final = Tolerance(0.0, 0.0)
_LOOKED_AT: Final = 200  # questions before a failure, of which one may have given the value
_ROOM: Final = 48  # characters of the arguments of a call
_COMPLAINS: Final = re.compile(
    r"(NoneType)|'(\w{1,60})' object|of type '(\w{1,60})'|^(\w{1,60}) index out of range"
)
_CALLED: Final = {"string": "str"}


@dataclass(frozen=True)
class Subject:
    """What a failure is about."""

    name: str  # the student's function, class or variable; empty where that is not known
    said: str  # what was looked at: "squares(3)", "len(squares(3))", "table"; empty where that is not known
    asked: Asked | None = None  # the question that gave it, or that did not come to an end
    whole: bool = False  # what was looked at is what that question gave, and no part of it
    only: bool = False  # there was no other question about the name

    @property
    def is_call(self) -> bool:
        """Whether it is what a call gives."""
        return self.said.endswith(")")

    @property
    def is_result(self) -> bool:
        """Whether it is what a call of the student's function gives, as it is."""
        return self.whole and self.asked is not None and is_call(self.asked)


def of(verdict: Verdict, failure: Failure) -> Subject:
    """What this failure is about."""
    every = verdict.asked[-_LOOKED_AT:][::-1]
    if failure.how in ("student", "died") and every:
        # Not the last of all: what a test asks for in a `finally`, or after a bare `except`, may well have come.
        ends = Died if failure.how == "died" else Raised
        last = next((one for one in every if isinstance(one.outcome, ends)), None)
        if last is None:  # an attribute that is not there, an operator, the text of an object
            return Subject(failure.names[0] if failure.names else root(every[0].name), failure.said)
        return Subject(failure.names[0] if failure.names else root(last.name), called(last), last, whole=True)
    if failure.how == "raised" and (culprit := _of_type(every, failure.message)) is not None:
        return Subject(
            failure.names[0] if failure.names else root(culprit.name), called(culprit), culprit, whole=True
        )
    changing = next((one for one in every if alterations.is_looked_at(one, failure.said)), None)
    if changing is not None:
        return Subject(root(changing.name), failure.said, changing)
    named = [one for one in every if not failure.names or root(one.name) in failure.names] or list(every)
    name = failure.names[0] if failure.names else root(named[0].name) if named else ""
    beside = failure.beside
    if beside is not None and beside.absent != "got":
        gave = next((one for one in named if _gave(one, beside.got)), None)
        if gave is not None and _is_plain(failure.said):
            return Subject(name or root(gave.name), called(gave), gave, whole=True)
    return Subject(name, failure.said, named[0] if named else None, only=len(named) == 1)


def _of_type(every: Sequence[Asked], message: str) -> Asked | None:
    """The last question that gave a value of the type that Python complains of; None where it names none."""
    named = _COMPLAINS.search(message)
    if named is None:
        return None
    kind = next(filter(None, named.groups()))
    kind = _CALLED.get(kind, kind)
    answered = (one for one in every if isinstance(one.outcome, Returned))
    return next((one for one in answered if nested.type_name(one.outcome.value) == kind), None)  # type: ignore[union-attr]


def root(name: str) -> str:
    """The name that the notebook binds, of an attribute of which something was asked."""
    return name.partition(".")[0]


def is_call(asked: Asked) -> bool:
    """Whether something was called, and no variable looked at."""
    return asked.said.endswith(")")


def called(asked: Asked) -> str:
    """A question with the values that were handed in; as the test has it, where these are no plain ones or long."""
    if not is_call(asked):
        return asked.said
    given = [(name, literals.written(value, _ROOM)) for name, value in asked.keywords.items()]
    given = [("", literals.written(value, _ROOM)) for value in asked.arguments] + given
    told = ", ".join(f"{name}={one.text}" if name else one.text for name, one in given)
    function, _, _ = asked.said.partition("(")
    said = asked.said
    if asked.name and function.rpartition(".")[2] != asked.name.rpartition(".")[2]:
        # What stands there is a helper's call, of another cell's or of a library, in which it was called.
        function, said = asked.name, f"{asked.name}(…)"
    leaves = nested.leaves((*asked.arguments, *asked.keywords.values()))
    others = any(isinstance(leaf, Other | np.ndarray) for leaf in leaves)  # an array is shown by itself
    plain = (
        not others
        and all(one.whole for _, one in given)
        and len(told) <= _ROOM
        and not set(function) & set("([{ ")
    )
    return f"{function}({told})" if plain and "<" not in told else said


def _gave(asked: Asked, value: object) -> bool:
    """Whether a question gave this very value."""
    if not isinstance(asked.outcome, Returned):
        return False
    came = asked.outcome.value
    return type(came) is type(value) and kinds.equal(came, value, _EXACT)


def _is_plain(said: str) -> bool:
    """Whether what was looked at is a variable or a call, and nothing that is made of one."""
    try:
        node = ast.parse(said, mode="eval").body
    except SyntaxError:
        return False
    return isinstance(node, ast.Name | ast.Call)


# --------------------------------------------------------------------------------------------- what the student wrote


def cells_of(steps: Sequence[Step]) -> tuple[Cell, ...]:
    """The student's own cells, by the index of their step."""
    return tuple(Cell(step.index, step.source) for step in steps if step.own)


def submission(unit: str, cells: tuple[Cell, ...], name: str) -> Submission:
    """The student's cells, with what they say of one name."""
    return definitions.submission(unit, [name], cells)


def is_function(paper: Paper, name: str) -> bool:
    """Whether the instructor's notebook makes a function of this name, or a class."""
    return _made(paper, name).node is not None


def is_class(paper: Paper, name: str) -> bool:
    """Whether the instructor's notebook makes a class of this name."""
    return isinstance(_made(paper, name).node, ast.ClassDef)


def _made(paper: Paper, name: str) -> Definition:
    cells = (Cell(cell.index, cell.source) for cell in paper.cells if cell.is_code and cell.kind != "test")
    return syntax.definition(cells, name)
