"""Renews constraints.txt: one version of everything that any extra installs, for every Python that the kit runs on."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
HEAD: Final = "# The versions that `make` installs. Renewed by `make constraints`, tried without by `make test-newest`.\n"


def main() -> None:
    """Asks uv, which resolves for all Pythons and systems at once, in an environment of its own."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "venv", scratch], check=True)
        python = Path(scratch) / "bin" / "python"
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "-qq",
            "uv",
        ]  # errors alone
        subprocess.run(install, check=True)
        # No header and no annotations: they would hold paths of this machine.
        command: list[str | Path] = [
            python.with_name("uv"),
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--all-extras",
        ]
        command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
        command += ["--no-python-downloads", "pyproject.toml", "-"]
        pins = subprocess.run(
            command, cwd=ROOT, input="\n".join(build), stdout=subprocess.PIPE, text=True, check=True
        ).stdout
    (ROOT / "constraints.txt").write_text(HEAD + pins, "utf-8")


if __name__ == "__main__":
    main()
