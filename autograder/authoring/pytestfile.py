"""The pytest file that ships beside a notebook: one test for each visible check."""

from __future__ import annotations

from typing import Final

from autograder.records import Course, Unit


def test_file(course: Course, unit: Unit) -> bytes:
    """The `test_<unit>.py` that ships: one pytest test for each visible check, and how to install what it needs."""
    install, hint = course.install, ""
    if install:
        # pytest shows this line where the kit is not there.
        hint = f"  # {install}"
    return _TEST_FILE.format(notebook=f"{unit.name}.ipynb", hint=hint).encode()


_TEST_FILE: Final = '''\
"""Checks {notebook} beside this file: run `pytest` in this folder."""

import pytest

from autograder.pytest_visible import VisibleCheck, visible_checks{hint}


@pytest.mark.parametrize("check", visible_checks(__file__), ids=str)
def test_notebook(check: VisibleCheck) -> None:
    check.hold()
'''
