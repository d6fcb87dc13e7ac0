"""What every process that imports nbgrader passes over."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib import metadata

import pytest

from autograder import unneeded


def test_what_takes_a_second_to_import_is_not_found_though_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert metadata.version("rfc3987-syntax")
    done = subprocess.run(
        [sys.executable, "-c", f"{unneeded.FIRST}; import rfc3987_syntax"], capture_output=True, check=False
    )
    assert b"ModuleNotFoundError" in done.stderr
    monkeypatch.delitem(sys.modules, "rfc3987_syntax", raising=False)
    unneeded.pass_over()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("rfc3987_syntax")


def test_what_is_there_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3987_syntax", sys)
    unneeded.pass_over()
    assert importlib.import_module("rfc3987_syntax") is sys
