"""What a zygote can see: a root folder with a read-only Python and the system's libraries, and a bare environment."""

from __future__ import annotations

import functools
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from autograder.child import lockin

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_SYSTEM_LIBRARIES: Final = tuple(
    Path(path) for path in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
)
_FOLDER: Final = Path("/notebook")  # where what lies beside a notebook is in a root of our own
ENVIRONMENT: Final = {
    "PATH": "/usr/bin",
    "PYTHONPATH": str(_PACKAGE.parent),
    "HOME": "/",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    # One thread: a second one would be lost in the fork, and a limit on threads could hang it.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
} | {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}


def readable() -> list[Path]:
    """The folders and files a child may read: this Python, its packages and the system's libraries.

    Not the whole of a prefix: a virtual environment may have been made in the course's own folder.
    """
    paths = {_PACKAGE, *_SYSTEM_LIBRARIES, *_links(Path(sys.executable)), Path(sys.prefix) / "pyvenv.cfg"}
    paths |= {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    for prefix in {Path(sys.prefix), Path(sys.base_prefix)} - {Path("/"), Path("/usr"), Path("/usr/local")}:
        paths |= {prefix / "lib", prefix / "lib64"}
    existing = sorted(path for path in paths if path.exists())
    return [path for path in existing if not any(other in path.parents for other in existing)]


def _links(path: Path) -> list[Path]:
    """A path, and those that it leads to one after another where it is a link."""
    found = [path]
    while found[-1].is_symlink() and len(found) < 40:
        found.append(Path(os.path.normpath(found[-1].parent / os.readlink(found[-1]))))
    return found


@functools.cache
def bubblewrap() -> tuple[str, ...]:
    """The command that starts another inside namespaces and a root that holds the readable folders alone.

    Empty where bubblewrap is missing or cannot make namespaces; containers and hardened kernels forbid it.
    """
    program = shutil.which("bwrap")
    if program is None:
        return ()
    command = (program, *_options(readable()), "--")
    try:
        tried = subprocess.run(
            [*command, sys.executable, "-I", "-c", "pass"], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()


def around(folder: Path | None) -> tuple[str, ...]:
    """The same command, with a folder that can be read in there too."""
    command = bubblewrap()
    if folder is None or not command:
        return command
    return (*command[:-1], "--ro-bind", str(folder), str(_FOLDER), "--")


def place(folder: Path | None, *, enclosed: bool) -> Path | None:
    """Where a folder that can be read in there is found in there."""
    return _FOLDER if enclosed and folder is not None else folder


def _options(paths: Sequence[Path]) -> list[str]:
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    options += ["--die-with-parent", "--new-session", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        options += ["--setenv", name, value]
    made: set[Path] = set()
    for path in paths:
        # bubblewrap makes missing parents for their owner alone; a child that is nobody must pass them.
        for parent in reversed(path.parents[:-1]):
            if parent not in made:
                options += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        else:
            options += ["--ro-bind", str(path), str(path)]
    options += ["--perms", "0755", "--dir", str(_FOLDER), "--remount-ro", "/", "--chdir", "/"]
    if os.geteuid() == 0:  # a child becomes nobody; nothing else of root's powers is left
        options += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return options


@functools.cache
def can_become_nobody() -> bool:
    """Whether a process of ours can, by trying: root of a container may lack the right, or have no other user."""
    try:
        subprocess.run(["true"], user=lockin.NOBODY, group=lockin.NOBODY, extra_groups=[], check=False)
    except FileNotFoundError:  # it has become nobody, and there is no such program
        return True
    except OSError:
        return False
    return True


def hidden_from_nobody(folder: Path | None = None, *, enclosed: bool) -> Path | None:
    """What a child needs and nobody could not read; None where nobody can read it all, `folder` and what is in it too.

    In a root of our own, every parent can be passed. Packages that were installed with a strict umask are their
    owner's alone, whoever may enter the folder that they are in.
    """
    folders = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    packages = [entry for folder in folders for entry in folder.iterdir() if _may_be_imported(entry)]
    beside = [] if folder is None else [folder, *folder.rglob("*")]
    return _closed([*readable(), *packages, *beside], parents=not enclosed)


def _may_be_imported(entry: Path) -> bool:
    if entry.is_dir():
        return entry.suffix != ".dist-info" and entry.name != "__pycache__"
    return entry.suffix in (".py", ".so") and entry.exists()


def world_readable(paths: Sequence[Path]) -> bool:
    """Whether any user can read these and pass their parents."""
    return _closed(paths, parents=True) is None


def _closed(paths: Sequence[Path], *, parents: bool) -> Path | None:
    """The first of these, or of their parents, that is not for everyone."""
    places = {place: None for path in paths for place in (path, *(path.parents if parents else ()))}
    return next((place for place in places if place.stat().st_mode & _needed(place) != _needed(place)), None)


def _needed(place: Path) -> int:
    return stat.S_IROTH | (stat.S_IXOTH if place.is_dir() else 0)
