"""`course.toml`: found, read once, checked to the last key, and handed on as frozen records."""

from __future__ import annotations

import tomllib
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from autograder.course import installing, keys
from autograder.decoding import UndecodedError, utf8
from autograder.dialect import NBGRADERS, Dialect
from autograder.errors import CourseError
from autograder.lateness import Late
from autograder.records import Course, Function, Hints, Limits, Tolerance, Unit
from autograder.tolerance import TABLE_PARTS, TablePart

WHOLE: Final = "course"  # what the files over all units are called where each unit has its own
FILE_NAME: Final = "course.toml"
# What counts in tables where nothing is said: a name that pandas carries along was seldom asked for.
TABLES: Final[tuple[TablePart, ...]] = ("column-order", "row-labels")
FORMAT: Final = 1  # of the file, as this kit reads it
_FUNCTIONS_A_SUBMISSION: Final = 30  # whose time a submission may take, where nothing else is said

# A limit, since TOML knows infinity: no one earns it, and everything is equal within it.
_Positive = Annotated[float, msgspec.Meta(gt=0, le=1e6)]
_NotNegative = Annotated[float, msgspec.Meta(ge=0, le=1e6)]
_FolderName = Annotated[str, keys.written(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", "letters, digits, - and _")]
_FunctionName = Annotated[str, keys.written(r"^[A-Za-z_][A-Za-z0-9_]*$", "the name of a function")]


_Place = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
_Marker = Annotated[str, keys.written(r"^[^\r\n]*\S[^\r\n]*$", "one line that is not empty")]  # in a line
# A function's name, or what nbgrader calls a test cell of an adopted unit.
_Graded = Annotated[str, keys.written(r"^[^\x00-\x1f\x7f]{1,500}$", "a name of 1 to 500 characters")]


class _Function(msgspec.Struct, forbid_unknown_fields=True):
    name: _Graded
    points: _NotNegative
    atol: _NotNegative | None = None
    rtol: _NotNegative | None = None
    exact: bool | None = None
    tables: list[TablePart] | None = None


class _Dialect(msgspec.Struct, forbid_unknown_fields=True):
    begin_solution: _Marker = Dialect.begin_solution
    end_solution: _Marker = Dialect.end_solution
    begin_hidden: _Marker = Dialect.begin_hidden
    end_hidden: _Marker = Dialect.end_hidden
    begin_scheme: _Marker = Dialect.begin_scheme
    end_scheme: _Marker = Dialect.end_scheme
    code_stub: str = Dialect.code_stub
    text_stub: str = Dialect.text_stub
    ignore: tuple[str, ...] = Dialect.ignore


class _Unit(msgspec.Struct, forbid_unknown_fields=True):
    name: _FolderName
    functions: Annotated[list[_Function], msgspec.Meta(min_length=1)]
    title: str = ""
    brings: list[_FunctionName] = []
    due: datetime | None = None
    groups: bool = False
    atol: _NotNegative = 1e-8
    rtol: _NotNegative = 1e-5
    exact: bool = False
    tables: list[TablePart] = msgspec.field(default_factory=lambda: list(TABLES))
    adopted: _Place | None = None
    release: _Place | None = None
    unserved: Literal["by-hand"] | None = None
    by_hand: list[_Graded] = []
    explain: Literal["asserts", "steps"] | None = None
    dialect: _Dialect | None = None


class _Limits(msgspec.Struct, forbid_unknown_fields=True):
    cpu_seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 2.0
    memory_mib: Annotated[int, msgspec.Meta(ge=64)] = 512
    output_kib: Annotated[int, msgspec.Meta(ge=1, le=16384)] = 64
    edit_seconds: Annotated[float, msgspec.Meta(gt=0, le=60)] = 0.5
    submission_seconds: Annotated[float, msgspec.Meta(gt=0, le=86400)] | None = (
        None  # None: thirty functions' time
    )


class _Late(msgspec.Struct, forbid_unknown_fields=True):
    per_day: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    at_most: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    grace_minutes: _NotNegative = 0.0
    after_days: _Positive | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: Literal[1]
    title: str
    public_seed: Annotated[int, msgspec.Meta(ge=0)]
    units: list[_Unit] = []
    secret_file: str = ".autograder-secret"
    roster: str | None = None
    timezone: str = ""
    backups: Annotated[int, msgspec.Meta(ge=0)] = 10
    hints: Hints = "cause"
    names: Literal["shown", "hidden"] = "shown"
    install: str | None = None
    limits: _Limits = msgspec.field(default_factory=_Limits)
    late: _Late | None = None


def find(start: Path) -> Path:
    """The nearest `course.toml` in `start` or a folder above it; CourseError where there is none."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise CourseError(f"no {FILE_NAME} in {here} or any folder above it: run this inside a course folder")


def load(path: Path) -> Course:
    """Reads and checks the `course.toml` at `path`; CourseError names the file, the key and what was expected."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror})") from None
    return parse(path, raw)


def parse(path: Path, raw: bytes) -> Course:
    """Checks what a `course.toml` holds that lies at `path`, or will; CourseError as `load` raises it."""
    try:
        data = tomllib.loads(utf8(raw))
    except UndecodedError as error:
        raise CourseError(f"{path}: {error}: save it as UTF-8{error.hint}") from None
    except RecursionError:
        raise CourseError(f"{path}: not valid TOML: it is nested too deeply") from None
    except ValueError as error:  # numbers of thousands of digits are no TOMLDecodeError
        raise CourseError(f"{path}: not valid TOML: {error}") from None
    _refuse_newer(path, data)
    keys.refuse_unknown(path, data, _File, "")
    zone = _zone(path, data.get("timezone", ""))
    try:
        file = msgspec.convert(_with_times(data, zone), _File)
    except msgspec.ValidationError as error:
        raise CourseError(f"{path}: {keys.in_our_words(str(error))}") from None
    _refuse_contradictions(path, file)
    return Course(
        root=path.resolve().parent,
        title=file.title,
        public_seed=file.public_seed,
        secret_file=path.resolve().parent / file.secret_file,
        roster=None if file.roster is None else path.resolve().parent / file.roster,
        limits=_limits(file.limits),
        units=tuple(_unit(unit, zone, path.resolve().parent) for unit in file.units),
        backups=file.backups,
        hints=file.hints,
        names=file.names,
        late=None if file.late is None else Late(**msgspec.structs.asdict(file.late)),
        timezone=file.timezone,
        install=file.install,
    )


def _limits(limits: _Limits) -> Limits:
    whole = limits.submission_seconds
    return Limits(
        limits.cpu_seconds,
        limits.memory_mib,
        limits.output_kib,
        limits.edit_seconds,
        _FUNCTIONS_A_SUBMISSION * limits.cpu_seconds if whole is None else whole,
    )


def choose(course: Course, names: Sequence[str]) -> tuple[Unit, ...]:
    """The units of these names in teaching order, all of them for no names; CourseError says which exist."""
    known = [unit.name for unit in course.units]
    if not known:
        raise CourseError(
            f"{course.root / FILE_NAME} lists no unit yet: `autograder new UNIT` makes one to start from"
        )
    for name in names:
        if name not in known:
            raise CourseError(
                f"no unit {name!r} in {course.root / FILE_NAME}{keys.nearest(name, known)}: it has {', '.join(known)}"
            )
    return tuple(unit for unit in course.units if not names or unit.name in names)


def function(course: Course, name: str) -> Function:
    """The function of this name, whichever unit of ours grades it; KeyError where none does."""
    for unit in ours(course):
        for known in unit.functions:
            if known.name == name:
                return known
    raise KeyError(name)


def earlier_functions(course: Course, function: str) -> tuple[str, ...]:
    """The names of all functions taught before this one, in teaching order."""
    names = [known.name for unit in ours(course) for known in unit.functions]
    return tuple(names[: names.index(function)])


def ours(course: Course) -> list[Unit]:
    """The units with lessons of the kit's, which teach functions; the others are adopted, and their cells' names are their own."""
    return [unit for unit in course.units if unit.adopted is None]


def _unit(unit: _Unit, zone: tzinfo, root: Path) -> Unit:
    due = unit.due
    if due is not None and due.tzinfo is None:
        due = due.replace(tzinfo=zone)
    functions = tuple(
        Function(
            name=function.name,
            points=function.points,
            tolerance=Tolerance(
                absolute=unit.atol if function.atol is None else function.atol,
                relative=unit.rtol if function.rtol is None else function.rtol,
                exact=unit.exact if function.exact is None else function.exact,
                tables=_tables(unit.tables if function.tables is None else function.tables),
            ),
        )
        for function in unit.functions
    )
    title = unit.title or unit.name.replace("-", " ").capitalize()
    return Unit(
        name=unit.name,
        title=title,
        functions=functions,
        brings=tuple(unit.brings),
        due=due,
        groups=unit.groups,
        adopted=None if unit.adopted is None else Path(unit.adopted),
        notebooks=() if unit.adopted is None else _notebooks(root / unit.adopted),
        release=Path("release" if unit.release is None else unit.release),
        unserved=unit.unserved,
        by_hand=tuple(unit.by_hand),
        explain="asserts" if unit.explain is None else unit.explain,
        dialect=NBGRADERS if unit.dialect is None else Dialect(**msgspec.structs.asdict(unit.dialect)),
    )


def _tables(listed: Sequence[TablePart]) -> tuple[TablePart, ...]:
    """What counts in tables, in one order."""
    return tuple(part for part in TABLE_PARTS if part in listed)


def _notebooks(folder: Path) -> tuple[str, ...]:
    """The names of the notebooks in a folder, in nbgrader's order; none where there is no such folder."""
    found = sorted(path.stem for path in folder.glob("*.ipynb") if path.is_file())
    return tuple(name for name in found if not name.startswith("."))


def _zone(path: Path, name: object) -> tzinfo:
    """The time zone of this name, UTC for none; CourseError where none is called so."""
    if name == "" or not isinstance(name, str):  # what it is instead is told with the other keys
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        near = keys.nearest(name, sorted(zoneinfo.available_timezones()))
        raise CourseError(
            f"{path}: timezone: no time zone {name!r}{near}: expected a name such as 'Europe/Zurich' or 'UTC'"
        ) from None


def _with_times(data: Any, zone: tzinfo) -> Any:
    """A bare date in TOML means the end of that day in the course's zone, as people who write due dates mean it."""
    if isinstance(data, dict):
        return {key: _with_times(value, zone) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_times(value, zone) for value in data]
    if isinstance(data, date) and not isinstance(data, datetime):
        return datetime(data.year, data.month, data.day, 23, 59, 59, tzinfo=zone)
    return data


def _refuse_newer(path: Path, data: dict[str, Any]) -> None:
    """A file of a newer kit may have keys that this one does not know: said before any of them is called unknown."""
    found = data.get("format")
    if isinstance(found, int) and found > FORMAT:
        raise CourseError(
            f"{path}: format: {found} is of a newer kit, and this one reads {FORMAT}: upgrade the kit"
        )


def _refuse_contradictions(path: Path, file: _File) -> None:
    """What a type cannot say: names that repeat, functions brought from nowhere, and no command to install with."""
    if file.install is not None and (trouble := installing.trouble(file.install)):
        raise CourseError(f"{path}: install: {trouble}")
    units: set[str] = set()
    functions: list[str] = []
    for unit in file.units:
        if unit.name in units:
            raise CourseError(
                f"{path}: two units are named {unit.name!r}: every unit needs a name of its own"
            )
        if unit.name.casefold() == WHOLE:
            raise CourseError(
                f"{path}: a unit cannot be named {unit.name!r}: report/{WHOLE}.html is the page over all units"
            )
        units.add(unit.name)
        if unit.groups and file.roster is None:
            raise CourseError(
                f"{path}: unit {unit.name!r} has groups, and the course has no roster: set `roster`, whose column group "
                "says who is in which"
            )
        for brought in unit.brings:
            if brought not in functions:
                hint = keys.nearest(brought, functions)
                raise CourseError(
                    f"{path}: unit {unit.name!r} brings {brought!r}, which no earlier unit teaches{hint}"
                )
        functions += _names_of_a_unit(path, unit, functions)


def _names_of_a_unit(path: Path, unit: _Unit, earlier: Sequence[str]) -> list[str]:
    """The functions that a unit of ours teaches, after those of earlier ones; CourseError where a key fits no such unit.

    The test cells of an adopted unit are called as nbgrader calls them, and are told apart by their unit.
    """
    listed = [function.name for function in unit.functions]
    if unit.adopted is None:
        _refuse_keys_of_adopted(path, unit)
    else:
        if unit.brings:
            raise CourseError(f"{path}: unit {unit.name!r} is adopted, and such a unit brings no functions")
        listed, earlier = listed + unit.by_hand, ()
    for number, name in enumerate(listed):
        if name in earlier or name in listed[:number]:
            what = "function" if unit.adopted is None else "cell"
            raise CourseError(f"{path}: the {what} {name!r} is listed twice: each is graded once")
    return listed if unit.adopted is None else []


def _refuse_keys_of_adopted(path: Path, unit: _Unit) -> None:
    """A unit of ours has functions of Python's, worth something, and none of the keys that adopted ones have."""
    for function in unit.functions:
        if not function.name.isidentifier() or not function.name.isascii():
            raise CourseError(
                f"{path}: unit {unit.name!r}: {function.name!r} is no name of a function: test cells of nbgrader's stand in "
                "units that have the key adopted, which `autograder adopt` writes"
            )
        if not function.points:
            raise CourseError(
                f"{path}: unit {unit.name!r}: {function.name!r} has 0 points: expected more than 0"
            )
    for key in ("release", "unserved", "by_hand", "explain", "dialect"):
        if getattr(unit, key):
            raise CourseError(
                f"{path}: unit {unit.name!r}: {key} is for adopted units, and this one has no key adopted"
            )
