"""The script that asks Slurm for a cluster: what it would hand to the queue, as far as that can be seen without one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from dasks import certificates
from repository import REPOSITORY

from autograder.course import coursefile
from autograder.sandbox import machine


@pytest.mark.slow
def test_the_queue_is_asked_for_one_thread_and_enough_memory(course_folder: Path, tmp_path: Path) -> None:
    environment = {**os.environ, **certificates(tmp_path)}
    elsewhere = (
        'import runpy, sys; sys.executable = "/home/it\'s mine/bin/python";'
        "runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    )
    script = REPOSITORY / "docs" / "slurm.py"
    shown = subprocess.run(
        [sys.executable, "-c", elsewhere, script, "--show", "--queue", "short", "--account", "course"],
        cwd=course_folder, env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    subprocess.run(["bash", "-n"], input=shown, text=True, check=True)
    asked = dict(re.findall(r"^#SBATCH (-\w+|--[\w-]+)[ =](\S+)$", shown, re.MULTILINE))
    assert (asked["-p"], asked["-A"], asked["-n"], asked["--cpus-per-task"]) == ("short", "course", "1", "1")
    assert asked["-t"] == "02:00:00"
    number, letter = re.fullmatch(r"(\d+)([MG])", asked["--mem"]).groups()  # type: ignore[union-attr]
    limits = coursefile.load(course_folder / "course.toml").limits
    assert int(number) * {"M": 1, "G": 1000}[letter] >= machine.a_job_mib(limits) + 512
    words = shlex.split(shown.strip().splitlines()[-1])
    assert words[:3] == ["/home/it's mine/bin/python", "-m", "distributed.cli.dask_worker"]
    assert any(word.startswith("tls://") for word in words)
    for option, value in (
        ("--nthreads", "1"),
        ("--protocol", "tls://"),
        ("--local-directory", "${TMPDIR:-/tmp}"),
    ):
        assert words[words.index(option) + 1] == value
    assert words[words.index("--tls-key") + 1] == str(tmp_path / "key.pem")
    assert "PRIVATE" not in shown
    assert "export DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False\n" in shown
