"""Examines how well this machine locks student code in, what is missing for more, and how to get it."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder import installed
from autograder.child import lockin
from autograder.errors import SandboxError
from autograder.records import Level, Limits
from autograder.sandbox import jail, seccomp
from autograder.sandbox.children import Sandbox

_INSTALL: Final = {"apt-get": "install", "dnf": "install", "zypper": "install", "pacman": "-S", "apk": "add"}
_LIBSECCOMP: Final = {"apt-get": "libseccomp2", "zypper": "libseccomp2"}
# A file that the system keeps, the value by which it forbids ordinary users their namespaces, and the remedy.
_NAMESPACE_SWITCHES: Final = (
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
)
_CONTAINER_MARKS: Final = ("/.dockerenv", "/run/.containerenv")
_HOLES: Final = {
    "read": "read files of yours",
    "write": "change files of yours",
    "network": "use the network",
    "fork": "start processes",
    "exec": "run programs",
    "signal": "end other processes",
    "trace": "look into other processes",
    "kernel": "use parts of the kernel that no exercise needs",
    "environment": "read your environment variables",
    "descriptors": "use files that the grader holds open",
    "names": "see that a file exists and how large it is, where it knows the path",
    "processes": "see which processes run",
}


@dataclass(frozen=True)
class Finding:
    """One part of the isolation: whether it works here, and the command that would help where it does not."""

    part: str  # "bubblewrap"
    works: bool
    detail: str  # one plain sentence
    remedy: str = ""  # a command, or empty where there is none


@dataclass(frozen=True)
class Examination:
    """What this machine offers."""

    level: Level  # by what a probing child could do
    could: tuple[str, ...]  # in words: what student code can do here that it should not
    findings: tuple[Finding, ...]
    reason: str = ""  # why no child could be started, where none could


def examine() -> Examination:
    """Starts a sandbox, probes it from within, and looks at each part that isolation is made of."""
    if sys.platform != "linux":
        name = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)
        detail = (
            f"{name} has no way to lock a process in; grade on Linux, in a virtual machine or a container."
        )
        return Examination("none", (), (Finding("system", False, detail),))
    findings = (*_libseccomp(), _landlock(), _bubblewrap(), _user())
    try:
        with Sandbox(Limits()) as sandbox:
            could = sandbox.could
            return Examination(sandbox.level, tuple(_HOLES[hole] for hole in sorted(could)), findings)
    except SandboxError as error:
        return Examination("none", (), findings, str(error))


def _libseccomp() -> tuple[Finding, ...]:
    """The system's library and the Python package for it; one finding where both are here and work."""
    missing = []
    if ctypes.util.find_library("seccomp") is None:
        detail = "The system's library that builds the list of allowed system calls is not installed."
        missing.append(Finding("libseccomp", False, detail, install("libseccomp")))
    if importlib.util.find_spec("pyseccomp") is None:
        detail = (
            "The Python package that speaks to libseccomp is not installed; the instructor's install has it."
        )
        missing.append(Finding("pyseccomp", False, detail, installed.with_extra("instructor")))
    if missing:
        return tuple(missing)
    try:
        seccomp.program()
    except SandboxError as error:  # too old a library, for one
        return (Finding("libseccomp", False, f"{error}.", install("libseccomp")),)
    return (Finding("libseccomp", True, "Children may make a short list of system calls and no others."),)


def _landlock() -> Finding:
    version = lockin.landlock_version()
    if version:
        return Finding(
            "Landlock", True, f"Children can open nothing but a read-only Python (version {version})."
        )
    detail = "The kernel has no Landlock (5.13 or later, switched on), or a container's settings forbid it."
    lists = Path("/sys/kernel/security/lsm")
    enabled = lists.read_text().strip() if lists.exists() else ""
    remedy = f"start Linux with the kernel parameter lsm=landlock,{enabled}" if enabled else ""
    return Finding("Landlock", False, detail, remedy)


def _bubblewrap() -> Finding:
    if shutil.which("bwrap") is None:
        detail = "Without bubblewrap, names and sizes of files can be seen."
        return Finding("bubblewrap", False, detail, install("bubblewrap"))
    if jail.bubblewrap():
        return Finding(
            "bubblewrap", True, "Children have a root folder, processes and a network of their own."
        )
    tried = subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, text=True, check=False
    )
    said = (tried.stderr.strip().splitlines() or ["it cannot run this Python"])[-1]
    return Finding(
        "bubblewrap", False, f"It is here, but may not make namespaces: {said}", _allow_namespaces()
    )


def _allow_namespaces() -> str:
    """The command that lets bubblewrap make namespaces, as far as it can be told."""
    if os.geteuid() != 0:
        for path, forbids, setting in _NAMESPACE_SWITCHES:
            if Path(path).exists() and Path(path).read_text().strip() == forbids:
                return f"sudo sysctl -w {setting}"
    if any(Path(mark).exists() for mark in _CONTAINER_MARKS):
        return "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --cap-add SYS_ADMIN …"
    return ""


def _user() -> Finding:
    if os.geteuid() != 0:
        return Finding("user", True, "You are an ordinary user, and so is student code.")
    if not jail.can_become_nobody():
        detail = (
            "You are root, and may not become another user here: student code stays root, without its powers."
        )
        return Finding("user", False, detail, "")
    hidden = jail.hidden_from_nobody(enclosed=bool(jail.bubblewrap()))
    if hidden is None:
        return Finding("user", True, "You are root; student code runs as nobody.")
    detail = f"You are root, and nobody could not read {hidden}: student code stays root, without its powers."
    return Finding("user", False, detail, "")


def install(*names: str) -> str:
    """The command that installs these on this system, or the words for it where no package manager is known."""
    for manager, verb in _INSTALL.items():
        if shutil.which(manager):
            packages = [_LIBSECCOMP.get(manager, name) if name == "libseccomp" else name for name in names]
            return f"sudo {manager} {verb} {' '.join(packages)}"
    return f"install {' and '.join(names)} with your system's package manager"
