"""Tests of `autograder.adopted.stepwise`: an instructor's solution explains what students wrote, with mistakes made by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
import sat
import seated

from autograder.adopted import likes
from autograder.adopted.explained import Evidence, Told, explained, needs_shown
from autograder.adopted.papers import Paper, as_shown
from autograder.adopted.stepwise import Stepwise
from autograder.records import Course, Limits, Unit
from autograder.sandbox.children import Sandbox

SOLUTIONS: Mapping[str, str] = {
    "imports": "import numpy as np\nimport random",
    "squares": "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i**2 for i in range(1, n + 1)]",
    "centre": "def centre(x):\n    means = x.mean(axis=0)\n    return x - means",
    "scale": "def scale(x):\n    c = centre(x)\n    spread = np.sqrt((c**2).mean(axis=0))\n    return c / spread",
    "vowels": "def vowels(text):\n    count = 0\n    for letter in text.lower():\n        if letter in 'aeiou':\n            count += 1\n    return count",
    "dice": "def dice(n):\n    return [random.randint(1, 6) for _ in range(n)]",
}
DATA = "data = np.array([[1.5, 2.25], [3.5, 0.75], [4.25, 8.5]])\n"
TESTS: Mapping[str, str] = {
    "squares-test": "assert squares(4) == [1, 4, 9, 16]\ntry:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('x')",
    "centre-test": f"{DATA}assert np.allclose(centre(data).mean(axis=0), 0)\nassert centre(data)[0, 0] < 0",
    "scale-test": f"{DATA}assert np.allclose(scale(data).std(axis=0), 1)",
    "vowels-test": "assert vowels('Education') == 5\nassert vowels('rhythm') == 0\n### BEGIN HIDDEN TESTS\nassert vowels('AEIOU') == 5\n### END HIDDEN TESTS",
    "dice-test": "assert len(dice(3)) == 3",
}
COURSE = Course(Path(), "Data", 7, Path("none"), None, Limits(), ())


@pytest.fixture(scope="module")
def paper() -> Paper:
    return sat.paper(SOLUTIONS, TESTS)


@pytest.fixture(scope="module")
def stepwise(paper: Paper) -> Stepwise:
    found = Stepwise.open(COURSE, Unit("ps1", "One", ()), paper, sat.sit(paper, sat.steps(paper, SOLUTIONS)))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits()) as opened:
        yield opened


def told(paper: Paper, stepwise: Stepwise, sandbox: Sandbox, answers: Mapping[str, str]) -> dict[str, Told]:
    """What is told of each test cell that fails, of a student who has the right answers but for these."""
    steps = sat.steps(paper, {**SOLUTIONS, **answers})
    sitting = sat.sit(paper, steps)
    shown = sat.sit(as_shown(paper), steps) if needs_shown(paper, sitting) else None
    evidence = Evidence(paper, steps, sitting, shown, stepwise.look(steps, sitting, sandbox.child))
    found = {cell.grade_id: explained(evidence, cell) for cell in paper.cells if cell.kind == "test"}
    return {name: one for name, one in found.items() if one is not None}


def test_what_tests_call_with_plain_values_is_explained(stepwise: Stepwise) -> None:
    procedures = stepwise.material.procedures
    assert set(procedures) == {"squares", "centre", "scale", "vowels"}  # and none that is left to chance
    assert [step.name for step in procedures["centre"].steps] == ["column mean", "subtract"]
    names = [case.name for case in stepwise.material.cases["vowels"](np.random.default_rng(0))]
    assert names[:2] == ["vowels('Education')", "vowels('rhythm')"]
    assert not [name for name in names if "AEIOU" in name]


def test_what_is_not_seen_by_what_it_returns_is_not_explained_by_it(
    capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    solutions = {"greet": "def greet(n):\n    print(n)", "say": "def say(n):\n    print(n)\n    return n + 1"}
    tests = {
        "greet-test": "greet(1)\ngreet(2)\nassert False",
        "say-test": "assert say(1) == 2\nassert say(4) == 5",
    }
    paper = sat.paper(solutions, tests)
    solved = sat.sit(paper, sat.steps(paper, solutions))
    capsys.readouterr()
    found = Stepwise.open(COURSE, Unit("ps1", "One", ()), paper, solved)
    assert found is not None
    assert set(found.material.procedures) == {"say"}
    steps = sat.steps(paper, {**solutions, "say": "def say(n):\n    return n"})
    assert found.look(steps, solved, sandbox.child).at("say") is not None
    assert capsys.readouterr().out == ""  # of what the solution prints on this side


@pytest.mark.parametrize(
    ("name", "before", "after", "id", "line"),
    [
        ("squares", "n + 1)", "n)", "missing-item", 4),
        ("squares", "i**2", "i*2", "one-edit", 4),
        ("squares", "if n < 1", "if n > 99", "no-error", None),
        ("centre", "axis=0", "axis=1, keepdims=True", "one-edit", 2),
        ("centre", "x - means", "x + means", "changed-step", 3),
        ("scale", "c / spread", "c * spread", "changed-step", 4),
        ("scale", ".mean(axis=0)", ".sum(axis=0)", "changed-step", 3),
        ("vowels", "count = 0", "count = 1", "off-by-one", 2),
        ("vowels", "'aeiou'", "'aeio'", "off-by-one", None),
        ("vowels", "    return count", "    print(count)", "returns-none", 6),
        ("vowels", ".lower()", "", "off-by-one", None),
    ],
)  # fmt: skip
def test_mistakes_are_found_by_line_and_kind(
    paper: Paper,
    stepwise: Stepwise,
    sandbox: Sandbox,
    name: str,
    before: str,
    after: str,
    id: str,
    line: int | None,
) -> None:
    assert SOLUTIONS[name].count(before) == 1
    found = told(paper, stepwise, sandbox, {name: SOLUTIONS[name].replace(before, after)})
    first = found[f"{name}-test"].diagnoses[0]
    assert (first.id, first.line) == (f"general.{id}", line)


def test_a_function_that_is_right_but_for_what_it_calls(
    paper: Paper, stepwise: Stepwise, sandbox: Sandbox
) -> None:
    wrong = SOLUTIONS["centre"].replace("x - means", "x - 2 * means")
    found = told(paper, stepwise, sandbox, {"centre": wrong})
    assert found["scale-test"].diagnoses[0].title == "`scale` would be right with a right `centre`"
    assert found["scale-test"].note == "It is right but for `centre`: put it right first."
    explanation = found["centre-test"].explanation
    assert explanation is not None
    assert [step.name for step in explanation.worked] == ["column mean", "subtract"]


def test_what_is_hidden_stays_so(paper: Paper, stepwise: Stepwise, sandbox: Sandbox) -> None:
    wrong = SOLUTIONS["vowels"].replace(".lower()", ".replace('E', 'e')")
    found = told(paper, stepwise, sandbox, {"vowels": wrong})["vowels-test"]
    assert found.message == "`vowels` gives a wrong number for an input that is not shown."
    assert "AEIOU" not in repr(found.diagnoses) + repr(found.explanation)


def test_it_goes_by_what_a_sitting_writes_down() -> None:
    cells = {f"solution {name}": text for name, text in SOLUTIONS.items()}
    cells |= {f"test {name}": text for name, text in TESTS.items()}
    wrong = {"centre": SOLUTIONS["centre"].replace("x - means", "x - 2 * means")}
    with seated.opened(cells) as room:
        found = Stepwise.open(COURSE, Unit("ps1", "One", ()), room.paper, room.sit(keep=True))
        assert found is not None
        assert set(found.material.procedures) == {"squares", "centre", "scale", "vowels"}
        steps, sitting = seated.steps(room.paper, wrong), room.sit(wrong)
        looking = found.look(steps, sitting, room.sandbox.child)
        evidence = Evidence(room.paper, steps, sitting, None, looking)
        cell = next(one for one in room.paper.cells if one.grade_id == "centre-test")
        told = explained(evidence, cell)
    assert told is not None
    assert told.diagnoses[0].title == "The step “subtract” is done twice"
    assert told.message.startswith("`centre(data).mean(axis=0)` gives `array([")
    assert told.explanation is not None
    assert told.explanation.case == "centre(data)"


def test_without_calls_there_is_nothing_to_explain_by(paper: Paper) -> None:
    nothing = sat.paper(SOLUTIONS, {"test": "assert True"})
    sitting = sat.sit(nothing, sat.steps(nothing, SOLUTIONS))
    assert Stepwise.open(COURSE, Unit("ps1", "One", ()), nothing, sitting) is None


def test_inputs_like_those_of_tests() -> None:
    rng = np.random.default_rng(1)
    calls = [(3, "ab", [1, 2, 3], 0.5, True), (7, "cd", [4, 5], 2.5, False)]
    for _ in range(20):
        number, text, listed, decimal, flag = likes.other(rng, calls)
        assert 3 <= number <= 7  # type: ignore[operator]
        assert text in ("ab", "cd")
        assert sorted(listed) in ([1, 2, 3], [4, 5])  # type: ignore[arg-type, type-var]
        assert 0.3 < decimal < 3.5  # type: ignore[operator]
        assert isinstance(flag, bool)
    assert likes.other(rng, [(np.arange(3.0),)])[0].shape == (3,)  # type: ignore[union-attr]
    assert not likes.is_plain((np.zeros(5000),))
