"""The repository's own course with all that its units know, read once for the many tests that look at it."""

from __future__ import annotations

from collections.abc import Mapping

from repository import REPOSITORY

from autograder.course import coursefile, material
from autograder.course.material import Material
from autograder.records import Course

COURSE: Course = coursefile.load(REPOSITORY / "course.toml")
MATERIALS: Mapping[str, Material] = {unit.name: material.load(COURSE, unit) for unit in COURSE.units}
# The name of each function's unit.
HOME: Mapping[str, str] = {function.name: unit.name for unit in COURSE.units for function in unit.functions}
