"""Clusters of unexplained results, from reports."""

from __future__ import annotations

from autograder.gradebook import clusters
from autograder.records import Diagnosis, FunctionReport, Report

AXIS = Diagnosis("general.one-edit", "Line 3: look at the axis", "row sum", 3, kind="axis")


def report(student: str, *functions: tuple[str, str, tuple[Diagnosis, ...]]) -> Report:
    told = (
        FunctionReport(name, 0, 1, False, (), found, cluster=cluster) for name, cluster, found in functions
    )
    return Report("u", "U", student, "graded", 0, 2, tuple(told))


def test_the_most_frequent_come_first_with_what_is_known_of_them() -> None:
    found = clusters.found(
        [
            report("ada", ("g", "g-b", ()), ("f", "f-a", (AXIS,))),
            report("bo", ("g", "", (Diagnosis("g.known", "Known"),))),
            report("cy", ("f", "f-a", (AXIS,))),
            report("di", ("g", "g-c", (Diagnosis("general.nan", "It holds nan"),))),
        ]
    )
    assert [(one.name, one.function, one.count, one.students) for one in found] == [
        ("f-a", "f", 2, ("ada", "cy")),
        ("g-b", "g", 1, ("ada",)),
        ("g-c", "g", 1, ("di",)),
    ]
    assert [one.title for one in found] == [
        "A small change is needed: an axis, in the step “row sum”",
        "No known mistake gives these results",
        "It holds nan",
    ]
