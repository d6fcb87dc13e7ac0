"""An ordinary user and a Python that this user can read, for tests that are run by root."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from autograder.sandbox import jail

USER = 23456  # a number that no one has


class NoOrdinaryUserError(Exception):
    """Nobody but this user can be had here; the message says why."""


@dataclass(frozen=True)
class OrdinaryUser:
    """A user without rights, and what that user can read."""

    folder: Path  # readable, not writable
    python: Path  # has NumPy, IPython, msgspec, pyseccomp and the autograder

    def run(self, arguments: Sequence[str], timeout: float) -> str:
        """What this user's Python prints; CalledProcessError, its last words in `stderr`, where it fails."""
        rights = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]
        done = subprocess.run(
            ["setpriv", *rights, "--reset-env", str(self.python), "-P", *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=True,
            cwd="/",
        )
        return done.stdout


@contextlib.contextmanager
def ordinary_user() -> Iterator[OrdinaryUser]:
    """An ordinary user; NoOrdinaryUserError where none can be had."""
    if os.geteuid() != 0:
        raise NoOrdinaryUserError("this is run by an ordinary user already")
    if shutil.which("setpriv") is None:
        raise NoOrdinaryUserError("there is no setpriv to become an ordinary user with")
    base = _readable_python()
    folder = Path(tempfile.mkdtemp(prefix="autograder-ordinary-"))
    folder.chmod(0o755)
    try:
        subprocess.run([base, "-m", "venv", "--without-pip", folder / "venv"], check=True, timeout=60)
        python = folder / "venv" / "bin" / "python"
        _copy_packages(next((folder / "venv" / "lib").glob("python3*/site-packages")))
        yield OrdinaryUser(folder, python)
    finally:
        shutil.rmtree(folder)


def _readable_python() -> Path:
    """A Python of this version that anyone can run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (
        Path(sys.base_prefix) / "bin" / name,
        Path("/usr/bin") / name,
        Path("/usr/local/bin") / name,
    ):
        if path.exists() and jail.world_readable([path, path.resolve()]):
            return path
    raise NoOrdinaryUserError(f"no ordinary user can read a {name} here")


def _copy_packages(target: Path) -> None:
    """What the worker needs, and what that needs; linked where links can be had."""
    here = Path(jail.__file__).parent
    shutil.copytree(here, target / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    wanted, seen = ["numpy", "msgspec", "ipython", "pyseccomp"], set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        package = metadata.distribution(name)
        for line in package.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name)
        for file in set(package.files or ()):  # some packages list a file twice
            source = Path(str(package.locate_file(file)))
            if ".." not in file.parts and source.exists():
                copy = target / file
                copy.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(source, copy)
                except OSError:
                    shutil.copy(source, copy)
