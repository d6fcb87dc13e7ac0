"""One part of a class: `3/16` is the third of sixteen, the same whenever it is asked for.

A site with a plain job array grades each part on a machine of its own, all on one disk. A part is told by the digests of
names, so it needs no list that all have to agree on, and whoever hands in later changes nobody else's. A group stays
together: its name decides for all of its members.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from autograder.errors import CourseError
from autograder.notebook.places import HandedIn


@dataclass(frozen=True)
class Shard:
    """The part with this number, from 1, of so many."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `--shard` says; CourseError for what is no part of anything."""
        said = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text, re.ASCII)
        number, of = (int(said[1]), int(said[2])) if said else (0, 0)
        if not 1 <= number <= of:
            raise CourseError(
                f"--shard {text}: expected I/N with I from 1 to N, such as 3/16, the third of sixteen parts"
            )
        return cls(number, of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, name: str) -> bool:
        """Whether a student or a group of this name belongs to it."""
        digest = hashlib.sha256(os.fsencode(name)).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1

    def part(self, handed_in: Iterable[HandedIn], teams: Mapping[str, Sequence[str]]) -> tuple[HandedIn, ...]:
        """What of all that is handed in belongs to it, where those of a team hand in together."""
        team = {member: name for name, members in teams.items() for member in members}
        return tuple(one for one in handed_in if self.holds(team.get(one.student, one.student)))
