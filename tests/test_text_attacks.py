"""A class with every attack on those who read text in it, through the real command: each costs its own student alone.

What becomes of the others is, byte for byte, what becomes of them in a class without any.
"""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import parts
import pytest
import texts
from repository import REPOSITORY
from texts import UNIT, TextAttack

from autograder.course import solution
from autograder.gradebook import results

pytestmark = [pytest.mark.slow, parts.LINUX.mark]
ATTACKS = list(texts.attacks())
NEIGHBOURS = {
    "ada": {},
    "grace": {
        "one_hot": "def one_hot(tokens, vocabulary):\n    return np.eye(len(vocabulary))[: len(tokens)]"
    },
}
SECONDS = 8


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, solved: Mapping[str, Any]) -> Path:
    """Both classes, graded: `with` and `without`."""
    folder = tmp_path_factory.mktemp("texts") / "course"
    folder.mkdir()
    for name in ("solutions", "assignments"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    text = (REPOSITORY / "course.toml").read_text()
    (folder / "course.toml").write_text(text.replace("[limits]", f"[limits]\nsubmission_seconds = {SECONDS}"))
    right = solved[UNIT]
    for place in ("with", "without"):
        for student, functions in NEIGHBOURS.items():
            document = copy.deepcopy(right)
            for name, source in functions.items():
                solution.rewrite(document, name, source)
            _hand_in(folder / place, student, json.dumps(document).encode())
    for attack in ATTACKS:
        _hand_in(folder / "with", attack.name, attack.attack(copy.deepcopy(right)))
        _hand_in(folder / "with", f"{attack.name}-twin", attack.twin(copy.deepcopy(right)))
    # By one process each: every further one would load all that this one has.
    for place in ("without", "with"):
        command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", UNIT]
        command += ["--submitted", str(folder / place), "--out", str(folder / f"out-{place}"), "--jobs", "1"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        assert b"Traceback" not in done.stdout + done.stderr
    return folder


def _hand_in(submitted: Path, student: str, content: bytes) -> None:
    place = submitted / student / UNIT
    place.mkdir(parents=True)
    (place / f"{UNIT}.ipynb").write_bytes(content)


def _came(course: Path, student: str) -> str:
    result = results.read(results.path(course / "out-with", UNIT, student))
    assert result is not None
    return texts.came(result)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_costs_its_own_student_alone(course: Path, attack: TextAttack) -> None:
    assert _came(course, attack.name) == attack.expect, attack.what


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_honest_act_that_looks_alike_is_graded(course: Path, attack: TextAttack) -> None:
    assert _came(course, f"{attack.name}-twin") == attack.twin_expect, attack.twin_what


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_graders_see_of_it_is_small(course: Path, attack: TextAttack) -> None:
    """The notebook that formgrader opens, and the page that the student gets."""
    shown = course.joinpath("out-with", "autograded", attack.name, UNIT, f"{UNIT}.ipynb")
    assert shown.stat().st_size < 8 * 2**20
    page = course.joinpath("out-with", "feedback", attack.name, UNIT, f"{UNIT}.html")
    assert page.stat().st_size < 400_000


@pytest.mark.parametrize("student", NEIGHBOURS)
def test_the_others_have_what_they_had_without_them(course: Path, student: str) -> None:
    for place in (
        Path("results", UNIT, f"{student}.json"),
        Path("results", UNIT, f"{student}.html"),
        Path("autograded", student, UNIT, f"{UNIT}.ipynb"),
    ):
        assert (course / "out-with" / place).read_bytes() == (course / "out-without" / place).read_bytes()
