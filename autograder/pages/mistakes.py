"""Who makes which mistake: the diagnoses of a class, counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from autograder import hints
from autograder.records import Report

UNTOUCHED: Final = frozenset({"general.not-implemented", "general.missing"})  # nothing to teach again
# One id stands for whatever differs; only the words say which.
ONE_ID: Final = frozenset({"general.changed-step", "general.one-edit"})


@dataclass(frozen=True)
class MisconceptionStatistic:
    """One diagnosis of one function, and who has it."""

    function: str
    id: str
    title: str
    read: str  # what to read again, empty where the results do not say
    students: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many students have it."""
        return len(self.students)


def family(id: str) -> str:
    """What a diagnosis of one function has in common with others': `unstable` of `softmax.unstable` and `attend.unstable`.

    A general finding is its own family. Empty for what is not the same mistake though it has the same id.
    """
    if id in UNTOUCHED or id in ONE_ID:
        return ""
    function, _, name = id.partition(".")
    return id if function == "general" else name


def found(reports: Iterable[Report]) -> tuple[MisconceptionStatistic, ...]:
    """The diagnoses of a class, most common first; what is not written yet last."""
    students: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    words: dict[tuple[str, str, str], tuple[str, str]] = {}
    for report in reports:
        for function in report.functions:
            for diagnosis in function.diagnoses:
                told = diagnosis.title
                if diagnosis.kind is not None and diagnosis.id == "general.one-edit":
                    told = hints.small_edit(diagnosis.kind, diagnosis.step)  # each has a line of its own
                key = function.name, diagnosis.id, told if diagnosis.id in ONE_ID else ""
                students[key][report.student] = None
                title, read = words.get(key, ("", ""))
                words[key] = title or told, read or diagnosis.read
    all_of_them = [
        MisconceptionStatistic(*key[:2], *words[key], tuple(names)) for key, names in students.items()
    ]
    # At equal numbers a misconception of the function stands before a general finding.
    return tuple(
        sorted(
            all_of_them,
            key=lambda one: (
                one.id in UNTOUCHED,
                -one.count,
                one.id.startswith("general."),
                one.function,
                one.id,
            ),
        )
    )
