"""Checks layers.ipynb beside this file: run `pytest` in this folder."""

import pytest

from autograder.pytest_visible import VisibleCheck, visible_checks


@pytest.mark.parametrize("check", visible_checks(__file__), ids=str)
def test_notebook(check: VisibleCheck) -> None:
    check.hold()
