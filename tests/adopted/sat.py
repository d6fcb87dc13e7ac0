"""A sitting without processes, for tests of what is told of it: student code runs here, and is asked as a room would ask."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.adopted import asserting, marked
from autograder.adopted.asserting import NOTHING, Asserts
from autograder.adopted.papers import Asked, Failure, Paper, PaperCell, Sitting, Step, Verdict
from autograder.data import Other
from autograder.dialect import NBGRADERS
from autograder.differences import Beside
from autograder.records import Died, Raised, Returned

# A result that stands for a death of the child.
ENDLESS = "timeout"
_PLAIN = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    list,
    tuple,
    set,
    frozenset,
    dict,
    np.ndarray,
    np.generic,
    type(None),
)


def paper(solutions: Mapping[str, str], tests: Mapping[str, str]) -> Paper:
    """A notebook of these cells by their grade_id, solutions first; markers as nbgrader's."""
    cells: list[PaperCell] = []
    for kind, group in (("solution", solutions), ("test", tests)):
        for grade_id, source in group.items():
            shown, hidden = marked.shown(source, kind, True, NBGRADERS)  # type: ignore[arg-type]
            if kind == "solution":
                hidden = frozenset()
            cells.append(PaperCell(len(cells), kind, source, grade_id, 2.0, shown, True, hidden))  # type: ignore[arg-type]
    return Paper("ps1", tuple(cells), Path("ps1.ipynb"))


def steps(of: Paper, answers: Mapping[str, str]) -> tuple[Step, ...]:
    """What a student handed in, by grade_id; what is not there is left as it came."""
    return tuple(
        Step(place, answers.get(cell.grade_id, cell.shown) if cell.kind == "solution" else cell.source, cell.kind, cell.grade_id, cell.kind == "solution")
        for place, cell in enumerate(of.cells)
    )  # fmt: skip


def sit(of: Paper, run: Sequence[Step]) -> Sitting:
    """What came of it."""
    student: dict[str, Any] = {"np": np}
    failed: dict[int, Raised] = {}
    for step in run:
        if step.own:
            try:
                exec(compile(step.source, f"<step {step.index}>", "exec"), student)
            except Exception as error:
                failed[step.index] = Raised(type(error).__name__, str(error), _line(error, step.index))
    names = _bound(of)
    asserts = Asserts(names)
    tests = [cell for cell in of.cells if cell.kind == "test"]
    trees = [asserts.rewritten(ast.parse(cell.source), cell.grade_id, cell.source) for cell in tests]
    asserts.ready()
    namespace: dict[str, Any] = {"np": np, asserting.NAME: asserts.see}
    verdicts = tuple(
        _verdict(cell, tree, asserts, namespace, names, student, run)
        for cell, tree in zip(tests, trees, strict=True)
    )
    return Sitting(verdicts, failed)


class _DiedError(BaseException):
    """What was asked did not come to an end."""


def _verdict(
    cell: PaperCell,
    tree: ast.Module,
    asserts: Asserts,
    namespace: dict[str, Any],
    names: Sequence[str],
    student: dict[str, Any],
    run: Sequence[Step],
) -> Verdict:
    asked: list[Asked] = []

    class Names(dict[str, Any]):
        def __missing__(self, name: str) -> Any:
            if name not in names:
                if hasattr(builtins, name):
                    return getattr(builtins, name)
                raise NameError(f"name '{name}' is not defined")
            if name not in student:
                raise NameError(f"name '{name}' is not defined")
            value = student[name]
            if not callable(value):
                asked.append(Asked(name, name, (), {}, Returned(_data(value)), 0, hidden=_hidden()))
                return value
            return _asking(name, value, asked, _hidden)

    line = [0]

    def _hidden() -> bool:
        return line[0] in cell.hidden

    scope = Names(namespace)
    failure, value = None, None
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        for statement in tree.body:
            line[0] = statement.lineno
            exec(compile(ast.Module([statement], []), cell.grade_id, "exec"), scope)
        if isinstance(last, ast.Expr):
            line[0] = last.lineno
            value = eval(compile(ast.Expression(last.value), cell.grade_id, "eval"), scope)
    except BaseException as error:
        failure = _failure(cell, error, asserts, line[0])
    namespace.update({name: scope[name] for name in list(scope)})
    score = cell.points if failure is None else 0.0
    if failure is None and isinstance(value, int | float) and not isinstance(value, bool):
        score = min(float(value), cell.points)
    return Verdict(cell.grade_id, score, cell.points, failure, tuple(asked))


def _failure(cell: PaperCell, error: BaseException, asserts: Asserts, line: int) -> Failure:
    seen = asserts.of(error)
    how, died = "assert" if isinstance(error, AssertionError) else "raised", None
    if hasattr(error, "of_student"):
        how = "student"
    if isinstance(error, _DiedError):
        how, died = "died", Died("timeout")
    at, traceback = line, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == cell.grade_id:
            at = traceback.tb_lineno
        traceback = traceback.tb_next
    beside = None
    if seen is not None:
        absent = "got" if seen.got is NOTHING else "expected" if seen.expected is NOTHING else ""
        beside = Beside(_data(seen.got), _data(seen.expected), (), absent)  # type: ignore[arg-type]
    return Failure(
        how, type(error).__name__, str(error), at, at in cell.hidden, seen.statement if seen else "", beside,  # type: ignore[arg-type]
        seen.comparison if seen else "", died, seen.said if seen else "", seen.names if seen else (),
    )  # fmt: skip


def _asking(
    name: str, function: Callable[..., Any], asked: list[Asked], hidden: Callable[[], bool]
) -> Callable[..., Any]:
    def ask(*args: Any, **keywords: Any) -> Any:
        given = tuple(map(_data, copy.deepcopy(args)))
        said = f"{name}({', '.join(map(repr, args))})"

        def note(outcome: Any) -> None:
            asked.append(
                Asked(
                    said,
                    name,
                    given,
                    {key: _data(one) for key, one in keywords.items()},
                    outcome,
                    0,
                    hidden=hidden(),
                )
            )

        try:
            value = function(*args, **keywords)
        except Exception as error:
            note(Raised(type(error).__name__, str(error), _line(error)))
            error.of_student = True  # type: ignore[attr-defined]
            raise
        if isinstance(value, str) and value == ENDLESS:
            note(Died("timeout"))
            raise _DiedError
        note(Returned(_data(value)))
        return value

    return ask


def _data(value: Any) -> Any:
    return value if isinstance(value, _PLAIN) else Other(type(value).__name__)


def _line(error: BaseException, index: int | None = None) -> int | None:
    found, traceback = None, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.startswith("<step"):
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found


def _bound(of: Paper) -> list[str]:
    names: dict[str, Any] = {"np": np}
    for cell in of.cells:
        if cell.kind == "solution":
            exec(cell.source, names)
    return [name for name in names if name not in ("np", "__builtins__")]
