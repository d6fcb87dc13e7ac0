"""A new unit is complete as it stands, and nothing is changed where one cannot be made."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ordinary import without_powers
from repository import REPOSITORY

from autograder.authoring import release, scaffold, verify
from autograder.cli import app
from autograder.course import coursefile, material, solution
from autograder.errors import CourseError
from autograder.gradebook import results, turns
from autograder.grading.pipeline import Pipeline
from autograder.records import Course, Unit
from autograder.sandbox.children import Sandbox

NAME = "batch-norm"


@pytest.fixture
def before(course_folder: Path) -> Course:
    """The course before it has a new unit."""
    return coursefile.load(course_folder / "course.toml")


@pytest.fixture
def made(before: Course) -> tuple[Course, Unit]:
    """The course with a new unit, and that unit."""
    scaffold.scaffold(before, NAME)
    loaded = coursefile.load(before.root / "course.toml")
    return loaded, loaded.unit(NAME)


def files(root: Path) -> dict[str, bytes]:
    """Everything below a folder, folders included."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in root.rglob("*")
        if "__pycache__" not in path.parts and path.name != turns.LOCK
    }


# ------------------------------------------------------------------------------------------- it is complete


def test_a_new_unit_passes_verify_as_it_stands(made: tuple[Course, Unit], shared_sandbox: Sandbox) -> None:
    loaded, unit = made
    pipeline = Pipeline.open(loaded, unit, shared_sandbox.child, shared_sandbox.level)
    report = verify.verify(pipeline, students=2, edits=5, mistakes=0)
    assert report.failures == ()
    assert report.mutation_score == 1.0
    assert not (pipeline.examiner.material.folder / verify.EQUIVALENT).exists()
    tried = {part: len(report.of(part)) for part in ("example", "misconception", "mutant")}  # type: ignore[arg-type]
    assert tried == {"example": 0, "misconception": 0, "mutant": 14}


@pytest.mark.slow
def test_so_do_as_many_functions_as_are_asked_for(before: Course, shared_sandbox: Sandbox) -> None:
    _, names = scaffold.scaffold(before, NAME, ["first", "second"])
    assert names == ["first", "second"]
    loaded = coursefile.load(before.root / "course.toml")
    unit = loaded.unit(NAME)
    assert [(one.name, one.points) for one in unit.functions] == [(name, 3.0) for name in names]
    release.rehearse(loaded, unit)
    pipeline = Pipeline.open(loaded, unit, shared_sandbox.child, shared_sandbox.level)
    report = verify.verify(pipeline, students=1, edits=0, mistakes=0)
    assert report.failures == ()
    assert report.mutation_score == 1.0


@pytest.mark.slow
def test_a_name_with_a_capital_is_a_class(before: Course, shared_sandbox: Sandbox) -> None:
    made, names = scaffold.scaffold(before, "bank", ["Stack", "HTTPQueue", "rows"])
    assert names == ["Stack", "HTTPQueue", "rows"]
    assert [path.name for path in made] == ["bank.py", "inputs.py"]
    loaded = coursefile.load(before.root / "course.toml")
    unit = loaded.unit("bank")
    release.rehearse(loaded, unit)
    pipeline = Pipeline.open(loaded, unit, shared_sandbox.child, shared_sandbox.level)
    asked = {name: material.asks(pipeline.examiner.material, name) for name in names}
    assert asked == {"Stack": "script", "HTTPQueue": "script", "rows": "result"}
    report = verify.verify(pipeline, students=1, edits=2, mistakes=0)
    assert report.failures == ()
    assert report.mutation_score == 1.0


