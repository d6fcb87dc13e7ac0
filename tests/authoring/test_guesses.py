"""What the results may come of besides the catalogue, from the instructor's search to the student's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from catalogue import COURSE
from repository import REPOSITORY

from autograder.authoring import guesses, visible
from autograder.course import coursefile, material
from autograder.explaining import sketch
from autograder.explaining.candidates import Candidates, Guess, changed_step
from autograder.explaining.candidates import known as known_of
from autograder.explaining.sketch import Sketch, Sketched
from autograder.records import Case, Course, Tolerance
from autograder.selfcheck import candidates, checkfile, lookup
from autograder.selfcheck.checkfile import CheckFile
from autograder.selfcheck.plain import PlainChild

UNITS = {"embeddings": "project_qkv", "self-attention": "attend", "multi-head": "multi_head"}


@pytest.fixture(scope="module")
def course() -> Course:
    return coursefile.load(REPOSITORY / "course.toml")


@pytest.fixture(scope="module", params=UNITS)
def unit(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def file(unit: str) -> CheckFile:
    return checkfile.read(REPOSITORY / "assignments" / unit / "checks.json")


@pytest.fixture(scope="module")
def shipped(unit: str, file: CheckFile, tmp_path_factory: pytest.TempPathFactory) -> Candidates:
    folder = tmp_path_factory.mktemp(unit)
    examiner = lookup.examiner(file, folder, lambda: PlainChild(folder), frozenset())
    return candidates.shipped(file, examiner, UNITS[unit])


@pytest.fixture(scope="module")
def real(unit: str, course: Course) -> Candidates:
    return visible._known(material.taught(course, course.unit(unit)), UNITS[unit])


def titles(guessed: tuple[Guess, ...]) -> list[tuple[str, ...]]:
    return [tuple(diagnosis.title for diagnosis in guess.diagnoses) for guess in guessed]


def test_the_students_side_knows_what_the_instructors_does_in_the_same_order(
    shipped: Candidates, real: Candidates
) -> None:
    for own, due in ((shipped.pairs, real.pairs), (shipped.changes, real.changes)):
        rest = iter(titles(due))
        assert len(own) > 20
        assert all(one in rest for one in titles(own))


def test_every_guess_does_on_every_input_what_its_procedure_does(
    unit: str, file: CheckFile, shipped: Candidates, real: Candidates
) -> None:
    data = file.function(UNITS[unit])
    assert data is not None
    made: dict[tuple[str, ...], list[Any]] = {}
    for title, guess in zip(titles(real.changes), real.changes, strict=True):
        made.setdefault(title, []).append(guess.symptom)  # there are several ways to do what some words say

    def does(symptom: Any, results: Mapping[str, Sketch | None], case: Case) -> bool:
        known = results[case.name]
        return known is None or sketch.of(material.outcome(symptom, case)).near(known, Tolerance())

    for guess in shipped.changes[::7]:
        assert isinstance(guess.symptom, Sketched)
        results = guess.symptom.results
        assert any(
            all(does(symptom, results, case) for case in lookup.cases(data) if not case.of)
            for symptom in made[guess.diagnoses[0].title,]
        ), guess.diagnoses


def test_no_guess_is_right_everywhere_and_no_two_look_alike(file: CheckFile, unit: str) -> None:
    data = file.function(UNITS[unit])
    assert data is not None
    ordinary = [place for place, case in enumerate(data.checks) if case.kind == "ordinary"]
    looks = candidates._looks(data, data.sketches)
    seen = set()
    for guess, look in zip(data.guesses, looks, strict=True):
        shown = [look[data.cases[place].name] for place in ordinary]
        assert any(one is not None for one in shown)
        key = tuple((one.form, *np.round(one.sums, 4)) if one else None for one in shown)
        if not guess.telltales:  # what is told where the source speaks for it may look like another
            assert key not in seen
            seen.add(key)


def test_words_are_told_and_give_no_code_away(file: CheckFile, unit: str) -> None:
    data = file.function(UNITS[unit])
    assert data is not None
    for guess in data.guesses:
        assert guess.how or guess.symptoms
        assert not re.search(r"np\.|lambda|@|\*\*|axis=|keepdims|\w\(", guess.how), guess.how


def test_words_that_would_give_code_away_are_left_out(real: Candidates) -> None:
    known = replace(known_of(real.reference, (), (), real.draw))
    known.__dict__["changes"] = tuple(
        Guess(guess.symptom, (changed_step("product", f"It is {code}"),))
        for guess, code in zip(known.changes[:3], ("np.exp", "Query @ Key", "plain"), strict=True)
    )
    cases = known.draw(np.random.default_rng(0))
    expected = [known.reference(*case.args) for case in cases]
    worked = guesses.Worked(known, cases, expected, Tolerance(), guesses.Pool())
    made, _ = worked.guesses(())
    assert [guess.how for guess in made] == ["", "", "It is plain"][: len(made)]


def test_a_guess_whose_results_are_noise_is_left_out(real: Candidates) -> None:
    cases = known_cases(real)
    expected = [real.reference(*case.args) for case in cases]
    last = real.reference.steps[-1]

    def divided_by_nothing(*operands: Any) -> Any:
        """What a machine gets wrong of the last step, as large as the step."""
        result = last.op(*operands)
        return result / ((0.1 + result) - 0.1 - result + 1e-30)

    guessed = [
        Guess(real.reference.replacing(last.name, op), (changed_step(last.name, "It is odd."),))
        for op in (divided_by_nothing, lambda *operands: 3 * last.op(*operands))
    ]
    plain = replace(known_of(real.reference, (), (), real.draw))
    plain.__dict__["changes"] = tuple(guessed)
    worked = guesses.Worked(plain, cases, expected, Tolerance(), guesses.Pool())
    assert [guess for guess, _, _ in worked._apart] == guessed[1:]


@pytest.mark.parametrize("unit", [unit.name for unit in COURSE.units])
def test_inputs_leave_room_for_guesses(unit: str) -> None:
    """Where a file is too large without them, the guesses go."""
    functions = checkfile.read(REPOSITORY / "assignments" / unit / "checks.json").functions
    assert [one.name for one in functions if not one.brought and not one.guesses] == []


def test_what_ships_of_a_function_of_whole_numbers_holds_no_sine_of_a_huge_power() -> None:
    """It was another number with another NumPy."""
    data = checkfile.read(REPOSITORY / "assignments" / "layers" / "checks.json").function(
        "positional_encoding"
    )
    assert data is not None
    told = [guess.how for guess in data.guesses]
    assert any("the step “angle”" in how.lower() for how in told)
    assert not any("takes a power" in how for how in told)


def known_cases(known: Candidates) -> tuple[Case, ...]:
    return tuple(case for case in known.draw(np.random.default_rng(0)) if case.kind == "ordinary")
