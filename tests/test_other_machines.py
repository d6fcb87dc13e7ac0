"""What ships of a unit is the same, wherever it is made: in whatever order sums are added up, by whatever kernel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import machines
import numpy as np
import pytest
from committed import alike, is_fresh, read_checks, same_numbers
from repository import REPOSITORY

from autograder.authoring import visible
from autograder.course import coursefile
from autograder.explaining import candidates, sketch
from autograder.records import Course

pytestmark = pytest.mark.slow

UNITS = ("embeddings", "self-attention", "multi-head", "layers")


@pytest.fixture
def fresh_memory() -> Iterator[None]:
    """Nothing that was worked out on one machine is known on the other."""
    for memory in (candidates.known, sketch._kept_weights):
        memory.cache_clear()
    yield
    for memory in (candidates.known, sketch._kept_weights):
        memory.cache_clear()


# Of what is guessed, as slow as unsteady numbers are: one of so many, or all of it where a night is spent on such things.
ONE_OF = 1 if os.environ.get("AUTOGRADER_FUZZ") == "nightly" else 36


@pytest.fixture
def a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of what is guessed; another kernel, below, makes all of it for one unit."""
    for name in ("pairs", "changes"):
        every = getattr(candidates.Candidates, name).func
        fewer = property(lambda known, every=every: every(known)[::ONE_OF])
        monkeypatch.setattr(candidates.Candidates, name, fewer)


@pytest.mark.parametrize("unit", UNITS)
def test_another_machine_makes_the_same(
    own_course: Course, course_folder: Path, unit: str, fresh_memory: None, a_part: None
) -> None:
    here = visible.data(own_course, own_course.unit(unit))
    sketch._kept_weights.cache_clear()
    with machines.another_machine(seed=12):
        course = coursefile.load(course_folder / "course.toml")  # all of it is read anew
        there = visible.data(course, course.unit(unit))
    assert machines.Unsteady.count > 10_000
    assert there == here or alike(read_checks(there), read_checks(here))


def test_another_kernel_makes_the_same(course_folder: Path) -> None:
    """For matrix products by the one that differs most from this machine's own; and NumPy's own loops without SIMD.

    Where there is no other, what is committed of this unit is held against this machine alone: test_release makes the rest.
    """
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])  # type: ignore[index]
    plain = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(found)}
    kernels = [plain | {"OPENBLAS_CORETYPE": kernel} for kernel in ("Prescott", "Nehalem", "Haswell")]
    own = kernel_used(dict(os.environ))
    other = next((one for one in kernels if kernel_used(one) not in ("", own)), None)
    unit = "self-attention"  # the others, as dear again, are made on the machine above
    shutil.rmtree(course_folder / "assignments")
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "release", unit]
    subprocess.run(command, cwd=course_folder, env=other, check=True, capture_output=True)
    made, committed = (
        {path.name for path in (root / "assignments" / unit).iterdir()}
        for root in (course_folder, REPOSITORY)
    )
    assert made == committed, "run `autograder release` and commit assignments/"
    for name in made:
        fresh = is_fresh(unit, name, (course_folder / "assignments" / unit / name).read_bytes())
        assert fresh, f"{unit}/{name} is stale: run `autograder release` and commit assignments/"
    if other is None:
        pytest.skip("NumPy's matrix products cannot be made to use another kernel here")


def kernel_used(environment: dict[str, str]) -> str:
    """Which kernel OpenBLAS uses in a process of this environment; empty where it cannot, or is not there."""
    ask = "import numpy, threadpoolctl; print(*[p.get('architecture') for p in threadpoolctl.threadpool_info()])"
    told = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True)
    return told.stdout.strip() if told.returncode == 0 else ""


@pytest.mark.parametrize(
    ("step", "same"),
    [
        ([[1e-8, 0.0, 0.0]], True),
        ([[0.0, 0.0, 1e-7]], True),
        ([[0.0, 1e-5, 0.0]], False),
        ([[np.nan, 0, 0]], False),
    ],
)
def test_numbers_are_the_same_by_the_scale_of_the_largest(step: list[list[float]], same: bool) -> None:
    table = np.array([[1.0, -0.3, 1e-9], [0.0, 1e3, np.inf]])
    assert same_numbers(table, table + np.array([*step, [0.0] * 3]), axis=-1) is same
