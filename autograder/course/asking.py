"""What a unit's cases ask, looked at before anyone is asked: an author is told what cannot be answered, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

from autograder import installed
from autograder.child import figures, given, questions
from autograder.course import modules
from autograder.course.steps import Procedure
from autograder.course.subject import Plain
from autograder.data import Argument, Asks, Code, Seeded
from autograder.errors import CourseError
from autograder.records import Case, CaseKind
from autograder.words import clipped, few

_MOST_SAID = 200  # characters of what an author's own code says
_SEEDS = 2**63
RETURNED, RAISED = questions.RETURNED, questions.RAISED  # the keys of what a step of a script gave


def script(made: tuple[Argument, ...], *steps: tuple[Any, ...]) -> tuple[Argument, ...]:
    """The arguments of a case that asks for a script: `args=script(new(3), call("push", 1), read("size"))`."""
    return (made, *steps)


def new(*args: Argument) -> tuple[Argument, ...]:
    """The beginning of a script: an object of the student's class is made with these arguments."""
    return args


def call(method: str, *args: Argument) -> tuple[Any, ...]:
    """A step of a script: a method of the object is called; `call("__len__")` is what `len(…)` does."""
    return method, args


def read(attribute: str) -> tuple[Any, ...]:
    """A step of a script: an attribute of the object is looked up."""
    return (attribute,)


def listed(given: Any) -> tuple[Case, ...]:
    """The cases that an author's function gave; TypeError where it gave something else, or none."""
    if isinstance(given, Case):
        raise TypeError(
            "it gives a case, and should give a tuple of cases: of one alone it has a comma, (Case(…),)"
        )
    if not isinstance(given, Iterable):
        raise TypeError(
            f"it gives {clipped(repr(given), _MOST_SAID)}, and should give a tuple of cases: return (Case(…), …)"
        )
    cases = tuple(given)
    for case in cases:
        if not isinstance(case, Case):
            raise TypeError(f"{clipped(repr(case), _MOST_SAID)} is no case: write Case(name, args)")
        if not isinstance(case.args, tuple | list):
            raise TypeError(
                f"the arguments of the case “{case.name}” are {clipped(repr(case.args), _MOST_SAID)}, and should be a tuple,"
                " which has a comma: Case(name, (3,))"
            )
    if not cases:
        raise TypeError("it gives no case: return (Case(name, args), …)")
    return cases


def refuse(folder: Path, name: str, cases: Sequence[Case], reference: Procedure) -> None:
    """CourseError where the cases of an exercise cannot be asked, or its reference has no answer to them."""
    file = modules.place(folder, "inputs.py")
    for number, case in enumerate(cases):
        if trouble := _misstated(case, [one.name for one in cases[:number]]):
            raise CourseError(f"{file}: the case “{case.name}” of {name!r}: {trouble}")
        if case.asks != cases[0].asks:
            raise CourseError(
                f"{file}: the cases of {name!r} ask different things, “{cases[0].name}” for its {cases[0].asks} and"
                f" “{case.name}” for its {case.asks}: give each an exercise of its own"
            )
        for place, argument in enumerate(case.args, 1):
            if trouble := _trouble(argument):
                raise CourseError(
                    f"{file}: argument {place} of the case “{case.name}” of {name!r}: {trouble}"
                )
        if trouble := _wrong_form(case):
            raise CourseError(f"{file}: the case “{case.name}” of {name!r}: {trouble}")
    if cases and cases[0].asks == "drawing" and figures.lacking():
        raise CourseError(
            f"{file}: {name!r} asks for a drawing, and there is no matplotlib:"
            f" {installed.with_extra('values')}"
        )
    if isinstance(reference, Plain):
        _refuse_subject(folder, name, cases, reference.subject)


