from __future__ import annotations

import pytest

from autograder.authoring.altered import altered


def test_each_function_of_a_cell_has_a_mistake() -> None:
    made = altered(
        "def f(n):\n    while n > 3:\n        n -= 1\n    return n + 1\n\n"
        "class C:\n    def g(self, x):\n        return [x, 2]\n\nlimit = 3 * 4\n"
    )
    space: dict[str, object] = {}
    exec(made, space)
    assert "while n > 3" in made
    assert space["f"](9) != 4  # type: ignore[operator]
    assert space["C"]().g(1) != [1, 2]  # type: ignore[operator]
    assert space["limit"] != 12


@pytest.mark.parametrize("source", ["%matplotlib inline\nx = 1", "print('hello')", "def f():\n    pass"])
def test_what_has_nothing_to_change_stays(source: str) -> None:
    assert altered(source) == source
