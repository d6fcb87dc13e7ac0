"""The doctor tells what works here, what does not, and the command that helps."""

from __future__ import annotations

import ctypes.util
import functools
import os
import sys
from pathlib import Path
from typing import Any

import parts
import pytest

from autograder import installed
from autograder.child import lockin
from autograder.sandbox import doctor, jail, probes, seccomp
from autograder.sandbox.doctor import Examination, Finding


def part(examination: Examination, name: str) -> Finding:
    (found,) = [finding for finding in examination.findings if finding.part == name]
    return found


@parts.LINUX.mark
def test_this_machine() -> None:
    found = doctor.examine()
    assert found.level in ("full", "reduced")
    assert not found.reason
    assert [finding.part for finding in found.findings] == ["libseccomp", "Landlock", "bubblewrap", "user"]
    assert part(found, "bubblewrap").works == bool(jail.bubblewrap())
    assert all(finding.detail.endswith((".", ")")) or not finding.works for finding in found.findings)


def test_every_probe_has_its_words() -> None:
    assert set(doctor._HOLES) == set(probes.PROBES)


@pytest.mark.parametrize(("system", "name"), [("darwin", "macOS"), ("win32", "Windows"), ("plan9", "plan9")])
def test_other_systems_lock_nothing_in(monkeypatch: Any, system: str, name: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    found = doctor.examine()
    assert found.level == "none"
    assert name in part(found, "system").detail


@pytest.fixture
def fresh_filter(monkeypatch: Any) -> None:
    """The filter is built anew, and not remembered from an earlier test."""
    monkeypatch.setattr(seccomp, "program", functools.cache(seccomp.program.__wrapped__))


@parts.LINUX.mark
@pytest.mark.usefixtures("fresh_filter")
def test_without_the_python_package(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    found = doctor.examine()
    assert found.level == "none"
    assert "the Python package pyseccomp is missing" in found.reason
    assert part(found, "pyseccomp").remedy == installed.with_extra("instructor")
    assert "libseccomp" not in [finding.part for finding in found.findings]  # which is here


@parts.LINUX.mark
@pytest.mark.usefixtures("fresh_filter")
def test_without_libseccomp(monkeypatch: Any) -> None:
    find = ctypes.util.find_library
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None if name == "seccomp" else find(name))
    monkeypatch.delitem(sys.modules, "pyseccomp", raising=False)
    with pytest.raises(RuntimeError):  # it looks for the library when it is imported
        import pyseccomp  # noqa: F401
    found = doctor.examine()
    assert found.level == "none"
    assert "libseccomp is missing (Unable to find libseccomp)" in found.reason
    assert "libseccomp" in part(found, "libseccomp").remedy
    assert "pyseccomp" not in [finding.part for finding in found.findings]  # which is here


@parts.LINUX.mark
@pytest.mark.usefixtures("fresh_filter")
def test_with_a_libseccomp_that_does_not_do(monkeypatch: Any) -> None:
    import pyseccomp

    def refuse(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(pyseccomp.SyscallFilter, "add_rule", refuse)
    (finding,) = doctor._libseccomp()
    assert not finding.works
    assert "takes no rule for read" in finding.detail


@parts.LINUX.mark
def test_without_bubblewrap(monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(jail, "bubblewrap", tuple)
    found = doctor.examine()
    assert found.level == "reduced"
    assert found.could == ("see that a file exists and how large it is, where it knows the path",)
    assert part(found, "bubblewrap").remedy == "install bubblewrap with your system's package manager"


@parts.LINUX.mark
@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install libseccomp2"),
        ("dnf", "sudo dnf install libseccomp"),
        ("pacman", "sudo pacman -S libseccomp"),
        ("apk", "sudo apk add libseccomp"),
    ],
)
def test_installing(monkeypatch: Any, tmp_path: Path, manager: str, command: str) -> None:
    (tmp_path / manager).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor.install("libseccomp") == command


@parts.LINUX.mark
def test_a_bubblewrap_that_may_not(monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "bwrap").write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n"
    )
    (tmp_path / "bwrap").chmod(0o755)
    switch = tmp_path / "switch"
    switch.write_text("1\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(jail, "bubblewrap", tuple)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(doctor, "_NAMESPACE_SWITCHES", ((str(switch), "1", "kernel.some_switch=0"),))
    finding = doctor._bubblewrap()
    assert not finding.works
    assert "setting up uid map: Permission denied" in finding.detail
    assert finding.remedy == "sudo sysctl -w kernel.some_switch=0"
    switch.write_text("0\n")
    monkeypatch.setattr(doctor, "_CONTAINER_MARKS", (str(switch),))
    assert doctor._bubblewrap().remedy.startswith("docker run --security-opt")
    monkeypatch.setattr(doctor, "_CONTAINER_MARKS", ())
    assert doctor._bubblewrap().remedy == ""


@parts.LINUX.mark
def test_without_landlock(monkeypatch: Any) -> None:
    monkeypatch.setattr(lockin, "landlock_version", lambda: 0)
    finding = doctor._landlock()
    assert not finding.works
    assert "5.13" in finding.detail


@parts.LINUX.mark
def test_users(monkeypatch: Any) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "ordinary user" in doctor._user().detail
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(jail, "bubblewrap", tuple)
    monkeypatch.setattr(jail, "hidden_from_nobody", lambda enclosed: None)
    monkeypatch.setattr(jail, "can_become_nobody", lambda: True)
    assert "runs as nobody" in doctor._user().detail
    monkeypatch.setattr(jail, "hidden_from_nobody", lambda enclosed: Path("/root/python"))
    assert "could not read /root/python" in doctor._user().detail
    monkeypatch.setattr(jail, "can_become_nobody", lambda: False)
    assert "may not become another user" in doctor._user().detail
    assert not doctor._user().works
