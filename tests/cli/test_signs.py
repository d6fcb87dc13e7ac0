"""Text on streams of any encoding."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repository import REPOSITORY

from autograder.cli import signs


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "✓ Zoë: 2.5 × √d_k − ∞ … ─│ 日 ?"),
        ("cp1252", "ok Zoë: 2.5 × sqrt d_k - inf … -| ? ?"),
        ("ascii", "ok Zoe: 2.5 x sqrt d_k - inf ... -| ? ?"),
        ("latin-1", "ok Zoë: 2.5 × sqrt d_k - inf ... -| ? ?"),
        ("cp437", "ok Zoë: 2.5 x √d_k - ∞ ... ─│ ? ?"),
    ],
)
def test_signs_become_the_nearest_that_there_is(
    monkeypatch: pytest.MonkeyPatch, encoding: str, written: str
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, write_through=True))
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # which takes any text as it is
    signs.carry_any_text()
    print("✓ Zoë: 2.5 × √d_k − ∞ … ─│ 日 \udcff", end="")
    assert raw.getvalue().decode(encoding) == written


@pytest.mark.slow
def test_a_self_check_goes_into_a_file_of_any_encoding(tmp_path: Path) -> None:
    """That of the fewest signs says it for all: what becomes of each is the same function of signs, as above."""
    encoding = "ascii"
    shutil.copytree(REPOSITORY / "assignments" / "self-attention", tmp_path / "self-attention")
    found = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "self-attention.ipynb"],
        cwd=tmp_path / "self-attention",
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=False,
    )
    assert found.returncode == 1, "nothing is written yet"
    assert found.stderr == b""
    assert "not written yet" in found.stdout.decode(encoding)
