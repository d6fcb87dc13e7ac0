"""`make check` runs the tests of what has changed."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from repository import REPOSITORY

TOOL = REPOSITORY / "tools" / "changed.py"
(BATCH,) = (REPOSITORY / "autograder").rglob("batch.py")


def names(file: Path) -> list[str]:
    return [test.name for test in runpy.run_path(str(TOOL))["tests_of"](file)]


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        (BATCH, ["test_batch.py"]),
        (Path(__file__), [Path(__file__).name]),
        (REPOSITORY / "tests" / "conftest.py", []),  # all of them: that is what `make test` is for
        (REPOSITORY / "solutions" / "embeddings" / "inputs.py", []),
        (REPOSITORY / "README.md", []),
        (REPOSITORY / "autograder" / "no_such_module.py", []),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_a_file_has_its_tests(file: Path, tests: list[str]) -> None:
    assert names(file) == tests


def test_a_helper_has_the_tests_that_import_it() -> None:
    assert "test_attacks.py" in names(REPOSITORY / "tests" / "ordinary.py")
    assert "test_words.py" not in names(REPOSITORY / "tests" / "ordinary.py")


def test_what_git_calls_changed_is_what_differs_from_main(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    def changed() -> set[str]:
        done = subprocess.run(
            [sys.executable, tmp_path / "tools" / "changed.py"], capture_output=True, text=True, check=True
        )
        return set(done.stdout.split())

    for name in ("tools", "autograder", "tests"):
        (tmp_path / name).mkdir()
    (tmp_path / "tools" / "changed.py").write_bytes(TOOL.read_bytes())
    for name in ("one", "two", "three"):
        (tmp_path / "autograder" / f"{name}.py").touch()
        (tmp_path / "tests" / f"test_{name}.py").touch()
    git("init", "-b", "main")
    git("add", "-A")
    git("commit", "-m", "first")
    assert changed() == set()
    git("switch", "-c", "branch")
    (tmp_path / "autograder" / "one.py").write_text("1")
    git("commit", "-a", "-m", "second")
    (tmp_path / "tests" / "test_two.py").write_text("2")
    (tmp_path / "autograder" / "four.py").touch()
    (tmp_path / "tests" / "test_four.py").touch()
    (tmp_path / "tests" / "test_three.py").unlink()
    assert changed() == {f"tests/test_{name}.py" for name in ("one", "two", "four")}
