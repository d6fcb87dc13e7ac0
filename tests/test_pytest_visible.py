"""The visible checks in a copied folder under pytest, without a course."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import pytests
from student import STEP_BY_STEP, WRONG_AXIS, add_cell, by_rungs, hand_out, solved

# As on Windows: no fork, no resource limits, no sessions to end.
WITHOUT_FORK = """
import os, sys
for name in ("fork", "forkpty", "killpg", "setsid", "posix_spawn"):
    delattr(os, name)
for name in ("resource", "fcntl", "pwd", "grp"):
    sys.modules[name] = None
"""


def begun_anew(folder: Path, *arguments: str) -> tuple[int, str]:
    """As `pytests.run`, in a Python that has loaded nothing before."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *pytests.PLAIN, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, env=pytests.environment(),
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("unit", ["self-attention", "multi-head"])
def test_pytest_exits_0_where_all_is_right(unit: str, tmp_path: Path) -> None:
    """Also where a unit brings functions along."""
    solved(unit, tmp_path)
    code, said = pytests.run(tmp_path)
    assert code == 0, said


@pytest.mark.slow
def test_pytest_explains_shows_the_inputs_and_exits_1(tmp_path: Path) -> None:
    solved("self-attention", tmp_path, softmax=WRONG_AXIS)
    code, said = begun_anew(tmp_path)
    assert code == 1
    assert "softmax.wrong-axis" in said
    assert "step by step" in said
    assert "▸ 3      return e / e.sum(axis=0)" in said
    assert "The failure of “a table of scores” tells why." in said
    assert 'inputs = case("softmax", "a table of scores, made small")' in said
    for trace in ("Traceback", "autograder/", "pytest_visible", "def hold", "def test_"):
        assert trace not in said, trace
    assert said.count("softmax.wrong-axis") == 1


@pytest.mark.slow
def test_pytest_tells_how_the_notebook_ran_once(tmp_path: Path) -> None:
    nothing = {name: f"def {name}(*_):\n    return None" for name in ("scaled_scores", "softmax")}
    add_cell(solved("self-attention", tmp_path, **nothing), "import no_such_module", place=1)
    assert pytests.run(tmp_path)[1].count("Not available, and passed over: no_such_module.") == 1


def test_pytest_tells_a_broken_notebook_once(tmp_path: Path) -> None:
    solved("self-attention", tmp_path).write_text("{")
    _, said = pytests.run(tmp_path)
    assert said.count("self-attention.ipynb cannot be read: it is not JSON") == 1
    assert "1 failed, 29 skipped" in said


def test_pytest_skips_what_was_not_tried(tmp_path: Path) -> None:
    solved("self-attention", tmp_path, softmax="def softmax(x:\n    return x")
    _, said = pytests.run(tmp_path, "-k", "softmax", "-rs")
    assert "1 failed, 9 skipped" in said
    assert "not tried: the failure of “a table of scores” tells why" in said


def test_pytest_tells_a_stub_once(tmp_path: Path) -> None:
    hand_out("multi-head", tmp_path)
    code, said = pytests.run(tmp_path)
    assert code == 1
    assert said.count("general.not-implemented") == 1
    assert "1 failed" in said


def test_pytest_without_its_files(tmp_path: Path) -> None:
    notebook = hand_out("multi-head", tmp_path)
    notebook.unlink()
    code, said = pytests.run(tmp_path)
    assert code == 1
    assert "holds no notebook" in said
    (tmp_path / "checks.json").unlink()
    code, said = pytests.run(tmp_path)
    assert code != 0
    assert "checks.json is missing" in said


@pytest.mark.slow
def test_pytest_without_fork_and_resource(tmp_path: Path) -> None:
    """The parent has neither, and neither has the child: `sitecustomize` takes them away from every Python."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(WITHOUT_FORK.replace('"posix_spawn"', '"posix_spawnp"'))
    folder = tmp_path / "work"
    solved("self-attention", folder, softmax=WRONG_AXIS)
    paths = [str(tmp_path / "site"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    probe = "import os, sys; sys.exit(hasattr(os, 'fork'))"
    assert subprocess.run([sys.executable, "-c", probe], env=environment).returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *pytests.PLAIN],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert "softmax.wrong-axis" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1


@pytest.mark.slow
def test_pytest_gives_hints_one_by_one_where_the_course_does(tmp_path: Path) -> None:
    by_rungs(solved("self-attention", tmp_path, softmax=STEP_BY_STEP))
    _, first = pytests.run(tmp_path, "-k", "softmax")
    assert "The rows do not add up as they should: look at line 5" in " ".join(first.split())
    assert "softmax.wrong-axis" not in first
    assert "pytest --hint 2 names the cause" in first
    # Where others are run, the first of them explains.
    _, third = pytests.run(tmp_path, "-k", "negative or huge", "--hint", "3")
    assert third.count("softmax.wrong-axis") == 1
    assert "step by step: the right way" in third
    assert "The failure of “all entries negative” tells why." in third


@pytest.mark.parametrize("asked", ["9", "two"])
def test_pytest_refuses_a_hint_that_there_is_not(tmp_path: Path, asked: str) -> None:
    hand_out("embeddings", tmp_path)
    code, said = begun_anew(tmp_path, f"--hint={asked}")
    assert code == 4
    (line,) = (one for one in said.splitlines() if one)
    assert line.startswith("ERROR: --hint: there is no hint")
