"""Takes assignments of nbgrader's into the course as they are: found, tried with their own solutions, listed in course.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from autograder.adopted import intake, serving
from autograder.adopted.papers import Assignment
from autograder.adopted.serving import CellServed
from autograder.authoring import configured, enlisting, taken, trial
from autograder.authoring.configured import Configured
from autograder.authoring.original import Original
from autograder.course import coursefile
from autograder.dialect import NBGRADERS, Dialect
from autograder.errors import CourseError
from autograder.gradebook import files, turns
from autograder.records import Course

_NOTEBOOK: Final = ".ipynb"
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class ByPerson:
    """A cell whose points a person gives, as under nbgrader."""

    name: str
    points: float


@dataclass(frozen=True)
class Adoption:
    """One assignment as it stands in the course, or would."""

    unit: str
    place: Path  # its folder, or its only notebook
    assignment: Assignment
    cells: tuple[CellServed, ...]  # its test cells
    by_person: tuple[ByPerson, ...]
    notes: tuple[str, ...] = ()  # what an instructor should know, a line each

    @property
    def listed(self) -> tuple[CellServed, ...]:
        """The cells that are graded here."""
        return tuple(cell for cell in self.cells if cell.served != "not-served")

    @property
    def unserved(self) -> tuple[CellServed, ...]:
        """The cells whose points are left to a person."""
        return tuple(cell for cell in self.cells if cell.served == "not-served")


@dataclass(frozen=True)
class Home:
    """The course that assignments are taken into."""

    root: Path
    course: Course  # as course.toml says, or will say where there is none yet
    listing: bytes  # of course.toml
    configured: Configured


# ----------------------------------------------------------------------------------------- what is adopted


def places(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Where the assignments of these paths lie: folders with notebooks, or lone notebooks in a folder with others.

    A path may be an assignment's folder, a folder of such folders, or a notebook. CourseError where there is nothing to adopt.
    """
    found = [place.resolve() for path in paths for place in _places(path)]
    return tuple(dict.fromkeys(found))


def _places(path: Path) -> Iterator[Path]:
    if path.suffix == _NOTEBOOK and path.is_file():
        others = [one for one in path.parent.glob(f"*{_NOTEBOOK}") if one != path]
        yield path if others else path.parent
        return
    if not path.is_dir():
        raise CourseError(
            f"{path}: there is no such folder or notebook: name an assignment's folder, as in source/ps1"
        )
    if any(path.glob(f"*{_NOTEBOOK}")):
        yield path
        return
    inside = sorted(
        folder for folder in path.iterdir() if folder.is_dir() and any(folder.glob(f"*{_NOTEBOOK}"))
    )
    if not inside:
        raise CourseError(
            f"{path} holds no notebook, nor a folder with one: name an assignment's folder, as in source/ps1"
        )
    yield from inside


def home(place: Path, here: Path) -> Home:
    """The course around an assignment: that of the nearest course.toml above it, else nbgrader's.

    That is the folder of its configuration, or the one above `source/`. An assignment that lies in neither goes into the course
    of the folder `here`, or a new one there.
    """
    folder = place if place.is_dir() else place.parent
    nbgraders = next((one for one in folder.parents if (one / configured.FILE_NAME).is_file()), None)
    nbgraders = nbgraders or next((one.parent for one in folder.parents if one.name == "source"), None)
    for start in (place, *([here] if nbgraders is None else [])):
        try:
            listing = coursefile.find(start)
        except CourseError:
            continue
        raw = listing.read_bytes()
        course = coursefile.parse(listing, raw)
        return Home(listing.parent, course, raw, configured.read(listing.parent))
    root = nbgraders or here
    known = configured.read(root)
    raw = enlisting.founded(known.course_id, root)
    return Home(root, coursefile.parse(root / coursefile.FILE_NAME, raw), raw, known)


def unit_name(home: Home, place: Path, others: Sequence[str] = ()) -> str:
    """What the unit of an assignment is called: as before where it is adopted already, else as its folder or notebook.

    CourseError where that is no name for a unit, or is another's; `others` are those that are adopted with it.
    """
    for unit in home.course.units:
        if unit.adopted is not None and (home.root / unit.adopted).resolve() == place:
            return unit.name
    name = _UNFIT.sub("-", place.stem if place.suffix == _NOTEBOOK else place.name).strip("-_")
    if not name or name.casefold() == coursefile.WHOLE:
        raise CourseError(f"{place}: no unit can be called {place.stem!r}: rename the folder")
    for unit in home.course.units:
        where = home.course.source(unit)
        # It has moved; or nbgrader has written its tests, into another folder.
        same = unit.adopted is not None and (
            not where.exists() or home.configured.with_tests_of(name) in (place, where.resolve())
        )
        if unit.name == name and not same:
            raise CourseError(
                f"{place}: {home.root / coursefile.FILE_NAME} has a unit {name!r} already ({where}): rename one of the two folders"
            )
    if name in others:
        raise CourseError(f"{place}: two assignments would be called {name!r}: rename one of the two folders")
    return name


# ------------------------------------------------------------------------------------------- how it stands


