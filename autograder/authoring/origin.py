"""Where the lessons of a course come from: a folder, an archive of a release, or a git address.

Of a course its `course.toml` and `solutions/<unit>/` are taken, and nothing else: no secret, no gradebook, no student's work.
The network is touched for a git address alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import tomlkit

from autograder.authoring import packed
from autograder.authoring.markers import SOURCE
from autograder.course import coursefile
from autograder.decoding import utf8
from autograder.errors import CourseError
from autograder.records import Course

_ADDRESS: Final = re.compile(r"(git\+)?(https?|ssh|git|file)://\S+|[\w.-]+@[\w.-]+:\S+")
_ARCHIVES: Final = (".zip", ".tar.gz", ".tgz")
_MADE: Final = re.compile(r"\.ipynb|\.pyc|\.new")  # endings of what commands and editors make beside a lesson


@dataclass(frozen=True)
class Lessons:
    """The lessons of a course as they lie somewhere."""

    source: str  # as a person names it
    version: str  # what tells two states of them apart: git's commit, else a digest
    listing: bytes  # its course.toml
    course: Course  # what that says; its root is where it lay
    files: Mapping[str, bytes]  # by path, solutions/<unit>/…
    adopted: tuple[str, ...] = ()  # its units that are nbgrader's assignments, which are not taken


def take(source: str) -> Lessons:
    """The lessons of a course; CourseError where there is none, or where it cannot be taken as it is."""
    place = Path(os.path.expanduser(source))
    if place.is_dir():
        if (place / coursefile.FILE_NAME).is_file() or not _is_bare(place):
            return _lessons(str(place), _walked(place))
        return _cloned(source)
    if place.is_file():
        return _lessons(str(place), _unpacked(place))
    if not _ADDRESS.fullmatch(source):
        raise CourseError(
            f"{source}: there is no such folder or file, and it is no git address such as"
            " https://example.org/course.git"
        )
    if source.lower().endswith(_ARCHIVES) and not source.startswith("git+"):
        raise CourseError(
            f"{source}: download the archive and name the file: of addresses, git's are followed alone"
        )
    return _cloned(source)


def belongs(name: str) -> bool:
    """Whether a file of a unit's folder is part of its lessons, by its path there."""
    *folders, last = name.split("/")
    return not (
        any(part.startswith(".") or part == "__pycache__" for part in (*folders, last))
        or _MADE.fullmatch(Path(last).suffix)
    )


def _lessons(source: str, found: Mapping[str, bytes], version: str = "") -> Lessons:
    """What was found, by path from the folder of course.toml, looked through."""
    path = Path(source) / coursefile.FILE_NAME
    whole = coursefile.parse(path, found[coursefile.FILE_NAME])
    if not whole.units:
        raise CourseError(f"{source}: its course.toml lists no unit: there are no lessons to take")
    adopted = tuple(unit.name for unit in whole.units if unit.adopted is not None)
    if len(adopted) == len(whole.units):
        raise CourseError(
            f"{source}: all its units are assignments of nbgrader's: copy their notebooks, and adopt them with `autograder adopt`"
        )
    listing = _without(found[coursefile.FILE_NAME], adopted)
    course = coursefile.parse(path, listing)
    private = {_inside(course, path) for path in (course.secret_file, course.roster) if path is not None}
    files: dict[str, bytes] = {}
    for unit in course.units:
        folder = f"{SOURCE}/{unit.name}/"
        own = {name: content for name, content in found.items() if name.startswith(folder)}
        own = {
            name: content
            for name, content in own.items()
            if belongs(name.removeprefix(folder)) and name not in private
        }
        if f"{folder}{unit.name}.py" not in own:
            raise CourseError(
                f"{source}: course.toml lists the unit {unit.name!r}, and there is no {folder}{unit.name}.py:"
                " name a course with its solutions"
            )
        files |= own
    _refuse_clashes(source, files)
    return Lessons(source, version or _digest(listing, files), listing, course, files, adopted)


def _without(listing: bytes, units: Sequence[str]) -> bytes:
    """A course.toml without these units; as it is where there are none."""
    if not units:
        return listing
    document: Any = tomlkit.parse(utf8(listing))
    for place, unit in reversed(list(enumerate(document["units"]))):
        if unit["name"] in units:
            del document["units"][place]
    return tomlkit.dumps(document).encode()


def _inside(course: Course, path: Path) -> str:
    """A path as it is called in a course; empty for one outside."""
    place = Path(os.path.normpath(path))
    return place.relative_to(course.root).as_posix() if place.is_relative_to(course.root) else ""


def _refuse_clashes(source: str, files: Mapping[str, bytes]) -> None:
    """Two names that are one on another machine, and a file where a folder must be."""
    seen: dict[str, str] = {}
    for name in files:
        same = unicodedata.normalize("NFC", name).casefold()
        parents = (same.rsplit("/", depth)[0] for depth in range(1, same.count("/") + 1))
        other = next((seen[one] for one in (same, *parents) if one in seen), None)
        if other is not None:
            raise CourseError(
                f"{source}: {other!r} and {name!r} cannot be in one folder on every machine: rename one"
            )
        seen[same] = name


