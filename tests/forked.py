"""Children of a sandbox in the place of a self-check's own Pythons: forked in a moment, and what they say is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Child
from autograder.selfcheck.plain import Processes

_Result = TypeVar("_Result")


class Forked(Processes):
    """One after the other, as a sandbox has one at a time."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        super().__init__(folder)
        self._sandbox = sandbox

    def start(self, modules: Sequence[str] = ()) -> Child:
        """A fresh child."""
        return self._sandbox.child(modules)

    def ahead(self) -> None:
        """None is started before it is asked for."""

    def each(self, of: Callable[[str], _Result], names: Sequence[str]) -> dict[str, _Result]:
        """What is found of the functions of these names."""
        return {name: of(name) for name in names}
