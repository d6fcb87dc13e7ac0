"""Processes begun by multiprocessing that can be told from any other's."""

from __future__ import annotations

from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any


class Spawned(SpawnContext):
    """Begins fresh processes, and knows which it began: a fork would copy whatever threads this one has in whatever state."""

    def __init__(self) -> None:
        self._begun: list[BaseProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> BaseProcess:  # type: ignore[override]  # noqa: N802  # where else it is a class
        """One that is not started yet, as multiprocessing's."""
        self._begun.append(process := super().Process(*args, **kwargs))
        return process

    def kill(self) -> None:
        """Ends all that were started, at once."""
        for process in self._begun:
            if process.is_alive():
                process.kill()