def _digest(listing: bytes, files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(listing)
    for name, content in sorted(files.items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


# ------------------------------------------------------------------------------------------------- a folder


def _walked(folder: Path) -> dict[str, bytes]:
    """course.toml and what is in solutions/, by path."""
    listing = folder / coursefile.FILE_NAME
    if not listing.is_file():
        raise CourseError(f"{folder}: no {coursefile.FILE_NAME} in it: name the folder of a course")
    for place in (listing, folder / SOURCE):
        if place.is_symlink():
            raise CourseError(f"{place}: it is a link: put what it leads to there")
    found = {coursefile.FILE_NAME: _content(listing, packed.MOST_BYTES)}
    left = packed.MOST_BYTES
    for path, name in _files(folder / SOURCE, SOURCE):
        found[name] = _content(path, left)
        left -= len(found[name])
    return found


def _files(folder: Path, named: str) -> Iterator[tuple[Path, str]]:
    """The files below a folder that belong to lessons, with what they are called."""
    if not folder.is_dir():
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        name = f"{named}/{entry.name}"
        if not belongs(entry.name):
            continue
        if not name.isprintable():
            raise CourseError(f"{folder}: a file has a name that cannot be shown: rename it")
        if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
            raise CourseError(f"{entry.path}: it is a link, or no file: put the file itself there")
        if entry.is_dir():
            yield from _files(Path(entry.path), name)
        else:
            yield Path(entry.path), name


def _content(path: Path, most: int) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise CourseError(
            f"{path}: the lessons hold more than {packed.MOST_BYTES // 2**20} MiB: move data elsewhere"
        )
    return content


# ----------------------------------------------------------------------------------------------- an archive


def _unpacked(path: Path) -> dict[str, bytes]:
    """course.toml and what is in solutions/, by path from the folder of the course in an archive."""
    roots: list[str] = []

    def wanted(names: Sequence[str]) -> Callable[[str], bool]:
        listings = [name for name in names if name.rpartition("/")[2] == coursefile.FILE_NAME]
        least = min((name.count("/") for name in listings), default=0)
        nearest = [name for name in listings if name.count("/") == least and least < 2]
        if len(nearest) != 1:
            several = (
                f"several courses ({', '.join(sorted(nearest)[:3])})"
                if nearest
                else f"no {coursefile.FILE_NAME}"
            )
            raise CourseError(f"{path}: {several} in it: name the archive of one course")
        roots.append(nearest[0].removesuffix(coursefile.FILE_NAME))
        lessons = f"{roots[0]}{SOURCE}/"
        return lambda name: (
            name == nearest[0] or (name.startswith(lessons) and belongs(name.removeprefix(lessons)))
        )

    found = packed.read(path, wanted)
    return {name.removeprefix(roots[0]): content for name, content in found.items()}


# -------------------------------------------------------------------------------------------- a git address


def _is_bare(folder: Path) -> bool:
    """Whether a folder is a repository of git's without files to look at."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _cloned(source: str) -> Lessons:
    """The newest state of a repository, or of the branch or tag behind an @, as pip writes it."""
    if shutil.which("git") is None:
        raise CourseError(
            f"{source}: git is needed to follow it, and is not here: install git, or name a folder or archive"
        )
    address, branch = _parted(source)
    login = _login(address)
    shown = source.replace(login, "") if login else source
    with tempfile.TemporaryDirectory(prefix="lessons-") as temporary:
        clone = Path(temporary, "clone")
        options = ["--branch", branch] if branch else []
        try:
            _git("clone", "--quiet", "--depth", "1", *options, "--", address, str(clone))
            commit = _git("-C", str(clone), "rev-parse", "HEAD")
        except subprocess.CalledProcessError as error:
            said = _reason(error.stderr)
            raise CourseError(
                f"{shown}: git cannot clone it ({said.replace(login, '') if login else said}):"
                " see whether `git clone` does, and name its folder"
            ) from None
        try:
            return _lessons(shown, _walked(clone), commit[:12])
        except CourseError as error:
            raise CourseError(str(error).replace(str(clone), shown)) from None


def _parted(source: str) -> tuple[str, str]:
    """The address, and the branch or tag that is asked for, if any."""
    if not source.startswith("git+"):
        return source, ""
    parts = urlsplit(source.removeprefix("git+"))
    path, _, branch = parts.path.partition("@")
    return urlunsplit(parts._replace(path=path, fragment="")), branch


def _login(address: str) -> str:
    """What an address holds of a password or a token, which is neither shown nor kept; empty where it holds none."""
    found = re.match(r"https?://([^/@]*@)|\w+://([^/@]*:[^/@]*@)", address)
    return found[1] or found[2] if found else ""


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        env={
            **os.environ,
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        },  # nobody could answer behind the status line
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
    )
    return done.stdout.strip()


def _reason(stderr: str) -> str:
    """Why git failed, in one line of what it said."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    fatal = next(
        (line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "it says nothing"
    )
    return fatal.removeprefix("fatal:").strip()
