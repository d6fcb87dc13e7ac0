"""The secret material of a unit: reference steps, inputs, misconceptions, graders, examples of student code.

It lives in `solutions/<unit>/` of the course and nowhere else. Its modules are loaded as
`solutions.<unit>.<module>` (hyphens written as underscores), so that a unit can build on the ones before it:
`from solutions.layer_norm.reference import LAYER_NORM`. The last course loaded is the one those names mean;
what was loaded before goes on working with its own modules.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FunctionType, MappingProxyType
from typing import Any

import numpy as np

from autograder import nested
from autograder.child import given, questions
from autograder.child.nodes import WireError
from autograder.course import asking, digests, drawing, least, overlaid, patience, plainly, praise, secret
from autograder.course.kept import Kept
from autograder.course.least import DrawCases, Exercise
from autograder.course.lesson import Lesson
from autograder.course.modules import MOST_SAID, PACKAGE, place, stand_for, table, what
from autograder.course.overlaid import Edit
from autograder.course.secret import Family
from autograder.course.steps import Misconception, Procedure
from autograder.course.subject import Plain
from autograder.course.told import Told
from autograder.data import Other, Value
from autograder.earned import CASE, FullMarks
from autograder.errors import CourseError
from autograder.records import Asks, Case, Course, Raised, Returned, Unit
from autograder.words import clipped


@dataclass(frozen=True)
class Material:
    """All that grading one unit needs and no student may see."""

    unit: str
    folder: Path  # solutions/<unit>
    procedures: Mapping[str, Procedure]  # by function
    cases: Mapping[
        str, DrawCases
    ]  # by function: the structures of all inputs of one family, from one generator
    misconceptions: Mapping[str, tuple[Misconception, ...]]  # by function; several may share an id
    graders: Path  # test_hidden.py
    examples: Path  # folder with <function>.py
    digest: str  # of the secret modules of this unit and of the units before it
    # By function, where the author lists its checks: by their names, what they weigh and look at (`standard.py`).
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    public_seed: int = 0  # of the course: another one gives all families other structures
    derived: frozenset[str] = frozenset()  # the exercises whose reference is the solution in the lesson
    lesson: Lesson | None = None  # where something is taken from it
    full_marks: Mapping[str, FullMarks] = field(default_factory=dict)  # by function: what they earn
    # By function and family, once they have been asked for.
    structures: dict[tuple[str, Family], tuple[Case, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    smaller: dict[tuple[str, Family], tuple[Case, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    # By function, family and seed: structures and the cases drawn of them. One student's are asked for again and again.
    drawn: Kept[tuple[str, Family, int], tuple[tuple[Case, ...], tuple[Case, ...]]] = field(
        default_factory=Kept, compare=False, repr=False
    )
    # What is due for them, by the identity of reference and case.
    due: Kept[tuple[int, int], tuple[Any, Case, Value]] = field(
        default_factory=Kept, compare=False, repr=False
    )
    # By the same, whether it is another one at another time.
    chance: Kept[tuple[int, int], tuple[Any, Case, bool]] = field(
        default_factory=Kept, compare=False, repr=False
    )
    # By function, whether it takes or gives tables, once that has been asked for.
    tables: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def shown(self, function: str) -> tuple[Case, ...]:
        """The inputs of the picture that full marks earn, which decide nothing; none where there is no picture."""
        full = self.full_marks.get(function)
        return () if full is None or full.shown is None else (Case(CASE, full.shown.args),)


def load(course: Course, unit: Unit) -> Material:
    """The material of one unit; CourseError names the file and what is missing or wrong in it.

    What a unit does not write is taken from its lesson: steps from the solution, inputs from the sizes of arguments.
    A function that the unit brings and has cases for is asked anew here: it may take more than where it was written.
    """
    patience.allow(course.limits.submission_seconds)
    with patience.within(f"{course.root / PACKAGE / unit.name}: it is loaded"):
        return _loaded(course, unit)


def _loaded(course: Course, unit: Unit) -> Material:
    stand_for(course)
    folder = course.root / PACKAGE / unit.name
    checks = table(course, unit, "inputs", "CHECKS", beside=True)
    cases = table(course, unit, "inputs", "CASES", optional=True, beside=bool(checks))
    names = [
        *(function.name for function in unit.functions),
        *(name for name in unit.brings if name in cases),
    ]
    words = _words(folder, table(course, unit, "reference", "STEPS", beside=True), names)
    procedures = table(course, unit, "reference", "PROCEDURES", optional=True, beside=bool(words))
    known = {*names, *unit.brings, *(function.name for one in course.units for function in one.functions)}
    for file, said, by_function in (
        ("inputs.py", "CASES", cases),
        ("inputs.py", "CHECKS", checks),
        ("reference.py", "PROCEDURES", procedures),
    ):
        for name in by_function:
            if name not in known:
                raise _no_function(folder / file, said, name, names)
    for name in names:
        if name in procedures and not isinstance(procedures[name], Procedure | FunctionType):
            raise CourseError(
                f"{folder / 'reference.py'}: PROCEDURES has no Procedure for {name!r}: what has no steps is written plain(…)"
            )
    for name in names:
        if name in cases and not callable(cases[name]):
            raise CourseError(f"{folder / 'inputs.py'}: CASES has no function for {name!r}")
    listed = table(course, unit, "misconceptions", "MISCONCEPTIONS", optional=True)
    lesson = None
    written = all(isinstance(procedures.get(name), Procedure) and name in cases for name in names)
    if words or not written or _has_edits(listed):
        lesson = Lesson.read(folder / f"{unit.name}.py", names)
    exercises = {
        name: Exercise(procedures[name], least.cases(name, procedures[name], cases[name]), derived=False)
        if lesson is None
        else least.exercise(lesson, name, procedures.get(name), cases.get(name), words.get(name, {}))
        for name in names
    }
    return Material(
        unit=unit.name,
        folder=folder,
        procedures=MappingProxyType({name: one.reference for name, one in exercises.items()}),
        cases=MappingProxyType({name: one.cases for name, one in exercises.items()}),
        misconceptions=MappingProxyType(_misconceptions(folder, listed, exercises, lesson)),
        graders=folder / "test_hidden.py",
        examples=folder / "examples",
        digest=digests.of(course, unit, lesson),
        checks=MappingProxyType(dict(checks)),
        public_seed=course.public_seed,
        derived=frozenset(name for name, one in exercises.items() if one.derived),
        lesson=lesson,
        full_marks=MappingProxyType(
            praise.listed(folder, table(course, unit, "full_marks", "FULL_MARKS", optional=True), names)
        ),
    )


def _words(folder: Path, listed: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Mapping[str, Told]]:
    """STEPS, words for the steps of solutions; CourseError where it is none."""
    for name, steps in listed.items():
        if name not in names:
            raise _no_function(folder / "reference.py", "STEPS", name, names)
        if not isinstance(steps, Mapping) or not all(isinstance(one, Told) for one in steps.values()):
            raise CourseError(
                f"{folder / 'reference.py'}: STEPS[{name!r}] must give told(…) by the name of a step"
            )
    return listed


def _no_function(file: Path, said: str, name: str, names: Iterable[str]) -> CourseError:
    return CourseError(f"{file}: {said} names {name!r}, which is no function of the unit: {', '.join(names)}")


def _has_edits(listed: Mapping[str, Any]) -> bool:
    several = (entries for entries in listed.values() if isinstance(entries, tuple | list))
    return any(isinstance(one, Edit) for entries in several for one in entries)


def _misconceptions(
    folder: Path, listed: Mapping[str, Any], exercises: Mapping[str, Exercise], lesson: Lesson | None
) -> dict[str, tuple[Misconception, ...]]:
    """The catalogue by function, its edits laid over the solution; CourseError where an entry is none of it."""
    file = folder / "misconceptions.py"
    for name in listed:
        if name not in exercises:
            raise _no_function(file, "MISCONCEPTIONS", name, exercises)
        if not isinstance(listed[name], tuple | list):
            raise CourseError(
                f"{file}: MISCONCEPTIONS[{name!r}] is no tuple of mistakes; of one alone it has a comma: (edit(…),)"
            )
    found: dict[str, tuple[Misconception, ...]] = {}
    for name, exercise in exercises.items():
        entries = []
        for one in listed.get(name, ()):
            if not isinstance(one, Misconception | Edit) or not one.id.startswith(f"{name}."):
                raise CourseError(
                    f"{file}: MISCONCEPTIONS[{name!r}] holds {clipped(str(one), MOST_SAID)}, "
                    f"which is no Misconception with an id that starts with '{name}.'"
                )
            if isinstance(one, Edit):
                assert lesson is not None
                entries.append(
                    overlaid.misconception(
                        one, file, lesson, name, exercise.reference, exercise.samples, exercise.axes
                    )
                )
                continue
            if not callable(one.symptom):
                raise CourseError(
                    f"{file}: the symptom of {one.id!r} cannot be called: of a variable it is plain(the wrong value)"
                )
            entries.append(one)
        found[name] = tuple(entries)
    return found


def taught(course: Course, unit: Unit) -> list[Material]:
    """The material of a unit and of all before it, in teaching order; CourseError as `load` raises it."""
    return [load(course, one) for one in course.units[: course.units.index(unit) + 1]]


def draw(material: Material, function: str, family: Family, seed: int) -> tuple[Case, ...]:
    """The cases of one function, their arrays read-only: the family's structures with the numbers of a seed.

    Raises CourseError where they cannot be drawn.
    """
    found = structures(material, function, family)
    known = material.drawn.get((function, family, seed))
    if known is None or known[0] is not found:
        known = found, _drawn(material, function, found, seed)
        material.drawn[function, family, seed] = known
    return known[1]


def _drawn(material: Material, function: str, found: tuple[Case, ...], seed: int) -> tuple[Case, ...]:
    """These structures with the numbers of a seed."""
    try:
        rng = np.random.default_rng(seed)
        with patience.within(_drawing(material, function)):
            cases = tuple(drawing.put_in(rng, case) for case in found)
        cases = tuple(_plain(material, function, case) if case.vary else case for case in cases)
    except CourseError:
        raise
    except Exception as error:
        # The seed stays out of the message: it may be a hidden one.
        raise _undrawable(material, function, error) from error
    for case in cases:
        for array in nested.arrays(tuple(case.args)):
            array.setflags(write=False)
    return cases


def structures(material: Material, function: str, family: Family) -> tuple[Case, ...]:
    """What is the same for every student and every secret, drawn on first use."""
    known = material.structures.get((function, family))
    if known is None:
        with patience.within(_drawing(material, function)):
            known = material.structures[function, family] = _structures(material, function, family)
    return known


def _structures(material: Material, function: str, family: Family) -> tuple[Case, ...]:
    seed = secret.structure_seed(material.public_seed, family, material.unit, function)
    try:
        known = tuple(material.cases[function](np.random.default_rng(seed)))
    except Exception as error:
        raise _undrawable(material, function, error) from error
    known = tuple(_plain(material, function, case) for case in known if case.ships or family != "public")
    asking.refuse(material.folder, function, known, material.procedures[function])
    if function in material.derived and material.lesson is not None:
        least.refuse_other_results(material.lesson, function, material.procedures[function], known)
    return known


def _drawing(material: Material, function: str) -> str:
    return f"{material.folder}: the cases of {function!r} are drawn"


def _undrawable(material: Material, function: str, error: Exception) -> CourseError:
    file = place(material.folder, "inputs.py")
    return CourseError(f"{file}: the cases of {function!r} cannot be drawn: {what(error)}")


def _plain(material: Material, function: str, case: Case) -> Case:
    """The case with its arguments as plain values; CourseError where one is none."""
    args = []
    for number, argument in enumerate(case.args):
        try:
            args.append(plainly.argument(argument))
        except WireError as error:
            parameters = material.procedures[function].parameters
            name = parameters[number] if number < len(parameters) else f"number {number + 1}"
            raise CourseError(
                f"{place(material.folder, 'inputs.py')}: the cases of {function!r} cannot be drawn: the case {case.name!r},"
                f" argument {name!r}: {plainly.refusal(error)}"
            ) from None
    return replace(case, args=tuple(args))


def asks(material: Material, function: str) -> Asks:
    """What is asked in all cases of an exercise; CourseError where they cannot be asked."""
    known = structures(material, function, "hidden")
    return known[0].asks if known else "result"


def modules(material: Material) -> tuple[str, ...]:
    """The modules beside NumPy that the exercises of a unit take where student code runs."""
    taken = [module for name in material.procedures for module in questions.modules(asks(material, name))]
    # No table is made without it.
    if "pandas" in sys.modules and any(_has_tables(material, name) for name in material.procedures):
        taken.append("pandas")
    return tuple(dict.fromkeys(taken))


def _has_tables(material: Material, function: str) -> bool:
    """Whether a function is called with tables or gives some."""
    known = material.tables.get(function)
    if known is None:
        cases = structures(material, function, "hidden")
        due = (expected(material, function, case) for case in cases)
        known = any(nested.has_table(value) for value in (*(case.args for case in cases), *due))
        material.tables[function] = known
    return known


def expected(material: Material, function: str, case: Case) -> Value | tuple[str, ...]:
    """What is due for a case: the reference's result, or the exception classes if one is due.

    Raises CourseError where the reference fails.
    """
    if case.raises:
        return case.raises
    key = id(material.procedures[function]), id(case)
    if (known := material.due.get(key)) is not None:
        return known[-1]
    due = _expected(material, function, case)
    for array in nested.arrays((due,)):
        array.setflags(write=False)
    material.due[key] = material.procedures[function], case, due
    return due


def _expected(material: Material, function: str, case: Case) -> Value:
    with patience.within(f"{material.folder}: {function!r} is called"):
        result = outcome(material.procedures[function], case)
    if isinstance(result, Returned) and case.asks == "printed" and len(result.value) >= questions.MAX_PRINTED:  # type: ignore[arg-type]
        what = f"it prints more than {questions.MAX_PRINTED:,} characters"
    elif isinstance(result, Returned):
        foreign = [leaf for leaf in nested.leaves(result.value) if isinstance(leaf, Other)]
        if not foreign:
            return result.value
        what = f"it returns {plainly.refused(foreign[0])}"
    else:
        what = f"it raises {result.exception}: {result.message}"
    raise CourseError(
        f"{place(material.folder, 'reference.py')}: {function!r} gives no plain value for its case {case.name!r}: {what}"
    )


def outcome(call: Callable[..., Any], case: Case) -> Returned | Raised:
    """What a function of the course's own gives for a case, as if a student's had: no array of ours is changed.

    For references, symptoms and examples, which are trusted. Student code runs in the worker alone.
    """
    if getattr(call, "looked_up", False):
        return _looked_up(call, case)
    arguments = [given.own(argument) for argument in case.args]
    with patience.within(f"on the case “{case.name}”"), np.errstate(all="ignore"):
        try:
            value = plainly.result(_answer(call, arguments, case))
        except Exception as error:
            return Raised(type(error).__name__, str(error))
    return Returned(value, tuple(map(plainly.result, arguments)))


def _looked_up(call: Callable[..., Any], case: Case) -> Returned | Raised:
    """What is known for the arguments of a case as they are."""
    try:
        return Returned(call(*case.args), case.args)
    except Exception as error:
        return Raised(type(error).__name__, str(error))


def _answer(call: Callable[..., Any], arguments: Sequence[Any], case: Case) -> Any:
    """What is answered to a case: by asking as students are asked, but of steps, which give arrays themselves."""
    subject = call.subject if isinstance(call, Plain) else call
    if isinstance(subject, Procedure):
        return subject(*arguments)
    with questions.seeded(questions.seed_of(case)):
        return questions.ask(subject, arguments, case.asks)
