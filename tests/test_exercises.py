"""Every kind of exercise: a small unit of its own, through the real sandbox, the release and the self-check."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import exercises
import pytest
from exercises import ALL, ANSWER, APPLY, DICE, GREET, PLOT, STACK, Exercise
from kernels import Kernel
from repository import REPOSITORY

from autograder import installed
from autograder.authoring import release, verify
from autograder.course import chance, material
from autograder.errors import CourseError
from autograder.grading.pipeline import Pipeline
from autograder.pages.student import student_page
from autograder.records import Course, FunctionReport, Limits, Report
from autograder.sandbox.children import Sandbox
from autograder.selfcheck import saved

Open = Callable[[Exercise], "Unit"]


class Unit:
    """One unit in a course of its own, with what grades it."""

    def __init__(self, root: Path, exercise: Exercise, sandbox: Sandbox) -> None:
        self.root, self.exercise = root, exercise
        self.course: Course = exercises.course(root, exercise)
        unit = self.course.unit(exercise.unit)
        self.pipeline = Pipeline.open(self.course, unit, sandbox.child, sandbox.level)
        self._known: dict[tuple[str | None, ...], Report] = {}

    def grade(self, source: str | None = None, *more: str) -> Report:
        """The report on this code, which is graded once."""
        if (source, *more) not in self._known:
            document = exercises.notebook(self.course, self.exercise, source, *more)
            handed_in = exercises.hand_in(self.root, self.course, self.exercise, document)
            self._known[source, *more] = self.pipeline.grade(handed_in)
        return self._known[source, *more]

    def graded(self, source: str | None = None, *more: str) -> FunctionReport:
        report = self.grade(source, *more)
        assert report.status == "graded", report
        (function,) = report.functions
        assert "by a fault of ours" not in function.note
        return function


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One with less time than usual, as some of these never end, but ten times what a first drawing takes."""
    with Sandbox(Limits(cpu_seconds=1.0)) as box:
        yield box


