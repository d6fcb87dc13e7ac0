"""Whose each attempt is: folders of students, and work of which it cannot be told whose it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from autograder.course import roster
from autograder.course.roster import Student
from autograder.lms.attempts import Attempt
from autograder.lms.downloads import CALLED, Who
from autograder.lms.owners import Roster
from autograder.lms.staging import Staged, safe
from autograder.naming import as_text, composed, readings
from autograder.words import few

_SAYS_NOBODY: Final = "the download does not say whose it is, in the way of {}"
_Find: TypeAlias = Callable[
    [Who, Attempt], tuple[str, str]
]  # the student's folder, or "" and why it is not known


@dataclass(frozen=True)
class Matches:
    """Attempts by their students, and the others with the reason."""

    by_folder: Mapping[str, tuple[Staged, ...]]  # by the student's folder in `submitted/`, the latest last
    unmatched: tuple[tuple[Staged, str], ...]
    notes: tuple[str, ...]
    in_doubt: tuple[str, ...] = ()  # folders of students of whose attempts it cannot be told which counts


def match(
    staged: Sequence[Staged],
    students: Sequence[Student] | None,
    folders: Sequence[str],
    known: Mapping[str, str],
    groups: Collection[str] = (),
) -> Matches:
    """Whose the attempts are: of the roster's students, or, where there is no roster, by names as the LMS gives them.

    `folders` are those that are in `submitted/` already, `known` students, as text, by what the LMS called their work,
    and `groups` those that hand in together, whose work may lie in a folder called so.
    """
    found: dict[str, list[Staged]] = {}
    unmatched: list[tuple[Staged, str]] = []
    notes: list[str] = []
    find = _on_roster(students, folders, groups) if students is not None else _by_name(staged, folders, known)
    for one in staged:
        told = [find(who, one.attempt) for who in one.attempt.people]
        owners = list(dict.fromkeys(folder for folder, _ in told if folder))
        reasons = [why for folder, why in told if not folder]
        if not owners:
            why = reasons[0] if reasons else _SAYS_NOBODY.format(CALLED[one.attempt.kind])
            unmatched.append((one, why))
            continue
        notes += [
            f"{one.attempt.label}: taken for {few(list(map(as_text, owners)))} alone: {why}"
            for why in reasons
        ]
        for folder in owners:
            found.setdefault(folder, []).append(one)
    sure: dict[str, tuple[Staged, ...]] = {}
    for folder, own in found.items():
        by_time = all(one.attempt.at is not None for one in own)
        own.sort(key=lambda one, by_time=by_time: _rank(one, by_time))  # type: ignore[misc]
        rivals = [one for one in own if _rank(one, by_time) == _rank(own[-1], by_time)]
        if len({one.digest for one in rivals}) == 1:
            sure[folder] = tuple(own)
            continue
        labels = few([as_text(one.attempt.label) for one in rivals])
        why = f"{len(rivals)} in the download are {as_text(folder)}'s, and it cannot be told which counts: {labels}"
        unmatched += [(one, why) for one in rivals]
    return Matches(sure, tuple(unmatched), tuple(notes), tuple(sorted(found.keys() - sure.keys())))


def _rank(one: Staged, by_time: bool) -> tuple[object, ...]:
    """Sorts the attempts of one student: by time where it is known of all, else those of the last download last."""
    place, stamp, number = one.attempt.order
    at = one.attempt.at.isoformat() if one.attempt.at is not None else ""
    return (at, number) if by_time else (place, stamp, number)


def _on_roster(students: Sequence[Student], folders: Sequence[str], groups: Collection[str]) -> _Find:
    known = Roster(students)
    spelling = roster.match(students, folders).folders
    teams = {reading: safe(group) for group in groups for reading in readings(group)}
    there = {reading: folder for folder in folders for reading in readings(folder)}

    def find(who: Who, attempt: Attempt) -> tuple[str, str]:
        owner = known.owner(who, attempt.kind)
        if owner.student is None:
            team = next((teams[reading] for reading in readings(who.name) if reading in teams), "")
            folder = next((there[reading] for reading in readings(team) if reading in there), team)
            return folder, "" if team else owner.why
        return spelling.get(owner.student.id, owner.student.id), ""

    return find


def _by_name(staged: Sequence[Staged], folders: Sequence[str], known: Mapping[str, str]) -> _Find:
    """Without a roster: a folder called as the LMS calls the person, with its number where two have one name."""
    called: dict[str, set[tuple[str, str]]] = {}
    for one in staged:
        for who in one.attempt.people:
            called.setdefault(_called(who), set()).add(_key(who))
    there = {composed(folder): folder for folder in folders}

    def find(who: Who, attempt: Attempt) -> tuple[str, str]:
        name, (_, number) = _called(who), _key(who)
        if not name:
            return "", _SAYS_NOBODY.format(CALLED[attempt.kind])
        before = known.get(attempt.label)
        if before is None and (len(called[name]) > 1 or name in known.values()) and number:
            name = f"{name}_{number}"
        name = safe(before or name)
        return there.get(composed(name), name), ""

    return find


def _called(who: Who) -> str:
    login = who.login if who.name else who.login.rpartition("_")[2]  # by itself, or after other words
    called = login or who.email.partition("@")[0] or who.name or who.user_id
    return safe(called) if called else ""


def _key(who: Who) -> tuple[str, str]:
    return who.name or who.login or who.email, who.user_id or who.participant or who.submission
