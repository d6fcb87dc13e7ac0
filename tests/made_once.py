"""What is dear to make and only looked at: made once in a run of tests, by the process that needs it first."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

_Made = TypeVar("_Made")


def folder(factory: pytest.TempPathFactory) -> Path:
    """Where all processes of this run look, which goes with what else they write."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-once"
    shared.mkdir(exist_ok=True)
    return shared


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[], _Made]) -> _Made:
    """What `make` returns, which is kept under a name; whoever comes meanwhile waits for it."""
    kept = folder(factory) / name
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            content = pickle.dumps(make())
            kept.write_bytes(content)
    made: _Made = pickle.loads(kept.read_bytes())
    return made


def once_in(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """A folder that `fill` has filled; nobody may change what is in it."""

    def make() -> Path:
        place = folder(factory) / f"{name}-folder"
        place.mkdir()
        fill(place)
        return place

    return once(factory, name, make)