def named(parameters: Sequence[str], case: Case) -> tuple[tuple[str, Argument], ...]:
    """The arguments of a case with what they are called; of a script "new", ".push()" where it calls, ".size" where it reads."""
    if case.asks != "script":
        return tuple(zip(parameters, case.args, strict=False))
    steps: list[Any] = list(case.args[1:])
    told = ((f".{name}()", calling[0]) if calling else (f".{name}", ()) for name, *calling in steps)
    return (("new", case.args[0]), *told)


def _misstated(case: Case, before: Sequence[str]) -> str:
    """What is wrong with what is said about a case; empty where nothing is."""
    if case.name in before:
        return "another has this name, by which both are told apart: give each one of its own"
    if case.kind not in get_args(CaseKind):
        return f"there is no kind {case.kind!r}: there are {', '.join(get_args(CaseKind))}"
    if case.asks not in get_args(Asks):
        return f"nothing is asked by asks={case.asks!r}: there are {', '.join(get_args(Asks))}"
    several = isinstance(case.raises, tuple | list)
    if not several or not all(isinstance(one, str) and one.isidentifier() for one in case.raises):
        return 'what it raises is a tuple of names, which has a comma: raises=("KeyError",)'
    return ""


def _trouble(argument: Any) -> str:
    """What is wrong with a function or a generator in an argument; empty where nothing is."""
    match argument:
        case Code(source=source):
            try:
                given.function(source)
            except Exception as error:
                return (
                    f"its code makes no function ({type(error).__name__}: {clipped(str(error), _MOST_SAID)})"
                )
        case Seeded(seed=seed):
            if type(seed) is not int or not 0 <= seed < _SEEDS:
                return f"a seed is a whole number from 0 on, and not {clipped(repr(seed), _MOST_SAID)}"
        case list() | tuple():
            return next(filter(None, map(_trouble, argument)), "")
        case dict():
            return next(filter(None, map(_trouble, argument.values())), "")
    return ""


def _wrong_form(case: Case) -> str:
    """What is wrong with the arguments for what is asked; empty where nothing is."""
    if case.asks == "variable" and case.args:
        return "a variable takes no arguments"
    if case.asks == "script" and not _is_script(case.args):
        return 'its arguments are no script: write args=script(new(3), call("push", 1), read("size"))'
    return ""


def _is_script(args: Sequence[Any]) -> bool:
    return bool(args) and type(args[0]) is tuple and all(map(_is_step, args[1:]))


def _is_step(step: Any) -> bool:
    match step:
        case (str(name),):
            return name.isidentifier()
        case (str(name), tuple()):
            return name.isidentifier()
    return False


def _refuse_subject(folder: Path, name: str, cases: Sequence[Case], subject: Any) -> None:
    """CourseError where the reference is not what the cases ask about, or has not what a script names."""
    file = modules.place(folder, "reference.py")
    for case in cases:
        if case.asks == "variable":
            continue
        if case.asks == "script" and not isinstance(subject, type):
            raise CourseError(
                f"{file}: {name!r} is asked for a script and should be a class: plain(TheClass)"
            )
        if not callable(subject):
            raise CourseError(
                f"{file}: {name!r} is asked for its {case.asks} and should be a function, and is of type"
                f" {type(subject).__name__}"
            )
        if case.asks == "script":
            _refuse_unknown_names(folder, name, case, subject)


def _refuse_unknown_names(folder: Path, name: str, case: Case, subject: Any) -> None:
    """CourseError for a name in a script that the object of the reference has not."""
    args = [given.own(argument) for argument in case.args]
    try:
        with questions.seeded(questions.seed_of(case)):
            questions.ask(subject, args, "script", strict=True)
    except questions.NoSuchNameError as error:
        known = [f"`{one}`" for one in dir(error.args[1]) if not one.startswith("_")]
        has = f"it has {few(known, 8)}" if known else "it has none that others may use"
        raise CourseError(
            f"{folder / 'inputs.py'}: the case “{case.name}” of {name!r} names {error.args[0]!r}, which the"
            f" class in reference.py has not: {has}"
        ) from None
    except Exception:  # what else it raises is for `expected` to tell
        return