@pytest.mark.slow
def test_a_new_unit_is_released_and_graded(
    made: tuple[Course, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, unit = made
    (handout,) = release.release(loaded, [unit])
    stub = (handout / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "raise NotImplementedError" in stub
    assert "totals" not in stub
    assert "shared by all numbers of the row" not in stub  # the answer to the question that a person marks
    solved = json.dumps(solution.solved(loaded, unit))
    for student, notebook in (("solution", solved), ("stub", stub)):
        folder = loaded.root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(notebook, encoding="utf-8")
    monkeypatch.chdir(loaded.root)
    with contextlib.suppress(SystemExit):
        app.main(["grade", NAME, "--jobs", "1", "--trust-students"])
    found = {
        student: (result.status, result.reason, result.score)
        for student, result in results.every(loaded.root, NAME)
    }
    assert found == {"solution": ("graded", "", 3.0), "stub": ("graded", "", 0.0)}


def test_every_step_of_the_example_shows_its_arithmetic(made: tuple[Course, Unit]) -> None:
    secret = material.load(*made)
    (case, *_) = material.draw(secret, "batch_norm", "public", 1)
    procedure = secret.procedures["batch_norm"]
    worked = procedure.worked(case.args, (0,))
    assert [step.name for step in worked] == ["row total", "share"]
    columns = case.args[0].shape[1]  # type: ignore[union-attr]
    assert worked[0].arithmetic.count(" + ") == columns - 1
    assert f" / {columns} = " in worked[1].arithmetic
    assert [step.sentence for step in worked] == [
        "Add up each row.",
        "Divide each total by the number of columns.",
    ]


@pytest.mark.parametrize("names", [[], ["Stack"], ["Stack", "BankAccount", "rows"]])
def test_its_files_are_as_tidy_as_those_of_the_course(before: Course, names: list[str]) -> None:
    scaffold.scaffold(before, NAME, names)
    config = ["--config", str(REPOSITORY / "pyproject.toml"), "--no-cache"]
    for command in (["check"], ["format", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *config, f"solutions/{NAME}"],
            cwd=before.root, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_are_told_and_the_rest_of_the_course_is_untouched(before: Course) -> None:
    old = files(before.root)
    told, functions = scaffold.scaffold(before, NAME)
    assert functions == ["batch_norm"]
    new = files(before.root)
    assert [path.relative_to(before.root).as_posix() for path in told] == [
        f"solutions/{NAME}/{file}" for file in (f"{NAME}.py",)
    ]
    folders = {f"solutions/{NAME}"}
    assert new.keys() - old.keys() == {path.relative_to(before.root).as_posix() for path in told} | folders
    assert {name for name in old if new[name] != old[name]} == {"course.toml"}
    assert new["course.toml"].startswith(old["course.toml"])
    after = coursefile.load(before.root / "course.toml")
    assert after.units[:-1] == before.units
    (unit,) = after.units[-1:]
    assert (unit.name, unit.title, unit.points) == (NAME, "Batch norm", 3.0)


@pytest.mark.parametrize(
    ("change", "line_end"),
    [(bytes.rstrip, b"\n"), (lambda text: text.replace(b"\n", b"\r\n"), b"\r\n")],
    ids=["no line end at the end", "line ends of Windows"],
)
def test_lines_of_course_toml_end_as_they_did(
    before: Course, change: Callable[[bytes], bytes], line_end: bytes
) -> None:
    listing = before.root / "course.toml"
    listing.write_bytes(change(listing.read_bytes()))
    listing.chmod(0o640)
    text = listing.read_bytes()
    scaffold.scaffold(before, NAME)
    after = listing.read_bytes()
    assert after.startswith(text)
    entry = after[len(text) :]
    assert entry.count(b"\n") == entry.count(line_end)
    assert coursefile.load(listing).units[-1].name == NAME
    assert listing.stat().st_mode & 0o777 == 0o640


def test_units_can_be_made_one_after_the_other(made: tuple[Course, Unit]) -> None:
    loaded, _ = made
    scaffold.scaffold(loaded, "x2")
    again = coursefile.load(loaded.root / "course.toml")
    assert [unit.name for unit in again.units[-2:]] == [NAME, "x2"]
    material.load(again, again.unit("x2"))


def test_the_command_says_what_to_do_next(
    course_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course_folder / "solutions")
    with pytest.raises(SystemExit) as ended:
        app.main(["new", NAME])
    assert ended.value.code in (0, None)
    out = capsys.readouterr().out
    for words in (f"{NAME}.py", "course.toml lists the unit", f"autograder verify {NAME}", f"autograder release {NAME}"):  # fmt: skip
        assert words in out
    with pytest.raises(SystemExit) as ended:
        app.main(["new", NAME])
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("autograder: ")
    assert err.count("\n") == 1


# ------------------------------------------------------------------------------------------- it is refused


NO_NAMES = (
    "Batch-Norm", "batch norm", "batch_norm", "../elsewhere", "-x", "x-", "a--b", "2d", "", "größe", "a\n", "a" * 41,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        *((name, "is no name for a unit: it takes up to 40 small letters, digits and") for name in NO_NAMES),
        *(
            (name, "that name has a meaning already: name another")
            for name in ("sum", "np", "check", "reference")
        ),
        ("class", "'class' is no name for a function: it takes letters"),
        ("course", r"no unit can be added at its end \(a unit cannot be named 'course'"),
        ("self-attention", "has a unit 'self-attention' already"),
        ("softmax", "the unit 'self-attention' has a function 'softmax' already"),
        ("one-hot", "the unit 'embeddings' has a function 'one_hot' already"),
    ],
)
def test_a_name_that_will_not_do_is_refused(before: Course, name: str, trouble: str) -> None:
    old = files(before.root)
    with pytest.raises(CourseError, match=trouble):
        scaffold.scaffold(before, name)
    assert files(before.root) == old


@pytest.mark.parametrize(
    ("functions", "trouble"),
    [
        (["two words"], "'two words' is no name for a function: it takes letters, digits and underscores"),
        (["étage"], "'étage' is no name for a function: .* and none with an accent"),
        (["f", "f"], "the function 'f' is named twice: give each a name of its own"),
        (
            ["f", "print"],
            "a unit 'batch-norm' would have a function 'print', and that name has a meaning already",
        ),
        (["f", "softmax"], "the unit 'self-attention' has a function 'softmax' already"),
    ],
)
def test_functions_that_will_not_do_are_refused(before: Course, functions: list[str], trouble: str) -> None:
    old = files(before.root)
    with pytest.raises(CourseError, match=trouble):
        scaffold.scaffold(before, NAME, functions)
    assert files(before.root) == old


def test_a_unit_that_differs_only_in_writing_is_refused(before: Course) -> None:
    listing = before.root / "course.toml"
    listing.write_text(listing.read_text().replace('"embeddings"', '"Em_Beddings"'))
    with pytest.raises(CourseError, match="has a unit 'Em_Beddings' already"):
        scaffold.scaffold(coursefile.load(listing), "em-beddings")


def test_a_folder_that_is_there_is_left_alone(before: Course) -> None:
    (before.root / "solutions" / NAME).mkdir()
    old = files(before.root)
    with pytest.raises(CourseError, match=r"exists already, and course\.toml does not list it"):
        scaffold.scaffold(before, NAME)
    assert files(before.root) == old


def test_where_course_toml_cannot_take_the_unit_nothing_is_made(before: Course) -> None:
    listing = before.root / "course.toml"
    head, _, _ = listing.read_text().partition("[limits]")
    listing.write_text(f'{head}units = [{{ name = "one", functions = [{{ name = "f", points = 1 }}] }}]\n')
    old = files(before.root)
    with pytest.raises(CourseError, match=r"list units as tables that begin with \[\[units\]\]"):
        scaffold.scaffold(coursefile.load(listing), NAME)
    assert files(before.root) == old


@pytest.mark.parametrize(
    "modes",
    [
        {"solutions": 0o555, "course.toml": 0o666, ".": 0o777},
        {"solutions": 0o777, "course.toml": 0o444, ".": 0o777},
        {"solutions": 0o777, "course.toml": 0o666, ".": 0o555},  # only the last step fails, and the unit is taken back
    ],
    ids=["solutions", "course.toml", "the course folder"],
)  # fmt: skip
def test_where_writing_is_not_allowed_nothing_is_changed(before: Course, modes: dict[str, int]) -> None:
    root = before.root
    for name, mode in modes.items():
        (root / name).chmod(mode)
    old = files(root)
    with without_powers(), pytest.raises(CourseError, match=r"Permission denied: (the unit 'batch-norm' was not made and )?nothing is changed"):  # fmt: skip
        scaffold.scaffold(before, NAME)
    assert files(root) == old
