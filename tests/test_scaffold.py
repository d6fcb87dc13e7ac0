"""A new unit is complete as it stands, and nothing is changed where one cannot be made."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from conftest import REPOSITORY

from autograder import course, release, scaffold, verify
from autograder.errors import CourseError
from autograder.pipeline import Pipeline
from autograder.records import Course
from autograder.sandbox import Sandbox


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A copy of this course that may be changed."""
    shutil.copytree(REPOSITORY / "solutions", tmp_path / "solutions")
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, tmp_path)
    return course.load(tmp_path / "course.toml")


def files(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_new_unit_passes_verify_as_it_stands(own: Course, shared_sandbox: Sandbox) -> None:
    scaffold.scaffold(own, "layer-norm")
    loaded = course.load(own.root / "course.toml")
    pipeline = Pipeline.open(loaded, loaded.unit("layer-norm"), shared_sandbox.child, shared_sandbox.level)
    report = verify.verify(pipeline, seeds=2)
    assert report.failures == ()
    assert report.mutation_score == 1.0
    assert len(report.of("example")) == 8


def test_a_new_unit_can_be_released(own: Course) -> None:
    scaffold.scaffold(own, "layer-norm")
    loaded = course.load(own.root / "course.toml")
    (folder,) = release.release(loaded, [loaded.unit("layer-norm")])
    assert (folder / "layer-norm.ipynb").is_file()
    assert "means" not in (folder / "layer-norm.ipynb").read_text(encoding="utf-8")


def test_what_was_written_is_told_and_the_rest_of_course_toml_stays(own: Course) -> None:
    before = (own.root / "course.toml").read_text(encoding="utf-8")
    made = scaffold.scaffold(own, "norm")
    assert all(path.is_file() for path in made)
    names = [path.relative_to(own.root).as_posix() for path in made]
    assert names[0] == "solutions/norm/norm.py"
    assert "solutions/norm/examples/norm.py" in names
    assert names[-1] == "course.toml"
    after = (own.root / "course.toml").read_text(encoding="utf-8")
    assert after.startswith(before.rstrip())
    assert tomllib.loads(after)["units"][-1]["name"] == "norm"


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("Layer-Norm", "no name for a unit"),
        ("layer norm", "no name for a unit"),
        ("../elsewhere", "no name for a unit"),
        ("-x", "no name for a unit"),
        ("2d", "no name for a unit"),
        ("", "no name for a unit"),
        ("a" * 61, "no name for a unit"),
        ("class", "a word of Python's own"),
        ("embeddings", "has a unit 'embeddings' already"),
        ("softmax", "has a function 'softmax' already"),
    ],
)
def test_a_name_that_will_not_do_is_refused(own: Course, name: str, trouble: str) -> None:
    before = files(own.root)
    with pytest.raises(CourseError, match=trouble):
        scaffold.scaffold(own, name)
    assert files(own.root) == before


def test_a_folder_that_is_there_is_left_alone(own: Course) -> None:
    (own.root / "solutions" / "norm").mkdir()
    with pytest.raises(CourseError, match="exists already"):
        scaffold.scaffold(own, "norm")


def test_where_writing_fails_nothing_stays(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(own.root)
    write = Path.write_text

    def full(self: Path, data: str, encoding: str | None = None) -> int:
        if self.name == "misconceptions.py":
            raise OSError(28, "No space left on device", str(self))
        return write(self, data, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(CourseError, match="No space left on device"):
        scaffold.scaffold(own, "norm")
    assert files(own.root) == before
    assert not (own.root / "solutions" / "norm").exists()


def test_where_course_toml_cannot_take_the_unit_nothing_stays(own: Course) -> None:
    listing = own.root / "course.toml"
    text = listing.read_text(encoding="utf-8") + "\n[limits]\n"  # a second one: broken since it was read
    listing.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError):
        scaffold.scaffold(own, "norm")
    assert listing.read_text(encoding="utf-8") == text
    assert not (own.root / "solutions" / "norm").exists()
