"""NumPy's own tests of its linear algebra and its core, run in a locked-in child: the honest case.

pytest itself would want folders to write to, so the test functions are called without it: once for each set of
parameters, leaving out those that ask for fixtures, start processes or read files.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import parts
import pytest

from autograder.records import Cell, Limits, Outcome, Returned
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Request

pytestmark = [
    pytest.mark.slow,
    parts.LINUX.mark,
    pytest.mark.skipif(
        not Path(np.__file__).with_name("linalg").joinpath("tests").exists(), reason="no tests"
    ),
]
CORE = "numpy._core" if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else "numpy.core"
_RUN = """
import importlib, inspect, itertools, sys, traceback, warnings
import numpy as np

def row_of(value, width):
    if hasattr(value, "marks"):  # pytest.param
        return value.values
    return value if width > 1 else (value,)

def parameters(function, *owners):
    marks = [mark for thing in (function, *owners) for mark in getattr(thing, "pytestmark", [])]
    if any(mark.name in ("skip", "xfail", "slow", "thread_unsafe", "usefixtures") for mark in marks):
        return []
    if any(mark.name == "skipif" and any(mark.args) for mark in marks):
        return []
    choices = []
    for mark in marks:
        if mark.name == "parametrize":
            names, values = [*mark.args, *mark.kwargs.values()][:2]
            names = names.replace(",", " ").split() if isinstance(names, str) else list(names)
            rows = [row_of(value, len(names)) for value in values if not getattr(value, "marks", ())]
            choices.append([dict(zip(names, row)) for row in rows])
    return [{name: value for part in chosen for name, value in part.items()} for chosen in itertools.product(*choices)]

# Which take as long as a hundred others, and go the way of those beside them.
LONG = {
    "TestClip.test_clip_property", "TestCreationFuncs.test_full", "TestEinsum.test_einsum_broadcast",
    "TestEinsum.test_complex", "TestFFTThreadSafe.test_ifft", "TestFFTThreadSafe.test_irfft",
    "TestFFTThreadSafe.test_rfft",
}

def tests(module):
    for name, thing in list(vars(module).items()):
        if inspect.isclass(thing) and name.startswith("Test"):
            for method in dir(thing):
                if method.startswith("test") and f"{name}.{method}" not in LONG:
                    yield f"{name}.{method}", thing, method
        elif inspect.isfunction(thing) and name.startswith("test"):
            yield name, None, name

def f(which):
    passed = failed = left = 0
    module = importlib.import_module("".join(map(chr, which)))
    for name, owner, method in tests(module):
        function = getattr(owner or module, method)
        for chosen in parameters(function, *(owner.__mro__[:-1] if owner else ())):
            instance = owner() if owner else None
            run = getattr(instance, method) if owner else function
            if set(inspect.signature(run).parameters) - set(chosen):
                left += 1  # it asks for a fixture
                continue
            try:
                if hasattr(instance, "setup_method"): instance.setup_method()
                with warnings.catch_warnings():
                    run(**chosen)
                passed += 1
            except BaseException as error:
                if type(error).__name__ == "Skipped":
                    left += 1
                else:
                    failed += 1
                    print(name, chosen, type(error).__name__, str(error)[:300])
    return np.array([passed, failed, left])
"""


MODULES = {
    "numpy.linalg.tests.test_linalg": 300,
    "numpy.fft.tests.test_pocketfft": 80 if CORE == "numpy._core" else 70,
    f"{CORE}.tests.test_einsum": 50,
    f"{CORE}.tests.test_shape_base": 50,
    f"{CORE}.tests.test_numeric": 300,
}
ENCLOSED = ("test_linalg", "test_einsum", "test_numeric")  # the others without bubblewrap


@pytest.fixture(scope="module")
def unlocked() -> dict[str, list[int]]:
    """How many of each module pass, fail and are left out in an ordinary process of this Python."""
    asked = "\n".join(f"print(*f({list(map(ord, module))}), file=sys.stderr)" for module in MODULES)
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{_RUN}\n{asked}"],
        capture_output=True, text=True, check=True, env=one_thread,
    )  # fmt: skip
    counts = [int(count) for count in done.stderr.split()[-3 * len(MODULES) :]]
    return {module: counts[3 * place : 3 * place + 3] for place, module in enumerate(MODULES)}


@pytest.fixture(scope="module")
def locked_in() -> Callable[[bool], Mapping[str, tuple[Outcome, str]]]:
    """What came of the modules of one mode in one child, with what it printed: with bubblewrap, or without."""

    @functools.cache
    def run(enclosed: bool) -> Mapping[str, tuple[Outcome, str]]:
        modules = [module for module in MODULES if module.endswith(ENCLOSED) == enclosed]
        names = [(np.array([ord(letter) for letter in module]),) for module in modules]
        with Sandbox(Limits(cpu_seconds=60, memory_mib=2048), use_bubblewrap=enclosed) as box:
            came = worker.run(box.child, Request("f", [(Cell(0, _RUN), False)], [names]))
        return {
            module: (outcome, came.printed) for module, outcome in zip(modules, came.outcomes[0], strict=True)
        }

    return run


@pytest.mark.parametrize("module", MODULES)
def test_as_many_pass_in_a_child_as_outside(
    module: str, locked_in: Callable[[bool], Mapping[str, Any]], unlocked: dict[str, list[int]]
) -> None:
    enclosed = module.endswith(ENCLOSED)
    if enclosed:
        parts.BUBBLEWRAP.require()
    outcome, printed = locked_in(enclosed)[module]
    assert isinstance(outcome, Returned), (outcome, printed)
    counts = outcome.value.tolist()  # type: ignore[union-attr]
    assert counts == unlocked[module], printed
    assert counts[0] >= MODULES[module]
    assert counts[1] <= 2
