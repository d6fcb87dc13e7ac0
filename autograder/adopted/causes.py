"""The general findings on a failure of a test cell, where the student's own code and values bear them out."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from autograder.adopted import alterations, faults
from autograder.adopted.comparing import DEFAULT, Compared
from autograder.adopted.faults import Fault
from autograder.adopted.papers import Failure, PaperCell, Sitting, Step
from autograder.adopted.subject import Subject
from autograder.checking.attempt import Attempt
from autograder.checking.compare import are_arrays, exception_name
from autograder.explaining import absent, likeness, nothing, precision, stopped
from autograder.explaining.general import ANY_FUNCTION, GENERAL, WRONG_TYPE, Words, finding
from autograder.explaining.mishaps import STOPPED
from autograder.notebook import syntax
from autograder.pages import literals
from autograder.records import Asks, Definition, Diagnosis, Function, Raised, Submission
from autograder.sandbox.worker import Run
from autograder.words import clipped, counted

# What is said of any assignment, in place of what is said of a function whose answer is known.
_WORDS: Final[dict[str, Words]] = {
    "missing-module": replace(
        GENERAL["missing-module"],
        why="It is not installed where this is graded, or is a file of your own, which does not come along with a notebook.",
    ),
    "wrong-type": WRONG_TYPE["any"],
}
_UNTRIED: Final = (
    "Which inputs have you not tried yet: nothing at all, a single one, a negative or a very large one?"
)
# What is true of one result need not be true of all.
_OF_ALL: Final = frozenset({"general.negated", "general.off-by-one"})
_SINGLE: Final = {
    "general.negated": "Here it is the opposite of the right answer.",
    "general.off-by-one": "Here it is off by one.",
}
_BY_CHANCE: Final = 0.02  # how likely numbers may be to look like rounded ones
_UNWRITTEN: Final[Mapping[Asks, str]] = {
    "variable": "The variable {} has no value yet",
    "script": "The class {} is still the stub",
}
_NOUNS: Final[Mapping[Asks, str]] = {"variable": "variable", "script": "class"}
_OF_OUTPUT: Final = re.compile(r"\.getvalue\(\)|\.readouterr\(\)|\bprinted\b|\bstdout\b")
_UNBOUND: Final = re.compile(r"name '(\w{1,100})' is not defined")


@dataclass(frozen=True)
class Wrote:
    """What a student wrote of the name that a failure is about."""

    name: str
    submission: Submission
    asks: Asks  # whether it should be a function, a class (a "script") or a variable
    sitting: Sitting | None  # what may be told of how their cells ran; None: nothing
    home: PaperCell | None = None  # the instructor's cell that makes it
    step: Step | None = None  # the student's in its place

    @property
    def definition(self) -> Definition:
        """What defines it."""
        return self.submission.definitions.get(self.name, Definition())

    @property
    def node(self) -> ast.FunctionDef | ast.ClassDef | None:
        """The function or class as it is written."""
        return self.definition.node

    @property
    def source(self) -> str | None:
        """The cell that it is about, as the student has it."""
        return self.definition.source or (self.step.source if self.step is not None else None)


def unwritten(wrote: Wrote, failure: Failure, place: int | None = None) -> Diagnosis | None:
    """Why there is nothing that could be right: nothing is written, or nothing is there; None where something is.

    `place` is that of the test cell among the student's steps.
    """
    missing = _UNBOUND.search(failure.message) if failure.exception == "NameError" else None
    is_gone = failure.how == "raised" and missing is not None and missing[1] == wrote.name
    attempt = _attempt(wrote)
    if wrote.definition.unwritten or (is_gone and _is_as_it_came(wrote)):
        title = _UNWRITTEN.get(wrote.asks, "The function {} is still the stub").format(f"`{wrote.name}`")
        is_left = _is_as_it_came(wrote)  # in a cell with other things, which are written, it need not be
        why = "Its cell is as the notebook came." if is_left else "There is no answer to be found for it."
        told = finding("not-implemented", title=title)
        why = f"{why} Nothing is wrong yet: there is just nothing to check."
        return replace(told, why=why, read=told.read if wrote.asks == "result" else "")
    if not is_gone:
        return None
    cell = wrote.definition.cell
    failed = attempt.run.failed.get(cell.index) if cell is not None else None
    if cell is not None and place is not None and place < cell.index and failed is None:
        title = f"`{wrote.name}` is not there yet when the test cell runs: its cell comes after it"
        why = "Cells run from the top to the bottom. Move its cell above the test cell."
        return replace(finding("missing", title=title), why=why)
    if failed is not None and (lacking := _lacking(failed, wrote)):
        return replace(absent.missing_module(lacking), why=_WORDS["missing-module"].why)
    found = absent.named(absent.not_defined(attempt), wrote.asks)
    noun = _NOUNS.get(wrote.asks, "function")
    title = found.title.replace(f"The {noun} is", f"The {noun} `{wrote.name}` is")
    return replace(found, title=title.replace("that defines it", f"that defines `{wrote.name}`"))


def unmade(failure: Failure, cells: Sequence[PaperCell]) -> Diagnosis | None:
    """What to say of a name that a cell of the author's makes, and had not made when the test ran; None where it is no such."""
    missing = _UNBOUND.search(failure.message) if failure.exception == "NameError" else None
    if failure.how != "raised" or missing is None:
        return None
    trees = (syntax.tree(cell.source) for cell in cells if cell.is_code and cell.kind in ("locked", "test"))
    if not any(name == missing[1] for tree in filter(None, trees) for name, _ in syntax.bound(tree)):
        return None
    title = f"`{missing[1]}` is not there when the test cell runs"
    why = "Another cell that came with the notebook makes it: a test cell that stops before it does, or one that stands further below now."
    return replace(finding("missing", title=title), why=why)


