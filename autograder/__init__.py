"""Teaches self-attention by hand, and explains every wrong matrix."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from autograder.version import __version__ as __version__

if TYPE_CHECKING:
    from autograder import draw as draw
    from autograder.draw import waits_for as waits_for
    from autograder.selfcheck.cases import case as case
    from autograder.selfcheck.display import check as check
    from autograder.selfcheck.foretold import predict as predict

__all__ = ["case", "check", "draw", "predict", "waits_for"]


def __getattr__(name: str) -> Any:
    """What students import, loaded when it is asked for: all else stays quick to import."""
    if name == "check":
        from autograder.selfcheck import display, kernel

        kernel.explain_missing_names()
        return display.check
    if name == "case":
        from autograder.selfcheck.cases import case

        return case
    if name == "predict":
        from autograder.selfcheck.foretold import predict

        return predict
    if name == "draw":
        return importlib.import_module("autograder.draw")
    if name == "waits_for":
        from autograder.draw import waits_for

        return waits_for
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
