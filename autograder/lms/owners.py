"""Who on the roster a person is whom an LMS names: by what the LMS knows them by, and by name only where it is unique.

Where it is not certain, nobody is: work must never be graded under a stranger's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from autograder.course.roster import Student
from autograder.lms.downloads import Kind, Who
from autograder.naming import as_text
from autograder.words import few

_ENDS_IN: Final[Collection[Kind]] = ("blackboard", "ilias")  # where a login stands after other words


@dataclass(frozen=True)
class Owner:
    """The student, or why it cannot be told who it is."""

    student: Student | None
    why: str = ""


class Roster:
    """The students, by whatever an LMS may call them."""

    def __init__(self, students: Sequence[Student]) -> None:
        """The names are compared as `owner` says."""
        self._students = students
        self._by: dict[str, dict[str, list[Student]]] = {
            "user": _index(students, lambda one: (one.lms_user_id,)),
            "any id": _index(
                students, lambda one: (one.lms_user_id, one.id, one.lms_login_id, one.moodle_id)
            ),
            "moodle id": _index(students, lambda one: (one.moodle_id or one.lms_user_id, one.id)),
            "login": _index(students, lambda one: (one.lms_login_id, one.id)),
            "email": _index(students, lambda one: (one.email,)),
            "id": _index(students, lambda one: (one.id,)),
        }
        self._names = [_index(students, partial(fold_names, fold=fold)) for fold in _FOLDS]

    def owner(self, who: Who, kind: Kind) -> Owner:
        """Who it is by the LMS's number, the login or the address, which must not contradict each other, else by name.

        A name decides only where nothing else that both sides say contradicts it: namesakes may be in other sections.
        Case does not count, nor how accents are written, nor, where that leaves one alone, accents at all.
        """
        either = [one for one in (who.user_id, who.or_user_id) if one and _exact(one) in self._by["user"]]
        if kind == "canvas" and len(either) > 1:
            return Owner(None, f"it may be of number {either[0]} or {either[1]}: a name may end in a number")
        sure: dict[str, tuple[str, Student]] = {}
        for said, by, value in self._signs(who, kind):
            found = self._by[by].get(_exact(value), []) if value else []
            if len(found) == 1:
                sure.setdefault(found[0].id, (said, found[0]))
            elif found:
                return Owner(
                    None, f"{said} {_shown(value)} is that of {len(found)} on the roster ({_ids(found)})"
                )
        if len(sure) > 1:
            told = " and ".join(f"{said} of {as_text(id)}" for id, (said, _) in sure.items())
            return Owner(None, f"it has the {told}: which is right?")
        if sure:
            ((_, student),) = sure.values()
            return Owner(student)
        return self._by_name(who, kind)

    def _signs(self, who: Who, kind: Kind) -> list[tuple[str, str, str]]:
        """What is said of a person beside the name: in words, where to look it up, and what it is."""
        user = {"gradescope": "any id", "moodle": "moodle id"}.get(kind, "user")
        login = who.login
        if kind in _ENDS_IN and _exact(login) not in self._by["login"]:
            # "Homework 1_aexample", where the login itself may have a `_`: the longest that is somebody's
            parts = login.split("_")
            endings = ["_".join(parts[start:]) for start in range(1, len(parts))]
            login = next((one for one in endings if _exact(one) in self._by["login"]), "")
        return [
            ("number", user, who.user_id),
            ("login", "id" if kind == "plain" else "login", login),
            ("address", "email", who.email),
        ]

    def _by_name(self, who: Who, kind: Kind) -> Owner:
        if not who.name:
            return Owner(
                None,
                "nobody on the roster has this login" if who.login else "the download does not say who it is",
            )
        for fold, index in zip(_FOLDS, self._names, strict=True):
            found = index.get(fold(who.name), [])
            if len(found) == 1:
                why = _another(who, found[0], kind)
                return Owner(None if why else found[0], why)
            if found:
                lacking = _COLUMN[kind]
                return Owner(
                    None,
                    f"{len(found)} on the roster are called {_shown(who.name)} ({_ids(found)}): {lacking} tells them apart",
                )
        return Owner(
            None, f"nobody on the roster is called {_shown(who.name)}, or has what the download says of them"
        )


def _another(who: Who, one: Student, kind: Kind) -> str:
    """Why somebody of the name of a student is another person: what the LMS says and what the roster has differ."""
    user = {"canvas": one.lms_user_id, "moodle": one.moodle_id}.get(kind, "")
    signs = (
        ("number", who.user_id, user),
        ("login", who.login, one.lms_login_id if kind != "plain" else ""),
        ("address", who.email, one.email),
    )
    for said, here, there in signs:
        if here and there and _exact(here) != _exact(there):
            return (
                f"{_shown(who.name)} is called as {as_text(one.id)} on the roster, and has another {said} ({as_text(here)}, and "
                f"there {as_text(there)}): if it is the same person, correct the roster"
            )
    return ""


_COLUMN: Final[Mapping[Kind, str]] = {
    "canvas": "the roster's column lms_user_id",
    "moodle": "Moodle's grading worksheet, imported with the zip, with the roster's email or moodle_id,",
    "gradescope": "the roster's column email or lms_user_id",
    "blackboard": "the roster's column lms_login_id",
    "ilias": "the roster's column lms_login_id",
    "plain": "a folder called as the roster's id",
}


def _index(
    students: Sequence[Student], signs: Callable[[Student], Sequence[str]]
) -> dict[str, list[Student]]:
    found: dict[str, list[Student]] = {}
    for one in students:
        for sign in dict.fromkeys(_exact(value) for value in signs(one)):
            if sign:
                found.setdefault(sign, []).append(one)
    return found


def _exact(value: str) -> str:
    """An id, a login or an address, in which case and spaces around do not count."""
    return unicodedata.normalize("NFC", as_text(value)).strip().casefold()


def _written(name: str) -> str:
    """A name as Canvas writes it: small, without spaces and signs."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", as_text(name)).casefold())


def plainly(name: str) -> str:
    """A name by its letters and figures, without accents."""
    apart = unicodedata.normalize("NFKD", as_text(name).casefold())
    return re.sub(r"[\W_]", "", "".join(sign for sign in apart if not unicodedata.combining(sign)))


_FOLDS: Final[Sequence[Callable[[str], str]]] = (_written, plainly)


def fold_names(one: Student, fold: Callable[[str], str]) -> tuple[str, ...]:
    """What a student may be called, each way folded: by both names in either order, and by the id."""
    first, last = one.first_name, one.last_name
    return tuple(
        dict.fromkeys(fold(name) for name in (f"{first} {last}", f"{last} {first}", one.id) if fold(name))
    )


def _ids(students: Sequence[Student]) -> str:
    return few([as_text(one.id) for one in students])


def _shown(name: str) -> str:
    return f"“{as_text(name)}”"
