"""What holds processes and ends them: closed by `close`, or where its `with` ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self


class Closing(ABC):
    """A context manager that gives itself, and is closed however its `with` ends."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> object:
        """Ends all that it holds; there may be nothing, and it may be closed again."""
