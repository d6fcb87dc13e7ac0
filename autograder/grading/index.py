"""What a run found that ended well, so that the next one looks only at what has changed since.

The index holds no result and decides nothing: it says of which students nothing that a run looks at has changed, by the
sizes, times and numbers of their files as the system has them. Whoever is not in it is looked at as if there were none, and
where anything that concerns everyone has changed (course.toml, a unit, the kit, the gradebook, …) it is not used at all. So
one that is lost, old or wrong costs time alone, and what is kept is known by its content as before.

What is so new that it may change again within one tick of the file system's clock is not put in.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from autograder import version
from autograder.course import coursefile, secret
from autograder.gradebook import arrangements, files, receipts, said
from autograder.naming import as_folder, as_text
from autograder.notebook import places
from autograder.notebook.places import HandedIn

if TYPE_CHECKING:
    from autograder.grading.keeping import Outcome
    from autograder.grading.planning import Order

_FORM: Final = 2
# Nanoseconds from one tick of a file system's clock to the next, and for good measure the one after it: of the coarsest
# that there is, which counts seconds, and of one whose times have digits below a hundredth of a second.
_COARSE: Final = 2_000_000_000
_FINE: Final = 20_000_000
_HUNDREDTH: Final = 10_000_000


class _Student(msgspec.Struct, array_like=True):
    """One student whose work lies where it belongs, and is graded."""

    name: bytes  # of the folder
    handed_in: bytes  # digest of what the system says of the files there
    kept: bytes  # and of what was made of them


class Index(msgspec.Struct):
    """What a run found."""

    form: int
    everyone: bytes  # digest of what concerns everyone
    counter: int  # of the gradebook's changes
    version: str  # of what results are made by
    students: list[_Student]
    others: list[bytes]  # what else lay in `submitted/`, and is looked at each time
    missing: list[bytes]
    notices: list[str]  # that hold as long as nothing changes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Index)


def is_for(order: Order) -> bool:
    """Whether the run that is asked for may use an index and leave one: it is of all students of a unit without groups."""
    return not (order.students or order.force or order.dry_run or order.unit.groups or order.shard)


def read(order: Order, everyone: bytes | None, counter: int | None) -> Index | None:
    """The index of the last run; None where there is none, or something has changed that concerns everyone.

    `everyone` is what the function of this name gives now, and `counter` the gradebook's.
    """
    if everyone is None or counter is None:
        return None
    try:
        index = _decoder.decode(place(order.out, order.unit.name).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
    return index if (index.form, index.everyone, index.counter) == (_FORM, everyone, counter) else None


def changed(order: Order, index: Index) -> list[str] | None:
    """The names in `submitted/` to look at; None where one that was there is gone."""
    known = {os.fsdecode(one.name): one for one in index.students}
    try:
        names = {entry.name for entry in os.scandir(order.submitted) if not entry.name.startswith(".")}
    except OSError:
        return None
    if not {*known, *map(os.fsdecode, index.others)} <= names:
        return None
    of = _Signs(order)
    same = {
        name
        for name, one in known.items()
        if of.handed_in(name) == one.handed_in and of.kept(name) == one.kept
    }
    return sorted(names - same)


def handed_in(order: Order, index: Index, without: Iterable[str]) -> dict[str, tuple[HandedIn, bytes]]:
    """The work of the students in the index but these, and by what it is known, by student."""
    others = set(without)
    named = ((os.fsdecode(one.name), one.handed_in) for one in index.students)
    return {
        name: (HandedIn(name, order.submitted / name / order.unit.name), sign)
        for name, sign in named
        if name not in others
    }


def signs(order: Order, names: Iterable[str]) -> dict[str, bytes]:
    """What the system says of the files that were handed in, by student, of those whose work lies where it belongs."""
    of = _Signs(order)
    found = ((name, of.handed_in(name)) for name in names)
    return {name: sign for name, sign in found if sign is not None}


def keep(order: Order, outcome: Outcome) -> None:
    """Leaves an index for the next run, or none where what was found may not hold any more."""
    plan, kept_at = outcome.plan, place(order.out, order.unit.name)
    if order.dry_run:
        return
    if outcome.counter is None or plan.everyone is None or plan.everyone != everyone(order):
        with suppress(OSError):
            kept_at.unlink(missing_ok=True)
        return
    of = _Signs(order)
    students = []
    for name, sign in plan.signs.items():
        kept = None if as_text(name) in outcome.tally.again else of.kept(name)
        if kept is not None:
            students.append(_Student(os.fsencode(name), sign, kept))
    index = Index(
        _FORM,
        plan.everyone,
        outcome.counter,
        plan.version,
        students,
        [os.fsencode(name) for name in sorted(_names(order, plan.where.values()))],
        list(map(os.fsencode, plan.missing)),
        list(plan.lasting),
    )
    # It is no loss where it cannot be written.
    with suppress(OSError, UnicodeEncodeError):
        files.replace(kept_at, _encoder.encode(index))


def _names(order: Order, handed_in: Iterable[HandedIn]) -> Iterator[str]:
    """The names in `submitted/` under which work lay when it was looked for."""
    for one in handed_in:
        with suppress(ValueError):
            yield (one.file or one.folder).relative_to(order.submitted).parts[0]


def place(out: Path, unit: str) -> Path:
    """Where the index of a unit is kept."""
    # Not in the unit's own folder, by whose time it is seen whether pages are older than results.
    return out / "results" / f".{unit}.index"


def everyone(order: Order) -> bytes | None:
    """A digest of what concerns everyone, by the system's word; None where some of it is too new, or no index is for this run."""
    if not is_for(order):
        return None
    paths, signs = _of_everyone(order)
    if _together(*signs) is None:
        return None
    return _digest(order.submitted, order.out, order.course, paths, signs)


