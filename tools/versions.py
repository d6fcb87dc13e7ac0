"""Runs the tests on every supported Python that is found here, from the oldest NumPy that it can have to the newest.

Each pair gets an environment of its own in .venv-versions/, which is removed when its tests have run. What this program
does not know is for pytest: `make test-versions ARGS="--python 3.12 tests/test_compare.py"`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).resolve().parents[1]
SCRATCH: Final = ROOT / ".venv-versions"
CONSTRAINTS: Final = ROOT / "constraints.txt"
PINNED: Final = "as pinned"

# The NumPy releases to try on each Python besides the pinned one, which is the newest: all on the oldest Python, and on
# the others the first that has been built for it.
NUMPYS: Final = {
    "3.11": ("1.26", "2.0", "2.1", "2.2", "2.3"),
    "3.12": ("1.26",),
    "3.13": ("2.1",),
    "3.14": ("2.3",),
}
_READY: Final = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


def main() -> None:
    """Tries every pair, lists how each went, and exits 1 where one failed."""
    parser = argparse.ArgumentParser(description="Runs the tests on other Pythons and NumPys.")
    parser.add_argument("--python", action="append", help="this version alone, as 3.12")
    parser.add_argument("--numpy", action="append", help="this release alone, as 1.26")
    given, for_pytest = parser.parse_known_args()
    outcomes: list[tuple[str, str]] = []
    for version in given.python or NUMPYS:
        python = find(version)
        if python is None:
            outcomes.append((f"Python {version}", "skipped: not found on PATH, in pyenv or by uv"))
            continue
        for numpy in given.numpy or (*NUMPYS.get(version, ()), PINNED):
            pair = f"Python {version}, NumPy {numpy}"
            if numpy != PINNED and Version(numpy) < Version(NUMPYS.get(version, ("0",))[0]):
                outcomes.append((pair, "skipped: NumPy was not built for it"))
                continue
            print(f"\n{pair}", flush=True)
            outcomes.append((pair, attempt(python, version, numpy, for_pytest)))
    print()
    for pair, outcome in outcomes:
        print(f"{pair:<30}{outcome}")
    sys.exit(any(outcome.startswith("failed") for _, outcome in outcomes))


def find(version: str) -> Path | None:
    """A Python of this version that can make environments; None where there is none."""
    for candidate in _candidates(version):
        try:
            said = subprocess.run(
                [candidate, "-c", _READY], capture_output=True, text=True, check=True
            ).stdout
        except (OSError, subprocess.CalledProcessError):  # such as pyenv's, for a version that is not chosen
            continue
        if said.strip() == version:
            return candidate
    return None


def _candidates(version: str) -> Iterator[Path]:
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    with contextlib.suppress(
        PermissionError
    ):  # somebody else's, named by the environment of whoever became this user
        yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"))
    if uv := shutil.which("uv"):
        found = subprocess.run(
            [uv, "python", "find", "--no-python-downloads", version],
            capture_output=True,
            text=True,
            check=False,
        )
        if found.returncode == 0:
            yield Path(found.stdout.strip())


def attempt(python: Path, version: str, numpy: str, for_pytest: list[str]) -> str:
    """How the tests went with this pair, in a word or two."""
    folder = SCRATCH / f"python-{version}"
    constraints = CONSTRAINTS
    SCRATCH.mkdir(exist_ok=True)
    if numpy != PINNED:
        constraints = SCRATCH / f"numpy-{numpy}.txt"
        constraints.write_text(with_numpy(CONSTRAINTS.read_text("utf-8"), numpy), "utf-8")
    named = [os.path.relpath(path, ROOT) for path in (constraints, folder)]
    try:
        set_up = ["tools/environment.py", "--this-python", "--constraints", *named, "dev"]
        if subprocess.run([python, *set_up], cwd=ROOT, check=False).returncode != 0:
            return "failed: could not be set up"
        # Types are written for the versions that are pinned.
        tests = ["-m", "pytest", "--numprocesses=logical", "--ignore=tests/test_types.py", *for_pytest]
        code = subprocess.run([folder / "bin" / "python", *tests], cwd=ROOT, check=False).returncode
        return "passed" if code == 0 else f"failed: pytest ended with {code}"
    finally:
        shutil.rmtree(SCRATCH)


def with_numpy(pins: str, release: str) -> str:
    """The pins with another NumPy, and without those of the packages that may need another for it."""
    free = {"numpy", *_users_of_numpy()}
    kept = [line for line in pins.splitlines() if re.split("==", line)[0] not in free]
    return "\n".join([*kept, f"numpy=={release}.*", ""])


def _users_of_numpy() -> Iterator[str]:
    """Of what is installed here, those that cannot do without it."""
    for one in metadata.distributions():
        for requirement in map(Requirement, one.requires or ()):
            needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if needed and requirement.name == "numpy":
                yield canonicalize_name(one.name)


if __name__ == "__main__":
    main()
