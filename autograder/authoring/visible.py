"""The visible checks of a unit: worked out on the instructor's side, shipped as arrays and words alone.

Students see, offline, why a result is wrong: for the public seed the file holds inputs, expected results, the
steps' arithmetic and what each known misconception does, computed here from the secret material. None of its
code goes along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

import jupytext
import numpy as np

from autograder import nested
from autograder.authoring.guesses import Worked
from autograder.authoring.once import Pool
from autograder.checking.compare import are_arrays, same_value
from autograder.child import packing
from autograder.child.nodes import ValueData
from autograder.course import chance, coursefile, patience, predictions, secret, smallest
from autograder.course import material as secret_material
from autograder.course.lesson import Lesson
from autograder.course.material import Material
from autograder.course.modules import PACKAGE
from autograder.course.rounding import short, written, written_value
from autograder.course.steps import Misconception, Procedure
from autograder.data import Array, Value
from autograder.earned import picture
from autograder.errors import CourseError
from autograder.explaining import candidates, experiment
from autograder.explaining.candidates import Candidates
from autograder.records import Case, Course, Function, Raised, Returned, Tolerance, Unit
from autograder.selfcheck.checkfile import (
    FORMAT,
    CaseData,
    CheckFile,
    FullMarksData,
    FunctionData,
    OutcomeData,
    PredictionData,
    StepData,
    SymptomData,
    cell_digest,
    least_format,
    write,
)
from autograder.tolerance import TABLE_PARTS, TablePart
from autograder.words import listed

MOST_WORKED: Final = 36  # cells of a result whose arithmetic is written out
MOST_BYTES: Final = 1_200_000
# How much ships, as far as there is room: guesses of each function (None: all of them), and inputs that are made small.
_AS_MUCH: Final = ((None, True), (None, False), (300, False), (60, False), (0, False))


@dataclass(frozen=True, eq=False)
class _Asked:
    """One function of the file."""

    unit: Unit  # in which it is asked
    function: Function
    taught: Sequence[Material]  # that unit's, and that of all before it
    brought: bool  # it was written in an earlier unit


def nobody(line: str) -> None:
    """Nobody is told."""


def data(course: Course, unit: Unit, tell: Callable[[str], None] = nobody) -> bytes:
    """The bytes of `checks.json`; CourseError where the material does not hold together or is too large.

    Where it is too large with inputs that are made small, none of these ship, and then not the most far-fetched guesses.
    `tell` is given a line that says what is left out, if anything is.
    """
    cells, foretold = _handout(course, unit)
    file = CheckFile(unit.name, unit.title, cells, [], FORMAT)
    file.predictions = foretold
    if course.hints != "cause":
        file.hints = course.hints
    if course.install:
        file.install = course.install
    asked = [*_asked(course, unit)]

    @cache
    def worked(one: _Asked, *, small: bool) -> Worked:
        if one.brought and small:  # nothing is made small of what is brought
            return worked(one, small=False)
        if one.brought or small:
            return _on_public_inputs(course, one, small=small)
        return worked(one, small=True).without_small()

    whole = 0  # bytes of all that there is
    for most, small in _AS_MUCH:
        file.functions = [_function(one, worked(one, small=small).with_most(most)) for one in asked]
        file.format = least_format(file.functions)
        content = write(file)
        whole = whole or len(content)
        if len(content) <= MOST_BYTES:
            if whole > MOST_BYTES:
                fewer = {one.function.name: worked(one, small=small).many(most) for one in asked}
                tell(_left_out(unit, whole, fewer))
            return content
    raise CourseError(
        f"unit {unit.name!r}: its visible checks take {len(content) // 1000} kB, {MOST_BYTES // 1000} are"
        " allowed: give it fewer or smaller public inputs"
    )


def _left_out(unit: Unit, whole: int, fewer: Mapping[str, tuple[int, int]]) -> str:
    """What does not ship, and what to do; by function, how many guesses do, and of how many."""
    cut = [f"{name} {kept:,} of {of:,}" for name, (kept, of) in fewer.items() if kept < of]
    lost = "small inputs to work out on paper"
    if cut:
        lost += (
            f", and the far-fetched of the guesses at what a wrong result comes of ({listed(cut)} are kept)"
        )
    return (
        f"unit {unit.name!r}: its visible checks would take {whole // 1000:,} kB, and {MOST_BYTES // 1000:,} are allowed. Self-checks"
        f" go without {lost}; grading has all. To have more, give it fewer cases or smaller inputs"
    )


def _asked(course: Course, unit: Unit) -> Iterator[_Asked]:
    """The functions of a unit, and those that are brought along."""
    taught = secret_material.taught(course, unit)
    for function in unit.functions:
        yield _Asked(unit, function, taught, brought=False)
    for name in unit.brings:
        earlier = next(one for one in coursefile.ours(course) if any(f.name == name for f in one.functions))
        function = next(one for one in earlier.functions if one.name == name)
        if name in taught[-1].procedures:  # asked anew here
            yield _Asked(unit, function, taught, brought=True)
        else:
            yield _Asked(earlier, function, secret_material.taught(course, earlier), brought=True)


# ---------------------------------------------------------------------------------------- one function


def _function(asked: _Asked, worked: Worked) -> FunctionData:
    """One function of the file, from what was worked out."""
    function, material = asked.function, asked.taught[-1]
    procedure = material.procedures[function.name]
    misconceptions = material.misconceptions[function.name]
    cases = worked.cases
    # First what may be refused: the guesses take seconds.
    full_marks = None if asked.brought else _full_marks(material, function.name)
    for one in misconceptions:
        with patience.within(f"{material.folder / 'misconceptions.py'}: the mistake {one.id!r} is tried"):
            for number in range(len(cases)):
                worked.outcome(one.symptom, number)
    guesses, sketches = worked.guesses(misconceptions)
    both, both_sketches = worked.both(misconceptions)
    return FunctionData(
        name=function.name,
        parameters=list(procedure.parameters),
        results=list(procedure.returns),
        points=function.points,
        absolute=function.tolerance.absolute,
        relative=function.tolerance.relative,
        exact=function.tolerance.exact,
        overlooked=_overlooked(worked.expected, function.tolerance),
        cases=[_case(procedure, worked, place) for place in range(len(cases))],
        steps=[
            StepData(step.name, step.symbol, step.sentence, step.formula, step.plain)
            for step in procedure.steps
        ],
        symptoms=[_symptom(procedure, misconception, worked) for misconception in misconceptions],
        guesses=guesses,
        sketches=sketches,
        both=both,
        both_sketches=both_sketches,
        arrays=worked.pool.arrays,
        by_chance=any(chance.by_chance(material, function.name, case) for case in cases),
        full_marks=full_marks,
        brought=asked.brought,
    )


def _overlooked(expected: Sequence[Any], tolerance: Tolerance) -> list[TablePart]:
    """What does not count in the tables that are due; nothing where none is."""
    if not nested.has_table(list(expected)):
        return []
    return [part for part in TABLE_PARTS if part not in tolerance.tables]


def _on_public_inputs(course: Course, asked: _Asked, *, small: bool) -> Worked:
    """The function on its public inputs, and on those that are made small of them."""
    function, material = asked.function, asked.taught[-1]
    cases = secret_material.draw(
        material, function.name, "public", secret.public_seed(course, asked.unit.name, function.name)
    )
    if small:
        cases += smallest.smaller(material, function.name, "public")
    expected = [secret_material.expected(material, function.name, case) for case in cases]
    # What is brought along has been explained in its own unit: the catalogue will do.
    known = _known(asked.taught, function.name)
    return Worked(known, cases, expected, function.tolerance, Pool(), guessing=not asked.brought)


def _full_marks(material: Material, function: str) -> FullMarksData | None:
    """What full marks earn; CourseError where the right function gives nothing that could be drawn."""
    full = material.full_marks.get(function)
    if full is None:
        return None
    shown = full.shown
    if shown is None:
        return FullMarksData(full.understood, full.stretch)
    (case,) = material.shown(function)
    if picture(shown, secret_material.expected(material, function, case)) is None:
        raise CourseError(
            f"{material.folder / 'full_marks.py'}: the result of {function!r} cannot be drawn: a picture needs matrices"
            " with a finite number for each of `rows` and `columns`, and as many of them as `titles`"
        )
    return FullMarksData(
        full.understood,
        full.stretch,
        [packing.pack(argument) for argument in shown.args],
        list(shown.rows),
        list(shown.columns),
        list(shown.titles),
        shown.form,
        shown.says,
        list(shown.of),
    )


def _known(taught: Sequence[Material], function: str) -> Candidates:
    """What may account for the results of one function of the last material."""
    others = tuple(
        (procedure, loaded.misconceptions[name])
        for loaded in taught
        for name, procedure in loaded.procedures.items()
    )
    own = taught[-1]
    return candidates.known(
        own.procedures[function], own.misconceptions[function], others, own.cases[function]
    )


def _case(procedure: Procedure, worked: Worked, place: int) -> CaseData:
    case, due = worked.cases[place], worked.expected[place]
    explained = place in worked.explained
    return CaseData(
        name=case.name,
        args=[packing.pack(argument) for argument in case.args],
        kind=case.kind,
        raises=list(case.raises),
        asks=case.asks,
        of=case.of,
        expected=None if case.raises else _pack(due, worked.tolerance),
        worked=worked.once.of("arithmetic", case, make=lambda: _worked(procedure, case, due))
        if explained
        else {},
        steps=_steps(procedure, worked, case) if explained else {},
        innocent=worked.innocent(place) if explained else [],
    )


def _worked(procedure: Procedure, case: Case, due: Any) -> dict[str, list[str]]:
    """The arithmetic of every step for every cell, nothing where these are too many to write out."""
    parts = due if isinstance(due, tuple) else (due,)
    if not procedure.steps or not are_arrays(due) or sum(part.size for part in parts) > MOST_WORKED:
        return {}
    with np.errstate(all="ignore"):
        values = procedure.settled(*case.args)
        worked = {}
        for number, part in enumerate(parts):
            for place in np.ndindex(part.shape):
                index = (number, *place) if isinstance(due, tuple) else place
                worked[",".join(map(str, index))] = [step.cell(values, index) for step in procedure.steps]
    return worked


def _steps(procedure: Procedure, worked: Worked, case: Case) -> dict[str, int]:
    """The value of each step by its symbol."""

    def made() -> dict[str, Array]:
        with np.errstate(all="ignore"):
            values = procedure.values(*case.args)
        return {
            step.symbol: written(np.asarray(values[step.symbol]), worked.tolerance)
            for step in procedure.steps
        }

    return {
        symbol: worked.pool.add(value) for symbol, value in worked.once.of("steps", case, make=made).items()
    }


def _symptom(procedure: Procedure, misconception: Misconception, worked: Worked) -> SymptomData:
    return SymptomData(
        id=misconception.id,
        title=misconception.title,
        why=misconception.why,
        look=misconception.look,
        read=misconception.read,
        outcomes=[
            worked.once.of(
                "outcome", misconception, case, make=partial(_outcome, worked, misconception, place)
            )
            for place, case in enumerate(worked.cases)
        ],
        step=misconception.step,
        edge=misconception.edge,
        off=misconception.off,
        question=misconception.question,
        telltale=misconception.telltale,
        experiment=worked.once.of(
            "experiment",
            misconception,
            make=lambda: _experiment(procedure, misconception.look, worked.tolerance),
        ),
        ways=worked.ways_of(misconception),
        fits=worked.fits(misconception),
    )


def _experiment(procedure: Procedure, line: str, tolerance: Tolerance) -> OutcomeData | None:
    """What the line that shows the mistake gives with the right function."""
    due = experiment.due(procedure, line)
    if isinstance(due, Returned):
        return OutcomeData(value=_pack(due.value, tolerance))
    return OutcomeData(raises=due.exception) if isinstance(due, Raised) else None


def _outcome(worked: Worked, misconception: Misconception, place: int) -> OutcomeData | None:
    """What it does on a case, None where that is as it should be."""
    case, due, tolerance = worked.cases[place], worked.expected[place], worked.tolerance
    did = worked.outcome(misconception.symptom, place)
    if isinstance(did, Returned):
        if not case.raises and same_value(did.value, due, tolerance):
            return None
        return OutcomeData(value=_pack(did.value, tolerance, shorten=short))
    assert isinstance(did, Raised)
    return None if did.exception in case.raises else OutcomeData(raises=did.exception)


def _pack(
    value: Value, tolerance: Tolerance, shorten: Callable[[Array], Array] = lambda array: array
) -> ValueData:
    """A value as data."""
    return packing.pack(written_value(value, tolerance, shorten))


def _handout(course: Course, unit: Unit) -> tuple[list[str], list[PredictionData]]:
    """Digests of the notebook's code cells but those that students write, and what students predict in them."""
    path = course.root / PACKAGE / unit.name / f"{unit.name}.py"
    notebook = jupytext.reads(Lesson.content(path), fmt="py:percent")
    digests: list[str] = []
    found: dict[str, PredictionData] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code" or cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        try:
            source, foretold = predictions.blanked(cell.source)
        except predictions.PredictionError as error:
            raise CourseError(f"unit {unit.name!r}: {path}: {error}") from None
        digests.append(cell_digest(source))
        for one in foretold:
            if one.question in found:
                raise CourseError(
                    f"unit {unit.name!r}: {path}: two predictions ask {one.question!r}: give each words of its own"
                )
            found[one.question] = PredictionData(
                one.question,
                one.form,
                list(one.answer),
                one.why,
                [list(other) for other in one.others],
                [(list(value), said) for value, said in one.wrong],
            )
    return digests, [*found.values()]
