"""How each misconception goes from unit to unit: who has it again, who no longer, who is new to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.pages.classroom import ClassSummary
from autograder.pages.mistakes import family
from autograder.words import commonest


@dataclass(frozen=True)
class Seen:
    """One misconception in one unit."""

    unit: int  # its place among the units, from 0
    students: tuple[str, ...]
    share: float  # of those whose functions were run
    # Against the last unit before in which anybody had it.
    before: int = 0  # who had it there
    again: int = 0  # of those, who have it here too
    free: int = 0  # of those, who handed in here and do not have it

    @property
    def count(self) -> int:
        """How many have it here."""
        return len(self.students)

    @property
    def new(self) -> int:
        """How many have it here and did not there."""
        return self.count - self.again


@dataclass(frozen=True)
class Progress:
    """One misconception through the units in which it was seen, two at least."""

    name: str  # "unstable"; of a general finding the whole id
    title: str  # in the words of the diagnosis that most students got
    ids: tuple[str, ...]
    seen: tuple[Seen, ...]

    @property
    def count(self) -> int:
        """How many findings there are, over all units."""
        return sum(one.count for one in self.seen)

    def share(self, unit: int) -> float:
        """The share of students who have it in this unit."""
        return next((one.share for one in self.seen if one.unit == unit), 0.0)


def families(summary: ClassSummary) -> Mapping[str, tuple[str, ...]]:
    """Who has which misconception in one unit: students by family."""
    found: dict[str, dict[str, None]] = {}
    for line in summary.students:
        for id in line.diagnoses:
            if name := family(id):
                found.setdefault(name, {})[line.student] = None
    return {name: tuple(students) for name, students in found.items()}


def progress(summaries: Sequence[ClassSummary]) -> tuple[Progress, ...]:
    """The misconceptions that were seen in two units or more, most frequent first."""
    by_unit = [families(summary) for summary in summaries]
    handed_in = [{line.student for line in summary.students} for summary in summaries]
    titles = _titles(summaries)
    told = []
    for name in {name: None for found in by_unit for name in found}:
        seen: list[Seen] = []
        for unit, (summary, found) in enumerate(zip(summaries, by_unit, strict=True)):
            students = found.get(name, ())
            if not students:
                continue
            before = set(seen[-1].students) if seen else set()
            again = before.intersection(students)
            seen.append(
                Seen(
                    unit,
                    students,
                    len(students) / summary.diagnosed if summary.diagnosed else 0.0,
                    len(before),
                    len(again),
                    len((before & handed_in[unit]) - again),
                )
            )
        if len(seen) > 1:
            title, ids = titles[name]
            told.append(Progress(name, _for_all(title, name), ids, tuple(seen)))
    return tuple(sorted(told, key=lambda one: (-one.count, one.name)))


def _for_all(title: str, name: str) -> str:
    """The title, or the words of the id where it names something of one student's own code."""
    if "`" not in title and not re.search(r"\d", title):
        return title
    return name.removeprefix("general.").replace("-", " ").capitalize()


def _titles(summaries: Iterable[ClassSummary]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """What each family is called, and the ids that belong to it."""
    counts: dict[str, Counter[str]] = {}
    ids: dict[str, dict[str, None]] = {}
    for summary in summaries:
        for one in summary.misconceptions:
            name = family(one.id)
            counts.setdefault(name, Counter())[one.title] += one.count
            ids.setdefault(name, {})[one.id] = None
    return {name: (commonest(found)[0], tuple(ids[name])) for name, found in counts.items()}
