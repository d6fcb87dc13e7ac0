"""How much memory there is to be had, read from trees laid out as the kernel lays them out."""

from __future__ import annotations

from pathlib import Path

import parts
import pytest

from autograder.cli import classwork
from autograder.records import Course, Limits
from autograder.sandbox import machine

GIB = 2**30
NO_LIMIT_V1 = 9223372036854771712  # what the kernel writes where there is none


def system(root: Path, available_mib: int, groups: str = "") -> Path:
    """A root with /proc, as the kernel lays it out."""
    (root / "proc/self").mkdir(parents=True)
    kib = available_mib * 1024
    (root / "proc/meminfo").write_text(f"MemTotal: {2 * kib} kB\nMemAvailable: {kib} kB\nSwapFree: 0 kB\n")
    (root / "proc/self/cgroup").write_text(groups)
    return root


def group(root: Path, folder: str, limit: object, used: int, files: int = 0, *, version: int = 2) -> None:
    """One control group with a limit, what is used of it, and how much of that are pages of files."""
    place = root / "sys/fs/cgroup" / folder
    place.mkdir(parents=True, exist_ok=True)
    names = {
        2: ("memory.max", "memory.current", "inactive_file"),
        1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    }[version]
    (place / names[0]).write_text(f"{limit}\n")
    (place / names[1]).write_text(f"{used}\n")
    (place / "memory.stat").write_text(f"anon 1\n{names[2]} {files}\n")


@parts.LINUX.mark
def test_this_machine_tells() -> None:
    free = machine.free_mib()
    assert free is not None
    assert 0 < free < 2**25


def test_a_machine_without_control_groups(tmp_path: Path) -> None:
    assert machine.free_mib(system(tmp_path, 3000)) == 3000
    (tmp_path / "proc/self/cgroup").unlink()
    assert machine.free_mib(tmp_path) == 3000


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert machine.free_mib(tmp_path) is None
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 1 kB\n")
    assert machine.free_mib(tmp_path) is None


def test_a_container_that_allows_less(tmp_path: Path) -> None:
    root = system(tmp_path, 30_000, "0::/\n")
    group(root, "", 2 * GIB, GIB, GIB // 4)  # within a container its own group is the top
    assert machine.free_mib(root) == 1024 + 256


def test_a_limit_on_a_group_further_up(tmp_path: Path) -> None:
    root = system(tmp_path, 30_000, "0::/user.slice/me/session\n")
    group(root, "user.slice/me/session", "max", 0)
    group(root, "user.slice/me", GIB, 0)
    group(root, "user.slice", 4 * GIB, 0)
    assert machine.free_mib(root) == 1024


def test_a_container_of_the_first_version(tmp_path: Path) -> None:
    root = system(
        tmp_path, 30_000, "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n1:name=systemd:/\n0::/\n"
    )
    # The path is the host's; here the container's own group is the top.
    group(root, "memory", 3 * GIB, GIB, version=1)
    assert machine.free_mib(root) == 2048


def test_no_limit_in_the_first_version(tmp_path: Path) -> None:
    root = system(tmp_path, 30_000, "4:memory:/\n")
    group(root, "memory", NO_LIMIT_V1, GIB, version=1)
    assert machine.free_mib(root) == 30_000


def test_a_container_that_is_full(tmp_path: Path) -> None:
    root = system(tmp_path, 30_000, "0::/\n")
    group(root, "", GIB, GIB + 4096)
    assert machine.free_mib(root) == 0


def test_jobs_that_fit() -> None:
    limits = Limits(memory_mib=512)
    assert machine.a_job_mib(limits) == 640
    assert [machine.jobs_that_fit(limits, free) for free in (0, 639, 640, 6399, 6400)] == [0, 0, 1, 9, 10]


@pytest.mark.parametrize(
    ("asked", "free", "jobs", "said"),
    [
        (None, 10_000, 8, ""),
        (8, 10_000, 8, ""),
        (8, None, 8, ""),
        (None, 2000, 3, "8 jobs may want 5.0 GiB of memory (640 MiB each: memory_mib = 512 and 128 for the grader), "
         "2.0 GiB are free: 3 fit; grading 3 at a time"),
        (None, 100, 1, "0.1 GiB are free: not even one fits; grading 1 at a time"),
        (4, 700, 4, "0.7 GiB are free: 1 fits; use --jobs 1, or student code may be ended and its result say "
         "out-of-memory"),
        (1, 100, 1, "1 job may want 0.6 GiB"),
        (1, 100, 1, "not even one fits; make memory free, or lower memory_mib in course.toml, or student code"),
    ],
)  # fmt: skip
def test_jobs_are_held_against_memory(
    own_course: Course,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: int | None,
    free: int | None,
    jobs: int,
    said: str,
) -> None:
    from autograder.grading import planning

    monkeypatch.setattr(planning, "default_jobs", lambda: 8)
    monkeypatch.setattr(machine, "free_mib", lambda: free)
    assert classwork.jobs(asked, own_course) == jobs
    err = capsys.readouterr().err
    assert said in err if said else not err
