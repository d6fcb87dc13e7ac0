"""Names that test cells see: whose each is, and what a test's own binding of a student's name does."""

from __future__ import annotations

from collections.abc import Iterator

import parts
import pytest
import seated
from seated import Room

from autograder.adopted.namespace import DELETED, Namespace

pytestmark = parts.LINUX.mark
CELLS = {
    "locked helpers": "from math import floor\ndef longer(word): return word + '!'\ndef loud(word): return word.upper()",
    "solution first": "word = longer('a')",
    "solution second": "def said(word): return loud(longer(word))\ndef down(x): return floor(x)",
    "test said": "assert said(word) == 'A!!'",
    "test imports": "from math import floor\nassert down(1.5) == 1",
    "test binds": "def loud(word): return word.lower()\nassert said('B') == 'b!'",
    "solution third": "quiet = loud('C')",
    "test calls": "assert quiet == 'c'",
    "test ends": "import os\ndef loud(word):\n    if len(word) > 3: os._exit(1)\n    return word\nassert said('x') == 'x!'",
    "solution fourth": "long = 'D'\nhow = loud(long)",
    "test how": "assert how == long == 'D'",
}


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with seated.opened(CELLS) as room:
        yield room


def test_what_a_locked_cell_defines_is_the_notebook_s_own_there_too(room: Room) -> None:
    """A cell that calls it while it runs was ended, as a function of a test's stood in the place of its own."""
    sitting = room.sit()
    assert not sitting.left_out
    assert seated.scores(sitting) == dict.fromkeys(seated.tests(CELLS), seated.POINTS)


def test_a_cell_that_ends_the_tests_by_what_it_calls(room: Room) -> None:
    """It costs the cell that called it, and no other."""
    sitting = room.sit({"fourth": "long = 'DDDD'\nhow = loud(long)"})
    assert sitting.left_out.keys() == {9}
    lost = [name for name, score in seated.scores(sitting).items() if not score]
    assert lost == ["how"]


def test_names_that_are_taken_away_and_bound_anew() -> None:
    names = Namespace({"len": len}, {"x": 1, "len": 2}.__getitem__)
    names.hand_over(["x"])
    names.note_bound(["x"])
    assert (names["x"], "x" in names, names.get("y"), names.get("len")) == (1, True, None, None)
    del names["x"]
    assert "x" not in names
    assert names.rebound.pop("x") is DELETED
    names["x"] = 3
    assert names.rebound == {"x": 3}
    names.rebound.clear()
    names.shared, names.imports = False, frozenset("x")
    names["x"] = 4
    names.shared, names.imports = True, frozenset()
    names["x"] = 5
    assert not names.rebound
    assert (names["x"], sorted(set(names) & {"x", "y"})) == (5, ["x"])
    with pytest.raises(KeyError):
        del names["nowhere"]
