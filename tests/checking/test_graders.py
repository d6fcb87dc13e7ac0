"""Collecting grader files and holding them against course.toml; their verdicts are in test_pipeline.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.graders import Graders
from autograder.checking.standard import Standard
from autograder.errors import CourseError, GraderError
from autograder.mismatch import Mismatch
from autograder.notebook import definitions
from autograder.records import Case, Check, Function, Outcome, Raised, Returned, Tolerance, Unit
from autograder.sandbox.worker import Run

FUNCTION = Function("f", 3.0, Tolerance())
UNIT = Unit("unit", "Unit", (FUNCTION,))
HEAD = "from autograder.author import Attempt, check, fail\nimport numpy as np\n"
GOOD = (
    HEAD
    + """
@check("f", "agrees", points=2)
def test_agrees(attempt):
    attempt.agrees("f", "a")

@check("f", "rows", points=0.5, kind="property")
def test_rows(attempt):
    for case, result in attempt.arrays("f"):
        if result.sum() != 2:
            fail("The rows are off.")

@check("f", "inputs", points=0.5, kind="property")
def test_inputs(attempt):
    attempt.leaves_inputs_alone("f")
"""
)


def collected(tmp_path: Path, text: str, unit: Unit = UNIT) -> Graders:
    path = tmp_path / "test_hidden.py"
    path.write_text(text)
    return Graders(path, unit)


def attempt(outcome: Outcome, *, changed: bool = False) -> Attempt:
    case = Case("a", (np.eye(2),))
    wrong = Mismatch(case, np.eye(2), outcome, "values", "It is wrong.")
    right = isinstance(outcome, Returned) and np.array_equal(outcome.value, np.eye(2))  # type: ignore[arg-type]
    trial = Trial(case, np.eye(2), outcome, None if right else wrong, changed)
    return Attempt(
        definitions.submission("self-attention", (), ()),
        FUNCTION,
        (trial,),
        (trial,),
        (),
        Run([[outcome]], defined=True),
    )


def verdicts(checks: tuple[Check, ...]) -> list[tuple[str, bool, str]]:
    return [(check.name, check.passed, check.message) for check in checks]


def test_a_course_may_lie_in_any_folder(tmp_path: Path) -> None:
    folder = tmp_path / "course [2026] a::b"
    folder.mkdir()
    before = Path.cwd()
    graders = collected(folder, GOOD)
    assert [check.passed for check in graders.check(attempt(Returned(np.eye(2))))] == [True] * 3
    assert Path.cwd() == before


def test_checks_run_again_and_again(tmp_path: Path) -> None:
    graders = collected(tmp_path, GOOD)
    for _ in range(2):
        assert verdicts(graders.check(attempt(Returned(np.eye(2))))) == [
            ("agrees", True, ""), ("rows", True, ""), ("inputs", True, ""),
        ]  # fmt: skip
        assert verdicts(graders.check(attempt(Returned(np.ones((2, 2))), changed=True))) == [
            ("agrees", False, "On “a”: It is wrong."),
            ("rows", False, "The rows are off."),
            ("inputs", False, "On “a”: it changed its own inputs."),
        ]
        assert verdicts(graders.check(attempt(Raised("ValueError", "secret 0.25")))) == [
            ("agrees", False, "On “a”: It is wrong."),
            ("rows", False, "On “a”: It is wrong."),
            ("inputs", False, "It never returned, so there was nothing to look at."),
        ]


def test_checks_that_use_more_of_pytest_run_as_pytest_runs_them(tmp_path: Path) -> None:
    graders = collected(
        tmp_path,
        f"""{HEAD}import pytest

@pytest.fixture
def two():
    yield 2

@pytest.fixture
def four(two):
    return two * two

@check("f", "a fixture of its own", points=1)
def test_fixture(attempt, four):
    assert four == 4
    attempt.agrees("f", "a")

@check("f", "a parameter", points=1)
@pytest.mark.parametrize("case", ["a"])
def test_parameter(attempt, case):
    attempt.agrees("f", case)

class TestInAClass:
    @pytest.fixture(autouse=True)
    def begin(self):
        self.case = "a"

    @check("f", "in a class", points=1)
    def test_method(self, attempt):
        attempt.agrees("f", self.case)
