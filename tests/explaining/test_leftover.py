"""What a text shows to be kept from one call to the next."""

from __future__ import annotations

import pytest

from autograder.explaining import leftover
from autograder.notebook import syntax
from autograder.records import Cell, Definition


def found(source: str, name: str = "f") -> leftover.Kept | None:
    return leftover.found(syntax.definition([Cell(0, source)], name))


BOX = "class f:\n    def __init__(self, items={}):\n        {}\n    def push(self, item):\n        {}"


@pytest.mark.parametrize(
    ("source", "line", "told"),
    [
        ("def f(x, seen=[]):\n    seen.append(x)\n    return seen", 1, "every call that gives no `seen`"),
        ("def f(x, *, seen={}):\n    seen[x] = 1\n    return seen", 1, "together with `f`"),
        ("def f(x, seen=list()):\n    seen += [x]\n    return seen", 1, "What stands at `seen=`"),
        (BOX.format("[]", "self.items = items", "self.items.append(item)"), 2, "together with `__init__`"),
        (
            "class f:\n    items = []\n    def push(self, x):\n        self.items.append(x)",
            2,
            "for the class",
        ),
        (
            "class f:\n    items: list = []\n    def push(self, x):\n        f.items += [x]",
            2,
            "for the class",
        ),
        ("seen = set()\ndef f(x):\n    seen.add(x)\n    return seen", 1, "outside of the function"),
    ],
)
def test_what_is_made_once_and_changed(source: str, line: int, told: str) -> None:
    kept = found(source)
    assert kept is not None
    assert kept.line == line
    assert told in kept.told


@pytest.mark.parametrize(
    "source",
    [
        "def f(x, seen=()):\n    return [*seen, x]",
        "def f(x, seen=[]):\n    return [*seen, x]",
        "def f(x, seen=[]):\n    seen = list(seen)\n    seen.append(x)\n    return seen",
        BOX.format("[]", "self.items = list(items)", "self.items.append(item)"),
        BOX.format("None", "self.items = items or []", "self.items.append(item)"),
        "class f:\n    items = []\n    def push(self, x):\n        self.others.append(x)",
        "seen = set()\ndef f(x):\n    seen = set()\n    seen.add(x)\n    return seen",
        "seen = set()\ndef f(seen):\n    seen.add(1)\n    return seen",
        "seen = set()\ndef f(x):\n    return x in seen",
        "f = 3",
    ],
)
def test_what_keeps_nothing(source: str) -> None:
    assert found(source) is None
    assert leftover.found(Definition()) is None


def test_a_draw_that_no_caller_has_a_say_in_is_told() -> None:
    for drawn in ("np.random.choice([-1, 1])", "random.random()", "numpy.random.default_rng().normal()"):
        kept = leftover.drawn(
            syntax.definition([Cell(0, f"def walk(start, generator):\n    return start + {drawn}")], "walk")
        )
        assert kept is not None
        assert kept.line == 2
        assert "where whoever calls has no say" in kept.told
    assert (
        leftover.drawn(
            syntax.definition([Cell(0, "def walk(start, generator):\n    return generator.random()")], "walk")
        )
        is None
    )
