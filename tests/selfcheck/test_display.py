"""`check(softmax)` at a prompt and in a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_samples import RIGHT, wrong

from autograder.selfcheck import display, live
from autograder.selfcheck.display import Shown
from autograder.selfcheck.html import output
from autograder.selfcheck.terminal import text


def test_shown_is_text_and_html() -> None:
    assert repr(Shown(RIGHT)) == text(RIGHT)
    assert Shown(RIGHT)._repr_html_() == output(RIGHT)
    assert repr(Shown("no checks")) == "no checks"
    assert "Nothing was checked" in Shown("no checks")._repr_html_()


def test_a_ladder_is_climbed_by_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    found = wrong(hints="ladder")
    monkeypatch.setattr(live, "check_function", lambda function: found)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    shown = [display.check("scaled_scores", hint=hint) for hint in (None, 2, 3)]
    for form in (repr, Shown._repr_html_):
        first, second, third = (form(one) for one in shown)  # type: ignore[arg-type]
        assert "The result is not the expected one: look at line 3" in first
        assert "unscaled" not in first
        assert "not divided" not in first
        assert 'check("scaled_scores", hint=2)' in first.replace("&#34;", '"')
        assert "scaled_scores.unscaled" in second
        assert "step by step: the right way" not in second.replace("</b>", "")
        assert "scaled_scores.unscaled" in third
        assert "step by step" in third
        assert "hint=" not in third


def test_under_nbgrader_the_ladder_begins_with_its_first_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "check_function", lambda function: wrong(hints="ladder"))
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(AssertionError, match="The result is not the expected one: look at line 3") as told:
        display.check(wrong)
    assert "unscaled" not in str(told.value)


def test_a_hint_that_there_is_not_is_told_in_place_of_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert repr(display.check(text, hint=9)).startswith("there is no hint 9: 1 says where to look")


def test_check_never_raises_for_want_of_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert "checks.json is missing" in repr(display.check(text))