""",
    )
    for _ in range(2):
        assert [check.passed for check in graders.check(attempt(Returned(np.eye(2))))] == [True] * 3
        assert [check.message for check in graders.check(attempt(Raised("ValueError")))] == [
            "On “a”: It is wrong."
        ] * 3


def test_two_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        own = GOOD.replace('"agrees"', f'"agrees {name}"')
        graders = collected(tmp_path / name, own)
        assert graders.check(attempt(Returned(np.eye(2))))[0].name == f"agrees {name}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("points=2", "points=1"), "the checks of 'f' give 2 points together, course.toml says 3"),
        (('points=2)', 'points=1.5)\ndef test_more(attempt): ...\n@check("f", "x", points=0.5, kind="property")'), "a third of 3 is allowed"),
        (('@check("f", "agrees", points=2)', ""), "has no @check"),
        (('"f", "agrees"', '"g", "agrees"'), "'g', which is not in course.toml"),
        (('"agrees"', '"rows"'), "same name"),
        (("points=2", "points=0"), "points above 0"),
        (('kind="property"', 'kind="proprety"'), "the kind values or property"),
        (("import numpy", "import no_such_module"), r"cannot be collected: line \d+: ModuleNotFoundError: No module named 'no_such_module'"),
        (("def test_agrees(attempt):", "def test_agrees(attempt:"), r"cannot be collected: line \d+: SyntaxError: "),
    ],
)  # fmt: skip
def test_graders_that_do_not_hold_together(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(CourseError, match=message):
        collected(tmp_path, GOOD.replace(*change, 1))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"test_hidden\.py"):
        Graders(tmp_path / "test_hidden.py", UNIT)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ('attempt.agrees("f", "no such case")', "has no case 'no such case'"),
        ('attempt.agrees("g")', "asks for 'g'"),
        ("import pytest; pytest.fail('no')", "Failed: no"),
        ("import pytest; pytest.skip('later')", "Skipped: later"),
    ],
)
def test_a_grader_that_breaks_is_our_failure(tmp_path: Path, body: str, message: str) -> None:
    graders = collected(tmp_path, f'{HEAD}@check("f", "x", points=3)\ndef test_x(attempt):\n    {body}\n')
    with pytest.raises(GraderError, match=message):
        graders.check(attempt(Returned(np.eye(2))))


def test_settings_of_the_surrounding_folder_have_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--also-no-option")
    assert collected(tmp_path, GOOD).check(attempt(Returned(np.eye(2))))[0].passed


def test_nothing_is_looked_at_beside_the_way_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of all homes may hold thousands; and where a link leads to the file, it is found as well."""
    unit = tmp_path / "real" / "unit"
    for folder in (unit, tmp_path / "real" / "other", tmp_path / "another"):
        folder.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    seen: list[Path] = []
    make = pytest.Dir.from_parent.__func__  # type: ignore[attr-defined]

    def note(kind: type[pytest.Dir], parent: pytest.Collector, *, path: Path) -> pytest.Dir:
        seen.append(path)
        return make(kind, parent, path=path)  # type: ignore[no-any-return]

    monkeypatch.setattr(pytest.Dir, "from_parent", classmethod(note))
    assert collected(tmp_path / "link" / "unit", GOOD).check(attempt(Returned(np.eye(2))))[0].passed
    assert {one for one in seen if one.is_relative_to(tmp_path)} == {tmp_path, tmp_path / "real", unit}


def own_checks(function: str) -> list[Standard]:
    def test(attempt: object) -> None:
        assert attempt is not None

    return [
        Standard(function, "ordinary", 2.0, "values", test),
        Standard(function, "edge", 1.0, "values", test),
    ]


def test_without_a_file_the_checks_are_the_kits_own(tmp_path: Path) -> None:
    graders = Graders(tmp_path / "test_hidden.py", UNIT, own_checks)
    assert [(check.name, check.points) for check in graders.check(attempt(Returned(np.eye(2))))] == [
        ("ordinary", 2.0), ("edge", 1.0),
    ]  # fmt: skip


def test_checks_with_weights_are_added_to_the_kits_own(tmp_path: Path) -> None:
    path = tmp_path / "test_hidden.py"
    path.write_text(
        HEAD + '@check("f", "mine", weight=3)\ndef test_mine(attempt):\n    attempt.agrees("f")\n'
    )
    checks = Graders(path, UNIT, own_checks).check(attempt(Returned(np.ones((2, 2)))))
    assert [(check.name, check.passed, check.points) for check in checks] == [
        ("ordinary", True, 1.0), ("edge", True, 0.5), ("mine", False, 1.5),
    ]  # fmt: skip


def test_checks_with_points_stand_alone(tmp_path: Path) -> None:
    path = tmp_path / "test_hidden.py"
    path.write_text(GOOD)
    checks = Graders(path, UNIT, own_checks).check(attempt(Returned(np.eye(2))))
    assert [check.points for check in checks] == [2, 0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (
            GOOD.replace("points=2", "weight=2"),
            "some checks of 'f' have points and others weights: give all of them",
        ),
        (GOOD.replace("points=2", "points=2, weight=2"), "test_agrees needs either points or a weight"),
        (GOOD.replace(", points=2", ""), "test_agrees needs either points or a weight"),
    ],
)
def test_points_and_weights_are_not_mixed(tmp_path: Path, text: str, trouble: str) -> None:
    with pytest.raises(CourseError, match=trouble):
        collected(tmp_path, text)
