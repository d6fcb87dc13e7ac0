"""Sets up a virtual environment for this repository: quiet while pip succeeds, and with pip's own words where it fails.

Every target of the Makefile calls it first, so it returns at once where there is nothing to do, and it mends what it
finds: a set-up that was interrupted, a clone that moved (scripts name the folder they were made in), a Python that is
gone. It is run by the Python that the environment is made from and uses the standard library alone.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn

ROOT: Final = Path(__file__).resolve().parents[1]

# What is in the environment's folder besides what Python and pip put there.
STATE: Final = "set-up.json"
LOCK: Final = "set-up.lock"
LOG: Final = "pip.log"

# Says the version of an environment that can be used: new enough, with a pip in this Python's own folder.
_PROBE: Final = (
    "import sys; from importlib.util import find_spec; "
    "ready = sys.version_info >= (3, 11) and sys.prefix != sys.base_prefix and find_spec('pip'); "
    "print('%d.%d' % sys.version_info[:2]) if ready else sys.exit(1)"
)
_SHOWN_OF_PIP: Final = 40  # lines, where it fails
_BETWEEN_LINES: Final = 15.0  # seconds, where the output is no terminal


@dataclass(frozen=True)
class Wanted:
    """What shall be installed, and where."""

    folder: Path
    extra: str  # of pyproject.toml
    constraints: str | None  # relative to ROOT, since pip splits paths at spaces; None: the newest versions
    version: str | None  # of Python, "3.12"; None: whatever the environment has
    anew: bool  # even where the environment could be used


def main() -> None:
    """Reads the arguments, sets up, and exits 1 with a line that says what to do where that fails."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # in a Latin-1 terminal too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that pip is ended too
    parser = argparse.ArgumentParser(description="Sets up a virtual environment for this repository.")
    parser.add_argument("folder", help="of the environment, relative to the repository")
    parser.add_argument("extra", help="what to install, as pyproject.toml names it")
    parser.add_argument("--constraints", default="constraints.txt", help="relative to the repository")
    parser.add_argument("--newest", action="store_true", help="no constraints, in a new environment")
    parser.add_argument("--this-python", action="store_true", help="an environment of this Python's version")
    given = parser.parse_args()
    wanted = Wanted(
        folder=ROOT / given.folder,
        extra=given.extra,
        constraints=None if given.newest else given.constraints,
        version="{}.{}".format(*sys.version_info) if given.this_python else None,
        anew=given.newest,
    )
    try:
        set_up(wanted)
    except KeyboardInterrupt:
        print(f"\nstopped: the next make sets up {given.folder}/ from the start", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        _fail(f"{given.folder}/ cannot be set up: {error}")


def set_up(wanted: Wanted) -> None:
    """Leaves in `wanted.folder` an environment with the extra installed; nothing is done where it is there."""
    if _is_ready(wanted):  # without the lock: whoever may read the environment may use it
        return
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with _alone(wanted.folder) as lock:
        if _is_ready(wanted):  # by now, through another make
            return
        installed = _installed(wanted.folder)
        _write_state(wanted.folder, None)
        if installed is None or not _can_be_used(wanted):
            installed = {}
            _make(wanted.folder)
        _install(wanted, lock)
        for extra in (wanted.extra, *_contained(wanted.extra)):
            installed[extra] = _fingerprint(wanted.constraints)
        _write_state(wanted.folder, installed)


# ------------------------------------------------------------------------------------------ what is there already


def _is_ready(wanted: Wanted) -> bool:
    installed = _installed(wanted.folder) or {}
    up_to_date = installed.get(wanted.extra) == _fingerprint(wanted.constraints)
    return up_to_date and _can_be_used(wanted)


def _can_be_used(wanted: Wanted) -> bool:
    if wanted.anew:
        return False
    command: list[str | Path] = [wanted.folder / "bin" / "python", "-c", _PROBE]
    try:
        version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return False
    return wanted.version in (None, version)


def _installed(folder: Path) -> dict[str, str] | None:
    """The fingerprint of each extra; None where a set-up was interrupted or the clone has moved since.

    An environment that someone else made has nothing installed yet.
    """
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return (
        dict(state["installed"]) if state["installed"] is not None and state["place"] == str(folder) else None
    )


def _write_state(folder: Path, installed: dict[str, str] | None) -> None:
    """Whole or not at all; `installed` is None from the first change until all is done."""
    new = folder / f"{STATE}.new"
    new.write_text(json.dumps({"place": str(folder), "installed": installed}, indent=1), "utf-8")
    new.replace(folder / STATE)


def _fingerprint(constraints: str | None) -> str:
    """Changes with whatever decides what is installed."""
    files = [ROOT / "pyproject.toml", *([ROOT / constraints] if constraints else [])]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _contained(extra: str) -> list[str]:
    """The other extras that this one installs, as its own name with brackets says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    own = re.compile(rf"{re.escape(project['name'])}\[(.+)\]")
    found = [match[1] for line in project["optional-dependencies"][extra] if (match := own.fullmatch(line))]
    return [name.strip() for names in found for name in names.split(",")]


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Holds the environment's lock; pip gets it too, so that it is held while a pip runs whose parent was killed."""
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another make is setting up {_name(folder)}: waiting for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


# ------------------------------------------------------------------------------------------------- making it


def _make(folder: Path) -> None:
    """A new environment of this Python, in place of whatever is there."""
    if not (find_spec("ensurepip") and find_spec("venv")):
        version = "{}.{}".format(*sys.version_info)
        _fail(
            f"{sys.executable} cannot make virtual environments. On Debian and Ubuntu: "
            f"sudo apt install python{version}-venv. Or name another Python: make PYTHON=/path/to/python{version}"
        )
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in (STATE, LOCK):
            path.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "venv", folder],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        _fail(f"{sys.executable} could not make the virtual environment {_name(folder)}: its words are above")


