"""How far `make` is as it sets up, counted while pip works on what is counted."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import pytest
from repository import REPOSITORY


def test_what_pip_takes_away_as_it_is_counted_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(REPOSITORY / "tools"))
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    progress = importlib.import_module("environment").Progress(tmp_path / "bin" / "python")
    there, gone = site / "one-1.dist-info", site / "other-1.dist-info"
    there.mkdir()
    os.utime(there, (2**32, 2**32))  # the clock of files is a little behind
    monkeypatch.setattr(Path, "glob", lambda *_: [gone, there])
    progress.read("Installing collected packages: one, other")
    assert str(progress).startswith("1 of 2 packages installed, ")