def _is_as_it_came(wrote: Wrote) -> bool:
    """Whether the student's cell is the one that was handed out, or still raises what it came with."""
    if wrote.step is None or wrote.home is None:
        return False
    failed = wrote.sitting.failed.get(wrote.step.index) if wrote.sitting is not None else None
    stopped = failed is not None and failed.exception == "NotImplementedError"
    return stopped or wrote.step.source.strip() == wrote.home.shown.strip()


def _attempt(wrote: Wrote) -> Attempt:
    """The notebook as the rest of the kit looks at it."""
    sitting = wrote.sitting or Sitting(())
    run = Run([], failed=dict(sitting.failed), left_out=dict(sitting.left_out))
    return Attempt(wrote.submission, Function(wrote.name, 1.0, DEFAULT), (), (), (), run)


def of(
    failure: Failure, about: Subject, found: Compared | None, wrote: Wrote, fault: Fault
) -> tuple[Diagnosis, ...]:
    """The findings on what students may see, the best first."""
    outcome = about.asked.outcome if about.asked is not None else None
    if failure.how == "student" and isinstance(outcome, Raised):
        return (_raised(outcome, about, wrote),)
    if fault.id == "returns-none" and about.is_result:
        none = nothing.returned(wrote.node)
        told = finding("returns-none", line=none.line if none is not None else None)
        return (_looked_at(told, about, wrote),)
    if about.asked is not None and alterations.is_looked_at(about.asked, failure.said):
        return (finding("mutates-input", title=f"`{wrote.name}` changes what it is given"),)
    likenesses = _likenesses(about, found)
    if likenesses:
        return tuple(_looked_at(one, about, wrote) for one in likenesses)
    told = plain(fault, faults.told(about, fault, wrote.asks))
    # The docstring of a class says nothing of a list or a number.
    return (replace(told, read="") if fault.id == "missing-method" and wrote.asks != "script" else told,)


def _looked_at(told: Diagnosis, about: Subject, wrote: Wrote) -> Diagnosis:
    """A finding with the student's own name in the line that shows it; without that line, where what it is of has none."""
    look = told.look
    if ANY_FUNCTION not in look:
        return told
    if _OF_OUTPUT.search(about.said):
        look = f"{ANY_FUNCTION}(...)"  # what it returns is not looked at
    elif wrote.asks == "variable" and about.said == wrote.name:
        look = look.replace(f"{ANY_FUNCTION}(...)", wrote.name)
    elif not about.is_result or wrote.asks != "result":
        look = ""
    return replace(told, look=look.replace(ANY_FUNCTION, wrote.name) if wrote.name else "")


def plain(fault: Fault, title: str) -> Diagnosis:
    """A finding that says no more than its title."""
    told = finding(fault.id, title=title, words=_WORDS.get(fault.id))
    return replace(told, look="") if ANY_FUNCTION in told.look else told


def hidden(fault: Fault, title: str) -> Diagnosis:
    """A finding on an input that is not shown."""
    return replace(plain(fault, title), look="", question=_UNTRIED)


