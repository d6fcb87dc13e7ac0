"""A lesson that is half done runs to its end: what is right shows, what is wrong or not written is waited for.

Lessons as they come and all solved are in `test_lessons.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from repository import REPOSITORY
from student import RIGHT, hand_out, write
from waiting import FOREVER

from autograder.course import coursefile

COURSE = coursefile.load(REPOSITORY / "course.toml")
UNITS = [unit.name for unit in COURSE.units]


def half_done(unit: str) -> dict[str, str]:
    """Right as far as it goes, and of the last function something that is no result at all."""
    *before, last = RIGHT[unit]
    kept = before[:1]
    return {name: RIGHT[unit][name] for name in kept} | {last: f"def {last}(*inputs):\n    return [inputs]"}


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, NotebookNode]:
    """Every lesson after it has run, half done; side by side, each in a folder and a kernel of its own."""
    clients: dict[str, NotebookClient] = {}
    for unit in UNITS:
        path: Path = write(hand_out(unit, tmp_path_factory.mktemp(unit)), half_done(unit))
        resources = {"metadata": {"path": str(path.parent)}}
        notebook = nbformat.read(path, as_version=4)
        patient = {"timeout": FOREVER, "startup_timeout": FOREVER}
        clients[unit] = NotebookClient(
            notebook, kernel_name="python3", resources=resources, allow_errors=True, **patient
        )

    async def run_all() -> None:
        await asyncio.gather(*(client.async_execute() for client in clients.values()))

    asyncio.run(run_all())
    return {unit: client.nb for unit, client in clients.items()}


@pytest.mark.parametrize("unit", UNITS)
def test_a_lesson_that_is_half_done_runs_without_an_error_or_a_warning(
    lessons: Mapping[str, NotebookNode], unit: str
) -> None:
    cells = [cell for cell in lessons[unit].cells if cell.cell_type == "code"]
    outputs = [(cell.source, output) for cell in cells for output in cell.outputs]
    assert not [
        (source, out) for source, out in outputs if out.output_type == "error" or out.get("name") == "stderr"
    ]
    said = "\n".join(out.get("text") or out.get("data", {}).get("text/plain", "") for _, out in outputs)
    assert "This cell waits for your" in said
    assert "visible checks pass" in said
