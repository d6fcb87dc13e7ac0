"""What a zygote can see: a read-only Python, the system's libraries, and nothing of the course."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import parts
import pytest

from autograder.sandbox import jail

ROOT = Path(__file__).parents[2]


def inside(path: Path) -> bool:
    """Whether a child may read this path."""
    return any(path == place or place in path.parents for place in jail.readable())


def test_python_its_packages_and_ours_can_be_read() -> None:
    import msgspec
    import numpy

    for module in (os, numpy, msgspec, jail):
        assert inside(Path(str(module.__file__)))
    assert inside(Path(sys.executable))
    assert inside(Path(sys.executable).resolve())


def test_nothing_of_the_course_can() -> None:
    for path in (ROOT, ROOT / "solutions", ROOT / "course.toml", ROOT / ".autograder-secret", ROOT / "tests"):
        assert not inside(path)
    assert not inside(Path.home())
    assert not inside(Path("/etc/passwd"))
    assert not inside(Path("/tmp/x"))


def test_a_virtual_environment_in_the_courses_own_folder(monkeypatch: Any, tmp_path: Path) -> None:
    """`python -m venv .` in the course's folder makes that folder Python's prefix; it is not readable for it."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    (tmp_path / "solutions").mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert inside(tmp_path / "lib")
    assert inside(tmp_path / "pyvenv.cfg")
    assert not inside(tmp_path / "solutions")
    assert not inside(tmp_path)


def test_links_are_followed_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "b").symlink_to("real")
    (tmp_path / "a").symlink_to(tmp_path / "b")
    assert jail._links(tmp_path / "a") == [tmp_path / "a", tmp_path / "b", tmp_path / "real"]
    (tmp_path / "round").symlink_to("round")
    assert len(jail._links(tmp_path / "round")) == 40


def test_world_readable(tmp_path: Path) -> None:
    assert jail.world_readable([Path("/usr/lib")])
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    (hidden / "file").touch(mode=0o644)
    assert not jail.world_readable([hidden / "file"])


def test_a_package_for_its_owner_alone_is_hidden_from_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As pip installs it where the umask is 077."""
    tmp_path.chmod(0o755)
    package, module, notes = tmp_path / "package", tmp_path / "module.py", tmp_path / "notes.txt"
    package.mkdir()
    for path, mode in ((package, 0o755), (module, 0o644)):
        path.touch()
        path.chmod(mode)  # whatever the umask of who runs the tests
    notes.touch(mode=0o600)
    monkeypatch.setattr(jail.sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(jail, "readable", lambda: [tmp_path])
    assert jail.hidden_from_nobody(enclosed=True) is None
    for closed in (package, module):
        mode = closed.stat().st_mode
        closed.chmod(0o700)
        assert jail.hidden_from_nobody(enclosed=True) == closed
        closed.chmod(mode)
    assert (
        jail.hidden_from_nobody(enclosed=False) in tmp_path.parents
    )  # pytest's folders are for their owner alone


def test_only_root_can_become_nobody(monkeypatch: Any) -> None:
    assert jail.can_become_nobody.__wrapped__() == (os.geteuid() == 0)
    monkeypatch.setenv("PATH", "/nowhere")
    assert jail.can_become_nobody.__wrapped__() == (os.geteuid() == 0)


def test_the_environment_holds_nothing_of_ours() -> None:
    assert jail.ENVIRONMENT["HOME"] == "/"
    assert not {name for name in jail.ENVIRONMENT if "SECRET" in name or "TOKEN" in name or name == "USER"}
    assert len(jail.ENVIRONMENT) <= 12


@parts.BUBBLEWRAP.mark
def test_inside_bubblewrap() -> None:
    look = "import os; print(sorted(os.listdir('/')), os.getpid(), sorted(os.environ))"
    command = [*jail.bubblewrap(), sys.executable, "-c", look]
    seen = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "'etc'" not in seen
    assert "'proc'" not in seen
    if not any(path.is_relative_to("/tmp") for path in jail.readable()):  # a clone in there
        assert "'tmp'" not in seen
    assert "AUTOGRADER" not in seen


def test_without_bubblewrap(monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert jail.bubblewrap.__wrapped__() == ()


def test_a_bubblewrap_that_may_not_make_namespaces(monkeypatch: Any, tmp_path: Path) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert jail.bubblewrap.__wrapped__() == ()
    program.write_text("no program at all")
    assert jail.bubblewrap.__wrapped__() == ()
