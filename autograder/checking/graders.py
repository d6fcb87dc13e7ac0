"""Hidden graders: pytest files of named checks with points, collected once and run for every submission.

What a grader file is written with stands in `checks.py`. The same file under plain `pytest FILE --submission NOTEBOOK`
gives ordinary pytest output with the same verdicts.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import pytest

# How pytest's own plugins for other loops (pytest-xdist's workers) get a configuration without a run.
from _pytest.config import _prepareconfig

from autograder.checking.attempt import Attempt as FunctionAttempt
from autograder.checking.checks import MARK, Attempt, Kind
from autograder.checking.standard import PROPERTY_SHARE, Standard, shared
from autograder.course import patience
from autograder.errors import CourseError, GraderError
from autograder.records import Check, Unit
from autograder.words import agree, in_full


@dataclass(frozen=True)
class _Marked:
    """One check, collected or the kit's own."""

    item: pytest.Item | None  # None: the kit's own
    function: str
    name: str
    points: float | None
    weight: float | None
    kind: Kind
    own: Callable[[Attempt], None] | None = None

    @property
    def where(self) -> str:
        """What it is called where it breaks."""
        return self.name if self.item is None else self.item.nodeid

    @functools.cached_property
    def test(self) -> Callable[[Attempt], None] | None:
        """Its test function, where pytest has no more to do for it than to hand it the attempt."""
        if self.item is None:
            return self.own
        if not isinstance(self.item, pytest.Function) or inspect.iscoroutinefunction(self.item.obj):
            return None
        test: Callable[[Attempt], None] = self.item.obj
        asks = list(inspect.signature(test).parameters)
        fixtures = set(self.item.fixturenames) - {"request"}  # which `attempt` itself asks for
        marks = [mark.name for mark in self.item.iter_markers()]
        return test if asks == ["attempt"] and fixtures == {"attempt"} and marks == [MARK] else None


# Where the fixture `attempt` (pytest_plugin.py) finds the submission that is being graded.
CURRENT: Final = pytest.StashKey[Attempt]()


class Graders:
    """The hidden checks of one unit, collected once. Not for threads."""

    def __init__(
        self, path: Path, unit: Unit, standard: Callable[[str], Sequence[Standard]] = lambda function: ()
    ) -> None:
        """Collects `path`; CourseError where its checks do not hold together with course.toml.

        `standard` gives the checks that a function has whose author gives no points: those of the file add to them.
        """
        self._listener = _Listener()
        items = self._collected(path) if path.is_file() else ()
        self._checks = _with_points(path, unit, [_marked(path, item) for item in items], standard)
        _refuse_bad_points(path, unit, self._checks)

    def _collected(self, path: Path) -> Sequence[pytest.Item]:
        # A fresh pytest: no configuration, cache or plugin of the folder it happens to run in.
        # Modules are named by their place below the root: files of one name in many units stay apart.
        options = ["--rootdir", path.anchor, "-c", os.devnull, "--import-mode=importlib", "--capture=no"]
        options += ["--assert=plain", "--strict-markers", "-p", "autograder.pytest_plugin"]
        for plugin in (
            "cacheprovider", "terminal", "faulthandler", "unraisableexception", "threadexception", "logging",
            "junitxml", "doctest", "warnings", "stepwise", "pastebin", "legacypath", "debugging", "setuponly",
        ):  # fmt: skip
            options += ["-p", f"no:{plugin}"]
        # From within its folder: in a path, pytest takes [ for the beginning of parameters.
        with _without_autoloaded_plugins(), _without_bytecode(), contextlib.chdir(path.parent):
            here = Path.cwd() / path.name
            self._listener.way = frozenset((here, *here.parents))
            self._config = _prepareconfig([*options, path.name], plugins=[self._listener])
            self._session = pytest.Session.from_config(self._config)
            self._config._do_configure()
            self._config.hook.pytest_sessionstart(session=self._session)
            try:
                self._session.perform_collect()
            except pytest.UsageError as error:
                raise CourseError(f"{path}: {error}") from None
        if self._listener.broken:
            raise CourseError(f"{path} cannot be collected: {self._listener.broken[0]}")
        return self._session.items

    def check(self, attempt: FunctionAttempt) -> tuple[Check, ...]:
        """The verdicts of all checks of one function.

        Raises GraderError where a grader itself breaks: that is ours, never the student's.
        """
        verdicts = []
        for marked in self._checks:
            if marked.function != attempt.function.name:
                continue
            seen = Attempt([attempt])
            if marked.item is not None:
                self._config.stash[CURRENT] = seen
            with patience.within(f"{marked.where}: it checks {marked.function!r}"):
                error = self._error(marked, seen)
            if error is not None and not isinstance(error, AssertionError):
                raise GraderError(f"the check {marked.where} broke: {type(error).__name__}: {error}")
            said = "" if error is None else str(error)
            tried = error is None or seen.tried
            verdicts.append(Check(marked.name, error is None, marked.points or 0.0, said, tried=tried))
        return tuple(verdicts)

    def _error(self, marked: _Marked, seen: Attempt) -> BaseException | None:
        """What a check raised. Only one that uses more of pytest than `attempt` needs all of pytest, 0.2 ms, to run."""
        self._listener.error = None
        if marked.test is None:
            self._config.hook.pytest_runtest_protocol(item=marked.item, nextitem=None)
            return self._listener.error
        try:
            marked.test(seen)
        except (KeyboardInterrupt, SystemExit, pytest.exit.Exception):
            raise
        except (
            BaseException
        ) as error:  # pytest's own verdicts, of pytest.fail and pytest.skip, are no Exceptions
            return error
        return None


