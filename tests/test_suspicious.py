"""No reader of students' text takes more than linear time, on a long text of any character or mixture."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import suspicious


@pytest.mark.slow
def test_it_is_read_in_no_time() -> None:
    """By a program of its own: what is loaded here need not be carried by each of its processes."""
    done = subprocess.run(
        [sys.executable, suspicious.__file__],
        capture_output=True,
        cwd=Path(suspicious.__file__).parent,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    became: Mapping[str, str] = json.loads(done.stdout)
    assert became.keys() > suspicious.READERS.keys()
    assert len(became) > len(suspicious.READERS) + 50, "patterns are not found any more"
    assert {reader: text for reader, text in became.items() if text} == {}, (
        "was ended, or raised, at this text"
    )


def test_a_pattern_that_is_quadratic_would_be_ended() -> None:
    """Or the test above would test nothing."""
    pattern = suspicious.re.compile(r"[`~]{3,}[ \t]*(?=mermaid)")
    given = iter([("ticks", "`" * suspicious.LONG)])
    assert suspicious.became(suspicious.with_pattern(pattern), given, suspicious.PATTERN_SECONDS) == "ticks"
