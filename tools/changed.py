"""Prints the files of tests that belong to what has changed here since the main branch: `make check` runs them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAIN = "main"


def changed() -> set[Path]:
    """What differs from where this branch left the main one, files that git does not know yet included."""
    base = _git("merge-base", "HEAD", MAIN) or ["HEAD"]
    names = _git("diff", "--name-only", base[0]) + _git("ls-files", "--others", "--exclude-standard")
    return {ROOT / name for name in names}


def tests_of(file: Path) -> Iterator[Path]:
    """The tests that mirror a module, those that import a helper of tests, or the file itself where it is tests."""
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    if file in tests:
        yield file
    elif file.suffix == ".py" and file.is_relative_to(ROOT / "tests") and file.stem != "conftest":
        imports = re.compile(rf"^\s*(?:from|import) {file.stem}\b", re.MULTILINE)
        yield from (test for test in tests if imports.search(test.read_text("utf-8")))
    elif file.suffix == ".py" and not file.is_relative_to(ROOT / "solutions"):
        yield from (test for test in tests if test.stem == f"test_{file.stem}")


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


if __name__ == "__main__":
    for test in sorted({test for file in changed() for test in tests_of(file)}):
        print(test.relative_to(ROOT))
