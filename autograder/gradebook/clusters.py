"""Students whose unexplained results agree, from what results files say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from autograder import hints
from autograder.records import FunctionReport, Report


@dataclass(frozen=True)
class Cluster:
    """Those who show the same unexplained results of one function."""

    name: str  # such as "softmax-k3f9qa"
    function: str
    title: str  # what is known of them
    students: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many students they are."""
        return len(self.students)


def found(reports: Iterable[Report]) -> tuple[Cluster, ...]:
    """The clusters of these reports, most frequent first."""
    students: dict[str, list[str]] = defaultdict(list)
    first: dict[str, FunctionReport] = {}
    for report in reports:
        for function in report.functions:
            if function.cluster:
                students[function.cluster].append(report.student)
                first.setdefault(function.cluster, function)
    clusters = (
        Cluster(name, first[name].name, _title(first[name]), tuple(names)) for name, names in students.items()
    )
    return tuple(sorted(clusters, key=lambda one: (-one.count, one.function, one.name)))


def _title(function: FunctionReport) -> str:
    best = next(iter(function.diagnoses), None)
    if best is None:
        return "No known mistake gives these results"
    edit = best.kind if best.id == "general.one-edit" else None
    return best.title if edit is None else hints.small_edit(edit, best.step)
