"""No reader of students' text takes more than linear time, on a quarter of a megabyte of any character or mixture."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import suspicious

PATTERNS = suspicious.patterns()


@pytest.fixture(scope="module")
def became() -> Mapping[str, str]:
    done = subprocess.run(
        [sys.executable, suspicious.__file__],
        capture_output=True,
        cwd=Path(suspicious.__file__).parent,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: Mapping[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("reader", [*suspicious.READERS, *PATTERNS])
def test_it_is_read_in_no_time(became: Mapping[str, str], reader: str) -> None:
    assert became[reader] == "", f"{reader} was ended, or raised, at this text"


def test_a_pattern_that_is_quadratic_would_be_ended() -> None:
    """Or the test above would test nothing."""
    pattern = suspicious.re.compile(r"[`~]{3,}[ \t]*(?=mermaid)")
    given = iter([("ticks", "`" * suspicious.LONG)])
    assert suspicious.became(suspicious.with_pattern(pattern), given) == "ticks"
