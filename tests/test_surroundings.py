"""The script that runs the README's commands elsewhere: what it is said to know, and what it refuses."""

from __future__ import annotations

import re
import subprocess

import pytest
from repository import REPOSITORY

SCRIPT = REPOSITORY / ".ci" / "surroundings"


def run(*names: str) -> tuple[int, str, str]:
    done = subprocess.run([SCRIPT, *names], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_every_name_is_explained_where_it_is_used() -> None:
    known = set(re.findall(r"^    ([a-z-]+)\)", SCRIPT.read_text("utf-8"), re.MULTILINE))
    code, out, _ = run()
    assert code == 2
    assert set(re.findall(r"^  ([a-z-]+)  ", out, re.MULTILINE)) == known
    contributing = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
    assert set(re.findall(r"\.ci/surroundings ([a-z-]+)", contributing)) == known


@pytest.mark.parametrize("names", [["no-such"], ["private", "no-such"]])
def test_a_name_that_it_does_not_know(names: list[str]) -> None:
    code, out, err = run(*names)
    assert (code, out) == (2, "")
    assert err.startswith("no surroundings are named no-such: ")


def test_continuous_integration_runs_tests_that_exist() -> None:
    lines = re.findall(r"^\.ci/surroundings (.+) -- (.*)$", ci(), re.MULTILINE)
    assert len(lines) == 2
    for names, arguments in lines:
        assert set(names.split()) <= set(
            re.findall(r"^#   ([a-z-]+)  ", SCRIPT.read_text("utf-8"), re.MULTILINE)
        )
        expanded = subprocess.run(
            ["bash", "-c", f"printf '%s\\n' {arguments}"],
            capture_output=True,
            text=True,
            check=True,
            cwd=REPOSITORY,
        )
        tests = [word for word in expanded.stdout.split() if word.startswith("tests/")]
        assert tests
        assert [test for test in tests if not (REPOSITORY / test).exists()] == []
    # All there are, and the closing line is that of the README's command.
    assert ci().rstrip().endswith("\nmake test-slow\nmake test")


def ci() -> str:
    return (REPOSITORY / ".ci" / "run").read_text("utf-8")
