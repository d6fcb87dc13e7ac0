"""Small edits of a student's own definitions, from the plainest on, each with its place and kind.

Order: what is deleted, names, indices and numbers; then operators; then calls; then what is added.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import Editable
from autograder.explaining.edited_expressions import in_expressions
from autograder.explaining.edited_statements import in_statements
from autograder.explaining.placed import Kind, Placed
from autograder.records import Redefined

_MOST: Final = 400
_MOST_ALIKE: Final = 4  # like places of which any two are changed
# What is looked at to choose them from: real code has a third of that at most, and made-up code may have millions.
_MOST_CHANGES: Final = 50_000
_MOST_CHARACTERS: Final = 4_000_000  # of what these write


@dataclass(frozen=True)
class Edit:
    """One small edit: what runs in the place of the student's own, and where it was made."""

    owner: Editable
    change: Change

    @property
    def rank(self) -> Rank:
        """How plain it is."""
        return self.change.rank

    @cached_property
    def definitions(self) -> tuple[Redefined, ...]:
        """What runs instead."""
        owner, change = self.owner, self.change
        text = change.whole() if change.whole is not None else owner.with_parts(list(change.parts))
        return (Redefined(owner.name, owner.cell, text), *_made_again(owner))

    @property
    def placed(self) -> Placed:
        """Where it was made, and of what kind it is."""
        change, owner = self.change, self.owner
        where = owner.name if owner.elsewhere else None
        return Placed(change.line, change.kind, change.also, change.subject, function=where)


def edits(editables: Sequence[Editable], without: Collection[Kind] = ()) -> list[Edit]:
    """Small edits of these definitions, the plainest first, none of the kinds `without`; bounded in number."""
    found: list[Edit] = []
    room = _Room()
    for owner in editables:
        changes = list(room.taken(itertools.chain(in_statements(owner), in_expressions(owner))))
        found += [
            Edit(owner, change) for change in (*changes, *_alike(changes)) if change.kind not in without
        ]
    found.sort(key=lambda edit: edit.rank)  # stable: in the order of the code
    return found[:_MOST]


@dataclass
class _Room:
    """How much is looked at yet, of all definitions together."""

    changes: int = _MOST_CHANGES
    characters: int = _MOST_CHARACTERS

    def taken(self, changes: Iterable[Change]) -> Iterator[Change]:
        """The first of these changes, as far as there is room."""
        for change in changes:
            self.changes -= 1
            self.characters -= len(change.like) + sum(len(text) for _, _, text in change.parts)
            if self.changes < 0 or self.characters < 0:
                return
            yield change


def _alike(changes: Iterable[Change]) -> Iterator[Change]:
    """The same change made at every like place, where there are several, and at two of a few."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.like and change.whole is None:
            groups.setdefault(change.like, []).append(change)
    for group in groups.values():
        if len(group) > 1:
            yield from _together(group, 1)
        if 2 < len(group) <= _MOST_ALIKE:
            for pair in itertools.combinations(group, 2):
                yield from _together(pair, 2)


def _together(group: Sequence[Change], further: int) -> Iterator[Change]:
    """All of these changes as one, which is less plain by so much; none where they overlap."""
    parts = sorted({part for change in group for part in change.parts})
    if all(one[1] <= other[0] for one, other in itertools.pairwise(parts)):
        first = min(group, key=lambda change: change.line)
        also = tuple(sorted({change.line for change in group} - {first.line}))
        rank = Rank(min(first.rank + further, Rank.FAR))
        yield replace(first, parts=tuple(parts), rank=rank, also=also, like="")


def both(one: Edit, other: Edit) -> tuple[Redefined, ...] | None:
    """Two edits at once; None where they overlap or one is a change of a whole definition."""
    if one.owner is not other.owner:
        return (*one.definitions, *other.definitions)
    if one.change.whole is not None or other.change.whole is not None:
        return None
    parts = sorted({*one.change.parts, *other.change.parts})
    if any(first[1] > second[0] or first[:2] == second[:2] for first, second in itertools.pairwise(parts)):
        return None
    text = one.owner.with_parts(parts)
    return (Redefined(one.owner.name, one.owner.cell, text), *_made_again(one.owner))


def _made_again(owner: Editable) -> tuple[Redefined, ...]:
    """What a decorator has to be applied to once more, after it has been edited."""
    graded = owner.decorated
    return () if graded is None else (Redefined(graded.name, graded.cell, graded.with_parts([])),)