def course(order: Order) -> bytes:
    """A digest of the files that concern everyone as they are now, by the system's word."""
    return _digest(*_of_everyone(order))


def _digest(*said: object) -> bytes:
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).digest()


def _of_everyone(order: Order) -> tuple[tuple[str, ...], list[_Sign | None]]:
    """The files that concern everyone, and what the system says of them."""
    root = order.course.root
    files = [
        root / coursefile.FILE_NAME,
        root / arrangements.FILE_NAME,
        root / said.FILE_NAME,
        order.config,
        secret.path(order.course),
        order.course.released(order.unit.name),
        *([order.course.roster] if order.course.roster is not None else []),
    ]
    adopted = [str(order.course.source(unit)) for unit in order.course.units if unit.adopted is not None]
    folders = (str(root / "solutions"), *adopted, str(Path(version.__file__).parent))
    paths = (*map(str, files), *(path for folder in folders for path in _below(folder)))
    return paths, [_sign(path) for path in paths]


def _below(folder: str) -> Iterator[str]:
    """The files in a folder and the folders in it, without what Python and programs leave there."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if os.path.isdir(folder) else ():
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            yield from _below(entry.path)
        else:
            yield entry.path


class _Signs:
    """By what a student's files are known to be the same."""

    def __init__(self, order: Order) -> None:
        self._unit = order.unit.name
        self._notebooks = places.names_of(order.unit)
        self._submitted = str(order.submitted)
        self._results = str(order.out / "results" / order.unit.name)
        self._autograded = str(order.out / "autograded")
        self._feedback = str(order.out / "feedback")

    def handed_in(self, name: str) -> bytes | None:
        """Of what was handed in; None where it lies not where it belongs, or is too new."""
        student = f"{self._submitted}/{name}"
        folder = f"{student}/{self._unit}"
        return _together(
            _sign(student, stat.S_ISDIR),
            _sign(folder, stat.S_ISDIR),
            *(_sign(f"{folder}/{name}.ipynb", stat.S_ISREG) for name in self._notebooks),
            _sign(f"{folder}/{receipts.TIMESTAMP}"),
        )

    def kept(self, name: str) -> bytes | None:
        """Of what was made of it; None where there is no result, or it is too new."""
        written = f"{self._autograded}/{as_folder(as_text(name))}/{self._unit}"
        return _together(
            _sign(f"{self._results}/{name}.json", stat.S_ISREG),
            _sign(written),
            _sign(f"{written}/{receipts.TIMESTAMP}"),
            _sign(f"{self._feedback}/{name}/{self._unit}/{self._unit}.html"),
        )


_Sign: TypeAlias = tuple[int, ...]  # kind and rights, number, size, time of its content, time of any change


def _sign(path: str, kind: Callable[[int], bool] | None = None) -> _Sign | None:
    """What the system says of a file or folder, which is not followed; () for none, None for one that must be of a kind."""
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return () if kind is None else None
    if kind is not None and not kind(found.st_mode):
        return None
    return found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _together(*signs: _Sign | None) -> bytes | None:
    now = time.time_ns()
    if None in signs or not all(_is_settled(sign[-1], now) for sign in signs if sign):
        return None
    return hashlib.blake2b(repr(signs).encode(), digest_size=16).digest()


def _is_settled(changed: int, now: int) -> bool:
    """Whether a change that followed one at this time would have another time."""
    return now - changed > (_FINE if changed % _HUNDREDTH else _COARSE)
