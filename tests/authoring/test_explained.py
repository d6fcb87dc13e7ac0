"""What students are told of mistakes that nobody listed is measured: the same mistakes each time, and what counts."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from autograder.authoring import explained, mutants
from autograder.authoring.explained import Explained
from autograder.authoring.mutants import Mutant
from autograder.authoring.rehearsal import Rehearsal
from autograder.grading.pipeline import Pipeline
from autograder.records import Function

SOURCE = """\
def f(x):
    # a comment
    y = (x +
         1)
    for i in range(len(x)):
        y[i] = y[i] - x[0]

    return y
"""


@pytest.fixture(scope="module")
def scores(pipelines: Mapping[str, Pipeline]) -> tuple[Rehearsal, Function]:
    pipeline = pipelines["self-attention"]
    return Rehearsal.of(pipeline), pipeline.unit.functions[0]


@pytest.mark.slow
def test_as_many_as_asked_for_are_told_and_each_time_the_same(scores: tuple[Rehearsal, Function]) -> None:
    found = list(explained.mistakes(*scores, 4))
    assert len(found) == 4
    assert len({(one.statement, one.change) for one in found}) > 2
    random.seed(1)
    assert list(explained.mistakes(*scores, 4)) == found
    assert list(explained.mistakes(*scores, 0)) == []


def test_what_no_ordinary_input_shows_is_no_mistake(
    scores: tuple[Rehearsal, Function], monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, function = scores
    right = unit.notebook.source(function.name)
    wrong = Mutant(function.name, "return", "wrong", right.replace("np.sqrt", "np.square"))
    none = [Mutant(function.name, "return", "none", right)] * 3
    monkeypatch.setattr(mutants, "mutants", lambda source, name: [*none, wrong] if source == right else [])
    assert wrong.source != right
    assert [one.change for one in explained.mistakes(unit, function, 50)] == ["wrong"]


def test_the_line_of_a_mistake_is_that_of_its_own_text() -> None:
    lines = {made.change: explained._line(SOURCE, made) for made in mutants.mutants(SOURCE, "f")}
    assert lines["x + 1 → x - 1"] == 2
    assert lines["y[i] - x[0] → y[i] + x[0]"] == 4
    assert lines["return y → return None"] == 5
    assert set(lines.values()) == {2, 3, 4, 5}


def test_a_symptom_is_no_name_and_another_line_no_place() -> None:
    def one(found: str, line: int | None) -> Explained:
        return Explained("f", "y = x + 1", "x + 1 → x", 2, found, line)

    found = [one("f.known", 2), one("f.known", 3), one("general.raises", 2), one("nothing", None)]
    assert [each.named for each in found] == [True, True, False, False]
    assert [each.placed for each in found] == [True, False, True, False]
    assert explained.told(found) == {"tried": 4, "named": 2, "placed": 2, "either": 3}
    assert one("general.changed-step", None).named
