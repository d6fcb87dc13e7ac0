"""`case("softmax", "a single row")`: the inputs of a visible check, for a student who wants to call the function on them."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from autograder.child import given
from autograder.course import asking
from autograder.data import Argument
from autograder.errors import CourseError
from autograder.selfcheck import checkfile
from autograder.selfcheck.checkfile import FILE_NAME


class NoCaseError(CourseError):
    """There is no such case; a notebook shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


def case(function: object, name: str) -> tuple[Any, ...]:
    """The inputs of one visible check by the names of the parameters: `inputs = case("softmax", "a single row")`.

    `function` is the function or its name, `name` what the check is called. Arrays are copies that may be changed.
    Raises NoCaseError where there is no such function or case, CourseError where `checks.json` is not there.
    """
    called = function if isinstance(function, str) else getattr(function, "__name__", "this")
    file = checkfile.here(called)
    data = file.function(called)
    if data is None:
        known = ", ".join(one.name for one in file.functions)
        raise NoCaseError(f"{FILE_NAME} holds no inputs of {called}, but of {known}")
    found = next((one for one in data.cases if one.name == name), None)
    if found is None:
        known = ", ".join(f"“{one.name}”" for one in data.checks)
        raise NoCaseError(f"{called} has no case “{name}”, but {known}")
    named = asking.named(data.parameters, checkfile.case(found))
    inputs = namedtuple("inputs", [one for one, _ in named], rename=True)  # type: ignore[misc]  # whatever they are called
    return inputs(*(_own(argument) for _, argument in named))


def _own(argument: Argument) -> Any:
    """A copy that may be written to."""
    return given.own(argument)
