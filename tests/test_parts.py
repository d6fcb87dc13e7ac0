"""What is skipped for want of a part of the system is said in one line, with what brings it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import parts
import pytest

HERE = Path(__file__).parent
NEED_A_PART = [
    "sandbox/test_jail.py::test_inside_bubblewrap",
    "sandbox/test_dialogue.py::test_what_lies_beside_can_be_read_and_nothing_is_written[True]",
    "test_jupyter.py",
]


def last_lines(folder: Path, *arguments: str) -> list[str]:
    """What pytest says at its end, with only what is in this folder to be found."""
    # The folder is also for what is temporary: at its end, pytest removes what earlier runs left where they all leave it.
    elsewhere = {"PATH": str(folder), "COLUMNS": "200", "PYTEST_DEBUG_TEMPROOT": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "1", *arguments],
        cwd=HERE, env=os.environ | elsewhere, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.splitlines()[-2:]


@pytest.mark.slow
@parts.LINUX.mark
def test_the_line_comes_last_and_names_what_to_install(tmp_path: Path) -> None:
    """Also where the tests are run by another process than the one that says so."""
    (tmp_path / "apt-get").touch(mode=0o755)  # and neither bubblewrap nor a browser
    line, closing = last_lines(tmp_path, *NEED_A_PART)
    assert (
        line == "Skipped tests: 2 need bubblewrap, 1 need chromium: sudo apt-get install bubblewrap chromium"
    )
    assert "3 skipped in" in closing


@pytest.mark.slow
def test_that_slow_tests_were_left_out_is_said(tmp_path: Path) -> None:
    line, closing = last_lines(tmp_path, "-m", "not slow", "test_words.py", "test_jupyter.py")
    assert line == "The slow tests were left out: make test-slow"
    assert " passed in" in closing


def test_a_part_that_no_package_brings_is_named_with_its_own_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = parts.Part("bubblewrap", False, remedy="sudo sysctl -w user.max_user_namespaces=15000")
    monkeypatch.setattr(parts, "PARTS", (parts.Part("Linux", False), forbidden))
    said = parts.in_a_line({"Linux": 7, "bubblewrap": 9})
    assert said == (
        "Skipped tests: 7 need Linux, 9 need bubblewrap: sudo sysctl -w user.max_user_namespaces=15000"
    )


def test_what_is_skipped_for_another_reason_is_not_counted() -> None:
    assert parts.part_in("needs chromium, which does not work here") == "chromium"
    assert parts.part_in("no file system can be mounted here") is None
