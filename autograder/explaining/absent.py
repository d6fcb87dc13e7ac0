"""Why there is no such function, or nothing in it: what became of it in the notebook."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from autograder.checking.attempt import Attempt
from autograder.checking.compare import exception_name
from autograder.explaining.general import finding
from autograder.notebook import newer, syntax
from autograder.records import Asks, Cell, Definition, Diagnosis, Raised, SetAside
from autograder.words import agree, clipped, few, listed

_SYNTAX_ERRORS: Final = ("SyntaxError", "IndentationError", "TabError")
_UNREAD: Final = re.compile(r", in line (\d{1,6})$")  # as the child ends the message of a syntax error


_NOUNS: Final[dict[Asks, str]] = {"script": "class", "variable": "variable"}


def named(found: Diagnosis, asks: Asks) -> Diagnosis:
    """A finding that there is no function, in words for what is asked about, a class or a variable."""
    noun = _NOUNS.get(asks)
    if noun is None or found.id != "general.missing":
        return found
    return replace(
        found, title=found.title.replace("function", noun), why=found.why.replace("function", noun)
    )


def not_defined(attempt: Attempt) -> Diagnosis:
    """Why there is no such function: no cell defines it, or the one that does has failed."""
    run, definition, name = attempt.run, attempt.definition, attempt.function.name
    cell = definition.cell
    if cell is not None and cell.index in run.left_out:
        died = run.left_out[cell.index]
        return finding(died.reason, detail=f"The cell that defines the function {died.detail}.")
    if cell is not None and cell.index in run.failed:
        return _failed(definition, cell, run.failed[cell.index])
    if attempt.submission.other_unit:
        title, unit = "This is the notebook of another unit", attempt.submission.other_unit
        why = f"It is the notebook of “{unit}”: it holds functions of that unit, and none of this one."
        return replace(finding("missing", title=title), why=why, look="")
    if definition.set_aside:
        aside = definition.set_aside[-1]
        found = finding("missing", title=_ASIDE[aside.how][0])
        return replace(found, why=_set_aside(name, aside), look=_ASIDE[aside.how][2])
    if definition.alike:
        names = listed([f"`{other}`" for other in definition.alike], "or")
        why = f"After all cells had run, no function `{name}` was there, but the notebook defines {names}. "
        why += "The checks call a function by the name that the notebook came with."
        return replace(finding("missing", title=f"The function is not there: did you mean {names}?"), why=why)
    return finding("missing")


def missing_module(modules: Sequence[str], cell: Cell | None = None) -> Diagnosis:
    """A function whose code uses modules that are not there; on the line that imports one, where its own `cell` does."""
    names = few([f"`{clipped(module, 60)}`" for module in modules], 3)
    what = agree(len(modules), "a module that is", "modules that are")
    parsed = syntax.tree_of(cell) if cell is not None else None
    line = _imported(parsed, modules) if parsed is not None else None
    return finding("missing-module", line=line, title=f"It needs {names}, {what} not there")


def _imported(cell: ast.Module, modules: Sequence[str]) -> int | None:
    """The first line that imports one of these modules, or a part of it."""
    roots = {module.split(".")[0] for module in modules}
    for node in ast.walk(cell):
        match node:
            case ast.Import(names=names):
                named = [one.name for one in names]
            case ast.ImportFrom(module=str(name), level=0):
                named = [name]
            case _:
                continue
        if any(name.split(".")[0] in roots for name in named):
            return node.lineno
    return None


def not_written(attempt: Attempt, asks: Asks) -> Diagnosis | None:
    """What to say of a class that is as it came, or of a variable or its cell; None where one is written, or asked of.

    A variable may have no other sign of it than that its cell still raises NotImplementedError.
    """
    left = [failed for failed in attempt.run.failed.values() if failed.exception == "NotImplementedError"]
    raises = asks == "variable" and not attempt.run.defined and bool(left)
    if asks not in _NOUNS or not (attempt.definition.unwritten or raises):
        return None
    why = "Its cell is as the notebook came. Nothing is wrong yet: there is just nothing to check."
    title = "This variable has no value yet" if asks == "variable" else "This class is still the stub"
    aside = [_set_aside(attempt.function.name, one) for one in attempt.definition.set_aside[-1:]]
    return replace(finding("not-implemented", title=title), why=" ".join([why, *aside]), read="")


def not_implemented(definition: Definition) -> Diagnosis:
    """What to say where every call ends in NotImplementedError: the stub, or a line of it that was left in."""
    if definition.node is None or definition.unwritten:
        detail = (
            " ".join(_set_aside(definition.node.name, one) for one in definition.set_aside[-1:])
            if definition.node
            else ""
        )
        return finding("not-implemented", detail=detail)
    line = syntax.left_over(definition.node)
    if line is None:
        why = "NotImplementedError comes from a function that this one calls, and not from a line of its own."
        return replace(finding("raises", title="It calls a function that is still a stub"), why=why, look="")
    title = f"Line {line} still raises NotImplementedError: delete it"
    why = "There is code in this function. The line that came with the notebook is still in it, and ends every call."
    return replace(finding("raises", title=title, line=line), why=why, look="")


def _failed(definition: Definition, cell: Cell, failed: Raised) -> Diagnosis:
    """The cell that defines the function stopped with an error, or could not be read."""
    said = f"{exception_name(failed)}: {failed.message}" if failed.message else exception_name(failed)
    told = _UNREAD.search(failed.message) if failed.exception in _SYNTAX_ERRORS else None
    line = int(told[1]) if told and int(told[1]) <= cell.source.count("\n") + 1 else None
    title = "The cell that defines it stops with an error" if line is None else "Python cannot read its cell"
    does = "does not run" if line is None else "cannot be read"
    why = f"There is no function of this name, because the cell that defines it {does}: {said}."
    if definition.newer is not None and failed.exception in _SYNTAX_ERRORS:
        title = f"Its cell {newer.needs(definition.newer)}"
        why += " A newer Python reads it: write it so that this one does too."
    return replace(finding("missing", title=title, line=line), why=why)


# By what became of a definition: the title, what it is now, and what to do.
_ASIDE: Final[dict[str, tuple[str, str, str]]] = {
    "markdown": (
        "Its cell is a Markdown cell",
        "a Markdown cell: it is shown as text and never run",
        "Select the cell, press `Esc` and then `Y`: it is a code cell again",
    ),
    "raw": (
        "Its cell is a raw cell",
        "a raw cell, which is never run",
        "Select the cell, press `Esc` and then `Y`: it is a code cell again",
    ),
    "comment": (
        "Its definition is commented out",
        "behind a `#`, so Python passes over it",
        "Take away the `#` at the beginning of its lines",
    ),
    "magic": (
        "Its cell does not run as Python",
        "in a cell that begins with `%%`, which hands it on in place of running it",
        "Take away the first line of the cell, which begins with `%%`",
    ),
}


def _set_aside(name: str, aside: SetAside) -> str:
    where = f"in cell {aside.cell.index + 1}, counted from the top"
    link = "which is " if aside.how in ("markdown", "raw") else ""
    kind = "class" if re.search(rf"\bclass[ \t]+{re.escape(name)}\b", aside.cell.source) else "def"
    return f"The text of `{kind} {name}` stands {where}, {link}{_ASIDE[aside.how][1]}."
