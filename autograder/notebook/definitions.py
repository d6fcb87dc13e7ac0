"""What a notebook's text says of the functions it should define: where they stand, and what became of them."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from autograder.notebook import newer, syntax
from autograder.records import Cell, Definition, SetAside, Submission, Unit

_CLOSE: Final = 0.6  # of 1, from which two names are taken to mean the same
_MOST_NAMES: Final = 500  # of a notebook that are compared
_LONGEST_NAME: Final = 60
_HEAD: Final = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)", re.MULTILINE)
_CELL_MAGIC: Final = re.compile(r"\A\s*%%(\w+)")


def of(cells: Sequence[Cell], functions: Sequence[str]) -> dict[str, Definition]:
    """What is known of each of these functions in a notebook's cells, Markdown and raw ones included."""
    code = tuple(cell for cell in cells if cell.kind == "code")
    found = {name: syntax.definition(code, name) for name in functions}
    missing = [name for name, definition in found.items() if definition.cell is None]
    others = _names(code) - set(functions) if missing else frozenset[str]()
    return {name: _completed(name, known, cells, others) for name, known in found.items()}


def _completed(name: str, known: Definition, cells: Sequence[Cell], others: Iterable[str]) -> Definition:
    """The definition with what explains that it is not there, or not what is meant."""
    if known.cell is None:
        return replace(known, set_aside=tuple(_set_aside(cells, name)), alike=_alike(name, others))
    last = known.cell
    return replace(
        known,
        earlier=tuple(cell for cell in cells if cell.index < last.index and _defines(cell, name)),
        newer=newer.needed(last.source) if known.node is None and not last.large else None,
        set_aside=() if known.node is not None and not known.unwritten else tuple(_set_aside(cells, name)),
    )


def _pattern(name: str, before: str = "") -> re.Pattern[str]:
    return re.compile(rf"^[ \t]*{before}{syntax.written(name)}", re.MULTILINE)


def _defines(cell: Cell, name: str) -> bool:
    """Whether a cell of code has a `def` or `class` of this name of its own, not inside another one."""
    if cell.kind != "code" or not _pattern(name).search(syntax.plain(cell)):
        return False
    parsed = syntax.tree_of(cell)
    return parsed is not None and name in _bound(parsed)


def _heads(cell: Cell) -> set[str]:
    """The names behind whatever looks like a `def` or a `class` in a cell of code."""
    return set(_HEAD.findall(syntax.plain(cell))) if cell.kind == "code" else set()


def _set_aside(cells: Sequence[Cell], name: str) -> Iterable[SetAside]:
    """The cells that hold the text of a definition which is not run as code."""
    for cell in cells:
        if cell.kind != "code":
            if _pattern(name).search(cell.source):
                yield SetAside(cell, cell.kind)
        elif _CELL_MAGIC.match(cell.source) and _pattern(name).search(cell.source):
            yield SetAside(cell, "magic")
        elif _pattern(name, before="#+[ \t]*").search(cell.source):
            yield SetAside(cell, "comment")


def _names(code: Sequence[Cell]) -> frozenset[str]:
    """The functions and classes that a notebook's code defines."""
    trees = (syntax.tree_of(cell) for cell in code)
    names = [
        name for tree in trees if tree is not None for name in _bound(tree) if len(name) <= _LONGEST_NAME
    ]
    return frozenset(names[:_MOST_NAMES])


def _bound(tree: ast.Module) -> list[str]:
    """The functions and classes that a cell defines for the notebook, under an `if` or a `try` too."""
    names: list[str] = []
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        match waiting.pop():
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.append(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
                names.append(name)
            case ast.If() | ast.Try() | ast.With() | ast.ExceptHandler() as block:
                waiting += ast.iter_child_nodes(block)
    return names


def _alike(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Names that may have been meant for this one, the closest first."""
    plain = {other: _plain(other) for other in sorted(others)}
    close = difflib.get_close_matches(_plain(name), set(plain.values()), n=3, cutoff=_CLOSE)
    holding = [known for known in plain.values() if _plain(name) in known]
    wanted = dict.fromkeys([*close, *sorted(holding)])
    return tuple(other for known in wanted for other in plain if plain[other] == known)[:3]


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def another_unit(cells: Sequence[Cell], unit: Unit, units: Iterable[Unit]) -> Unit | None:
    """The unit whose notebook this is, where it holds functions of that one and none of `unit`'s own."""
    others = [one for one in units if one.name != unit.name]
    wanted = {function.name for one in (unit, *others) for function in one.functions}
    defined = {name for cell in cells for name in wanted & _heads(cell) if _defines(cell, name)}

    def own(one: Unit, but: Sequence[str] = ()) -> int:
        return len(defined.intersection(function.name for function in one.functions).difference(but))

    return max((one for one in others if own(one) and not own(unit, one.brings)), key=own, default=None)


def are_written(definitions: Iterable[Definition]) -> bool:
    """Whether any of the functions is more than a stub."""
    return any(map(_is_written, definitions))


def _is_written(known: Definition) -> bool:
    return known.cell is not None and not known.unwritten


def submission(
    unit: str,
    functions: Sequence[str],
    cells: tuple[Cell, ...],
    *,
    student: str = "",
    path: Path = Path(),
    digest: str = "",
) -> Submission:
    """Cells as a submission, with what defines each of `functions` looked up, once for all that comes after."""
    code = tuple(cell for cell in cells if cell.kind == "code")
    return Submission(unit, student, path, code, digest, of(cells, functions))
