"""What a notebook imports of the kit, where student code is graded: it does nothing there, and loads nothing.

A notebook must not check itself, has no inputs to load, and nobody looks at what it would draw.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Final

import autograder

_SILENT: Final = ("check", "draw", "predict", "waits_for")


class Silent:
    """Can be called, read and entered, and does nothing; as a block it takes errors as the real one does."""

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Itself, for `with waits_for("softmax"):`; a check at the end of a cell shows nothing either way."""
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return isinstance(error, Exception)


def silence() -> None:
    """Puts what does nothing in the place of all that notebooks import of the kit."""
    nothing = Silent()
    for name in _SILENT:
        setattr(autograder, name, nothing)
    sys.modules["autograder.draw"] = nothing  # type: ignore[assignment]  # import looks here first
    autograder.case = lambda *_: ()
