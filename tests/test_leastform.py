"""The benchmark of units in least form: it measures the functions of the course, and their right forms are right."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from repository import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "benchmarks"))
import leastform
import openworld

pytestmark = pytest.mark.slow


def test_right_forms_are_right_and_mistakes_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = leastform.course(tmp_path)
    assert [one.name for one in loaded.units[0].functions] == list(leastform._SIZES)
    with openworld.Counting(loaded.limits) as sandbox:
        ((_, measuring),) = leastform.functions(loaded, sandbox, "scaled_scores")
        assert len(measuring.forms) > 20
        assert list(measuring.faults()) == []
        told = list(openworld.measured([("scaled_scores", measuring)], 4, "a test", double=False))
    assert len(told) == 4
    assert sum(one.cause or one.off == 0 for one in told) >= 3
    assert not any(found.startswith("scaled_scores.") for one in told for found in one.found)
    openworld.report(told, "a test")
    assert "scaled_scores" in capsys.readouterr().out
