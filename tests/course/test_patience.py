"""An author's code that never ends is told, and not waited for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import least_form
import pytest

from autograder import budget
from autograder.authoring import release
from autograder.checking import standard
from autograder.checking.attempt import Attempt, Trial
from autograder.checking.graders import Graders
from autograder.course import least, material, patience
from autograder.course.material import Material
from autograder.errors import CourseError, GraderError
from autograder.notebook import definitions
from autograder.records import Course, Returned
from autograder.sandbox.worker import Run

# CPU time, near for what never ends.
AT_ONCE = 0.2
# Of an author's code that does not end: its time is up from here on, however long a machine takes over what comes before it.
UP = "__import__('signal').setitimer(1, 0.05, 0.05)"
DOUBLE = 'def double(x: "n d"):\n    return x * 2.0\n'
FOR_EVER = f"{UP}\n    while True:\n        pass\n"
ENDS_FOR_TWO = DOUBLE.replace(
    "return",
    f"if len(x) == 1:\n        {UP}\n    while len(x) == 1:\n        try:\n            len(x)\n        except:\n            pass\n    return",
)
CASES = f'def cases(rng):\n    {FOR_EVER}\nCASES = {{"double": cases}}\n'
MISTAKE = f'def bad(x):\n    {FOR_EVER}\nMISCONCEPTIONS = {{"double": (Misconception("double.bad", "t", None, bad, "", "", ""),)}}\n'
CHECK = (
    f'@check("double", "own", weight=1)\ndef test_it(attempt):\n    attempt.trials("double")\n    {FOR_EVER}'
)
LATE = r"not done after (0\.2|60) s of CPU time: does it end\?"


@pytest.fixture(autouse=True)
def _little_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """And as before for others' tests, which come after."""
    monkeypatch.setattr(patience, "LEAST", 0.0)
    monkeypatch.setattr(patience._Allowed, "seconds", 60.0)


def course(root: Path, *functions: str, **files: str) -> Course:
    written = least_form.course(root, *functions, files={f"{name}.py": text for name, text in files.items()})
    return replace(written, limits=replace(written.limits, submission_seconds=60.0))


def loaded(course: Course) -> Material:
    return material.load(course, course.units[0])


def hangs(x: object) -> object:
    while True:
        pass


@pytest.mark.parametrize(
    ("function", "files", "doing"),
    [
        (f'def double(x: "n d"):\n    {FOR_EVER}', {}, r"least: the cases of 'double' are drawn, on the case “all sizes different” \(least\.py, line 10\)"),
        (ENDS_FOR_TWO, {}, "the cases of 'double' are drawn, on the case “n is 1”"),
        (DOUBLE, {"inputs": CASES}, r"least: it is loaded, 'double' is called to see its steps \(inputs\.py, line 5\)"),
        (DOUBLE, {"misconceptions": MISTAKE}, r"misconceptions\.py: the mistake 'double\.bad' is tried, on the case “.*” \(misconceptions\.py, line 5\)"),
    ],
    ids=["solution", "solution of one case", "cases", "mistake"],
)  # fmt: skip
def test_release_ends_and_tells_what_was_being_done(
    tmp_path: Path, function: str, files: dict[str, str], doing: str
) -> None:
    written = course(tmp_path, function, **files)
    with pytest.raises(CourseError, match=f"{doing}.*: {LATE}"):
        release.release(written, written.units)


def test_a_right_result_is_asked_for_no_longer(tmp_path: Path) -> None:
    known = loaded(course(tmp_path, DOUBLE))
    case = material.structures(known, "double", "public")[0]
    endless = replace(known, procedures={"double": hangs})  # type: ignore[dict-item]
    patience.allow(AT_ONCE)
    with pytest.raises(CourseError, match=f"'double' is called, on the case “{case.name}”: {LATE}"):
        material.expected(endless, "double", case)
    with pytest.raises(CourseError, match=f"^on the case “{case.name}”: {LATE}"):
        material.outcome(hangs, case)


def test_a_changed_solution_that_never_ends_is_not_the_same(tmp_path: Path) -> None:
    known = loaded(course(tmp_path, DOUBLE))
    assert known.lesson is not None
    assert least.gives_the_same(known.lesson, "double", DOUBLE)
    patience.allow(AT_ONCE)
    changed = "import itertools\ndef double(x):\n    for i in itertools.count():\n        pass\n"
    assert not least.gives_the_same(known.lesson, "double", changed)


def test_a_check_that_never_ends_is_a_broken_one(tmp_path: Path) -> None:
    written = course(tmp_path, DOUBLE, test_hidden=CHECK)
    unit, known = written.units[0], loaded(written)
    graders = Graders(known.graders, unit, partial(standard.checks, known))
    right = []
    for case in material.structures(known, "double", "hidden"):
        due = material.expected(known, "double", case)
        right.append(Trial(case, due, Returned(due, case.args), None, changed=False))  # type: ignore[arg-type]
    nothing = definitions.submission(unit.name, (), (), student="ada")
    attempt = Attempt(
        nothing, unit.functions[0], tuple(right), explain=(), again=(), run=Run([], defined=True)
    )
    patience.allow(AT_ONCE)
    with pytest.raises(GraderError, match=f"test_it broke: .*it checks 'double' .*: {LATE}"):
        graders.check(attempt)


# ------------------------------------------------------------------------------------------------ the timer itself


def test_a_minute_is_allowed_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LEAST", 60.0)
    found = []
    for seconds in (1.0, 90.0):
        patience.allow(seconds)
        with patience.within("here"):
            found.append(round(signal.getitimer(signal.ITIMER_VIRTUAL)[0]))
    assert found == [60, 90]


def _one_after_another() -> None:
    with patience.within("one"):
        with patience.within("another"):
            pass
        with patience.within("two"):
            hangs(0)


def test_nothing_is_left_of_it() -> None:
    patience.allow(AT_ONCE)
    handler = signal.getsignal(signal.SIGVTALRM)
    for _ in range(2):
        with pytest.raises(CourseError, match=f"^one, two: {LATE}"):
            _one_after_another()
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
    assert signal.getsignal(signal.SIGVTALRM) is handler


def _in_budget() -> float:
    with budget.of(60), patience.within("graded"):
        return signal.getitimer(signal.ITIMER_VIRTUAL)[0]


def _in_a_thread() -> float:
    found: list[float] = []

    def run() -> None:
        with patience.within("elsewhere"):
            found.append(signal.getitimer(signal.ITIMER_VIRTUAL)[0])

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("where", [_in_budget, _in_a_thread])
def test_where_a_budget_counts_or_no_signal_comes_there_is_no_timer(where: Callable[[], float]) -> None:
    assert where() == 0
    with patience.within("here"):
        assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 0
