"""A reference that is the thing itself, a function, a class or a value, and has no steps."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from autograder.course.steps import Procedure

_BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, eq=False)  # a subject need not have a hash
class Plain(Procedure):
    """A reference without steps: what students are asked about is asked of its `subject`."""

    subject: Any = None

    def values(self, *args: Any) -> dict[str, Any]:
        """Parameters by their name, those that have an argument."""
        return dict(zip(self.parameters, args, strict=False))

    def __call__(self, *args: Any) -> Any:
        """What the subject returns."""
        return self.subject(*args)


def plain(subject: Any) -> Plain:
    """The reference of an exercise without steps: the right function, the right class, or the value of a variable."""
    name = subject.__name__ if inspect.isroutine(subject) or isinstance(subject, type) else ""
    parameters: tuple[str, ...] = ()
    if inspect.isroutine(subject):
        known = inspect.signature(subject).parameters.values()
        parameters = tuple(parameter.name for parameter in known if parameter.kind in _BY_PLACE)
    return Plain(name, parameters, (), ("result",), subject)
