"""Who a page speaks of: names and sections as the roster has them, or names that tell nothing of anybody."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from autograder.course.roster import Student
from autograder.naming import as_text, composed

_LETTERS: Final = 6  # of a name that stands for somebody's: a thousand million of them


@dataclass(frozen=True)
class Person:
    """One student as a page calls them."""

    student: str  # the folder's name, unchanged; empty where names are hidden
    name: str  # "Lovelace, Ada"; the folder's name as text where no other is known
    id: str = ""  # the folder's name as text, where `name` does not hold it
    section: str = ""


@dataclass(frozen=True)
class People:
    """Everybody of a class, as pages call them."""

    roster: Mapping[str, Student] = field(default_factory=dict)  # by the folder's name
    key: bytes | None = None  # by which names are hidden; None: they are shown

    @property
    def are_hidden(self) -> bool:
        """Whether pages name nobody."""
        return self.key is not None

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The sections of the roster, in order; none where all are in the same."""
        found = sorted({one.section for one in self.roster.values()}, key=lambda name: (not name, name))
        return tuple(found) if len(found) > 1 else ()

    def section(self, student: str) -> str:
        """The section that a student is in; empty where that is not known."""
        found = self.roster.get(student)
        return "" if found is None else found.section

    def known(self, student: str) -> Person:
        """The student by their own name, whether names are hidden or not."""
        found = self.roster.get(student)
        name, id = "" if found is None else _name(found), as_text(student)
        is_shared = self._shared[name] > 1
        return Person(
            student,
            f"{name} ({id})" if is_shared else name or id,
            id if name and not is_shared else "",
            self.section(student),
        )

    @cached_property
    def _shared(self) -> Counter[str]:
        """How many have the same name."""
        return Counter(filter(None, map(_name, self.roster.values())))

    def alias(self, student: str) -> str:
        """What stands in the place of a student's name where it is hidden: the same in every unit and every run.

        Nobody finds out who it is by trying names, without the course's secret.
        """
        if self.key is None:
            return ""
        text = f"page\0{composed(student).casefold()}"
        digest = hmac.new(self.key, text.encode("utf-8", "surrogateescape"), hashlib.sha256).digest()
        return f"student {base64.b32encode(digest).decode()[:_LETTERS].lower()}"

    def shown(self, student: str) -> Person:
        """The student as a page may call them."""
        if self.are_hidden:
            return Person("", self.alias(student), section=self.section(student))
        return self.known(student)

    @cached_property
    def order(self) -> Callable[[str], tuple[str, str]]:
        """The order in which students stand on a page: by name, or by what is shown in its place."""

        def key(student: str) -> tuple[str, str]:
            return self.shown(student).name.casefold(), student

        return key

    def sorted(self, students: Iterable[str]) -> tuple[str, ...]:
        """These students in that order."""
        return tuple(sorted(students, key=self.order))


def _name(student: Student) -> str:
    return ", ".join(part for part in (student.last_name, student.first_name) if part)


NO_ROSTER: Final = People()


def people(students: Sequence[Student], key: bytes | None = None) -> People:
    """The students of the roster, with ids as their folders are spelt; `key` hides their names."""
    return People({one.id: one for one in students}, key)
