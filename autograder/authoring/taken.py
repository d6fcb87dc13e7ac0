"""`.taken/`: a course's lessons as they were taken from elsewhere, and its nbgrader_config.py and .gitignore as the kit made them.

It is versioned with the course, and what `autograder update` holds both sides against: what you changed, and what is new.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.authoring.markers import SOURCE
from autograder.course import coursefile
from autograder.errors import CourseError

FOLDER: Final = ".taken"

_ABOUT: Final = "taken.toml"
_KIT: Final = "kit"
_TEMPLATES: Final = {  # file of a course: the kit's template
    "nbgrader_config.py": "nbgrader_config.py.jinja",
    ".gitignore": "gitignore.jinja",
}
_HEAD: Final = (
    "# Lessons and files as they came; `autograder update` compares with them. Leave them as they are.\n"
)


@dataclass(frozen=True)
class Taken:
    """What was taken, and from where."""

    title: str  # of the course when its folder was made
    source: str = ""  # of the lessons, as a person named it; empty where none were taken
    version: str = ""  # of them
    listing: bytes = b""  # their course.toml
    lessons: Mapping[str, bytes] = field(default_factory=dict)  # by path, solutions/<unit>/…
    kit: Mapping[str, bytes] = field(
        default_factory=dict
    )  # the kit's own files in the course folder, by name


def kit_files(title: str) -> dict[str, bytes]:
    """The files that this kit gives a course of this title, by name: nbgrader's configuration and the like."""
    return {name: rendered(template, course_id=course_id(title)) for name, template in _TEMPLATES.items()}


def rendered(template: str, **words: object) -> bytes:
    """One of the kit's files for a course."""
    templates = Environment(
        loader=PackageLoader("autograder.authoring"),
        autoescape=False,  # TOML, Python and Markdown, not HTML
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return templates.get_template(template).render(words).encode()


def course_id(title: str) -> str:
    """What nbgrader calls the course: a folder's name."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "course"


def read(root: Path) -> Taken | None:
    """What was taken into the course at `root`; None where that is not known. CourseError where it is damaged."""
    folder = root / FOLDER
    if not folder.is_dir():
        return None
    try:
        about = tomllib.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        listing = folder / coursefile.FILE_NAME
        return Taken(
            str(about["title"]),
            str(about["source"]),
            str(about["version"]),
            listing.read_bytes() if listing.is_file() else b"",
            _below(folder, SOURCE),
            {_undotted(name): content for name, content in _below(folder / _KIT, "").items()},
        )
    except (OSError, ValueError, KeyError) as error:
        raise CourseError(
            f"{folder} is damaged ({error}): put it back as it was, as with `git checkout {FOLDER}`"
        ) from None


def source(root: Path) -> str:
    """From where lessons were taken into the course, as a person named it; empty where none were."""
    known = read(root)
    return known.source if known is not None else ""


def write(root: Path, taken: Taken) -> None:
    """Puts it in the place of what was known before, whole or not at all."""
    about = {"title": taken.title, "source": taken.source, "version": taken.version}
    files = {
        _ABOUT: "".join(
            [_HEAD, *(f"{key} = {json.dumps(value)}\n" for key, value in about.items())]
        ).encode(),
        **taken.lessons,
        **{f"{_KIT}/{_dotted(name)}": content for name, content in taken.kit.items()},
    }
    if taken.listing:
        files[coursefile.FILE_NAME] = taken.listing
    with tempfile.TemporaryDirectory(prefix=".new-", dir=root) as staging:
        new, old, place = Path(staging, "new"), Path(staging, "old"), root / FOLDER
        put(new, files)
        if place.exists():
            os.rename(place, old)
        try:
            os.rename(new, place)
        except BaseException:
            if old.exists():
                os.rename(old, place)
            raise


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files by their paths below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _below(folder: Path, part: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }


def _dotted(name: str) -> str:
    """A .gitignore that lies there would be heeded there."""
    return f"dot{name}" if name.startswith(".") else name


def _undotted(name: str) -> str:
    return name.removeprefix("dot") if name.startswith("dot.") else name
