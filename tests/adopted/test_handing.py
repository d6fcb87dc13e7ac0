"""That student code finds by a test's own name what the test hands to it, as under nbgrader, and nothing else of the test's."""

from __future__ import annotations

from collections.abc import Iterator

import parts
import pytest
import seated
from seated import Room

pytestmark = parts.LINUX.mark
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
CELLS = {
    "solution twice": "def twice(a):\n    return A + A",  # an author's own slip, which nbgrader never shows
    "solution more": "def more(n, by=1):\n    return n + by",
    "solution same": "def same(x):\n    return x",
    "solution yes": "def yes(x):\n    return True",
    "solution box": "class Box:\n    def put(self, x):\n        return x",
    "test twice": "A = [1, 2]\nassert twice(A) == [1, 2, 1, 2]\n"
    + HIDDEN.format("A = [3]\nassert twice(A) == [3, 3]\nA.append(4)\nassert twice(a=A) == [3, 4, 3, 4]"),
    "test more": "k, due = 5, 10\nassert more(k, by=k) == due",
    "test box": "held = [8]\nbox = Box()\nassert box.put(held) == [8]",
    "test constant": "true, due = True, True\nassert yes(True) is due",
    "test unhanded": "due = [6]\nassert same([6]) == due",
    "test hidden": HIDDEN.format("secret = [7]\nassert same(secret) == [7]"),
}
GUESSES = {
    "more": "def more(n, by=1):\n    return k + k",
    "box": "class Box:\n    def put(self, x):\n        return held",
    "yes": "def yes(x):\n    return due",
}


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with seated.opened(CELLS) as room:
        yield room


def test_a_solution_that_reads_what_a_test_hands_over_by_the_tests_name_earns_its_points(room: Room) -> None:
    assert set(seated.scores(room.sit()).values()) == {seated.POINTS}


@pytest.mark.parametrize("read", ["due", "secret"])
def test_names_find_what_is_handed_over_and_never_what_is_due(room: Room, read: str) -> None:
    answers = GUESSES | {"same": f"def same(x):\n    return {read}"}
    earned = {name for name, score in seated.scores(room.sit(answers)).items() if score}
    assert earned == {"twice", "more", "box"}