@pytest.fixture(scope="module")
def opened(sandbox: Sandbox, shared_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Open:
    known: dict[str, Unit] = {}

    def give(exercise: Exercise) -> Unit:
        if exercise.name not in known:
            box = sandbox if exercise is PLOT else shared_sandbox
            known[exercise.name] = Unit(tmp_path_factory.mktemp(exercise.unit), exercise, box)
        return known[exercise.name]

    return give


by_name = pytest.mark.parametrize("exercise", ALL, ids=lambda one: one.name)


@by_name
def test_the_solution_earns_full_marks(opened: Open, exercise: Exercise) -> None:
    function = opened(exercise).graded()
    assert (function.score, function.diagnoses) == (2.0, ())


METHODS = """
    def push(self, item): self.held.append(item)
    def pop(self): return self.held.pop()
    def items(self): return self.held
    def __len__(self): return len(self.held)
"""
BEGUN = "class Stack:\n    def __init__(self, items=()): self.held = list(items)"
RIGHT: Mapping[str, tuple[Exercise, str]] = {
    "a class that inherits": (
        STACK,
        "class Stack(list):\n    def push(self, item): self.append(item)\n    def items(self): return list(self)",
    ),
    "an exception of one's own that is the right one too": (
        STACK,
        f"class Empty(IndexError): pass\n{BEGUN}{METHODS}".replace(
            "return self.held.pop()", "\n        if not self.held: raise Empty('nothing')\n        return self.held.pop()"
        ),
    ),
    "a function that makes the object": (
        STACK,
        "class Other(list):\n    def push(self, item): self.append(item)\n    def items(self): return list(self)\n"
        "def Stack(items=()): return Other(items)",
    ),
    "a variable made in steps": (ANSWER, "answer = {}\nanswer['mean'] = np.float64(2.5)\nanswer |= {'words': list('ab')}"),
    "a variable beside the line that came with it": (ANSWER, "answer = {'mean': 2.5, 'words': ['a', 'b']}\nraise NotImplementedError"),
    "printed in one go": (
        GREET,
        "def countdown(start):\n    import sys\n    sys.stdout.write('\\n'.join(map(str, range(start, 0, -1))) + '\\n' * (start > 0) + 'Go!\\n')\n    return 3",
    ),
    "a helper that is called": (APPLY, "def apply_twice(f, v):\n    def g(x): return f(x)\n    return g(g(v))"),
    "draws in the same order, added in another": (
        DICE,
        "def noisy(x, g):\n    a = np.random.normal()\n    return a + random.random() + (x + g.normal(size=x.shape))",
    ),
    "axes that are returned": (
        PLOT,
        "def plot_powers(x):\n    fig = plt.figure()\n    ax = fig.add_subplot(xlabel='x')\n    ax.scatter(x, x**3)\n"
        "    ax.plot(x, x, label='line', color='red')\n    ax.plot(x, x**2, 'g--', label='parabola')\n    ax.legend(loc='best')\n"
        "    plt.title('Powers')\n    plt.show()\n    plt.figure()\n    plt.savefig('mine.png')\n    return fig, ax",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("exercise", "source"), RIGHT.values(), ids=RIGHT)
def test_other_ways_earn_full_marks_too(opened: Open, exercise: Exercise, source: str) -> None:
    function = opened(exercise).graded(source)
    assert (function.score, function.diagnoses) == (2.0, ())


WRONG: Mapping[str, tuple[Exercise, str, str, str]] = {
    "first in, first out": (
        STACK,
        f"{BEGUN}{METHODS}".replace("append(item)", "insert(0, item)"),
        "",
        "On “pushed and popped”: One of the steps gave something else than it should.",
    ),
    "an object that comes back where nothing should": (STACK, f"{BEGUN}{METHODS}".replace("self.held.append(item)", "\n        self.held.append(item)\n        return self"), "general.wrong-type", "On “pushed and popped”: "),
    "a method without a return": (STACK, f"{BEGUN}{METHODS}".replace("return self.held.pop", "self.held.pop"), "general.returns-none", "On “pushed and popped”: "),
    "a method that is not there": (STACK, f"{BEGUN}\n    def push(self, item): self.held.append(item)", "general.missing-method", "On “pushed and popped”: "),
    "another exception": (STACK, f"{BEGUN}{METHODS}".replace("return self.held.pop", "\n        if not self.held: raise ValueError\n        return self.held.pop"), "general.raises", "On “emptied”: "),
    "no exception": (STACK, f"{BEGUN}{METHODS}".replace(".pop()", ".pop() if self.held else None"), "", "On “emptied”: "),
    "nothing can be made": (STACK, "class Stack:\n    def __init__(self, items=()): self.held = 1 / 0", "general.raises", "It raised ZeroDivisionError"),
    "a method that never returns": (STACK, f"{BEGUN}\n    def push(self, item):\n        while True: pass", "general.timeout", "did not finish"),
    "a class that is a stub": (STACK, "class Stack:\n    def __init__(self, *a): raise NotImplementedError\n    def pop(self): pass", "general.not-implemented", ""),
    "a method that is a stub": (STACK, f"{BEGUN}\n    def push(self, item):\n        raise NotImplementedError\n    def pop(self):\n        raise NotImplementedError", "general.raises", ""),
    "a class of another name": (STACK, "class Stak:\n    pass", "general.missing", ""),
    "Python that is ended": (STACK, f"{BEGUN}\n    def push(self, item):\n        import os\n        os._exit(0)", "general.crashed", ""),
    "another value": (ANSWER, "answer = {'mean': 3, 'words': ['a', 'b']}", "", "On “its value”: What came back is not what it should be."),
    "another kind": (ANSWER, "answer = print", "general.wrong-type", "where a dict should be"),
    "a list that holds itself": (ANSWER, "answer = []\nanswer.append(answer)", "general.wrong-type", ""),
    "no value yet": (ANSWER, "answer = ...", "general.not-implemented", ""),
    "a cell that still raises": (ANSWER, "# answer\nraise NotImplementedError", "general.not-implemented", ""),
    "a cell that stops with an error": (ANSWER, "answer = 1 / 0", "general.missing", ""),
    "a cell that never ends": (ANSWER, "while True: pass\nanswer = 3", "general.timeout", ""),
    "no such variable": (ANSWER, "result = {'mean': 2.5, 'words': ['a', 'b']}", "general.missing", ""),
    "too little printed": (GREET, "def countdown(start):\n    for n in range(start, 0, -1): print(n)", "", "What it prints is not what it should be."),
    "returned in place of printed": (GREET, "def countdown(start):\n    return '1\\nGo!\\n'", "general.prints-nothing", "What it prints is not what it should be."),
    "printing without an end": (GREET, "def countdown(start):\n    while True: print(start)", "general.timeout", ""),
    "nothing to print": (GREET, "def countdown(start):\n    print(number)", "general.raises", ""),
    "a loop whose condition stays": (GREET, "def countdown(start):\n    while start < 999:\n        n = start", "general.timeout", "did not finish"),
    "no code that prints": (GREET, "def countdown(start):\n    raise NotImplementedError", "general.not-implemented", ""),
    "no function that prints": (GREET, "# gone", "general.missing", ""),
    "applied once": (APPLY, "def apply_twice(f, v):\n    return f(v)", "", "On “a square”: "),
    "its argument raises": (APPLY, "def apply_twice(f, v):\n    return f(f)", "general.raises", "It raised TypeError"),
    "a generator that nobody seeds": (DICE, "def noisy(x, g):\n    return x + np.random.default_rng().normal()", "general.random", ""),
    "another order of draws": (DICE, "def noisy(x, g):\n    return x + g.normal() + g.normal(size=x.shape) + np.random.normal() + random.random()", "", "numbers are wrong"),
    "a line that is missing": (PLOT, "def plot_powers(x):\n    plt.plot(x, x, label='line')", "general.drawing-lacks", "The drawing is not what it should be."),
    "nothing drawn": (PLOT, "def plot_powers(x):\n    return x", "general.drawing-lacks", "The drawing is not what it should be."),
    "drawing without an end": (PLOT, "def plot_powers(x):\n    while True: plt.plot(x, x)", "general.timeout", ""),
    "too much drawn": (PLOT, "def plot_powers(x):\n    plt.plot(np.zeros(10**5))", "general.raises", "It raised "),
    "no such function of matplotlib": (PLOT, "def plot_powers(x):\n    plt.line(x)", "general.raises", "It raised AttributeError"),
    "no code that draws": (PLOT, "def plot_powers(x):\n    raise NotImplementedError", "general.not-implemented", ""),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("exercise", "source", "found", "message"), WRONG.values(), ids=WRONG)
def test_wrong_ones_earn_nothing_and_are_told_why(
    opened: Open, exercise: Exercise, source: str, found: str, message: str
) -> None:
    function = opened(exercise).graded(source)
    assert function.score == 0
    ids = [diagnosis.id for diagnosis in function.diagnoses]
    assert ids[:1] == [found] if found else "general.not-implemented" not in ids
    assert message in function.checks[0].message
    assert function.explanation is not None or found == "general.timeout"


# Whatever is left of the first case is taken away in the second, so that the first gives the same again.
EMPTY = replace(
    STACK,
    unit="empty-stacks",
    cases="""
    some = [int(number) for number in rng.permutation(range(10, 99))[:2]]
    return (
        Case("pushed", script(new(), call("push", some[0]), call("push", some[1]), call("pop")), asks="script"),
        Case("empty", script(new(), call("pop"), call("pop"), call("__len__")), asks="script"),
    )
""",
)


def test_what_an_object_before_has_left_is_told_with_its_line(
    shared_sandbox: Sandbox, tmp_path: Path
) -> None:
    unit = Unit(tmp_path, EMPTY, shared_sandbox)
    first = unit.graded(f"{BEGUN}{METHODS}".replace("=()", "=[]").replace("list(items)", "items")).diagnoses[
        0
    ]
    assert (first.id, first.line) == ("general.random", 2)
    assert "every call that gives no `items` works with the same one" in first.why


@pytest.mark.parametrize(
    ("exercise", "source", "words"),
    [
        (STACK, "# gone", "The class is not there"),
        (STACK, "class Stack:\n    pass", "This class is still the stub"),
        (STACK, "class Stack:\n    raise NotImplementedError", "This class is still the stub"),
        (ANSWER, "# gone", "The variable is not there"),
        (ANSWER, "answer = None", "This variable has no value yet"),
        (GREET, "# gone", "The function is not there"),
    ],
)
def test_what_is_not_there_is_called_what_it_is(
    opened: Open, exercise: Exercise, source: str, words: str
) -> None:
    function = opened(exercise).graded(source)
    assert [diagnosis.title for diagnosis in function.diagnoses] == [words]


def test_the_loop_that_nothing_ends_is_told_by_its_line(opened: Open) -> None:
    (found,) = opened(GREET).graded(WRONG["a loop whose condition stays"][1]).diagnoses
    assert found.line == 2
    assert found.why.endswith(
        "Nothing in the loop on line 2 changes `start`, so that its condition stays as it is."
    )


def test_the_class_that_counts_is_the_last_whatever_its_name_is_later(opened: Open) -> None:
    later = "Stack = Stack([1])\nStack.push(2)"
    assert opened(STACK).graded(f"{BEGUN}{METHODS}", later).score == 2.0


def test_a_variable_is_what_the_whole_notebook_leaves(opened: Open) -> None:
    assert opened(ANSWER).graded("answer = 3", "answer = {'mean': 2.5, 'words': ['a', 'b']}").score == 2.0
    assert opened(ANSWER).graded(None, "answer = 3").score == 0.0


def test_the_page_of_a_wrong_variable_shows_no_right_value(opened: Open) -> None:
    for wrong in ("answer = {'mean': 3.5, 'words': ['a', 'b']}", "answer = {'middle': 3}", "answer = 3"):
        page = student_page(opened(ANSWER).grade(None, wrong)).partition("<main")[2]
        # His own code is there, and of what is due not even a key.
        assert not re.search(r"2\.5|words", page.replace("words&#39;: [", "").replace("'words': [", ""))
        assert "should" in page


def test_what_plots_beside_a_drawing_costs_nothing(opened: Open) -> None:
    cells = ("plt.plot([1, 2])\nplt.title('mine')\nplt.savefig('mine.png')\nplt.show()",)
    report = opened(PLOT).grade(None, *cells)
    assert report.score == 2.0
    assert not [
        note for note in report.notes if "savefig" in note or ("stopped" in note and "check" not in note)
    ]


def test_two_students_are_asked_with_other_numbers_and_the_same_seeds_of_their_own(opened: Open) -> None:
    """What is drawn from the global generators follows from the case, so that it can be drawn again."""
    unit = opened(DICE)
    known = unit.pipeline.examiner.material
    first, again, other = (material.draw(known, "noisy", "hidden", seed) for seed in (1, 1, 2))
    answers = [material.outcome(known.procedures["noisy"], cases[0]) for cases in (first, again, other)]
    drawn = [
        answer.value - cases[0].args[0] for answer, cases in zip(answers, (first, again, other), strict=True)
    ]  # type: ignore[union-attr, operator]
    assert drawn[0].tolist() == drawn[1].tolist()
    assert drawn[0].tolist() != drawn[2].tolist()
    assert chance.by_chance(known, "noisy", first[0])
    applied = opened(APPLY).pipeline.examiner.material
    (case, *_) = material.draw(applied, "apply_twice", "hidden", 1)
    assert not chance.by_chance(applied, "apply_twice", case)


def test_no_right_class_or_variable_stands_in_for_a_wrong_one(tmp_path: Path, sandbox: Sandbox) -> None:
    """They are no functions whose calls could be answered; nothing breaks where a later unit uses them."""
    loaded = exercises.course(tmp_path, STACK, ANSWER, GREET, APPLY)
    pipeline = Pipeline.open(loaded, loaded.unit(APPLY.unit), sandbox.child, sandbox.level)
    uses = "class Stack: pass\nanswer = 3\ndef countdown(x): pass"
    wrong = "def apply_twice(f, v):\n    countdown(answer)\n    Stack()\n    return f(v)"
    document = exercises.notebook(loaded, APPLY, wrong, uses)
    report = pipeline.grade(exercises.hand_in(tmp_path, loaded, APPLY, document))
    (function,) = report.functions
    assert (report.status, function.score, function.carried_forward) == ("graded", 0.0, False)


# ------------------------------------------------------------------------------------------- proofs and self-checks


@pytest.mark.slow
@by_name
def test_its_proofs_hold(opened: Open, exercise: Exercise) -> None:
    report = verify.verify(opened(exercise).pipeline, students=0, mistakes=0)
    broken = [proof for proof in report.proofs if not proof.holds]
    assert not broken
    kinds = {proof.part for proof in report.proofs}
    assert {"solution", "stub", "copied", "mutant"} <= kinds or exercise is APPLY


@pytest.fixture(scope="module")
def handouts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The released folders of all of them, by the name of the exercise."""
    root = tmp_path_factory.mktemp("released")
    loaded = exercises.course(root, *ALL)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    folders = release.release(loaded, loaded.units)
    return {exercise.name: folder for exercise, folder in zip(ALL, folders, strict=True)}


@pytest.fixture
def handout(handouts: Mapping[str, Path], tmp_path: Path) -> Callable[..., Path]:
    """A student's copy of one, with other code in its cell."""

    def copy(exercise: Exercise, source: str | None = None) -> Path:
        folder = tmp_path / exercise.unit
        shutil.copytree(handouts[exercise.name], folder)
        path = folder / f"{exercise.unit}.ipynb"
        document = json.loads(path.read_text("utf-8"))
        if source is not None:
            (cell,) = (cell for cell in document["cells"] if cell["id"] == exercise.name)
            cell["source"] = source
            path.write_text(json.dumps(document), "utf-8")
        return path

    return copy


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """Self-checks with children that are forked: that a Python of their own says the same is test_agreement's to show."""
    monkeypatch.setattr(saved.Processes, "start", lambda _, modules=(): sandbox.child(modules))
    monkeypatch.setattr(saved.Processes, "ahead", lambda _: None)  # no Python that nobody would ask for


def solved(exercise: Exercise) -> str:
    lines = exercise.solution.strip().splitlines()
    return "\n".join(line for line in lines if "SOLUTION" not in line)


@by_name
def test_the_self_check_of_the_solution(handout: Callable[..., Path], exercise: Exercise) -> None:
    path = handout(exercise, solved(exercise))
    found = saved.check_notebook(path)
    assert found.passed, found.functions[0]
    names = [check for _, check in saved.visible_checks(path.parent)]
    assert names == [check.name for check in found.functions[0].checks]


@by_name
def test_the_self_check_of_the_stub(forked: None, handout: Callable[..., Path], exercise: Exercise) -> None:
    (stub,) = saved.check_notebook(handout(exercise)).functions
    assert stub.unwritten
    assert not any(check.passed for check in stub.checks)


SELF_CHECKED = ("first in, first out", "a method that is not there", "nothing drawn", "another value", "too little printed", "applied once", "another order of draws", "a line that is missing", "a generator that nobody seeds")  # fmt: skip


# A class, and what draws at random.
UNPROVEN = ("first in, first out", "another order of draws")


@pytest.mark.parametrize("which", SELF_CHECKED)
def test_the_self_check_says_what_grading_says(
    forked: None, opened: Open, handout: Callable[..., Path], which: str
) -> None:
    exercise, source, *_ = WRONG[which]
    (found,) = saved.check_notebook(handout(exercise, source)).functions
    graded = opened(exercise).graded(source)
    assert not found.passed
    due = [one.id for one in graded.diagnoses]
    if which in UNPROVEN:  # of which no edits are tried on a student's machine
        assert due.pop(0) == "general.one-edit"
    assert [one.id for one in found.diagnoses] == due
    assert found.explanation is not None
    assert found.inputs is not None or exercise is ANSWER


@pytest.mark.slow
@by_name
def test_check_in_a_notebook(handout: Callable[..., Path], exercise: Exercise) -> None:
    kernel = Kernel(handout(exercise).parent)
    asked = f'check("{exercise.name}")'
    said = kernel.run(f"{exercise.imports}\nfrom autograder import check", asked, solved(exercise), asked)
    begins = {STACK: "begins with `class Stack`", ANSWER: "holds `answer =`"}
    wanted = begins.get(exercise, f"begins with `def {exercise.name}(`")
    assert said[1].startswith(f"there is no {exercise.name} in this notebook yet: run the cell that {wanted}")
    assert said[3].startswith(f"✓ {exercise.name}: ")
    assert "inside this kernel" not in said[3]


@pytest.mark.slow
def test_check_takes_a_class_and_a_variable_themselves(handout: Callable[..., Path]) -> None:
    begin = "import numpy as np\nfrom autograder import check"
    kernel = Kernel(handout(STACK).parent)
    wrong = "class Stack(list):\n    def push(self, item): self.insert(0, item)\n    def items(self): return list(self)"
    said = kernel.run(
        begin, solved(STACK), "check(Stack)", wrong, "check(Stack).found.passed", "Stack = 3", "check(Stack)"
    )
    assert said[2].startswith("✓ Stack: all ")
    assert said[4] == "False"
    assert (
        "a later cell has given the name to something else"
        in kernel.run(begin, "Stack = 3", 'check("Stack")')[-1]
    )
    assert said[6].startswith("Stack is no function any more")
    kernel = Kernel(handout(ANSWER).parent)
    said = kernel.run(begin, solved(ANSWER), "check(answer)", "answer = ...", 'check("answer")', "check(3)")
    assert said[2].startswith("✓ answer: ")
    assert "general.not-implemented" in said[4]
    assert said[5] == 'check takes a variable by its name: check("answer")'


def test_check_without_processes(handout: Callable[..., Path]) -> None:
    """The kernel itself then answers, asked in the same way."""
    for exercise in (STACK, GREET, DICE):
        kernel = Kernel(handout(exercise).parent)
        begin = f"{exercise.imports}\nimport sys\nfrom autograder import check\nsys.executable = ''"
        said = kernel.run(begin, solved(exercise), f"check({exercise.name})")[-1]
        assert said.startswith(f"✓ {exercise.name}: all ")
        assert "Checked inside this kernel" in said


def test_without_matplotlib_a_self_check_of_drawings_says_so(
    handout: Callable[..., Path], monkeypatch: Any
) -> None:
    path = handout(PLOT)
    monkeypatch.setattr("autograder.child.figures.lacking", lambda: True)
    with pytest.raises(CourseError, match=re.escape(installed.with_extra("values"))):
        saved.check_notebook(path)
