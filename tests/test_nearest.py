"""Signs that an encoding lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repository import REPOSITORY

from autograder import nearest


def test_text_is_carried_by_any_encoding() -> None:
    text = "✓ Zoë: 2 × √d_k"
    assert (
        nearest.carried(text, "utf-8")
        == nearest.carried(text, None)
        == nearest.carried(text, "none such")
        == text
    )
    assert nearest.carried(text, "cp1252") == "ok Zoë: 2 × sqrt d_k"
    assert nearest.carried(text, "ascii") == "ok Zoe: 2 x sqrt d_k"


def test_what_is_no_fault_of_writing_is_raised() -> None:
    with pytest.raises(UnicodeDecodeError):
        nearest.nearest(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"))


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
def test_pytest_goes_into_a_file_of_any_encoding(tmp_path: Path, encoding: str) -> None:
    """Of a line with one sign that it cannot write, pytest writes every sign outside ASCII as an escape."""
    folder = tmp_path / "self-attention"
    shutil.copytree(REPOSITORY / "assignments" / "self-attention", folder)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, "nothing is written yet"
    said = done.stdout.decode(encoding)
    assert "softmax: not written yet" in said
    assert "\\u" not in said
    assert "\\x" not in said


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_a_program_prints_of_a_check_goes_into_any_file(tmp_path: Path, encoding: str) -> None:
    program = "from autograder.selfcheck.display import Shown; print(Shown('✓ 2 × √d_k'))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode(encoding).strip() in ("ok 2 × sqrt d_k", "ok 2 x sqrt d_k")