class _Listener:
    """Takes exceptions as they are: building pytest's reports of them costs more than all the checks."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.broken: list[str] = []
        self.way: frozenset[Path] = frozenset()

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """What lies beside the way from the root to the graders: pytest would look at each file and folder of it."""
        return None if collection_path in self.way else True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
        outcome: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        assert call.when != "collect"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            said = str(report.longrepr).strip()
            where = re.findall(rf'{re.escape(Path(report.nodeid).name)}(?:", line |:)(\d+)', said)
            last = said.splitlines()[-1].removeprefix("E ").strip()
            self.broken.append(f"line {where[-1]}: {last}" if where else last)


@contextlib.contextmanager
def _without_autoloaded_plugins() -> Iterator[None]:
    """Whatever else is installed beside the kit has no say in grading, and costs no start-up."""
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    before = {key: os.environ.pop(key, None) for key in (name, "PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    os.environ[name] = "1"
    try:
        yield
    finally:
        del os.environ[name]
        os.environ |= {key: value for key, value in before.items() if value is not None}


@contextlib.contextmanager
def _without_bytecode() -> Iterator[None]:
    """Hidden checks leave no compiled copy beside the secrets of the unit; a dry run writes nothing either."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _marked(path: Path, item: pytest.Item) -> _Marked:
    mark = item.get_closest_marker(MARK)
    if mark is None:
        raise CourseError(f"{path}: {item.name} has no @check(function, name, points=…)")
    given: dict[str, Any] = dict(mark.kwargs)
    points, weight = given.get("points"), given.get("weight")
    if (points is None) == (weight is None):
        raise CourseError(f"{path}: {item.name} needs either points or a weight")
    return _Marked(item, given["function"], given["name"], points, weight, given["kind"])


def _with_points(
    path: Path, unit: Unit, marked: Sequence[_Marked], standard: Callable[[str], Sequence[Standard]]
) -> tuple[_Marked, ...]:
    """The checks with points: as the file gives them, or by weight, together with the kit's own."""
    found = [one for one in marked if one.function not in {function.name for function in unit.functions}]
    for function in unit.functions:
        own = [one for one in marked if one.function == function.name]
        weighed = [one for one in own if one.points is None]
        if own and not weighed:
            found += own
            continue
        if len(weighed) < len(own):
            raise CourseError(
                f"{path}: some checks of {function.name!r} have points and others weights: give all of them the same"
            )
        own = [
            _Marked(None, one.function, one.name, None, one.weight, one.kind, one.test)
            for one in standard(function.name)
        ] + own
        mere = [one.kind == "property" for one in own]
        points = shared(function.points, [one.weight or 0.0 for one in own], mere)
        found += [replace(one, points=part) for one, part in zip(own, points, strict=True)]
    return tuple(found)


def _refuse_bad_points(path: Path, unit: Unit, checks: tuple[_Marked, ...]) -> None:
    names = {function.name for function in unit.functions}
    for marked in checks:
        if marked.function not in names:
            raise CourseError(
                f"{path}: {marked.name!r} checks {marked.function!r}, which is not in course.toml"
            )
        if marked.kind not in ("values", "property") or not (marked.points or 0) > 0:
            raise CourseError(f"{path}: {marked.name!r} needs points above 0 and the kind values or property")
    for function in unit.functions:
        own = [marked for marked in checks if marked.function == function.name]
        total = sum(marked.points or 0.0 for marked in own)
        if abs(total - function.points) > 1e-9:
            raise CourseError(
                f"{path}: the checks of {function.name!r} give {in_full(total)} {agree(total, 'point', 'points')} "
                f"together, course.toml says {in_full(function.points)}"
            )
        if len({marked.name for marked in own}) != len(own):
            raise CourseError(f"{path}: two checks of {function.name!r} have the same name")
        properties = sum(marked.points or 0.0 for marked in own if marked.kind == "property")
        if properties > function.points * PROPERTY_SHARE + 1e-9:
            raise CourseError(
                f"{path}: checks of mere properties of {function.name!r} give {in_full(properties)} "
                f"{agree(properties, 'point', 'points')}, a third of {in_full(function.points)} is allowed"
            )
