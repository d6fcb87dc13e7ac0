"""The notebook that graders see, composed for a test."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from released import released

from autograder.gradebook import autograded, written
from autograder.gradebook import released as releases
from autograder.gradebook.released import Release
from autograder.records import Check, Diagnosis, FunctionReport, Report

WRONG = FunctionReport(
    "softmax",
    0.5,
    3.0,
    True,
    (
        Check("rows sum to one", False, 1.0, "Some rows\ndo not\x1b[31m sum to one."),
        Check("shape", True, 0.5, "never shown"),
    ),
    (Diagnosis("softmax.wrong-axis", "The sum runs along another axis", line=4),),
    ("scaled_scores",),
    "A note.",
)

REPORT = Report("self-attention", "Self-attention", "ada", "graded", 3.5, 6.0, (WRONG,), submission="d1")


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return read_release(tmp_path)


def read_release(folder: Path) -> Release:
    path = folder / "release.ipynb"
    path.write_text(json.dumps(released()))
    return releases.read(path)


def compose(release: Release, tmp_path: Path, document: dict[str, Any], report: Report = REPORT) -> Any:
    path = tmp_path / "handed-in.ipynb"
    path.write_text(json.dumps(document))
    composed = autograded.compose(release, report, written.read(release, path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(nbformat.from_dict(composed))
    return composed


def by_grade_id(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    cells = document["cells"]
    return {c["metadata"]["nbgrader"]["grade_id"]: c for c in cells if "nbgrader" in c["metadata"]}