def _install(wanted: Wanted, lock: int) -> None:
    python = wanted.folder / "bin" / "python"
    version = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.strip()
    print(
        f"Setting up {_name(wanted.folder)} with {version}. What pip has not fetched before is downloaded now; "
        "how long that takes is up to the network and to what else this machine does.",
        flush=True,
    )
    environment = dict(os.environ)
    for name in ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"):  # the second: what builds the package itself
        environment.pop(name, None)
        if wanted.constraints is not None:
            environment[name] = wanted.constraints
    command: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--no-color",
    ]
    command += ["--no-user", "--progress-bar=off", "--editable", f".[{wanted.extra}]"]
    progress = Progress(python)
    log = wanted.folder / LOG
    code = _run(command, environment, lock, log, progress)
    if code != 0:
        progress.end(f"pip could not set up {_name(wanted.folder)}. It said:")
        lines = log.read_text("utf-8", "replace").splitlines()
        print("\n".join(lines[-_SHOWN_OF_PIP:]), file=sys.stderr)
        _fail(f"pip ended with {code}; all that it said is in {_name(wanted.folder)}{LOG}")
    progress.end(f"Set up {_name(wanted.folder)}: {progress}")


def _run(
    command: Sequence[str | Path], environment: dict[str, str], lock: int, log: Path, progress: Progress
) -> int:
    """The exit code of pip, whose lines go to the log and to the progress; it ends when this program does."""
    with (
        log.open("wb") as file,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[lock],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as pip,
    ):  # fmt: skip
        assert pip.stdout is not None
        rest = b""
        try:
            while True:
                if not select.select([pip.stdout], [], [], 1)[0]:
                    progress.show()
                    continue
                more = os.read(pip.stdout.fileno(), 1 << 16)
                if not more:
                    return pip.wait()
                file.write(more)
                *lines, rest = (rest + more).split(b"\n")
                for line in lines:
                    progress.read(line.decode("utf-8", "replace"))
        finally:
            pip.terminate()


class Progress:
    """How far pip is, in one line that stays in its place on a terminal, and in lines now and then elsewhere."""

    def __init__(self, python: Path) -> None:
        self._site = next((python.parents[1] / "lib").glob("python3*/site-packages"))
        self._in_place = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._began = self._shown = time.monotonic()
        # As files' times are counted; by when pip's line is read, it may be further.
        self._pip_began = time.time()
        self._looked_up: set[str] = set()
        self._fetched = 0
        self._to_install = 0

    def read(self, line: str) -> None:
        """Takes in a line that pip said."""
        before = self._to_install
        if match := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line):
            self._looked_up.add(match[1].lower())
        elif re.match(r"\s*(Downloading|Using cached) \S+\.(whl|tar\.gz|zip)\b(?!\.metadata)", line):
            self._fetched += 1
        elif line.startswith("Installing collected packages: "):
            self._to_install = line.count(",") + 1
        self.show(at_once=self._to_install != before)

    def show(self, *, at_once: bool = False) -> None:
        """Prints where things stand, unless that was done a moment ago."""
        now = time.monotonic()
        if at_once or now - self._shown >= (0.2 if self._in_place else _BETWEEN_LINES):
            self._shown = now
            begin, end = ("\r\x1b[K", "") if self._in_place else ("", "\n")
            print(f"{begin}  {self}", end=end, flush=True)

    def end(self, line: str) -> None:
        """Prints a last line in place of the others."""
        print(f"\r\x1b[K{line}" if self._in_place else line, flush=True)

    def __str__(self) -> str:
        if self._to_install:
            new = 0
            for one in self._site.glob("*.dist-info"):
                with contextlib.suppress(FileNotFoundError):  # pip takes an older one away just then
                    new += one.stat().st_mtime >= self._pip_began
            what = f"{min(new, self._to_install)} of {self._to_install} packages installed"
        else:
            what = f"{len(self._looked_up)} packages looked up, {self._fetched} fetched"
        return f"{what}, {time.monotonic() - self._began:.0f} s"


def _name(folder: Path) -> str:
    return f"{folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder}/"


def _fail(message: str) -> NoReturn:
    sys.exit(message)


if __name__ == "__main__":
    main()