def adopted(
    home: Home,
    place: Path,
    name: str,
    begun: Callable[[int], None] = lambda _: None,
    done: Callable[[], None] = lambda: None,
) -> Adoption:
    """How the cells of an assignment are served, its solution tried in the kit, and where that fails under nbgrader too.

    `begun` is told of how many steps it takes, one for each notebook and one for what nbgrader says of failures, and `done` is
    called after each. CourseError where nbgrader would refuse the assignment, or there is nothing to grade.
    """
    assignment = intake.read(place, name, dialect(home.configured, place))
    if not any(cell.kind == "test" for paper in assignment.papers for cell in paper.cells):
        raise CourseError(
            f"{place}: no cell of it is an autograder test, so there is nothing to grade: mark test cells in Jupyter (Create "
            "Assignment, “Autograder tests”)"
        )

    def original() -> Mapping[str, str]:
        with Original(assignment, home.root) as nbgraders:
            work = {"solution": nbgraders.work(solved(assignment))}
            return nbgraders.graded(work)["solution"].failures

    begun(len(assignment.papers) + 1)
    solution = {"solution": trial.solution(assignment)}
    sat = trial.sittings(home.course, assignment, solution, done)["solution"]
    by_person = tuple(
        ByPerson(assignment.named(paper, cell), cell.points)
        for paper in assignment.papers
        for cell in paper.cells
        if cell.kind in ("manual", "task")
    )
    cells = serving.served(assignment, sat, original)
    done()
    return Adoption(name, place, assignment, cells, by_person, tuple(_notes(home, place, name)))


def solved(assignment: Assignment) -> dict[str, dict[str, str]]:
    """The author's own answers, by notebook and grade_id."""
    return {
        paper.name: {
            cell.grade_id: cell.source for cell in paper.cells if cell.kind in ("solution", "manual")
        }
        for paper in assignment.papers
    }


def _notes(home: Home, place: Path, name: str) -> Iterator[str]:
    called = place.stem if place.suffix == _NOTEBOOK else place.name
    if called != name:
        yield f"the unit is called {name!r}: students hand in submitted/STUDENT/{name}/, and nbgrader looks for {called!r}"
    elif place not in (home.configured.source_of(name), home.configured.with_tests_of(name)):
        where = home.configured.source_of(name)
        yield f"nbgrader itself looks for {name!r} in {where}: its own commands do not find it here, those of the kit do"
    for step in (*home.configured.before, *home.configured.after):
        yield f"{configured.FILE_NAME} has {step} run when work is graded, which the kit does not run"


# -------------------------------------------------------------------------------------- what is written


def put(home: Home, adoption: Adoption, *, configure: bool = False) -> list[str]:
    """Lists an assignment in course.toml, and makes nbgrader_config.py where there is none; what was done, a line each.

    Where there is one, the lines that it takes are added with `configure`, and else told. An assignment of which nothing can be
    graded here is not listed. CourseError where a file cannot be written.
    """
    path = home.root / coursefile.FILE_NAME
    if not adoption.listed:
        return [f"{path} does not list {adoption.unit!r}, as none of its test cells is served"]
    try:
        with turns.changing(home.root):
            # Once more, as an assignment adopted with this one may be in it by now.
            raw = path.read_bytes() if path.exists() else home.listing
            files.replace(path, enlisting.listed(path, raw, entry(home, adoption)))
            return [f"{path} lists {adoption.unit!r}", *_configure(home, adoption, configure)]
    except OSError as error:
        raise CourseError(
            f"{error.filename or path}: {error.strerror}: see to it that {home.root} can be written"
        ) from None


def _configure(home: Home, adoption: Adoption, add: bool) -> list[str]:
    """nbgrader's own commands hand work to the kit where its configuration says so."""
    path = home.root / configured.FILE_NAME
    if home.configured.delegated:
        return []
    if not path.exists():
        folder = adoption.place if adoption.place.is_dir() else adoption.place.parent
        source = folder.parent.name if folder.parent.parent == home.root else "source"
        words = {"course_id": taken.course_id(home.course.title), "source": source}
        files.replace(path, taken.rendered("nbgrader_config_adopted.py.jinja", **words))
        return [f"{path} hands work to the kit, so that nbgrader's own commands give the same marks"]
    lines = taken.rendered("nbgrader_lines.py.jinja").decode()
    if add:
        text = path.read_bytes()
        files.replace(path, text + (b"" if text.endswith(b"\n") else b"\n") + b"\n" + lines.encode())
        return [f"{path} hands work to the kit now, so that nbgrader's own commands give the same marks"]
    return [
        f"nbgrader's own commands still run student code unprotected. With these lines at the end of {path} they hand work to the "
        "kit (--configure adds them):",
        *(f"    {line}" for line in lines.splitlines()),
    ]


def entry(home: Home, adoption: Adoption) -> enlisting.Entry:
    """What course.toml says of an assignment."""
    known = home.configured
    try:
        place = Path(adoption.place).relative_to(home.root.resolve()).as_posix()
    except ValueError:  # outside the course
        place = adoption.place.as_posix()
    return enlisting.Entry(
        name=adoption.unit,
        adopted=place,
        release=known.release,
        functions=tuple((cell.name, cell.points) for cell in adoption.listed),
        by_hand=tuple(cell.name for cell in adoption.unserved),
        dialect=dialect(known, adoption.place),
    )


def dialect(known: Configured, place: Path) -> Dialect:
    """How an assignment's notebooks are marked, with those patterns of ignored files that are of any use there."""
    folder = place if place.is_dir() else place.parent
    patterns = [one for one in NBGRADERS.ignore if one in known.dialect.ignore]
    patterns += [
        one for one in known.dialect.ignore if one not in NBGRADERS.ignore and any(folder.rglob(one))
    ]
    return replace(known.dialect, ignore=tuple(patterns))
