"""An ordinary user and a Python that this user can read, for tests that are run by root.

Nothing here relies on where the clone is, nor on the rights of its files: others may not enter either.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

import autograder
from autograder.sandbox import jail

USER = 23456  # a number that no one has
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_CAPABILITY_VERSION_3 = 0x2008_0522


class NoOrdinaryUserError(Exception):
    """Nobody but this user can be had here; the message says why."""


@dataclass(frozen=True)
class OrdinaryUser:
    """A user without rights, and what that user can read."""

    folder: Path  # readable, not writable
    python: Path  # has NumPy, IPython, msgspec, pyseccomp and the autograder

    def run(self, arguments: Sequence[str]) -> str:
        """What this user's Python prints; CalledProcessError, its last words in `stderr`, where it fails."""
        rights = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]
        done = subprocess.run(
            ["setpriv", *rights, "--reset-env", str(self.python), "-P", *arguments],
            capture_output=True,
            text=True,
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
    folder = Path(tempfile.mkdtemp(prefix="autograder-ordinary-", dir=_readable_place()))
    umask = os.umask(0o022)
    try:
        folder.chmod(0o755)
        subprocess.run([base, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        python = folder / "venv" / "bin" / "python"
        _copy_packages(next((folder / "venv" / "lib").glob("python3*/site-packages")))
        yield OrdinaryUser(folder, python)
    finally:
        os.umask(umask)
        shutil.rmtree(folder)


@contextlib.contextmanager
def without_powers(*, read: bool = True) -> Iterator[None]:
    """This thread may write only where the files' rights let their owner write, root too; and read all, or likewise."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = ctypes.c_char_p(struct.pack("Ii", _CAPABILITY_VERSION_3, 0))
    sets = ctypes.create_string_buffer(
        24
    )  # effective, permitted, inheritable: the lower 32 bits, then the higher
    assert libc.capget(header, sets) == 0, os.strerror(ctypes.get_errno())
    effective, *others = struct.unpack("6I", sets.raw)
    given_up = 1 << _CAP_DAC_OVERRIDE | (0 if read else 1 << _CAP_DAC_READ_SEARCH)
    without = struct.pack("6I", effective & ~given_up, *others)
    assert libc.capset(header, ctypes.c_char_p(without)) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        assert libc.capset(header, sets) == 0, os.strerror(ctypes.get_errno())


def share(path: Path) -> Path:
    """Lets anyone read a file, or a folder and all that is in it."""
    for one in (path, *path.rglob("*")):
        if not one.is_symlink():
            one.chmod(0o755 if one.is_dir() else one.stat().st_mode | 0o444)
    return path


def _readable_place() -> Path:
    """Where anyone can enter: the folder for temporary files may be this user's own."""
    for place in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if place.is_dir() and jail.world_readable([place.resolve()]):
            return place
    raise NoOrdinaryUserError("no ordinary user can read any folder for temporary files here")


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
    here = Path(autograder.__file__).parent
    # With what is compiled, which this user cannot write and would make anew in every process; but for what is being written.
    share(shutil.copytree(here, target / "autograder", ignore=shutil.ignore_patterns("*.pyc.*")))
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
            # Without the packages' own tests, which are half of the files.
            if not {"..", "tests"} & set(file.parts) and source.exists():
                _lend(source, target / file)


def _lend(source: Path, copy: Path) -> None:
    """A link where one can be had and anyone may read the file, else a copy that anyone may."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    if source.stat().st_mode & stat.S_IROTH:
        with contextlib.suppress(OSError):
            os.link(source, copy)
            return
    share(Path(shutil.copy(source, copy)))