def _raised(raised: Raised, about: Subject, wrote: Wrote) -> Diagnosis:
    """What to say of an error in the student's code."""
    if raised.exception == "NotImplementedError" and wrote.node is not None:
        return absent.not_implemented(wrote.definition)
    lacking = _lacking(raised, wrote)
    if lacking:
        names = absent.missing_module(lacking)
        return replace(names, why=_WORDS["missing-module"].why)
    cell = wrote.definition.cell
    parsed = syntax.tree_of(cell) if cell is not None else None
    line = (
        raised.line
        if cell is not None and raised.line and raised.line <= cell.source.count("\n") + 1
        else None
    )
    title = f"`{wrote.name}` stops with {_class(raised)}"
    stops = stopped.cause(parsed, raised) if line is not None else None
    if stops is not None:
        return finding("raises", title=title, line=stops.line, detail=stops.told, words=STOPPED[stops.how])
    none = nothing.origin(parsed, raised) if line is not None else None
    told = finding("raises", title=title, line=line, words=replace(stopped.by_class(raised, parsed), look=""))
    return told if none is None else replace(told, line=none.line, why=f"{told.why} {none.told}")


def _class(raised: Raised) -> str:
    known = exception_name(raised)
    return known if known == raised.exception else literals.printable(clipped(raised.exception, 60))


def _lacking(raised: Raised, wrote: Wrote) -> list[str]:
    """The modules that are not there and without which this was raised."""
    away = wrote.sitting.absent if wrote.sitting is not None else ()
    if raised.exception not in ("ModuleNotFoundError", "ImportError", "NameError"):
        return []
    return [module for module in away if re.search(rf"\b{re.escape(module)}\b", raised.message)]


def _likenesses(about: Subject, found: Compared | None) -> tuple[Diagnosis, ...]:
    """What the value has in common with the right one."""
    if found is None or found.trial is None or found.mismatch is None:
        return ()
    if are_arrays(found.expected):
        digits = _rounded(found)
        return () if digits is None else (finding("rounded", detail=_to(digits)),)
    trial = found.trial
    if _OF_OUTPUT.search(about.said):  # a test that listens to what is printed
        trial = replace(trial, case=replace(trial.case, asks="printed"))
    told = likeness.found([trial], DEFAULT)
    if not told and (digits := _rounded(found)) is not None:
        return (finding("rounded", detail=_to(digits)),)
    kept = [one for one in told if one.id not in _OF_ALL or about.is_result]
    return tuple(
        replace(one, title=_SINGLE.get(one.id, one.title).rstrip("."), why="") if one.id in _OF_ALL else one
        for one in kept
    )


def _rounded(found: Compared) -> int | None:
    """To how many decimals the right numbers are cut; None where they are not, or may be so by chance."""
    try:
        got, due = np.asarray(found.got), np.asarray(found.expected)
    except ValueError:  # lists of different lengths in a list
        return None
    if got.dtype.kind != "f" or due.dtype.kind != "f" or got.shape != due.shape or not got.size:
        return None
    if not np.all(np.isfinite(got)) or not np.all(np.isfinite(due)):
        return None
    digits = precision.rounded_to([(got, due)])
    scale = float(np.max(np.abs(due)))
    if digits is None or not scale or min(1.0, 10.0**-digits / scale) ** got.size > _BY_CHANCE:
        return None
    return digits


def _to(digits: int) -> str:
    if not digits:
        return "They are the right ones without their decimals."
    return f"They are the right ones to {counted(digits, 'decimal')}."


def mentioned(text: str, cells: Sequence[PaperCell]) -> list[str]:
    """The functions and classes that the instructor's solutions define and a test mentions, in the order of their cells.

    Where it mentions none, the variables.
    """
    parsed = syntax.tree(text)
    used = {one.id for one in ast.walk(parsed) if isinstance(one, ast.Name)} if parsed is not None else set()
    sources = (cell.source for cell in cells if cell.is_code and cell.kind == "solution")
    trees = list(filter(None, map(syntax.tree, sources)))
    defined = [node.name for tree in trees for node in tree.body if isinstance(node, syntax.Written)]
    given = [name for tree in trees for name, imported in syntax.bound(tree) if imported is None]
    for names in (defined, given):
        if found := [name for name in dict.fromkeys(names) if name in used]:
            return found
    return []


def known(cells: Sequence[PaperCell]) -> frozenset[str]:
    """The names of what the instructor's cells make for a student to write: no module's, nor those of a library's methods."""
    trees = (syntax.tree(cell.source) for cell in cells if cell.is_code and cell.kind != "test")
    found: set[str] = set()
    for tree in filter(None, trees):
        found |= {name for name, imported in syntax.bound(tree) if not imported}
        found |= {node.name for node in ast.walk(tree) if isinstance(node, syntax.Written)}
    return frozenset(found)


def defining(cells: Sequence[PaperCell], name: str) -> PaperCell | None:
    """The instructor's cell that gives a name what it has; None where none does."""
    for cell in reversed(cells):
        if cell.is_code and cell.kind != "test":
            parsed = syntax.tree(cell.source)
            if parsed is not None and any(bound == name for bound, _ in syntax.bound(parsed)):
                return cell
    return None
