"""Whose the files of an LMS's download are, by the names that the LMS gave to folders and files.

Canvas, Moodle, Gradescope, Blackboard and ILIAS each have a scheme of their own; `tests/lms/test_downloads.py` says of
each where it is written down. What has none is plain: a folder for each student, or a file called by the student.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from autograder.notebook import places

Kind: TypeAlias = Literal["canvas", "moodle", "gradescope", "blackboard", "ilias", "plain"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CALLED: Final[Mapping[Kind, str]] = {  # what people call the system
    "canvas": "Canvas", "moodle": "Moodle", "gradescope": "Gradescope", "blackboard": "Blackboard", "ilias": "ILIAS",
    "plain": "plain",
}  # fmt: skip
METADATA: Final = "submission_metadata.yml"  # Gradescope's, beside the folders of submissions

# "exampleada_LATE_12345_678901_self-attention-1.ipynb": name, Canvas's user, Canvas's file
_CANVAS: Final = re.compile(
    r"(?:(?P<name>.+?)_)??(?P<late>LATE_)?(?P<user>anon_[^_]+|\d+)_(?P<number>\d+)_(?P<file>.+)", re.DOTALL
)
_NUMBER: Final = re.compile(r"\d+_")
# "Ada Example_12345_assignsubmission_file_", as a folder, or with the file's own name after it
# Moodle writes no `_` in a person's name: what comes after the first is a file's, whatever a student has called it.
_MOODLE: Final = re.compile(
    r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_file(?:_(?P<file>.*))?", re.DOTALL
)
_GRADESCOPE: Final = re.compile(r"submission_\d+")
# "Homework 1_aexample_attempt_2024-01-02-03-04-05_self-attention.ipynb"
_BLACKBOARD: Final = re.compile(
    r"(?P<head>.+?)_attempt_(?P<at>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL
)
_ILIAS: Final = re.compile(r"(?P<head>[^_]*_[^_]*_.+)_(?P<number>\d+)", re.DOTALL)
_ILIAS_LATE: Final = re.compile(
    r"(?:Late Submission|Late|Verspaetete Abgabe|Verspätete Abgabe) - ", re.IGNORECASE
)


@dataclass(frozen=True)
class Who:
    """A person as the LMS names them, each field empty where the download does not say it."""

    name: str = ""
    user_id: str = ""  # the LMS's number of the person
    login: str = ""  # or what ends in it, after other words and a `_`
    email: str = ""
    participant: str = ""  # Moodle's number of the person in this assignment alone
    submission: str = ""  # Gradescope's folder
    or_user_id: str = field(
        default="", compare=False
    )  # which it may be as well, where a name ends in a number


@dataclass(frozen=True)
class Download:
    """Whose one file of a download is."""

    who: Who
    file: tuple[str, ...]  # the folders in which it was handed in, and the name
    label: str  # what of its name must come back, for the LMS to know whose feedback it is
    attempt: str = (
        ""  # which of the person's attempts, where the download may hold several; a later one sorts last
    )
    late: bool = False  # as the LMS says
    number: int = 0  # grows with the time at which a file was handed in, where the LMS counts
    is_slip: bool = False  # about an attempt, and none of its files


def kind_of(paths: Sequence[Sequence[str]]) -> Kind | None:
    """Which system gave these names; None where no scheme fits."""
    if metadata(paths) is not None:
        return "gradescope"
    work = [parts for parts in paths if places.is_work(parts[-1])]
    votes: Counter[Kind] = Counter(map(_first_that_fits, work))
    if not votes:
        return None
    (best, count), *_ = votes.most_common(1)
    return best if count * 2 > len(work) else None


def metadata(paths: Sequence[Sequence[str]]) -> int | None:
    """Which of these is the file by which Gradescope says whose the rest is: beside the folders of submissions, not in one.

    Students may hand in a file that is called so.
    """
    beside = {
        tuple(parts[:depth])
        for parts in paths
        for depth, part in enumerate(parts[:-1])
        if _GRADESCOPE.fullmatch(part)
    }
    found = [
        at
        for at, parts in enumerate(paths)
        if parts[-1] == METADATA
        and tuple(parts[:-1]) in beside
        and not any(map(_GRADESCOPE.fullmatch, parts[:-1]))
    ]
    return found[0] if len(found) == 1 else None


def _first_that_fits(parts: Sequence[str]) -> Kind:
    return next((kind for kind, scheme in _SCHEMES.items() if scheme(parts) is not None), "plain")


def whose(kind: Kind, parts: Sequence[str]) -> Download | None:
    """Whose a file is, by its path within the download; None where its names say nobody."""
    found = _SCHEMES.get(kind, _plain)(parts)
    return found if found is not None and found.file and all(found.file) else None


def _canvas(parts: Sequence[str]) -> Download | None:
    found = _CANVAS.fullmatch(parts[-1])
    if found is None:
        return None
    anonymous = found["user"].startswith("anon_")
    user = "" if anonymous else found["user"]
    name = "" if anonymous else found["name"] or ""
    file = found["file"]
    label = parts[-1][: -len(file)]
    # Canvas takes numbers out of names, but not the one at the end: "mallory_101" is 5 in "mallory_101_5_900_a.ipynb".
    other = found["number"] if not anonymous and _NUMBER.match(file) else ""
    return Download(
        Who(name, user, submission=found["user"] if anonymous else "", or_user_id=other),
        (file,),
        label,
        late=found["late"] is not None,
        number=int(found["number"]),
    )


def _moodle(parts: Sequence[str]) -> Download | None:
    for depth, part in enumerate(parts):
        if found := _MOODLE.fullmatch(part):
            own = found["file"] or ""
            if own and depth < len(parts) - 1:
                return None  # a folder that only begins like Moodle's
            file = (own,) if own else tuple(parts[depth + 1 :])
            return Download(
                Who(found["name"].strip(), participant=found["number"]),
                file,
                f"{part[: len(part) - len(own)]}",
            )
    return None


def _gradescope(parts: Sequence[str]) -> Download | None:
    for depth, part in enumerate(parts[:-1]):
        if _GRADESCOPE.fullmatch(part):
            return Download(Who(submission=part), tuple(parts[depth + 1 :]), part)
    return None


def _blackboard(parts: Sequence[str]) -> Download | None:
    found = _BLACKBOARD.fullmatch(parts[-1])
    if found is None:
        return None
    file = found["file"] or f"{found['head']}.txt"
    label = parts[-1].removesuffix(".txt") if found["file"] is None else parts[-1][: -len(file) - 1]
    return Download(Who(login=found["head"]), (file,), label, found["at"], is_slip=found["file"] is None)


def _ilias(parts: Sequence[str]) -> Download | None:
    for depth, part in enumerate(parts[:-1]):
        if found := _ILIAS.fullmatch(part):
            *folders, name = parts[depth + 1 :]
            late = _ILIAS_LATE.match(name)
            own = name[late.end() :] if late else name
            return Download(Who(login=found["head"]), (*folders, own), part, late=late is not None)
    return None


def _plain(parts: Sequence[str]) -> Download | None:
    if len(parts) > 1:
        return Download(Who(name=parts[0], login=parts[0]), tuple(parts[1:]), parts[0])
    stem = places.stem(parts[0])
    return Download(Who(name=stem, login=stem), (parts[0],), stem) if places.is_work(parts[0]) else None


# The plainer a scheme, the later: a name of Moodle's could be one of ILIAS's too.
_SCHEMES: Final[Mapping[Kind, Callable[[Sequence[str]], Download | None]]] = {
    "moodle": _moodle,
    "blackboard": _blackboard,
    "gradescope": _gradescope,
    "ilias": _ilias,
    "canvas": _canvas,
}
