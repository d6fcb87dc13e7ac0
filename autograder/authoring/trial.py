"""Notebooks of an adopted assignment tried in the kit: what their test cells give, as for any student."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from autograder.adopted import merging
from autograder.adopted.beside import handed_out
from autograder.adopted.examroom import ExamRoom
from autograder.adopted.papers import Assignment, Paper, Sitting
from autograder.adopted.sitting import sit
from autograder.errors import AutograderError
from autograder.notebook import notebooks
from autograder.records import Course
from autograder.sandbox.children import Sandbox

# A student's notebooks by name, as nbformat has them.
Work: TypeAlias = Mapping[str, Mapping[str, Any]]


def sittings(
    course: Course, assignment: Assignment, works: Mapping[str, Work], done: Callable[[], None] = lambda: None
) -> dict[str, dict[str, Sitting]]:
    """What came of each version of the work, by notebook; `done` is called after each. The first is the author's solution.

    A notebook is not there whose language the kit does not run, or that could not be run at all.
    """
    papers = [paper for paper in assignment.papers if "python" in paper.language]
    found: dict[str, dict[str, Sitting]] = {name: {} for name in works}
    with (
        handed_out(assignment) as folder,
        Sandbox(course.limits, folder=folder, lasting=True) as sandbox,
    ):
        for paper in papers:
            with ExamRoom(paper, assignment.folder, assignment.files) as room:
                permitted: Sequence[str] | None = None
                for name, work in works.items():
                    raw = json.dumps(work[paper.name]).encode()
                    steps = merging.steps(paper, notebooks.saved(raw))
                    with contextlib.suppress(AutograderError):
                        sat = sit(room, steps, sandbox.child, permitted=permitted)
                        found[name][paper.name] = sat
                        # Tests hand values to objects of students' where they do to those of the solution.
                        permitted = tuple(sat.places) if permitted is None else permitted
                    done()
    return found


def solution(assignment: Assignment) -> dict[str, dict[str, Any]]:
    """The author's own notebooks, as one that hands in the solution has them."""
    return {paper.name: _document(paper) for paper in assignment.papers}


def _document(paper: Paper) -> dict[str, Any]:
    cells = [
        {
            "cell_type": "code" if cell.is_code else "markdown",
            "source": cell.source,
            "metadata": {"nbgrader": {"grade_id": cell.grade_id}} if cell.grade_id else {},
        }
        for cell in paper.cells
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
