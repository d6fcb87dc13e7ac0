"""`check(softmax)` at a prompt and in a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_samples import RIGHT

from autograder.selfcheck import display
from autograder.selfcheck.display import Shown
from autograder.selfcheck.html import output
from autograder.selfcheck.terminal import text


def test_shown_is_text_and_html() -> None:
    assert repr(Shown(RIGHT)) == text(RIGHT)
    assert Shown(RIGHT)._repr_html_() == output(RIGHT)
    assert repr(Shown("no checks")) == "no checks"
    assert "Nothing was checked" in Shown("no checks")._repr_html_()


def test_check_never_raises_for_want_of_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert "checks.json is missing" in repr(display.check(text))
