"""Whoever writes a unit needs one place of the kit: the units of the course, a new unit and the docs use no other."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from repository import REPOSITORY

import autograder
from autograder import author
from autograder.authoring import scaffold
from autograder.course import coursefile

DOOR = "autograder.author"


def from_the_kit(source: str) -> set[tuple[str, str]]:
    """What a module imports of the kit: module and name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "", alias.name) for alias in node.names}
    return {(module, name) for module, name in found if module.partition(".")[0] == "autograder"}


def strangers(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """The modules of a unit that import anything else; a lesson has what students import."""
    found = {}
    for path in folder.rglob("*.py"):
        wrong = {pair for pair in from_the_kit(path.read_text("utf-8")) if pair[0] != DOOR}
        if path.stem == folder.name:
            wrong -= {("autograder", name) for name in autograder.__all__}
        if wrong:
            found[path.name] = wrong
    return found


@pytest.mark.parametrize(
    "folder",
    sorted(
        path.parent
        for course in ("", "docs/gallery/")
        for path in REPOSITORY.glob(f"{course}solutions/*/inputs.py")
    ),
)
def test_units_import_one_place_of_the_kit(folder: Path) -> None:
    assert strangers(folder) == {}
    assert from_the_kit((folder / "inputs.py").read_text("utf-8"))


def test_a_new_unit_does_too(course_folder: Path) -> None:
    scaffold.scaffold(coursefile.load(course_folder / "course.toml"), "new-unit")
    folder = course_folder / "solutions" / "new-unit"
    assert strangers(folder) == {}
    assert from_the_kit((folder / "new-unit.py").read_text("utf-8")) == {("autograder", "check")}


def blocks(page: str) -> Iterator[str]:
    text = (REPOSITORY / "docs" / page).read_text("utf-8")
    yield from re.findall(r"^```python[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_docs_do_too() -> None:
    found = {pair for block in blocks("author.md") for pair in from_the_kit(block)}
    assert {module for module, _ in found} == {DOOR, "autograder"}
    assert {name for module, name in found if module == "autograder"} <= set(autograder.__all__)


def test_a_module_that_imports_something_else_is_found(tmp_path: Path) -> None:
    (tmp_path / "reference.py").write_text("import numpy\nfrom autograder.records import Case\n")
    assert strangers(tmp_path) == {"reference.py": {("autograder.records", "Case")}}


def test_it_says_what_it_hands_on() -> None:
    assert sorted(author.__all__) == author.__all__
    assert all(hasattr(author, name) for name in author.__all__)


def test_steps_and_inputs_are_read_without_pytest() -> None:
    """A run that has nothing to grade reads them too, and pytest takes longer to load than all of it."""
    program = "import sys, autograder.author; print('pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
