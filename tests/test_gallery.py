"""Every unit of docs/gallery as authors, students and instructors meet it: proven, released, checked, graded, shown."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from here import Here
from repository import REPOSITORY
from rich.console import Console

from autograder.authoring import release, verify
from autograder.authoring.rehearsal import Notebook
from autograder.budget import Budget
from autograder.course import corpus, coursefile, material, solution
from autograder.course.corpus import Example
from autograder.gradebook import results
from autograder.grading import batch, planning
from autograder.grading.pipeline import Pipeline
from autograder.grading.pool import Pool
from autograder.records import Course, Limits, Unit
from autograder.sandbox.children import Sandbox
from autograder.selfcheck import saved, terminal

pytestmark = pytest.mark.slow

GALLERY = REPOSITORY / "docs" / "gallery"
COURSE = coursefile.load(GALLERY / "course.toml")
# Of CPU time for a call, where it is more than usual here, which is little, as mutants may hang. Either is ten times what
# honest code takes, or more: a first drawing takes a tenth of a second.
SECONDS = {"drawing": 1.0}
MARKERS = re.compile(r"^ *### (BEGIN|END) SOLUTION\n", re.MULTILINE)
# What students hand in besides right and wrong ones, by what is asked; and what is said of it.
ODD: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "result": {
        "gone": ("# it was here yesterday", "general.missing"),
        "endless": ("def {0}(*args):\n    while True: pass", "general.timeout"),
        "no value": ("def {0}(*args):\n    return print", "general.wrong-type"),
        "in circles": (
            "def {0}(*args):\n    a = []\n    a.append(a)\n    return a",
            "general.wrong-type",
        ),
        "ended": ("def {0}(*args):\n    import os\n    os._exit(0)", "general.crashed"),
    },
    "printed": {
        "gone": ("# it was here yesterday", "general.missing"),
        "endless": ("def {0}(*args):\n    while True: print('<b>&')", "general.timeout"),
        "raises": ("def {0}(*args):\n    print(nothing)", "general.raises"),
    },
    "drawing": {
        "gone": ("# it was here yesterday", "general.missing"),
        "endless": ("def {0}(*args):\n    while True: plt.plot([1], [2])", "general.timeout"),
        "too much": ("def {0}(*args):\n    plt.plot(np.zeros(10**5))", "general.raises"),
    },
    "variable": {
        "gone": ("# it was here yesterday", "general.missing"),
        "not begun": ("{0} = ...", "general.not-implemented"),
        "no value": ("{0} = print", "general.wrong-type"),
        "in circles": ("{0} = {{}}\n{0}['wettest'] = {0}", "general.wrong-type"),
    },
    "script": {
        "gone": ("# it was here yesterday", "general.missing"),
        "a stub": ("class {0}:\n    pass", "general.not-implemented"),
        "endless": (
            "class {0}:\n    def __init__(self, *args):\n        while True: pass",
            "general.timeout",
        ),
        "raises": ("class {0}:\n    def __init__(self, *args):\n        1 / 0", "general.raises"),
    },
}


@dataclass(frozen=True)
class Entry:
    """One unit in a course folder of its own."""

    root: Path
    course: Course
    unit: Unit
    handout: Path
    examples: tuple[Example, ...]
    asks: str

    @property
    def name(self) -> str:
        """Of its one exercise."""
        return self.unit.functions[0].name

    def notebook(self, source: str | None) -> dict[str, Any]:
        """The solved notebook, with other code in the cell of its exercise."""
        document = solution.solved(self.course, self.unit)
        if source is not None:
            solution.rewrite(document, self.name, source)
        return document

    def hand_in(self, student: str, source: str | None) -> None:
        folder = self.root / "submitted" / student / self.unit.name
        folder.mkdir(parents=True)
        folder.joinpath(f"{self.unit.name}.ipynb").write_text(json.dumps(self.notebook(source)), "utf-8")

    def copy(self, folder: Path, source: str | None) -> Path:
        """A student's own copy of the handout."""
        shutil.copytree(self.handout, folder)
        path = folder / f"{self.unit.name}.ipynb"
        document = json.loads(path.read_text("utf-8"))
        if source is not None:
            solution.rewrite(document, self.name, source)
            path.write_text(json.dumps(document), "utf-8")
        return path


