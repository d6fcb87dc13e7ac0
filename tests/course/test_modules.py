"""How a unit's modules are found is shown by test_material.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import modules


def test_the_file_that_says_something_is_the_lesson_where_there_is_no_module(tmp_path: Path) -> None:
    folder = tmp_path / "unit"
    folder.mkdir()
    assert modules.place(folder, "inputs.py") == folder / "inputs.py"
    (folder / "unit.py").touch()
    assert modules.place(folder, "inputs.py") == folder / "unit.py"
    (folder / "inputs.py").touch()
    assert modules.place(folder, "inputs.py") == folder / "inputs.py"


def test_an_exception_is_one_line() -> None:
    assert modules.what(ValueError("no")) == "ValueError: no"
    with pytest.raises(SyntaxError) as told:
        compile("f(:", "unit.py", "exec")
    assert modules.what(told.value) == "unit.py, line 1: invalid syntax"
