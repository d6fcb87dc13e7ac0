"""What tests of locked-in children share: small limits, the modes of a machine, and a function tried in one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import parts
import pytest

from autograder.records import Cell, Limits, Returned
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Child, Request, Run

LIMITS = Limits(cpu_seconds=0.2, memory_mib=200)
IDENTITY = "def f(a): return a"
MODES = [
    pytest.param(True, id="bubblewrap", marks=parts.BUBBLEWRAP.mark),
    pytest.param(False, id="without"),
]


def tried(box: Sandbox, *sources: str, start: Callable[[], Child] | None = None) -> Run:
    """What came of one call of `f` in a notebook of these cells."""
    cells = [(Cell(index, source), False) for index, source in enumerate(sources)]
    return worker.run(start or box.child, Request("f", cells, [[(np.arange(3.0),)]]))


def only(run: Run) -> Any:
    """The outcome of a single call."""
    ((outcome,),) = run.outcomes
    return outcome


def fair(box: Sandbox) -> bool:
    """Whether an honest function is answered."""
    return isinstance(only(tried(box, IDENTITY)), Returned)
