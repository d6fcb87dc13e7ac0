"""A unit's secret modules, loaded as `solutions.<unit>.<module>` from the files of one course, and in no file cached."""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from autograder.errors import CourseError
from autograder.records import Course, Unit
from autograder.words import clipped

PACKAGE: Final = "solutions"
MOST_SAID: Final = 400  # characters of what an author's own code says


class _Finder(importlib.abc.MetaPathFinder):
    """Finds `solutions.<unit>.<module>` below one course root."""

    def __init__(self, course: Course) -> None:
        self.folders = {
            unit.name.replace("-", "_"): course.root / PACKAGE / unit.name for unit in course.units
        }

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, *below = fullname.split(".")
        if package != PACKAGE:
            return None
        if not below or (len(below) == 1 and below[0] in self.folders):
            return importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        if len(below) == 2 and below[0] in self.folders:
            file = self.folders[below[0]] / f"{below[1]}.py"
            if file.is_file():
                loader = _Loader(fullname, file)
                return importlib.util.spec_from_file_location(fullname, file, loader=loader)
        return None


class _Loader(importlib.abc.SourceLoader):
    """Compiles from the source that it reads each time: a file of code could be older, and would lie beside secrets."""

    def __init__(self, fullname: str, file: Path) -> None:
        self.fullname, self.file = fullname, file

    def get_filename(self, fullname: str) -> str:
        return str(self.file)

    def get_data(self, path: str | bytes) -> bytes:
        return self.file.read_bytes()

    @staticmethod
    def source_to_code(data: Any, path: Any = "<string>", **others: Any) -> CodeType:
        return _compiled(data, path)


@functools.lru_cache(maxsize=256)  # a unit's modules are run anew with each unit that builds on it
def _compiled(source: bytes, path: str) -> CodeType:
    """The code of a module, of its very bytes."""
    code: CodeType = compile(source, path, "exec", dont_inherit=True)
    return code


def stand_for(course: Course) -> None:
    """Lets `solutions` mean this course from now on, read afresh from its files."""
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    sys.meta_path.insert(0, _Finder(course))


def table(
    course: Course, unit: Unit, module: str, name: str, *, optional: bool = False, beside: bool = False
) -> Mapping[str, Any]:
    """The dictionary `name` of one module of a unit, by function.

    Empty where an `optional` module is not there, or does not define what may stand `beside` another.
    """
    file = course.root / PACKAGE / unit.name / f"{module}.py"
    if not file.is_file():
        if optional or beside:
            return {}
        raise CourseError(f"{file} is missing: it must define {name} for unit {unit.name!r}")
    try:
        loaded = importlib.import_module(f"{PACKAGE}.{unit.name.replace('-', '_')}.{module}")
    except Exception as error:
        raise CourseError(f"{file} cannot be loaded: {what(error)}") from error
    table = getattr(loaded, name, {} if beside else None)
    if not isinstance(table, Mapping):
        raise CourseError(f"{file} must define {name}, a dictionary by function name")
    return table


def place(folder: Path, module: str) -> Path:
    """The file of a unit that says something: its module, or its lesson where it has none."""
    file, lesson = folder / module, folder / f"{folder.name}.py"
    return lesson if lesson.is_file() and not file.is_file() else file


def what(error: Exception) -> str:
    """An exception in one line, with the place in the course's files where it arose."""
    if isinstance(error, SyntaxError):
        return f"{Path(error.filename or '?').name}, line {error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"/{PACKAGE}/" in Path(frame.filename).as_posix()]
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}: " if ours else ""
    return f"{place}{type(error).__name__}: {clipped(str(error), MOST_SAID)}"
