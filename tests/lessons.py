"""A small course to take lessons from, as a folder, with what must never be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

LISTING: Final = """\
# A course that others take.
format = 1
title = "Small steps"
public_seed = 7
secret_file = "our-secret"             # not for others
roster = "class.csv"
install = "pip install small.whl"

[limits]                               # slow machines
cpu_seconds = 3.0

[[units]]
name = "first"
due = 2026-01-31                       # last year's
functions = [
  { name = "f", points = 2.0 },        # the easy one
]

[[units]]
name = "second"
brings = ["f"]
functions = [{ name = "g", points = 1.0 }]
"""
TAKEN: Final = {
    "solutions/first/first.py": "# %%\nlesson = 1\n",
    "solutions/first/reference.py": "one = 1\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\nsix = 6\nseven = 7\n",
    "solutions/first/examples/f.py": "f = 1\n",
    "solutions/second/second.py": "# %%\nlesson = 2\n",
}
LEFT_THERE: Final = {
    "our-secret": "secret",
    ".autograder-secret": "secret",
    "class.csv": "id\nada\n",
    "gradebook.db": "marks",
    "submitted/ada/first/first.ipynb": "work",
    "results/first/ada.json": "marks",
    "solutions/first/first.ipynb": "made",
    "solutions/first/__pycache__/reference.pyc": "made",
    "solutions/first/.ipynb_checkpoints/first.py": "made",
    "solutions/third/third.py": "not listed",
    "README.md": "theirs",
}


def write(folder: Path, files: Mapping[str, str] | None = None, listing: str = LISTING) -> Path:
    """Makes the course, with other or more files, and returns its folder."""
    for name, text in {"course.toml": listing, **TAKEN, **LEFT_THERE, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def found(folder: Path) -> set[str]:
    """The files of a course, but for what git and `update` keep of them."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in names if not name.startswith((".git/", ".taken/"))}
