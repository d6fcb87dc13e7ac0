"""Teaches self-attention by hand, and explains every wrong matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.version import __version__ as __version__

if TYPE_CHECKING:
    from autograder.selfcheck.display import check as check

__all__ = ["check"]


def __getattr__(name: str) -> Any:
    """`check`, the one name students import, loaded when it is asked for: all else stays quick to import."""
    if name == "check":
        from autograder.selfcheck.display import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