@pytest.fixture(scope="module", params=COURSE.units, ids=lambda unit: unit.name)
def entry(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Entry:
    """A unit, released in a copy of the course that holds no other: a unit is complete by itself."""
    root = tmp_path_factory.mktemp(request.param.name)
    shutil.copytree(
        GALLERY / "solutions" / request.param.name,
        root / "solutions" / request.param.name,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    head, *units = (GALLERY / "course.toml").read_text("utf-8").split("[[units]]")
    (own,) = (one for one in units if f'name = "{request.param.name}"\n' in one)
    root.joinpath("course.toml").write_text(
        # What students are told is in the catalogue: edits of their code need not be looked for until time is up.
        f"{head}[limits]\ncpu_seconds = {SECONDS.get(request.param.name, 0.3)}\nedit_seconds = 0.1\n\n[[units]]{own}",
        "utf-8",
    )
    loaded = coursefile.load(root / "course.toml")
    (unit,) = loaded.units
    (folder,) = release.release(loaded, loaded.units)
    known = material.load(loaded, unit)
    name = unit.functions[0].name
    return Entry(root, loaded, unit, folder, corpus.examples(known, name), material.asks(known, name))


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Callable[[float], Sandbox]]:
    """One for each of the times that a call may have."""
    with contextlib.ExitStack() as opened:
        yield functools.cache(lambda seconds: opened.enter_context(Sandbox(Limits(cpu_seconds=seconds))))


@pytest.fixture(scope="module")
def sandbox(entry: Entry, sandboxes: Callable[[float], Sandbox]) -> Sandbox:
    """One with as much time as the course says."""
    return sandboxes(entry.course.limits.cpu_seconds)


@pytest.fixture(scope="module")
def pipeline(entry: Entry, sandbox: Sandbox) -> Pipeline:
    return Pipeline.open(entry.course, entry.unit, sandbox.child, sandbox.level)


def test_its_graders_are_proven(pipeline: Pipeline) -> None:
    report = verify.verify(pipeline, students=1, edits=0, mistakes=0)
    assert [(proof.what, proof.detail) for proof in report.failures] == []
    assert report.mutation_score == 1
    assert len(report.of("misconception")) >= 3
    assert len(report.of("example")) >= 4


def test_nothing_of_the_answer_ships(entry: Entry) -> None:
    shipped = re.sub(r"\s", "", "".join(path.read_text("utf-8") for path in entry.handout.iterdir()))
    folder = entry.root / "solutions" / entry.unit.name
    assert "SOLUTION" not in shipped
    solved = "\n".join(
        re.findall(
            r"### BEGIN SOLUTION\n(.*?)### END",
            (folder / f"{entry.unit.name}.py").read_text("utf-8"),
            re.DOTALL,
        )
    )
    assert solved
    written = {name: folder / f"{name}.py" for name in ("reference", "inputs", "misconceptions")}
    texts = {name: file.read_text("utf-8") for name, file in written.items() if file.exists()}
    for name, text in {**texts, entry.unit.name: solved}.items():
        for line in text.splitlines():
            code = re.sub(r"\s", "", line)
            if re.match(r" +(return|for|[a-z_]+(\[.*\])? [+-]?=) ?", line) and len(code) >= 25:
                told = code.startswith(("read=", "look=", "title=", "why="))
                assert told or code not in shipped, f"{name}.py: {line}"


def test_students_check_it_themselves(
    entry: Entry,
    tmp_path: Path,
    tells: Callable[[str], str],
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a Python of its own for the solution, and with one that is forked for what was handed out and for mistakes.

    That both kinds of children say the same is test_agreement's to show.
    """
    solved = entry.notebook(None)
    (cell,) = (
        one for one in solved["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == entry.name
    )
    right = saved.check_notebook(entry.copy(tmp_path / "right", MARKERS.sub("", "".join(cell["source"]))))
    assert right.passed, tells(terminal.notebook(right))
    monkeypatch.setattr(saved.Processes, "start", lambda _, modules=(): sandbox.child(modules))
    monkeypatch.setattr(saved.Processes, "ahead", lambda _: None)  # no Python that nobody would ask for
    stub = saved.check_notebook(entry.copy(tmp_path / "stub", None))
    assert not stub.passed
    assert stub.functions[0].unwritten
    for number, example in enumerate(entry.examples):
        found = saved.check_notebook(entry.copy(tmp_path / f"{number}", example.source))
        said = tells(terminal.notebook(found))
        if example.expect == "right":
            assert found.passed, said
        elif not found.passed:  # the edges have cases of their own among the hidden ones
            assert found.functions[0].diagnoses[0].id == example.expect, said
            assert example.expect in said


@pytest.fixture
def tells() -> Callable[[str], str]:
    """What a person reads in a terminal."""

    def text(shown: Any) -> str:
        console = Console(width=110, record=True, file=io.StringIO())
        console.print(shown)
        return console.export_text()

    return text


# Of these, what is said, and what is not: what holds for arrays need not hold for other values.
TOLD: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "words": [
        (
            "def count_words(text):\n    counts = {}\n    for word in text.split():\n        counts[word] += 1",
            "A dictionary was asked for a key",
            "shapes",
        ),
        (
            "def count_words(text):\n    counts = {}\n    for word in text.lower().split():\n"
            "        counts[word] = counts.get(word, 0) + 1\n        return counts",
            "So only the first round is run",
            "row",
        ),
        ("def count_words(text):\n    print(text)", "returns None", "the way itself"),
        ("def count_words(text):\n    return dict.fromkeys(text.lower().split(), 1)", "", "worked out here"),
    ],
    "weather": [
        (
            'week = {"rainy": "5", "wettest": days[rain.argmax()], "mean": rain.mean()}',
            "print(repr(week))",
            "week(",
        ),
        (
            'week = {"rainy": 5, "wettest": days[rain.argmax()], "mean": round(rain.mean(), 1)}',
            "right to 1 decimal place and",
            "decimal places",
        ),
    ],
    "k-means": [
        (
            "def k_means_step(points, centres):\n    gaps = np.linalg.norm(points[:, None] - centres, axis=-1)\n"
            "    labels = gaps.argmin(axis=1)\n    result = centres.copy()\n    for j in set(labels):\n"
            "        result[j] = points[labels == j].mean(axis=0)\n    return result, labels",
            "`labels` is right",
            "`labels` should be",
        ),
    ],
}


def test_what_is_told_is_true_of_its_kind_of_value(entry: Entry, pipeline: Pipeline) -> None:
    notebook = Notebook.solved(entry.course, entry.unit)
    for source, said, never in TOLD.get(entry.unit.name, ()):
        (function,) = pipeline.report(notebook.with_function(entry.name, source), Budget(60.0)).functions
        shown = function.explanation.observations if function.explanation is not None else ()
        told = "\n".join(
            [*(f"{one.title}\n{one.why}\n{one.look}\n{one.question}" for one in function.diagnoses), *shown]
        )
        assert said in told, source
        assert never not in told, source


def test_a_class_is_graded(entry: Entry, pipeline: Pipeline) -> None:
    """The real command's machinery: a right, a wrong and odd submissions, their results, pages and the class page.

    What is found first of all others that are wrong, their proofs show. Beside the children that run them, it is all in
    this process; that others grade as well is test_batch's to show.
    """
    due: dict[str, str] = {}
    for example in entry.examples:
        student = "right" if example.expect == "right" else "wrong"
        if student not in due:
            due[student] = example.expect
            entry.hand_in(student, example.source)
    assert len(due) == 2
    for student, (source, found) in ODD[entry.asks].items():
        due[student] = found
        entry.hand_in(student, source.format(entry.name))
    place = Here(pipeline)
    asked = replace(planning.open_order(entry.root, entry.unit.name, None, None, jobs=1), ground=place)
    done = batch.grade(asked, planning.plan(asked), lambda _: None, Pool(place))
    assert done.gradebook_error == ""
    graded = dict(results.every(entry.root, entry.unit.name))
    assert graded.keys() == due.keys()
    for student, found in due.items():
        result = graded[student]
        (function,) = result.functions
        assert result.status == "graded"
        page = entry.root / "feedback" / student / entry.unit.name / f"{entry.unit.name}.html"
        html = page.read_text("utf-8")
        assert entry.unit.title in html
        if found == "right":
            assert (result.score, function.diagnoses) == (result.max_score, []), student
        else:
            assert result.score is not None
            assert result.score < result.max_score
            assert [one.id for one in function.diagnoses][:1] == [found], student
            assert found in html
        if student in ODD[entry.asks]:
            assert result.score == 0
    report = (entry.root / "report" / f"{entry.unit.name}.html").read_text("utf-8")
    assert all(student in report for student in due)
