"""What every process that imports nbgrader passes over."""

from __future__ import annotations

import importlib
import sys

import pytest

from autograder import unneeded


def test_it_is_as_if_it_were_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "rfc3987_syntax", raising=False)
    unneeded.pass_over()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("rfc3987_syntax")


def test_what_is_there_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3987_syntax", sys)
    unneeded.pass_over()
    assert importlib.import_module("rfc3987_syntax") is sys
