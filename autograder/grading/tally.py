"""What came of a run, kept as numbers: classes are large, and results are in their files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from autograder.gradebook.results import ResultFile


@dataclass
class OfFunction:
    """What came of one function."""

    total: float = 0.0  # points of everyone together
    full: int = 0
    carried: int = 0  # marked with a right one in place of another
    findings: Counter[str] = field(default_factory=Counter)  # the first of each who has any, by id


@dataclass
class Tally:
    """What came of the submissions that a run graded."""

    count: int = 0
    marked: int = 0  # those that have a score
    total: float = 0.0  # of their scores
    full: int = 0
    functions: dict[str, OfFunction] = field(default_factory=dict)  # by name
    hung: list[str] = field(default_factory=list)  # graded without a cell that hung or ended Python
    again: set[str] = field(
        default_factory=set
    )  # whose result a later run has to look at: none, or a weaker one

    def add(self, result: ResultFile) -> None:
        """Counts one result."""
        self.count += 1
        if result.score is not None:
            self.marked += 1
            self.total += result.score
            self.full += result.score == result.max_score
        if result.left_out and result.status == "graded":
            self.hung.append(result.student)
        if result.score is None or result.level != "full":
            self.again.add(result.student)
        for function in result.functions:
            one = self.functions.setdefault(function.name, OfFunction())
            one.total += function.score
            one.full += function.score == function.max_score
            one.carried += function.carried_forward
            one.findings.update(diagnosis.id for diagnosis in function.diagnoses[:1])
