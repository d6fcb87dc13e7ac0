"""Exceptions of student code as exceptions that a test can catch: classes of Python's own, of the instructor's, or made here.

By its name an exception of the student's is one of a closed table: Python's own classes, a few of libraries, and those that
the instructor's cells define. Any other gets a class of its own, made here, which inherits from the nearest of its ancestors
that is in the table. No class is looked up anywhere else, and none is the student's.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_OWN: Final[Mapping[str, type[BaseException]]] = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
# Of libraries, by module; a class is there once the instructor's text has imported it.
_LIBRARIES: Final = (
    ("numpy.linalg", "LinAlgError"),
    ("numpy.exceptions", "AxisError"),
    ("json", "JSONDecodeError"),
    ("pandas.errors", "EmptyDataError"),
    ("pandas.errors", "ParserError"),
    ("pandas.errors", "MergeError"),
    ("pandas.errors", "IndexingError"),
    ("statistics", "StatisticsError"),
    ("decimal", "InvalidOperation"),
    ("decimal", "DivisionByZero"),
    ("queue", "Empty"),
    ("queue", "Full"),
    ("copy", "Error"),
    ("struct", "error"),
    ("re", "error"),
    ("csv", "Error"),
    ("zipfile", "BadZipFile"),
    ("configparser", "Error"),
    ("sqlite3", "OperationalError"),
    ("sqlite3", "IntegrityError"),
    ("dataclasses", "FrozenInstanceError"),
    ("networkx.exception", "NetworkXError"),
    ("networkx.exception", "NetworkXNoPath"),
    ("sklearn.exceptions", "NotFittedError"),
)


class StudentError(Exception):
    """Student code raised what is none of Python's own exceptions."""


class OfStudentsOwn:
    """What the exceptions of a class that a notebook defines have too: their attributes, asked of the child."""

    error_: Any = None  # what stands for the exception itself

    def __getattr__(self, name: str) -> Any:
        if self.error_ is None or name.startswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.error_, name)


class Raising:
    """The classes of one sitting."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        """`variables` are the instructor's."""
        self._variables = variables
        self._made: dict[int, type[BaseException]] = {}  # by the handle of the student's class

    def error(
        self,
        names: Sequence[str],
        message: str,
        args: tuple[Any, ...] | None,
        made: type[BaseException] | None = None,
    ) -> BaseException:
        """The exception for one whose class and ancestors have these names; with a class made for it, one of that."""
        kinds = [*self._known(names), StudentError]
        for kind in kinds if made is None else [made, *kinds]:
            for given in (args, (message,)):
                if given is not None and (error := _constructed(kind, given)) is not None:
                    return error
        return StudentError(message)

    def made(self, handle: int, name: str, ancestors: Iterable[str | type]) -> type[BaseException]:
        """The class that stands for one of the student's own, which has this handle."""
        if handle not in self._made:
            known = [one for one in ancestors if isinstance(one, type) and issubclass(one, BaseException)]
            known += self._known([one for one in ancestors if isinstance(one, str)])
            base = known[0] if known else Exception
            bases = (OfStudentsOwn, base) if not issubclass(base, OfStudentsOwn) else (base,)
            try:
                self._made[handle] = type(name, bases, {"__module__": "__main__"})
            except TypeError:  # two layouts that do not go together
                self._made[handle] = type(name, (OfStudentsOwn, Exception), {"__module__": "__main__"})
        return self._made[handle]

    def lacks(self, handle: int) -> bool:
        """Whether no class was made for this handle yet."""
        return handle not in self._made

    def own(self, name: str) -> type[BaseException] | None:
        """The instructor's exception class of this name; None where there is none."""
        return self._own().get(name)

    def handle(self, kind: type) -> int | None:
        """The handle of the student's class for which a class was made; None where it was not."""
        return next((handle for handle, made in self._made.items() if made is kind), None)

    def forget(self) -> None:
        """All handles are another child's from here on."""
        self._made.clear()

    def _known(self, names: Iterable[str]) -> list[type[BaseException]]:
        table = self._table()
        return [table[name] for name in names if name in table]

    def _table(self) -> Mapping[str, type[BaseException]]:
        """By name; the instructor's own before Python's."""
        return dict(_of_libraries()) | dict(_OWN) | self._own()

    def _own(self) -> dict[str, type[BaseException]]:
        return {
            kind.__name__: kind
            for kind in list(self._variables.values())
            if isinstance(kind, type)
            and issubclass(kind, BaseException)
            and kind.__module__ == "__main__"
            and not issubclass(kind, OfStudentsOwn)
        }


def _of_libraries() -> Iterable[tuple[str, type[BaseException]]]:
    for module, name in _LIBRARIES:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and issubclass(kind, BaseException):
            yield name, kind


def _constructed(kind: type[BaseException], args: tuple[Any, ...]) -> BaseException | None:
    try:
        return kind(*args)
    except Exception:
        return None
