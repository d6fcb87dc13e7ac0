"""The visible checks in a copied folder under pytest, without a course."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from student import STEP_BY_STEP, WRONG_AXIS, add_cell, by_rungs, hand_out, solved

UNITS = ("embeddings", "self-attention", "multi-head")


PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:anyio")
# As on Windows: no fork, no resource limits, no sessions to end.
WITHOUT_FORK = """
import os, sys
for name in ("fork", "forkpty", "killpg", "setsid", "posix_spawn"):
    delattr(os, name)
for name in ("resource", "fcntl", "pwd", "grp"):
    sys.modules[name] = None
"""


def run_pytest(folder: Path, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("CI", None)  # there pytest says everything twice
    if before:
        code = f"{before}\nimport pytest; sys.exit(pytest.main(sys.argv[1:]))"
        command = [sys.executable, "-c", code, *PYTEST[2:], *arguments]
    else:
        command = [sys.executable, *PYTEST, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


@pytest.mark.parametrize("unit", UNITS)
def test_pytest_exits_0_where_all_is_right(unit: str, tmp_path: Path) -> None:
    solved(unit, tmp_path)
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout


def test_pytest_explains_shows_the_inputs_and_exits_1(tmp_path: Path) -> None:
    solved("self-attention", tmp_path, softmax=WRONG_AXIS)
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert "softmax.wrong-axis" in done.stdout
    assert "step by step" in done.stdout
    assert "▸ 3      return e / e.sum(axis=0)" in done.stdout
    assert "The failure of “a table of scores” tells why." in done.stdout
    assert 'inputs = case("softmax", "a table of scores, made small")' in done.stdout
    for trace in ("Traceback", "autograder/", "pytest_visible", "def hold", "def test_"):
        assert trace not in done.stdout, trace
    assert done.stdout.count("softmax.wrong-axis") == 1


def test_pytest_tells_how_the_notebook_ran_once(tmp_path: Path) -> None:
    nothing = {name: f"def {name}(*_):\n    return None" for name in ("scaled_scores", "softmax", "attend")}
    add_cell(solved("self-attention", tmp_path, **nothing), "import no_such_module", place=1)
    assert run_pytest(tmp_path).stdout.count("Not available, and passed over: no_such_module.") == 1


def test_pytest_tells_a_broken_notebook_once(tmp_path: Path) -> None:
    solved("self-attention", tmp_path).write_text("{")
    done = run_pytest(tmp_path)
    assert done.stdout.count("self-attention.ipynb cannot be read: it is not JSON") == 1
    assert "1 failed, 24 skipped" in done.stdout


def test_pytest_skips_what_was_not_tried(tmp_path: Path) -> None:
    solved("self-attention", tmp_path, softmax="def softmax(x:\n    return x")
    done = run_pytest(tmp_path, "-k", "softmax", "-rs")
    assert "1 failed, 8 skipped" in done.stdout
    assert "not tried: the failure of “a table of scores” tells why" in done.stdout


def test_pytest_explains_with_the_first_check_that_it_runs(tmp_path: Path) -> None:
    solved("self-attention", tmp_path, softmax=WRONG_AXIS)
    done = run_pytest(tmp_path, "-k", "negative or huge")
    assert done.stdout.count("softmax.wrong-axis") == 1
    assert "The failure of “all entries negative” tells why." in done.stdout


def test_pytest_tells_a_stub_once(tmp_path: Path) -> None:
    hand_out("multi-head", tmp_path)
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert done.stdout.count("general.not-implemented") == 1
    assert "1 failed" in done.stdout


def test_pytest_without_its_files(tmp_path: Path) -> None:
    notebook = hand_out("multi-head", tmp_path)
    notebook.unlink()
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert "holds no notebook" in done.stdout
    (tmp_path / "checks.json").unlink()
    done = run_pytest(tmp_path)
    assert done.returncode != 0
    assert "checks.json is missing" in done.stdout


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
        [sys.executable, *PYTEST], cwd=folder, capture_output=True, text=True, env=environment
    )
    assert "softmax.wrong-axis" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1


def test_pytest_gives_hints_one_by_one_where_the_course_does(tmp_path: Path) -> None:
    by_rungs(solved("self-attention", tmp_path, softmax=STEP_BY_STEP))
    first = run_pytest(tmp_path, "-k", "softmax").stdout
    assert "The rows do not add up as they should: look at line 5" in " ".join(first.split())
    assert "softmax.wrong-axis" not in first
    assert "pytest --hint 2 names the cause" in first
    third = run_pytest(tmp_path, "-k", "softmax", "--hint", "3").stdout
    assert "softmax.wrong-axis" in third
    assert "step by step: the right way" in third


@pytest.mark.parametrize("asked", ["9", "two"])
def test_pytest_refuses_a_hint_that_there_is_not(tmp_path: Path, asked: str) -> None:
    hand_out("embeddings", tmp_path)
    done = run_pytest(tmp_path, f"--hint={asked}")
    assert done.returncode == 4
    (line,) = (one for one in (done.stdout + done.stderr).splitlines() if one)
    assert line.startswith("ERROR: --hint: there is no hint")
