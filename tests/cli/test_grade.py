"""What `grade` refuses before it begins, and where it says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from calling import call


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--shard 5/4", "--shard 5/4: expected I/N with I from 1 to N"),
        ("--shard 1/4 --watch", "--watch and --shard do not go together"),
        ("--watch --dry-run", "--watch and --dry-run do not go together: leave one of them out"),
        ("--cluster tls://a:1 --jobs 2", "as a cluster grades as many at a time as it has workers"),
        ("--cluster tls://a:1 --shard 1/2", "as a cluster shares a class out by itself"),
        ("--unencrypted", "add --cluster ADDRESS, or leave it out"),
        ("--cluster a-name", "'a-name' is no address of a scheduler: expected tls://HOST:PORT"),
        ("--cluster tcp://10.0.0.1:8786", "the course's secret would go there"),
    ],
)
def test_options_that_cannot_be_meant_end_in_one_line(
    course_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: str,
    said: str,
) -> None:
    monkeypatch.chdir(course_folder)
    code, _, error = call(capsys, "grade", "embeddings", *options.split())
    assert code == 2
    assert said in error
    assert error.count("\n") == 1
