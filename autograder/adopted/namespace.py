"""The names that test cells see: the instructor's own, and behind all others what the student's notebook binds.

What locked cells and test cells bind, and what the instructor's text imports anywhere, is here and nobody else's. A name that
the instructor's own solution binds is the student's from there on: it is asked for each time it is used.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

DELETED: Final = object()


class Namespace(dict[str, Any]):
    """Variables in which a cell is run; Python asks it for each global name, from functions too."""

    def __init__(self, builtins: Mapping[str, Any], fetch: Callable[[str], Any]) -> None:
        """`fetch` gives the value of a name of the student's, or raises KeyError."""
        super().__init__(__name__="__main__", __builtins__=dict(builtins), __doc__=None)
        self._builtins, self._fetch = builtins, fetch
        self._students: set[str] = set()
        self._locked: set[str] = set()  # what locked cells have bound, which the student's notebook has too
        self.bound: dict[str, None] = {}  # names that cells have bound in the student's notebook
        # Of those, what a test has bound them to since; DELETED: it has taken them away. Whoever tells the child clears it.
        self.rebound: dict[str, Any] = {}
        self._deleted: set[str] = set()
        # Of the cell that runs: it has run in the student's notebook too, and bound its names there; what it imports.
        self.shared, self.imports = False, frozenset[str]()

    def hand_over(self, names: Iterable[str]) -> None:
        """These names are the student's from here on."""
        for name in names:
            self._students.add(name)
            self.pop(name, None)

    def note_bound(self, names: Iterable[str]) -> None:
        """Cells have bound these names in the student's notebook."""
        self.bound.update(dict.fromkeys(names))
        self._deleted.difference_update(self.bound)

    @contextlib.contextmanager
    def lent(self, names: Iterable[str]) -> Iterator[None]:
        """A block in which the values that these names of the student's have now are simply here."""
        lent = {
            name: self.get(name, DELETED) for name in names if not super(Namespace, self).__contains__(name)
        }
        lent = {name: value for name, value in lent.items() if value is not DELETED}
        for name, value in lent.items():
            super().__setitem__(name, value)
        try:
            yield
        finally:
            for name, value in lent.items():
                if super().get(name) is value:
                    super().__delitem__(name)

    def __missing__(self, name: str) -> Any:
        # What nobody is known to bind may be Python's own, and only then the student's.
        if not isinstance(name, str) or (name not in self._students and name in self._builtins):
            raise KeyError(name)
        if name in self._deleted:
            raise KeyError(name)
        return self._fetch(name)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self._deleted.discard(name)
        if self.shared:
            self._locked.add(name)
        # By a name that the student alone has, what is due would be handed to who has guessed how a test calls it.
        elif name in self.bound and name in self._students | self._locked and name not in self.imports:
            self.rebound[name] = value

    def __delitem__(self, name: str) -> None:
        theirs = name in self.bound
        if super().__contains__(name):
            super().__delitem__(name)
        elif not theirs:
            raise KeyError(name)
        if theirs:
            self.rebound[name] = DELETED
            self._deleted.add(name)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and self.get(name, self) is not self)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, the student's too."""
        try:
            return self[name]
        except KeyError:
            return default

    def keys(self) -> Any:
        """The names that there are, the student's too: what `dir()` lists."""
        return dict.fromkeys([*super().keys(), *self.bound]).keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def own(self, name: str) -> Any:
        """What the instructor's cells have bound a name to; DELETED where they have not."""
        return super().get(name, DELETED)

    def copy(self) -> dict[str, Any]:
        """What is known here, without what is the student's."""
        return dict(super().items())
